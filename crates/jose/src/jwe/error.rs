use std::error::Error;
use std::fmt;

use super::header::HeaderError;
use crate::algorithm::{AlgorithmName, ContentEncryption, JweAlgorithm};
use crate::base64url::DecodeError;
use crate::name::Quoted;

/// Why a JWE was refused.
///
/// What can be seen without a key is named. Whatever goes wrong with a key or with the tag is
/// [`DecryptionFailed`](Self::DecryptionFailed), since a sender who learns more can decrypt with it
/// ([RFC 7516 §11.4](https://www.rfc-editor.org/rfc/rfc7516#section-11.4)). Named as well are an outage of whoever holds a
/// key ([`KeyUnavailable`](Self::KeyUnavailable)), and content that was decrypted, with the right tag, and does not inflate
/// ([`InflatedTooLong`](Self::InflatedTooLong), [`NotDeflate`](Self::NotDeflate)).
#[derive(Debug)]
#[non_exhaustive]
pub enum JweError {
    /// The token is longer than [`Limits::token_bytes`](crate::Limits::token_bytes).
    TokenTooLong {
        /// Its length.
        len: usize,
        /// The limit.
        limit: usize,
    },
    /// The encoded protected header is longer than [`Limits::header_bytes`](crate::Limits::header_bytes).
    HeaderTooLong {
        /// Its length.
        len: usize,
        /// The limit.
        limit: usize,
    },
    /// There are not exactly five segments.
    NotFiveSegments,
    /// The JSON serialisation is not a strict JSON object.
    Json(avouch_json::JsonError),
    /// A member of the JSON serialisation is missing.
    MemberMissing {
        /// The member.
        name: &'static str,
    },
    /// A member of the JSON serialisation has another type than it must have.
    MemberType {
        /// The member.
        name: &'static str,
    },
    /// A member of the JSON serialisation is there and empty, or a header in it is; it must be absent then.
    MemberEmpty {
        /// The member.
        name: &'static str,
    },
    /// The object has members of another form beside those of its own: of the flattened form beside `recipients`, or of a
    /// JWS.
    MixedForms {
        /// The member that is too many.
        name: &'static str,
    },
    /// There are more recipients than [`Limits::recipients`](crate::Limits::recipients).
    TooManyRecipients {
        /// Recipients of the JWE.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The recipients' headers name different content encryptions.
    EncryptionsDiffer,
    /// A segment is not canonical base64url.
    Encoding {
        /// Which one.
        segment: Segment,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The protected header is not a strict JSON object.
    HeaderJson(avouch_json::JsonError),
    /// The header breaks a rule of its own.
    Header(HeaderError),
    /// The header names a key management algorithm that this crate does not know or does not take by its name.
    UnknownAlgorithm(AlgorithmName),
    /// The header names a key management algorithm that is not allowed here.
    AlgorithmNotAllowed(JweAlgorithm),
    /// The header names a content encryption algorithm that this crate does not know.
    UnknownEncryption(AlgorithmName),
    /// The header names a content encryption algorithm that is not allowed here.
    EncryptionNotAllowed(ContentEncryption),
    /// The algorithm is allowed, and no key for it has the `kid`, or for `dir` the content encryption.
    NoMatchingKey {
        /// The algorithm of the header.
        algorithm: JweAlgorithm,
        /// The `kid` of the header.
        kid: Option<String>,
    },
    /// The header does not tell several keys apart, and they are more than may be tried.
    SeveralMatchingKeys {
        /// The algorithm of the header.
        algorithm: JweAlgorithm,
        /// The `kid` of the header.
        kid: Option<String>,
        /// How many keys match.
        found: usize,
        /// [`DecryptionKeys::trial_limit`](crate::DecryptionKeys::trial_limit).
        limit: usize,
    },
    /// The recipients together ask for more key operations than [`Limits::key_trials`](crate::Limits::key_trials).
    TooManyTrials {
        /// How many they ask for.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The sender asks for fewer or more rounds of PBES2 than
    /// [`PasswordLimits`](super::PasswordLimits) allow.
    PasswordIterations {
        /// The rounds: of all recipients so far.
        found: u64,
        /// The fewest.
        minimum: u32,
        /// The most.
        maximum: u32,
    },
    /// Whoever holds the key, or one of those that may be meant, did not answer, and no other decrypted it; see
    /// [`KeyOperationError`](crate::crypto::KeyOperationError).
    KeyUnavailable(Box<dyn Error + Send + Sync>),
    /// It could not be decrypted. There is no more to say, and nobody is told why.
    DecryptionFailed,
    /// What was decrypted inflates beyond [`InflateLimits`](super::InflateLimits).
    InflatedTooLong {
        /// Octets it may have.
        limit: usize,
    },
    /// What was decrypted is said to be compressed with DEFLATE and is not.
    NotDeflate,
}

impl fmt::Display for JweError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenTooLong { len, limit } => {
                write!(f, "a token of {len} bytes exceeds the limit of {limit}")
            }
            Self::HeaderTooLong { len, limit } => {
                write!(f, "a header of {len} bytes exceeds the limit of {limit}")
            }
            Self::NotFiveSegments => f.write_str("not five segments separated by periods"),
            Self::Json(_) => f.write_str("the JWE is not a valid JSON object"),
            Self::MemberMissing { name } => write!(f, "member {name:?} is missing"),
            Self::MemberType { name } => write!(f, "member {name:?} has the wrong JSON type"),
            Self::MemberEmpty { name } => write!(f, "member {name:?} is empty"),
            Self::MixedForms { name } => write!(f, "member {name:?} belongs to another form"),
            Self::TooManyRecipients { found, limit } => {
                write!(f, "{found} recipients are more than the limit of {limit}")
            }
            Self::EncryptionsDiffer => f.write_str("the recipients' content encryptions differ"),
            Self::Encoding { segment, .. } => write!(f, "the {segment} is not canonical base64url"),
            Self::HeaderJson(_) => f.write_str("the header is not a valid JSON object"),
            Self::Header(_) => f.write_str("the header is not acceptable"),
            Self::UnknownAlgorithm(name) | Self::UnknownEncryption(name) => {
                write!(f, "algorithm {} is not known", Quoted(name.as_str()))
            }
            Self::AlgorithmNotAllowed(algorithm) => write!(f, "algorithm {algorithm} is not allowed"),
            Self::EncryptionNotAllowed(encryption) => write!(f, "algorithm {encryption} is not allowed"),
            Self::NoMatchingKey { algorithm, kid } => {
                write!(f, "no key matches algorithm {algorithm} and {}", Kid(kid))
            }
            Self::SeveralMatchingKeys { algorithm, kid, found, limit } => write!(
                f,
                "{found} keys match algorithm {algorithm} and {}; at most {limit} are tried",
                Kid(kid)
            ),
            Self::TooManyTrials { found, limit } => {
                write!(f, "{found} key operations are more than the limit of {limit}")
            }
            Self::PasswordIterations { found, minimum, maximum } => {
                write!(f, "{found} rounds of PBES2 are not between {minimum} and {maximum}")
            }
            Self::KeyUnavailable(_) => f.write_str("the key is not available"),
            Self::DecryptionFailed => f.write_str("it could not be decrypted"),
            Self::InflatedTooLong { limit } => {
                write!(f, "the compressed content inflates to more than {limit} octets")
            }
            Self::NotDeflate => f.write_str("the content is not compressed with DEFLATE"),
        }
    }
}

impl Error for JweError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encoding { source, .. } => Some(source),
            Self::Json(source) | Self::HeaderJson(source) => Some(source),
            Self::Header(source) => Some(source),
            Self::KeyUnavailable(source) => Some(&**source),
            _ => None,
        }
    }
}

impl From<HeaderError> for JweError {
    fn from(source: HeaderError) -> Self {
        Self::Header(source)
    }
}

impl JweError {
    /// Whether the tag was right, and what it protects is at fault: the same for every recipient, and not worth inflating
    /// once for each.
    pub(super) fn is_of_the_content(&self) -> bool {
        matches!(self, Self::InflatedTooLong { .. } | Self::NotDeflate)
    }

    /// How far a recipient came. Of several, the one that came farthest says why none succeeded.
    pub(super) fn progress(&self) -> u8 {
        match self {
            Self::UnknownAlgorithm(_) => 0,
            Self::AlgorithmNotAllowed(_) => 1,
            Self::NoMatchingKey { .. } => 2,
            Self::DecryptionFailed => 4,
            Self::KeyUnavailable(_) => 5,
            _ => 3,
        }
    }
}

/// A segment of a compact JWE, or the member of the JSON serialisation that holds the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Segment {
    /// The first: the protected header.
    Header,
    /// The second.
    EncryptedKey,
    /// The third.
    InitializationVector,
    /// The fourth.
    Ciphertext,
    /// The fifth.
    Tag,
    /// `aad`, which only the JSON serialisations have.
    AdditionalData,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::EncryptedKey => "encrypted key",
            Self::InitializationVector => "initialization vector",
            Self::Ciphertext => "ciphertext",
            Self::Tag => "authentication tag",
            Self::AdditionalData => "additional authenticated data",
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
