use std::error::Error;
use std::fmt;

use crate::algorithm::AlgorithmName;
use crate::certificates::CertificateError;
use crate::crypto::{EncryptionPrimitive, RandomError};
use crate::jwk::{KeyOp, KeyType, KeyUse};
use crate::name::Quoted;

/// Why a key cannot be used with an algorithm. No variant holds key material.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// No algorithm was allowed, so nothing could ever verify.
    NoAlgorithms,
    /// A symmetric algorithm cannot be selected from a set of public keys.
    SymmetricAlgorithm(AlgorithmName),
    /// Symmetric and asymmetric keys are put into one set.
    SymmetryMixed,
    /// An entry of a set of public keys holds a private key or a secret, which is thereby disclosed.
    SecretInPublicSet,
    /// The key is of another type than the algorithm works with.
    KeyType {
        /// The algorithm.
        algorithm: AlgorithmName,
        /// The key type it works with.
        expected: KeyType,
        /// The key type it was given.
        found: KeyType,
    },
    /// The key is on another curve than the algorithm's.
    Curve {
        /// The algorithm.
        algorithm: AlgorithmName,
        /// The curve it works on.
        expected: &'static str,
        /// The curve of the key.
        found: &'static str,
    },
    /// The key's own `alg` names another algorithm.
    Algorithm {
        /// The algorithm it was to be used with.
        algorithm: AlgorithmName,
        /// What its `alg` says.
        found: String,
    },
    /// The key's `use` is another than the operation's.
    Use(KeyUse),
    /// The key's `key_ops` lack the operation.
    KeyOps(KeyOp),
    /// The key's `use` and `key_ops` contradict each other.
    UseContradictsKeyOps {
        /// The `use`.
        key_use: KeyUse,
        /// The first operation that does not go with it.
        op: KeyOp,
    },
    /// The RSA modulus is too small to be safe.
    RsaTooSmall {
        /// Bits of the modulus.
        bits: usize,
        /// Bits it needs.
        minimum: usize,
    },
    /// The RSA modulus has more than 8192 bits, so that checking signatures costs too much. The limit is fixed.
    RsaTooLarge {
        /// Bits of the modulus.
        bits: usize,
        /// Bits it may have.
        maximum: usize,
    },
    /// The RSA public exponent is even, below 3, or longer than 256 bits.
    RsaExponent,
    /// The RSA modulus is even.
    RsaModulusEven,
    /// The Ed25519 point is of small order, so that one signature is valid for many messages.
    Ed25519SmallOrder,
    /// The private RSA key has no prime factors, which the backend needs.
    RsaPrimesMissing,
    /// The secret is shorter than the output of the hash.
    SecretTooShort {
        /// Octets of the secret.
        octets: usize,
        /// Octets it needs.
        minimum: usize,
    },
    /// The first certificate of the key's `x5c` cannot be read, so that it is not known to be the key's.
    Certificate(CertificateError),
    /// The first certificate of the key's `x5c` is of another key.
    CertificateOfAnotherKey,
    /// The key's `x5t#S256` is the hash of another certificate than the first of its `x5c`.
    CertificateThumbprint,
    /// The symmetric key is not exactly as long as the algorithm's keys are.
    SecretLength {
        /// The algorithm.
        algorithm: AlgorithmName,
        /// Octets of its keys.
        expected: usize,
        /// Octets of the key.
        found: usize,
    },
    /// The key agrees on nothing: it is on a curve for signatures.
    NotForAgreement {
        /// The algorithm.
        algorithm: AlgorithmName,
        /// The curve of the key.
        found: &'static str,
    },
    /// Keys for this algorithm are made with another constructor.
    OtherConstructor {
        /// The algorithm.
        algorithm: AlgorithmName,
        /// The constructor.
        constructor: &'static str,
    },
    /// The content encryption for which the key was prepared is not among those that are allowed.
    EncryptionNotAllowed(AlgorithmName),
    /// One RSA key is to decrypt with RSAES-PKCS1-v1_5 and with another padding. Keys are one if modulus and exponent are the
    /// same, or, where somebody else holds them, the decrypter.
    RsaPaddingsMixed,
    /// The password is empty.
    PasswordEmpty,
    /// PBES2 is to go fewer or more rounds than is allowed.
    PasswordIterations {
        /// The rounds.
        found: u32,
        /// The fewest.
        minimum: u32,
        /// The most.
        maximum: u32,
    },
    /// A private key is needed and this one is public.
    NotPrivate,
    /// The private part belongs to another public key.
    PrivateDoesNotMatchPublic,
    /// The backend lacks this algorithm, operation or kind of key.
    Unsupported {
        /// The algorithm.
        algorithm: AlgorithmName,
        /// What exactly it lacks.
        what: &'static str,
    },
    /// The backend lacks a primitive of encryption.
    Lacking(EncryptionPrimitive),
    /// The backend found that this is no valid key.
    Rejected {
        /// What it found.
        reason: &'static str,
    },
    /// There is no randomness to generate a key from.
    Random(RandomError),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAlgorithms => f.write_str("the list of allowed algorithms is empty"),
            Self::SymmetricAlgorithm(algorithm) => {
                write!(f, "{algorithm} is symmetric: its key does not come from a set of public keys")
            }
            Self::SymmetryMixed => f.write_str("symmetric and asymmetric keys are mixed"),
            Self::SecretInPublicSet => {
                f.write_str("a private or symmetric key stands in a set of public keys")
            }
            Self::KeyType { algorithm, expected, found } => {
                write!(f, "{algorithm} needs a key of type {expected}, not {found}")
            }
            Self::Curve { algorithm, expected, found } => {
                write!(f, "{algorithm} needs a key on {expected}, not {found}")
            }
            Self::Algorithm { algorithm, found } => {
                write!(f, "the key is for {}, not for {algorithm}", Quoted(found))
            }
            Self::Use(name) => {
                write!(f, "the key is for use {}, which is not what it was to do", Quoted(name.as_str()))
            }
            Self::KeyOps(name) => write!(f, "the key's operations do not include {}", Quoted(name.as_str())),
            Self::UseContradictsKeyOps { key_use, op } => write!(
                f,
                "the key's use {} does not go with its operation {}",
                Quoted(key_use.as_str()),
                Quoted(op.as_str())
            ),
            Self::RsaTooSmall { bits, minimum } => {
                write!(f, "an RSA key of {bits} bits is smaller than {minimum}")
            }
            Self::RsaTooLarge { bits, maximum } => {
                write!(f, "an RSA key of {bits} bits is larger than {maximum}")
            }
            Self::RsaExponent => {
                f.write_str("the RSA public exponent is not an odd number from 3 up to 256 bits")
            }
            Self::RsaModulusEven => f.write_str("the RSA modulus is even"),
            Self::Ed25519SmallOrder => f.write_str("the Ed25519 point is of small order"),
            Self::RsaPrimesMissing => f.write_str("the private RSA key lacks its prime factors"),
            Self::SecretTooShort { octets, minimum } => {
                write!(f, "a secret of {octets} octets is shorter than {minimum}")
            }
            Self::Certificate(_) => f.write_str("the key's certificate cannot be read"),
            Self::CertificateOfAnotherKey => f.write_str("the certificate beside the key is of another key"),
            Self::CertificateThumbprint => {
                f.write_str("the key's \"x5t#S256\" is not of the first certificate in its \"x5c\"")
            }
            Self::SecretLength { algorithm, expected, found } => {
                write!(f, "{algorithm} needs a key of {expected} octets, not {found}")
            }
            Self::NotForAgreement { algorithm, found } => {
                write!(f, "{algorithm} needs a key to agree with, which one on {found} is not")
            }
            Self::OtherConstructor { algorithm, constructor } => {
                write!(f, "keys for {algorithm} are made with {constructor}")
            }
            Self::EncryptionNotAllowed(encryption) => {
                write!(f, "the key is for {encryption}, which is not allowed")
            }
            Self::RsaPaddingsMixed => {
                f.write_str("one RSA key is to decrypt with RSA1_5 and with another padding")
            }
            Self::PasswordEmpty => f.write_str("the password is empty"),
            Self::PasswordIterations { found, minimum, maximum } => {
                write!(f, "{found} rounds of PBES2 are not between {minimum} and {maximum}")
            }
            Self::NotPrivate => f.write_str("the key has no private part"),
            Self::PrivateDoesNotMatchPublic => {
                f.write_str("the private part does not belong to the public part")
            }
            Self::Unsupported { algorithm, what } => {
                write!(f, "the backend does not support {algorithm}: {what}")
            }
            Self::Lacking(primitive) => write!(f, "the backend does not have {}", primitive.name()),
            Self::Rejected { reason } => write!(f, "the key is not valid: {reason}"),
            Self::Random(_) => f.write_str("no key can be generated"),
        }
    }
}

impl Error for KeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Random(source) => Some(source),
            Self::Certificate(source) => Some(source),
            _ => None,
        }
    }
}

impl From<RandomError> for KeyError {
    fn from(source: RandomError) -> Self {
        Self::Random(source)
    }
}
