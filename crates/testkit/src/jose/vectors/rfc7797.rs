use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{
    HeaderError, HeaderParameters, JsonBuilder, JwsError, Reader, sign_compact, sign_unencoded_compact,
    sign_unencoded_detached,
};
use avouch_jose::{Limits, SigningKey, VerifyingKeys};
use serde_json::Value;

use crate::jose::data::{algorithm, entries, jwk, keys, text, vector_file, verify};
use crate::jose::run::{Tally, signing};

/// [RFC 7797](https://www.rfc-editor.org/rfc/rfc7797) section 4, and the cookbook's examples of it.
pub fn rfc7797(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(vector_file!("rfc7797-unencoded-payload.json")) {
        let (key, algorithm) = (jwk(&vector["jwk"]), algorithm(&vector, "alg"));
        let (Some(keys), Some(signer)) = (keys(&key, algorithm, crypto), signing(&key, algorithm, crypto))
        else {
            tally.count(false);
            continue;
        };
        match (vector["protected_header"].get("b64"), vector["protected_header"].get("crit")) {
            (None, _) => encoded(&vector, &keys, &signer),
            (Some(_), Some(_)) => unencoded(&vector, &keys, &signer),
            // refused though the MAC is right
            (Some(_), None) => {
                for form in ["flattened", "general"] {
                    let Some(jws) = vector.get(form) else { continue };
                    let refused = reader().json(&jws.to_string());
                    assert!(
                        matches!(refused, Err(JwsError::Header(HeaderError::B64NotCritical))),
                        "{vector}"
                    );
                }
            }
        }
        tally.count(true);
    }
    tally
}

fn reader() -> Reader {
    Reader::new(Limits::default()).unencoded_payloads()
}

fn encoded(vector: &Value, keys: &VerifyingKeys, signer: &SigningKey) {
    let (payload, none) = (text(vector, "payload_utf8").as_bytes(), HeaderParameters::new());
    assert_eq!(verify(text(vector, "compact"), keys).unwrap().payload(), payload);
    assert_eq!(sign_compact(&none, payload, signer).unwrap(), text(vector, "compact"));
    let flattened = &vector["flattened"];
    assert_eq!(reader().json(&flattened.to_string()).unwrap().verify(keys).unwrap().payload(), payload);
    let ours = JsonBuilder::new(payload).sign(&none, signer).unwrap().flattened().unwrap();
    assert_eq!(&serde_json::from_str::<Value>(&ours).unwrap(), flattened);
}

/// In every form that is printed; a reader that was not told to understand `b64` refuses each.
fn unencoded(vector: &Value, keys: &VerifyingKeys, signer: &SigningKey) {
    let (payload, none) = (text(vector, "payload_utf8"), HeaderParameters::new());
    let not_understood = |error: &JwsError| matches!(error, JwsError::Header(HeaderError::CriticalNotUnderstood(name)) if name == "b64");
    if let Some(token) = vector["compact"].as_str() {
        assert_eq!(reader().attached(token).unwrap().verify(keys).unwrap().payload(), payload.as_bytes());
        assert_eq!(sign_unencoded_compact(&none, payload, signer).unwrap(), token);
        // it is no JWT
        assert!(matches!(reader().compact(token), Err(JwsError::PayloadUnencoded)));
        assert!(not_understood(&Reader::default().compact(token).unwrap_err()));
    }
    if let Some(token) = vector["compact_detached"].as_str() {
        let content = reader().detached(token, payload.as_bytes()).unwrap().verify(keys).unwrap();
        assert_eq!(content.payload(), payload.as_bytes());
        assert_eq!(sign_unencoded_detached(&none, payload.as_bytes(), signer).unwrap(), token);
        assert!(not_understood(&Reader::default().detached(token, payload.as_bytes()).unwrap_err()));
    }
    let ours = || JsonBuilder::unencoded(payload.as_bytes()).sign(&none, signer).unwrap();
    for (form, ours) in [("flattened", ours().flattened()), ("general", ours().general())] {
        let Some(jws) = vector.get(form) else { continue };
        let content = reader().json(&jws.to_string()).unwrap().verify(keys).unwrap();
        assert_eq!(content.payload(), payload.as_bytes());
        assert_eq!(&serde_json::from_str::<Value>(&ours.unwrap()).unwrap(), jws);
        let refused = Reader::default().json(&jws.to_string()).unwrap().verify(keys);
        assert!(not_understood(&refused.unwrap_err()));
    }
}
