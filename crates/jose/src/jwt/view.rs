use std::borrow::Cow;
use std::fmt;

use avouch_json::{ObjectView, RawValue};

use super::audience::AudienceView;
use super::error::{ClaimsError, JwtError};
use super::expectations::Expectations;
use crate::jws::ContentRef;
use crate::numeric_date::NumericDate;
use crate::verified::Checked;

/// The claims of a token as they stand in its payload: the registered ones read ([RFC 7519 §4.1]), the others found.
///
/// What [`RegisteredClaims`](super::RegisteredClaims) is to those who keep claims, this is to those who look at them and
/// go on: nothing is copied, and up to 32 claims cost no allocation. As there, a registered claim is absent or of the
/// right type.
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, NumericDate, SigningKey, VerifyingKey, VerifyingKeys, jws, jwt};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// # let claims = serde_json::json!({"iss": "joe", "aud": ["ann", "eve"], "exp": 1_300_819_380, "roles": ["admin"]});
/// # let token = jwt::sign_claims(&key, None, &claims)?;
/// # let now = NumericDate::from_seconds(1_300_819_000)?;
/// use avouch_jose::{Verified, jwt::ClaimsView};
///
/// let reader = jws::Reader::new(Limits::default());
/// let expected = jwt::Expectations::new("joe", "ann");
/// let mut buffer = Vec::new(); // used again for the next token
///
/// let content = reader.compact(&token)?.verify_into(&keys, &mut buffer)?;
/// let claims: Verified<ClaimsView<'_>> = content.check((&expected, now))?;
/// assert_eq!(claims.iss(), Some("joe"));
/// let roles: Vec<String> = claims.get("roles").ok_or("no roles")?.read()?;
/// assert_eq!(roles, ["admin"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7519 §4.1]: https://www.rfc-editor.org/rfc/rfc7519#section-4.1
#[derive(Clone)]
pub struct ClaimsView<'a> {
    claims: ObjectView<'a>,
    iss: Option<Cow<'a, str>>,
    sub: Option<Cow<'a, str>>,
    aud: Option<AudienceView<'a>>,
    exp: Option<NumericDate>,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
    jti: Option<Cow<'a, str>>,
}

/// Reads the payload of a JWS as claims, in place. As [`read_claims`](super::read_claims), this gives an ordinary value;
/// [`Verified::check`](crate::Verified::check) gives one that is what the caller expects.
///
/// # Errors
///
/// [`ClaimsError`] if the payload is no strict JSON object or a registered claim has the wrong type.
pub fn view_claims<'a>(content: &ContentRef<'a>) -> Result<ClaimsView<'a>, ClaimsError> {
    ClaimsView::read(content.payload(), content.json_limits())
}

impl<'a> ClaimsView<'a> {
    pub(super) fn read(payload: &'a [u8], limits: &avouch_json::Limits) -> Result<Self, ClaimsError> {
        let claims = ObjectView::read(payload, limits)?;
        Ok(Self {
            iss: typed(&claims, "iss", RawValue::as_str)?,
            sub: typed(&claims, "sub", RawValue::as_str)?,
            aud: typed(&claims, "aud", AudienceView::read)?,
            exp: typed(&claims, "exp", NumericDate::read)?,
            nbf: typed(&claims, "nbf", NumericDate::read)?,
            iat: typed(&claims, "iat", NumericDate::read)?,
            jti: typed(&claims, "jti", RawValue::as_str)?,
            claims,
        })
    }

    /// Who issued the token.
    pub fn iss(&self) -> Option<&str> {
        self.iss.as_deref()
    }

    /// Whom it is about.
    pub fn sub(&self) -> Option<&str> {
        self.sub.as_deref()
    }

    /// Whom it is for.
    pub fn aud(&self) -> Option<&AudienceView<'a>> {
        self.aud.as_ref()
    }

    /// When it ends to be valid.
    pub fn exp(&self) -> Option<NumericDate> {
        self.exp
    }

    /// When it begins to be valid.
    pub fn nbf(&self) -> Option<NumericDate> {
        self.nbf
    }

    /// When it was issued.
    pub fn iat(&self) -> Option<NumericDate> {
        self.iat
    }

    /// What identifies it.
    pub fn jti(&self) -> Option<&str> {
        self.jti.as_deref()
    }

    /// Any claim by its exact name.
    pub fn get(&self, name: &str) -> Option<RawValue<'a>> {
        self.claims.get(name)
    }

    /// All claims in the order of the payload.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Cow<'a, str>, RawValue<'a>)> {
        self.claims.members()
    }
}

impl fmt::Debug for ClaimsView<'_> {
    // claims are about people: their names alone
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

/// Verified when signature, issuer, recipient, times and type are what was expected.
impl<'a> Checked<'a> for ClaimsView<'a> {
    type Rules<'r> = (&'r Expectations, NumericDate);
    type Error = JwtError;

    fn check(content: &ContentRef<'a>, (expectations, now): Self::Rules<'_>) -> Result<Self, JwtError> {
        let claims = view_claims(content)?;
        expectations.check_type(content.header())?;
        expectations.check_view(&claims, now)?;
        Ok(claims)
    }
}

/// Absent is fine; of another type is not, and `null` is no value.
fn typed<'a, T>(
    claims: &ObjectView<'a>,
    claim: &'static str,
    read: impl FnOnce(RawValue<'a>) -> Option<T>,
) -> Result<Option<T>, ClaimsError> {
    match claims.get(claim) {
        None => Ok(None),
        Some(value) => read(value).map(Some).ok_or(ClaimsError::Claim { claim }),
    }
}
