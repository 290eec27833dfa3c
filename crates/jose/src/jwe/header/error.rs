use std::error::Error;
use std::fmt;

use crate::jwk::JwkError;
use crate::name::Quoted;

/// Which rule the header of a JWE breaks.
#[derive(Debug)]
#[non_exhaustive]
pub enum HeaderError {
    /// A parameter is missing: `alg`, `enc`, or one that `alg` needs.
    Missing {
        /// The parameter.
        name: &'static str,
    },
    /// A registered parameter has another JSON type than it must have; `p2c` must be a positive integer.
    WrongType {
        /// The parameter.
        name: &'static str,
    },
    /// A parameter is not canonical base64url, or `x5c` not base64 with padding.
    Encoding {
        /// The parameter.
        name: &'static str,
    },
    /// `jwk` or `epk` holds a private or symmetric key, which is thereby disclosed.
    PrivateKey {
        /// The parameter.
        name: &'static str,
    },
    /// `epk` is not a key.
    EphemeralKey(JwkError),
    /// The salt input of PBES2 is too short.
    SaltTooShort {
        /// Octets of `p2s`.
        octets: usize,
        /// Octets it needs.
        minimum: usize,
    },
    /// A parameter stands in more than one of the protected, the shared and the recipient's header.
    InSeveralHeaders(String),
    /// A parameter stands outside the protected header that has a meaning only inside.
    Unprotected {
        /// The parameter: `crit` or `zip`.
        name: &'static str,
    },
    /// `crit` is empty.
    CriticalEmpty,
    /// `crit` names a parameter twice.
    CriticalDuplicate(String),
    /// `crit` names a parameter that every implementation knows.
    CriticalRegistered(String),
    /// `crit` names a parameter that the protected header does not have.
    CriticalAbsent(String),
    /// `crit` names a parameter that is not understood here.
    CriticalNotUnderstood(String),
    /// `zip` names a compression that is not defined.
    UnknownCompression(String),
    /// The content is compressed, which the reader does not accept.
    Compressed,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name } => write!(f, "parameter {name:?} is missing"),
            Self::WrongType { name } => write!(f, "parameter {name:?} has the wrong JSON type"),
            Self::Encoding { name } => write!(f, "parameter {name:?} is not canonically encoded"),
            Self::PrivateKey { name } => write!(f, "parameter {name:?} holds a private or symmetric key"),
            Self::EphemeralKey(_) => f.write_str("parameter \"epk\" is not a key"),
            Self::SaltTooShort { octets, minimum } => {
                write!(f, "a salt of {octets} octets is shorter than {minimum}")
            }
            Self::InSeveralHeaders(name) => {
                write!(f, "parameter {} is in more than one header", Quoted(name))
            }
            Self::Unprotected { name } => write!(f, "parameter {name:?} is not protected"),
            Self::CriticalEmpty => f.write_str("\"crit\" is empty"),
            Self::CriticalDuplicate(name) => write!(f, "\"crit\" names {} twice", Quoted(name)),
            Self::CriticalRegistered(name) => {
                write!(f, "\"crit\" names the registered parameter {}", Quoted(name))
            }
            Self::CriticalAbsent(name) => {
                write!(f, "\"crit\" names {}, which is not in the protected header", Quoted(name))
            }
            Self::CriticalNotUnderstood(name) => {
                write!(f, "critical parameter {} is not understood", Quoted(name))
            }
            Self::UnknownCompression(name) => write!(f, "compression {} is not known", Quoted(name)),
            Self::Compressed => f.write_str("the content is compressed, which is not accepted here"),
        }
    }
}

impl Error for HeaderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::EphemeralKey(source) => Some(source),
            _ => None,
        }
    }
}
