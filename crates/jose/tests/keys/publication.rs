use avouch_jose::{Jwk, JwkSet, PublicationError};
use serde_json::{Value, json};

use crate::support::{ed25519, jwk, oct, p256, rsa, with, without};

fn publish(keys: &[Value]) -> Result<Vec<Jwk>, PublicationError> {
    let keys: Vec<Jwk> = keys.iter().cloned().map(jwk).collect();
    JwkSet::to_publish(&keys).map(|set| set.keys().to_vec())
}

fn x25519() -> Value {
    with(without(ed25519(), "d"), "crv", "X25519")
}

/// Proves JWK-24. One name, one key; the same name for keys of two types is no doubt, and no name is no name.
#[test]
fn names_are_distinct() {
    let named = |key: Value, kid: &str| with(key, "kid", kid);
    let other = with(named(p256(), "a"), "x", p256()["y"].clone());
    let refused = publish(&[named(p256(), "a"), named(rsa(), "b"), other.clone()]);
    assert_eq!(refused, Err(PublicationError::DuplicateKid { index: 2, kid: "a".to_owned() }));
    assert!(publish(&[named(p256(), "a"), with(other, "kid", "A")]).is_ok());
    assert!(publish(&[named(p256(), "a"), named(rsa(), "a")]).is_ok());
    assert!(publish(&[p256(), p256()]).is_ok());
}

/// Proves JWK-25. With keys for both purposes each says its own, however the purpose of the others is known.
#[test]
fn mixed_sets_tell_the_use() {
    let (sig, enc) = (with(p256(), "use", "sig"), with(rsa(), "use", "enc"));
    assert!(publish(&[sig.clone(), enc.clone()]).is_ok());
    let refused = publish(&[sig.clone(), enc.clone(), rsa()]);
    assert_eq!(refused, Err(PublicationError::UseMissing { index: 2 }));
    for (signature, encryption) in [
        (sig.clone(), x25519()),
        (sig.clone(), with(rsa(), "alg", "RSA-OAEP")),
        (sig.clone(), with(rsa(), "key_ops", json!(["unwrapKey"]))),
        (with(p256(), "alg", "ES256"), enc.clone()),
        (with(p256(), "key_ops", json!(["sign"])), enc.clone()),
        (with(p256(), "key_ops", json!(["verify"])), enc),
        (ed25519(), x25519()),
    ] {
        let mixed = publish(&[signature.clone(), encryption.clone()]);
        assert!(matches!(mixed, Err(PublicationError::UseMissing { .. })), "{signature} {encryption}");
        // of one purpose, or of a purpose that nobody knows
        assert!(publish(&[signature.clone(), signature]).is_ok());
        assert!(publish(&[encryption.clone(), encryption]).is_ok());
    }
    assert!(publish(&[sig, rsa()]).is_ok());
}

/// Proves JWK-21. Public halves only; a secret is not left out in silence.
#[test]
fn nothing_private_is_published() {
    let keys = publish(&[rsa(), p256(), ed25519()]).unwrap();
    assert_eq!(keys.len(), 3);
    assert!(keys.iter().all(|key| !key.is_private()));
    assert_eq!(publish(&[p256(), oct()]), Err(PublicationError::Symmetric { index: 1 }));
}
