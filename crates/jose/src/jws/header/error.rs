use std::error::Error;
use std::fmt;

use crate::name::Quoted;

/// Which rule a header breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// There is no `alg`.
    AlgorithmMissing,
    /// A registered parameter has another JSON type than it must have.
    WrongType {
        /// The parameter.
        name: &'static str,
    },
    /// `x5c` holds something that is not base64 with padding.
    CertificateEncoding,
    /// `jwk` holds a private or symmetric key, which is thereby disclosed.
    PrivateJwk,
    /// `crit` is empty.
    CriticalEmpty,
    /// `crit` names a parameter twice.
    CriticalDuplicate(String),
    /// `crit` names a parameter that every implementation knows.
    CriticalRegistered(String),
    /// `crit` names a parameter that the header does not have.
    CriticalAbsent(String),
    /// `crit` names a parameter that is not understood here.
    CriticalNotUnderstood(String),
    /// `b64` stands in the header without being critical.
    B64NotCritical,
    /// A parameter stands outside the protected header that has a meaning only inside.
    Unprotected {
        /// The parameter: `crit` or `b64`.
        name: &'static str,
    },
    /// A parameter stands in the protected header and in the unprotected one.
    InBothHeaders(String),
    /// `alg` is not protected, which the reader does not allow.
    AlgorithmUnprotected,
    /// `typ` says that this is a JWT, and the payload of a JWT is never unencoded.
    UnencodedJwt,
    /// The token says that it is encrypted (`enc`) and has the form of a signed one.
    Encryption,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmMissing => f.write_str("parameter \"alg\" is missing"),
            Self::WrongType { name } => write!(f, "parameter {name:?} has the wrong JSON type"),
            Self::CertificateEncoding => f.write_str("parameter \"x5c\" is not base64"),
            Self::PrivateJwk => f.write_str("parameter \"jwk\" holds a private or symmetric key"),
            Self::CriticalEmpty => f.write_str("\"crit\" is empty"),
            Self::CriticalDuplicate(name) => write!(f, "\"crit\" names {} twice", Quoted(name)),
            Self::CriticalRegistered(name) => {
                write!(f, "\"crit\" names the registered parameter {}", Quoted(name))
            }
            Self::CriticalAbsent(name) => {
                write!(f, "\"crit\" names {}, which is not in the header", Quoted(name))
            }
            Self::CriticalNotUnderstood(name) => {
                write!(f, "critical parameter {} is not understood", Quoted(name))
            }
            Self::B64NotCritical => f.write_str("\"b64\" is not listed in \"crit\""),
            Self::Unprotected { name } => write!(f, "parameter {name:?} is not protected"),
            Self::InBothHeaders(name) => {
                write!(f, "parameter {} is in the protected and the unprotected header", Quoted(name))
            }
            Self::AlgorithmUnprotected => f.write_str("parameter \"alg\" is not protected"),
            Self::UnencodedJwt => f.write_str("the type is that of a JWT, and the payload is not encoded"),
            Self::Encryption => f.write_str("a signed token has the parameter \"enc\""),
        }
    }
}

impl Error for HeaderError {}
