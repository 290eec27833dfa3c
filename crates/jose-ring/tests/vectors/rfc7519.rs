use avouch_jose::JwsAlgorithm;
use avouch_jose::jws::JwsError;
use avouch_jose::jwt::{RegisteredClaims, read_claims};
use serde_json::{Map, Value};

use crate::data::{jwk, keys, text, vectors, verify};

/// Proves JWT-02, JWT-06, JWT-31. Of the examples the signed one verifies; the unsecured one is refused, and so are the
/// encrypted ones, which are of another form.
#[test]
fn examples() {
    for vector in vectors("rfc7519-examples.json") {
        let token = text(&vector, "compact");
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let keys = keys(&jwk(&serde_json::json!({"kty": "oct", "k": secret})), JwsAlgorithm::HS256).unwrap();
        let outcome = verify(token, &keys);
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
    }
}
