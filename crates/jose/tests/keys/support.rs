//! Keys in a line, and a backend that takes every key for which the rules are kept.

use std::sync::Arc;

use avouch_jose::crypto::{CryptoProvider, SignFailed, SignatureBackend, SignatureInvalid, Signer, Verifier};
use avouch_jose::{Jwk, JwsAlgorithm, KeyError, KeyMaterial};
use serde_json::{Value, json};

pub(crate) fn crypto() -> CryptoProvider {
    avouch_jose_ring::provider()
}

pub(crate) fn jwk(value: Value) -> Jwk {
    Jwk::from_value(value).unwrap()
}

pub(crate) fn vectors(file: &str) -> Vec<Value> {
    let file = format!("{}/../testkit/vectors/jose/{file}", env!("CARGO_MANIFEST_DIR"));
    let vectors: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    vectors["vectors"].as_array().unwrap().clone()
}

/// The key of RFC 8037, A.1.
pub(crate) fn ed25519() -> Value {
    json!({
        "kty": "OKP", "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    })
}

/// The key of RFC 7515, A.3.
pub(crate) fn p256() -> Value {
    json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    })
}

/// The key of RFC 7515, A.2.
pub(crate) fn rsa() -> Value {
    vectors("rfc7515-appendix.json")[1]["jwk"].clone()
}

pub(crate) fn oct() -> Value {
    json!({"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})
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

/// Has every algorithm and looks at no key, so that only the rules of the crate refuse one.
struct Permissive;

struct AnyKey;

impl Verifier for AnyKey {
    fn verify(&self, _: &[u8], _: &[u8]) -> Result<(), SignatureInvalid> {
        Ok(())
    }
}

impl Signer for AnyKey {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignFailed> {
        Err(SignFailed::new("signs nothing"))
    }
}

impl SignatureBackend for Permissive {
    fn supports(&self, _: JwsAlgorithm) -> bool {
        true
    }

    fn prepare_verifier(&self, _: JwsAlgorithm, _: &KeyMaterial) -> Result<Arc<dyn Verifier>, KeyError> {
        Ok(Arc::new(AnyKey))
    }

    fn prepare_signer(&self, _: JwsAlgorithm, _: &KeyMaterial) -> Result<Arc<dyn Signer>, KeyError> {
        Ok(Arc::new(AnyKey))
    }

    /// Whatever it is given and asked for, it finds a key of ML-DSA-44 in it.
    fn prepare_signer_pkcs8(
        &self,
        _: JwsAlgorithm,
        _: &[u8],
    ) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
        let found = jwk(vectors("rfc9964-ml-dsa.json")[0]["jwk"].clone());
        Ok((Arc::new(AnyKey), found.public().unwrap().material().clone()))
    }

    fn generate(&self, algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
        Err(KeyError::Unsupported { algorithm: algorithm.into(), what: "making keys" })
    }
}

pub(crate) fn permissive() -> CryptoProvider {
    CryptoProvider::new(Arc::new(Permissive), crypto().hashes)
}
