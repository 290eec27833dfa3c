//! An issuer with keys, a client that verifies, and tokens with one thing changed.

use std::time::Duration;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderParameters, sign_compact};
use avouch_jose::{Jwk, JwkSet, JwsAlgorithm, NumericDate, SigningKey, Verified, VerifyingKeys};
use avouch_tokens::{IdTokenClaims, IdTokenError, IdTokenExpectations, IdTokenVerifier};
use avouch_types::{ClientId, Issuer, Nonce};
use serde_json::{Map, Value, json};

pub(crate) const ISSUER: &str = "https://op.example";
pub(crate) const CLIENT: &str = "s6BhdRkqt3";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";
pub(crate) const NOW: i64 = 1_311_280_970;

pub(crate) fn crypto() -> CryptoProvider {
    avouch_jose_ring::provider()
}

pub(crate) fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(seconds).unwrap()
}

pub(crate) fn now() -> NumericDate {
    at(NOW)
}

pub(crate) fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub(crate) fn issuer() -> Issuer {
    Issuer::parse(ISSUER).unwrap()
}

pub(crate) fn client() -> ClientId {
    ClientId::parse(CLIENT).unwrap()
}

pub(crate) fn nonce() -> Nonce {
    Nonce::new(NONCE)
}

/// A party that signs: its key, and what others verify with.
pub(crate) struct Party {
    pub(crate) key: SigningKey,
    pub(crate) public: Jwk,
    pub(crate) keys: VerifyingKeys,
}

impl Party {
    pub(crate) fn new(algorithm: JwsAlgorithm) -> Self {
        let (key, _) = SigningKey::generate(algorithm, Some("1"), &crypto()).unwrap();
        let public = key.public_jwk().unwrap().clone();
        let set: JwkSet = [public.clone()].into_iter().collect();
        let keys = VerifyingKeys::prepare(&set, &[algorithm], &crypto()).unwrap();
        Self { key, public, keys }
    }

    /// Signs any members under any further header parameters.
    pub(crate) fn sign(&self, header: HeaderParameters, claims: &Map<String, Value>) -> String {
        sign_compact(&header, Value::Object(claims.clone()).to_string().as_bytes(), &self.key).unwrap()
    }
}

/// The claims of a token that keeps every rule.
pub(crate) fn good() -> Map<String, Value> {
    members(json!({
        "iss": ISSUER, "sub": "248289761001", "aud": CLIENT, "exp": NOW + 600, "iat": NOW, "nonce": NONCE,
        "name": "Jane Doe"
    }))
}

/// A Logout Token of the issuer for the client, which has no `typ` as most have none.
pub(crate) fn logout_token() -> Map<String, Value> {
    members(json!({
        "iss": ISSUER, "sub": "248289761001", "aud": CLIENT, "exp": NOW + 120, "iat": NOW, "jti": "bWJq",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}}
    }))
}

pub(crate) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is not an object"),
    }
}

/// The good claims with one changed.
pub(crate) fn with(claim: &str, value: Value) -> Map<String, Value> {
    let mut claims = good();
    claims.insert(claim.to_owned(), value);
    claims
}

/// The good claims with one taken out.
pub(crate) fn without(claim: &str) -> Map<String, Value> {
    let mut claims = good();
    assert!(claims.remove(claim).is_some());
    claims
}

pub(crate) fn verifier() -> IdTokenVerifier {
    IdTokenVerifier::new(issuer(), client())
        .algorithm(JwsAlgorithm::ES256)
        .leeway(avouch_jose::jwt::Leeway::NONE)
}

/// Verifies claims as an ES256 token of the issuer, now.
pub(crate) fn verify_with(
    verifier: &IdTokenVerifier,
    claims: &Map<String, Value>,
    expectations: &IdTokenExpectations<'_>,
) -> Result<Verified<IdTokenClaims>, IdTokenError> {
    let op = Party::new(JwsAlgorithm::ES256);
    let token = op.sign(HeaderParameters::new(), claims);
    verifier.verify(&token, &op.keys, expectations, now(), &crypto())
}

/// Verifies claims as [`verify_with`] does, by the plain verifier, for the nonce that was sent.
pub(crate) fn verify(claims: &Map<String, Value>) -> Result<Verified<IdTokenClaims>, IdTokenError> {
    verify_with(&verifier(), claims, &IdTokenExpectations::for_nonce(&nonce()))
}

/// The error of a refused token.
pub(crate) fn refused<T>(outcome: Result<T, IdTokenError>) -> IdTokenError {
    match outcome {
        Ok(_) => panic!("the token was accepted"),
        Err(error) => error,
    }
}

/// Asserts that a token is refused by the one rule.
macro_rules! assert_refused {
    ($outcome:expr, $error:pat $(if $guard:expr)?) => {
        let error = $crate::support::refused($outcome);
        assert!(matches!(&error, $error $(if $guard)?), "{error:?}");
    };
}
pub(crate) use assert_refused;
