//! JSON Web Signatures ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515)), with unencoded payloads
//! ([RFC 7797](https://www.rfc-editor.org/rfc/rfc7797)).
//!
//! Reading goes in steps that cannot be skipped: a [`Reader`] takes the text apart and checks its header,
//! [`UnverifiedJws::verify`] selects a key and gives the content as [`Verified`](crate::Verified).
//! [`UnverifiedJws::parse`] reads a lone compact token by the strictest rules.
//!
//! Only a compact JWS with its payload inside and encoded can be a JWT, so only that is verified as [`JwsContent`]; every
//! other form is verified as [`SignedPayload`], which nothing reads as claims.
//!
//! | to read | | to write | |
//! |---|---|---|---|
//! | compact | [`Reader::compact`] | compact | [`sign_compact`], [`PreparedHeader`] |
//! | payload elsewhere | [`Reader::detached`] | payload elsewhere | [`sign_detached`], [`sign_unencoded_detached`] |
//! | payload in clear | [`Reader::attached`] | payload in clear | [`sign_unencoded_compact`] |
//! | JSON, general or flattened | [`Reader::json`] | JSON | [`JsonBuilder`] |
//!
//! Where the key signs elsewhere: [`SigningInput`] and [`JsonBuilder::prepare`].

mod compact;
mod content;
mod error;
mod header;
mod json;
mod json_builder;
pub(crate) mod memo;
mod parameters;
mod payload;
mod reader;
mod sign;
mod signed;

pub use compact::UnverifiedJws;
pub use content::{ContentRef, JwsContent};
pub use error::{JwsError, Segment};
pub use header::{Header, HeaderError, same_media_type};
pub use json::{SignatureOutcome, UnverifiedJsonJws, UnverifiedSignature};
pub use json_builder::{JsonBuilder, PendingSignature};
pub use parameters::{HeaderParameters, Unprotected};
pub use payload::{SignedPayload, UnverifiedPayload};
pub use reader::Reader;
pub use sign::{
    PreparedHeader, SignError, SigningInput, sign_compact, sign_detached, sign_unencoded_compact,
    sign_unencoded_detached,
};
