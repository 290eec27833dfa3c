//! What ring cannot do is refused by the backend itself, whoever calls it.

#![allow(clippy::unwrap_used)]

use avouch_jose::{
    EcCurve, EcKey, JwsAlgorithm, KeyError, KeyMaterial, OkpCurve, OkpKey, RsaKey, RsaPrivate, SecretOctets,
    base64url,
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
    let refused = signatures.prepare_verifier(JwsAlgorithm::RS256, &rsa(&[1; 6])).err();
    assert!(matches!(refused, Some(KeyError::Unsupported { .. })));
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

/// Under such a key one signature is valid for many messages. The neutral point, those of order 2, 4 and 8, and what
/// decodes to them without being their encoding.
#[test]
fn points_of_small_order() {
    let signatures = avouch_jose_ring::provider().signatures;
    let filled = |first: u8, rest: u8, last: u8| {
        let mut point = vec![rest; 32];
        point[0] = first;
        point[31] = last;
        point
    };
    let mut points = vec![
        filled(0, 0, 0),
        filled(1, 0, 0),
        filled(0xec, 0xff, 0x7f),
        filled(0xed, 0xff, 0x7f),
        filled(0xee, 0xff, 0x7f),
    ];
    for order_8 in
        ["JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU", "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o"]
    {
        points.push(base64url::decode(order_8).unwrap());
    }
    for point in points {
        for sign in [0, 0x80] {
            let mut point = point.clone();
            point[31] |= sign;
            let key = KeyMaterial::Okp(OkpKey::new(OkpCurve::Ed25519, point, None).unwrap());
            for algorithm in [JwsAlgorithm::EDDSA, JwsAlgorithm::ED25519] {
                let refused = signatures.prepare_verifier(algorithm, &key).err();
                assert_eq!(
                    refused,
                    Some(KeyError::Rejected { reason: "the point is of small order" }),
                    "{key:?}"
                );
            }
        }
    }
    assert!(signatures.prepare_verifier(JwsAlgorithm::ED25519, &generated(JwsAlgorithm::ED25519)).is_ok());
}
