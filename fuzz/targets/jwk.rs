//! One JWK from anybody: no panic in reading, printing, hashing or preparing it, and what is printed reads back the same.
#![no_main]

use std::sync::LazyLock;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{
    ContentEncryption, DecryptionKey, EncryptionKey, HashAlgorithm, JweAlgorithm, Jwk, JwkSet, JwsAlgorithm,
    Limits, SigningKey, ThumbprintUri, VerifyingKey,
};
use libfuzzer_sys::fuzz_target;

static BACKENDS: LazyLock<[CryptoProvider; 2]> =
    LazyLock::new(|| [avouch_jose_ring::provider(), avouch_jose_aws_lc::provider()]);

fuzz_target!(|input: &[u8]| {
    let Ok(jwk) = Jwk::from_json(input, &Limits::default()) else { return };
    let again = Jwk::from_json(jwk.to_private_json().as_bytes(), &Limits::default()).unwrap();
    assert!(is_same(&again, &jwk), "another key was printed");

    let shown = format!("{jwk:?}");
    let [ring, aws_lc] = &*BACKENDS;
    let thumbprint = jwk.thumbprint(HashAlgorithm::Sha256, ring);
    assert_eq!(thumbprint, jwk.thumbprint(HashAlgorithm::Sha256, aws_lc));
    match jwk.public() {
        None => assert!(serde_json::to_string(&jwk).is_err(), "a secret was printed: {shown}"),
        Some(public) => {
            assert!(!public.is_private());
            let printed = serde_json::to_vec(&jwk).unwrap();
            assert!(is_same(&Jwk::from_json(&printed, &Limits::default()).unwrap(), &public));
            // the private half is no part of the name
            assert_eq!(public.thumbprint(HashAlgorithm::Sha256, ring), thumbprint);
            let uri = ThumbprintUri::of(&public, HashAlgorithm::Sha512, ring);
            assert!(ThumbprintUri::parse(&uri.to_string()).unwrap().is_of(&jwk, aws_lc));
        }
    }

    let set = JwkSet::new(vec![jwk.clone()]);
    for crypto in &*BACKENDS {
        for &algorithm in JwsAlgorithm::ALL {
            let verifies = VerifyingKey::prepare(&jwk, algorithm, crypto);
            let Ok(signing) = SigningKey::prepare(&jwk, algorithm, crypto) else { continue };
            // what a key signs, its public half verifies, unless the key says that it is to sign alone
            let (Ok(signature), Ok(verifies)) = (signing.sign(input), verifies) else { continue };
            verifies.verify(input, &signature).unwrap();
        }
        for &algorithm in JweAlgorithm::ALL {
            let _ = DecryptionKey::prepare(&jwk, algorithm, crypto);
            let _ = EncryptionKey::prepare(&jwk, algorithm, crypto);
            let _ = EncryptionKey::candidates(&set, algorithm, crypto);
        }
        for &encryption in ContentEncryption::ALL {
            let _ = DecryptionKey::direct(&jwk, encryption, crypto);
        }
    }
});

/// In all that means something. Numbers nobody knows may be rounded once more when they are read again.
fn is_same(one: &Jwk, other: &Jwk) -> bool {
    let said = |jwk: &Jwk| {
        let [kid, alg] = [jwk.kid(), jwk.alg()].map(|text| text.map(str::to_owned));
        (jwk.material().clone(), kid, alg, jwk.key_use().cloned(), jwk.key_ops().map(<[_]>::to_vec))
    };
    said(one) == said(other) && one.extra().keys().eq(other.extra().keys())
}
