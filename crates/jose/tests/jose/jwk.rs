use avouch_jose::base64url::{self, DecodeError};
use avouch_jose::{
    EcCurve, EcKey, HashAlgorithm, Jwk, JwkError, JwkSet, JwkSetError, KeyMaterial, KeyType, Limits,
    OkpCurve, OkpKey, RsaKey,
};
use serde_json::{Value, json};

use crate::support::{crypto, ed25519, jwk, p256, rsa, with, without};

fn refusal(value: Value) -> JwkError {
    Jwk::from_value(value.clone()).err().unwrap_or_else(|| panic!("{value} was accepted"))
}

fn oct() -> Value {
    json!({"kty": "oct", "k": "AQIDBA"})
}

/// Proves JWK-01.
#[test]
fn key_type() {
    for (value, expected) in
        [(rsa(), KeyType::Rsa), (p256(), KeyType::Ec), (ed25519(), KeyType::Okp), (oct(), KeyType::Oct)]
    {
        assert_eq!(jwk(value.clone()).key_type(), expected);
        assert!(matches!(refusal(without(value.clone(), "kty")), JwkError::Missing { name: "kty" }));
        assert!(matches!(refusal(with(value, "kty", 1)), JwkError::WrongType { name: "kty" }));
    }
    for name in ["rsa", "ec", "OCT", "okp", "", "RSA "] {
        assert!(
            matches!(refusal(with(rsa(), "kty", name)), JwkError::UnknownKeyType(found) if found == name)
        );
    }
    assert!(matches!(refusal(json!([])), JwkError::NotAnObject));
}

/// Proves JWK-01, JWK-11, JWK-17. Each required member of each type.
#[test]
fn required_members() {
    for (value, names) in
        [(rsa(), &["n", "e"][..]), (p256(), &["crv", "x", "y"]), (ed25519(), &["crv", "x"]), (oct(), &["k"])]
    {
        for &name in names {
            let refused = refusal(without(value.clone(), name));
            assert!(matches!(refused, JwkError::Missing { name: found } if found == name), "{name}");
            let refused = refusal(with(value.clone(), name, 1));
            assert!(matches!(refused, JwkError::WrongType { name: found } if found == name), "{name}");
        }
    }
}

/// Proves JWK-10, JWK-11, JWK-17. One octet more, one less, and a compressed point.
#[test]
fn widths() {
    for (value, names, width) in [(p256(), &["x", "y", "d"][..], 32), (ed25519(), &["x", "d"], 32)] {
        for &name in names {
            let octets = base64url::decode(value[name].as_str().unwrap()).unwrap();
            for altered in [[&[0], &octets[..]].concat(), octets[1..].to_vec(), vec![]] {
                let found_len = altered.len();
                let refused = refusal(with(value.clone(), name, base64url::encode(altered)));
                assert!(matches!(
                    refused,
                    JwkError::Width { name: found, expected, found: len }
                        if (found, expected, len) == (name, width, found_len)
                ));
            }
        }
    }
    let x = base64url::decode(p256()["x"].as_str().unwrap()).unwrap();
    let compressed = without(with(p256(), "x", base64url::encode([&[2], &x[..]].concat())), "y");
    assert!(Jwk::from_value(compressed).is_err());
}

/// Proves JWK-10, JWK-17. The widths of every curve that is known.
#[test]
fn curves() {
    for (curve, width) in [("P-256", 32), ("P-384", 48), ("P-521", 66), ("secp256k1", 32)] {
        let x = base64url::encode(vec![1; width]);
        let key = json!({"kty": "EC", "crv": curve, "x": x, "y": x});
        assert_eq!(jwk(key).material().curve_name(), Some(curve));
    }
    for (curve, width) in [("Ed25519", 32), ("X25519", 32), ("Ed448", 57), ("X448", 56)] {
        let key = json!({"kty": "OKP", "crv": curve, "x": base64url::encode(vec![1; width])});
        assert_eq!(jwk(key).material().curve_name(), Some(curve));
    }
    for (value, curve) in
        [(p256(), "p-256"), (p256(), "Ed25519"), (ed25519(), "P-256"), (ed25519(), "ed25519")]
    {
        assert!(
            matches!(refusal(with(value, "crv", curve)), JwkError::UnknownCurve(found) if found == curve)
        );
    }
}

/// Proves B64-08, THB-06. An integer with a leading zero, or empty; also in the private members.
#[test]
fn integers_are_minimal() {
    for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
        let octets = base64url::decode(rsa()[name].as_str().unwrap()).unwrap();
        for altered in [[&[0], &octets[..]].concat(), vec![], vec![0]] {
            let refused = refusal(with(rsa(), name, base64url::encode(altered)));
            assert!(matches!(refused, JwkError::NotMinimal { name: found } if found == name), "{name}");
        }
    }
}

/// Proves B64-07. What is written has no leading zero: it cannot be built with one.
#[test]
fn integers_are_built_minimal() {
    let key = RsaKey::new(vec![0x80, 1], vec![1, 0, 1], None).unwrap();
    let printed = serde_json::to_value(Jwk::new(KeyMaterial::Rsa(key))).unwrap();
    assert_eq!(printed, json!({"kty": "RSA", "n": "gAE", "e": "AQAB"}));
    assert!(matches!(RsaKey::new(vec![0, 1], vec![3], None), Err(JwkError::NotMinimal { name: "n" })));
    assert!(EcKey::new(EcCurve::P256, vec![0; 31], vec![0; 32], None).is_err());
    assert!(OkpKey::new(OkpCurve::Ed25519, vec![0; 33], None).is_err());
}

/// Proves B64-01, B64-03. In every member that is octets.
#[test]
fn members_are_canonical() {
    for (value, names) in [
        (rsa(), &["n", "e", "d", "p", "q", "dp", "dq", "qi"][..]),
        (p256(), &["x", "y", "d"]),
        (ed25519(), &["x", "d"]),
        (oct(), &["k"]),
    ] {
        for &name in names {
            let good = value[name].as_str().unwrap();
            for bad in [format!("{good}="), format!(" {good}"), good.replacen(&good[..1], "+", 1)] {
                let refused = refusal(with(value.clone(), name, bad));
                assert!(matches!(refused, JwkError::Encoding { name: found, .. } if found == name), "{name}");
            }
        }
    }
    let refused = refusal(json!({"kty": "oct", "k": "AQIDBB"}));
    assert!(matches!(refused, JwkError::Encoding { name: "k", source: DecodeError::TrailingBits }));
}

/// Proves JWK-14, JWK-15, JWK-16.
#[test]
fn rsa_primes() {
    for name in ["p", "q", "dp", "dq", "qi"] {
        let refused = refusal(without(rsa(), name));
        assert!(matches!(refused, JwkError::IncompleteCrt { missing } if missing == name));
    }
    assert!(matches!(refusal(without(rsa(), "d")), JwkError::Missing { name: "d" }));
    assert!(matches!(refusal(with(rsa(), "oth", json!([]))), JwkError::MultiPrime));
    let without_primes = ["p", "q", "dp", "dq", "qi"].into_iter().fold(rsa(), without);
    assert!(jwk(without_primes).is_private(), "legal, if no use to ring");
}

/// Proves JWK-05. Their number is bounded too, since each is compared with each.
#[test]
fn key_ops() {
    let refused = refusal(with(oct(), "key_ops", json!(["sign", "sign"])));
    assert!(matches!(refused, JwkError::DuplicateKeyOp(op) if op == "sign"));
    for value in [json!("sign"), json!([1]), json!({}), json!(null)] {
        let refused = refusal(with(oct(), "key_ops", value));
        assert!(matches!(refused, JwkError::WrongType { name: "key_ops" }));
    }
    let many = |count: usize| (0..count).map(|op| op.to_string()).collect::<Vec<_>>();
    assert_eq!(jwk(with(oct(), "key_ops", many(16))).key_ops().unwrap().len(), 16);
    let refused = refusal(with(oct(), "key_ops", many(17)));
    assert!(matches!(refused, JwkError::TooManyKeyOps { found: 17, limit: 16 }));
    let key = jwk(with(oct(), "key_ops", json!(["sign", "somethingElse"])));
    assert_eq!(key.key_ops().unwrap()[1].as_str(), "somethingElse");
}

/// Proves JWK-02, B64-06. Unknown members stay; registered ones have their types; a malformed hint spoils no key.
#[test]
fn common_members() {
    for name in ["kid", "use", "alg", "x5u", "x5t", "x5t#S256"] {
        let refused = refusal(with(oct(), name, 1));
        assert!(matches!(refused, JwkError::WrongType { name: found } if found == name));
    }
    for value in [json!("AAAA"), json!([]), json!([1])] {
        assert!(matches!(refusal(with(oct(), "x5c", value)), JwkError::WrongType { name: "x5c" }));
    }
    assert!(matches!(refusal(with(oct(), "x5c", json!(["AA"]))), JwkError::Encoding { name: "x5c", .. }));
    assert!(jwk(with(oct(), "x5c", json!(["AA=="]))).extra().contains_key("x5c"));
    // a thumbprint as published by a large provider: 40 hexadecimal digits, encoded again
    let hexadecimal = base64url::encode("5d6b2ee2bc1a0d0a3c9a1f6ac44e3e3c2d1b0a99");
    for name in ["x5t", "x5t#S256"] {
        assert_eq!(jwk(with(ed25519(), name, hexadecimal.as_str())).extra()[name], hexadecimal.as_str());
    }
    let key = jwk(with(with(ed25519(), "future", json!({"a": 1})), "kid", "é"));
    assert_eq!((key.kid(), &key.extra()["future"]), (Some("é"), &json!({"a": 1})));
}

/// Proves JSN-03, JSN-04, JSN-12. A key of its own and a set are read strictly.
#[test]
fn strict_json() {
    let limits = Limits::default();
    let duplicate = br#"{"kty":"oct","k":"AQIDBA","\u006b":"AQIDBA"}"#;
    assert!(matches!(Jwk::from_json(duplicate, &limits), Err(JwkError::Json(_))));
    let set = format!(r#"{{"keys":[{}]}}"#, std::str::from_utf8(duplicate).unwrap());
    assert!(matches!(JwkSet::from_json(set.as_bytes(), &limits), Err(JwkSetError::Json(_))));
    let set = json!({"keys": [oct(), oct()]}).to_string();
    assert!(JwkSet::from_json(set.as_bytes(), &limits.with_keys(2)).is_ok());
    let refused = JwkSet::from_json(set.as_bytes(), &limits.with_keys(1));
    assert!(matches!(refused, Err(JwkSetError::TooManyKeys { found: 2, limit: 1 })));
    assert!(Jwk::from_json(b"[]", &limits).is_err());
}

/// Proves JWK-22.
#[test]
fn set_form() {
    let read = |value: Value| JwkSet::from_json(value.to_string().as_bytes(), &Limits::default());
    assert!(matches!(read(json!({})), Err(JwkSetError::KeysMissing)));
    for keys in [json!({}), json!("x"), json!(null)] {
        assert!(matches!(read(json!({"keys": keys})), Err(JwkSetError::KeysNotAnArray)));
    }
    assert!(read(json!([])).is_err());
    let set = read(json!({"keys": [], "issued": 1})).unwrap();
    assert!(set.keys().is_empty());
    // what the set has beside its keys, and not the keys again
    for set in [set, JwkSet::from_value(json!({"keys": [], "issued": 1}), &Limits::default()).unwrap()] {
        assert_eq!(set.extra().iter().collect::<Vec<_>>(), [(&"issued".to_owned(), &json!(1))]);
    }
}

/// Proves JWK-23. Whatever is wrong with one key, the others stay, and the reason is kept.
#[test]
fn bad_keys_do_not_spoil_the_set() {
    let bad = [
        json!({"kty": "FUTURE", "alg": "ML-DSA-44", "pub": "AA", "kid": "future"}),
        json!({}),
        json!(null),
        json!([]),
        json!("key"),
        with(p256(), "crv", "P-999"),
        with(p256(), "x", "AA"),
        without(p256(), "y"),
        with(oct(), "kid", 7),
        with(oct(), "use", json!([])),
        with(rsa(), "n", "!"),
    ];
    let mut keys = bad.to_vec();
    keys.insert(0, with(ed25519(), "kid", "first"));
    keys.push(with(p256(), "kid", "last"));
    let set = JwkSet::from_json(json!({"keys": keys}).to_string().as_bytes(), &Limits::default()).unwrap();
    assert_eq!(set.keys().iter().map(Jwk::kid).collect::<Vec<_>>(), [Some("first"), Some("last")]);
    assert_eq!(
        set.skipped().iter().map(|key| key.index).collect::<Vec<_>>(),
        (1..=bad.len()).collect::<Vec<_>>()
    );
    assert_eq!(set.skipped()[0].kid.as_deref(), Some("future"));
    assert!(matches!(&*set.skipped()[0].reason, JwkError::UnknownKeyType(kty) if kty == "FUTURE"));
}

/// What is not understood goes on as it came: a set of another party may be stored and handed on.
#[test]
fn keys_of_the_future_survive() {
    let read = |value: Value| JwkSet::from_json(value.to_string().as_bytes(), &Limits::default()).unwrap();
    let written = |set: &JwkSet| serde_json::to_value(set).unwrap();
    let public = without(ed25519(), "d");
    let future = json!({"kty": "FUTURE", "alg": "ML-DSA-99", "pub": "AA", "kid": "future", "x": {"y": [1]}});
    let curve = with(without(p256(), "d"), "crv", "P-999");
    let malformed = with(public.clone(), "x", "AA");
    let set = read(json!({"keys": [future, public, malformed, curve, 1], "more": true}));
    assert_eq!(set.skipped().len(), 4);
    let expected = json!({"keys": [public, future, curve], "more": true});
    assert_eq!(written(&set), expected);
    assert_eq!(written(&set.public()), expected);
    assert_eq!(written(&read(expected.clone())), expected);
}

/// What one key of a set has, the next one lacks: each is read as if it stood alone.
#[test]
fn keys_of_a_set_have_nothing_in_common() {
    let full = with(with(with(rsa(), "kid", "1"), "use", "sig"), "future", 1);
    let keys = [full, oct(), with(ed25519(), "other", 2), p256()];
    let set = json!({ "keys": keys });
    for set in [
        JwkSet::from_json(set.to_string().as_bytes(), &Limits::default()),
        JwkSet::from_value(set.clone(), &Limits::default()),
    ] {
        let set = set.unwrap();
        let read =
            set.keys().iter().map(|key| serde_json::from_str::<Value>(&key.to_private_json()).unwrap());
        assert!(read.eq(keys.iter().cloned()));
    }
}

/// Proves JWK-21. Nobody knows which members of an unknown key are private: known ones, and private company, keep it in.
#[test]
fn keys_of_the_future_are_not_disclosed() {
    let read = |value: Value| JwkSet::from_json(value.to_string().as_bytes(), &Limits::default()).unwrap();
    let keys = |set: &JwkSet| serde_json::to_value(set).unwrap()["keys"].clone();
    let future = json!({"kty": "FUTURE", "pub": "AA"});
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        for private in [with(future.clone(), member, "AA"), with(with(p256(), "crv", "P-999"), member, "AA")]
        {
            assert_eq!(keys(&read(json!({"keys": [private]}))), json!([]), "{member}");
        }
    }
    let in_private_company = read(json!({"keys": [future, ed25519()]}));
    assert_eq!(keys(&in_private_company), json!([without(ed25519(), "d")]));
}

/// Proves THB-03, THB-05, THB-06. Other members, their order and the private half change nothing; the hash does.
#[test]
fn thumbprint_is_of_the_key() {
    let crypto = crypto();
    let bare = jwk(without(ed25519(), "d")).thumbprint(HashAlgorithm::Sha256, &crypto);
    let full = jwk(with(with(with(ed25519(), "kid", "1"), "a", 1), "zz", json!({})));
    assert_eq!(full.thumbprint(HashAlgorithm::Sha256, &crypto), bare);
    assert_eq!(full.public().unwrap().thumbprint(HashAlgorithm::Sha256, &crypto), bare);
    assert_eq!(full.thumbprint(HashAlgorithm::Sha512, &crypto).len(), 86);
    assert_ne!(jwk(p256()).thumbprint(HashAlgorithm::Sha256, &crypto), bare);
}

/// Whatever stands last in the public half.
#[test]
fn private_json_is_json() {
    for value in [rsa(), p256(), ed25519(), oct(), without(ed25519(), "d")] {
        let full = with(with(with(value, "zz", json!({"a": {}})), "kid", "}\""), "key_ops", json!(["sign"]));
        let printed = jwk(full.clone()).to_private_json();
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), full);
    }
}

/// Proves JWK-12. The points whose x is the largest there is: what is added and multiplied comes near the prime, and beyond
/// the last limb.
#[test]
fn points_near_the_prime() {
    let octets = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    #[rustfmt::skip]
    let points = [
        (EcCurve::P256, "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc", "19719bebf6aea13f25c96dfd7c71f5225d4c8fc09eb5a0ab9f39e9178e55c121"),
        (EcCurve::P384, "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffe", "732152442fb6ee5c3e6ce1d920c059bc623563814d79042b903ce60f1d4487fccd450a86da03f3e6ed525d02017bfdb3"),
        (EcCurve::P521, "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe", "00d9254fdf800496acb33790b103c5ee9fac12832fe546c632225b0f7fce3da4574b1a879b623d722fa8fc34d5fc2a8731aad691a9a8bb8b554c95a051d6aa505acf"),
        (EcCurve::Secp256k1, "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2c", "0e994b14ea72f8c3eb95c71ef692575e775058332d7e52d0995cf8038871b67d"),
    ];
    for (curve, x, y) in points {
        let is_on_curve = |x, y| EcKey::new(curve, x, y, None).unwrap().is_on_curve();
        let (x, mut y) = (octets(x), octets(y));
        assert!(is_on_curve(x.clone(), y.clone()), "{curve:?}");
        *y.last_mut().unwrap() ^= 1;
        assert!(!is_on_curve(x, y), "{curve:?}");
    }
}
