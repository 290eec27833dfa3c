//! A JWS in JSON from anybody, with and without a payload of the caller's: no panic, each signature has an outcome, and
//! nobody without the key is believed.
#![no_main]

use std::sync::LazyLock;

use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKeys, jws};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<VerifyingKeys> = LazyLock::new(|| {
    let crypto = avouch_jose_ring::provider();
    let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("k"), &crypto).unwrap();
    let jwks = key.public_jwk().cloned().into_iter().collect();
    VerifyingKeys::prepare(&jwks, &[JwsAlgorithm::ES256], &crypto).unwrap()
});
static READERS: LazyLock<[jws::Reader; 2]> = LazyLock::new(|| {
    let liberal = jws::Reader::new(Limits::default()).unencoded_payloads().unprotected_algorithm();
    [jws::Reader::new(Limits::default()), liberal.understanding(["exp"]).unwrap()]
});

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    for reader in READERS.iter() {
        for jws in [reader.json(text), reader.json_detached(text, b"payload")].into_iter().flatten() {
            assert!(jws.signatures().len() > 0);
            assert_eq!(jws.outcomes(&KEYS).len(), jws.signatures().len());
            for signature in jws.signatures() {
                let header = signature.header();
                // JWS-06: no parameter is in both headers
                assert!(header.parameters().keys().all(|name| !header.unprotected().contains_key(name)));
            }
            let _ = jws.unverified_payload();
            // the key was made in this process: only a broken check could accept
            assert!(jws.verify(&KEYS).is_err());
        }
    }
});
