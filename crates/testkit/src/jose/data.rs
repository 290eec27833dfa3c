//! The vector files, and the shortest way through the crate for a key and a token of them.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{JwsContent, JwsError, UnverifiedJws};
use avouch_jose::{Jwk, JwsAlgorithm, Limits, Verified, VerifyingKeys, base64url};
use serde_json::Value;

use super::run;

/// Embeds a file of `vectors/jose`.
macro_rules! vector_file {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/jose/", $path))
    };
}
pub(super) use vector_file;

pub(super) fn json(file: &str) -> Value {
    serde_json::from_str(file).expect("the file is JSON")
}

/// The entries of a file.
pub(super) fn entries(file: &str) -> Vec<Value> {
    json(file)["vectors"].as_array().expect("vectors").clone()
}

/// The entry of a file with that `id`.
pub(super) fn entry(file: &str, id: &str) -> Value {
    entries(file).into_iter().find(|entry| entry["id"] == id).unwrap_or_else(|| panic!("no vector {id}"))
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is missing in {value}"))
}

pub(super) fn octets(value: &Value, name: &str) -> Vec<u8> {
    base64url::decode(text(value, name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(super) fn hex(value: &Value, name: &str) -> Vec<u8> {
    octets_of_hex(text(value, name))
}

pub(super) fn octets_of_hex(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex")).collect()
}

pub(super) fn jwk(value: &Value) -> Jwk {
    Jwk::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

pub(super) fn algorithm(value: &Value, name: &str) -> JwsAlgorithm {
    text(value, name).parse().unwrap_or_else(|error| panic!("{error}"))
}

/// The one key, to verify with.
pub(super) fn keys(jwk: &Jwk, algorithm: JwsAlgorithm, crypto: &CryptoProvider) -> Option<VerifyingKeys> {
    run::verifying(jwk, algorithm, crypto).map(VerifyingKeys::single)
}

pub(super) fn verify(token: &str, keys: &VerifyingKeys) -> Result<Verified<JwsContent>, JwsError> {
    UnverifiedJws::parse(token, &Limits::default())?.verify(keys)
}
