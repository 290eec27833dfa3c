//! A certificate beside a key, from anybody: no panic in reading the DER, and a chain that is read is written back the same.
#![no_main]

use std::sync::LazyLock;

use avouch_jose::{CertificateChain, EcCurve, EcKey, Jwk, KeyMaterial, certificate_thumbprint};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

static JWK: LazyLock<Jwk> = LazyLock::new(|| {
    let key = EcKey::new(EcCurve::P256, vec![1; 32], vec![2; 32], None).unwrap();
    Jwk::new(KeyMaterial::Ec(key))
});

fuzz_target!(|input: &[u8]| {
    let crypto = avouch_jose_ring::provider();
    assert_eq!(certificate_thumbprint(input, &crypto).len(), 43);
    let chain = Value::Array(vec![Value::String(standard_base64(input))]);
    let Some(chain) = CertificateChain::from_value(&chain) else {
        assert!(input.is_empty(), "base64 of octets was not read");
        return;
    };
    assert_eq!(chain.leaf(), input);
    assert_eq!(chain.der().count(), 1);
    // such a point is on no curve, so no certificate is this key's unless it says just that
    if chain.leaf_matches(&JWK).unwrap_or(false) {
        let point = [&[4][..], &[1; 32], &[2; 32]].concat();
        assert!(input.windows(point.len()).any(|window| window == point));
    }
});

fn standard_base64(octets: &[u8]) -> String {
    let text = avouch_jose::base64url::encode(octets).replace('-', "+").replace('_', "/");
    let padding = (4 - text.len() % 4) % 4;
    text + &"=".repeat(padding)
}
