use zeroize::Zeroizing;

use super::error::JweError;

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

/// Inflates raw DEFLATE ([RFC 1951](https://www.rfc-editor.org/rfc/rfc1951)), and stops at the limit.
#[cfg(feature = "zip")]
pub(super) fn inflate(compressed: &[u8], limits: InflateLimits) -> Result<Zeroizing<Vec<u8>>, JweError> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

    let limit = limits.octets.min(compressed.len().saturating_mul(limits.ratio));
    match decompress_to_vec_with_limit(compressed, limit) {
        Ok(plaintext) => Ok(Zeroizing::new(plaintext)),
        Err(error) => {
            // what came out so far is wiped as well
            drop(Zeroizing::new(error.output));
            Err(match error.status {
                TINFLStatus::HasMoreOutput => JweError::InflatedTooLong { limit },
                _ => JweError::NotDeflate,
            })
        }
    }
}

/// No reader can be told to accept compressed content.
#[cfg(not(feature = "zip"))]
pub(super) fn inflate(_: &[u8], _: InflateLimits) -> Result<Zeroizing<Vec<u8>>, JweError> {
    Err(JweError::NotDeflate)
}
