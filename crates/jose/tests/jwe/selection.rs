//! Which key a header selects.

use avouch_jose::jwe::JweError;
use avouch_jose::{ContentEncryption, DecryptionKey, DecryptionKeys, JweAlgorithm, JwkSet, KeyError};
use serde_json::{Value, json};

use crate::support::{
    CONTENT_KEY, ENC, KEY, crypto, jwk, oct, open, p256, rsa, token, token_with_key, with, without,
    wrapped_key,
};

const KW: JweAlgorithm = JweAlgorithm::A128KW;

fn set(keys: &[Value]) -> JwkSet {
    JwkSet::new(keys.iter().map(jwk).collect())
}

fn prepared(keys: &[Value]) -> DecryptionKeys {
    DecryptionKeys::prepare(&set(keys), &[KW], &[ENC], &crypto()).unwrap()
}

fn wrapped(members: &str) -> String {
    token_with_key(&format!(r#"{{"alg":"A128KW","enc":"A128GCM"{members}}}"#), &wrapped_key(), &CONTENT_KEY)
}

fn named(kid: &str, octets: &[u8]) -> Value {
    with(oct(octets), "kid", kid)
}

/// Proves SEL-02, SEL-03, JWE-13. The `kid` decides, and one that no key has selects none.
#[test]
fn kid_decides() {
    let keys = prepared(&[named("a", &[1; 16]), named("b", &KEY), named("c", &[2; 16])]);
    assert_eq!(open(&wrapped(r#","kid":"b""#), &keys).unwrap().kid(), Some("b"));
    assert!(matches!(open(&wrapped(r#","kid":"a""#), &keys), Err(JweError::DecryptionFailed)));
    let refused = open(&wrapped(r#","kid":"B""#), &keys).unwrap_err();
    assert!(matches!(refused, JweError::NoMatchingKey { kid: Some(kid), .. } if kid == "B"));
    // a key without `kid` is not for a header with one, unless it is the only one and the caller says so
    let keys = prepared(&[oct(&KEY)]);
    assert!(open(&wrapped(""), &keys).is_ok());
    assert!(matches!(open(&wrapped(r#","kid":"b""#), &keys), Err(JweError::NoMatchingKey { .. })));
    assert!(open(&wrapped(r#","kid":"b""#), &keys.allowing_lone_key_without_kid()).is_ok());
    let two = prepared(&[oct(&KEY), named("a", &[1; 16])]).allowing_lone_key_without_kid();
    assert!(matches!(open(&wrapped(r#","kid":"b""#), &two), Err(JweError::NoMatchingKey { .. })));
    // a lone key with a `kid` of its own is found by that alone
    let lone = prepared(&[named("a", &KEY)]).allowing_lone_key_without_kid();
    assert!(matches!(open(&wrapped(r#","kid":"b""#), &lone), Err(JweError::NoMatchingKey { .. })));
    let unreadable = JwkSet::from_json(
        json!({"keys": [oct(&KEY), {"kty": "FUTURE"}]}).to_string().as_bytes(),
        &avouch_jose::Limits::default(),
    );
    let lone = DecryptionKeys::prepare(&unreadable.unwrap(), &[KW], &[ENC], &crypto()).unwrap();
    let lone = lone.allowing_lone_key_without_kid();
    assert!(matches!(open(&wrapped(r#","kid":"b""#), &lone), Err(JweError::NoMatchingKey { .. })));
}

/// Proves SEL-04, SEL-05. Several keys are tried up to a limit that the caller sets, each to the end.
#[test]
fn several_candidates() {
    let keys = prepared(&[oct(&[1; 16]), oct(&[2; 16]), oct(&KEY)]);
    let refused = open(&wrapped(""), &keys).unwrap_err();
    assert!(matches!(refused, JweError::SeveralMatchingKeys { found: 3, limit: 1, .. }));
    let refused = open(&wrapped(""), &keys.clone().with_trial_limit(2)).unwrap_err();
    assert!(matches!(refused, JweError::SeveralMatchingKeys { found: 3, limit: 2, .. }));
    assert!(open(&wrapped(""), &keys.with_trial_limit(3)).is_ok());
    let same = prepared(&[named("a", &[1; 16]), named("a", &KEY)]);
    assert!(matches!(open(&wrapped(r#","kid":"a""#), &same), Err(JweError::SeveralMatchingKeys { .. })));
    assert!(open(&wrapped(r#","kid":"a""#), &same.with_trial_limit(2)).is_ok());

    // to the end: with `dir` only the tag tells which key it was
    let direct = |octets| DecryptionKey::direct(&jwk(&oct(octets)), ENC, &crypto()).unwrap();
    let keys = DecryptionKeys::from_keys(vec![direct(&[1; 16]), direct(&KEY)], &[ENC]).unwrap();
    let token = token(r#"{"alg":"dir","enc":"A128GCM"}"#);
    assert!(open(&token, &keys.with_trial_limit(2)).is_ok());
}

/// Proves SEL-06, JWK-09. With `dir` a header selects by `enc` as well; that no key is for it is told from failure.
#[test]
fn direct_keys_are_selected_by_encryption() {
    let enc = [ENC, ContentEncryption::A256GCM];
    let small = DecryptionKey::direct(&jwk(&oct(&KEY)), ENC, &crypto()).unwrap();
    let large = DecryptionKey::direct(&jwk(&oct(&[1; 32])), enc[1], &crypto()).unwrap();
    let token = token(r#"{"alg":"dir","enc":"A128GCM"}"#);
    let both = DecryptionKeys::from_keys(vec![large.clone(), small], &enc).unwrap();
    assert!(open(&token, &both).is_ok());
    let refused = open(&token, &DecryptionKeys::single(large, &enc).unwrap()).unwrap_err();
    assert!(matches!(refused, JweError::NoMatchingKey { .. }));
}

/// Proves SEL-02, JWK-23. Keys that fit no algorithm do not disturb, and say why.
#[test]
fn keys_that_do_not_fit() {
    let algorithms = [KW, JweAlgorithm::ECDH_ES, JweAlgorithm::RSA_OAEP_256];
    let keys = [
        with(oct(&KEY), "use", "sig"),
        without(p256(), "d"),
        oct(&KEY),
        with(rsa(), "kid", "r"),
        oct(&[1; 15]),
    ];
    let keys = DecryptionKeys::prepare(&set(&keys), &algorithms, &[ENC], &crypto()).unwrap();
    assert_eq!(keys.keys().len(), 2);
    assert_eq!(keys.algorithms(), algorithms);
    let rejected: Vec<_> = keys.rejected().iter().map(|rejected| rejected.index).collect();
    assert_eq!(rejected, [0, 1, 4]);
    assert!(keys.rejected()[1].reasons.contains(&(JweAlgorithm::ECDH_ES, KeyError::NotPrivate)));
    assert!(open(&wrapped(""), &keys).is_ok());
}
