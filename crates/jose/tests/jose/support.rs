//! Keys and tokens in a line.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{JwsContent, JwsError, UnverifiedJws};
use avouch_jose::{Jwk, JwsAlgorithm, Limits, SigningKey, Verified, VerifyingKey, VerifyingKeys, base64url};
use serde_json::Value;

pub(crate) const SECRET: &[u8; 64] = b"an HMAC key that is long enough for each of the hash functions..";

pub(crate) fn crypto() -> CryptoProvider {
    avouch_jose_ring::provider()
}

pub(crate) fn jwk(value: Value) -> Jwk {
    Jwk::from_value(value).unwrap()
}

/// The key of RFC 8037, A.1.
pub(crate) fn ed25519() -> Value {
    serde_json::json!({
        "kty": "OKP", "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    })
}

/// The key of RFC 7515, A.3.
pub(crate) fn p256() -> Value {
    serde_json::json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    })
}

/// The key of RFC 7515, A.2.
pub(crate) fn rsa() -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/vectors/jose/rfc7515-appendix.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    vectors["vectors"][1]["jwk"].clone()
}

/// A member more, or another value for it.
pub(crate) fn with(mut object: Value, name: &str, value: impl Into<Value>) -> Value {
    object[name] = value.into();
    object
}

pub(crate) fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}

/// A token whose header is exactly this text, with a MAC over it that is right.
pub(crate) fn token(header: &str, payload: &[u8]) -> String {
    token_of_segments(&base64url::encode(header), &base64url::encode(payload))
}

pub(crate) fn token_of_segments(header: &str, payload: &str) -> String {
    let input = format!("{header}.{payload}");
    let key = SigningKey::hmac_secret(SECRET, JwsAlgorithm::HS256, &crypto()).unwrap();
    format!("{input}.{}", base64url::encode(key.sign(input.as_bytes()).unwrap()))
}

pub(crate) fn hmac_keys() -> VerifyingKeys {
    VerifyingKeys::single(VerifyingKey::hmac_secret(SECRET, JwsAlgorithm::HS256, &crypto()).unwrap())
}

pub(crate) fn verify(token: &str, keys: &VerifyingKeys) -> Result<Verified<JwsContent>, JwsError> {
    UnverifiedJws::parse(token, &Limits::default())?.verify(keys)
}

/// Verifies a token of [`token`].
pub(crate) fn verify_mac(token: &str) -> Result<Verified<JwsContent>, JwsError> {
    verify(token, &hmac_keys())
}
