//! A compact JWS from anybody: no panic; the parser keeps the bytes; nobody without the key is believed.
#![no_main]

use std::sync::LazyLock;

use avouch_jose::jws::UnverifiedJws;
use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKeys};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<VerifyingKeys> = LazyLock::new(|| {
    let crypto = avouch_jose_ring::provider();
    let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("k"), &crypto).unwrap();
    let jwks = key.public_jwk().cloned().into_iter().collect();
    VerifyingKeys::prepare(&jwks, &[JwsAlgorithm::ES256], &crypto).unwrap()
});

fuzz_target!(|input: &[u8]| {
    let Ok(token) = std::str::from_utf8(input) else { return };
    let Ok(jws) = UnverifiedJws::parse(token, &Limits::default()) else { return };
    assert_eq!(token.matches('.').count(), 2);
    assert!(jws.header().parameter("b64").is_none());
    let _ = jws.unverified_payload();
    // the key was made in this process: only a broken check could accept
    assert!(jws.verify(&KEYS).is_err());
});
