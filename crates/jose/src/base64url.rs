//! Base64url as JOSE uses it: no padding, no line breaks, one encoding per value ([RFC 7515 §2], [RFC 4648 §3.5]).
//!
//! ```
//! use avouch_jose::base64url;
//!
//! assert_eq!(base64url::encode(b"\xff\xef"), "_-8");
//! assert_eq!(base64url::decode("_-8")?, b"\xff\xef");
//! assert!(base64url::decode("_-9").is_err(), "a bit is set that belongs to no octet");
//! # Ok::<(), base64url::DecodeError>(())
//! ```
//!
//! [RFC 7515 §2]: https://www.rfc-editor.org/rfc/rfc7515#section-2
//! [RFC 4648 §3.5]: https://www.rfc-editor.org/rfc/rfc4648#section-3.5

use std::error::Error;
use std::fmt;

use base64::engine::general_purpose;
use base64::{DecodeSliceError, Engine as _};
use zeroize::Zeroizing;

// The crate's ready-made constants stay scalar; its SIMD engine, which falls back by itself, must be asked for by name.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
static ENGINE: std::sync::LazyLock<base64::engine::Simd> =
    std::sync::LazyLock::new(|| base64::engine::Simd::url_safe(general_purpose::NO_PAD));
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
static ENGINE: general_purpose::GeneralPurpose = general_purpose::URL_SAFE_NO_PAD;

/// Encodes octets; the empty string for none.
pub fn encode(octets: impl AsRef<[u8]>) -> String {
    ENGINE.encode(octets)
}

/// How long the encoding of so many octets is.
pub(crate) fn encoded_len(octets: usize) -> usize {
    octets.saturating_mul(4).div_ceil(3)
}

/// Appends the encoding of octets to a string.
pub(crate) fn encode_onto(octets: &[u8], text: &mut String) {
    ENGINE.encode_string(octets, text);
}

/// Appends the encoding of octets where it stays: a string would get it from another buffer, which is cleared first.
pub(crate) fn encode_in_place(octets: &[u8], text: &mut Vec<u8>) {
    let start = text.len();
    text.resize(start + encoded_len(octets.len()), 0);
    // the room is as long as the encoding
    let written = ENGINE.encode_slice(octets, text.get_mut(start..).unwrap_or_default());
    debug_assert_eq!(written, Ok(encoded_len(octets.len())));
}

/// Decodes exactly what [`encode`] writes and nothing else.
///
/// # Errors
///
/// [`DecodeError`] for padding, any other character outside the alphabet, an impossible length, or trailing bits that
/// are not zero.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, DecodeError> {
    ENGINE.decode(text).map_err(DecodeError::from)
}

/// Decodes as [`decode`] does and appends; after an error, what was appended means nothing.
pub(crate) fn decode_onto(text: &[u8], octets: &mut Vec<u8>) -> Result<(), DecodeError> {
    ENGINE.decode_vec(text, octets).map_err(DecodeError::from)
}

/// Decodes as [`decode`] does to the front of a slice that is long enough, and tells how many octets there are.
pub(crate) fn decode_to_slice(text: &[u8], octets: &mut [u8]) -> Result<usize, DecodeError> {
    ENGINE.decode_slice(text, octets).map_err(|error| match error {
        DecodeSliceError::DecodeError(error) => DecodeError::from(error),
        // the slice is as long as any text of that length decodes to
        DecodeSliceError::OutputSliceTooSmall => DecodeError::InvalidLength,
    })
}

/// Decodes as [`decode`] does what must not stay behind in freed memory, whether it can be decoded or not.
pub(crate) fn decode_secret(text: &str) -> Result<Zeroizing<Vec<u8>>, DecodeError> {
    let mut octets = Zeroizing::new(vec![0; text.len().div_ceil(4) * 3]);
    let len = decode_to_slice(text.as_bytes(), &mut octets)?;
    octets.truncate(len);
    Ok(octets)
}

/// Decodes standard base64 with padding, which JOSE uses in `x5c` alone ([RFC 7515 §4.1.6]).
///
/// [RFC 7515 §4.1.6]: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6
pub(crate) fn decode_standard(text: &str) -> Result<Vec<u8>, DecodeError> {
    general_purpose::STANDARD.decode(text).map_err(DecodeError::from)
}

/// Why a text is not base64url.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// A character outside the alphabet; padding counts as one.
    InvalidCharacter {
        /// Octets before it.
        offset: usize,
    },
    /// No octet string has an encoding of this length.
    InvalidLength,
    /// The last character has bits set that belong to no octet.
    TrailingBits,
    /// Padding is missing or wrong (standard base64 only).
    InvalidPadding,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidCharacter { offset } => {
                write!(f, "character outside the alphabet at offset {offset}")
            }
            Self::InvalidLength => f.write_str("no encoding has this length"),
            Self::TrailingBits => f.write_str("bits set after the last octet"),
            Self::InvalidPadding => f.write_str("wrong padding"),
        }
    }
}

impl Error for DecodeError {}

impl From<base64::DecodeError> for DecodeError {
    fn from(error: base64::DecodeError) -> Self {
        match error {
            base64::DecodeError::InvalidByte(offset, _) => Self::InvalidCharacter { offset },
            base64::DecodeError::InvalidLength(_) => Self::InvalidLength,
            base64::DecodeError::InvalidLastSymbol { .. } => Self::TrailingBits,
            base64::DecodeError::InvalidPadding => Self::InvalidPadding,
        }
    }
}
