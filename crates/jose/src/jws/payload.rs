use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::error::JwsError;
use super::header::Header;
use super::memo::Memo;
use super::reader::Rules;
use super::signed::Signed;
use crate::algorithm::JwsAlgorithm;
use crate::key::{VerifyingKey, VerifyingKeys};
use crate::verified::Verified;

/// A JWS in compact form whose payload came another way, or is not encoded, or might not be. Nobody vouches for it yet.
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys, jws::{self, HeaderParameters, Reader}};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&private, JwsAlgorithm::ES256, &crypto)?);
/// let token = jws::sign_detached(&HeaderParameters::new(), b"an image", &key)?;
/// let reader = Reader::new(Limits::default());
/// let content = reader.detached(&token, b"an image")?.verify(&keys)?;
/// assert_eq!(content.payload(), b"an image");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct UnverifiedPayload<'a> {
    signed: Signed<'a>,
}

/// A payload that was signed, in a form that no JWT has: it is never read as claims. Inside
/// [`Verified`] it is what the signer signed.
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys};
/// # use avouch_jose::jws::{HeaderParameters, JsonBuilder, Reader, SignedPayload};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, Some("1"), &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&private, JwsAlgorithm::ES256, &crypto)?);
/// let text = JsonBuilder::new(b"payload").sign(&HeaderParameters::new().cty("text"), &key)?.flattened()?;
/// let signed = Reader::new(Limits::default()).json(&text)?.verify(&keys)?;
/// assert_eq!((signed.payload(), signed.kid()), (&b"payload"[..], Some("1")));
/// assert_eq!(signed.protected()["cty"], "text");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SignedPayload {
    header: Arc<Header>,
    payload: Vec<u8>,
    algorithm: JwsAlgorithm,
    kid: Option<String>,
    index: usize,
}

impl<'a> UnverifiedPayload<'a> {
    pub(super) fn attached(token: &'a str, rules: &Rules, memo: &Memo<Header>) -> Result<Self, JwsError> {
        let signed = Signed::attached(token, rules, Some(memo))?;
        if signed.header.is_unencoded() {
            check_unencoded(signed.signed_payload())
                .map_err(|offset| JwsError::UnencodedCharacter { offset })?;
        }
        Ok(Self { signed })
    }

    pub(super) fn detached(
        token: &'a str,
        payload: &[u8],
        rules: &Rules,
        memo: &Memo<Header>,
    ) -> Result<Self, JwsError> {
        Ok(Self { signed: Signed::detached(token, payload, rules, memo)? })
    }

    /// The header, as the sender wrote it.
    pub fn header(&self) -> &Header {
        &self.signed.header
    }

    /// The payload that nobody vouches for: to look up whose keys to use, never to act on.
    ///
    /// # Errors
    ///
    /// [`JwsError::Encoding`] if it is not canonical base64url.
    pub fn unverified_payload(&self) -> Result<Vec<u8>, JwsError> {
        self.signed.payload()
    }

    /// Selects the key and checks the signature over the bytes as they were received.
    ///
    /// # Errors
    ///
    /// [`JwsError`] if no single key is selected, or the signature is not its.
    pub fn verify(&self, keys: &VerifyingKeys) -> Result<Verified<SignedPayload>, JwsError> {
        SignedPayload::verify(&self.signed, 0, keys)
    }
}

/// Space and printable ASCII without the period are all that an unencoded payload may have inside a compact JWS
/// ([RFC 7797 §5.2](https://www.rfc-editor.org/rfc/rfc7797#section-5.2)). The error is the offset of the first other.
pub(super) fn check_unencoded(payload: &[u8]) -> Result<(), usize> {
    match payload.iter().position(|octet| !matches!(octet, b' '..=b'-' | b'/'..=b'~')) {
        Some(offset) => Err(offset),
        None => Ok(()),
    }
}

impl SignedPayload {
    pub(super) fn verify(
        signed: &Signed<'_>,
        index: usize,
        keys: &VerifyingKeys,
    ) -> Result<Verified<Self>, JwsError> {
        Self::verify_by(signed, index, keys).map(|(content, _)| content)
    }

    /// Tells also whose signature it is.
    pub(super) fn verify_by<'k>(
        signed: &Signed<'_>,
        index: usize,
        keys: &'k VerifyingKeys,
    ) -> Result<(Verified<Self>, &'k VerifyingKey), JwsError> {
        let key = signed.verifying_key(keys)?;
        let content = Verified::mint(Self {
            payload: signed.payload()?,
            header: Arc::clone(&signed.header),
            algorithm: key.algorithm(),
            kid: key.kid().map(str::to_owned),
            index,
        });
        Ok((content, key))
    }

    /// The payload, decoded.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Gives up everything but the payload.
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    /// The header of the signature that was verified.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its protected parameters: what the signer signed.
    pub fn protected(&self) -> &Map<String, Value> {
        self.header.parameters()
    }

    /// Its unprotected parameters: what anybody can have put there.
    pub fn unprotected(&self) -> &Map<String, Value> {
        self.header.unprotected()
    }

    /// The algorithm that verified it.
    pub fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    /// The `kid` of the key that verified it.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Which of several signatures was verified: its place in a JWS in general JSON form, else 0.
    pub fn signature_index(&self) -> usize {
        self.index
    }
}

impl fmt::Debug for UnverifiedPayload<'_> {
    // a signed payload may be a credential: neither it nor the signature
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedPayload").field("header", self.header()).finish_non_exhaustive()
    }
}

impl fmt::Debug for SignedPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedPayload")
            .field("header", &self.header)
            .field("payload_len", &self.payload.len())
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .field("signature_index", &self.index)
            .finish()
    }
}
