use avouch_jose::jws::{HeaderParameters, UnverifiedJws, sign_compact};
use avouch_jose::{HashAlgorithm, Jwk, JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys};
use avouch_testkit::jose::signing_key;
use serde_json::{Map, Value, json};

use crate::peer::{Peer, private, public};

/// The members that are the key, without those that describe it.
fn key_members(jwk: &Value) -> Map<String, Value> {
    let mut members = jwk.as_object().unwrap().clone();
    for description in ["kid", "use", "key_ops", "alg", "ext"] {
        members.remove(description);
    }
    members
}

use JwsAlgorithm as A;

/// An algorithm and curve for each kind of key. A curve of `None` makes an RSA key.
const KINDS: [(A, Option<&str>); 6] = [
    (A::RS256, None),
    (A::ES256, Some("P-256")),
    (A::ES384, Some("P-384")),
    (A::ES512, Some("P-521")),
    (A::ES256K, Some("secp256k1")),
    (A::ED25519, Some("Ed25519")),
];

/// Keys of ours go there and come back the same, public and private; keys of theirs are read, print the same, sign and
/// verify; thumbprints and their URIs are equal. How many keys and halves were compared.
fn exchanged(mut peer: Peer, kinds: &[(JwsAlgorithm, Option<&str>)]) -> usize {
    let crypto = avouch_jose_aws_lc::provider();
    let mut checked = 0;
    for &(algorithm, curve) in kinds {
        let ours = signing_key(algorithm);
        let made = peer.get(&json!({"op": "jwk.make", "alg": algorithm, "crv": curve}));
        let theirs = Jwk::from_json(made.to_string().as_bytes(), &Limits::default()).unwrap();
        assert_eq!(key_members(&private(&theirs)), key_members(&made), "{} {algorithm}", peer.name());
        for jwk in [&ours, &theirs] {
            for half in [public(jwk), private(jwk)] {
                let again = peer.get(&json!({"op": "jwk.again", "alg": algorithm, "jwk": half}));
                assert_eq!(key_members(&again), key_members(&half), "{} {algorithm}", peer.name());
                checked += 1;
            }
            let told = peer.get(&json!({"op": "jwk.thumbprint", "jwk": public(jwk)}));
            assert_eq!(told["thumbprint"], jwk.thumbprint(HashAlgorithm::Sha256, &crypto));
            assert_eq!(told["uri"], jwk.thumbprint_uri(&crypto).to_string());
            let signer = SigningKey::prepare(jwk, algorithm, &crypto).unwrap();
            let verifier = VerifyingKey::prepare(&jwk.public().unwrap(), algorithm, &crypto).unwrap();
            let token = sign_compact(&HeaderParameters::new(), b"payload", &signer).unwrap();
            let jws = UnverifiedJws::parse(&token, &Limits::default()).unwrap();
            assert!(jws.verify(&VerifyingKeys::single(verifier)).is_ok(), "{} {algorithm}", peer.name());
        }
    }
    let secret = signing_key(A::HS256);
    let again = peer.get(&json!({"op": "jwk.again", "alg": "HS256", "jwk": private(&secret)}));
    assert_eq!(key_members(&again), key_members(&private(&secret)));
    let told = peer.get(&json!({"op": "jwk.thumbprint", "jwk": private(&secret)}));
    assert_eq!(told["thumbprint"], secret.thumbprint(HashAlgorithm::Sha256, &crypto));
    checked + 1
}

/// All but secp256k1, which is gone from `jose`.
#[test]
fn jose_exchanges_keys() {
    let kinds: Vec<_> = KINDS.into_iter().filter(|(algorithm, _)| *algorithm != A::ES256K).collect();
    assert_eq!(exchanged(Peer::jose(), &kinds), 5 * 2 * 2 + 1);
}

#[test]
fn joserfc_exchanges_keys() {
    assert_eq!(exchanged(Peer::joserfc(), &KINDS), 6 * 2 * 2 + 1);
}
