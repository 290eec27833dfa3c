use std::error::Error;
use std::fmt;

use crate::algorithm::JweAlgorithm;
use crate::crypto::{EncryptionFailed, RandomError};
use crate::jwe::header::HeaderError;
use crate::key::KeyError;

/// Why something could not be encrypted.
#[derive(Debug)]
#[non_exhaustive]
pub enum EncryptError {
    /// A header parameter was set that is not the caller's to set.
    ReservedParameter {
        /// Its name.
        name: &'static str,
    },
    /// `alg`, `enc` or `kid` was set to another value than it has.
    Contradiction {
        /// Its name.
        name: &'static str,
    },
    /// `apu` and `apv` are equal ([RFC 7518 §4.6.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.6.2)).
    PartiesEqual,
    /// A header as a whole breaks a rule by which it would be refused where it is read.
    Header(HeaderError),
    /// A header could not be read again.
    HeaderJson(avouch_json::JsonError),
    /// There is no recipient.
    NoRecipient,
    /// With this algorithm there is one recipient and no other: what encrypts the content is the recipient's own key.
    SeveralRecipients(JweAlgorithm),
    /// The flattened form has one recipient.
    NotFlattened {
        /// How many there are.
        recipients: usize,
    },
    /// The key cannot be used so: a direct key with another content encryption, or a backend that lacks something.
    Key(KeyError),
    /// There is no randomness.
    Random(RandomError),
    /// The backend failed.
    Backend(EncryptionFailed),
}

impl fmt::Display for EncryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReservedParameter { name } => write!(f, "header parameter {name:?} cannot be set"),
            Self::Contradiction { name } => {
                write!(f, "header parameter {name:?} is set to another value than it has")
            }
            Self::PartiesEqual => f.write_str("\"apu\" and \"apv\" are equal"),
            Self::Header(_) => f.write_str("the header would not be acceptable"),
            Self::HeaderJson(_) => f.write_str("the header would not be readable"),
            Self::NoRecipient => f.write_str("there is no recipient"),
            Self::SeveralRecipients(algorithm) => {
                write!(f, "with {algorithm} there is one recipient and no other")
            }
            Self::NotFlattened { recipients } => {
                write!(f, "the flattened form is for one recipient, not for {recipients}")
            }
            Self::Key(_) => f.write_str("the key cannot be used so"),
            Self::Random(_) => f.write_str("there is nothing to make keys from"),
            Self::Backend(failed) => failed.fmt(f),
        }
    }
}

impl Error for EncryptError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Header(source) => Some(source),
            Self::HeaderJson(source) => Some(source),
            Self::Key(source) => Some(source),
            Self::Random(source) => Some(source),
            _ => None,
        }
    }
}

impl From<KeyError> for EncryptError {
    fn from(source: KeyError) -> Self {
        match source {
            KeyError::Random(source) => Self::Random(source),
            source => Self::Key(source),
        }
    }
}

impl From<RandomError> for EncryptError {
    fn from(source: RandomError) -> Self {
        Self::Random(source)
    }
}

impl From<EncryptionFailed> for EncryptError {
    fn from(source: EncryptionFailed) -> Self {
        Self::Backend(source)
    }
}

impl From<HeaderError> for EncryptError {
    fn from(source: HeaderError) -> Self {
        Self::Header(source)
    }
}
