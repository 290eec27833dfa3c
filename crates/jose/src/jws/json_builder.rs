use std::fmt;

use super::parameters::{HeaderParameters, NewHeader, Object, Unprotected};
use super::sign::{SignError, check_signature_len};
use crate::algorithm::JwsAlgorithm;
use crate::base64url;
use crate::key::SigningKey;

/// Makes a JWS in general or flattened JSON form ([RFC 7515 §7.2]): the payload once, signatures one by one.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, SigningKey, jws::{HeaderParameters, JsonBuilder, Unprotected}};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("1"), &crypto)?;
/// let text = JsonBuilder::new(b"payload")
///     .sign_with_unprotected(&HeaderParameters::new(), &Unprotected::new().kid(), &key)?
///     .flattened()?;
/// assert!(text.starts_with(r#"{"payload":"cGF5bG9hZA","protected":"eyJhbGciOiJFUzI1NiJ9","header":{"kid":"1"},"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7515 §7.2]: https://www.rfc-editor.org/rfc/rfc7515#section-7.2
#[derive(Clone)]
#[must_use]
pub struct JsonBuilder {
    /// The payload as it is signed: encoded, or not.
    signed_payload: Vec<u8>,
    unencoded: bool,
    detached: bool,
    signatures: Vec<Signature>,
}

/// A JWS in JSON that lacks its next signature: for keys that sign elsewhere, in their own time.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, jws::{HeaderParameters, JsonBuilder, Unprotected}};
/// # fn ask_the_vault(input: &[u8]) -> Vec<u8> { vec![0; 64] }
///
/// let pending = JsonBuilder::new(b"payload").prepare(
///     &HeaderParameters::new(), &Unprotected::new(), JwsAlgorithm::ES256, Some("vault-1"))?;
/// let signature = ask_the_vault(pending.as_bytes());
/// let text = pending.finish(&signature)?.general()?;
/// # Ok::<(), avouch_jose::jws::SignError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct PendingSignature {
    builder: JsonBuilder,
    protected: String,
    unprotected: Vec<u8>,
    input: Vec<u8>,
    algorithm: JwsAlgorithm,
}

#[derive(Clone)]
struct Signature {
    protected: String,
    unprotected: Vec<u8>,
    signature: String,
}

impl JsonBuilder {
    /// For a payload that is signed and transported encoded.
    pub fn new(payload: &[u8]) -> Self {
        Self::of(base64url::encode(payload).into_bytes(), false)
    }

    /// For a payload that is signed and transported as it is ([RFC 7797](https://www.rfc-editor.org/rfc/rfc7797)). If it
    /// is not UTF-8, it must be [`detached`](Self::detached). No JWT is made so.
    pub fn unencoded(payload: &[u8]) -> Self {
        Self::of(payload.to_vec(), true)
    }

    fn of(signed_payload: Vec<u8>, unencoded: bool) -> Self {
        Self { signed_payload, unencoded, detached: false, signatures: Vec::new() }
    }

    /// Signs, with `alg` and `kid` of the key in the protected header.
    ///
    /// # Errors
    ///
    /// [`SignError`] for a header that must not be, or from the signer.
    pub fn sign(self, protected: &HeaderParameters, key: &SigningKey) -> Result<Self, SignError> {
        self.sign_with_unprotected(protected, &Unprotected::new(), key)
    }

    /// Signs, with an unprotected header too.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign); a parameter in both headers is [`SignError::Header`].
    pub fn sign_with_unprotected(
        self,
        protected: &HeaderParameters,
        unprotected: &Unprotected,
        key: &SigningKey,
    ) -> Result<Self, SignError> {
        let pending = self.prepare(protected, unprotected, key.algorithm(), key.kid())?;
        let signature = key.sign(pending.as_bytes())?;
        pending.finish(&signature)
    }

    /// What a key of this algorithm and `kid` is to sign next.
    ///
    /// # Errors
    ///
    /// [`SignError`] for a header that must not be.
    pub fn prepare(
        self,
        protected: &HeaderParameters,
        unprotected: &Unprotected,
        algorithm: JwsAlgorithm,
        kid: Option<&str>,
    ) -> Result<PendingSignature, SignError> {
        let header = NewHeader { protected, unprotected, algorithm, kid, unencoded: self.unencoded };
        header.check()?;
        let protected = base64url::encode(header.protected_json());
        let input = [protected.as_bytes(), b".", &self.signed_payload].concat();
        Ok(PendingSignature {
            unprotected: header.unprotected_json(),
            builder: self,
            protected,
            input,
            algorithm,
        })
    }

    /// Leaves the payload out: it goes another way.
    pub fn detached(mut self) -> Self {
        self.detached = true;
        self
    }

    /// The text in general form, for any number of signatures.
    ///
    /// # Errors
    ///
    /// [`SignError::SignatureCount`] if there is none, [`SignError::PayloadNotUtf8`].
    pub fn general(self) -> Result<String, SignError> {
        if self.signatures.is_empty() {
            return Err(SignError::SignatureCount { found: 0 });
        }
        let mut list = Vec::new();
        for signature in &self.signatures {
            list.push(if list.is_empty() { b'[' } else { b',' });
            let mut object = Object::new();
            signature.write(&mut object);
            list.extend(object.finish());
        }
        list.push(b']');
        let mut object = self.begin()?;
        object.raw_member("signatures", &list);
        text(object)
    }

    /// The text in flattened form, for one signature.
    ///
    /// # Errors
    ///
    /// [`SignError::SignatureCount`] if there is not exactly one, [`SignError::PayloadNotUtf8`].
    pub fn flattened(self) -> Result<String, SignError> {
        let [signature] = &self.signatures[..] else {
            return Err(SignError::SignatureCount { found: self.signatures.len() });
        };
        let mut object = self.begin()?;
        signature.write(&mut object);
        text(object)
    }

    fn begin(&self) -> Result<Object, SignError> {
        let mut object = Object::new();
        if !self.detached {
            let payload = std::str::from_utf8(&self.signed_payload).map_err(SignError::PayloadNotUtf8)?;
            object.member("payload", payload);
        }
        Ok(object)
    }
}

fn text(object: Object) -> Result<String, SignError> {
    // all that was written is JSON, and JSON is UTF-8
    String::from_utf8(object.finish()).map_err(|error| SignError::PayloadNotUtf8(error.utf8_error()))
}

impl Signature {
    /// Leaves out what is empty.
    fn write(&self, object: &mut Object) {
        if !self.protected.is_empty() {
            object.member("protected", &self.protected);
        }
        if !self.unprotected.is_empty() {
            object.raw_member("header", &self.unprotected);
        }
        object.member("signature", &self.signature);
    }
}

impl PendingSignature {
    /// The octets to sign.
    pub fn as_bytes(&self) -> &[u8] {
        &self.input
    }

    /// Puts the signature in.
    ///
    /// # Errors
    ///
    /// [`SignError::SignatureLength`].
    pub fn finish(self, signature: &[u8]) -> Result<JsonBuilder, SignError> {
        check_signature_len(self.algorithm, signature)?;
        let mut builder = self.builder;
        builder.signatures.push(Signature {
            protected: self.protected,
            unprotected: self.unprotected,
            signature: base64url::encode(signature),
        });
        Ok(builder)
    }
}

impl fmt::Debug for JsonBuilder {
    // a token is made of it, and its payload may be personal
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonBuilder")
            .field("signatures", &self.signatures.len())
            .field("detached", &self.detached)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PendingSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSignature")
            .field("algorithm", &self.algorithm)
            .field("builder", &self.builder)
            .finish_non_exhaustive()
    }
}
