//! An ID Token's claims in the bytes they came in.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use avouch_claims::StandardClaims;
use avouch_jose::NumericDate;
use avouch_jose::jws::ContentRef;
use avouch_jose::jwt::{Audience, AudienceView};
use avouch_json::{Elements, Limits, Names, ObjectView, RawValue};
use avouch_types::{Acr, Amr, ClientId, Nonce, SubjectIdentifier, WordError};
use serde::de::{DeserializeOwned, Error as _};

use super::{IdTokenClaims, IdTokenError};
use crate::ClaimsError;

/// The claims of an ID Token as they stand in its payload: those of the token itself read, the others found.
///
/// For those who look at a token and go on; [`IdTokenClaims`] is for those who keep it. The same rules hold for both, and
/// here too what was checked is a `Verified<IdTokenView>`, which only
/// [`IdTokenVerifier::verify_into`](super::IdTokenVerifier::verify_into) makes. Nothing is copied but what was written
/// with escapes, and up to 32 claims cost no allocation.
///
/// ```
/// # use std::time::Duration;
/// # use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, VerifyingKeys};
/// # use avouch_tokens::{IdTokenClaims, IdTokenExpectations, IdTokenVerifier};
/// # use avouch_types::{ClientId, Issuer};
/// # let (issuer, client_id) = (Issuer::parse("https://op.example")?, ClientId::parse("s6BhdRkqt3")?);
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let jwks = key.public_jwk().cloned().into_iter().collect();
/// # let keys = VerifyingKeys::prepare(&jwks, &[JwsAlgorithm::ES256], &crypto)?;
/// # let now = NumericDate::from_seconds(1_311_280_970)?;
/// # let mut claims = IdTokenClaims::new(&issuer, "jane".parse()?, &client_id, now, Duration::from_secs(600));
/// # claims.claims.extra.insert("groups".to_owned(), vec!["staff"].into());
/// # let tokens = [claims.sign(&key)?];
/// let verifier = IdTokenVerifier::new(issuer, client_id).algorithm(JwsAlgorithm::ES256);
/// let expectations = IdTokenExpectations::no_nonce_was_sent();
/// let mut buffer = Vec::new(); // used again for each token
/// for token in &tokens {
///     let id_token = verifier.verify_into(token, &keys, &expectations, now, &crypto, &mut buffer)?;
///     assert_eq!(id_token.sub(), "jane");
///     let groups: Vec<&str> = id_token.get("groups").ok_or("no groups")?.read()?;
///     assert_eq!(groups, ["staff"]);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct IdTokenView<'a> {
    claims: ObjectView<'a>,
    own: OwnClaims<'a>,
}

/// The claims of the token itself.
#[derive(Clone)]
pub(super) struct OwnClaims<'a> {
    pub(super) iss: Cow<'a, str>,
    pub(super) sub: Cow<'a, str>,
    pub(super) aud: AudienceView<'a>,
    pub(super) exp: NumericDate,
    pub(super) iat: NumericDate,
    pub(super) nbf: Option<NumericDate>,
    pub(super) auth_time: Option<NumericDate>,
    pub(super) nonce: Option<Cow<'a, str>>,
    pub(super) acr: Option<Cow<'a, str>>,
    pub(super) amr: Option<Elements<'a>>,
    pub(super) azp: Option<Cow<'a, str>>,
    pub(super) at_hash: Option<Cow<'a, str>>,
    pub(super) c_hash: Option<Cow<'a, str>>,
    pub(super) sid: Option<Cow<'a, str>>,
}

/// The claims of the token itself; all others are about the person.
static OWN: Names<14> = Names::new([
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "sid",
]);

/// Whether these are the claims of a security event token, of which Logout Tokens are a kind: they name no `typ` that could
/// be relied on, and have otherwise all that an ID Token needs
/// ([Back-Channel Logout 4.1](https://openid.net/specs/openid-connect-backchannel-1_0.html#CrossJWT)).
pub(super) fn is_security_event(claims: &ObjectView<'_>) -> bool {
    claims.get("events").is_some()
}

/// Whether a claim is of the token itself.
pub(super) fn is_own(name: &str) -> bool {
    OWN.place(name).is_some()
}

impl<'a> IdTokenView<'a> {
    pub(super) fn new(claims: ObjectView<'a>, own: OwnClaims<'a>) -> Self {
        Self { claims, own }
    }

    /// Who issued the token. Exactly the issuer identifier, once verified.
    #[must_use]
    pub fn iss(&self) -> &str {
        &self.own.iss
    }

    /// Who the person is, at this issuer.
    #[must_use]
    pub fn sub(&self) -> &str {
        &self.own.sub
    }

    /// Whom the token is for: the client, possibly among others.
    #[must_use]
    pub fn aud(&self) -> &AudienceView<'a> {
        &self.own.aud
    }

    /// When the token expires.
    #[must_use]
    pub fn exp(&self) -> NumericDate {
        self.own.exp
    }

    /// When the token was issued.
    #[must_use]
    pub fn iat(&self) -> NumericDate {
        self.own.iat
    }

    /// Before when the token is not valid.
    #[must_use]
    pub fn nbf(&self) -> Option<NumericDate> {
        self.own.nbf
    }

    /// When the person authenticated.
    #[must_use]
    pub fn auth_time(&self) -> Option<NumericDate> {
        self.own.auth_time
    }

    /// The nonce of the authentication request.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.own.nonce.as_deref()
    }

    /// How well the person authenticated.
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.own.acr.as_deref()
    }

    /// By which means the person authenticated.
    pub fn amr(&self) -> Option<impl Iterator<Item = Cow<'a, str>>> {
        self.own.amr()
    }

    /// The client that the token was issued to, where an extension says so.
    #[must_use]
    pub fn azp(&self) -> Option<&str> {
        self.own.azp.as_deref()
    }

    /// Hash of the access token.
    #[must_use]
    pub fn at_hash(&self) -> Option<&str> {
        self.own.at_hash.as_deref()
    }

    /// Hash of the authorization code.
    #[must_use]
    pub fn c_hash(&self) -> Option<&str> {
        self.own.c_hash.as_deref()
    }

    /// Identifier of the person's session at the issuer.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.own.sid.as_deref()
    }

    /// Any claim by its exact name, whatever its type; one about the person is not checked in any way.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<RawValue<'a>> {
        self.claims.get(name)
    }

    /// All claims in the order of the payload.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Cow<'a, str>, RawValue<'a>)> {
        self.claims.members()
    }
}

impl<'a> OwnClaims<'a> {
    /// Finds the claims in the payload of a token whose signature has been verified, and reads those of the token itself.
    #[inline]
    pub(super) fn find(content: &ContentRef<'a>, claims: &mut ObjectView<'a>) -> Result<Self, IdTokenError> {
        claims.refill(content.payload(), content.json_limits()).map_err(IdTokenError::NotClaims)?;
        Self::read(claims)
    }

    /// Reads a claims set that was read as JSON before, so that no budget is left to hold, and copies the claims of the
    /// token itself.
    pub(super) fn copied_from(claims: &str) -> Result<IdTokenClaims, ClaimsError> {
        let unlimited = Limits::default()
            .with_bytes(usize::MAX)
            .with_depth(usize::MAX)
            .with_members(usize::MAX)
            .with_elements(usize::MAX);
        match ObjectView::read(claims.as_bytes(), &unlimited) {
            Ok(mut claims) => OwnClaims::read::<ClaimsError>(&mut claims)?.to_claims(),
            Err(error) => {
                Err(ClaimsError::Invalid { claim: "iss", source: serde_json::Error::custom(error) })
            }
        }
    }

    /// Reads the claims of the token itself, strictly, and selects them.
    #[inline]
    fn read<E: From<ClaimsError>>(claims: &mut ObjectView<'a>) -> Result<Self, E> {
        let text = RawValue::as_str;
        let [iss, sub, aud, exp, iat, nbf, auth_time, nonce, acr, amr, azp, at_hash, c_hash, sid] =
            claims.select(&OWN);
        Ok(Self {
            iss: required::<String, _>("iss", iss, text)?,
            sub: required::<SubjectIdentifier, _>("sub", sub, |sub| word(sub, SubjectIdentifier::check))?,
            aud: required::<Audience, _>("aud", aud, AudienceView::read)?,
            exp: required::<NumericDate, _>("exp", exp, NumericDate::read)?,
            iat: required::<NumericDate, _>("iat", iat, NumericDate::read)?,
            nbf: optional::<NumericDate, _>("nbf", nbf, NumericDate::read)?,
            auth_time: optional::<NumericDate, _>("auth_time", auth_time, NumericDate::read)?,
            nonce: optional::<Nonce, _>("nonce", nonce, |nonce| word(nonce, Nonce::check))?,
            acr: optional::<Acr, _>("acr", acr, |acr| word(acr, Acr::check))?,
            amr: optional::<Vec<Amr>, _>("amr", amr, words)?,
            azp: optional::<ClientId, _>("azp", azp, |azp| word(azp, ClientId::check))?,
            at_hash: optional::<String, _>("at_hash", at_hash, text)?,
            c_hash: optional::<String, _>("c_hash", c_hash, text)?,
            sid: optional::<String, _>("sid", sid, text)?,
        })
    }

    /// Copies these claims, and those about the person from where these were found. What is about the person is forgiven
    /// its types, what is about the token was not.
    #[inline]
    pub(super) fn to_all_claims(&self, found: &ObjectView<'_>) -> Result<IdTokenClaims, IdTokenError> {
        let mut claims = self.to_claims()?;
        claims.claims.extend(found.unselected()).map_err(IdTokenError::NotClaims)?;
        Ok(claims)
    }

    #[inline]
    fn to_claims(&self) -> Result<IdTokenClaims, ClaimsError> {
        let text = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        Ok(IdTokenClaims {
            iss: self.iss.clone().into_owned(),
            sub: parsed("sub", &self.sub)?,
            aud: (&self.aud).into(),
            exp: self.exp,
            iat: self.iat,
            nbf: self.nbf,
            auth_time: self.auth_time,
            nonce: self.nonce.as_deref().map(Nonce::new),
            acr: self.acr.as_deref().map(|acr| parsed("acr", acr)).transpose()?,
            amr: self.amr().map(|amr| amr.map(|one| parsed("amr", &one)).collect()).transpose()?,
            azp: self.azp.as_deref().map(|azp| parsed("azp", azp)).transpose()?,
            at_hash: text(&self.at_hash),
            c_hash: text(&self.c_hash),
            sid: text(&self.sid),
            claims: StandardClaims::default(),
        })
    }

    fn amr(&self) -> Option<impl Iterator<Item = Cow<'a, str>> + use<'a>> {
        self.amr.clone().map(|amr| amr.filter_map(RawValue::as_str))
    }
}

/// The names of the claims alone: most values are personal.
impl fmt::Debug for IdTokenView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IdTokenView").field(&self.claims).finish()
    }
}

/// Absent is fine; present with a wrong type is not, and `null` is no value. Why something is no `T` is asked of serde,
/// which reads the same claim for those who keep it.
fn optional<'a, T: DeserializeOwned, B>(
    claim: &'static str,
    value: Option<RawValue<'a>>,
    read: impl FnOnce(RawValue<'a>) -> Option<B>,
) -> Result<Option<B>, ClaimsError> {
    let Some(value) = value else { return Ok(None) };
    let why = || match value.read::<T>() {
        Ok(_) => serde_json::Error::custom("not a value of its type"),
        Err(error) => error,
    };
    read(value).map(Some).ok_or_else(|| ClaimsError::Invalid { claim, source: why() })
}

fn required<'a, T: DeserializeOwned, B>(
    claim: &'static str,
    value: Option<RawValue<'a>>,
    read: impl FnOnce(RawValue<'a>) -> Option<B>,
) -> Result<B, ClaimsError> {
    optional::<T, B>(claim, value, read)?.ok_or(ClaimsError::Missing { claim })
}

fn word<'a>(value: RawValue<'a>, rule: fn(&str) -> Result<(), WordError>) -> Option<Cow<'a, str>> {
    value.as_str().filter(|text| rule(text).is_ok())
}

fn words(value: RawValue<'_>) -> Option<Elements<'_>> {
    let words = value.elements()?;
    words.clone().all(|one| word(one, Amr::check).is_some()).then_some(words)
}

fn parsed<T: FromStr<Err = WordError>>(claim: &'static str, text: &str) -> Result<T, ClaimsError> {
    text.parse().map_err(|error| ClaimsError::Invalid { claim, source: serde_json::Error::custom(error) })
}
