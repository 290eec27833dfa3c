//! The shape of a JWS in JSON: what it must have, what it must not, what does not matter.

use avouch_jose::Limits;
use avouch_jose::jws::{HeaderError, JwsError, Reader, Segment};
use serde_json::{Value, json};

use crate::support::{header_error, keys, mac, read, reader, signature, verify, with, without};

fn header() -> Value {
    json!({"alg": "HS256"})
}

fn flattened() -> Value {
    with(signature(Some(&header()), None, "e30"), "payload", "e30")
}

fn general() -> Value {
    json!({"payload": "e30", "signatures": [signature(Some(&header()), None, "e30")]})
}

/// Another value for a member of the one signature, in both forms.
fn both_with(name: &str, value: &Value) -> [Value; 2] {
    let mut general = general();
    general["signatures"][0][name] = value.clone();
    [with(flattened(), name, value.clone()), general]
}

/// Proves JWS-16, JWS-17. Told apart by their members.
#[test]
fn both_forms() {
    for jws in [flattened(), general()] {
        assert_eq!(verify(&jws).unwrap().payload(), b"{}");
    }
    let empty = json!({"payload": "", "signatures": [signature(Some(&header()), None, "")]});
    assert_eq!(verify(&empty).unwrap().payload(), b"");
}

/// Proves JWS-16. Members of other types, and members that are missing.
#[test]
fn members_have_their_types() {
    let refused = |jws: &Value, expected: &'static str| {
        let refused = read(jws).map(drop);
        assert!(matches!(refused, Err(JwsError::MemberType { name }) if name == expected), "{jws}");
    };
    for value in [json!(null), json!(1), json!(true), json!(["e30"]), json!({})] {
        for jws in both_with("signature", &value).iter().chain(&both_with("protected", &value)) {
            let name = if jws.to_string().contains("\"protected\":\"") { "signature" } else { "protected" };
            refused(jws, name);
        }
        for jws in [flattened(), general()] {
            refused(&with(jws, "payload", value.clone()), "payload");
        }
    }
    for value in [json!(null), json!("e30"), json!("{}"), json!([]), json!(1)] {
        both_with("header", &value).iter().for_each(|jws| refused(jws, "header"));
    }
    for value in [json!(null), json!({}), json!("x"), json!([1]), json!(["x"]), json!([[]])] {
        refused(&with(general(), "signatures", value), "signatures");
    }
    let missing = |jws: &Value, expected: &'static str| {
        let refused = read(jws).map(drop);
        assert!(matches!(refused, Err(JwsError::MemberMissing { name }) if name == expected), "{jws}");
    };
    missing(&without(flattened(), "payload"), "payload");
    missing(&without(general(), "payload"), "payload");
    missing(&without(flattened(), "signature"), "signature");
    missing(&with(general(), "signatures", json!([header()])), "signature");
    assert_eq!(header_error(read(&without(flattened(), "protected"))), HeaderError::AlgorithmMissing);
}

/// Proves JWS-09. An empty list is no signature, and not a reason to look elsewhere.
#[test]
fn no_signatures() {
    for jws in [with(general(), "signatures", json!([])), json!({"payload": "e30", "signatures": []})] {
        assert!(matches!(read(&jws), Err(JwsError::NoSignatures)));
    }
}

/// Proves JWS-17. Signs of both forms at once, each of which would do.
#[test]
fn contradictory_signs() {
    for name in ["signature", "protected", "header"] {
        let jws = with(general(), name, with(flattened(), "header", json!({}))[name].clone());
        assert!(matches!(read(&jws), Err(JwsError::FormsMixed { name: found }) if found == name), "{jws}");
    }
    let all = with(flattened(), "signatures", general()["signatures"].clone());
    assert!(matches!(read(&all), Err(JwsError::FormsMixed { .. })));
}

/// Proves JWS-25. A JWE is none, and neither is something that says it is both.
#[test]
fn encrypted_forms() {
    for jws in [flattened(), general()] {
        let refused = read(&with(jws, "ciphertext", "AA"));
        assert!(matches!(refused, Err(JwsError::Encrypted)));
    }
    assert!(matches!(read(&json!({"ciphertext": "AA", "protected": "e30"})), Err(JwsError::Encrypted)));
    let protected = json!({"alg": "HS256", "enc": "A128GCM"});
    let jws = with(signature(Some(&protected), None, "e30"), "payload", "e30");
    assert_eq!(header_error(verify(&jws)), HeaderError::Encryption);
    let jws = with(signature(Some(&header()), Some(&json!({"enc": "x"})), "e30"), "payload", "e30");
    assert_eq!(header_error(verify(&jws)), HeaderError::Encryption);
}

/// Proves JWS-26. Each entrance reads its own form and guesses at none.
#[test]
fn other_forms() {
    let token = crate::support::compact(&header(), "e30");
    assert!(matches!(reader().json(&token), Err(JwsError::Json(_))));
    assert!(matches!(reader().json(&json!([flattened()]).to_string()), Err(JwsError::Json(_))));
    assert!(matches!(reader().json(""), Err(JwsError::Json(_))));
    let text = flattened().to_string();
    for refused in [reader().compact(&text).map(drop), reader().attached(&text).map(drop)] {
        assert!(matches!(refused, Err(JwsError::NotThreeSegments)));
    }
}

/// Proves JWS-19. Unknown members, whatever is in them.
#[test]
fn unknown_members_are_ignored() {
    for jws in both_with("x", &json!({"signature": 1, "crit": ["x"]})) {
        let jws = with(with(jws, "y", json!([null])), "recipients", json!([]));
        assert!(verify(&jws).is_ok(), "{jws}");
    }
}

/// Proves JSN-03, JSN-04. Twice at any level, after unescaping.
#[test]
fn duplicate_members() {
    let (flattened, general) = (flattened().to_string(), general().to_string());
    for text in [
        flattened.replacen('{', r#"{"payload":"e30","#, 1),
        flattened.replacen('{', r#"{"p\u0061yload":"e30","#, 1),
        general.replacen(r#"[{"#, r#"[{"signature":"AA","#, 1),
        flattened.replacen('{', r#"{"header":{"x":1,"x":1},"#, 1),
    ] {
        assert!(matches!(reader().json(&text), Err(JwsError::Json(_))), "{text}");
    }
    assert!(reader().json(&flattened.replacen('{', r#"{"header":{"x":1,"y":1},"#, 1)).is_ok());
}

/// Proves JSN-02, JSN-08, JSN-09, JSN-10.
#[test]
fn strict_json() {
    let text = flattened().to_string();
    assert!(reader().json(&format!("\r\n\t {text} \n")).is_ok());
    for bad in
        [format!("{text}x"), format!("{text}{{}}"), format!("\u{feff}{text}"), text.replacen(':', "=", 1)]
    {
        assert!(matches!(reader().json(&bad), Err(JwsError::Json(_))), "{bad}");
    }
}

/// Proves JWS-06. Equal values are no excuse, and names are compared after unescaping.
#[test]
fn headers_are_disjoint() {
    let protected = json!({"alg": "HS256", "kid": "1", "x": 1});
    for unprotected in [json!({"x": 1}), json!({"x": 2}), json!({"kid": "1"}), json!({"alg": "HS256"})] {
        let jws = with(signature(Some(&protected), Some(&unprotected), "e30"), "payload", "e30");
        let name = unprotected.as_object().unwrap().keys().next().unwrap();
        assert_eq!(header_error(verify(&jws)), HeaderError::InBothHeaders(name.clone()));
        let general =
            json!({"payload": "e30", "signatures": [general()["signatures"][0], without(jws, "payload")]});
        assert!(matches!(read(&general), Err(JwsError::Header(HeaderError::InBothHeaders(_)))));
    }
    let jws = with(signature(Some(&protected), Some(&json!({"X": 1})), "e30"), "payload", "e30");
    assert!(verify(&jws).is_ok());
    let text = jws.to_string().replace(r#""X""#, r#""\u0078""#);
    assert!(matches!(reader().json(&text), Err(JwsError::Header(HeaderError::InBothHeaders(_)))));
}

/// Proves HDR-04, HDR-15, HDR-05. Unprotected parameters are held to the same rules.
#[test]
fn unprotected_parameters_have_their_types() {
    for (unprotected, expected) in [
        (json!({"kid": 1}), HeaderError::WrongType { name: "kid" }),
        (json!({"typ": []}), HeaderError::WrongType { name: "typ" }),
        (json!({"x5c": "x"}), HeaderError::WrongType { name: "x5c" }),
        (json!({"x5c": ["_-8"]}), HeaderError::CertificateEncoding),
        (json!({"jwk": "x"}), HeaderError::WrongType { name: "jwk" }),
        (json!({"jwk": {"kty": "oct", "k": "AAAA"}}), HeaderError::PrivateJwk),
    ] {
        let jws = with(signature(Some(&header()), Some(&unprotected), "e30"), "payload", "e30");
        assert_eq!(header_error(verify(&jws)), expected);
    }
}

/// Proves JWS-20. An unprotected `alg` is for readers that were told so, and even then the keys decide.
#[test]
fn unprotected_algorithm() {
    let unprotected = json!({"alg": "HS256", "kid": "1"});
    let jws = with(signature(None, Some(&unprotected), "e30"), "payload", "e30");
    assert_eq!(header_error(verify(&jws)), HeaderError::AlgorithmUnprotected);
    // nor is it protected by what else is
    let other = with(signature(Some(&json!({"typ": "x"})), Some(&unprotected), "e30"), "payload", "e30");
    assert_eq!(header_error(verify(&other)), HeaderError::AlgorithmUnprotected);
    let told = reader().unprotected_algorithm();
    let content = told.json(&jws.to_string()).unwrap().verify(&keys(&["1"])).unwrap();
    assert_eq!((content.header().alg(), content.protected().len()), ("HS256", 0));
    for name in ["none", "HS512", "hs256"] {
        let changed = with(jws.clone(), "header", json!({"alg": name, "kid": "1"})).to_string();
        assert!(told.json(&changed).unwrap().verify(&keys(&["1"])).is_err(), "{name}");
    }
}

/// Proves JWS-03, JSN-11. Without a protected header the signing input begins with the period; the empty object is
/// another header than none.
#[test]
fn absent_protected_header() {
    let told = reader().unprotected_algorithm();
    let with_mac =
        |input: &str| json!({"payload": "e30", "header": {"alg": "HS256"}, "signature": mac(input)});
    let verify = |jws: Value| told.json(&jws.to_string()).unwrap().verify(&keys(&["1"]));
    assert!(verify(with_mac(".e30")).is_ok());
    assert!(verify(with_mac("e30")).is_err());
    assert!(verify(with(with_mac("e30.e30"), "protected", "e30")).is_ok());
    assert!(verify(with(with_mac(".e30"), "protected", "e30")).is_err());
    // the empty text is no JSON
    let refused = told.json(&with(with_mac(".e30"), "protected", "").to_string());
    assert!(matches!(refused, Err(JwsError::HeaderJson(_))));
}

/// Proves JWS-15. What is unprotected chooses among keys that are trusted, and nothing else is read from it.
#[test]
fn unprotected_parameters_carry_no_policy() {
    let unprotected = json!({"kid": "1", "typ": "JWT", "cty": "x", "x": 1});
    let jws = with(signature(Some(&header()), Some(&unprotected), "e30"), "payload", "e30");
    let content = read(&jws).unwrap().verify(&keys(&["0", "1"])).unwrap();
    let header = content.header();
    assert_eq!((content.kid(), header.kid()), (Some("1"), Some("1")));
    assert_eq!((header.typ(), header.cty(), header.parameter("x")), (None, None, None));
    assert!(!header.has_type("JWT"));
    assert_eq!((content.unprotected(), content.protected().len()), (unprotected.as_object().unwrap(), 1));
    let other = with(jws, "header", json!({"kid": "0"}));
    assert!(matches!(read(&other).unwrap().verify(&keys(&["0", "1"])), Err(JwsError::SignatureInvalid)));
}

/// Proves B64-01, B64-03. In every member; the MAC is right over the text as it stands.
#[test]
fn members_are_canonical_base64url() {
    let encoded = crate::support::encode(&header());
    for bad in ["=", "+", "/", " ", "\n", "é"] {
        let segment = |jws: &Value| match verify(jws) {
            Err(JwsError::Encoding { segment, .. }) => segment,
            other => panic!("{bad:?} {other:?}"),
        };
        let jws =
            with(signature(Some(&header()), None, &format!("e30{bad}")), "payload", format!("e30{bad}"));
        assert_eq!(segment(&jws), Segment::Payload);
        let protected = format!("{encoded}{bad}");
        let signature = mac(format!("{protected}.e30"));
        assert_eq!(
            segment(&json!({"payload": "e30", "protected": protected, "signature": signature})),
            Segment::Header
        );
        let signature = format!("{}{bad}", flattened()["signature"].as_str().unwrap());
        assert_eq!(segment(&with(flattened(), "signature", signature)), Segment::Signature);
    }
    let jws = with(signature(Some(&header()), None, "e31"), "payload", "e31");
    assert!(matches!(verify(&jws), Err(JwsError::Encoding { segment: Segment::Payload, .. })));
}

/// Proves JSN-12. One above each budget, and none.
#[test]
fn budgets() {
    let text = general().to_string();
    let limits = |limits: Limits| Reader::new(limits).json(&text).map(drop);
    assert!(limits(Limits::default().with_token_bytes(text.len())).is_ok());
    let refused = limits(Limits::default().with_token_bytes(text.len() - 1));
    assert!(matches!(refused, Err(JwsError::TokenTooLong { len, limit }) if len == limit + 1));

    let len = crate::support::encode(&header()).len();
    assert!(limits(Limits::default().with_header_bytes(len)).is_ok());
    let refused = limits(Limits::default().with_header_bytes(len - 1));
    assert!(matches!(refused, Err(JwsError::HeaderTooLong { len, limit }) if len == limit + 1));

    let many = |count: usize| {
        let entry = signature(Some(&header()), None, "e30");
        json!({"payload": "e30", "signatures": vec![entry; count]}).to_string()
    };
    assert!(reader().json(&many(16)).is_ok());
    assert!(matches!(reader().json(&many(17)), Err(JwsError::TooManySignatures { found: 17, limit: 16 })));
    let reader = reader().with_signature_limit(1);
    assert!(reader.json(&many(1)).is_ok() && reader.json(&flattened().to_string()).is_ok());
    assert!(matches!(reader.json(&many(2)), Err(JwsError::TooManySignatures { found: 2, limit: 1 })));
}

/// Proves JSN-12. The length of the text is in the budget for tokens; that for JSON inside tokens does not shorten it.
#[test]
fn the_budget_for_tokens_is_the_one_that_counts() {
    let long = with(flattened(), "padding", json!("x".repeat(300 * 1024))).to_string();
    let read = |bytes| Reader::new(Limits::default().with_token_bytes(bytes)).json(&long).map(drop);
    assert!(Limits::default().json.bytes < long.len());
    assert!(read(long.len()).is_ok());
    assert!(matches!(read(long.len() - 1), Err(JwsError::TokenTooLong { .. })));
}
