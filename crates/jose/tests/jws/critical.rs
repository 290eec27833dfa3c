use avouch_jose::jws::{HeaderError, HeaderParameters, JsonBuilder, SignError, Unprotected, sign_compact};
use serde_json::{Value, json};

use crate::support::{compact, header_error, keys, reader, signature, signing_key, verify, with};

const URI: &str = "http://example.com/UNDEFINED";

fn header(critical: Value) -> Value {
    json!({"alg": "HS256", "crit": critical, URI: true, "exp": 1})
}

/// Proves CRT-07, CRT-01. What is understood is accepted, and only that, as often as it is asked for.
#[test]
fn names_that_the_caller_understands() {
    let one = compact(&header(json!([URI])), "e30");
    let both = compact(&header(json!([URI, "exp"])), "e30");
    let not_understood = |name: &str| HeaderError::CriticalNotUnderstood(name.to_owned());

    assert_eq!(header_error(reader().compact(&one)), not_understood(URI));
    let first = reader().understanding([URI]).unwrap();
    for _ in 0..2 {
        let content = first.compact(&one).unwrap().verify(&keys(&["1"])).unwrap();
        assert_eq!(content.header().parameter(URI), Some(&json!(true)));
        assert_eq!(header_error(first.compact(&both)), not_understood("exp"));
    }
    let other = reader().understanding(["exp"]).unwrap();
    assert_eq!(header_error(other.compact(&both)), not_understood(URI));
    let second = first.understanding(["exp"]).unwrap();
    assert!(second.compact(&both).is_ok() && second.compact(&one).is_ok());
    let longer = second.understanding(["exp2"]).unwrap();
    assert_eq!(
        header_error(longer.compact(&compact(&json!({"alg": "HS256", "crit": ["Exp"], "Exp": 1}), ""))),
        not_understood("Exp")
    );
}

/// Proves CRT-04, CRT-05, CRT-08. To understand a name does not excuse a list that is out of order.
#[test]
fn lists_out_of_order() {
    let reader = reader().understanding([URI, "exp", "absent"]).unwrap();
    let refused = |critical: Value| header_error(reader.compact(&compact(&header(critical), "e30")));
    assert_eq!(refused(json!([])), HeaderError::CriticalEmpty);
    assert_eq!(refused(json!([URI, "exp", URI])), HeaderError::CriticalDuplicate(URI.to_owned()));
    assert_eq!(refused(json!(["absent"])), HeaderError::CriticalAbsent("absent".to_owned()));
    assert_eq!(refused(json!([URI, "alg"])), HeaderError::CriticalRegistered("alg".to_owned()));
    for wrong in [json!(URI), json!({}), json!([""]), json!([1]), json!([[URI]])] {
        assert_eq!(refused(wrong), HeaderError::WrongType { name: "crit" });
    }
}

/// Proves CRT-03, CRT-07. Nobody can promise to understand what is never critical, or `b64` by its name alone.
#[test]
fn names_that_nobody_can_understand() {
    for name in ["alg", "kid", "crit", "typ", "enc", "zip", "p2c", "b64"] {
        let refused = reader().understanding([name]).unwrap_err();
        assert_eq!(refused, HeaderError::CriticalRegistered(name.to_owned()));
    }
    assert_eq!(reader().understanding([""]).unwrap_err(), HeaderError::WrongType { name: "crit" });
}

/// Proves CRT-06, CRT-08. An unprotected list, and a protected list that names an unprotected parameter.
#[test]
fn only_protected() {
    let protected = json!({"alg": "HS256", "exp": 1});
    let unprotected = json!({"crit": ["exp"]});
    let jws = with(signature(Some(&protected), Some(&unprotected), "e30"), "payload", "e30");
    assert_eq!(header_error(verify(&jws)), HeaderError::Unprotected { name: "crit" });

    let protected = json!({"alg": "HS256", "crit": ["exp"]});
    let jws = with(signature(Some(&protected), Some(&json!({"exp": 1})), "e30"), "payload", "e30");
    let understands = reader().understanding(["exp"]).unwrap();
    let refused = header_error(understands.json(&jws.to_string()));
    assert_eq!(refused, HeaderError::CriticalAbsent("exp".to_owned()));
}

/// Proves CRT-02, CRT-03. What is written is a list that can be read, with each name once.
#[test]
fn written_lists() {
    let key = signing_key("1");
    let parameters = HeaderParameters::new().critical(URI, 1).critical("exp", 2).critical(URI, 3);
    let token = sign_compact(&parameters, b"{}", &key).unwrap();
    let reader = reader().understanding([URI, "exp"]).unwrap();
    let content = reader.compact(&token).unwrap().verify(&keys(&["1"])).unwrap();
    assert_eq!(
        json!(content.header().parameters()),
        json!({"alg": "HS256", "kid": "1", "crit": [URI, "exp"], URI: 3, "exp": 2})
    );

    for name in ["typ", "jwk", "x5c", "epk", "p2s"] {
        let refused = sign_compact(&HeaderParameters::new().critical(name, "x"), b"{}", &key);
        assert!(refused.is_err(), "{name}");
    }
    let refused = sign_compact(&HeaderParameters::new().critical("zip", "DEF"), b"{}", &key);
    let expected = HeaderError::CriticalRegistered("zip".to_owned());
    assert!(matches!(refused, Err(SignError::Header(error)) if error == expected));
    for name in ["alg", "kid", "crit", "b64", "enc"] {
        let refused = sign_compact(&HeaderParameters::new().critical(name, 1), b"{}", &key);
        assert!(matches!(refused, Err(SignError::ReservedParameter { name: found }) if found == name));
        let refused = JsonBuilder::new(b"").sign_with_unprotected(
            &HeaderParameters::new(),
            &Unprotected::new().parameter(name, 1),
            &key,
        );
        assert!(matches!(refused, Err(SignError::ReservedParameter { name: found }) if found == name));
    }
    let refused = sign_compact(&HeaderParameters::new().critical("", 1), b"{}", &key);
    assert!(matches!(refused, Err(SignError::Header(HeaderError::WrongType { name: "crit" }))));
}
