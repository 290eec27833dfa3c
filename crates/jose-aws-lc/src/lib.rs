#![doc = include_str!("../README.md")]
//!
//! # The room
//!
//! The operations that `avouch-jose` asks of a backend, done by AWS-LC.
//!
//! # Randomness
//!
//! AWS-LC takes randomness for signing, for the padding of RSA and for key generation only from its own generator, which
//! the operating system seeds: choosing this backend is choosing that source. For everything else [`SystemRandom`] is one
//! implementation of the trait that is passed by reference. The first use in a process takes some tens of milliseconds,
//! in which AWS-LC gathers what the timing of the machine adds; a server may want to spend them when it starts.
//!
//! # Not here
//!
//! - Rules about keys that need no cryptography, and how JWE is composed of primitives: both are in `avouch-jose`.
//! - The algorithms AWS-LC lacks; the tables above are complete.

mod akp;
mod der;
mod ec;
mod encryption;
mod error;
mod hash;
mod hmac;
mod okp;
mod parsed;
mod pbkdf2;
mod random;
mod rsa;
mod signatures;

use std::sync::Arc;

use avouch_jose::crypto::CryptoProvider;

pub use random::SystemRandom;

/// The operations of AWS-LC as a provider.
///
/// ```
/// use avouch_jose::JwsAlgorithm;
///
/// let crypto = avouch_jose_aws_lc::provider();
/// assert!(crypto.signatures.supports(JwsAlgorithm::ES512));
/// assert!(!crypto.signatures.supports(JwsAlgorithm::ED448));
/// ```
pub fn provider() -> CryptoProvider {
    CryptoProvider::new(Arc::new(AwsLc), Arc::new(AwsLc)).with_encryption(Arc::new(AwsLc))
}

/// The one type behind the traits of a backend.
struct AwsLc;
