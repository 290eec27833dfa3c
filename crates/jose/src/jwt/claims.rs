use std::fmt;

use avouch_json::MemberName;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::audience::Audience;
use super::error::{ClaimsError, JwtError};
use super::expectations::Expectations;
use super::view::ClaimsView;
use crate::jws::{ContentRef, HeaderParameters, JwsContent, Reader, SignError, sign_compact};
use crate::key::{SigningKey, VerifyingKeys};
use crate::numeric_date::NumericDate;
use crate::verified::{Checked, Verified};

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisteredClaims {
    /// Who issued the token.
    pub iss: Option<String>,
    /// Whom it is about.
    pub sub: Option<String>,
    /// Whom it is for.
    pub aud: Option<Audience>,
    /// When it ends to be valid.
    pub exp: Option<NumericDate>,
    /// When it begins to be valid.
    pub nbf: Option<NumericDate>,
    /// When it was issued.
    pub iat: Option<NumericDate>,
    /// What identifies it.
    pub jti: Option<String>,
}

/// Verified when signature, issuer, recipient, times and type are what was expected.
impl Checked<'_> for RegisteredClaims {
    type Rules<'r> = (&'r Expectations, NumericDate);
    type Error = JwtError;

    fn check(content: &ContentRef<'_>, rules: Self::Rules<'_>) -> Result<Self, JwtError> {
        ClaimsView::check(content, rules).map(|claims| Self::from(&claims))
    }
}

impl From<&ClaimsView<'_>> for RegisteredClaims {
    fn from(claims: &ClaimsView<'_>) -> Self {
        Self {
            iss: claims.iss().map(str::to_owned),
            sub: claims.sub().map(str::to_owned),
            aud: claims.aud().map(Audience::from),
            exp: claims.exp(),
            nbf: claims.nbf(),
            iat: claims.iat(),
            jti: claims.jti().map(str::to_owned),
        }
    }
}

/// Verifies a JWT in compact form: the signature, then what is expected of the claims.
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, NumericDate, SigningKey, VerifyingKey, VerifyingKeys, jws, jwt};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// # let claims = serde_json::json!({"iss": "joe", "aud": "ann", "exp": 1_300_819_380});
/// # let token = jwt::sign_claims(&key, None, &claims)?;
/// # let now = NumericDate::from_seconds(1_300_819_000)?;
/// let reader = jws::Reader::new(Limits::default());
/// let expected = jwt::Expectations::new("joe", "ann");
/// let claims = jwt::verify(&token, &reader, &keys, &expected, now)?;
/// assert_eq!(claims.iss.as_deref(), Some("joe"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`JwtError`] for the first rule that is broken.
pub fn verify(
    token: &str,
    reader: &Reader,
    keys: &VerifyingKeys,
    expectations: &Expectations,
    now: NumericDate,
) -> Result<Verified<RegisteredClaims>, JwtError> {
    reader.compact(token)?.verify(keys)?.check((expectations, now))
}

/// Reads the payload of a JWS as claims: a strict JSON object ([RFC 7519 §7.2]).
///
/// What it gives is an ordinary value: that the signature is valid does not make the claims what the caller is owed.
///
/// # Errors
///
/// [`ClaimsError`] if the payload is no strict JSON object or a claim has the wrong type.
///
/// [RFC 7519 §7.2]: https://www.rfc-editor.org/rfc/rfc7519#section-7.2
pub fn read_claims<T: DeserializeOwned>(content: &JwsContent) -> Result<T, ClaimsError> {
    Ok(avouch_json::from_object(content.payload(), content.json_limits())?)
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
    let mut parameters = HeaderParameters::new();
    if let Some(typ) = typ {
        parameters = parameters.typ(typ);
    }
    sign_compact(&parameters, &payload, key)
}

impl Serialize for RegisteredClaims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn put<M: SerializeMap, T: Serialize>(
            map: &mut M,
            name: &str,
            claim: &Option<T>,
        ) -> Result<(), M::Error> {
            claim.iter().try_for_each(|claim| map.serialize_entry(name, claim))
        }
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "iss", &self.iss)?;
        put(&mut map, "sub", &self.sub)?;
        put(&mut map, "aud", &self.aud)?;
        put(&mut map, "exp", &self.exp)?;
        put(&mut map, "nbf", &self.nbf)?;
        put(&mut map, "iat", &self.iat)?;
        put(&mut map, "jti", &self.jti)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for RegisteredClaims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Claims;

        impl<'de> Visitor<'de> for Claims {
            type Value = RegisteredClaims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a claims set")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<RegisteredClaims, M::Error> {
                /// A claim may stand there once ([RFC 7519 §4](https://www.rfc-editor.org/rfc/rfc7519#section-4)),
                /// also where the document has not gone through `avouch_json` before.
                fn once<'de, M: MapAccess<'de>, T: Deserialize<'de>>(
                    map: &mut M,
                    name: &'static str,
                    claim: &mut Option<T>,
                ) -> Result<(), M::Error> {
                    match claim.replace(map.next_value()?) {
                        None => Ok(()),
                        Some(_) => Err(M::Error::duplicate_field(name)),
                    }
                }
                let mut claims = RegisteredClaims::default();
                while let Some(name) = map.next_key::<MemberName<'de>>()? {
                    match &*name {
                        "iss" => once(&mut map, "iss", &mut claims.iss)?,
                        "sub" => once(&mut map, "sub", &mut claims.sub)?,
                        "aud" => once(&mut map, "aud", &mut claims.aud)?,
                        "exp" => once(&mut map, "exp", &mut claims.exp)?,
                        "nbf" => once(&mut map, "nbf", &mut claims.nbf)?,
                        "iat" => once(&mut map, "iat", &mut claims.iat)?,
                        "jti" => once(&mut map, "jti", &mut claims.jti)?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(claims)
            }
        }

        deserializer.deserialize_map(Claims)
    }
}
