use std::error::Error;
use std::fmt;
use std::str::FromStr;

use super::Jwk;
use crate::base64url;
use crate::crypto::CryptoProvider;
use crate::hash::HashAlgorithm;
use crate::name::Quoted;

/// What every thumbprint URI begins with ([RFC 9278 §3](https://www.rfc-editor.org/rfc/rfc9278#section-3)).
const PREFIX: &str = "urn:ietf:params:oauth:jwk-thumbprint:";

impl Jwk {
    /// The thumbprint of the key, base64url encoded ([RFC 7638]). A private key has that of its public key.
    ///
    /// It is computed over the decoded key, so one key has one thumbprint however it was written. The thumbprint of a
    /// symmetric key helps to guess it: keep it secret ([RFC 7638 §7]).
    ///
    /// [RFC 7638]: https://www.rfc-editor.org/rfc/rfc7638
    /// [RFC 7638 §7]: https://www.rfc-editor.org/rfc/rfc7638#section-7
    pub fn thumbprint(&self, hash: HashAlgorithm, crypto: &CryptoProvider) -> String {
        base64url::encode(crypto.digest(hash, self.canonical_json().as_bytes()))
    }

    /// The SHA-256 thumbprint of the key as a URI; see [`thumbprint`](Self::thumbprint).
    pub fn thumbprint_uri(&self, crypto: &CryptoProvider) -> ThumbprintUri {
        ThumbprintUri::of(self, HashAlgorithm::Sha256, crypto)
    }
}

/// The thumbprint of a key as a URI ([RFC 9278]), where a key is named and the name is a URI.
///
/// ```
/// use avouch_jose::{HashAlgorithm, Jwk, Limits, ThumbprintUri};
///
/// // RFC 8037, appendix A.2
/// let jwk = Jwk::from_json(
///     br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#, &Limits::default())?;
/// let crypto = avouch_jose_ring::provider();
/// let uri: ThumbprintUri =
///     "urn:ietf:params:oauth:jwk-thumbprint:sha-256:kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k".parse()?;
/// assert_eq!(uri.hash(), HashAlgorithm::Sha256);
/// assert!(uri.is_of(&jwk, &crypto));
/// assert_eq!(jwk.thumbprint_uri(&crypto), uri);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 9278]: https://www.rfc-editor.org/rfc/rfc9278
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ThumbprintUri {
    hash: HashAlgorithm,
    thumbprint: String,
}

impl ThumbprintUri {
    /// Of this key, by this hash function.
    pub fn of(jwk: &Jwk, hash: HashAlgorithm, crypto: &CryptoProvider) -> Self {
        Self { hash, thumbprint: jwk.thumbprint(hash, crypto) }
    }

    /// Reads a URI, compared exactly: RFC 9278 has one spelling of it.
    ///
    /// # Errors
    ///
    /// [`ThumbprintUriError`] names the rule it breaks.
    pub fn parse(uri: &str) -> Result<Self, ThumbprintUriError> {
        let rest = uri.strip_prefix(PREFIX).ok_or(ThumbprintUriError::Prefix)?;
        let (name, thumbprint) = rest.split_once(':').ok_or(ThumbprintUriError::ThumbprintMissing)?;
        let hash = HASHES
            .into_iter()
            .find(|hash| hash_name(*hash) == name)
            .ok_or_else(|| ThumbprintUriError::UnknownHash(name.to_owned()))?;
        let octets = base64url::decode(thumbprint).map_err(ThumbprintUriError::Encoding)?;
        let (expected, found) = (hash.output_len(), octets.len());
        if found != expected {
            return Err(ThumbprintUriError::Width { expected, found });
        }
        Ok(Self { hash, thumbprint: thumbprint.to_owned() })
    }

    /// The hash function.
    pub fn hash(&self) -> HashAlgorithm {
        self.hash
    }

    /// The thumbprint, base64url encoded.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Whether it names this key.
    pub fn is_of(&self, jwk: &Jwk, crypto: &CryptoProvider) -> bool {
        jwk.thumbprint(self.hash, crypto) == self.thumbprint
    }
}

const HASHES: [HashAlgorithm; 3] = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

/// The name in the registry of named information ([RFC 6920 §9.4](https://www.rfc-editor.org/rfc/rfc6920#section-9.4)).
fn hash_name(hash: HashAlgorithm) -> &'static str {
    match hash {
        HashAlgorithm::Sha256 => "sha-256",
        HashAlgorithm::Sha384 => "sha-384",
        HashAlgorithm::Sha512 => "sha-512",
    }
}

impl fmt::Display for ThumbprintUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}:{}", hash_name(self.hash), self.thumbprint)
    }
}

impl FromStr for ThumbprintUri {
    type Err = ThumbprintUriError;

    fn from_str(uri: &str) -> Result<Self, Self::Err> {
        Self::parse(uri)
    }
}

/// Why a text is not the thumbprint URI of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ThumbprintUriError {
    /// It begins otherwise.
    Prefix,
    /// No thumbprint follows the name of the hash function.
    ThumbprintMissing,
    /// The hash function is not known here.
    UnknownHash(String),
    /// The thumbprint is not canonical base64url.
    Encoding(base64url::DecodeError),
    /// The thumbprint is not as long as the hash.
    Width {
        /// Octets it must have.
        expected: usize,
        /// Octets it has.
        found: usize,
    },
}

impl fmt::Display for ThumbprintUriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix => write!(f, "a thumbprint URI begins with {PREFIX:?}"),
            Self::ThumbprintMissing => f.write_str("no thumbprint in a thumbprint URI"),
            Self::UnknownHash(name) => write!(f, "unknown hash function {}", Quoted(name)),
            Self::Encoding(_) => f.write_str("the thumbprint is not canonical base64url"),
            Self::Width { expected, found } => {
                write!(f, "the thumbprint has {found} octets instead of {expected}")
            }
        }
    }
}

impl Error for ThumbprintUriError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encoding(source) => Some(source),
            _ => None,
        }
    }
}
