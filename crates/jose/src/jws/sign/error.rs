use std::error::Error;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::Utf8Error;

use crate::algorithm::JwsAlgorithm;
use crate::crypto::SignFailed;
use crate::jws::header::HeaderError;

/// Why a token could not be signed.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignError {
    /// A header parameter was set that is not the caller's to set.
    ReservedParameter {
        /// Its name.
        name: &'static str,
    },
    /// The header as a whole breaks a rule by which it would be refused where it is read.
    Header(HeaderError),
    /// The payload could not be written as JSON.
    Payload(serde_json::Error),
    /// The payload is JSON, but not an object, so it is no claims set.
    ClaimsNotAnObject,
    /// An unencoded payload has a character that is not allowed inside a compact JWS.
    UnencodedCharacter {
        /// Octets before it.
        offset: usize,
    },
    /// An unencoded payload is not UTF-8, so it cannot be inside a JWS in JSON.
    PayloadNotUtf8(Utf8Error),
    /// The general form has at least one signature and the flattened form exactly one.
    SignatureCount {
        /// How many there are.
        found: usize,
    },
    /// The signer failed.
    Signer(SignFailed),
    /// The signature is not as long as the algorithm's signatures are; a DER-encoded ECDSA signature is the usual case.
    SignatureLength {
        /// The algorithm.
        algorithm: JwsAlgorithm,
        /// How many octets it may have.
        expected: RangeInclusive<usize>,
        /// Octets it has.
        found: usize,
    },
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReservedParameter { name } => write!(f, "header parameter {name:?} cannot be set"),
            Self::Header(_) => f.write_str("the header would not be acceptable"),
            Self::Payload(_) => f.write_str("the payload cannot be written as JSON"),
            Self::ClaimsNotAnObject => f.write_str("the claims are not a JSON object"),
            Self::UnencodedCharacter { offset } => {
                write!(f, "the unencoded payload has a character that it may not have at offset {offset}")
            }
            Self::PayloadNotUtf8(_) => f.write_str("the unencoded payload is not UTF-8"),
            Self::SignatureCount { found } => write!(f, "the form does not have {found} signatures"),
            Self::Signer(_) => f.write_str("the key could not sign"),
            Self::SignatureLength { algorithm, expected, found } => {
                let (least, most) = (expected.start(), expected.end());
                if least == most {
                    write!(f, "a {algorithm} signature has {least} octets, not {found}")
                } else {
                    write!(f, "a {algorithm} signature has {least} to {most} octets, not {found}")
                }
            }
        }
    }
}

impl Error for SignError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Header(source) => Some(source),
            Self::Payload(source) => Some(source),
            Self::PayloadNotUtf8(source) => Some(source),
            Self::Signer(source) => Some(source),
            _ => None,
        }
    }
}

impl From<SignFailed> for SignError {
    fn from(source: SignFailed) -> Self {
        Self::Signer(source)
    }
}

impl From<HeaderError> for SignError {
    fn from(source: HeaderError) -> Self {
        Self::Header(source)
    }
}
