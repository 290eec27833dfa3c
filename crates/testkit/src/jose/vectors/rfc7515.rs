use avouch_jose::Limits;
use avouch_jose::base64url;
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderError, JwsError, UnverifiedJws};
use serde_json::Value;

use crate::jose::data::{algorithm, der, entries, entry, hex, jwk, keys, octets, text, vector_file, verify};
use crate::jose::run::{Tally, signing};

const FILE: &str = vector_file!("rfc7515-appendix.json");

/// [RFC 7515](https://www.rfc-editor.org/rfc/rfc7515), appendices A.1 to A.7, B, C and E.
pub fn rfc7515(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(FILE) {
        tally.count(match text(&vector, "id") {
            "A.1" | "A.2" | "A.3" | "A.4" => compact(&vector, crypto),
            "A.5" => unsecured(&vector, crypto),
            "A.6" | "A.7" => json(&vector),
            "B" => certificates(&vector, crypto),
            "C" => {
                assert_eq!(base64url::encode(hex(&vector, "octets_hex")), text(&vector, "encoded"));
                assert_eq!(octets(&vector, "encoded"), hex(&vector, "octets_hex"));
                true
            }
            "E" => critical(&vector),
            id => panic!("RFC 7515 {id}: nothing runs it"),
        });
    }
    tally
}

/// Verifies, and signs the same input again: the octets that were printed, where the algorithm leaves no choice.
fn compact(vector: &Value, crypto: &CryptoProvider) -> bool {
    let (key, algorithm) = (jwk(&vector["jwk"]), algorithm(vector, "alg"));
    let (Some(keys), Some(signer)) = (keys(&key, algorithm, crypto), signing(&key, algorithm, crypto)) else {
        return false;
    };
    let content = verify(text(vector, "compact"), &keys).unwrap();
    assert_eq!(content.payload(), text(vector, "payload_utf8").as_bytes());
    let signing_input = text(vector, "signing_input");
    let signature = signer.sign(signing_input.as_bytes()).unwrap();
    if vector["deterministic"] == true {
        assert_eq!(signature, hex(vector, "signature_hex"), "{algorithm}");
    } else {
        let token = format!("{signing_input}.{}", base64url::encode(signature));
        assert_eq!(verify(&token, &keys).unwrap().payload(), content.payload());
    }
    true
}

/// No key lets an unsecured token pass.
fn unsecured(vector: &Value, crypto: &CryptoProvider) -> bool {
    let signed = entry(FILE, "A.1");
    let Some(keys) = keys(&jwk(&signed["jwk"]), algorithm(&signed, "alg"), crypto) else { return false };
    let refused = verify(text(vector, "compact"), &keys);
    assert!(matches!(refused, Err(JwsError::UnknownAlgorithm(name)) if name.as_str() == "none"));
    true
}

/// A reader of compact tokens refuses the JSON serialisations instead of guessing.
fn json(vector: &Value) -> bool {
    let token = vector["jws"].to_string();
    assert!(UnverifiedJws::parse(&token, &Limits::default()).is_err());
    true
}

fn certificates(vector: &Value, crypto: &CryptoProvider) -> bool {
    let leaf = der(&vector["x5c"][0]);
    assert_eq!(base64url::encode(crypto.sha256(&leaf)), text(vector, "x5t#S256_of_leaf"));
    true
}

/// A critical extension that nobody understands, under `none` at that.
fn critical(vector: &Value) -> bool {
    // the token ends where its empty payload begins, so that it has two segments as printed
    let token = format!("{}.", text(vector, "compact"));
    let refused = UnverifiedJws::parse(&token, &Limits::default());
    assert!(matches!(
        refused,
        Err(JwsError::Header(HeaderError::CriticalNotUnderstood(name))) if name == "http://example.com/UNDEFINED"
    ));
    true
}
