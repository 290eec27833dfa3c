use avouch_jose::jws::{HeaderParameters, JsonBuilder, JwsError, SigningInput, sign_detached};
use avouch_jose::{JwsAlgorithm, base64url};
use serde_json::json;

use crate::support::{compact, detached, keys, reader, signature, signing_key, verify, with};

/// Proves JWS-23. The caller's octets are signed, whatever they are.
#[test]
fn payload_that_came_another_way() {
    for payload in [&b"payload"[..], b"", b"\xff.\x00"] {
        let token = sign_detached(&HeaderParameters::new(), payload, &signing_key("1")).unwrap();
        assert!(token.contains(".."));
        let jws = reader().detached(&token, payload);
        assert_eq!(jws.unwrap().verify(&keys(&["1"])).unwrap().payload(), payload);
        let other = reader().detached(&token, b"other").unwrap().verify(&keys(&["1"]));
        assert!(matches!(other, Err(JwsError::SignatureInvalid)));

        let text = JsonBuilder::new(payload)
            .sign(&HeaderParameters::new(), &signing_key("1"))
            .and_then(|builder| builder.detached().general())
            .unwrap();
        assert!(!text.contains("payload"));
        let jws = reader().json_detached(&text, payload).unwrap();
        assert_eq!(jws.verify(&keys(&["1"])).unwrap().payload(), payload);
        let other = reader().json_detached(&text, b"other").unwrap().verify(&keys(&["1"]));
        assert!(matches!(other, Err(JwsError::SignatureInvalid)));
    }
}

/// Proves JWS-24. One payload, and from where the caller said.
#[test]
fn one_payload() {
    let header = json!({"alg": "HS256"});
    // what the caller gives is what is inside, and still there are two
    let attached = compact(&header, "e30");
    assert!(matches!(reader().detached(&attached, b"{}"), Err(JwsError::PayloadTwice)));
    // an empty middle segment is an empty payload, unless the caller asked for something else
    let empty = compact(&header, "");
    assert_eq!(reader().compact(&empty).unwrap().verify(&keys(&["1"])).unwrap().payload(), b"");
    assert_eq!(reader().detached(&empty, b"").unwrap().verify(&keys(&["1"])).unwrap().payload(), b"");
    let detached = detached(&header, b"e30");
    assert!(reader().detached(&detached, b"{}").unwrap().verify(&keys(&["1"])).is_ok());
    let refused = reader().compact(&detached).unwrap().verify(&keys(&["1"])).map(drop);
    assert!(matches!(refused, Err(JwsError::SignatureInvalid)));

    for payload in ["e30", ""] {
        let jws = with(signature(Some(&header), None, payload), "payload", payload);
        let octets = base64url::decode(payload).unwrap();
        let refused = reader().json_detached(&jws.to_string(), &octets);
        assert!(matches!(refused, Err(JwsError::PayloadTwice)));
        assert!(verify(&jws).is_ok());
    }
    let without = signature(Some(&header), None, "");
    assert!(matches!(verify(&without), Err(JwsError::MemberMissing { name: "payload" })));
}

/// Proves JSN-12, JWS-01. The forms are read by the same rules, to the octet.
#[test]
fn same_budgets() {
    let token = detached(&json!({"alg": "HS256"}), b"");
    let limits =
        |bytes| avouch_jose::jws::Reader::new(avouch_jose::Limits::default().with_token_bytes(bytes));
    assert!(limits(token.len()).detached(&token, &[0; 4096]).is_ok());
    let refused = limits(token.len() - 1).detached(&token, b"").map(drop);
    assert!(matches!(refused, Err(JwsError::TokenTooLong { len, limit }) if len == limit + 1));
    for bad in [format!("{token}."), token.replace("..", "."), token.replace("..", "...")] {
        assert!(matches!(reader().detached(&bad, b""), Err(JwsError::NotThreeSegments)), "{bad}");
    }
}

/// A key that signs elsewhere sees what is signed, which is not what is sent.
#[test]
fn split_signing() {
    let key = signing_key("1");
    let parameters = HeaderParameters::new();
    let make = |unencoded: bool| {
        let new = if unencoded { SigningInput::unencoded_detached } else { SigningInput::detached };
        new(&parameters, b"\xff.", JwsAlgorithm::HS256, Some("1")).unwrap()
    };
    assert!(make(false).as_bytes().ends_with(b"._y4"));
    assert!(make(true).as_bytes().ends_with(b".\xff."));
    let reader = reader().unencoded_payloads();
    for unencoded in [false, true] {
        let signature = key.sign(make(unencoded).as_bytes()).unwrap();
        let token = make(unencoded).finish(&signature).unwrap();
        let content = reader.detached(&token, b"\xff.").unwrap().verify(&keys(&["1"])).unwrap();
        assert_eq!((content.payload(), content.header().is_unencoded()), (&b"\xff."[..], unencoded));
    }
}
