use avouch_jose::{
    EcCurve, HashAlgorithm, Jwk, JwkError, JwsAlgorithm, KeyError, KeyMaterial, KeyOp, KeyType, KeyUse,
    RsaKey, SecretOctets, SignatureScheme, SigningKey, VerifyingKey, base64url, left_half_hash,
};
use serde_json::{Value, json};

use crate::support::{jwk, oct, p256, permissive, with};

use JwsAlgorithm as A;

fn secp256k1() -> Value {
    let octets = |octet| base64url::encode([octet; 32]);
    json!({"kty": "EC", "crv": "secp256k1", "x": octets(1), "y": octets(2), "d": octets(3)})
}

fn verifying(key: Value, algorithm: A) -> Result<(), KeyError> {
    VerifyingKey::prepare(&jwk(key), algorithm, &permissive()).map(drop)
}

fn signing(key: Value, algorithm: A) -> Result<(), KeyError> {
    SigningKey::prepare(&jwk(key), algorithm, &permissive()).map(drop)
}

/// Proves ALG-13. `EC`, `secp256k1`, and `alg`, `use`, `key_ops` absent or fitting; whatever the backend would take.
#[test]
fn es256k() {
    let key = secp256k1();
    assert_eq!((verifying(key.clone(), A::ES256K), signing(key.clone(), A::ES256K)), (Ok(()), Ok(())));
    for fitting in [
        with(key.clone(), "alg", "ES256K"),
        with(key.clone(), "use", "sig"),
        with(key.clone(), "key_ops", json!(["sign", "verify"])),
    ] {
        assert_eq!((verifying(fitting.clone(), A::ES256K), signing(fitting, A::ES256K)), (Ok(()), Ok(())));
    }
    let both = |key: Value| {
        let refused = verifying(key.clone(), A::ES256K).unwrap_err();
        assert_eq!(signing(key, A::ES256K).unwrap_err(), refused);
        refused
    };
    assert!(matches!(both(with(key.clone(), "alg", "ES256")), KeyError::Algorithm { .. }));
    assert!(matches!(both(with(key.clone(), "use", "enc")), KeyError::Use(_)));
    assert!(matches!(both(with(key.clone(), "crv", "P-256")), KeyError::Curve { .. }));
    assert!(matches!(both(p256()), KeyError::Curve { expected: "secp256k1", found: "P-256", .. }));
    assert!(matches!(both(oct()), KeyError::KeyType { expected: KeyType::Ec, .. }));
    let only = |op: &str| with(key.clone(), "key_ops", json!([op]));
    assert_eq!(verifying(only("sign"), A::ES256K), Err(KeyError::KeyOps(KeyOp::VERIFY)));
    assert_eq!(signing(only("verify"), A::ES256K), Err(KeyError::KeyOps(KeyOp::SIGN)));
    for name in ["x", "y", "d"] {
        for octets in [31, 33] {
            let refused = Jwk::from_value(with(key.clone(), name, base64url::encode(vec![1; octets])));
            assert!(matches!(refused, Err(JwkError::Width { expected: 32, .. })), "{name} {octets}");
        }
    }
    assert_eq!(A::ES256K.scheme(), SignatureScheme::Ecdsa(EcCurve::Secp256k1, HashAlgorithm::Sha256));
}

/// Proves ALG-08, ALG-14, ALG-11. Curves that go with no other name, whatever the backend would take.
#[test]
fn curves_are_exact() {
    let ec = |curve: &str, width: usize| {
        let coordinate = base64url::encode(vec![1; width]);
        json!({"kty": "EC", "crv": curve, "x": coordinate, "y": coordinate})
    };
    let okp = |curve: &str, width: usize| json!({"kty": "OKP", "crv": curve, "x": base64url::encode(vec![1; width])});
    for (key, fitting) in [
        (ec("P-256", 32), &[A::ES256][..]),
        (ec("P-384", 48), &[A::ES384]),
        (ec("P-521", 66), &[A::ES512]),
        (ec("secp256k1", 32), &[A::ES256K]),
        (okp("Ed25519", 32), &[A::EDDSA, A::ED25519]),
        (okp("Ed448", 57), &[A::ED448]),
        (okp("X25519", 32), &[]),
        (okp("X448", 56), &[]),
    ] {
        for &algorithm in A::ALL {
            let outcome = verifying(key.clone(), algorithm);
            let kind_fits = algorithm.key_type().name() == key["kty"];
            match outcome {
                Ok(()) => assert!(fitting.contains(&algorithm), "{algorithm} {key}"),
                Err(KeyError::Curve { .. }) => assert!(kind_fits && !fitting.contains(&algorithm)),
                Err(KeyError::KeyType { .. }) => assert!(!kind_fits),
                Err(other) => panic!("{algorithm} {key}: {other}"),
            }
        }
    }
}

/// Proves ALG-17, ALG-25. What is no JOSE name is none here: those that RFC 9864 gives to COSE alone, and near misses.
#[test]
fn unknown_names() {
    for name in [
        "ESP256",
        "ESP384",
        "ESP512",
        "ESB256",
        "ESB320",
        "ESB384",
        "ESB512",
        "es256",
        "ES256 ",
        "HS1",
        "RS1",
        "ES256k",
        "ED25519",
        "Ed25519ph",
        "HashML-DSA-44",
        "ML-DSA-44 ",
        "",
    ] {
        assert_eq!(A::from_name(name), None, "{name}");
        assert_eq!(name.parse::<A>().unwrap_err().0, name);
        assert!(serde_json::from_value::<A>(json!(name)).is_err());
    }
    for &algorithm in A::ALL {
        assert_eq!(A::from_name(algorithm.name()), Some(algorithm));
        assert_eq!(serde_json::from_value::<A>(serde_json::to_value(algorithm).unwrap()).unwrap(), algorithm);
    }
}

/// Proves ALG-02, ALG-03. Bounds of RSA keys in every RSA algorithm and both directions, whatever the backend would take.
#[test]
fn rsa_bounds() {
    let rsa = |bits: usize, e: &[u8]| {
        let mut n = vec![0xff; bits.div_ceil(8)];
        n[0] = 0xff >> (n.len() * 8 - bits);
        let d = SecretOctets::new(vec![1; 200]);
        let private = avouch_jose::RsaPrivate { d, crt: None };
        Jwk::new(KeyMaterial::Rsa(RsaKey::new(n, e.to_vec(), Some(private)).unwrap()))
    };
    for algorithm in A::ALL.iter().copied().filter(|algorithm| algorithm.key_type() == KeyType::Rsa) {
        let outcome = |bits, e: &[u8]| {
            let key = rsa(bits, e);
            let verifying = VerifyingKey::prepare(&key, algorithm, &permissive()).map(drop);
            assert_eq!(SigningKey::prepare(&key, algorithm, &permissive()).map(drop), verifying);
            verifying
        };
        assert_eq!(outcome(2047, &[3]), Err(KeyError::RsaTooSmall { bits: 2047, minimum: 2048 }));
        assert_eq!((outcome(2048, &[3]), outcome(8192, &[3])), (Ok(()), Ok(())));
        assert_eq!(outcome(8193, &[3]), Err(KeyError::RsaTooLarge { bits: 8193, maximum: 8192 }));
        assert_eq!((outcome(2048, &[255; 32]), outcome(2048, &[1, 0, 1])), (Ok(()), Ok(())));
        for e in [&[1][..], &[2], &[1, 0], &[255; 33]] {
            assert_eq!(outcome(2048, e), Err(KeyError::RsaExponent));
        }
    }
}

/// Proves JWK-06, JWK-05. A key is made for one purpose: operations that belong together, each named once.
#[test]
fn operations_belong_together() {
    let build = |ops: &[KeyOp]| Jwk::new(jwk(p256()).material().clone()).with_key_ops(ops);
    for together in [
        &[KeyOp::SIGN][..],
        &[KeyOp::SIGN, KeyOp::VERIFY],
        &[KeyOp::DECRYPT, KeyOp::ENCRYPT],
        &[KeyOp::WRAP_KEY, KeyOp::UNWRAP_KEY],
        &[KeyOp::DERIVE_BITS],
        &[KeyOp::from("own")],
        &[],
    ] {
        assert_eq!(build(together).unwrap().key_ops(), Some(together));
    }
    for apart in [
        &[KeyOp::SIGN, KeyOp::ENCRYPT][..],
        &[KeyOp::VERIFY, KeyOp::SIGN, KeyOp::DECRYPT],
        &[KeyOp::ENCRYPT, KeyOp::WRAP_KEY],
        &[KeyOp::DERIVE_KEY, KeyOp::DERIVE_BITS],
        &[KeyOp::SIGN, KeyOp::from("own")],
    ] {
        let refused = build(apart).unwrap_err();
        assert!(matches!(refused, JwkError::UnrelatedKeyOps { .. }), "{apart:?}");
    }
    for twice in [&[KeyOp::SIGN, KeyOp::SIGN][..], &[KeyOp::VERIFY, KeyOp::SIGN, KeyOp::SIGN]] {
        assert!(matches!(build(twice).unwrap_err(), JwkError::DuplicateKeyOp(op) if op == "sign"));
    }
    // what others made of a key is read all the same
    assert!(Jwk::from_value(with(p256(), "key_ops", json!(["sign", "encrypt"]))).is_ok());
    assert_eq!(
        build(&[KeyOp::SIGN]).unwrap().with_use(KeyUse::SIGNATURE).key_use(),
        Some(&KeyUse::SIGNATURE)
    );
}

/// The hash inside an algorithm, and no half of a hash where there is none of SHA-2.
#[test]
fn hashes() {
    for &algorithm in A::ALL {
        let expected = match algorithm.name() {
            "HS256" | "RS256" | "PS256" | "ES256" | "ES256K" => Some(HashAlgorithm::Sha256),
            "HS384" | "RS384" | "PS384" | "ES384" => Some(HashAlgorithm::Sha384),
            "HS512" | "RS512" | "PS512" | "ES512" | "EdDSA" | "Ed25519" => Some(HashAlgorithm::Sha512),
            _ => None,
        };
        assert_eq!(algorithm.hash(), expected, "{algorithm}");
        let half = left_half_hash(algorithm, "code", &permissive());
        let octets = half.map(|half| base64url::decode(half).unwrap().len());
        assert_eq!(octets, expected.map(|hash| hash.output_len() / 2), "{algorithm}");
    }
}
