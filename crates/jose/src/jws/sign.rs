use std::error::Error;
use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::error::HeaderError;
use super::header::Header;
use crate::algorithm::JwsAlgorithm;
use crate::base64url;
use crate::crypto::SignFailed;
use crate::key::SigningKey;

/// What goes into a protected header beside `alg` and `kid`, which the key decides.
///
/// ```
/// use avouch_jose::jws::HeaderParameters;
///
/// let parameters = HeaderParameters::new().typ("at+jwt").parameter("example", 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct HeaderParameters(Map<String, Value>);

impl HeaderParameters {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `typ`, best without `application/` before it.
    #[must_use]
    pub fn typ(self, typ: &str) -> Self {
        self.parameter("typ", typ)
    }

    /// Sets `cty`, best without `application/` before it.
    #[must_use]
    pub fn cty(self, cty: &str) -> Self {
        self.parameter("cty", cty)
    }

    /// Sets any parameter. One that the key decides (`alg`, `kid`) or that changes how the token is read (`crit`,
    /// `b64`, `enc`) makes signing fail.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

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
    let input = SigningInput::new(parameters, payload, key.algorithm(), key.kid())?;
    let signature = key.sign(input.as_bytes())?;
    input.finish(&signature)
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
    text: String,
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
        for name in ["alg", "kid", "crit", "b64", "enc"] {
            if parameters.0.contains_key(name) {
                return Err(SignError::ReservedParameter { name });
            }
        }
        let mut header = parameters.0.clone();
        header.insert("alg".to_owned(), algorithm.name().into());
        if let Some(kid) = kid {
            header.insert("kid".to_owned(), kid.into());
        }
        let header = Header::from_parameters(header).map_err(SignError::Header)?.to_json();
        let mut text = String::with_capacity((header.len() + payload.len()) * 4 / 3 + 4);
        base64url::encode_onto(header.as_bytes(), &mut text);
        text.push('.');
        base64url::encode_onto(payload, &mut text);
        Ok(Self { text, algorithm })
    }

    /// The octets to sign.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Puts the signature in and gives the token in compact form.
    ///
    /// # Errors
    ///
    /// [`SignError::SignatureLength`].
    pub fn finish(self, signature: &[u8]) -> Result<String, SignError> {
        let (algorithm, found) = (self.algorithm, signature.len());
        let expected = algorithm.signature_len();
        if !expected.contains(&found) {
            return Err(SignError::SignatureLength { algorithm, expected, found });
        }
        let mut token = self.text;
        token.push('.');
        base64url::encode_onto(signature, &mut token);
        Ok(token)
    }
}

impl fmt::Debug for SigningInput {
    // a token is made of it, and its payload may be personal
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningInput")
            .field("algorithm", &self.algorithm)
            .field("len", &self.text.len())
            .finish_non_exhaustive()
    }
}
