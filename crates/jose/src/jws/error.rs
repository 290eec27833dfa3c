use std::error::Error;
use std::fmt;

use crate::algorithm::{AlgorithmName, JwsAlgorithm};
use crate::base64url::DecodeError;
use crate::name::Quoted;

/// Why a compact JWS was refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum JwsError {
    /// The token is longer than [`Limits::token_bytes`](crate::Limits::token_bytes).
    TokenTooLong {
        /// Its length.
        len: usize,
        /// The limit.
        limit: usize,
    },
    /// The encoded header is longer than [`Limits::header_bytes`](crate::Limits::header_bytes).
    HeaderTooLong {
        /// Its length.
        len: usize,
        /// The limit.
        limit: usize,
    },
    /// There are not exactly three segments.
    NotThreeSegments,
    /// A segment is not canonical base64url.
    Encoding {
        /// Which one.
        segment: Segment,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The header is not a strict JSON object.
    HeaderJson(avouch_json::JsonError),
    /// The header breaks a rule of its own.
    Header(HeaderError),
    /// The header names an algorithm that this crate does not know; `none` is one.
    UnknownAlgorithm(AlgorithmName),
    /// The header names an algorithm that is not allowed here.
    AlgorithmNotAllowed(JwsAlgorithm),
    /// The algorithm is allowed, and no key for it has the `kid`. The issuer may have published a new key.
    NoMatchingKey {
        /// The algorithm of the header.
        algorithm: JwsAlgorithm,
        /// The `kid` of the header.
        kid: Option<String>,
    },
    /// The header does not tell several keys apart, and they are more than may be tried.
    SeveralMatchingKeys {
        /// The algorithm of the header.
        algorithm: JwsAlgorithm,
        /// The `kid` of the header.
        kid: Option<String>,
        /// How many keys match.
        found: usize,
        /// [`VerifyingKeys::trial_limit`](crate::VerifyingKeys::trial_limit).
        limit: usize,
    },
    /// The signature is not valid.
    SignatureInvalid,
}

impl fmt::Display for JwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenTooLong { len, limit } => {
                write!(f, "a token of {len} bytes exceeds the limit of {limit}")
            }
            Self::HeaderTooLong { len, limit } => {
                write!(f, "a header of {len} bytes exceeds the limit of {limit}")
            }
            Self::NotThreeSegments => f.write_str("not three segments separated by periods"),
            Self::Encoding { segment, .. } => write!(f, "the {segment} is not canonical base64url"),
            Self::HeaderJson(_) => f.write_str("the header is not a valid JSON object"),
            Self::Header(_) => f.write_str("the header is not acceptable"),
            Self::UnknownAlgorithm(name) => write!(f, "algorithm {} is not known", Quoted(name.as_str())),
            Self::AlgorithmNotAllowed(algorithm) => write!(f, "algorithm {algorithm} is not allowed"),
            Self::NoMatchingKey { algorithm, kid } => {
                write!(f, "no key matches algorithm {algorithm} and {}", Kid(kid))
            }
            Self::SeveralMatchingKeys { algorithm, kid, found, limit } => write!(
                f,
                "{found} keys match algorithm {algorithm} and {}; at most {limit} are tried",
                Kid(kid)
            ),
            Self::SignatureInvalid => f.write_str("the signature is not valid"),
        }
    }
}

impl Error for JwsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encoding { source, .. } => Some(source),
            Self::HeaderJson(source) => Some(source),
            Self::Header(source) => Some(source),
            _ => None,
        }
    }
}

impl From<HeaderError> for JwsError {
    fn from(source: HeaderError) -> Self {
        Self::Header(source)
    }
}

/// A segment of a compact JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The first: the protected header.
    Header,
    /// The second.
    Payload,
    /// The third.
    Signature,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// Which rule a protected header breaks.
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
            Self::Encryption => f.write_str("a signed token has the parameter \"enc\""),
        }
    }
}

impl Error for HeaderError {}

struct Kid<'a>(&'a Option<String>);

impl fmt::Display for Kid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(kid) => write!(f, "kid {}", Quoted(kid)),
            None => f.write_str("no kid"),
        }
    }
}
