use avouch_jose::Limits;
use avouch_jose::jws::{HeaderError, JwsError, Reader};
use serde_json::json;

use crate::support::{compact, detached, encode, header_error, keys, mac, reader};

/// What was read once is read again, also after something else, and refused as often as it must be.
#[test]
fn headers_in_turn() {
    let reader = reader();
    let (first, second) = (json!({"alg": "HS256", "kid": "1"}), json!({"alg": "HS256", "kid": "2"}));
    for header in [&first, &first, &second, &first, &second, &second] {
        let token = compact(header, "e30");
        assert_eq!(json!(reader.compact(&token).unwrap().header().parameters()), *header);
    }
    let refused = json!({"alg": "HS256", "crit": ["x"], "x": 1});
    for _ in 0..3 {
        assert!(matches!(
            header_error(reader.compact(&compact(&refused, ""))),
            HeaderError::CriticalNotUnderstood(_)
        ));
    }
}

/// The header is remembered, and nothing of the token it came in.
#[test]
fn only_the_header_is_remembered() {
    let reader = reader();
    let header = encode(&json!({"alg": "HS256"}));
    let good = format!("{header}.e30.{}", mac(format!("{header}.e30")));
    assert!(reader.compact(&good).unwrap().verify(&keys(&["1"])).is_ok());
    let forged = format!("{header}.W10.{}", mac(format!("{header}.e30")));
    let refused = reader.compact(&forged).unwrap().verify(&keys(&["1"]));
    assert!(matches!(refused, Err(JwsError::SignatureInvalid)));
    assert!(reader.compact(&good).unwrap().verify(&keys(&["2"])).is_err());
}

/// Texts that agree in length, in the beginning or in what they mean are other texts.
#[test]
fn exact_text() {
    let reader = reader();
    let token = |header: &str| {
        let header = avouch_jose::base64url::encode(header);
        format!("{header}.e30.{}", mac(format!("{header}.e30")))
    };
    let texts = [
        r#"{"alg":"HS256","kid":"1"}"#,
        r#"{"alg":"HS256","kid":"3"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS257","kid":"1"}"#,
    ];
    for text in texts.iter().chain(texts.iter().rev()) {
        let token = token(text);
        let found = json!(reader.compact(&token).unwrap().header().parameters());
        assert_eq!(found, serde_json::from_str::<serde_json::Value>(text).unwrap());
    }
    assert!(matches!(reader.compact(&token(r#"{"alg":"HS256","kid":"1"} x"#)), Err(JwsError::HeaderJson(_))));
}

/// Proves CRT-07. A reader that is told more, or cloned, does not remember for the other.
#[test]
fn rules_have_their_own_memory() {
    let critical = compact(&json!({"alg": "HS256", "crit": ["x"], "x": 1}), "e30");
    let understands = reader().understanding(["x"]).unwrap();
    assert!(understands.compact(&critical).is_ok());
    assert!(understands.clone().compact(&critical).is_ok());
    assert!(reader().compact(&critical).is_err());

    let header = json!({"alg": "HS256", "b64": false, "crit": ["b64"]});
    let reader = Reader::new(Limits::default()).unencoded_payloads();
    // remembered from one form, and refused in the form that has no unencoded payload
    assert!(reader.detached(&detached(&header, b"x"), b"x").is_ok());
    assert!(matches!(reader.compact(&compact(&header, "x")), Err(JwsError::PayloadUnencoded)));
    assert!(reader.attached(&compact(&header, "x")).is_ok());
}

/// Proves HDR-06. A budget holds for headers that come again.
#[test]
fn budgets_hold() {
    let long = json!({"alg": "HS256", "kid": "k".repeat(7000)});
    let reader = reader();
    for _ in 0..2 {
        assert!(matches!(reader.compact(&compact(&long, "")), Err(JwsError::HeaderTooLong { .. })));
    }
}

/// From many threads at once, each gets the header of its own token.
#[test]
fn shared_between_threads() {
    let reader = &reader();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                let kid = thread.to_string();
                let token = compact(&json!({"alg": "HS256", "kid": kid}), "e30");
                for _ in 0..500 {
                    assert_eq!(reader.compact(&token).unwrap().header().kid(), Some(&*kid));
                }
            });
        }
    });
}
