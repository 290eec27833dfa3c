use avouch_jose::jws::{
    HeaderError, HeaderParameters, JsonBuilder, JwsError, Reader, SignError, UnverifiedJws,
    sign_unencoded_compact, sign_unencoded_detached,
};
use avouch_jose::{Limits, jws};
use serde_json::{Value, json};

use crate::support::{
    compact, detached, encode, header_error, keys, mac, reader, signature, signing_key, with,
};

fn header() -> Value {
    json!({"alg": "HS256", "b64": false, "crit": ["b64"]})
}

fn unencoded() -> Reader {
    reader().unencoded_payloads()
}

/// Proves UNP-02, UNP-11. The octets are signed and given back as they are; nothing is decoded.
#[test]
fn payload_is_signed_as_it_is() {
    for payload in [&b"$.02"[..], b"e30", b"", b"\xff\x00 .", "€".as_bytes()] {
        let token = detached(&header(), payload);
        let jws = unencoded().detached(&token, payload).unwrap();
        assert_eq!(jws.unverified_payload().unwrap(), payload);
        assert_eq!(jws.verify(&keys(&["1"])).unwrap().payload(), payload);
        assert!(unencoded().detached(&token, b"another").unwrap().verify(&keys(&["1"])).is_err());
    }
    // the encoded payload was signed, and `b64` says that it is not encoded
    let token = detached(&header(), b"e30");
    let refused = unencoded().detached(&token, b"{}").unwrap().verify(&keys(&["1"]));
    assert!(matches!(refused, Err(JwsError::SignatureInvalid)));
}

/// Proves UNP-07, UNP-06. Each character that may be there, and each octet that may not.
#[test]
fn attached_payloads() {
    let allowed: String = (' '..='~').filter(|character| *character != '.').collect();
    for payload in ["", " ", "e30", "{}", &allowed] {
        let token = compact(&header(), payload);
        let content = unencoded().attached(&token).unwrap().verify(&keys(&["1"])).unwrap();
        assert_eq!(content.payload(), payload.as_bytes());
        assert_eq!(
            token,
            sign_unencoded_compact(&HeaderParameters::new(), payload, &signing_key_without_kid()).unwrap()
        );
    }
    for (payload, offset) in [("a\n", 1), ("\u{7f}", 0), ("ab\u{80}", 2), ("€", 0), ("\0", 0), ("a\tb", 1)]
    {
        let refused = unencoded().attached(&compact(&header(), payload)).map(drop);
        assert!(matches!(refused, Err(JwsError::UnencodedCharacter { offset: found }) if found == offset));
        let refused = sign_unencoded_compact(&HeaderParameters::new(), payload, &signing_key("1"));
        assert!(matches!(refused, Err(SignError::UnencodedCharacter { offset: found }) if found == offset));
    }
    let refused = unencoded().attached(&compact(&header(), "$.02")).map(drop);
    assert!(matches!(refused, Err(JwsError::NotThreeSegments)));
    let refused = sign_unencoded_compact(&HeaderParameters::new(), "$.02", &signing_key("1"));
    assert!(matches!(refused, Err(SignError::UnencodedCharacter { offset: 1 })));
}

fn signing_key_without_kid() -> avouch_jose::SigningKey {
    let octets = format!("{:*>40}", "1");
    avouch_jose::SigningKey::hmac_secret(
        octets.as_bytes(),
        avouch_jose::JwsAlgorithm::HS256,
        &crate::support::crypto(),
    )
    .unwrap()
}

/// Proves UNP-01, UNP-03, UNP-04. A boolean, protected, and listed as critical, though the MAC is right.
#[test]
fn where_b64_may_stand() {
    let refused = |header: &Value| header_error(unencoded().detached(&detached(header, b"x"), b"x"));
    for value in [json!(true), json!(false)] {
        assert_eq!(refused(&json!({"alg": "HS256", "b64": value})), HeaderError::B64NotCritical);
        let other = json!({"alg": "HS256", "b64": value, "crit": ["exp"], "exp": 1});
        assert_eq!(refused(&other), HeaderError::B64NotCritical);
    }
    for value in [json!("false"), json!(0), json!(null)] {
        assert_eq!(refused(&with(header(), "b64", value)), HeaderError::WrongType { name: "b64" });
    }
    let absent = json!({"alg": "HS256", "crit": ["b64"]});
    assert_eq!(refused(&absent), HeaderError::CriticalAbsent("b64".to_owned()));

    let unprotected = json!({"b64": false});
    let entry = signature(Some(&json!({"alg": "HS256"})), Some(&unprotected), "x");
    let refused = header_error(unencoded().json(&with(entry, "payload", "x").to_string()));
    assert_eq!(refused, HeaderError::Unprotected { name: "b64" });
}

/// Proves UNP-01. A `b64` that is true changes nothing but that it must be understood.
#[test]
fn b64_that_is_true() {
    let token = compact(&with(header(), "b64", true), "e30");
    let content = unencoded().compact(&token).unwrap().verify(&keys(&["1"])).unwrap();
    assert_eq!(content.payload(), b"{}");
    let expected = HeaderError::CriticalNotUnderstood("b64".to_owned());
    assert_eq!(header_error(reader().compact(&token)), expected);
}

/// Proves CRT-07. By default `b64` is not understood, in any form.
#[test]
fn default_reader_does_not_understand() {
    let expected = || HeaderError::CriticalNotUnderstood("b64".to_owned());
    let understands_others = reader().understanding(["exp"]).unwrap();
    for reader in [reader(), understands_others] {
        assert_eq!(header_error(reader.attached(&compact(&header(), "x"))), expected());
        assert_eq!(header_error(reader.compact(&compact(&header(), "x"))), expected());
        assert_eq!(header_error(reader.detached(&detached(&header(), b"x"), b"x")), expected());
        let jws = with(signature(Some(&header()), None, "x"), "payload", "x").to_string();
        assert_eq!(header_error(reader.json(&jws).unwrap().verify(&keys(&["1"]))), expected());
    }
}

/// Proves UNP-10. What a JWT is read from is never unencoded, also where the reader understands `b64` and the memo knows
/// the header; and a type that says JWT is refused in every form.
#[test]
fn no_jwt_is_unencoded() {
    let token = compact(&header(), "{}");
    let reader = unencoded();
    assert!(reader.attached(&token).unwrap().verify(&keys(&["1"])).is_ok());
    for _ in 0..2 {
        assert!(matches!(reader.compact(&token), Err(JwsError::PayloadUnencoded)));
    }
    assert!(UnverifiedJws::parse(&token, &Limits::default()).is_err());

    for typ in ["JWT", "jwt", "application/jwt", "at+jwt", "AT+JWT", "application/at+jwt", "at+jwt; x=1"] {
        let token = detached(&with(header(), "typ", typ), b"{}");
        assert_eq!(header_error(reader.detached(&token, b"{}")), HeaderError::UnencodedJwt, "{typ}");
        let parameters = HeaderParameters::new().typ(typ);
        for refused in [
            sign_unencoded_detached(&parameters, b"{}", &signing_key("1")),
            sign_unencoded_compact(&parameters, "{}", &signing_key("1")),
            JsonBuilder::unencoded(b"{}").sign(&parameters, &signing_key("1")).and_then(JsonBuilder::general),
        ] {
            assert!(matches!(refused, Err(SignError::Header(HeaderError::UnencodedJwt))), "{typ}");
        }
    }
    for typ in ["JOSE", "text/plain", "jwt+json", "notjwt"] {
        let parameters = HeaderParameters::new().typ(typ);
        let token = sign_unencoded_detached(&parameters, b"{}", &signing_key("1")).unwrap();
        assert!(reader.detached(&token, b"{}").is_ok(), "{typ}");
    }
}

/// Proves UNP-05. Whatever the signatures are worth.
#[test]
fn signatures_agree_on_b64() {
    let encoded = json!({"alg": "HS256"});
    let listed = with(header(), "b64", true);
    for (first, second, agree) in [
        (header(), header(), true),
        (encoded.clone(), listed.clone(), true),
        (header(), encoded, false),
        (listed, header(), false),
    ] {
        let entries = [signature(Some(&first), None, "e30"), signature(Some(&second), None, "e30")];
        let jws = json!({"payload": "e30", "signatures": entries}).to_string();
        let outcome = unencoded().json(&jws).and_then(|jws| jws.verify(&keys(&["1"])));
        assert_eq!(outcome.is_ok(), agree, "{first} {second}");
        assert_eq!(matches!(outcome, Err(JwsError::UnencodedDiffers)), !agree);
        // also where no signature is understood
        let refused = reader().json(&jws).map(drop);
        assert_eq!(matches!(refused, Err(JwsError::UnencodedDiffers)), !agree);
    }
}

/// Proves UNP-08. The payload is what the JSON string means, not how it is written.
#[test]
fn json_payload_is_unescaped() {
    let header = encode(&header());
    for (written, payload) in
        [(r"$.02", "$.02"), (r"\u20ac", "€"), (r"\ud83d\ude00\n", "😀\n"), (r#"\"\\\/"#, "\"\\/"), ("", "")]
    {
        let signature = mac(format!("{header}.{payload}"));
        let jws = format!(r#"{{"payload":"{written}","protected":"{header}","signature":"{signature}"}}"#);
        let jws = unencoded().json(&jws).unwrap();
        assert_eq!(jws.unverified_payload().unwrap(), payload.as_bytes());
        assert_eq!(jws.verify(&keys(&["1"])).unwrap().payload(), payload.as_bytes());
    }
}

/// Proves UNP-08. Octets that are no text can only go another way.
#[test]
fn json_payload_that_is_no_text() {
    let sign = || JsonBuilder::unencoded(b"\xff").sign(&HeaderParameters::new(), &signing_key("1")).unwrap();
    assert!(matches!(sign().general(), Err(SignError::PayloadNotUtf8(_))));
    assert!(matches!(sign().flattened(), Err(SignError::PayloadNotUtf8(_))));
    let text = sign().detached().flattened().unwrap();
    let jws = unencoded().json_detached(&text, b"\xff").unwrap();
    assert_eq!(jws.verify(&keys(&["1"])).unwrap().payload(), b"\xff");
}

/// Proves UNP-09. `b64` is written where it is false and nowhere else.
#[test]
fn b64_is_not_written_without_need() {
    let key = signing_key("1");
    let parameters = HeaderParameters::new();
    for token in [
        jws::sign_compact(&parameters, b"", &key).unwrap(),
        jws::sign_detached(&parameters, b"", &key).unwrap(),
    ] {
        assert!(token.starts_with(&format!("{}.", encode(&json!({"alg": "HS256", "kid": "1"})))));
    }
    let token = sign_unencoded_detached(&parameters.critical("exp", 1), b"", &key).unwrap();
    let reader = unencoded().understanding(["exp"]).unwrap();
    let jws = reader.detached(&token, b"").unwrap();
    assert_eq!(jws.header().parameter("crit"), Some(&json!(["b64", "exp"])));
    assert_eq!(jws.header().parameter("b64"), Some(&json!(false)));
}
