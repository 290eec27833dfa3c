//! Reading the vector files, and the shortest way through the crate for a key and a token of them.

use std::fs;
use std::path::Path;

use avouch_jose::jws::{JwsContent, JwsError, UnverifiedJws};
use avouch_jose::{Jwk, JwsAlgorithm, KeyError, Limits, Verified, VerifyingKey, VerifyingKeys};
use serde_json::Value;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/vectors/jose")
}

pub(crate) fn read(file: &str) -> Value {
    serde_json::from_slice(&fs::read(folder().join(file)).unwrap()).unwrap()
}

/// Every file of a folder, with its name.
pub(crate) fn read_all(sub: &str) -> Vec<(String, Value)> {
    let mut files: Vec<_> = fs::read_dir(folder().join(sub))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| (name.clone(), read(&format!("{sub}/{name}"))))
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

pub(crate) fn vectors(file: &str) -> Vec<Value> {
    read(file)["vectors"].as_array().unwrap().clone()
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is missing in {value}"))
}

pub(crate) fn jwk(value: &Value) -> Jwk {
    Jwk::from_value(value.clone()).unwrap()
}

pub(crate) fn algorithm(name: &str) -> JwsAlgorithm {
    name.parse().unwrap()
}

pub(crate) fn keys(jwk: &Jwk, algorithm: JwsAlgorithm) -> Result<VerifyingKeys, KeyError> {
    VerifyingKey::prepare(jwk, algorithm, &avouch_jose_ring::provider()).map(VerifyingKeys::single)
}

pub(crate) fn verify(token: &str, keys: &VerifyingKeys) -> Result<Verified<JwsContent>, JwsError> {
    UnverifiedJws::parse(token, &Limits::default())?.verify(keys)
}
