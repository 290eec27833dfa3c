//! JSON Web Signatures in compact form ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515)).
//!
//! Reading goes in steps that cannot be skipped: [`UnverifiedJws::parse`] takes the token apart and checks its header,
//! [`UnverifiedJws::verify`] selects a key and gives the content as [`Verified`](crate::Verified). Writing is
//! [`sign_compact`], or [`SigningInput`] where the signature is made elsewhere.

mod compact;
mod error;
mod header;
mod sign;

pub use compact::{JwsContent, UnverifiedJws};
pub use error::{HeaderError, JwsError, Segment};
pub use header::{Header, same_media_type};
pub use sign::{HeaderParameters, SignError, SigningInput, sign_compact};
