//! Keys from passwords: PBES2 ([RFC 7518 §4.8](https://www.rfc-editor.org/rfc/rfc7518#section-4.8)).

use std::num::NonZeroU32;
use std::ops::RangeInclusive;

use zeroize::Zeroizing;

use crate::algorithm::{AesKeySize, JweAlgorithm};
use crate::crypto::EncryptionBackend;
use crate::hash::HashAlgorithm;
use crate::key::KeyError;

/// Octets of `p2s` at least ([RFC 7518 §4.8.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-4.8.1.1)).
pub(crate) const MINIMUM_SALT_LEN: usize = 8;

/// Rounds that are never enough for writing, and by default not for reading
/// ([RFC 7518 §4.8.1.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.8.1.2)).
pub(crate) const MINIMUM_ITERATIONS: u32 = 1000;

/// How many rounds a peer may ask for (`p2c`) before a key is derived: each costs us time, and few cost an attacker little.
///
/// ```
/// use avouch_jose::jwe::PasswordLimits;
///
/// let limits = PasswordLimits::default();
/// assert_eq!((limits.minimum, limits.maximum), (1000, 1_000_000));
/// assert_eq!(limits.with_maximum(10_000).maximum, 10_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordLimits {
    /// Rounds at least; 1000 by default.
    pub minimum: u32,
    /// Rounds at most, all those of one token together; 1 000 000 by default.
    pub maximum: u32,
}

impl Default for PasswordLimits {
    fn default() -> Self {
        Self { minimum: MINIMUM_ITERATIONS, maximum: 1_000_000 }
    }
}

impl PasswordLimits {
    /// Sets the rounds at least.
    #[must_use]
    pub fn with_minimum(mut self, rounds: u32) -> Self {
        self.minimum = rounds;
        self
    }

    /// Sets the rounds at most.
    #[must_use]
    pub fn with_maximum(mut self, rounds: u32) -> Self {
        self.maximum = rounds;
        self
    }
}

/// Rounds that suit new tokens: 600 000 for SHA-256, 210 000 for the longer hashes. A guide to
/// [`EncryptionKey::password`](crate::EncryptionKey::password).
pub fn recommended_iterations(algorithm: JweAlgorithm) -> u32 {
    match algorithm.scheme() {
        crate::KeyManagement::Password(HashAlgorithm::Sha384 | HashAlgorithm::Sha512, _) => 210_000,
        _ => 600_000,
    }
}

/// Octets that a password should have: 16 to 128 for SHA-256, 32 to 128 for the longer hashes
/// ([RFC 7518 §8.8](https://www.rfc-editor.org/rfc/rfc7518#section-8.8)). A guide for whoever asks somebody for one; one that
/// was agreed on long ago is taken as it is.
///
/// ```
/// use avouch_jose::{JweAlgorithm, jwe::recommended_password_len};
///
/// let recommended = recommended_password_len(JweAlgorithm::PBES2_HS256_A128KW);
/// assert!(!recommended.contains(&"short".len()));
/// ```
pub fn recommended_password_len(algorithm: JweAlgorithm) -> RangeInclusive<usize> {
    match algorithm.scheme() {
        crate::KeyManagement::Password(HashAlgorithm::Sha384 | HashAlgorithm::Sha512, _) => 32..=128,
        _ => 16..=128,
    }
}

/// The key that a password gives for wrapping.
pub(crate) fn derive(
    algorithm: JweAlgorithm,
    (hash, size): (HashAlgorithm, AesKeySize),
    password: &[u8],
    salt: &[u8],
    iterations: NonZeroU32,
    backend: &dyn EncryptionBackend,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    // the name of the algorithm keeps its keys apart from those of the others
    let salt = [algorithm.name().as_bytes(), &[0], salt].concat();
    let mut key = Zeroizing::new(vec![0; size.key_len()]);
    backend.pbkdf2(hash, password, &salt, iterations, &mut key)?;
    Ok(key)
}
