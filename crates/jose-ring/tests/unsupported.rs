//! What ring cannot do is refused by the backend itself, whoever calls it.

#![allow(clippy::unwrap_used)]

use avouch_jose::{
    EcCurve, EcKey, JwsAlgorithm, KeyError, KeyMaterial, OkpCurve, OkpKey, RsaKey, RsaPrivate, SecretOctets,
};

fn secret(length: usize) -> Option<SecretOctets> {
    Some(SecretOctets::new(vec![1; length]))
}

#[test]
fn curves_and_algorithms() {
    let signatures = avouch_jose_ring::provider().signatures;
    let ec = |curve: EcCurve| {
        let width = curve.coordinate_len();
        KeyMaterial::Ec(EcKey::new(curve, vec![1; width], vec![1; width], secret(width)).unwrap())
    };
    let okp = |curve: OkpCurve| {
        KeyMaterial::Okp(OkpKey::new(curve, vec![1; curve.key_len()], secret(curve.key_len())).unwrap())
    };
    let rsa = |e: &[u8]| {
        let private = RsaPrivate { d: SecretOctets::new(vec![1]), crt: None };
        KeyMaterial::Rsa(RsaKey::new(vec![0xff; 256], e.to_vec(), Some(private)).unwrap())
    };
    for (algorithm, key) in [
        (JwsAlgorithm::ES512, ec(EcCurve::P521)),
        (JwsAlgorithm::ES256, ec(EcCurve::Secp256k1)),
        (JwsAlgorithm::EDDSA, okp(OkpCurve::Ed448)),
        (JwsAlgorithm::ED25519, okp(OkpCurve::X25519)),
    ] {
        let refused = signatures.prepare_verifier(algorithm, &key).err();
        assert!(matches!(refused, Some(KeyError::Unsupported { .. })), "{algorithm} {key:?}");
        let refused = signatures.prepare_signer(algorithm, &key).err();
        assert!(matches!(refused, Some(KeyError::Unsupported { .. })), "{algorithm} {key:?}");
    }
    // exponents of 34, 33 and 2 bits
    let refused = signatures.prepare_verifier(JwsAlgorithm::RS256, &rsa(&[2, 0, 0, 0, 1])).err();
    assert!(matches!(refused, Some(KeyError::Unsupported { .. })));
    assert!(signatures.prepare_verifier(JwsAlgorithm::RS256, &rsa(&[1, 0, 0, 0, 1])).is_ok());
    assert!(signatures.prepare_verifier(JwsAlgorithm::RS256, &rsa(&[3])).is_ok());
    assert_eq!(
        signatures.prepare_signer(JwsAlgorithm::RS256, &rsa(&[3])).err(),
        Some(KeyError::RsaPrimesMissing)
    );
}

fn generated(algorithm: JwsAlgorithm) -> KeyMaterial {
    avouch_jose_ring::provider().signatures.generate(algorithm).unwrap()
}

/// The algorithm decides what is prepared, not the key: above all, no name of a signature makes a MAC of a secret.
#[test]
fn keys_of_another_algorithm() {
    let signatures = avouch_jose_ring::provider().signatures;
    let rsa = KeyMaterial::Rsa(RsaKey::new(vec![0xff; 256], vec![1, 0, 1], None).unwrap());
    let keys = [
        (generated(JwsAlgorithm::HS512), "HS"),
        (generated(JwsAlgorithm::ES256), "ES256"),
        (generated(JwsAlgorithm::ES384), "ES384"),
        (generated(JwsAlgorithm::ED25519), "Ed"),
        (rsa, "RSA"),
    ];
    for (key, kind) in keys {
        for &algorithm in JwsAlgorithm::ALL {
            let fits = match kind {
                "RSA" => algorithm.name().starts_with("RS") || algorithm.name().starts_with("PS"),
                "Ed" => [JwsAlgorithm::EDDSA, JwsAlgorithm::ED25519].contains(&algorithm),
                "HS" => algorithm.name().starts_with("HS"),
                kind => algorithm.name() == kind,
            };
            let verifier = signatures.prepare_verifier(algorithm, &key).err();
            let signer = signatures.prepare_signer(algorithm, &key).err();
            if fits {
                assert_eq!(verifier, None, "{algorithm} {kind}");
                assert!(!matches!(signer, Some(KeyError::Unsupported { .. })), "{algorithm} {kind}");
            } else {
                assert!(matches!(verifier, Some(KeyError::Unsupported { .. })), "{algorithm} {kind}");
                assert!(matches!(signer, Some(KeyError::Unsupported { .. })), "{algorithm} {kind}");
            }
        }
    }
}
