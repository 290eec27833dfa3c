//! The client assertion: a JWT by which a client authenticates.

mod audience;
mod error;
mod verifier;

use std::time::Duration;

use avouch_jose::jws::{HeaderParameters, SignError, SigningInput, UnverifiedJws, sign_compact};
use avouch_jose::jwt::Audience;
use avouch_jose::{JwsAlgorithm, Limits, NumericDate, SigningKey};
use avouch_types::ClientId;
use serde_json::{Map, Value};

use crate::members::{ClaimsError, Members, put, to_value};

pub use audience::AssertionAudience;
pub use error::ClientAssertionError;
pub use verifier::{ClientAssertionRules, ClientAssertionVerifier, MAX_JTI_BYTES};

/// The claims by which a client says who it is
/// ([Core 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication), [RFC 7523 §3]).
///
/// As an ordinary value this proves nothing: what was checked is `Verified<ClientAssertion>`, and only
/// [`ClientAssertionVerifier`] makes it.
///
/// ```
/// use std::time::Duration;
/// use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey};
/// use avouch_tokens::ClientAssertion;
/// use avouch_types::{ClientId, Issuer};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// let (client_id, issuer) = (ClientId::parse("s6BhdRkqt3")?, Issuer::parse("https://op.example")?);
/// let jti = avouch_jose::crypto::random_token(&avouch_jose_ring::SystemRandom::new(), 16)?;
///
/// let now = NumericDate::from_seconds(1_311_280_970)?;
/// let assertion = ClientAssertion::new(&client_id, issuer.as_str(), jti, now, Duration::from_secs(60)).sign(&key)?;
/// # let _ = assertion;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7523 §3]: https://www.rfc-editor.org/rfc/rfc7523#section-3
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientAssertion {
    /// The client.
    pub iss: ClientId,
    /// The client again.
    pub sub: ClientId,
    /// The authorization server that it is for.
    pub aud: Audience,
    /// Identifies the assertion: it is good for one use.
    pub jti: String,
    /// When the assertion expires.
    pub exp: NumericDate,
    /// When the assertion was made.
    pub iat: Option<NumericDate>,
    /// Before when the assertion is not valid.
    pub nbf: Option<NumericDate>,
    /// Claims that are not known here.
    pub extra: Map<String, Value>,
}

impl ClientAssertion {
    /// An assertion that is made now for one audience: the issuer, where the server does not ask for something else.
    /// `jti` must never come again; 128 random bits do that.
    #[must_use]
    pub fn new(
        client_id: &ClientId,
        audience: &str,
        jti: impl Into<String>,
        iat: NumericDate,
        lifetime: Duration,
    ) -> Self {
        Self {
            iss: client_id.clone(),
            sub: client_id.clone(),
            aud: audience.into(),
            jti: jti.into(),
            exp: iat.saturating_add(lifetime),
            iat: Some(iat),
            nbf: None,
            extra: Map::new(),
        }
    }

    /// The client that an assertion names, which nobody has vouched for: to look up its keys, and for nothing else.
    ///
    /// # Errors
    ///
    /// [`ClientAssertionError`] if the assertion cannot be read, or `iss` and `sub` name two clients.
    pub fn unverified_client_id(assertion: &str, limits: &Limits) -> Result<ClientId, ClientAssertionError> {
        let jws = UnverifiedJws::parse(assertion, limits).map_err(ClientAssertionError::Malformed)?;
        let payload = jws.unverified_payload().map_err(ClientAssertionError::Malformed)?;
        let claims = Self::from_payload(&payload, limits)?;
        if claims.iss != claims.sub {
            return Err(ClientAssertionError::Subject);
        }
        Ok(claims.sub)
    }

    /// Signs the assertion with a local key.
    ///
    /// # Errors
    ///
    /// [`SignError`] from the key.
    pub fn sign(&self, key: &SigningKey) -> Result<String, SignError> {
        sign_compact(&HeaderParameters::new(), &self.to_json(), key)
    }

    /// The assertion before its signature, for a key that somebody else holds: let [`SigningInput::as_bytes`] be signed,
    /// and give the signature to [`SigningInput::finish`].
    ///
    /// # Errors
    ///
    /// None at present; [`SignError`] is what [`SigningInput::new`] has.
    pub fn unsigned(&self, algorithm: JwsAlgorithm, kid: Option<&str>) -> Result<SigningInput, SignError> {
        SigningInput::new(&HeaderParameters::new(), &self.to_json(), algorithm, kid)
    }

    /// Reads a claims set.
    ///
    /// # Errors
    ///
    /// [`ClaimsError`] names the claim that is missing or has a wrong type.
    pub fn from_members(members: Map<String, Value>) -> Result<Self, ClaimsError> {
        let mut members = Members(members);
        Ok(Self {
            iss: members.required("iss")?,
            sub: members.required("sub")?,
            aud: members.required("aud")?,
            jti: members.required("jti")?,
            exp: members.required("exp")?,
            iat: members.optional("iat")?,
            nbf: members.optional("nbf")?,
            extra: members.0,
        })
    }

    /// The claims set.
    #[must_use]
    pub fn to_members(&self) -> Map<String, Value> {
        let mut members = self.extra.clone();
        let claims = [
            ("iss", to_value(Some(&self.iss))),
            ("sub", to_value(Some(&self.sub))),
            ("aud", to_value(Some(&self.aud))),
            ("jti", to_value(Some(&self.jti))),
            ("exp", to_value(Some(&self.exp))),
            ("iat", to_value(self.iat.as_ref())),
            ("nbf", to_value(self.nbf.as_ref())),
        ];
        put(&mut members, claims);
        members
    }

    fn to_json(&self) -> Vec<u8> {
        Value::Object(self.to_members()).to_string().into_bytes()
    }

    fn from_payload(payload: &[u8], limits: &Limits) -> Result<Self, ClientAssertionError> {
        let members = avouch_json::object(payload, &limits.json).map_err(ClientAssertionError::NotClaims)?;
        Self::from_members(members).map_err(ClientAssertionError::Claims)
    }
}
