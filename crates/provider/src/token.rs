//! The token endpoint as pure steps ([Core §3.1.3], [Core §12]).
//!
//! Each step consumes the last, so that the safe order is the only order:
//!
//! 1. [`claimed_client`]: whose request it claims to be.
//! 2. [`authenticate`]: it is theirs. An assertion is good once only, which the store must say:
//!    [`Authentication::CheckReplay`].
//! 3. [`AuthenticatedRequest::exchange`]: what is presented. Only here the hash comes to light by which a
//!    code is consumed or a refresh token is looked up.
//! 4. [`CodeExchange::consumed`] or [`RefreshExchange::found`]: with the store's answer, is it good? A
//!    [`Refusal`] may demand that the grant be revoked first.
//! 5. [`RedeemedCode::issue`] or [`RedeemedRefresh::issue`]: the tokens, and the records to store. The
//!    response comes out of [`UnstoredTokens::stored`] or [`UnstoredRotation::rotated`] when they are.
//!
//! [Core §3.1.3]: https://openid.net/specs/openid-connect-core-1_0.html#TokenEndpoint
//! [Core §12]: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens

mod authenticate;
mod code;
mod error;
mod issue;
mod refresh;
mod respond;

pub use authenticate::{
    AuthenticatedRequest, Authentication, Exchange, ReplayCheck, authenticate, claimed_client,
};
pub(crate) use authenticate::{CLIENT_AUTH_METHODS, GRANT_TYPES};
pub use code::{CodeExchange, RedeemedCode};
pub use error::{PendingRevocation, Refusal, TokenError};
pub use issue::{UnstoredRotation, UnstoredTokens};
pub use refresh::{RedeemedRefresh, RefreshExchange};
pub use respond::{respond, respond_with_error};
