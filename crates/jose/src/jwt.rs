//! JSON Web Tokens: signed claims and what is expected of them ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)).
//!
//! [`sign_claims`] writes, [`read_claims`] takes the claims out of a verified JWS, [`Expectations`] compares the
//! registered ones with what the caller is owed.

mod audience;
mod claims;
mod expectations;

pub use audience::Audience;
pub use claims::{ClaimsError, RegisteredClaims, read_claims, sign_claims};
pub use expectations::{ClaimError, Expectations, Expiry, Leeway, LeewayTooLong, TypeExpectation};
