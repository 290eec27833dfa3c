use avouch_jose::{Jwk, JwkSet, JwsAlgorithm, KeyError, KeyType, Limits, SigningKey, VerifyingKeys};
use serde_json::Value;

use crate::data::{jwk, vectors};

fn vector(id: &str) -> Value {
    vectors("rfc7517-appendix.json").into_iter().find(|vector| vector["id"] == id).unwrap()
}

/// Proves JWK-22, JWK-04. The public set of A.1: an EC key for encryption, which is no key for signatures, and an RSA key.
#[test]
fn appendix_a1_public_set() {
    let set = JwkSet::from_json(vector("A.1")["jwks"].to_string().as_bytes(), &Limits::default()).unwrap();
    assert_eq!(set.keys().iter().map(Jwk::key_type).collect::<Vec<_>>(), [KeyType::Ec, KeyType::Rsa]);
    assert!(set.keys().iter().all(|key| !key.is_private()));
    assert_eq!(serde_json::to_value(&set).unwrap(), vector("A.1")["jwks"]);

    let allowed = [JwsAlgorithm::RS256, JwsAlgorithm::ES256];
    let keys = VerifyingKeys::prepare(&set, &allowed, &avouch_jose_ring::provider()).unwrap();
    assert_eq!(keys.keys().len(), 1);
    assert_eq!(keys.keys()[0].kid(), Some("2011-04-29"));
    let rejected = &keys.rejected()[0];
    assert_eq!((rejected.index, rejected.kid.as_deref()), (0, Some("1")));
    assert!(matches!(&rejected.reasons[1].1, KeyError::Use(key_use) if key_use.as_str() == "enc"));
}

/// Proves JWK-21, JWK-27. The private set of A.2 prints its private members only by the name that says so, and is no
/// set of public keys.
#[test]
fn appendix_a2_private_set() {
    let set = JwkSet::from_json(vector("A.2")["jwks"].to_string().as_bytes(), &Limits::default()).unwrap();
    assert!(set.keys().iter().all(Jwk::is_private));
    for (key, printed) in set.keys().iter().zip(vector("A.2")["jwks"]["keys"].as_array().unwrap()) {
        assert_eq!(&serde_json::from_str::<Value>(&key.to_private_json()).unwrap(), printed);
    }
    assert_eq!(serde_json::to_value(&set).unwrap(), vector("A.1")["jwks"]);

    let crypto = avouch_jose_ring::provider();
    let keys = VerifyingKeys::prepare(&set, &[JwsAlgorithm::RS256], &crypto).unwrap();
    assert!(keys.keys().is_empty());
    assert!(keys.rejected().iter().all(|key| key.reasons[0].1 == KeyError::SecretInPublicSet));
    SigningKey::prepare(&set.keys()[1], JwsAlgorithm::RS256, &crypto).unwrap();
}

/// The symmetric set of A.3 has nothing to publish.
#[test]
fn appendix_a3_symmetric_set() {
    let set = JwkSet::from_json(vector("A.3")["jwks"].to_string().as_bytes(), &Limits::default()).unwrap();
    assert!(set.keys().iter().all(|key| key.key_type() == KeyType::Oct));
    assert_eq!(serde_json::to_value(&set).unwrap(), serde_json::json!({"keys": []}));
}

/// Proves B64-06. The certificate chain of B is carried along; its base64 has padding and slashes.
#[test]
fn appendix_b_certificates() {
    let printed = vector("B")["jwk"].clone();
    let key = jwk(&printed);
    assert_eq!(key.extra()["x5c"], printed["x5c"]);
    let mut url = printed;
    let encoded = url["x5c"][0].as_str().unwrap().replace('/', "_");
    url["x5c"][0] = encoded.into();
    assert!(Jwk::from_value(url).is_err(), "x5c is not base64url");
}
