//! Keys, tokens and randomness in a line.

use std::sync::Mutex;

use avouch_jose::crypto::{CryptoProvider, RandomError, SecureRandom};
use avouch_jose::{Jwk, base64url};
use serde_json::Value;

pub(crate) fn crypto() -> CryptoProvider {
    avouch_jose_aws_lc::provider()
}

pub(crate) fn jwk(value: &Value) -> Jwk {
    Jwk::from_value(value.clone()).unwrap()
}

/// A published file of the test kit.
pub(crate) fn vectors(file: &str) -> Value {
    let file = format!("{}/../testkit/vectors/jose/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"))).unwrap()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

pub(crate) fn octets(value: &Value) -> Vec<u8> {
    base64url::decode(text(value)).unwrap()
}

pub(crate) fn hex(value: &Value) -> Vec<u8> {
    let digits = text(value);
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// Gives known octets, in pieces exactly as they are asked for, and then no more.
pub(crate) struct Script(Mutex<Vec<Vec<u8>>>);

impl Script {
    pub(crate) fn new(pieces: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut pieces: Vec<_> = pieces.into_iter().collect();
        pieces.reverse();
        Self(Mutex::new(pieces))
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }
}

impl SecureRandom for Script {
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError> {
        let piece = self.0.lock().unwrap().pop().ok_or(RandomError)?;
        assert_eq!(piece.len(), octets.len(), "another piece was asked for");
        octets.copy_from_slice(&piece);
        Ok(())
    }
}
