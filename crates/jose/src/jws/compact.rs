use std::fmt;
use std::sync::Arc;

use super::content::{ContentRef, JwsContent};
use super::error::JwsError;
use super::header::Header;
use super::memo::Memo;
use super::reader::Rules;
use super::signed::Signed;
use crate::key::VerifyingKeys;
use crate::limits::Limits;
use crate::verified::Verified;

/// A JWS in compact form that has been taken apart and whose header is in order. Nobody vouches for it yet.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, Limits, VerifyingKey, VerifyingKeys, jws::UnverifiedJws};
///
/// // RFC 8037, appendix A.4
/// let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
/// # let crypto = avouch_jose_ring::provider();
/// # let jwk = avouch_jose::Jwk::from_json(
/// #     br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#, &Limits::default())?;
/// let keys = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::EDDSA, &crypto)?);
/// let content = UnverifiedJws::parse(token, &Limits::default())?.verify(&keys)?;
/// assert_eq!(content.payload(), b"Example of Ed25519 signing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct UnverifiedJws<'a> {
    signed: Signed<'a>,
    json_limits: avouch_json::Limits,
}

impl<'a> UnverifiedJws<'a> {
    /// Takes a token apart and checks its header by the strictest rules: no critical parameter is understood. The payload
    /// and the signature are decoded when they are needed. A [`Reader`](super::Reader) does the same for many tokens, and
    /// more.
    ///
    /// # Errors
    ///
    /// [`JwsError`] for a token past its budget, of another form, or with a header that breaks a rule.
    pub fn parse(token: &'a str, limits: &Limits) -> Result<Self, JwsError> {
        Self::read(token, &Rules::strict(*limits), None)
    }

    pub(super) fn read(token: &'a str, rules: &Rules, memo: Option<&Memo<Header>>) -> Result<Self, JwsError> {
        let signed = Signed::attached(token, rules, memo)?;
        // whoever reads this as a JWT may rely on it (RFC 7797, 7)
        if signed.header.is_unencoded() {
            return Err(JwsError::PayloadUnencoded);
        }
        Ok(Self { signed, json_limits: rules.limits().json })
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
    pub fn verify(&self, keys: &VerifyingKeys) -> Result<Verified<JwsContent>, JwsError> {
        let key = self.signed.verifying_key(keys)?;
        Ok(Verified::mint(JwsContent {
            payload: self.signed.payload()?,
            header: Arc::clone(&self.signed.header),
            algorithm: key.algorithm(),
            kid: key.kid().map(str::to_owned),
            json_limits: self.json_limits,
        }))
    }

    /// As [`verify`](Self::verify), with the payload in a buffer of the caller's: where the buffer is used again, nothing
    /// is allocated from the second token on. The buffer holds the payload, or nothing if there is an error.
    ///
    /// ```
    /// # use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys, jws::{self, Reader}};
    /// # let crypto = avouch_jose_ring::provider();
    /// # let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
    /// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&private, JwsAlgorithm::ES256, &crypto)?);
    /// # let tokens = [jws::sign_compact(&jws::HeaderParameters::new(), b"payload", &key)?];
    /// let reader = Reader::new(Limits::default());
    /// let mut buffer = Vec::new();
    /// for token in &tokens {
    ///     let content = reader.compact(token)?.verify_into(&keys, &mut buffer)?;
    ///     assert_eq!(content.payload(), b"payload");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_into<'b>(
        &self,
        keys: &'b VerifyingKeys,
        buffer: &'b mut Vec<u8>,
    ) -> Result<Verified<ContentRef<'b>>, JwsError> {
        buffer.clear();
        let key = self.signed.verifying_key(keys)?;
        if let Err(error) = self.signed.payload_onto(buffer) {
            buffer.clear();
            return Err(error);
        }
        Ok(Verified::mint(ContentRef {
            header: Arc::clone(&self.signed.header),
            payload: buffer,
            algorithm: key.algorithm(),
            kid: key.kid(),
            json_limits: self.json_limits,
        }))
    }
}

impl fmt::Debug for UnverifiedJws<'_> {
    // a token is a credential: neither payload nor signature
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedJws").field("header", self.header()).finish_non_exhaustive()
    }
}
