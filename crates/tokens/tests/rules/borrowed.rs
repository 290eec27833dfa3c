//! The borrowed ID Token beside the owned one.

use avouch_jose::JwsAlgorithm;
use avouch_jose::jws::HeaderParameters;
use avouch_tokens::{ClaimsError, IdTokenError, IdTokenExpectations};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::*;

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..2_000_000_000).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(NOW)),
        Just(json!(CLIENT)),
        Just(json!(NONCE)),
        ".{0,20}".prop_map(Value::from),
        prop::collection::vec("[a-z]{0,4}", 0..3).prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..3).prop_map(Value::from),
        Just(json!({"a": [1]})),
    ]
}

fn any_claims() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        4 => prop::sample::select(vec![
            "iss", "sub", "aud", "exp", "iat", "nbf", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash",
            "sid", "events", "email", "email_verified", "address",
        ])
        .prop_map(str::to_owned),
        1 => ".{0,12}",
    ];
    prop::collection::btree_map(name, any_value(), 0..4).prop_map(|changed| {
        let mut claims = good();
        claims.extend(changed);
        claims
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Proves CORE-2-01, JWT-20, JWT-24: what one refuses the other refuses in the same words; what they accept, they
    /// read alike.
    #[test]
    fn both_say_the_same(claims in any_claims(), asks_for_nonce in any::<bool>()) {
        let (op, nonce) = (Party::new(JwsAlgorithm::ED25519), nonce());
        let token = op.sign(HeaderParameters::new(), &claims);
        let expectations = if asks_for_nonce {
            IdTokenExpectations::for_nonce(&nonce)
        } else {
            IdTokenExpectations::no_nonce_was_sent()
        };
        let verifier = verifier().algorithm(JwsAlgorithm::ED25519);
        let owned = verifier.verify(&token, &op.keys, &expectations, now(), &crypto());
        let mut buffer = b"left over".to_vec();
        let borrowed = verifier.verify_into(&token, &op.keys, &expectations, now(), &crypto(), &mut buffer);
        match (borrowed, owned) {
            (Ok(borrowed), Ok(owned)) => {
                prop_assert_eq!(borrowed.iss(), &*owned.iss);
                prop_assert_eq!(borrowed.sub(), owned.sub.as_str());
                prop_assert!(borrowed.aud().iter().eq(owned.aud.as_slice().iter().map(String::as_str)));
                prop_assert_eq!((borrowed.exp(), borrowed.iat()), (owned.exp, owned.iat));
                prop_assert_eq!((borrowed.nbf(), borrowed.auth_time()), (owned.nbf, owned.auth_time));
                prop_assert_eq!(borrowed.nonce(), owned.nonce.as_ref().map(|nonce| nonce.expose()));
                prop_assert_eq!(borrowed.acr(), owned.acr.as_ref().map(|acr| acr.as_str()));
                let amr = borrowed.amr().map(Iterator::collect::<Vec<_>>);
                prop_assert_eq!(amr.is_some(), owned.amr.is_some());
                let expected = owned.amr.iter().flatten().map(|one| one.as_str());
                prop_assert!(amr.iter().flatten().eq(expected));
                prop_assert_eq!(borrowed.azp(), owned.azp.as_ref().map(|azp| azp.as_str()));
                prop_assert_eq!((borrowed.at_hash(), borrowed.c_hash()), (owned.at_hash.as_deref(), owned.c_hash.as_deref()));
                prop_assert_eq!(borrowed.sid(), owned.sid.as_deref());
                let members = owned.to_members();
                prop_assert_eq!(borrowed.iter().len(), members.len());
                for (name, value) in borrowed.iter() {
                    prop_assert_eq!(borrowed.get(&name).map(|value| value.as_json()), Some(value.as_json()));
                    prop_assert_eq!(value.is_string(), members[&*name].is_string());
                }
            }
            (Err(borrowed), Err(owned)) => {
                prop_assert_eq!(borrowed.to_string(), owned.to_string());
                prop_assert_eq!(format!("{borrowed:?}"), format!("{owned:?}"));
            }
            (borrowed, owned) => prop_assert!(false, "{:?} beside {:?}", borrowed, owned),
        }
    }
}

/// What has no form of its own when it is only looked at is held to the same form.
///
/// Proves CORE-2-02.
#[test]
fn the_view_holds_words_to_their_form() {
    let op = Party::new(JwsAlgorithm::ES256);
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let long = "x".repeat(256);
    for (claim, value) in [
        ("sub", json!("")),
        ("sub", json!("j\u{e4}ne")),
        ("sub", json!(long)),
        ("nonce", json!("")),
        ("azp", json!("")),
    ] {
        let token = op.sign(HeaderParameters::new(), &with(claim, value));
        let mut buffer = Vec::new();
        let refused = verifier().verify_into(&token, &op.keys, &expectations, now(), &crypto(), &mut buffer);
        assert_refused!(refused, IdTokenError::Claims(ClaimsError::Invalid { claim: found, .. }) if *found == claim);
    }
}

/// Proves JWT-03: the buffer holds nothing that nobody signed, whatever it held before.
#[test]
fn nothing_unsigned_is_in_the_buffer() {
    let (op, other) = (Party::new(JwsAlgorithm::ES256), Party::new(JwsAlgorithm::ES256));
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let mut buffer = b"left over".to_vec();
    for token in [other.sign(HeaderParameters::new(), &good()), "no token".to_owned(), String::new()] {
        let refused = verifier().verify_into(&token, &op.keys, &expectations, now(), &crypto(), &mut buffer);
        assert!(matches!(refused, Err(IdTokenError::Signature(_) | IdTokenError::Malformed(_))));
        assert!(buffer.is_empty());
        buffer.extend(b"left over");
    }
}

/// The names of the claims, and no value.
#[test]
fn the_view_does_not_print_claims() {
    let op = Party::new(JwsAlgorithm::ES256);
    let token = op.sign(HeaderParameters::new(), &good());
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let mut buffer = Vec::new();
    let verified =
        verifier().verify_into(&token, &op.keys, &expectations, now(), &crypto(), &mut buffer).unwrap();
    let shown = format!("{verified:?}");
    assert!(shown.contains("nonce") && !shown.contains(NONCE) && !shown.contains("Jane"), "{shown}");
}
