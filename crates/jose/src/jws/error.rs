use std::error::Error;
use std::fmt;

use crate::algorithm::{AlgorithmName, JwsAlgorithm};
use crate::base64url::DecodeError;
use crate::name::Quoted;

use super::header::HeaderError;

/// Why a JWS was refused.
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
    /// A JWS in JSON is not a strict JSON object.
    Json(avouch_json::JsonError),
    /// A member of a JWS in JSON, or of one of its signatures, is missing.
    MemberMissing {
        /// The member.
        name: &'static str,
    },
    /// A member of a JWS in JSON has another JSON type than it must have.
    MemberType {
        /// The member.
        name: &'static str,
    },
    /// A JWS in JSON has `signatures`, as the general form does, and a member of the flattened form.
    FormsMixed {
        /// The member of the flattened form.
        name: &'static str,
    },
    /// A JSON object that was to be a JWS has the `ciphertext` of a JWE.
    Encrypted,
    /// The array of signatures is empty.
    NoSignatures,
    /// There are more signatures than the reader looks at.
    TooManySignatures {
        /// How many there are.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Some signatures are over the encoded payload and some over the payload itself.
    UnencodedDiffers,
    /// The payload was given by the caller, and there is one in the JWS too.
    PayloadTwice,
    /// The payload is not encoded, as that of a JWT always is; [`Reader::attached`](super::Reader::attached) reads it.
    PayloadUnencoded,
    /// An unencoded payload has a character that is not allowed inside a compact JWS.
    UnencodedCharacter {
        /// Octets before it.
        offset: usize,
    },
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
    /// None of several signatures is good; for each, in their order, why.
    NoGoodSignature(Vec<JwsError>),
    /// Several sets of keys were each to find a good signature of their own, and one did not.
    NoSignatureFor {
        /// The place of the set.
        index: usize,
    },
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
            Self::Json(_) => f.write_str("not a valid JSON object"),
            Self::MemberMissing { name } => write!(f, "member {name:?} is missing"),
            Self::MemberType { name } => write!(f, "member {name:?} has the wrong JSON type"),
            Self::FormsMixed { name } => write!(f, "members \"signatures\" and {name:?} exclude each other"),
            Self::Encrypted => f.write_str("the object has a \"ciphertext\" and is no JWS"),
            Self::NoSignatures => f.write_str("there is no signature"),
            Self::TooManySignatures { found, limit } => {
                write!(f, "{found} signatures exceed the limit of {limit}")
            }
            Self::UnencodedDiffers => f.write_str("the signatures do not agree on \"b64\""),
            Self::PayloadTwice => f.write_str("the payload is detached, and there is one in the JWS"),
            Self::PayloadUnencoded => f.write_str("the payload is not encoded"),
            Self::UnencodedCharacter { offset } => {
                write!(f, "the unencoded payload has a character that it may not have at offset {offset}")
            }
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
            Self::NoGoodSignature(outcomes) => write!(f, "none of {} signatures is good", outcomes.len()),
            Self::NoSignatureFor { index } => {
                write!(f, "no signature is left that is good by key set {index}")
            }
        }
    }
}

impl Error for JwsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encoding { source, .. } => Some(source),
            Self::HeaderJson(source) | Self::Json(source) => Some(source),
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

/// A segment of a compact JWS, or the member of a JWS in JSON that holds the same.
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

struct Kid<'a>(&'a Option<String>);

impl fmt::Display for Kid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(kid) => write!(f, "kid {}", Quoted(kid)),
            None => f.write_str("no kid"),
        }
    }
}
