//! The UserInfo endpoint as pure steps ([Core §5.3]).
//!
//! 1. [`present`]: the access token in the request.
//! 2. [`PresentedToken::found`]: with the store's answer, is it good and does it hold `openid`?
//! 3. [`UserInfoAccess::answer`]: the claims that its scopes and the `claims` parameter ask for.
//!
//! A response is a plain JSON object; signed and encrypted ones are not offered.
//!
//! [Core §5.3]: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo

mod error;
mod respond;
mod steps;

pub use error::UserInfoError;
pub use respond::{respond, respond_too_large, respond_with_error};
pub use steps::{PresentedToken, UserInfoAccess, present};
