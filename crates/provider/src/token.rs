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
//! ```
//! use avouch_jose::NumericDate;
//! use avouch_messages::TokenRequest;
//! use avouch_provider::storage::CodeUse;
//! use avouch_provider::token::{
//!     Authentication, Exchange, Refusal, authenticate, claimed_client, respond_with_error,
//! };
//! use avouch_provider::{Client, ClientAuthentication, Policy};
//! use avouch_types::{ClientId, FormLimits, Issuer, RedirectUri};
//!
//! let crypto = avouch_jose_ring::provider();
//! let policy = Policy::new(Issuer::parse("https://op.example")?);
//! let redirect_uri = RedirectUri::parse("https://app.example/cb")?;
//! let client = Client::new(ClientId::parse("app")?, ClientAuthentication::None, vec![redirect_uri]);
//! let now = NumericDate::from_seconds(1_700_000_000)?;
//!
//! let body = b"grant_type=authorization_code&client_id=app&code=x&redirect_uri=https%3A%2F%2Fapp.example%2Fcb";
//! let content_type = Some("application/x-www-form-urlencoded");
//! let request = TokenRequest::parse(None, content_type, body, &FormLimits::default())?;
//! assert_eq!(claimed_client(&request)?, client.client_id);
//! let Authentication::Done(authenticated) = authenticate(request, Some(&client), &policy, now, &crypto)? else {
//!     unreachable!("an assertion was presented")
//! };
//! let Exchange::Code(exchange) = authenticated.exchange(&crypto)? else { unreachable!("not a code") };
//! let answer = CodeUse::Unknown; // store.consume(exchange.code_hash(), now).await?
//! let Err(Refusal::Refuse(error)) = exchange.consumed(answer, &crypto) else { unreachable!() };
//! assert_eq!(respond_with_error(&error).status(), 400);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
pub use respond::{respond, respond_too_large, respond_with_error};
