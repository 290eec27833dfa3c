use avouch_jose::jws::{HeaderParameters, JwsError, sign_compact};
use avouch_jose::{HashAlgorithm, JwsAlgorithm, SigningKey};

use crate::data::{algorithm, jwk, keys, text, vectors, verify};

/// Proves ALG-11, ALG-16. Ed25519 under both of its names, which do not stand for each other.
#[test]
fn ed25519() {
    let crypto = avouch_jose_ring::provider();
    let mut checked = 0;
    for vector in vectors("rfc8037-okp.json") {
        // the others are about key agreement
        let Some(token) = vector["compact"].as_str() else { continue };
        let (key, algorithm) = (jwk(&vector["jwk"]), algorithm(text(&vector, "alg")));
        let content = verify(token, &keys(&key, algorithm).unwrap()).unwrap();
        assert_eq!(content.payload(), text(&vector, "payload_utf8").as_bytes());
        let ours = SigningKey::prepare(&key, algorithm, &crypto).unwrap();
        assert_eq!(sign_compact(&HeaderParameters::new(), content.payload(), &ours).unwrap(), token);

        let other = [JwsAlgorithm::EDDSA, JwsAlgorithm::ED25519].into_iter().find(|name| *name != algorithm);
        let refused = verify(token, &keys(&key, other.unwrap()).unwrap());
        assert!(matches!(refused, Err(JwsError::AlgorithmNotAllowed(name)) if name == algorithm));
        if let Some(thumbprint) = vector["thumbprint"].as_str() {
            assert_eq!(key.thumbprint(HashAlgorithm::Sha256, &crypto), thumbprint);
        }
        checked += 1;
    }
    assert_eq!(checked, 2);
}
