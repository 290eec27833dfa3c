use std::error::Error;
use std::fmt;

use avouch_json::JsonError;
use avouch_types::WordError;

use crate::path;

/// Why a client has no sector identifier
/// ([Core 8.1](https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg)).
///
/// ```
/// use avouch_claims::{SectorError, SectorIdentifier};
/// assert!(matches!(SectorIdentifier::of_client(&[], None), Err(SectorError::NoRedirectUri)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum SectorError {
    /// No redirect URI is registered, and no `sector_identifier_uri`.
    NoRedirectUri,
    /// A redirect URI has no host, as those of private schemes, and no `sector_identifier_uri` is registered.
    NoHost,
    /// The redirect URIs have several hosts, and no `sector_identifier_uri` is registered.
    SeveralHosts,
    /// What the `sector_identifier_uri` points to is not a JSON array within the limits.
    Json {
        /// Where the text goes wrong, such as `[3]`; empty for the document itself.
        path: String,
        /// How it does.
        error: JsonError,
    },
    /// An element of that array is no string.
    NotStrings {
        /// Which element, from 0.
        index: usize,
    },
    /// A registered redirect URI is no element of that array.
    NotListed {
        /// Which redirect URI, from 0.
        index: usize,
    },
}

impl SectorError {
    /// Where the problem is: the client metadata, or an element of the document at `sector_identifier_uri`.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::NoRedirectUri | Self::NoHost | Self::SeveralHosts => "sector_identifier_uri".to_owned(),
            Self::Json { path, .. } => path.clone(),
            Self::NotStrings { index } => path::element("", *index),
            Self::NotListed { index } => path::element("redirect_uris", *index),
        }
    }

    /// The section of the specification that says otherwise.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Json { error, .. } => error.section().unwrap_or(PAIRWISE),
            _ => PAIRWISE,
        }
    }
}

const PAIRWISE: &str = "OpenID Connect Core 1.0, 8.1";

impl fmt::Display for SectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRedirectUri => {
                f.write_str("neither redirect_uris nor sector_identifier_uri is registered")
            }
            Self::NoHost => f.write_str("a redirect URI has no host: sector_identifier_uri is needed"),
            Self::SeveralHosts => {
                f.write_str("the redirect URIs have several hosts: sector_identifier_uri is needed")
            }
            Self::Json { .. } => f.write_str("the document at sector_identifier_uri is no JSON array"),
            Self::NotStrings { index } => {
                write!(f, "element [{index}] of the document at sector_identifier_uri is no string")
            }
            Self::NotListed { index } => {
                write!(f, "redirect_uris[{index}] is not in the document at sector_identifier_uri")
            }
        }?;
        write!(f, " ({})", self.section())
    }
}

impl Error for SectorError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// Why no pairwise identifier is derived.
///
/// ```
/// use avouch_claims::{PairwiseKey, SubjectError};
/// let error = PairwiseKey::new(avouch_types::Secret::new("salt")).unwrap_err();
/// assert_eq!(error, SubjectError::KeyTooShort { len: 4, least: 32 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubjectError {
    /// The secret is short enough to be tried out.
    KeyTooShort {
        /// Its length in octets.
        len: usize,
        /// The least length.
        least: usize,
    },
    /// The MAC handed in is too short to keep identifiers apart.
    MacTooShort {
        /// Its length in octets.
        len: usize,
        /// The least length.
        least: usize,
    },
    /// What was derived is no subject identifier.
    Malformed(WordError),
}

impl fmt::Display for SubjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyTooShort { len, least } => {
                write!(f, "the secret has {len} octets, at least {least} are needed")
            }
            Self::MacTooShort { len, least } => {
                write!(f, "the MAC has {len} octets, at least {least} are needed")
            }
            Self::Malformed(_) => f.write_str("what was derived is no subject identifier"),
        }
    }
}

impl Error for SubjectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            _ => None,
        }
    }
}
