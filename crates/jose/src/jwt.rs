//! JSON Web Tokens: signed claims and what is expected of them ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)).
//!
//! [`sign_claims`] writes. [`verify`] reads what was signed: one call for those who keep the claims. By hand it is
//! [`Verified::check`](crate::Verified::check) with [`Expectations`], which gives verified [`RegisteredClaims`], or a
//! verified [`ClaimsView`] where nothing shall be copied; [`read_claims`] gives the other claims.

mod audience;
mod claims;
mod confirmation;
pub mod dangerous;
mod error;
mod expectations;
mod nested;
mod string_or_uri;
mod view;

pub use audience::{Audience, AudienceView};
pub use claims::{RegisteredClaims, read_claims, sign_claims, verify};
pub use confirmation::{Carrier, Confirmation, ConfirmationError, ProofKey};
pub use error::{ClaimError, ClaimsError, JwtError};
pub use expectations::{Expectations, Expiry, Leeway, LeewayTooLong, TypeExpectation};
pub use nested::{NestedError, NestedReader, SignThenEncryptError, sign_then_encrypt};
pub use string_or_uri::is_string_or_uri;
pub use view::{ClaimsView, view_claims};
