use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::audience::Audience;
use crate::jws::{HeaderParameters, JwsContent, SignError, sign_compact};
use crate::key::SigningKey;
use crate::limits::Limits;
use crate::numeric_date::NumericDate;
use crate::verified::Verified;

/// The registered claims ([RFC 7519 §4.1]), each absent or of the right type: `null` and numbers in strings fail.
///
/// ```
/// use avouch_jose::jwt::RegisteredClaims;
///
/// let claims: RegisteredClaims = serde_json::from_str(r#"{"iss":"joe","exp":1300819380,"other":true}"#)?;
/// assert_eq!(claims.iss.as_deref(), Some("joe"));
/// assert!(serde_json::from_str::<RegisteredClaims>(r#"{"exp":"1300819380"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7519 §4.1]: https://www.rfc-editor.org/rfc/rfc7519#section-4.1
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredClaims {
    /// Who issued the token.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Whom it is about.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Whom it is for.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// When it ends to be valid.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub exp: Option<NumericDate>,
    /// When it begins to be valid.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<NumericDate>,
    /// When it was issued.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub iat: Option<NumericDate>,
    /// What identifies it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

/// A member that is there must have its type; serde alone would take `null` for absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The payload of a verified JWS is not a claims set of the expected shape.
#[derive(Debug, thiserror::Error)]
#[error("the payload is not a valid claims set")]
pub struct ClaimsError(#[from] avouch_json::JsonError);

/// Reads the payload of a verified JWS as claims: a strict JSON object ([RFC 7519 §7.2]).
///
/// ```
/// use avouch_jose::{JwsAlgorithm, Limits, VerifyingKey, VerifyingKeys, jws::UnverifiedJws, jwt};
///
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, jwk) = avouch_jose::SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let token = jwt::sign_claims(&key, None, &serde_json::json!({"iss": "joe"}))?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// let limits = Limits::default();
/// let content = UnverifiedJws::parse(&token, &limits)?.verify(&keys)?;
/// let claims = jwt::read_claims::<jwt::RegisteredClaims>(&content, &limits)?;
/// assert_eq!(claims.iss.as_deref(), Some("joe"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`ClaimsError`] if the payload is no strict JSON object or a claim has the wrong type.
///
/// [RFC 7519 §7.2]: https://www.rfc-editor.org/rfc/rfc7519#section-7.2
pub fn read_claims<T: DeserializeOwned>(
    content: &Verified<JwsContent>,
    limits: &Limits,
) -> Result<Verified<T>, ClaimsError> {
    // A struct also deserialises from an array, so that the object must be asked for.
    match content.payload().trim_ascii_start().first() {
        Some(b'{') => Ok(Verified::mint(avouch_json::from_slice(content.payload(), &limits.json)?)),
        _ => Err(ClaimsError(avouch_json::JsonError::NotAnObject)),
    }
}

/// Signs claims as a JWT in compact form, with this `typ` in its header.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, jwt};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// let claims = jwt::RegisteredClaims {
///     iss: Some("https://issuer.example".to_owned()),
///     exp: Some(NumericDate::from_seconds(1_300_819_380)?),
///     ..Default::default()
/// };
/// let token = jwt::sign_claims(&key, Some("at+jwt"), &claims)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`SignError`] if the claims are no JSON object, or from the signer.
pub fn sign_claims<T: Serialize + ?Sized>(
    key: &SigningKey,
    typ: Option<&str>,
    claims: &T,
) -> Result<String, SignError> {
    let payload = serde_json::to_vec(claims).map_err(SignError::Payload)?;
    if payload.first() != Some(&b'{') {
        return Err(SignError::ClaimsNotAnObject);
    }
    let parameters = HeaderParameters::new();
    sign_compact(&typ.map_or_else(|| parameters.clone(), |typ| parameters.clone().typ(typ)), &payload, key)
}
