//! JSON Web Tokens: signed claims and what is expected of them ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)).
//!
//! [`sign_claims`] writes. [`Verified::check`](crate::Verified::check) with [`Expectations`] gives verified
//! [`RegisteredClaims`]; [`read_claims`] gives the others.

mod audience;
mod claims;
mod confirmation;
pub mod dangerous;
mod error;
mod expectations;
mod string_or_uri;

pub use audience::Audience;
pub use claims::{RegisteredClaims, read_claims, sign_claims};
pub use confirmation::{Carrier, Confirmation, ConfirmationError, ProofKey};
pub use error::{ClaimError, ClaimsError, JwtError};
pub use expectations::{Expectations, Expiry, Leeway, LeewayTooLong, TypeExpectation};
pub use string_or_uri::is_string_or_uri;
