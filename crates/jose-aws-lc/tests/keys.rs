//! Which keys are prepared and which are refused, by the backend itself, whoever calls it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;

use avouch_jose::crypto::SignatureBackend;
use avouch_jose::{
    AkpKey, EcCurve, EcKey, JwsAlgorithm as A, KeyError, KeyMaterial, KeyType, MlDsaParameters, OkpCurve,
    OkpKey, RsaKey, RsaPrivate, SecretOctets,
};

fn signatures() -> Arc<dyn SignatureBackend> {
    avouch_jose_aws_lc::provider().signatures
}

fn generated(algorithm: A) -> KeyMaterial {
    signatures().generate(algorithm).unwrap()
}

fn secret(length: usize) -> Option<SecretOctets> {
    Some(SecretOctets::new(vec![1; length]))
}

/// The algorithm decides what is prepared, not the key: above all, no name of a signature makes a MAC of a secret.
///
/// Proves ALG-08, ALG-12, ALG-13, ALG-14. Only a key of the algorithm's own type, curve and parameters is prepared.
#[test]
fn keys_of_another_algorithm() {
    let kinds: [(A, &[A]); 10] = [
        (A::HS512, &[A::HS256, A::HS384, A::HS512]),
        (A::RS256, &[A::RS256, A::RS384, A::RS512, A::PS256, A::PS384, A::PS512]),
        (A::ES256, &[A::ES256]),
        (A::ES384, &[A::ES384]),
        (A::ES512, &[A::ES512]),
        (A::ES256K, &[A::ES256K]),
        (A::ED25519, &[A::EDDSA, A::ED25519]),
        (A::ML_DSA_44, &[A::ML_DSA_44]),
        (A::ML_DSA_65, &[A::ML_DSA_65]),
        (A::ML_DSA_87, &[A::ML_DSA_87]),
    ];
    for (made, fitting) in kinds {
        let key = generated(made);
        for &algorithm in A::ALL {
            let verifier = signatures().prepare_verifier(algorithm, &key).err();
            let signer = signatures().prepare_signer(algorithm, &key).err();
            if fitting.contains(&algorithm) {
                assert_eq!((verifier, signer), (None, None), "{algorithm} with a key for {made}");
            } else {
                for error in [verifier, signer] {
                    assert!(
                        matches!(error, Some(KeyError::Unsupported { .. })),
                        "{algorithm} {made} {error:?}"
                    );
                }
            }
        }
    }
    for curve in [OkpCurve::Ed448, OkpCurve::X25519] {
        let key = OkpKey::new(curve, vec![1; curve.key_len()], secret(curve.key_len())).unwrap();
        let key = KeyMaterial::Okp(key);
        for algorithm in [A::EDDSA, A::ED25519, A::ED448] {
            let refused = signatures().prepare_verifier(algorithm, &key).err();
            assert!(matches!(refused, Some(KeyError::Unsupported { .. })), "{algorithm} {key:?}");
        }
    }
}

/// Proves BCP-08. New keys are as large as they should be, complete, and never the same.
#[test]
fn generated_keys() {
    for &algorithm in A::ALL {
        if algorithm == A::ED448 {
            let refused = signatures().generate(algorithm).err();
            assert!(matches!(refused, Some(KeyError::Unsupported { .. })));
            continue;
        }
        let key = generated(algorithm);
        assert!(key.is_private());
        // two RSA keys for each algorithm would take long
        if algorithm.key_type() != KeyType::Rsa || algorithm == A::PS256 {
            assert_ne!(key, generated(algorithm), "{algorithm}");
        }
        let signer = signatures().prepare_signer(algorithm, &key).unwrap();
        let public = key.public().unwrap_or(key);
        let verifier = signatures().prepare_verifier(algorithm, &public).unwrap();
        let signature = signer.sign(b"input").unwrap();
        assert!(algorithm.signature_len().contains(&signature.len()));
        assert!(verifier.verify(b"input", &signature).is_ok());
        assert!(verifier.verify(b"inpu", &signature).is_err());
        if let KeyMaterial::Rsa(key) = public {
            assert_eq!((key.modulus_bits(), key.e()), (2048, &[1, 0, 1][..]));
        }
    }
}

/// Proves JWK-12, BCP-07. Off the curve, at the origin, not below the prime.
#[test]
fn points_off_the_curve() {
    for (algorithm, curve) in [
        (A::ES256, EcCurve::P256),
        (A::ES384, EcCurve::P384),
        (A::ES512, EcCurve::P521),
        (A::ES256K, EcCurve::Secp256k1),
    ] {
        let KeyMaterial::Ec(key) = generated(algorithm) else { panic!() };
        let width = curve.coordinate_len();
        let mut flipped = key.y().to_vec();
        flipped[width - 1] ^= 1;
        for (x, y) in [
            (key.x().to_vec(), flipped),
            (vec![0; width], vec![0; width]),
            (key.x().to_vec(), vec![0xff; width]),
            (vec![0xff; width], key.y().to_vec()),
        ] {
            let key = KeyMaterial::Ec(EcKey::new(curve, x, y, secret(width)).unwrap());
            let refused = signatures().prepare_verifier(algorithm, &key).err();
            assert_eq!(refused, Some(KeyError::Rejected { reason: "the point is not on the curve" }));
            assert!(signatures().prepare_signer(algorithm, &key).is_err());
        }
    }
}

/// Proves JWK-13. The private half of one key with the public half of another.
#[test]
fn private_keys_of_another_public_key() {
    for algorithm in [
        A::RS256,
        A::PS512,
        A::ES256,
        A::ES384,
        A::ES512,
        A::ES256K,
        A::ED25519,
        A::EDDSA,
        A::ML_DSA_44,
        A::ML_DSA_65,
        A::ML_DSA_87,
    ] {
        let mixed = match (generated(algorithm), generated(algorithm)) {
            (KeyMaterial::Rsa(one), KeyMaterial::Rsa(two)) => KeyMaterial::Rsa(
                RsaKey::new(one.n().to_vec(), one.e().to_vec(), two.private().cloned()).unwrap(),
            ),
            (KeyMaterial::Ec(one), KeyMaterial::Ec(two)) => KeyMaterial::Ec(
                EcKey::new(one.curve(), one.x().to_vec(), one.y().to_vec(), two.d().cloned()).unwrap(),
            ),
            (KeyMaterial::Okp(one), KeyMaterial::Okp(two)) => {
                KeyMaterial::Okp(OkpKey::new(one.curve(), one.x().to_vec(), two.d().cloned()).unwrap())
            }
            (KeyMaterial::Akp(one), KeyMaterial::Akp(two)) => KeyMaterial::Akp(
                AkpKey::new(one.parameters(), one.public().to_vec(), two.seed().cloned()).unwrap(),
            ),
            other => panic!("{other:?}"),
        };
        let refused = signatures().prepare_signer(algorithm, &mixed).err();
        assert_eq!(refused, Some(KeyError::PrivateDoesNotMatchPublic), "{algorithm}");
        let public = mixed.public().unwrap();
        assert_eq!(signatures().prepare_signer(algorithm, &public).err(), Some(KeyError::NotPrivate));
    }
}

/// Proves JWK-13, JWK-16. Each integer of a private RSA key belongs to the others, and the primes may be in either order.
#[test]
fn integers_of_rsa_keys() {
    let KeyMaterial::Rsa(key) = generated(A::RS256) else { panic!() };
    let private = key.private().unwrap();
    let signer = |private: RsaPrivate| {
        let key = RsaKey::new(key.n().to_vec(), key.e().to_vec(), Some(private)).unwrap();
        signatures().prepare_signer(A::RS256, &KeyMaterial::Rsa(key)).err()
    };
    assert_eq!(signer(private.clone()), None);
    assert_eq!(signer(RsaPrivate { crt: None, ..private.clone() }), Some(KeyError::RsaPrimesMissing));
    for part in 0..6 {
        let mut damaged = private.clone();
        let crt = damaged.crt.as_mut().unwrap();
        let place = match part {
            0 => &mut damaged.d,
            1 => &mut crt.p,
            2 => &mut crt.q,
            3 => &mut crt.dp,
            4 => &mut crt.dq,
            _ => &mut crt.qi,
        };
        let mut octets = place.expose().to_vec();
        octets[50] ^= 4;
        *place = SecretOctets::new(octets);
        assert_eq!(signer(damaged), Some(KeyError::PrivateDoesNotMatchPublic), "{part}");
    }
}

/// Proves ALG-03. What AWS-LC cannot compute with is told when the key is prepared.
#[test]
fn exponents_of_rsa_keys() {
    let KeyMaterial::Rsa(key) = generated(A::RS256) else { panic!() };
    let rsa = |e: &[u8]| {
        KeyMaterial::Rsa(RsaKey::new(key.n().to_vec(), e.to_vec(), key.private().cloned()).unwrap())
    };
    for algorithm in [A::RS256, A::PS384] {
        for long in [&[3, 0, 0, 0, 1][..], &[1, 0, 0, 0, 0, 1], &[1; 32]] {
            let verifier = signatures().prepare_verifier(algorithm, &rsa(long)).err();
            let signer = signatures().prepare_signer(algorithm, &rsa(long)).err();
            for refused in [verifier, signer] {
                assert!(matches!(refused, Some(KeyError::Unsupported { .. })), "{refused:?}");
            }
        }
        // 33 bits and few bits are computed with
        for e in [&[3][..], &[1, 0, 0, 0, 1]] {
            assert!(signatures().prepare_verifier(algorithm, &rsa(e)).is_ok());
        }
    }
}

/// Proves ALG-05, ALG-06, ALG-07. Signatures of another length, and zeros, are refused; none has been cut short.
#[test]
fn widths_of_ecdsa_signatures() {
    for (algorithm, width) in [(A::ES256, 32), (A::ES384, 48), (A::ES512, 66), (A::ES256K, 32)] {
        let key = generated(algorithm);
        let signer = signatures().prepare_signer(algorithm, &key).unwrap();
        let verifier = signatures().prepare_verifier(algorithm, &key).unwrap();
        let mut begins_with_zero = false;
        // one in 256 begins with a zero octet; for P-521 every second
        for input in 0..2000_u16 {
            let signature = signer.sign(&input.to_be_bytes()).unwrap();
            assert_eq!(signature.len(), 2 * width, "{algorithm}");
            begins_with_zero |= signature[0] == 0 || signature[width] == 0;
            if input < 20 || begins_with_zero {
                assert!(verifier.verify(&input.to_be_bytes(), &signature).is_ok());
                assert!(verifier.verify(&input.to_be_bytes(), &signature[1..]).is_err());
                assert!(verifier.verify(&input.to_be_bytes(), &[&signature[..], &[0]].concat()).is_err());
            }
            if input >= 20 && begins_with_zero {
                break;
            }
        }
        assert!(begins_with_zero, "{algorithm}");
        assert!(verifier.verify(b"", &vec![0; 2 * width]).is_err());
        assert!(verifier.verify(b"", &vec![0xff; 2 * width]).is_err());
    }
}

/// Proves ALG-09. Salts are as long as the hash: what AWS-LC itself signs with another salt is refused, so is PKCS #1.
#[test]
fn salts_of_pss() {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RSA_PSS_SHA384, RsaEncoding, RsaKeyPair};

    let der = include_bytes!("data/rsa-2048.pk8");
    let pair = RsaKeyPair::from_pkcs8(der).unwrap();
    let (_, public) = signatures().prepare_signer_pkcs8(A::PS256, der).unwrap();
    let verifier = signatures().prepare_verifier(A::PS256, &public).unwrap();
    let accepts = |encoding: &'static dyn RsaEncoding| {
        let mut signature = vec![0; 256];
        pair.sign(encoding, &SystemRandom::new(), b"input", &mut signature).unwrap();
        verifier.verify(b"input", &signature).is_ok()
    };
    assert!(accepts(&RSA_PSS_SHA256));
    assert!(!accepts(&RSA_PSS_SHA384));
    assert!(!accepts(&RSA_PKCS1_SHA256));
    // made by OpenSSL with a salt of 20 octets, and of 32
    let signed = |octets: &[u8]| verifier.verify(b"input", octets).is_ok();
    assert!(signed(include_bytes!("data/rsa-2048.pss-32")));
    assert!(!signed(include_bytes!("data/rsa-2048.pss-20")));
}

/// Two signatures over one input differ, and both verify: fresh randomness goes in.
#[test]
fn ml_dsa_is_hedged() {
    for parameters in [MlDsaParameters::MlDsa44, MlDsaParameters::MlDsa65, MlDsaParameters::MlDsa87] {
        let algorithm = parameters.algorithm();
        let key = generated(algorithm);
        let signer = signatures().prepare_signer(algorithm, &key).unwrap();
        let verifier = signatures().prepare_verifier(algorithm, &key).unwrap();
        let (one, two) = (signer.sign(b"input").unwrap(), signer.sign(b"input").unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), parameters.signature_len());
        assert!(verifier.verify(b"input", &one).is_ok() && verifier.verify(b"input", &two).is_ok());
        assert!(verifier.verify(b"input", &one[1..]).is_err());
        assert!(verifier.verify(b"input", &[&one[..], &[0]].concat()).is_err());
    }
}
