use std::error::Error;
use std::fmt;

use crate::base64url::DecodeError;
use crate::name::Quoted;

/// Why a JSON object is not a key that can be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum JwkError {
    /// The document is not strict JSON.
    Json(avouch_json::JsonError),
    /// Not a JSON object.
    NotAnObject,
    /// A member that this key type needs is missing.
    Missing {
        /// The member.
        name: &'static str,
    },
    /// A registered member has another JSON type than it must have.
    WrongType {
        /// The member.
        name: &'static str,
    },
    /// `kty` is one this crate does not know.
    UnknownKeyType(String),
    /// `crv` is one this crate does not know.
    UnknownCurve(String),
    /// The `alg` of a key of type `AKP` is one this crate does not know.
    UnknownKeyPairAlgorithm(String),
    /// A member is not canonical base64url (for `x5c`, base64).
    Encoding {
        /// The member.
        name: &'static str,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// A coordinate, private key or certificate hash is not exactly as wide as it must be.
    Width {
        /// The member.
        name: &'static str,
        /// Octets it must have.
        expected: usize,
        /// Octets it has.
        found: usize,
    },
    /// An integer is empty or has a leading zero octet.
    NotMinimal {
        /// The member.
        name: &'static str,
    },
    /// Some of `p`, `q`, `dp`, `dq`, `qi` are given, but not all.
    IncompleteCrt {
        /// The first that is missing.
        missing: &'static str,
    },
    /// The key has more than two primes (`oth`).
    MultiPrime,
    /// `key_ops` names an operation twice.
    DuplicateKeyOp(String),
    /// Operations that do not belong together were to be put into one `key_ops`.
    UnrelatedKeyOps {
        /// The first operation.
        first: String,
        /// One that does not go with it.
        other: String,
    },
    /// `key_ops` names more operations than there are.
    TooManyKeyOps {
        /// How many.
        found: usize,
        /// The limit.
        limit: usize,
    },
}

impl fmt::Display for JwkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => f.write_str("the key is not valid JSON"),
            Self::NotAnObject => f.write_str("the key is not a JSON object"),
            Self::Missing { name } => write!(f, "member {name:?} is missing"),
            Self::WrongType { name } => write!(f, "member {name:?} has the wrong JSON type"),
            Self::UnknownKeyType(name) => write!(f, "unknown key type {}", Quoted(name)),
            Self::UnknownCurve(name) => write!(f, "unknown curve {}", Quoted(name)),
            Self::UnknownKeyPairAlgorithm(name) => {
                write!(f, "unknown algorithm {} of a key pair", Quoted(name))
            }
            Self::Encoding { name, .. } => write!(f, "member {name:?} is not canonically encoded"),
            Self::Width { name, expected, found } => {
                write!(f, "member {name:?} has {found} octets instead of {expected}")
            }
            Self::NotMinimal { name } => write!(f, "member {name:?} is not a minimal integer"),
            Self::IncompleteCrt { missing } => {
                write!(f, "member {missing:?} is missing beside the other prime factors")
            }
            Self::MultiPrime => f.write_str("RSA keys with more than two primes are not supported"),
            Self::TooManyKeyOps { found, limit } => {
                write!(f, "key_ops names {found} operations, more than the limit of {limit}")
            }
            Self::UnrelatedKeyOps { first, other } => {
                write!(f, "one key is not for both {} and {}", Quoted(first), Quoted(other))
            }
            Self::DuplicateKeyOp(name) => write!(f, "key_ops names {} twice", Quoted(name)),
        }
    }
}

impl Error for JwkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json(source) => Some(source),
            Self::Encoding { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<avouch_json::JsonError> for JwkError {
    fn from(source: avouch_json::JsonError) -> Self {
        Self::Json(source)
    }
}
