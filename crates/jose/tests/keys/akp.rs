use avouch_jose::{
    AkpKey, HashAlgorithm, Jwk, JwkError, JwkSet, JwsAlgorithm, KeyError, KeyMaterial, KeyType, Limits,
    MlDsaParameters, SecretOctets, SigningKey, VerifyingKey, base64url,
};
use serde_json::{Value, json};

use crate::support::{crypto, jwk, p256, permissive, vectors, with, without};

use JwsAlgorithm as A;

fn keys() -> Vec<(A, Value)> {
    let of = |vector: &Value| (vector["alg"].as_str().unwrap().parse().unwrap(), vector["jwk"].clone());
    let keys: Vec<_> = vectors("rfc9964-ml-dsa.json").iter().map(of).collect();
    assert_eq!(
        keys.iter().map(|(algorithm, _)| *algorithm).collect::<Vec<_>>(),
        [A::ML_DSA_44, A::ML_DSA_65, A::ML_DSA_87]
    );
    keys
}

fn refusal(value: Value) -> JwkError {
    Jwk::from_value(value.clone()).err().unwrap_or_else(|| panic!("{value} was accepted"))
}

/// Proves ALG-22, JWK-01. `alg` and `pub` are there and strings; `priv` may be.
#[test]
fn members() {
    for (algorithm, key) in keys() {
        let read = jwk(key.clone());
        assert_eq!((read.key_type(), read.alg()), (KeyType::Akp, Some(algorithm.name())));
        assert!(read.is_private() && !jwk(without(key.clone(), "priv")).is_private());
        for name in ["alg", "pub"] {
            assert!(
                matches!(refusal(without(key.clone(), name)), JwkError::Missing { name: found } if found == name)
            );
        }
        for name in ["alg", "pub", "priv"] {
            let refused = refusal(with(key.clone(), name, 1));
            assert!(matches!(refused, JwkError::WrongType { name: found } if found == name));
        }
        for name in ["pub", "priv"] {
            let padded = format!("{}=", key[name].as_str().unwrap());
            let refused = refusal(with(key.clone(), name, padded));
            assert!(matches!(refused, JwkError::Encoding { name: found, .. } if found == name));
        }
        // algorithms of other keys, and of nobody
        for alg in ["ES256", "EdDSA", "ML-DSA-99", "ml-dsa-44", ""] {
            let refused = refusal(with(key.clone(), "alg", alg));
            assert!(matches!(refused, JwkError::UnknownKeyPairAlgorithm(found) if found == alg));
        }
    }
}

/// Proves ALG-22. The sizes of the table; one octet more or less, or those of another parameter set.
#[test]
fn widths() {
    for (algorithm, public_len) in [(A::ML_DSA_44, 1312), (A::ML_DSA_65, 1952), (A::ML_DSA_87, 2592)] {
        let key = |public: usize, seed: usize| {
            let octets = |len| base64url::encode(vec![7; len]);
            json!({"kty": "AKP", "alg": algorithm.name(), "pub": octets(public), "priv": octets(seed)})
        };
        assert!(jwk(key(public_len, 32)).is_private());
        for found in [0, public_len - 1, public_len + 1, 1312, 1952, 2592] {
            if found != public_len {
                let refused = refusal(key(found, 32));
                assert!(
                    matches!(refused, JwkError::Width { name: "pub", expected, found: len } if (expected, len) == (public_len, found))
                );
            }
        }
        // not the expanded private key either
        for found in [0, 31, 33, 64, 2560] {
            let refused = refusal(key(public_len, found));
            assert!(
                matches!(refused, JwkError::Width { name: "priv", expected: 32, found: len } if len == found)
            );
        }
    }
    let built = |public, seed| {
        AkpKey::new(MlDsaParameters::MlDsa44, vec![0; public], Some(SecretOctets::new(vec![0; seed])))
    };
    assert!(built(1312, 32).is_ok() && built(1311, 32).is_err() && built(1312, 31).is_err());
}

/// Proves THB-02, THB-03. `alg`, `kty`, `pub`, as published; the seed changes nothing.
#[test]
fn thumbprints() {
    for vector in vectors("rfc9964-ml-dsa.json") {
        let key = jwk(vector["jwk"].clone());
        let thumbprint = key.thumbprint(HashAlgorithm::Sha256, &crypto());
        assert_eq!(thumbprint, vector["thumbprint"]);
        assert_eq!(key.kid(), Some(&*thumbprint));
        assert_eq!(key.public().unwrap().thumbprint(HashAlgorithm::Sha256, &crypto()), thumbprint);
    }
}

/// Proves JWK-21, ALG-22. Printing shows the public half; the seed is written where the caller says so, and comes back.
#[test]
fn printing() {
    for (_, value) in keys() {
        let key = jwk(value.clone());
        let public = without(value.clone(), "priv");
        assert_eq!(serde_json::to_value(&key).unwrap(), public);
        assert_eq!(serde_json::to_value(JwkSet::new(vec![key.clone()])).unwrap(), json!({"keys": [public]}));
        assert_eq!(serde_json::from_str::<Value>(&key.to_private_json()).unwrap(), value);
        assert_eq!(Jwk::from_json(key.to_private_json().as_bytes(), &Limits::default()).unwrap(), key);

        let seed = value["priv"].as_str().unwrap();
        let prepared = SigningKey::prepare(&key, key.alg().unwrap().parse().unwrap(), &permissive()).unwrap();
        for shown in [format!("{key:?}"), format!("{:?}", key.material()), format!("{prepared:?}")] {
            assert!(!shown.contains(seed) && !shown.contains("[0, 0, 0"), "{shown}");
        }
        assert_eq!(prepared.public_jwk(), key.public().as_ref());
        let KeyMaterial::Akp(akp) = key.public().unwrap().material().clone() else { panic!() };
        assert!(akp.seed().is_none());
    }
}

/// Proves ALG-23, JWK-09, BCP-03. A key of one parameter set serves that algorithm and no other.
#[test]
fn key_fits_its_algorithm() {
    for (own, value) in keys() {
        for &algorithm in A::ALL {
            let outcomes = [
                VerifyingKey::prepare(&jwk(value.clone()), algorithm, &permissive()).err(),
                SigningKey::prepare(&jwk(value.clone()), algorithm, &permissive()).err(),
            ];
            for outcome in outcomes {
                match outcome {
                    None => assert_eq!(algorithm, own),
                    Some(KeyError::Algorithm { found, .. }) => {
                        assert_eq!((algorithm.key_type(), &*found), (KeyType::Akp, own.name()));
                        assert_ne!(algorithm, own);
                    }
                    Some(KeyError::KeyType { found, .. }) => {
                        assert!(found == KeyType::Akp && algorithm.key_type() != KeyType::Akp);
                    }
                    Some(other) => panic!("{algorithm}: {other}"),
                }
            }
        }
        let refused = VerifyingKey::prepare(&jwk(p256()), own, &permissive()).unwrap_err();
        assert!(matches!(refused, KeyError::KeyType { expected: KeyType::Akp, found: KeyType::Ec, .. }));
        let public = jwk(without(value, "priv"));
        assert_eq!(SigningKey::prepare(&public, own, &permissive()).unwrap_err(), KeyError::NotPrivate);
    }
}

/// The algorithm is part of the key: it cannot be given another.
#[test]
fn algorithm_of_the_key() {
    let (own, value) = keys().swap_remove(0);
    let key = jwk(value).with_algorithm(A::ES256);
    assert_eq!(key.alg(), Some(own.name()));
    assert_eq!(serde_json::to_value(&key).unwrap()["alg"], own.name());
}

/// Proves ALG-23. What a backend finds in PKCS#8 is held to the same rules.
#[test]
fn key_in_pkcs8() {
    let read = |algorithm| SigningKey::from_pkcs8(b"", algorithm, None, &permissive());
    let key = read(A::ML_DSA_44).unwrap();
    assert_eq!((key.algorithm(), key.kid()), (A::ML_DSA_44, keys()[0].1["kid"].as_str()));
    for other in [A::ML_DSA_65, A::ML_DSA_87] {
        assert!(matches!(read(other), Err(KeyError::Algorithm { found, .. }) if found == "ML-DSA-44"));
    }
    assert!(matches!(read(A::ES256), Err(KeyError::KeyType { found: KeyType::Akp, .. })));
}
