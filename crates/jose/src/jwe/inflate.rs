use super::error::JweError;
use super::wiped::Wiped;

/// How much compressed content may become.
///
/// ```
/// let limits = avouch_jose::jwe::InflateLimits::default();
/// assert_eq!((limits.octets, limits.ratio), (250_000, 10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InflateLimits {
    /// Octets at most; 250 000 by default.
    pub octets: usize,
    /// Times the octets of the compressed content at most; 10 by default.
    pub ratio: usize,
}

impl Default for InflateLimits {
    fn default() -> Self {
        Self { octets: 250_000, ratio: 10 }
    }
}

impl InflateLimits {
    /// Sets the octets.
    #[must_use]
    pub fn with_octets(mut self, octets: usize) -> Self {
        self.octets = octets;
        self
    }

    /// Sets the ratio.
    #[must_use]
    pub fn with_ratio(mut self, ratio: usize) -> Self {
        self.ratio = ratio;
        self
    }
}

/// Inflates raw DEFLATE ([RFC 1951](https://www.rfc-editor.org/rfc/rfc1951)) into as many octets as there may be: a buffer
/// that grew would leave pieces of the plaintext behind.
#[cfg(feature = "zip")]
pub(super) fn inflate(compressed: &[u8], limits: InflateLimits) -> Result<Wiped, JweError> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_slice_iter_to_slice};

    let limit = limits.octets.min(compressed.len().saturating_mul(limits.ratio));
    let mut plaintext = Wiped::zeros(limit);
    match decompress_slice_iter_to_slice(plaintext.as_mut(), std::iter::once(compressed), false, true) {
        Ok(len) => {
            plaintext.truncate(len);
            Ok(plaintext)
        }
        Err(TINFLStatus::HasMoreOutput) => Err(JweError::InflatedTooLong { limit }),
        Err(_) => Err(JweError::NotDeflate),
    }
}

/// No reader can be told to accept compressed content.
#[cfg(not(feature = "zip"))]
pub(super) fn inflate(_: &[u8], _: InflateLimits) -> Result<Wiped, JweError> {
    Err(JweError::NotDeflate)
}
