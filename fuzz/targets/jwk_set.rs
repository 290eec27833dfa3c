//! A JWK Set from anybody: no panic in reading or preparing, public output holds no private member and reads back.
#![no_main]

use std::sync::LazyLock;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{JwkSet, JwsAlgorithm, Limits, VerifyingKeys};
use libfuzzer_sys::fuzz_target;

static CRYPTO: LazyLock<CryptoProvider> = LazyLock::new(avouch_jose_ring::provider);
const ALGORITHMS: [JwsAlgorithm; 7] = [
    JwsAlgorithm::RS256,
    JwsAlgorithm::PS384,
    JwsAlgorithm::ES256,
    JwsAlgorithm::ES384,
    JwsAlgorithm::EDDSA,
    JwsAlgorithm::ED25519,
    JwsAlgorithm::HS256,
];

fuzz_target!(|input: &[u8]| {
    let Ok(set) = JwkSet::from_json(input, &Limits::default()) else { return };
    let _ = VerifyingKeys::prepare(&set, &ALGORITHMS, &CRYPTO);
    let public = serde_json::to_vec(&set.public()).unwrap();
    let again = JwkSet::from_json(&public, &Limits::default()).unwrap();
    assert!(again.keys().iter().all(|key| !key.is_private()));
    assert_eq!(serde_json::to_vec(&again).unwrap(), public);
});
