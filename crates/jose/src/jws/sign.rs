use std::fmt;

mod error;

use serde::Serialize;

use super::parameters::{HeaderParameters, NewHeader, Unprotected};
use super::payload::check_unencoded;
use crate::algorithm::JwsAlgorithm;
use crate::base64url;
use crate::key::SigningKey;

pub use error::SignError;

/// Octets of most claims sets, so that writing one seldom moves it.
const CLAIMS_ROOM: usize = 1024;

/// Signs a payload and gives the token in compact form ([RFC 7515 §7.1]).
///
/// ```
/// use avouch_jose::{JwsAlgorithm, SigningKey, jws::{self, HeaderParameters}};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, _) = SigningKey::generate(JwsAlgorithm::ED25519, Some("1"), &crypto)?;
/// let token = jws::sign_compact(&HeaderParameters::new(), b"payload", &key)?;
/// // {"alg":"Ed25519","kid":"1"} . payload
/// assert!(token.starts_with("eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMSJ9.cGF5bG9hZA."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`SignError`] for a header that must not be, or from the signer.
///
/// [RFC 7515 §7.1]: https://www.rfc-editor.org/rfc/rfc7515#section-7.1
pub fn sign_compact(
    parameters: &HeaderParameters,
    payload: &[u8],
    key: &SigningKey,
) -> Result<String, SignError> {
    SigningInput::new(parameters, payload, key.algorithm(), key.kid())?.sign(key)
}

/// Signs a payload that goes another way, and gives the token without it: the middle segment is empty
/// ([RFC 7515, appendix F](https://www.rfc-editor.org/rfc/rfc7515#appendix-F)).
///
/// # Errors
///
/// As [`sign_compact`].
pub fn sign_detached(
    parameters: &HeaderParameters,
    payload: &[u8],
    key: &SigningKey,
) -> Result<String, SignError> {
    SigningInput::detached(parameters, payload, key.algorithm(), key.kid())?.sign(key)
}

/// As [`sign_detached`], over the payload as it is instead of its encoding ([RFC 7797]): header and signature of a long
/// payload that nobody needs to encode. [`Reader::detached`](super::Reader::detached) reads it.
///
/// # Errors
///
/// As [`sign_compact`].
///
/// [RFC 7797]: https://www.rfc-editor.org/rfc/rfc7797
pub fn sign_unencoded_detached(
    parameters: &HeaderParameters,
    payload: &[u8],
    key: &SigningKey,
) -> Result<String, SignError> {
    SigningInput::unencoded_detached(parameters, payload, key.algorithm(), key.kid())?.sign(key)
}

/// Signs a payload that stands in the token as it is ([RFC 7797 §5.2]). It may have spaces and printable ASCII except the
/// period; for a place in a URL, only letters, digits, `-`, `_` and `~`.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, SigningKey, jws::{self, HeaderParameters}};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, _) = SigningKey::generate(JwsAlgorithm::HS256, None, &crypto)?;
/// let token = jws::sign_unencoded_compact(&HeaderParameters::new(), "in clear", &key)?;
/// assert!(token.contains(".in clear."));
/// assert!(jws::sign_unencoded_compact(&HeaderParameters::new(), "$.02", &key).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`sign_compact`], and [`SignError::UnencodedCharacter`].
///
/// [RFC 7797 §5.2]: https://www.rfc-editor.org/rfc/rfc7797#section-5.2
pub fn sign_unencoded_compact(
    parameters: &HeaderParameters,
    payload: &str,
    key: &SigningKey,
) -> Result<String, SignError> {
    check_unencoded(payload.as_bytes()).map_err(|offset| SignError::UnencodedCharacter { offset })?;
    let (algorithm, kid) = (key.algorithm(), key.kid());
    let mut token = start(parameters, algorithm, kid, true, payload.len())?;
    token.extend_from_slice(payload.as_bytes());
    SigningInput { token, detached: None, algorithm }.sign(key)
}

/// A key with the header of its tokens, written once: for many tokens with one header.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, SigningKey, jws::{self, HeaderParameters, PreparedHeader}};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, _) = SigningKey::generate(JwsAlgorithm::HS256, None, &crypto)?;
/// let parameters = HeaderParameters::new().typ("at+jwt");
/// let prepared = PreparedHeader::new(&parameters, &key)?;
/// assert_eq!(prepared.sign(b"{}")?, jws::sign_compact(&parameters, b"{}", &key)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PreparedHeader {
    /// The encoded header and a period.
    text: String,
    key: SigningKey,
}

impl PreparedHeader {
    /// Checks and writes the header.
    ///
    /// # Errors
    ///
    /// [`SignError`] for a header that must not be.
    pub fn new(parameters: &HeaderParameters, key: &SigningKey) -> Result<Self, SignError> {
        let text = text(start(parameters, key.algorithm(), key.kid(), false, 0)?)?;
        Ok(Self { text, key: key.clone() })
    }

    /// Signs a payload and gives the token in compact form.
    ///
    /// # Errors
    ///
    /// [`SignError::Signer`] from the signer.
    pub fn sign(&self, payload: &[u8]) -> Result<String, SignError> {
        let algorithm = self.key.algorithm();
        let payload_len = base64url::encoded_len(payload.len());
        let mut token = Vec::with_capacity(self.text.len() + payload_len + signature_room(algorithm));
        token.extend_from_slice(self.text.as_bytes());
        base64url::encode_in_place(payload, &mut token);
        SigningInput { token, detached: None, algorithm }.sign(&self.key)
    }

    /// Signs claims: a JWT in compact form, as [`jwt::sign_claims`](crate::jwt::sign_claims) makes it.
    ///
    /// # Errors
    ///
    /// [`SignError`] if the claims are no JSON object, or from the signer.
    pub fn sign_claims<T: Serialize + ?Sized>(&self, claims: &T) -> Result<String, SignError> {
        let mut payload = Vec::with_capacity(CLAIMS_ROOM);
        serde_json::to_writer(&mut payload, claims).map_err(SignError::Payload)?;
        if payload.first() != Some(&b'{') {
            return Err(SignError::ClaimsNotAnObject);
        }
        self.sign(&payload)
    }
}

/// A token that lacks its signature: for keys that sign elsewhere, in their own time.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, jws::{HeaderParameters, SigningInput}};
/// # fn ask_the_vault(input: &[u8]) -> Vec<u8> { vec![0; 64] }
///
/// let input = SigningInput::new(&HeaderParameters::new(), b"{}", JwsAlgorithm::ES256, Some("vault-1"))?;
/// let signature = ask_the_vault(input.as_bytes());
/// let token = input.finish(&signature)?;
/// # Ok::<(), avouch_jose::jws::SignError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct SigningInput {
    /// What the token begins with, up to the second period. It is also what is signed, unless the payload is detached.
    token: Vec<u8>,
    /// What is signed where the payload is detached.
    detached: Option<Vec<u8>>,
    algorithm: JwsAlgorithm,
}

impl SigningInput {
    /// What a key of this algorithm and `kid` is to sign: encoded header, period, encoded payload ([RFC 7515 §5.1]).
    ///
    /// # Errors
    ///
    /// [`SignError::ReservedParameter`], and [`SignError::Header`] for a parameter of the wrong type, a private `jwk` and
    /// whatever else a reader refuses.
    ///
    /// [RFC 7515 §5.1]: https://www.rfc-editor.org/rfc/rfc7515#section-5.1
    pub fn new(
        parameters: &HeaderParameters,
        payload: &[u8],
        algorithm: JwsAlgorithm,
        kid: Option<&str>,
    ) -> Result<Self, SignError> {
        let mut token = start(parameters, algorithm, kid, false, base64url::encoded_len(payload.len()))?;
        base64url::encode_in_place(payload, &mut token);
        Ok(Self { token, detached: None, algorithm })
    }

    /// As [`new`](Self::new), for a token without the payload; see [`sign_detached`].
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn detached(
        parameters: &HeaderParameters,
        payload: &[u8],
        algorithm: JwsAlgorithm,
        kid: Option<&str>,
    ) -> Result<Self, SignError> {
        let token = start(parameters, algorithm, kid, false, 0)?;
        let mut input = token.clone();
        base64url::encode_in_place(payload, &mut input);
        Ok(Self { token, detached: Some(input), algorithm })
    }

    /// As [`new`](Self::new), for a token without the payload, which is not encoded; see [`sign_unencoded_detached`].
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn unencoded_detached(
        parameters: &HeaderParameters,
        payload: &[u8],
        algorithm: JwsAlgorithm,
        kid: Option<&str>,
    ) -> Result<Self, SignError> {
        let token = start(parameters, algorithm, kid, true, 0)?;
        let input = [&token, payload].concat();
        Ok(Self { token, detached: Some(input), algorithm })
    }

    /// The octets to sign.
    pub fn as_bytes(&self) -> &[u8] {
        self.detached.as_deref().unwrap_or(&self.token)
    }

    /// Puts the signature in and gives the token in compact form.
    ///
    /// # Errors
    ///
    /// [`SignError::SignatureLength`].
    pub fn finish(self, signature: &[u8]) -> Result<String, SignError> {
        check_signature_len(self.algorithm, signature)?;
        let mut token = self.token;
        token.push(b'.');
        base64url::encode_in_place(signature, &mut token);
        text(token)
    }

    fn sign(self, key: &SigningKey) -> Result<String, SignError> {
        let signature = key.sign(self.as_bytes())?;
        self.finish(&signature)
    }
}

/// The encoded header and a period, with room for so many octets of payload and the signature.
fn start(
    parameters: &HeaderParameters,
    algorithm: JwsAlgorithm,
    kid: Option<&str>,
    unencoded: bool,
    payload_len: usize,
) -> Result<Vec<u8>, SignError> {
    let unprotected = &Unprotected::new();
    let header = NewHeader { protected: parameters, unprotected, algorithm, kid, unencoded };
    header.check()?;
    let json = header.protected_json();
    let mut text =
        Vec::with_capacity(base64url::encoded_len(json.len()) + 1 + payload_len + signature_room(algorithm));
    base64url::encode_in_place(&json, &mut text);
    text.push(b'.');
    Ok(text)
}

/// The token as text, which it is: but for a payload that is not encoded, and was checked, it is ASCII.
fn text(token: Vec<u8>) -> Result<String, SignError> {
    String::from_utf8(token).map_err(|error| SignError::PayloadNotUtf8(error.utf8_error()))
}

/// A period and the encoded signature, if it is one of the shortest; some RSA keys make longer ones.
fn signature_room(algorithm: JwsAlgorithm) -> usize {
    1 + base64url::encoded_len(*algorithm.signature_len().start())
}

pub(super) fn check_signature_len(algorithm: JwsAlgorithm, signature: &[u8]) -> Result<(), SignError> {
    let (expected, found) = (algorithm.signature_len(), signature.len());
    if expected.contains(&found) {
        Ok(())
    } else {
        Err(SignError::SignatureLength { algorithm, expected, found })
    }
}

impl fmt::Debug for SigningInput {
    // a token is made of it, and its payload may be personal
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningInput")
            .field("algorithm", &self.algorithm)
            .field("len", &self.as_bytes().len())
            .finish_non_exhaustive()
    }
}
