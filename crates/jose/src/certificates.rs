//! Certificates beside keys: `x5c`, `x5t#S256` and `x5t`, carried and matched, never a source of keys.

mod der;
mod leaf;

use std::error::Error;
use std::fmt;

use serde_json::Value;

use crate::base64url::{self, DecodeError};
use crate::crypto::CryptoProvider;
use crate::hash::HashAlgorithm;
use crate::jwk::Jwk;
use crate::key::KeyError;

/// Octets that a certificate has at most when it is read. One with an ML-DSA-87 key and signature has some 8000.
const MAXIMUM_OCTETS: usize = 64 * 1024;

/// What is wrong with a chain.
pub(crate) enum ChainError {
    /// It is not an array of one or more strings.
    WrongType,
    /// One of the strings is not base64 with padding.
    Encoding(DecodeError),
}

/// Checks the form of a chain ([RFC 7515 §4.1.6](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6)).
pub(crate) fn check_chain(chain: &Value) -> Result<(), ChainError> {
    certificates(chain)?.try_for_each(|certificate| certificate.map(drop))
}

/// The certificates of a chain, decoded one by one as they are asked for.
fn certificates(chain: &Value) -> Result<impl Iterator<Item = Result<Vec<u8>, ChainError>> + '_, ChainError> {
    let chain = chain.as_array().filter(|chain| !chain.is_empty()).ok_or(ChainError::WrongType)?;
    Ok(chain.iter().map(|certificate| {
        let text = certificate.as_str().ok_or(ChainError::WrongType)?;
        base64url::decode_standard(text).map_err(ChainError::Encoding)
    }))
}

/// Checks that the certificate beside a key is the key's ([RFC 7517 §4.7]), and gives it. What was read as a key has a
/// chain in order or none.
///
/// [RFC 7517 §4.7]: https://www.rfc-editor.org/rfc/rfc7517#section-4.7
pub(crate) fn check_key(jwk: &Jwk) -> Result<Option<Vec<u8>>, KeyError> {
    let Some(chain) = jwk.extra().get("x5c").and_then(|chain| certificates(chain).ok()) else {
        return Ok(None);
    };
    let Some(Ok(leaf)) = chain.into_iter().next() else { return Ok(None) };
    if leaf::is_of(&leaf, jwk.material()).map_err(KeyError::Certificate)? {
        Ok(Some(leaf))
    } else {
        Err(KeyError::CertificateOfAnotherKey)
    }
}

/// Checks the same, and that `x5t#S256` is the thumbprint of that certificate. Gives the thumbprint by which a header can
/// name the key, if there is one.
///
/// An `x5t#S256` that is no SHA-256 hash at all is a hint that leads nowhere: large providers publish such (the hash in
/// hexadecimal, encoded again), and it spoils no key.
pub(crate) fn check(jwk: &Jwk, crypto: &CryptoProvider) -> Result<Option<String>, KeyError> {
    let told = jwk.x5t_s256();
    let Some(leaf) = check_key(jwk)? else { return Ok(told.map(str::to_owned)) };
    let computed = certificate_thumbprint(&leaf, crypto);
    match told {
        Some(told) if told != computed && is_sha256(told) => Err(KeyError::CertificateThumbprint),
        _ => Ok(Some(computed)),
    }
}

fn is_sha256(thumbprint: &str) -> bool {
    base64url::decode(thumbprint).is_ok_and(|hash| hash.len() == HashAlgorithm::Sha256.output_len())
}

/// A chain of certificates as `x5c` carries it ([RFC 7515 §4.1.6], [RFC 7517 §4.7]): DER, that of the key first.
///
/// What can be done with it here is to compare: whether the first certificate holds a key that is known already, and what
/// its hash is. Nothing else of a certificate is looked at, neither its times and names nor who signed it nor what it says
/// its key is for: whoever wants to trust certificates validates [`der`](Self::der) by RFC 5280 first.
///
/// ```
/// use avouch_jose::{Jwk, Limits};
///
/// // RFC 8705, appendix A
/// let jwk = Jwk::from_json(br#"{
///     "kty":"EC", "crv":"P-256",
///     "x":"1yfLHCpXqFjxCeHHHMVDTcLscpb07KUxudBmOMn8C7Q", "y":"8_coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8",
///     "x5c":["MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY="]
/// }"#, &Limits::default())?;
/// let chain = jwk.certificates().ok_or("no x5c")?;
/// assert!(chain.leaf_matches(&jwk)?);
/// let crypto = avouch_jose_ring::provider();
/// assert_eq!(chain.leaf_thumbprint(&crypto), "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7515 §4.1.6]: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6
/// [RFC 7517 §4.7]: https://www.rfc-editor.org/rfc/rfc7517#section-4.7
#[derive(Clone, PartialEq, Eq)]
pub struct CertificateChain {
    leaf: Vec<u8>,
    issuers: Vec<Vec<u8>>,
}

impl CertificateChain {
    /// Reads the value of an `x5c`, of a key or of a header; `None` if it is no chain.
    pub fn from_value(x5c: &Value) -> Option<Self> {
        let mut all = certificates(x5c).ok()?;
        let leaf = all.next()?.ok()?;
        let issuers = all.collect::<Result<_, _>>().ok()?;
        Some(Self { leaf, issuers })
    }

    /// The certificate of the key, in DER.
    pub fn leaf(&self) -> &[u8] {
        &self.leaf
    }

    /// All certificates in DER, each but the last certified by the next, or so the sender says.
    pub fn der(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(&*self.leaf).chain(self.issuers.iter().map(|issuer| &**issuer))
    }

    /// Whether the first certificate is of the public half of this key.
    ///
    /// A certificate of a kind of key that no JWK can hold is of another key, so `false`.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] if it is longer than 64 KiB or no certificate in DER, and for a curve that is spelt out by its
    /// parameters instead of named.
    pub fn leaf_matches(&self, jwk: &Jwk) -> Result<bool, CertificateError> {
        leaf::is_of(&self.leaf, jwk.material())
    }

    /// The SHA-256 thumbprint of the first certificate: see [`certificate_thumbprint`].
    pub fn leaf_thumbprint(&self, crypto: &CryptoProvider) -> String {
        certificate_thumbprint(&self.leaf, crypto)
    }
}

impl fmt::Debug for CertificateChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateChain")
            .field("certificates", &(1 + self.issuers.len()))
            .finish_non_exhaustive()
    }
}

/// The value of `x5t#S256`: base64url of the SHA-256 hash of a certificate in DER ([RFC 7515 §4.1.8]), which is also what a
/// token bound to a client certificate holds ([RFC 8705 §3.1]).
///
/// Its elder sister `x5t` takes SHA-1, which no backend has: such a value is carried, and selects among keys that are
/// trusted anyway, and is never computed.
///
/// [RFC 7515 §4.1.8]: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.8
/// [RFC 8705 §3.1]: https://www.rfc-editor.org/rfc/rfc8705#section-3.1
pub fn certificate_thumbprint(der: &[u8], crypto: &CryptoProvider) -> String {
    base64url::encode(crypto.sha256(der))
}

/// Why a certificate cannot be compared with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// It is longer than what is read.
    TooLong {
        /// Octets it has.
        octets: usize,
        /// The limit.
        limit: usize,
    },
    /// It is no certificate in DER ([RFC 5280 §4.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.1)).
    Malformed {
        /// The field that is not as it must be.
        field: &'static str,
    },
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { octets, limit } => {
                write!(f, "a certificate of {octets} octets exceeds the limit of {limit}")
            }
            Self::Malformed { field } => write!(f, "not a certificate in DER: its {field} cannot be read"),
        }
    }
}

impl Error for CertificateError {}
