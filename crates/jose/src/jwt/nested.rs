//! Nested JWTs: signed, then encrypted ([RFC 7519 §5.2](https://www.rfc-editor.org/rfc/rfc7519#section-5.2),
//! [§11.2](https://www.rfc-editor.org/rfc/rfc7519#section-11.2)).

use std::error::Error;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::claims::{read_claims, sign_claims};
use super::error::ClaimsError;
use crate::algorithm::ContentEncryption;
use crate::crypto::SecureRandom;
use crate::jwe::{self, EncryptError, JweError};
use crate::jws::{self, JwsContent, JwsError, SignError};
use crate::key::{DecryptionKeys, EncryptionKey, SigningKey, VerifyingKeys};
use crate::verified::Verified;

/// Claims that the header of a JWE may repeat in the clear
/// ([RFC 7519 §5.3](https://www.rfc-editor.org/rfc/rfc7519#section-5.3)).
const REPEATED: [&str; 3] = ["iss", "sub", "aud"];

/// Signs claims and encrypts the signed token. `typ` is that of the signed token.
///
/// # Errors
///
/// [`SignThenEncryptError`] says which of the two failed.
pub fn sign_then_encrypt<T: Serialize + ?Sized>(
    signing_key: &SigningKey,
    typ: Option<&str>,
    claims: &T,
    encryption_key: &EncryptionKey,
    encryption: ContentEncryption,
    random: &dyn SecureRandom,
) -> Result<String, SignThenEncryptError> {
    let signed = sign_claims(signing_key, typ, claims).map_err(SignThenEncryptError::Sign)?;
    let parameters = jwe::HeaderParameters::new().cty("JWT");
    jwe::encrypt_compact(&parameters, signed.as_bytes(), encryption_key, encryption, random)
        .map_err(SignThenEncryptError::Encrypt)
}

/// How nested JWTs are read: each layer with its own rules and keys
/// ([RFC 8725 §3.3](https://www.rfc-editor.org/rfc/rfc8725#section-3.3)). There are two layers, and no more.
///
/// ```
/// use avouch_jose::{
///     ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, Jwk, JweAlgorithm, JwsAlgorithm, Limits, SigningKey,
///     VerifyingKey, VerifyingKeys, jwt,
/// };
///
/// let crypto = avouch_jose_aws_lc::provider();
/// let secret = Jwk::from_json(br#"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#, &Limits::default())?;
/// let (signing, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// let encrypting = EncryptionKey::prepare(&secret, JweAlgorithm::A128KW, &crypto)?;
/// let enc = ContentEncryption::A128GCM;
/// let claims = serde_json::json!({"iss": "joe"});
/// let random = &avouch_jose_aws_lc::SystemRandom::new();
/// let token = jwt::sign_then_encrypt(&signing, None, &claims, &encrypting, enc, random)?;
///
/// let nested = jwt::NestedReader::default();
/// let decrypting = DecryptionKey::prepare(&secret, JweAlgorithm::A128KW, &crypto)?;
/// let decrypting = DecryptionKeys::single(decrypting, &[enc])?;
/// let verifying = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// let content = nested.verify(&token, &decrypting, &verifying)?;
/// assert_eq!(content.payload(), br#"{"iss":"joe"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct NestedReader {
    /// The outer layer.
    pub jwe: jwe::Reader,
    /// The inner layer.
    pub jws: jws::Reader,
}

impl NestedReader {
    /// Decrypts a token, verifies what is in it, and checks that what the outer header repeats is what the claims say.
    ///
    /// # Errors
    ///
    /// [`NestedError`] of the first layer that fails.
    pub fn verify(
        &self,
        token: &str,
        decryption_keys: &DecryptionKeys,
        verifying_keys: &VerifyingKeys,
    ) -> Result<Verified<JwsContent>, NestedError> {
        let decrypted = self.jwe.compact(token).and_then(|jwe| jwe.decrypt(decryption_keys))?;
        let content = decrypted.nested_jws(&self.jws)?.verify(verifying_keys).map_err(NestedError::Jws)?;
        check_repeated(decrypted.header(), &content)?;
        Ok(content)
    }
}

fn check_repeated(header: &jwe::Header, content: &JwsContent) -> Result<(), NestedError> {
    let mut repeated =
        REPEATED.into_iter().filter_map(|name| Some((name, header.parameter(name)?))).peekable();
    if repeated.peek().is_none() {
        return Ok(());
    }
    let claims: Map<String, Value> = read_claims(content).map_err(NestedError::Claims)?;
    match repeated.find(|(name, value)| claims.get(*name) != Some(*value)) {
        Some((name, _)) => Err(NestedError::RepeatedClaim { name }),
        None => Ok(()),
    }
}

/// Why something is not a nested JWT that can be believed.
#[derive(Debug)]
#[non_exhaustive]
pub enum NestedError {
    /// The outer layer was refused.
    Jwe(JweError),
    /// The outer layer came in JSON; a JWT is compact ([RFC 7519 §1](https://www.rfc-editor.org/rfc/rfc7519#section-1)).
    NotCompact,
    /// The outer header does not say, protected, that its content is a JWT (`cty`).
    ContentType,
    /// What was decrypted is not even text.
    NotText,
    /// The inner layer is not a JWS, or was refused.
    Jws(JwsError),
    /// The inner layer says that there is a third one in it.
    TooDeep,
    /// The outer header repeats a claim, and the claims cannot be read.
    Claims(ClaimsError),
    /// The outer header repeats a claim with another value
    /// ([RFC 7519 §5.3](https://www.rfc-editor.org/rfc/rfc7519#section-5.3)).
    RepeatedClaim {
        /// The claim.
        name: &'static str,
    },
}

impl fmt::Display for NestedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jwe(error) => error.fmt(f),
            Self::NotCompact => f.write_str("a JWE in JSON is not a JWT"),
            Self::ContentType => f.write_str("header parameter \"cty\" is not \"JWT\""),
            Self::NotText => f.write_str("the content is not a signed token"),
            Self::Jws(error) => error.fmt(f),
            Self::TooDeep => f.write_str("the signed token has another one in it"),
            Self::Claims(error) => error.fmt(f),
            Self::RepeatedClaim { name } => write!(f, "header parameter {name:?} is not what the claims say"),
        }
    }
}

impl Error for NestedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Jwe(error) => error.source(),
            Self::Jws(error) => error.source(),
            Self::Claims(error) => error.source(),
            _ => None,
        }
    }
}

impl From<JweError> for NestedError {
    fn from(error: JweError) -> Self {
        Self::Jwe(error)
    }
}

/// Why claims could not be signed and encrypted.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignThenEncryptError {
    /// They could not be signed.
    Sign(SignError),
    /// The signed token could not be encrypted.
    Encrypt(EncryptError),
}

impl fmt::Display for SignThenEncryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => error.fmt(f),
            Self::Encrypt(error) => error.fmt(f),
        }
    }
}

impl Error for SignThenEncryptError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Sign(error) => error.source(),
            Self::Encrypt(error) => error.source(),
        }
    }
}
