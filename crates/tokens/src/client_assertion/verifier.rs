//! Validation of client assertions.

use std::time::Duration;

use avouch_jose::jws::{ContentRef, UnverifiedJws};
use avouch_jose::jwt::Leeway;
use avouch_jose::{Checked, JwsAlgorithm, Limits, NumericDate, Verified, VerifyingKeys};
use avouch_types::ClientId;
use serde_json::Value;

use super::{AssertionAudience, ClientAssertion, ClientAssertionError};
use crate::header::names_jwt_or;

/// The longest `jti` that is accepted: what a server can be asked to remember.
pub const MAX_JTI_BYTES: usize = 256;

/// What the update of RFC 7523 asks for as `typ`
/// ([draft-ietf-oauth-rfc7523bis](https://datatracker.ietf.org/doc/draft-ietf-oauth-rfc7523bis/)); absent and `JWT` are
/// what clients send today.
const MEDIA_TYPE: &str = "client-authentication+jwt";

/// Validates the assertions of one client that authenticates with `private_key_jwt`
/// ([Core 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication), [RFC 7523 §3]).
///
/// One rule is left to the caller, since it needs memory: an assertion is good for one use. Of the verified assertion, put
/// the client and `jti` into the replay store until [`acceptable_until`](Self::acceptable_until).
///
/// ```
/// use std::time::Duration;
/// use avouch_jose::{JwsAlgorithm, Limits, NumericDate, VerifyingKeys};
/// use avouch_tokens::{AssertionAudience, ClientAssertion, ClientAssertionVerifier};
/// use avouch_types::{ClientId, Issuer};
/// # use avouch_jose::SigningKey;
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let client_jwks = key.public_jwk().cloned().into_iter().collect();
/// # let now = NumericDate::from_seconds(1_311_280_970)?;
/// # let lifetime = Duration::from_secs(60);
/// # let assertion = ClientAssertion::new(&"s6BhdRkqt3".parse()?, "https://op.example", "j1", now, lifetime).sign(&key)?;
///
/// let client_id = ClientAssertion::unverified_client_id(&assertion, &Limits::default())?;
/// let client_keys = VerifyingKeys::prepare(&client_jwks, &[JwsAlgorithm::ES256], &crypto)?; // of that client
///
/// let audience = AssertionAudience::issuer(&Issuer::parse("https://op.example")?);
/// let verifier = ClientAssertionVerifier::new(client_id, audience);
/// let verified = verifier.verify(&assertion, &client_keys, now)?;
/// assert_eq!(verified.jti, "j1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7523 §3]: https://www.rfc-editor.org/rfc/rfc7523#section-3
#[derive(Debug, Clone)]
pub struct ClientAssertionVerifier {
    client_id: ClientId,
    audience: AssertionAudience,
    algorithm: Option<JwsAlgorithm>,
    max_lifetime: Duration,
    leeway: Leeway,
    limits: Limits,
}

impl ClientAssertionVerifier {
    /// For assertions of this client to this server: any signature algorithm that the keys allow, at most ten minutes
    /// from now to `exp`, a leeway of one minute.
    #[must_use]
    pub fn new(client_id: ClientId, audience: AssertionAudience) -> Self {
        Self {
            client_id,
            audience,
            algorithm: None,
            max_lifetime: Duration::from_secs(600),
            leeway: Leeway::ONE_MINUTE,
            limits: Limits::default(),
        }
    }

    /// The algorithm that the client registered (`token_endpoint_auth_signing_alg`). Default: those of its keys.
    #[must_use]
    pub fn algorithm(mut self, algorithm: JwsAlgorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }

    /// How far in the future `exp` may be, which is how long a `jti` must be remembered. Default: ten minutes.
    #[must_use]
    pub fn max_lifetime(mut self, lifetime: Duration) -> Self {
        self.max_lifetime = lifetime;
        self
    }

    /// By how much the clocks of the client and the server may differ: at most five minutes, possibly nothing.
    /// Default: one minute.
    #[must_use]
    pub fn leeway(mut self, leeway: Leeway) -> Self {
        self.leeway = leeway;
        self
    }

    /// The budgets for reading an assertion.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Validates an assertion with the keys of the client.
    ///
    /// # Errors
    ///
    /// [`ClientAssertionError`], for the first rule that the assertion breaks.
    pub fn verify(
        &self,
        assertion: &str,
        client_keys: &VerifyingKeys,
        now: NumericDate,
    ) -> Result<Verified<ClientAssertion>, ClientAssertionError> {
        let jws = UnverifiedJws::parse(assertion, &self.limits).map_err(ClientAssertionError::Malformed)?;
        names_jwt_or(jws.header(), MEDIA_TYPE).map_err(|typ| ClientAssertionError::Type { typ })?;
        self.check_algorithm(jws.header().alg())?;
        let content = jws.verify(client_keys).map_err(ClientAssertionError::Signature)?;
        content.check::<ClientAssertion>(ClientAssertionRules { verifier: self, now })
    }

    /// Until when the assertion would be accepted again, and its `jti` must be remembered: `exp` and the leeway.
    #[must_use]
    pub fn acceptable_until(&self, assertion: &Verified<ClientAssertion>) -> NumericDate {
        assertion.exp.saturating_add(self.leeway.as_duration())
    }

    fn check_algorithm(&self, found: &str) -> Result<(), ClientAssertionError> {
        match (self.algorithm, JwsAlgorithm::from_name(found)) {
            (_, Some(found)) if found.is_symmetric() => {
                Err(ClientAssertionError::SymmetricAlgorithm { found })
            }
            (Some(expected), _) if expected.name() != found => {
                Err(ClientAssertionError::Algorithm { expected, found: found.to_owned() })
            }
            _ => Ok(()),
        }
    }

    fn check_audience(&self, claims: &ClientAssertion, is_array: bool) -> Result<(), ClientAssertionError> {
        if is_array && !self.audience.accepts_arrays() {
            return Err(ClientAssertionError::AudienceArray);
        }
        let found = claims.aud.as_slice();
        if self.audience.accepts(found) {
            return Ok(());
        }
        Err(ClientAssertionError::Audience { found: found.to_vec() })
    }

    fn check_times(&self, claims: &ClientAssertion, now: NumericDate) -> Result<(), ClientAssertionError> {
        let leeway = self.leeway.as_duration();
        let (exp, limit) = (claims.exp, self.max_lifetime);
        if now >= exp.saturating_add(leeway) {
            return Err(ClientAssertionError::Expired { now, exp });
        }
        if exp > now.saturating_add(limit).saturating_add(leeway) {
            return Err(ClientAssertionError::ExpiresTooLate { now, exp, limit });
        }
        let future = |time: &NumericDate| *time > now.saturating_add(leeway);
        if let Some(nbf) = claims.nbf.filter(future) {
            return Err(ClientAssertionError::NotYetValid { now, nbf });
        }
        if let Some(iat) = claims.iat.filter(future) {
            return Err(ClientAssertionError::IssuedInFuture { now, iat });
        }
        Ok(())
    }
}

/// By what the claims of an assertion are checked. Only [`ClientAssertionVerifier`] makes one.
#[derive(Debug)]
pub struct ClientAssertionRules<'a> {
    verifier: &'a ClientAssertionVerifier,
    now: NumericDate,
}

impl Checked<'_> for ClientAssertion {
    type Rules<'r> = ClientAssertionRules<'r>;
    type Error = ClientAssertionError;

    fn check(
        content: &ContentRef<'_>,
        rules: ClientAssertionRules<'_>,
    ) -> Result<Self, ClientAssertionError> {
        let ClientAssertionRules { verifier, now } = rules;
        let members = avouch_json::object(content.payload(), &verifier.limits.json)
            .map_err(ClientAssertionError::NotClaims)?;
        // Of the two forms of `aud` only the string is beyond doubt, and the typed claims do not tell them apart.
        let is_array = members.get("aud").is_some_and(Value::is_array);
        let claims = Self::from_members(members).map_err(ClientAssertionError::Claims)?;
        if claims.iss != verifier.client_id {
            return Err(ClientAssertionError::Issuer);
        }
        if claims.sub != verifier.client_id {
            return Err(ClientAssertionError::Subject);
        }
        verifier.check_audience(&claims, is_array)?;
        verifier.check_times(&claims, now)?;
        if !(1..=MAX_JTI_BYTES).contains(&claims.jti.len()) {
            return Err(ClientAssertionError::JtiLength { len: claims.jti.len() });
        }
        Ok(claims)
    }
}
