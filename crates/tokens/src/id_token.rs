//! The ID Token: what it holds, how it is issued.

mod error;
mod expectations;
mod hint;
mod rule;
mod verifier;
mod view;

use std::time::Duration;

use avouch_claims::StandardClaims;
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderParameters, SignError, SigningInput, sign_compact};
use avouch_jose::jwt::Audience;
use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, left_half_hash};
use avouch_types::{AccessToken, Acr, Amr, AuthorizationCode, ClientId, Issuer, Nonce, SubjectIdentifier};
use serde_json::{Map, Value};

use crate::members::{ClaimsError, put, to_value};

use view::{OwnClaims, is_own};

pub use error::IdTokenError;
pub use expectations::{IdTokenExpectations, OriginalIdToken};
pub use hint::{IdTokenHint, IdTokenHintVerifier};
pub use rule::{IdTokenRule, RuleVerdict, Verdict};
pub use verifier::{IdTokenRules, IdTokenVerifier};
pub use view::IdTokenView;

/// The claims of an ID Token ([Core 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
///
/// As an ordinary value this proves nothing: what was checked is `Verified<IdTokenClaims>`, and only
/// [`IdTokenVerifier`] makes it.
///
/// ```
/// use std::time::Duration;
/// use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey};
/// use avouch_tokens::IdTokenClaims;
/// use avouch_types::{ClientId, Issuer, Nonce, SubjectIdentifier};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
///
/// let issuer = Issuer::parse("https://op.example")?;
/// let (sub, client_id) = (SubjectIdentifier::parse("248289761001")?, ClientId::parse("s6BhdRkqt3")?);
/// let now = NumericDate::from_seconds(1_311_280_970)?;
/// let mut claims = IdTokenClaims::new(&issuer, sub, &client_id, now, Duration::from_secs(600));
/// claims.nonce = Some(Nonce::new("n-0S6_WzA2Mj"));
/// claims.auth_time = Some(now);
///
/// let id_token = claims.sign(&key)?;
/// assert_eq!(id_token.split('.').count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdTokenClaims {
    /// Who issued the token. Exactly the issuer identifier, once verified.
    pub iss: String,
    /// Who the person is, at this issuer.
    pub sub: SubjectIdentifier,
    /// Whom the token is for: the client, possibly among others.
    pub aud: Audience,
    /// When the token expires.
    pub exp: NumericDate,
    /// When the token was issued.
    pub iat: NumericDate,
    /// Before when the token is not valid; not of Core, but honoured (RFC 7519, 4.1.5).
    pub nbf: Option<NumericDate>,
    /// When the person authenticated.
    pub auth_time: Option<NumericDate>,
    /// The nonce of the authentication request.
    pub nonce: Option<Nonce>,
    /// How well the person authenticated.
    pub acr: Option<Acr>,
    /// By which means the person authenticated.
    pub amr: Option<Vec<Amr>>,
    /// The client that the token was issued to, where an extension says so.
    pub azp: Option<ClientId>,
    /// Hash of the access token ([`with_access_token`](Self::with_access_token)).
    pub at_hash: Option<String>,
    /// Hash of the authorization code ([`with_code`](Self::with_code)).
    pub c_hash: Option<String>,
    /// Identifier of the person's session at the issuer (Back-Channel Logout 2.1).
    pub sid: Option<String>,
    /// What is said about the person; unknown claims are in its `extra`.
    pub claims: StandardClaims,
}

impl IdTokenClaims {
    /// The required claims: issued now for one client, valid for `lifetime`.
    #[must_use]
    pub fn new(
        issuer: &Issuer,
        sub: SubjectIdentifier,
        client_id: &ClientId,
        iat: NumericDate,
        lifetime: Duration,
    ) -> Self {
        Self {
            iss: issuer.as_str().to_owned(),
            sub,
            aud: client_id.as_str().into(),
            exp: iat.saturating_add(lifetime),
            iat,
            nbf: None,
            auth_time: None,
            nonce: None,
            acr: None,
            amr: None,
            azp: None,
            at_hash: None,
            c_hash: None,
            sid: None,
            claims: StandardClaims::default(),
        }
    }

    /// Binds the token to an access token: sets `at_hash` by the algorithm that the token will be signed with
    /// ([Core 3.1.3.6](https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken)).
    #[must_use]
    pub fn with_access_token(
        mut self,
        token: &AccessToken,
        algorithm: JwsAlgorithm,
        crypto: &CryptoProvider,
    ) -> Self {
        self.at_hash = left_half_hash(algorithm, token.expose(), crypto);
        self
    }

    /// Binds the token to an authorization code: sets `c_hash` by the algorithm that the token will be signed with
    /// ([Core 3.3.2.11](https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken)).
    #[must_use]
    pub fn with_code(
        mut self,
        code: &AuthorizationCode,
        algorithm: JwsAlgorithm,
        crypto: &CryptoProvider,
    ) -> Self {
        self.c_hash = left_half_hash(algorithm, code.expose(), crypto);
        self
    }

    /// Signs the token with a local key. Its header holds `alg` and, if the key has one, `kid`; no key material.
    ///
    /// # Errors
    ///
    /// [`SignError`] from the key.
    pub fn sign(&self, key: &SigningKey) -> Result<String, SignError> {
        sign_compact(&HeaderParameters::new(), &self.to_json(), key)
    }

    /// The token before its signature, for a key that somebody else holds: let [`SigningInput::as_bytes`] be signed,
    /// and give the signature to [`SigningInput::finish`].
    ///
    /// # Errors
    ///
    /// None at present; [`SignError`] is what [`SigningInput::new`] has.
    pub fn unsigned(&self, algorithm: JwsAlgorithm, kid: Option<&str>) -> Result<SigningInput, SignError> {
        SigningInput::new(&HeaderParameters::new(), &self.to_json(), algorithm, kid)
    }

    fn to_json(&self) -> Vec<u8> {
        Value::Object(self.to_members()).to_string().into_bytes()
    }

    /// Reads a claims set. The claims of the token itself are strict, those about the person are not
    /// ([`StandardClaims`]).
    ///
    /// That goes for the optional ones too: a malformed `acr`, `amr` or `sid` refuses the whole token. They say how the
    /// person was authenticated and in which session, and decisions hang on them (step-up, logout); were they dropped
    /// like a malformed `email`, a token that says something unreadable would pass for one that says nothing.
    ///
    /// # Errors
    ///
    /// [`ClaimsError`] names the claim that is missing or has a wrong type.
    pub fn from_members(members: Map<String, Value>) -> Result<Self, ClaimsError> {
        let (own, person): (Map<_, _>, Map<_, _>) = members.into_iter().partition(|(name, _)| is_own(name));
        // read as in a token, so that there is one reader
        let own = Value::Object(own).to_string();
        let mut claims = OwnClaims::copied_from(&own)?;
        claims.claims = StandardClaims::from_members(person);
        Ok(claims)
    }

    /// The claims set. A claim of the token itself comes from its field only: a member of that name among the claims
    /// about the person is not written.
    #[must_use]
    pub fn to_members(&self) -> Map<String, Value> {
        let mut members = self.claims.to_members();
        let claims = [
            ("iss", Some(self.iss.as_str().into())),
            ("sub", to_value(Some(&self.sub))),
            ("aud", to_value(Some(&self.aud))),
            ("exp", to_value(Some(&self.exp))),
            ("iat", to_value(Some(&self.iat))),
            ("nbf", to_value(self.nbf.as_ref())),
            ("auth_time", to_value(self.auth_time.as_ref())),
            ("nonce", to_value(self.nonce.as_ref())),
            ("acr", to_value(self.acr.as_ref())),
            ("amr", to_value(self.amr.as_ref())),
            ("azp", to_value(self.azp.as_ref())),
            ("at_hash", to_value(self.at_hash.as_ref())),
            ("c_hash", to_value(self.c_hash.as_ref())),
            ("sid", to_value(self.sid.as_ref())),
        ];
        put(&mut members, claims);
        members
    }
}
