use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::JwsError;
use avouch_jose::jwt::{RegisteredClaims, read_claims};
use serde_json::{Map, Value};

use crate::jose::data::{algorithm, entries, entry, jwk, keys, text, vector_file, verify};
use crate::jose::run::Tally;

const FILE: &str = vector_file!("rfc7519-examples.json");

/// [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519), examples of sections 3.1 and 6.1.
pub fn rfc7519(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    let signed = entry(FILE, "3.1");
    let keys = keys(&jwk(&signed["jwk"]), algorithm(&signed, "alg"), crypto);
    for vector in entries(FILE) {
        let Some(keys) = &keys else {
            tally.count(false);
            continue;
        };
        let outcome = verify(text(&vector, "compact"), keys);
        match text(&vector, "kind") {
            "signed" => {
                let content = outcome.unwrap();
                assert_eq!(Value::from(read_claims::<Map<_, _>>(&content).unwrap()), vector["claims"]);
                let claims: RegisteredClaims = read_claims(&content).unwrap();
                assert_eq!(claims.iss.as_deref(), Some("joe"));
                assert_eq!(claims.exp.unwrap().seconds(), 1_300_819_380);
            }
            "unsecured" => assert!(matches!(outcome, Err(JwsError::UnknownAlgorithm(_)))),
            _ => assert!(matches!(outcome, Err(JwsError::NotThreeSegments))),
        }
        tally.count(true);
    }
    tally
}
