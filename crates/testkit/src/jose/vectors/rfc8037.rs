use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderParameters, JsonBuilder, JwsError, Reader, sign_compact};
use avouch_jose::{HashAlgorithm, JwsAlgorithm};
use serde_json::Value;

use crate::jose::data::{algorithm, entries, jwk, keys, text, vector_file, verify};
use crate::jose::run::{Tally, signing};

/// [RFC 8037](https://www.rfc-editor.org/rfc/rfc8037), appendix A, and the cookbook's examples of it: Ed25519 under both of
/// its names, which do not stand for each other.
pub fn rfc8037(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(vector_file!("rfc8037-okp.json")) {
        tally.count(match text(&vector, "alg") {
            "EdDSA" | "Ed25519" if vector.get("data").is_none() => ed25519(&vector, crypto),
            "EdDSA" => {
                let data = &vector["data"];
                ed25519(
                    &serde_json::json!({
                        "alg": data["input"]["alg"],
                        "jwk": data["input"]["key"],
                        "payload_utf8": data["input"]["payload"],
                        "compact": data["output"]["compact"],
                        "json": data["output"]["json"],
                        "json_flat": data["output"]["json_flat"],
                    }),
                    crypto,
                )
            }
            _ => continue,
        });
    }
    tally
}

fn ed25519(vector: &Value, crypto: &CryptoProvider) -> bool {
    let (key, algorithm, token) = (jwk(&vector["jwk"]), algorithm(vector, "alg"), text(vector, "compact"));
    if let Some(thumbprint) = vector["thumbprint"].as_str() {
        assert_eq!(key.thumbprint(HashAlgorithm::Sha256, crypto), thumbprint);
    }
    let other = [JwsAlgorithm::EDDSA, JwsAlgorithm::ED25519].into_iter().find(|name| *name != algorithm);
    let (Some(ours), Some(other), Some(signer)) =
        (keys(&key, algorithm, crypto), keys(&key, other.unwrap(), crypto), signing(&key, algorithm, crypto))
    else {
        return false;
    };
    let content = verify(token, &ours).unwrap();
    assert_eq!(content.payload(), text(vector, "payload_utf8").as_bytes());
    let none = HeaderParameters::new();
    assert_eq!(sign_compact(&none, content.payload(), &signer).unwrap(), token);
    let json = || JsonBuilder::new(content.payload()).sign(&none, &signer).unwrap();
    for (form, text) in [("json", json().general()), ("json_flat", json().flattened())] {
        let text = text.unwrap();
        assert!(Reader::default().json(&text).unwrap().verify(&ours).is_ok());
        if let Some(printed) = vector.get(form) {
            assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), printed);
        }
    }
    assert!(matches!(verify(token, &other), Err(JwsError::AlgorithmNotAllowed(name)) if name == algorithm));
    true
}
