use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderError, JwsError};

use crate::jose::data::{algorithm, entries, jwk, keys, text, vector_file, verify};
use crate::jose::run::Tally;

/// [RFC 7797](https://www.rfc-editor.org/rfc/rfc7797) section 4, and the cookbook's examples of it.
pub fn rfc7797(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(vector_file!("rfc7797-unencoded-payload.json")) {
        let Some(keys) = keys(&jwk(&vector["jwk"]), algorithm(&vector, "alg"), crypto) else {
            tally.count(false);
            continue;
        };
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
            }
            (Some(_), None) => {
                assert!(matches!(outcome, Err(JwsError::Header(HeaderError::B64NotCritical))));
            }
        }
        tally.count(true);
    }
    tally
}
