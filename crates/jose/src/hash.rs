use std::fmt;

use crate::algorithm::JwsAlgorithm;
use crate::base64url;
use crate::crypto::CryptoProvider;

/// A hash function of the SHA-2 family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// Octets of a hash value.
    pub const fn output_len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// A hash value, as long as its [`HashAlgorithm`] says.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashValue {
    /// Of SHA-256.
    Sha256([u8; 32]),
    /// Of SHA-384.
    Sha384([u8; 48]),
    /// Of SHA-512.
    Sha512([u8; 64]),
}

impl AsRef<[u8]> for HashValue {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Sha256(value) => value,
            Self::Sha384(value) => value,
            Self::Sha512(value) => value,
        }
    }
}

impl fmt::Debug for HashValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HashValue({})", base64url::encode(self))
    }
}

/// The left half of the hash of an ASCII value, base64url encoded, by the hash of a signature algorithm: what
/// `at_hash`, `c_hash` and `s_hash` hold. `None` if the algorithm fixes no hash.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, left_half_hash};
///
/// let crypto = avouch_jose_ring::provider();
/// let hash = left_half_hash(JwsAlgorithm::RS256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", &crypto);
/// assert_eq!(hash.as_deref(), Some("77QmUPtjPfzWtF2AnpK9RQ"));
/// ```
pub fn left_half_hash(algorithm: JwsAlgorithm, value: &str, crypto: &CryptoProvider) -> Option<String> {
    let hash = crypto.digest(algorithm.hash()?, value.as_bytes());
    let octets = hash.as_ref();
    octets.get(..octets.len() / 2).map(base64url::encode)
}
