use avouch_jose::base64url;
use avouch_jose::{
    Jwk, JwkSet, JwsAlgorithm, KeyError, KeyMaterial, KeyUse, OkpCurve, OkpKey, RsaKey, SecretOctets,
    SigningKey, VerifyingKey, VerifyingKeys,
};
use serde_json::{Value, json};

use crate::support::{crypto, ed25519, jwk, p256, rsa, with, without};

use JwsAlgorithm as A;

fn verifying(key: Value, algorithm: A) -> Result<VerifyingKey, KeyError> {
    VerifyingKey::prepare(&jwk(key), algorithm, &crypto())
}

fn signing(key: Value, algorithm: A) -> Result<SigningKey, KeyError> {
    SigningKey::prepare(&jwk(key), algorithm, &crypto())
}

fn oct(octets: usize) -> Value {
    json!({"kty": "oct", "k": base64url::encode(vec![7; octets])})
}

/// Proves ALG-08, ALG-12, ALG-14, BCP-03. Every kind of key with every algorithm: it fits its own and no other.
#[test]
fn key_fits_algorithm() {
    let p384 = SigningKey::generate(A::ES384, None, &crypto()).unwrap().1.with_kid("p384");
    let p384 = without(serde_json::from_str(&p384.to_private_json()).unwrap(), "alg");
    let ed448 = json!({"kty": "OKP", "crv": "Ed448", "x": base64url::encode([1; 57])});
    let x25519 = with(ed25519(), "crv", "X25519");
    let rsa_algorithms = [A::RS256, A::RS384, A::RS512, A::PS256, A::PS384, A::PS512];
    for (key, fitting) in [
        (oct(64), &[A::HS256, A::HS384, A::HS512][..]),
        (rsa(), &rsa_algorithms),
        (p256(), &[A::ES256]),
        (p384, &[A::ES384]),
        (ed25519(), &[A::EDDSA, A::ED25519]),
        (ed448, &[]),
        (x25519, &[]),
    ] {
        for &algorithm in A::ALL {
            let outcomes =
                [verifying(key.clone(), algorithm).map(|_| ()), signing(key.clone(), algorithm).map(|_| ())];
            for outcome in outcomes {
                match outcome {
                    Ok(()) => assert!(fitting.contains(&algorithm), "{algorithm} {key}"),
                    // the key would do; the backend does not
                    Err(KeyError::Unsupported { .. } | KeyError::NotPrivate) => {
                        assert!((algorithm, key["crv"].as_str()) == (A::ED448, Some("Ed448")))
                    }
                    Err(KeyError::KeyType { .. } | KeyError::Curve { .. }) => {
                        assert!(!fitting.contains(&algorithm), "{algorithm} {key}");
                    }
                    Err(other) => panic!("{algorithm} {key}: {other:?}"),
                }
            }
        }
    }
}

/// Proves BCP-03, ALG-12. A public key in any guise is no HMAC secret: only octets given as a secret are one.
#[test]
fn public_key_is_no_secret() {
    let public = without(p256(), "d");
    assert!(matches!(verifying(public, A::HS256), Err(KeyError::KeyType { .. })));
    assert!(matches!(verifying(rsa(), A::HS256), Err(KeyError::KeyType { .. })));
    let refused = VerifyingKey::hmac_secret(b"0123456789abcdef0123456789abcdef", A::RS256, &crypto());
    assert!(matches!(refused, Err(KeyError::KeyType { .. })));
    let refused = SigningKey::hmac_secret(b"0123456789abcdef0123456789abcdef", A::ES256, &crypto());
    assert!(matches!(refused, Err(KeyError::KeyType { .. })));
}

/// Proves ALG-05. What the table of algorithms says of each.
#[test]
fn signature_lengths() {
    for &algorithm in A::ALL {
        let expected = match algorithm.name() {
            "HS256" => 32..=32,
            "HS384" => 48..=48,
            "HS512" | "ES256" | "EdDSA" | "Ed25519" => 64..=64,
            "ES384" => 96..=96,
            "ES256K" => 64..=64,
            "ES512" => 132..=132,
            "Ed448" => 114..=114,
            "ML-DSA-44" => 2420..=2420,
            "ML-DSA-65" => 3309..=3309,
            "ML-DSA-87" => 4627..=4627,
            _ => 256..=1024,
        };
        assert_eq!(algorithm.signature_len(), expected, "{algorithm}");
    }
}

/// Proves ALG-01.
#[test]
fn secret_length() {
    for (algorithm, minimum) in [(A::HS256, 32), (A::HS384, 48), (A::HS512, 64)] {
        for octets in [0, 1, minimum - 1] {
            let expected = KeyError::SecretTooShort { octets, minimum };
            assert_eq!(verifying(oct(octets), algorithm).unwrap_err(), expected);
            assert_eq!(signing(oct(octets), algorithm).unwrap_err(), expected);
            let secret = vec![7; octets];
            assert_eq!(VerifyingKey::hmac_secret(&secret, algorithm, &crypto()).unwrap_err(), expected);
            assert_eq!(SigningKey::hmac_secret(&secret, algorithm, &crypto()).unwrap_err(), expected);
        }
        for octets in [minimum, minimum + 1, 1000] {
            assert!(verifying(oct(octets), algorithm).is_ok() && signing(oct(octets), algorithm).is_ok());
        }
    }
}

/// An RSA public key with a modulus of so many bits; nothing is ever verified with it.
fn rsa_of(bits: usize, e: &[u8]) -> Jwk {
    let mut n = vec![0xff; bits.div_ceil(8)];
    n[0] = 0xff >> (n.len() * 8 - bits);
    Jwk::new(KeyMaterial::Rsa(RsaKey::new(n, e.to_vec(), None).unwrap()))
}

/// Proves ALG-02, ALG-03. Bits are counted, not octets.
#[test]
fn rsa_size() {
    const E: &[u8] = &[1, 0, 1];
    for algorithm in [A::RS256, A::PS512] {
        let prepare = |bits| VerifyingKey::prepare(&rsa_of(bits, E), algorithm, &crypto()).map(|_| ());
        for bits in [8, 1024, 2040, 2047] {
            assert_eq!(prepare(bits), Err(KeyError::RsaTooSmall { bits, minimum: 2048 }));
        }
        for bits in [2048, 2049, 3072, 4096, 8192] {
            assert_eq!(prepare(bits), Ok(()));
        }
        for bits in [8193, 16384] {
            assert_eq!(prepare(bits), Err(KeyError::RsaTooLarge { bits, maximum: 8192 }));
        }
    }
}

/// Proves ALG-03.
#[test]
fn rsa_exponent() {
    let prepare = |e: &[u8]| VerifyingKey::prepare(&rsa_of(2048, e), A::RS256, &crypto()).map(|_| ());
    for good in [&[3][..], &[17], &[1, 0, 1], &[1, 0, 0, 0, 1]] {
        assert_eq!(prepare(good), Ok(()));
    }
    for bad in [&[1][..], &[2], &[1, 0, 0], &[255; 33]] {
        assert_eq!(prepare(bad), Err(KeyError::RsaExponent));
    }
    // legal, but more than ring computes with
    assert!(matches!(prepare(&[255; 5]), Err(KeyError::Unsupported { .. })));
    assert!(matches!(prepare(&[255; 32]), Err(KeyError::Unsupported { .. })));

    let mut even = vec![0xff; 256];
    even[255] = 0xfe;
    let even = Jwk::new(KeyMaterial::Rsa(RsaKey::new(even, vec![3], None).unwrap()));
    assert_eq!(VerifyingKey::prepare(&even, A::RS256, &crypto()).unwrap_err(), KeyError::RsaModulusEven);
}

/// Under such a key one signature is valid for many messages. The neutral point, those of order 2, 4 and 8, and what
/// decodes to them without being their encoding.
#[test]
fn points_of_small_order() {
    let filled = |first: u8, rest: u8, last: u8| {
        let mut point = vec![rest; 32];
        (point[0], point[31]) = (first, last);
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
            let key = Jwk::new(KeyMaterial::Okp(OkpKey::new(OkpCurve::Ed25519, point, None).unwrap()));
            for algorithm in [A::EDDSA, A::ED25519] {
                let refused = VerifyingKey::prepare(&key, algorithm, &crypto()).map(|_| ());
                assert_eq!(refused, Err(KeyError::Ed25519SmallOrder), "{key:?}");
            }
        }
    }
}

/// Proves JWK-03, JWK-04. Any other `use`, known or not.
#[test]
fn key_use() {
    assert!(signing(with(p256(), "use", "sig"), A::ES256).is_ok());
    for other in ["enc", "SIG", "sig ", "", "other"] {
        let key = with(p256(), "use", other);
        assert_eq!(verifying(key.clone(), A::ES256).unwrap_err(), KeyError::Use(KeyUse::from(other)));
        assert_eq!(signing(key, A::ES256).unwrap_err(), KeyError::Use(KeyUse::from(other)));
    }
}

/// Proves JWK-07.
#[test]
fn key_ops() {
    for (ops, may_verify, may_sign) in [
        (json!(["verify"]), true, false),
        (json!(["sign"]), false, true),
        (json!(["sign", "verify"]), true, true),
        (json!(["sign", "verify", "other"]), true, true),
        (json!([]), false, false),
        (json!(["encrypt", "decrypt"]), false, false),
        (json!(["Sign", "Verify"]), false, false),
    ] {
        let key = with(p256(), "key_ops", ops.clone());
        let outcome = verifying(key.clone(), A::ES256);
        assert!(
            outcome.is_ok() == may_verify && (may_verify || matches!(outcome, Err(KeyError::KeyOps(_)))),
            "{ops}"
        );
        let outcome = signing(key, A::ES256);
        assert!(
            outcome.is_ok() == may_sign && (may_sign || matches!(outcome, Err(KeyError::KeyOps(_)))),
            "{ops}"
        );
    }
}

/// Proves JWK-08.
#[test]
fn use_and_key_ops_agree() {
    let key = with(p256(), "use", "sig");
    assert!(verifying(with(key.clone(), "key_ops", json!(["sign", "verify"])), A::ES256).is_ok());
    for op in ["encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"] {
        let refused = verifying(with(key.clone(), "key_ops", json!(["verify", op])), A::ES256);
        assert!(
            matches!(refused, Err(KeyError::UseContradictsKeyOps { op: found, .. }) if found.as_str() == op)
        );
    }
}

/// Proves JWK-09, ALG-16.
#[test]
fn key_algorithm() {
    assert!(verifying(with(rsa(), "alg", "RS256"), A::RS256).is_ok());
    for (key, algorithm, other) in [
        (rsa(), A::RS256, "RS384"),
        (rsa(), A::RS256, "PS256"),
        (rsa(), A::RS256, "rs256"),
        (rsa(), A::RS256, "RSA-OAEP"),
        (rsa(), A::RS256, ""),
        (ed25519(), A::EDDSA, "Ed25519"),
        (ed25519(), A::ED25519, "EdDSA"),
    ] {
        let key = with(key, "alg", other);
        let expected = KeyError::Algorithm { algorithm: algorithm.into(), found: other.to_owned() };
        assert_eq!(verifying(key.clone(), algorithm).unwrap_err(), expected);
        assert_eq!(signing(key, algorithm).unwrap_err(), expected);
    }
}

/// Proves JWK-12, BCP-07. Off the curve by one bit; on another curve; the infinite point.
#[test]
fn point_is_on_the_curve() {
    let flip = |name: &str| {
        let mut octets = base64url::decode(p256()[name].as_str().unwrap()).unwrap();
        octets[31] ^= 1;
        with(without(p256(), "d"), name, base64url::encode(octets))
    };
    let zero = base64url::encode([0; 32]);
    let infinity = with(with(without(p256(), "d"), "x", zero.clone()), "y", zero);
    for key in [flip("x"), flip("y"), infinity] {
        assert!(matches!(verifying(key, A::ES256), Err(KeyError::Rejected { .. })));
    }
    assert!(verifying(without(p256(), "d"), A::ES256).is_ok());
}

/// Proves JWK-13. The private half of another key; for RSA also each factor on its own.
#[test]
fn private_belongs_to_public() {
    let other = |algorithm| SigningKey::generate(algorithm, None, &crypto()).unwrap().1.to_private_json();
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let (ec, okp) = (parse(&other(A::ES256)), parse(&other(A::ED25519)));
    for (key, algorithm, d) in [(p256(), A::ES256, &ec["d"]), (ed25519(), A::ED25519, &okp["d"])] {
        let refused = signing(with(key, "d", d.clone()), algorithm);
        assert_eq!(refused.unwrap_err(), KeyError::PrivateDoesNotMatchPublic);
    }
    for name in ["n", "p", "q", "dp", "dq", "qi"] {
        let mut octets = base64url::decode(rsa()[name].as_str().unwrap()).unwrap();
        octets[64] ^= 2;
        let refused = signing(with(rsa(), name, base64url::encode(octets)), A::RS256);
        assert!(
            matches!(refused, Err(KeyError::PrivateDoesNotMatchPublic | KeyError::Rejected { .. })),
            "{name}: {refused:?}"
        );
    }
    assert!(signing(with(rsa(), "e", "AQAD"), A::RS256).is_err());
}

/// Proves JWK-16. Signing needs a private key, and with ring an RSA key needs its primes.
#[test]
fn signing_needs_the_private_key() {
    for (key, algorithm) in [(p256(), A::ES256), (ed25519(), A::EDDSA)] {
        assert_eq!(signing(without(key, "d"), algorithm).unwrap_err(), KeyError::NotPrivate);
    }
    let without_primes = ["p", "q", "dp", "dq", "qi"].into_iter().fold(rsa(), without);
    assert_eq!(signing(without_primes.clone(), A::RS256).unwrap_err(), KeyError::RsaPrimesMissing);
    assert_eq!(signing(without(without_primes, "d"), A::RS256).unwrap_err(), KeyError::NotPrivate);
}

/// Proves BCP-08, THB-07, JWK-18. Generated keys differ, say what they are for, sign and verify; RSA is refused by name.
#[test]
fn generation() {
    let crypto = crypto();
    for algorithm in [A::HS256, A::HS384, A::HS512, A::ES256, A::ES384, A::EDDSA, A::ED25519] {
        let (key, jwk) = SigningKey::generate(algorithm, Some("kid"), &crypto).unwrap();
        let (_, other) = SigningKey::generate(algorithm, None, &crypto).unwrap();
        assert_ne!(jwk.material(), other.material());
        assert_eq!((jwk.kid(), key.kid()), (Some("kid"), Some("kid")));
        assert_eq!((jwk.alg(), jwk.key_use()), (Some(algorithm.name()), Some(&KeyUse::SIGNATURE)));
        let verifying = VerifyingKey::prepare(&jwk, algorithm, &crypto).unwrap();
        assert_eq!(verifying.verify(b"input", &key.sign(b"input").unwrap()), Ok(()));
        if algorithm.is_symmetric() {
            assert!(key.public_jwk().is_none() && other.kid().is_none());
            let KeyMaterial::Oct(secret) = jwk.material() else { panic!("{algorithm}") };
            assert_eq!(Some(secret.len()), algorithm.hash().map(|hash| hash.output_len()));
        } else {
            assert_eq!(key.public_jwk(), jwk.public().as_ref());
            let thumbprint = other.thumbprint(avouch_jose::HashAlgorithm::Sha256, &crypto);
            assert_eq!(other.kid(), Some(thumbprint.as_str()));
        }
        let again = Jwk::from_json(jwk.to_private_json().as_bytes(), &Default::default()).unwrap();
        assert_eq!(again, jwk);
        assert!(SigningKey::prepare(&again, algorithm, &crypto).is_ok());
    }
    for algorithm in [A::RS256, A::PS384, A::ES512] {
        assert!(matches!(SigningKey::generate(algorithm, None, &crypto), Err(KeyError::Unsupported { .. })));
    }
}

/// Proves BCP-01.
#[test]
fn algorithms_are_named() {
    let set = JwkSet::new(vec![jwk(without(p256(), "d"))]);
    assert_eq!(VerifyingKeys::prepare(&set, &[], &crypto()).unwrap_err(), KeyError::NoAlgorithms);
    assert_eq!(VerifyingKeys::from_keys(vec![]).unwrap_err(), KeyError::NoAlgorithms);
}

/// What the backend can do is asked at run time, and agrees with what it prepares.
#[test]
fn support_is_told() {
    let unsupported: Vec<_> = A::ALL.iter().filter(|a| !crypto().signatures.supports(**a)).collect();
    assert_eq!(unsupported, [&A::ES512, &A::ES256K, &A::ED448, &A::ML_DSA_44, &A::ML_DSA_65, &A::ML_DSA_87]);
    let p521 = json!({
        "kty": "EC", "crv": "P-521",
        "x": "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt",
        "y": "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1",
    });
    assert!(
        matches!(verifying(p521, A::ES512), Err(KeyError::Unsupported { algorithm, .. }) if algorithm == A::ES512.into())
    );
}

/// The public half of a key does what others do with it.
#[test]
fn public_half() {
    let key = jwk(with(p256(), "key_ops", json!(["sign", "verify", "unwrapKey"])));
    let public = key.public().unwrap();
    assert!(!public.is_private());
    assert_eq!(serde_json::to_value(&public).unwrap()["key_ops"], json!(["verify", "wrapKey"]));
    let secret = Jwk::new(KeyMaterial::Oct(SecretOctets::new(vec![1; 32])));
    assert!(secret.public().is_none());
    assert!(serde_json::to_value(&secret).is_err());
    let seed = OkpKey::new(OkpCurve::Ed25519, vec![1; 32], Some(SecretOctets::new(vec![2; 32]))).unwrap();
    assert!(KeyMaterial::Okp(seed).public().is_some_and(|public| !public.is_private()));
}
