use avouch_jose::jws::{HeaderError, JwsError, UnverifiedJws};
use avouch_jose::{JwsAlgorithm, KeyError, Limits, SigningKey, base64url};

use crate::data::{algorithm, jwk, keys, text, vectors, verify};

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn vector(id: &str) -> serde_json::Value {
    vectors("rfc7515-appendix.json").into_iter().find(|vector| vector["id"] == id).unwrap()
}

/// Proves JSN-10, JSN-11, JWS-03, JWS-27. The headers of A.1 have line breaks between their members; deterministic
/// signatures come out as the octets that were printed.
#[test]
fn appendix_a_compact() {
    let crypto = avouch_jose_ring::provider();
    for vector in ["A.1", "A.2", "A.3"].map(vector) {
        let (key, algorithm) = (jwk(&vector["jwk"]), algorithm(text(&vector, "alg")));
        let content = verify(text(&vector, "compact"), &keys(&key, algorithm).unwrap()).unwrap();
        assert_eq!(content.payload(), text(&vector, "payload_utf8").as_bytes());

        let signing_input = text(&vector, "signing_input");
        let signature =
            SigningKey::prepare(&key, algorithm, &crypto).unwrap().sign(signing_input.as_bytes()).unwrap();
        if vector["deterministic"] == true {
            assert_eq!(signature, hex(text(&vector, "signature_hex")), "{algorithm}");
        } else {
            let token = format!("{signing_input}.{}", base64url::encode(signature));
            assert!(verify(&token, &keys(&key, algorithm).unwrap()).is_ok());
        }
    }
}

/// A.4: what ring cannot do is said when the key is prepared.
#[test]
fn appendix_a_es512_is_unsupported() {
    let key = jwk(&vector("A.4")["jwk"]);
    let crypto = avouch_jose_ring::provider();
    assert!(matches!(keys(&key, JwsAlgorithm::ES512), Err(KeyError::Unsupported { .. })));
    assert!(matches!(
        SigningKey::prepare(&key, JwsAlgorithm::ES512, &crypto),
        Err(KeyError::Unsupported { .. })
    ));
    assert!(!crypto.signatures.supports(JwsAlgorithm::ES512));
}

/// Proves ALG-19, BCP-01. A.5 is unsecured; there is no key set that lets it pass.
#[test]
fn appendix_a_none() {
    let token = vector("A.5");
    let keys = keys(&jwk(&vector("A.1")["jwk"]), JwsAlgorithm::HS256).unwrap();
    let refused = verify(text(&token, "compact"), &keys);
    assert!(matches!(refused, Err(JwsError::UnknownAlgorithm(name)) if name.as_str() == "none"));
}

/// Proves JWS-26, JWT-01. A.6 and A.7 are JSON serialisations: not compact, so refused instead of guessed at.
#[test]
fn appendix_a_json() {
    for id in ["A.6", "A.7"] {
        let token = vector(id)["jws"].to_string();
        assert!(UnverifiedJws::parse(&token, &Limits::default()).is_err(), "{id}");
    }
}

#[test]
fn appendix_c_base64url() {
    let vector = vector("C");
    assert_eq!(base64url::encode(hex(text(&vector, "octets_hex"))), text(&vector, "encoded"));
}

/// Proves CRT-01. Appendix E names an extension that nobody understands, under `none` at that.
#[test]
fn appendix_e_critical() {
    let vector = vector("E");
    // the token ends where its empty payload begins, so that it has two segments as printed
    let token = format!("{}.", text(&vector, "compact"));
    let refused = UnverifiedJws::parse(&token, &Limits::default());
    assert!(matches!(
        refused,
        Err(JwsError::Header(HeaderError::CriticalNotUnderstood(name))) if name == "http://example.com/UNDEFINED"
    ));
}
