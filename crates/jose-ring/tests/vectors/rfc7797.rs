use avouch_jose::JwsAlgorithm;
use avouch_jose::jws::{HeaderError, JwsError};

use crate::data::{jwk, keys, text, vectors, verify};

/// Proves UNP-04, UNP-10, CRT-07. Unencoded payloads are not implemented: `b64` is critical and not understood, and
/// where it is not critical, it is refused though the MAC is right.
#[test]
fn unencoded_payloads() {
    let mut refused = 0;
    for vector in vectors("rfc7797-unencoded-payload.json") {
        let keys = keys(&jwk(&vector["jwk"]), JwsAlgorithm::HS256).unwrap();
        let flattened = &vector["flattened"];
        let (protected, signature) = (text(flattened, "protected"), text(flattened, "signature"));
        // a period in the payload would make four segments of three
        let payload = text(flattened, "payload").replace('.', "");
        let outcome = verify(&format!("{protected}.{payload}.{signature}"), &keys);
        match (vector["protected_header"].get("b64"), vector["protected_header"].get("crit")) {
            (None, _) => assert_eq!(outcome.unwrap().payload(), b"$.02"),
            (Some(_), Some(_)) => {
                let expected = HeaderError::CriticalNotUnderstood("b64".to_owned());
                assert!(matches!(outcome, Err(JwsError::Header(error)) if error == expected));
                refused += 1;
            }
            (Some(_), None) => {
                assert!(matches!(outcome, Err(JwsError::Header(HeaderError::B64NotCritical))));
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 4);
}
