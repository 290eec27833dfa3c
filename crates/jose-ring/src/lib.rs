#![doc = include_str!("../README.md")]
//!
//! # The room
//!
//! The operations that `avouch-jose` asks of a backend, done by ring.
//!
//! # Randomness
//!
//! ring takes randomness for signing (RSA blinding, ECDSA nonces, PSS salts), for keys that are made for one agreement
//! and for key generation only from its own generator, which is the operating system's: its trait is sealed, so that a
//! caller cannot give another. Choosing this backend is choosing that source. ECDSA nonces mix the private key, the message and
//! fresh randomness, so that a weak source alone does not leak the key. For everything else [`SystemRandom`] is one
//! implementation of the trait that is passed by reference.
//!
//! # Not here
//!
//! - Rules about keys that need no cryptography: `avouch-jose` has checked them.
//! - The algorithms ring lacks; the tables above are complete.

mod ec;
mod encryption;
mod hash;
mod hmac;
mod okp;
mod random;
mod rsa;
mod signatures;
mod verifying;

use std::sync::Arc;

use avouch_jose::crypto::CryptoProvider;

pub use random::SystemRandom;
pub use verifying::VerifyOnly;

/// The operations of ring as a provider.
///
/// ```
/// use avouch_jose::JwsAlgorithm;
///
/// let crypto = avouch_jose_ring::provider();
/// assert!(crypto.signatures.supports(JwsAlgorithm::PS512));
/// assert!(!crypto.signatures.supports(JwsAlgorithm::ES512));
/// ```
pub fn provider() -> CryptoProvider {
    CryptoProvider::new(Arc::new(signatures::Ring), Arc::new(hash::Ring))
        .with_encryption(Arc::new(encryption::Ring))
}
