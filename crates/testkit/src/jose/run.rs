//! Asking a backend, and keeping count.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{Jwk, JwsAlgorithm, KeyError, SigningKey, VerifyingKey};

/// How many vectors a backend ran, and how many are about what it lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Vectors that ran and came out as published.
    pub ran: usize,
    /// Vectors for which the backend refused to prepare the key, having said before that it lacks the algorithm.
    pub lacking: usize,
}

impl Tally {
    /// All vectors.
    #[must_use]
    pub const fn total(self) -> usize {
        self.ran + self.lacking
    }

    pub(super) fn count(&mut self, ran: bool) {
        if ran {
            self.ran += 1;
        } else {
            self.lacking += 1;
        }
    }
}

/// The prepared key; `None` if the backend lacks the algorithm, and had said so.
pub(super) fn prepared<T>(supported: bool, outcome: Result<T, KeyError>, what: &str) -> Option<T> {
    match outcome {
        Ok(key) => {
            assert!(supported, "{what}: the backend prepared a key and says that it lacks the algorithm");
            Some(key)
        }
        Err(KeyError::Unsupported { .. } | KeyError::Lacking(_)) => {
            assert!(!supported, "{what}: the backend refused a key and says that it has the algorithm");
            None
        }
        Err(other) => panic!("{what}: {other}"),
    }
}

/// A key to verify with.
pub(super) fn verifying(jwk: &Jwk, algorithm: JwsAlgorithm, crypto: &CryptoProvider) -> Option<VerifyingKey> {
    let supported = crypto.signatures.supports(algorithm);
    prepared(supported, VerifyingKey::prepare(jwk, algorithm, crypto), algorithm.name())
}

/// A key to sign with.
pub(super) fn signing(jwk: &Jwk, algorithm: JwsAlgorithm, crypto: &CryptoProvider) -> Option<SigningKey> {
    let supported = crypto.signatures.supports(algorithm);
    prepared(supported, SigningKey::prepare(jwk, algorithm, crypto), algorithm.name())
}
