//! Keys, and signatures over exactly the text that a test wants signed.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderError, JwsError, Reader, SignedPayload, UnverifiedJsonJws};
use avouch_jose::{Jwk, JwsAlgorithm, Limits, SigningKey, Verified, VerifyingKey, VerifyingKeys, base64url};
use serde_json::{Value, json};

pub(crate) fn crypto() -> CryptoProvider {
    avouch_jose_ring::provider()
}

/// A key for HS256 of this name; the secret is made of the name, so equal names are equal keys.
pub(crate) fn signing_key(kid: &str) -> SigningKey {
    SigningKey::prepare(&secret(kid), JwsAlgorithm::HS256, &crypto()).unwrap()
}

pub(crate) fn verifying_key(kid: &str) -> VerifyingKey {
    VerifyingKey::prepare(&secret(kid), JwsAlgorithm::HS256, &crypto()).unwrap()
}

pub(crate) fn keys(kids: &[&str]) -> VerifyingKeys {
    VerifyingKeys::from_keys(kids.iter().map(|kid| verifying_key(kid)).collect()).unwrap()
}

fn secret(kid: &str) -> Jwk {
    let octets = format!("{kid:*>40}");
    Jwk::from_value(json!({"kty": "oct", "k": base64url::encode(octets), "kid": kid})).unwrap()
}

/// A MAC by the key "1" over this text.
pub(crate) fn mac(input: impl AsRef<[u8]>) -> String {
    mac_by("1", input)
}

pub(crate) fn mac_by(kid: &str, input: impl AsRef<[u8]>) -> String {
    base64url::encode(signing_key(kid).sign(input.as_ref()).unwrap())
}

pub(crate) fn encode(json: &Value) -> String {
    base64url::encode(json.to_string())
}

/// A compact JWS with this header and these octets between the periods, under a MAC that is right.
pub(crate) fn compact(header: &Value, middle: &str) -> String {
    let input = format!("{}.{middle}", encode(header));
    format!("{input}.{}", mac(&input))
}

/// A JWS without its payload, under a MAC over what is signed of it.
pub(crate) fn detached(header: &Value, signed_payload: &[u8]) -> String {
    let header = encode(header);
    let input = [header.as_bytes(), b".", signed_payload].concat();
    format!("{header}..{}", mac(input))
}

/// A signature object under a MAC by the key "1" that is right.
pub(crate) fn signature(protected: Option<&Value>, unprotected: Option<&Value>, payload: &str) -> Value {
    signature_by("1", protected, unprotected, payload)
}

pub(crate) fn signature_by(
    kid: &str,
    protected: Option<&Value>,
    unprotected: Option<&Value>,
    payload: &str,
) -> Value {
    let encoded = protected.map(encode);
    let input = format!("{}.{payload}", encoded.as_deref().unwrap_or_default());
    let mut object = json!({"signature": mac_by(kid, input)});
    if let Some(encoded) = encoded {
        object["protected"] = encoded.into();
    }
    if let Some(unprotected) = unprotected {
        object["header"] = unprotected.clone();
    }
    object
}

pub(crate) fn with(mut object: Value, name: &str, value: impl Into<Value>) -> Value {
    object[name] = value.into();
    object
}

pub(crate) fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}

pub(crate) fn reader() -> Reader {
    Reader::new(Limits::default())
}

pub(crate) fn read(jws: &Value) -> Result<UnverifiedJsonJws, JwsError> {
    reader().json(&jws.to_string())
}

/// Reads and verifies with the key "1".
pub(crate) fn verify(jws: &Value) -> Result<Verified<SignedPayload>, JwsError> {
    read(jws)?.verify(&keys(&["1"]))
}

pub(crate) fn header_error<T>(outcome: Result<T, JwsError>) -> HeaderError {
    match outcome {
        Err(JwsError::Header(error)) => error,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was accepted"),
    }
}
