use avouch_jose::jws::{HeaderParameters, JwsError, sign_compact};
use avouch_jose::{Jwk, KeyError, SigningKey};
use serde_json::Value;

use crate::data::{algorithm, jwk, keys, read_all, text, verify};

/// Proves JWK-01. Every key of the cookbook is read and printed as it was.
#[test]
fn keys_round_trip() {
    let files = read_all("rfc7520/jwk");
    assert_eq!(files.len(), 6);
    for (name, printed) in files {
        let key = jwk(&printed);
        assert_eq!(serde_json::from_str::<Value>(&key.to_private_json()).unwrap(), printed, "{name}");
        assert_eq!(Jwk::from_json(key.to_private_json().as_bytes(), &Default::default()).unwrap(), key);
    }
}

/// Proves JWS-02, JWS-04. Every compact example verifies, and where the signature is deterministic, our token equals
/// the printed one.
#[test]
fn signatures() {
    let crypto = avouch_jose_ring::provider();
    let mut verified = Vec::new();
    for (name, example) in read_all("rfc7520/jws") {
        // 4.6 to 4.8 have JSON serialisations only
        let Some(token) = example["output"]["compact"].as_str() else { continue };
        let algorithm = algorithm(text(&example["input"], "alg"));
        let key = jwk(&example["input"]["key"]);
        let payload = text(&example["input"], "payload").as_bytes();
        let section = name.split('.').next().unwrap();
        match section {
            "4_3" => {
                assert!(matches!(keys(&key, algorithm), Err(KeyError::Unsupported { .. })), "ES512");
                continue;
            }
            // the empty middle segment of a detached token is an empty payload, which was not signed
            "4_5" => {
                let refused = verify(token, &keys(&key, algorithm).unwrap());
                assert!(matches!(refused, Err(JwsError::SignatureInvalid)));
                continue;
            }
            _ => {}
        }
        assert_eq!(verify(token, &keys(&key, algorithm).unwrap()).unwrap().payload(), payload, "{name}");
        let key = SigningKey::prepare(&key, algorithm, &crypto).unwrap();
        let ours = sign_compact(&HeaderParameters::new(), payload, &key).unwrap();
        if example["reproducible"] == true {
            assert_eq!(ours, token, "{name}");
        }
        verified.push(section.to_owned());
    }
    assert_eq!(verified, ["4_1", "4_2", "4_4"]);
}
