//! JSON Web Tokens: signed claims and what is expected of them ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)).
//!
//! [`sign_claims`] writes. [`Verified::check`](crate::Verified::check) with [`Expectations`] gives verified
//! [`RegisteredClaims`]; [`read_claims`] gives the others.

mod audience;
mod claims;
mod error;
mod expectations;

pub use audience::Audience;
pub use claims::{RegisteredClaims, read_claims, sign_claims};
pub use error::{ClaimError, ClaimsError, JwtError};
pub use expectations::{Expectations, Expiry, Leeway, LeewayTooLong, TypeExpectation};
