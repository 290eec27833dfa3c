//! Validation of ID Tokens.

mod report;
mod rules;

use std::time::Duration;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::Reader;
use avouch_jose::jwt::Leeway;
use avouch_jose::{Checked, JwsAlgorithm, Limits, NumericDate, Verified, VerifyingKeys};
use avouch_types::{ClientId, Issuer};

use super::{IdTokenClaims, IdTokenError, IdTokenExpectations, IdTokenRule, IdTokenView, Verdict};
use crate::header::names_jwt;

use report::Report;
pub use rules::IdTokenRules;

/// Validates ID Tokens of one issuer for one client
/// ([Core 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)).
///
/// What holds for all tokens is said here, once; what one token must say is in [`IdTokenExpectations`]. The signature is
/// always verified, with keys that the caller took from this issuer: `jwk`, `jku`, `x5c` and `x5u` in the header are
/// never a source of keys. Tokens under a MAC are verified with
/// [`client_secret_keys`](crate::client_secret_keys). Encrypted tokens are refused.
///
/// ```
/// use std::time::Duration;
/// use avouch_jose::{JwsAlgorithm, NumericDate, VerifyingKeys};
/// use avouch_tokens::{IdTokenError, IdTokenExpectations, IdTokenVerifier};
/// use avouch_types::{ClientId, Issuer, Nonce};
/// # use avouch_jose::SigningKey;
/// # use avouch_tokens::IdTokenClaims;
/// # let (issuer, client_id) = (Issuer::parse("https://op.example")?, ClientId::parse("s6BhdRkqt3")?);
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let jwks = key.public_jwk().cloned().into_iter().collect();
/// # let now = NumericDate::from_seconds(1_311_280_970)?;
/// # let mut claims = IdTokenClaims::new(&issuer, "jane".parse()?, &client_id, now, Duration::from_secs(600));
/// # claims.nonce = Some(Nonce::new("n-0S6_WzA2Mj"));
/// # let token = claims.sign(&key)?;
///
/// let keys = VerifyingKeys::prepare(&jwks, &[JwsAlgorithm::ES256], &crypto)?;
/// let verifier = IdTokenVerifier::new(issuer, client_id).algorithm(JwsAlgorithm::ES256);
///
/// let nonce = Nonce::new("n-0S6_WzA2Mj");
/// let expectations = IdTokenExpectations::for_nonce(&nonce);
/// let id_token = verifier.verify(&token, &keys, &expectations, now, &crypto)?;
/// assert_eq!(id_token.sub.as_str(), "jane");
///
/// let tomorrow = now.saturating_add(Duration::from_secs(86_400));
/// let refused = verifier.verify(&token, &keys, &expectations, tomorrow, &crypto);
/// assert!(matches!(refused, Err(IdTokenError::Expired { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct IdTokenVerifier {
    issuer: Issuer,
    client_id: ClientId,
    algorithm: JwsAlgorithm,
    leeway: Leeway,
    trusted_audiences: Vec<String>,
    max_iat_age: Option<Duration>,
    /// Remembers the header of the last token: most tokens of an issuer have the same.
    reader: Reader,
}

impl IdTokenVerifier {
    /// For tokens of this issuer to this client: RS256, a leeway of one minute, no other audience, any age.
    #[must_use]
    pub fn new(issuer: Issuer, client_id: ClientId) -> Self {
        Self {
            issuer,
            client_id,
            algorithm: JwsAlgorithm::RS256,
            leeway: Leeway::ONE_MINUTE,
            trusted_audiences: Vec::new(),
            max_iat_age: None,
            reader: Reader::new(Limits::default()),
        }
    }

    /// The algorithm that the client registered (`id_token_signed_response_alg`). Default: RS256. The token's header
    /// never chooses.
    #[must_use]
    pub fn algorithm(mut self, algorithm: JwsAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// By how much the clocks of the issuer and the client may differ: at most five minutes, possibly nothing.
    /// Default: one minute. It counts wherever a time in the token is compared with now.
    #[must_use]
    pub fn leeway(mut self, leeway: Leeway) -> Self {
        self.leeway = leeway;
        self
    }

    /// Lets `aud` hold this audience beside the client. Default: none.
    #[must_use]
    pub fn trust_audience(mut self, audience: impl Into<String>) -> Self {
        self.trusted_audiences.push(audience.into());
        self
    }

    /// How long ago a token may have been issued. Default: any time, since `exp` ends it.
    #[must_use]
    pub fn max_iat_age(mut self, age: Duration) -> Self {
        self.max_iat_age = Some(age);
        self
    }

    /// The budgets for reading a token.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.reader = Reader::new(limits);
        self
    }

    /// Validates a token by every rule.
    ///
    /// # Errors
    ///
    /// [`IdTokenError`], for the first rule in the order of [`IdTokenRule::ALL`] that the token breaks.
    pub fn verify(
        &self,
        token: &str,
        keys: &VerifyingKeys,
        expectations: &IdTokenExpectations<'_>,
        now: NumericDate,
        crypto: &CryptoProvider,
    ) -> Result<Verified<IdTokenClaims>, IdTokenError> {
        let report = Report::unobserved();
        let rules = IdTokenRules { verifier: self, expectations, now, crypto, report };
        self.judge(token, keys, rules, &mut Vec::new())
    }

    /// Validates a token as [`verify`](Self::verify) does, and gives the claims in the caller's buffer instead of a copy.
    /// Where the buffer is used again, nothing is allocated from the second token on, but for a hash that is compared and
    /// for texts with escapes.
    ///
    /// The buffer is emptied first, and is empty after an error, unless a rule about the claims is broken: then it holds
    /// the payload that was refused until it is used again.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_into<'b>(
        &self,
        token: &str,
        keys: &'b VerifyingKeys,
        expectations: &IdTokenExpectations<'_>,
        now: NumericDate,
        crypto: &CryptoProvider,
        buffer: &'b mut Vec<u8>,
    ) -> Result<Verified<IdTokenView<'b>>, IdTokenError> {
        let report = Report::unobserved();
        self.judge(token, keys, IdTokenRules { verifier: self, expectations, now, crypto, report }, buffer)
    }

    /// Validates a token as [`verify`](Self::verify) does, and tells the observer how each rule was decided: every rule
    /// once, in the order of [`IdTokenRule::ALL`].
    ///
    /// ```
    /// # use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, VerifyingKeys};
    /// use avouch_tokens::{IdTokenExpectations, IdTokenRule, IdTokenVerifier, Verdict};
    /// # let verifier = IdTokenVerifier::new("https://op.example".parse()?, "s6BhdRkqt3".parse()?);
    /// # let crypto = avouch_jose_ring::provider();
    /// # let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
    /// # let jwks = key.public_jwk().cloned().into_iter().collect();
    /// # let keys = VerifyingKeys::prepare(&jwks, &[JwsAlgorithm::RS256], &crypto)?;
    /// # let now = NumericDate::EPOCH;
    /// let mut report = Vec::new();
    /// let expectations = IdTokenExpectations::no_nonce_was_sent();
    /// let refused = verifier.verify_observed("no token", &keys, &expectations, now, &crypto, &mut |rule, verdict| {
    ///     report.push((rule, verdict));
    /// });
    /// assert!(refused.is_err());
    /// assert!(matches!(&report[0], (IdTokenRule::Form, Verdict::Failed(_))));
    /// assert_eq!(report[1].1, Verdict::NotReached);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_observed(
        &self,
        token: &str,
        keys: &VerifyingKeys,
        expectations: &IdTokenExpectations<'_>,
        now: NumericDate,
        crypto: &CryptoProvider,
        observer: &mut dyn FnMut(IdTokenRule, Verdict),
    ) -> Result<Verified<IdTokenClaims>, IdTokenError> {
        let report = Report::new(observer);
        let rules = IdTokenRules { verifier: self, expectations, now, crypto, report };
        self.judge(token, keys, rules, &mut Vec::new())
    }

    /// The rules before those about the claims are here, those in the [`Checked`] of the claims.
    fn judge<'b, T>(
        &self,
        token: &str,
        keys: &'b VerifyingKeys,
        mut rules: IdTokenRules<'_>,
        buffer: &'b mut Vec<u8>,
    ) -> Result<Verified<T>, IdTokenError>
    where
        T: for<'r> Checked<'b, Rules<'r> = IdTokenRules<'r>, Error = IdTokenError>,
    {
        let report = &mut rules.report;
        buffer.clear();
        let parsed = self.reader.compact(token).map_err(IdTokenError::Malformed);
        report.note(IdTokenRule::Form, &parsed);
        let jws = parsed?;
        report.not_applicable(
            IdTokenRule::Decryption,
            "no encryption is registered; an encrypted token is malformed",
        );
        report
            .settle(IdTokenRule::Type, names_jwt(jws.header()).map_err(|typ| IdTokenError::Type { typ }))?;
        report.settle(IdTokenRule::Algorithm, self.registered_algorithm(jws.header().alg()))?;
        let content = jws.verify_into(keys, buffer).map_err(IdTokenError::Signature);
        report.note(IdTokenRule::Signature, &content);
        content?.check(rules)
    }

    fn registered_algorithm(&self, found: &str) -> Result<(), IdTokenError> {
        if found == self.algorithm.name() {
            return Ok(());
        }
        Err(IdTokenError::Algorithm { expected: self.algorithm, found: found.to_owned() })
    }
}
