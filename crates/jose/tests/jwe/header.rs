//! What a header must be, whatever the key. Every token here has a tag that is right, so that only the header can be wrong.

use avouch_jose::jwe::{HeaderError, JweError, Reader, UnverifiedJwe};
use avouch_jose::{Limits, base64url};
use serde_json::json;

use crate::support::{
    KEY, direct_keys, gcm, open, open_direct, reader, token, token_with_key, wrap_keys, wrapped_key,
};

/// The same header with these members more.
fn direct_with(members: &str) -> String {
    token(&format!(r#"{{"alg":"dir","enc":"A128GCM",{members}}}"#))
}

fn refusal(token: &str) -> HeaderError {
    match reader().compact(token) {
        Err(JweError::Header(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn plain_header_is_accepted() {
    let content = open_direct(&token(r#"{"alg":"dir","enc":"A128GCM"}"#)).unwrap();
    assert_eq!(content.plaintext(), b"plaintext");
}

/// Proves JSN-01, JSN-02, JSN-04, JSN-08, JSN-09, B64-01, B64-02, B64-03.
#[test]
fn header_is_a_strict_json_object() {
    let too_deep = format!(r#"{{"alg":"dir","enc":"A128GCM","x":{}{}}}"#, "[".repeat(17), "]".repeat(17));
    for header in [
        "",
        "[]",
        "null",
        r#"{"alg":"dir","enc":"A128GCM"}x"#,
        r#"{"alg":"dir","enc":"A128GCM","alg":"dir"}"#,
        r#"{"alg":"dir","enc":"A128GCM","\u0061lg":"dir"}"#,
        r#"{"alg":"dir","enc":"A128GCM","x":{"a":1,"a":1}}"#,
        r#"{"alg":"dir","enc":"A128GCM","x":"\ud800"}"#,
        "\u{feff}{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
        too_deep.as_str(),
    ] {
        assert!(matches!(reader().compact(&token(header)), Err(JweError::HeaderJson(_))), "{header}");
    }
    let not_utf8 = base64url::encode(b"{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"x\":\"\xff\"}");
    let [iv, ciphertext, tag] = gcm(&KEY, &not_utf8, b"");
    let refused = format!("{not_utf8}..{iv}.{ciphertext}.{tag}");
    assert!(matches!(reader().compact(&refused), Err(JweError::HeaderJson(_))));
    for header in ["eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0=", "eyJ hbGci", "e", "e31"] {
        let [iv, ciphertext, tag] = gcm(&KEY, header, b"");
        let refused = format!("{header}..{iv}.{ciphertext}.{tag}");
        assert!(matches!(reader().compact(&refused), Err(JweError::Encoding { .. })), "{header}");
    }
}

/// Proves JWE-02. Both names are there and strings; the letters of each count.
#[test]
fn alg_and_enc_are_there() {
    let missing = |header: &str| refusal(&token(header));
    assert!(matches!(missing(r#"{"enc":"A128GCM"}"#), HeaderError::Missing { name: "alg" }));
    assert!(matches!(missing(r#"{"alg":"dir"}"#), HeaderError::Missing { name: "enc" }));
    assert!(matches!(missing(r#"{"alg":1,"enc":"A128GCM"}"#), HeaderError::WrongType { name: "alg" }));
    assert!(matches!(missing(r#"{"alg":"dir","enc":["A128GCM"]}"#), HeaderError::WrongType { name: "enc" }));

    let open = |header: &str| open_direct(&token(header)).unwrap_err();
    assert!(matches!(open(r#"{"alg":"DIR","enc":"A128GCM"}"#), JweError::UnknownAlgorithm(_)));
    assert!(matches!(open(r#"{"alg":"none","enc":"A128GCM"}"#), JweError::UnknownAlgorithm(_)));
    assert!(matches!(open(r#"{"alg":"A128KW","enc":"A128GCM"}"#), JweError::AlgorithmNotAllowed(_)));
    assert!(matches!(open(r#"{"alg":"dir","enc":"a128gcm"}"#), JweError::UnknownEncryption(_)));
    assert!(matches!(open(r#"{"alg":"dir","enc":"A256GCM"}"#), JweError::EncryptionNotAllowed(_)));
}

/// Proves HDR-05, HDR-15, JWE-29, ENC-05, ENC-22. A registered parameter of another type is refused, also where the
/// algorithm does not need it.
#[test]
fn registered_parameters_have_their_types() {
    for (name, value) in [
        ("kid", "1"),
        ("typ", "[]"),
        ("cty", "null"),
        ("jku", "{}"),
        ("x5u", "true"),
        ("x5t", "1"),
        ("x5t#S256", "1"),
        ("jwk", "\"key\""),
        ("x5c", "\"certificate\""),
        ("x5c", "[]"),
        ("x5c", "[1]"),
        ("zip", "true"),
        ("epk", "\"key\""),
        ("apu", "1"),
        ("apv", "{}"),
        ("iv", "1"),
        ("tag", "1"),
        ("p2s", "[]"),
        ("p2c", "\"1000\""),
        ("p2c", "1000.5"),
        ("p2c", "1e3"),
        ("p2c", "0"),
        ("p2c", "-1"),
        ("p2c", "null"),
        ("iss", "1"),
        ("sub", "{}"),
        ("aud", "1"),
        ("aud", "[1]"),
    ] {
        let refused = refusal(&direct_with(&format!("{name:?}:{value}")));
        assert!(
            matches!(refused, HeaderError::WrongType { name: found } if found == name),
            "{name}: {refused:?}"
        );
    }
    for name in ["apu", "apv", "iv", "tag", "p2s"] {
        for value in ["AB", "A=", "A+", "A"] {
            let refused = refusal(&direct_with(&format!("{name:?}:{value:?}")));
            assert!(matches!(refused, HeaderError::Encoding { name: found } if found == name), "{refused:?}");
        }
    }
    let refused = refusal(&direct_with(r#""x5c":["AB=="]"#));
    assert!(matches!(refused, HeaderError::Encoding { name: "x5c" }), "{refused:?}");
}

/// Proves HDR-03, HDR-09, JWE-29. What nobody knows is ignored, and what names or holds a key is none.
#[test]
fn other_parameters_do_not_matter() {
    let members =
        r#""future":{"a":[1]},"jku":"https://attacker.example/keys","iss":"joe","aud":["ann"],"b64":1"#;
    assert!(open_direct(&direct_with(members)).is_ok());
    let own_key = format!(r#""jwk":{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, base64url::encode(KEY));
    assert!(open_direct(&direct_with(&own_key)).is_ok());
}

/// Proves HDR-04, ENC-02. A private key in `jwk` or `epk` is refused.
#[test]
fn no_private_key_in_the_header() {
    for parameter in ["jwk", "epk"] {
        for member in ["d", "k", "p", "priv"] {
            let refused = refusal(&direct_with(&format!(r#"{parameter:?}:{{"kty":"EC","{member}":"AA"}}"#)));
            assert!(matches!(refused, HeaderError::PrivateKey { name } if name == parameter), "{refused:?}");
        }
    }
}

/// Proves CRT-01, CRT-02, CRT-03, CRT-04, CRT-05, CRT-08.
#[test]
fn critical_parameters() {
    let crit = |crit: &str| refusal(&direct_with(&format!(r#""crit":{crit},"exp":1,"":1"#)));
    assert!(matches!(crit(r#"["exp"]"#), HeaderError::CriticalNotUnderstood(name) if name == "exp"));
    assert!(matches!(crit("[]"), HeaderError::CriticalEmpty));
    assert!(matches!(crit(r#"["exp","exp"]"#), HeaderError::CriticalDuplicate(name) if name == "exp"));
    assert!(matches!(crit(r#"["nbf"]"#), HeaderError::CriticalAbsent(name) if name == "nbf"));
    for wrong in [r#""exp""#, "{}", "null", "[1]", r#"[""]"#, r#"["exp",null]"#] {
        assert!(matches!(crit(wrong), HeaderError::WrongType { name: "crit" }), "{wrong}");
    }
    for name in ["alg", "enc", "crit", "zip", "kid", "p2c", "epk", "x5t#S256", "typ"] {
        let refused = crit(&format!("[{name:?}]"));
        assert!(matches!(refused, HeaderError::CriticalRegistered(found) if found == name));
    }
}

/// Proves CRT-07. Understanding is declared, and only that name is understood; `b64` means nothing here.
#[test]
fn critical_parameters_that_are_understood() {
    let reader = Reader::new(Limits::default()).understanding(["exp"]).unwrap();
    let opened = direct_with(r#""crit":["exp"],"exp":1"#);
    assert!(reader.compact(&opened).unwrap().decrypt(&direct_keys()).is_ok());
    for name in ["nbf", "b64"] {
        let refused = direct_with(&format!(r#""crit":["exp","{name}"],"exp":1,"{name}":true"#));
        let refused = reader.compact(&refused).unwrap_err();
        assert!(
            matches!(refused, JweError::Header(HeaderError::CriticalNotUnderstood(found)) if found == name)
        );
    }
    // nobody can promise what is not theirs to process
    for name in ["kid", "zip", "epk", "b64"] {
        let refused = reader.clone().understanding(["nbf", name]).unwrap_err();
        assert!(matches!(refused, HeaderError::CriticalRegistered(found) if found == name));
    }
    let refused = reader.compact(&direct_with(r#""crit":["kid"],"kid":"1""#)).unwrap_err();
    assert!(matches!(refused, JweError::Header(HeaderError::CriticalRegistered(_))));
}

/// Proves JWE-04, JWE-05. Compression is refused by default, and any but the one that is defined always.
#[test]
fn compression_is_off() {
    let compressed = direct_with(r#""zip":"DEF""#);
    assert!(matches!(refusal(&compressed), HeaderError::Compressed));
    assert!(UnverifiedJwe::parse(&compressed, &Limits::default()).is_err());
    for zip in ["def", "GZ", ""] {
        let refused = refusal(&direct_with(&format!(r#""zip":{zip:?}"#)));
        assert!(matches!(refused, HeaderError::UnknownCompression(found) if found == zip));
    }
}

/// Proves ENC-02, ENC-17, ENC-21, ENC-22, JWE-29. What an algorithm needs is there, and a salt is long enough.
#[test]
fn what_the_algorithm_needs() {
    let refusal = |header: &str| refusal(&token_with_key(header, b"key", &KEY));
    for (header, missing) in [
        (r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#, "epk"),
        (r#"{"alg":"ECDH-ES+A128KW","enc":"A128GCM"}"#, "epk"),
        (r#"{"alg":"A128GCMKW","enc":"A128GCM","tag":"AAAAAAAAAAAAAAAAAAAAAA"}"#, "iv"),
        (r#"{"alg":"A128GCMKW","enc":"A128GCM","iv":"AAAAAAAAAAAAAAAA"}"#, "tag"),
        (r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1000}"#, "p2s"),
        (r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA"}"#, "p2c"),
    ] {
        assert!(matches!(refusal(header), HeaderError::Missing { name } if name == missing), "{header}");
    }
    let refused = refusal(r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1000,"p2s":"AAAAAAAAAA"}"#);
    assert!(matches!(refused, HeaderError::SaltTooShort { octets: 7, minimum: 8 }), "{refused:?}");
    let epk = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"});
    let refused = refusal(&json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}).to_string());
    assert!(matches!(refused, HeaderError::EphemeralKey(_)), "{refused:?}");
}

/// Proves JSN-11, JWE-10. The header that is authenticated is the text as it was received, spaces and all.
#[test]
fn header_is_authenticated_as_it_was_received() {
    let spaced = token("{\"enc\" : \"A128GCM\",\r\n \"alg\":\"dir\"}");
    assert!(open_direct(&spaced).is_ok());
    // another text of the same parameters
    let header = base64url::encode(r#"{"alg":"dir","enc":"A128GCM"}"#);
    let (_, rest) = spaced.split_once('.').unwrap();
    assert!(matches!(open_direct(&format!("{header}.{rest}")), Err(JweError::DecryptionFailed)));
}

/// What the reader remembers of a header is what it would have read again, under its own rules.
#[test]
fn remembered_headers_change_nothing() {
    let reader = Reader::new(Limits::default());
    let (first, other) = (direct_with(r#""kid":"1""#), direct_with(r#""kid":"2""#));
    for (token, kid) in [(&first, "1"), (&first, "1"), (&other, "2"), (&first, "1")] {
        let jwe = reader.compact(token).unwrap();
        assert_eq!(jwe.header().kid(), Some(kid));
        assert!(jwe.decrypt(&direct_keys()).is_ok());
    }
    let understanding = Reader::new(Limits::default()).understanding(["exp"]).unwrap();
    let critical = direct_with(r#""crit":["exp"],"exp":1"#);
    assert!(understanding.compact(&critical).is_ok());
    assert!(understanding.clone().compact(&critical).is_ok());
    assert!(Reader::new(Limits::default()).compact(&critical).is_err());
}

/// Proves JSN-12. Each budget has its own error, and none is spent on the rest of the token.
#[test]
fn budgets() {
    let header = r#"{"alg":"A128KW","enc":"A128GCM"}"#;
    let token = token_with_key(header, &wrapped_key(), &crate::support::CONTENT_KEY);
    assert!(open(&token, &wrap_keys()).is_ok());
    let limits = Limits::default();
    let parse = |limits: Limits| Reader::new(limits).compact(&token).map(drop);
    let (len, header_len) = (token.len(), base64url::encode(header).len());
    assert!(parse(limits.with_token_bytes(len).with_header_bytes(header_len)).is_ok());
    assert!(
        matches!(parse(limits.with_token_bytes(len - 1)), Err(JweError::TokenTooLong { limit, .. }) if limit == len - 1)
    );
    assert!(matches!(parse(limits.with_header_bytes(header_len - 1)), Err(JweError::HeaderTooLong { .. })));
    let members = avouch_json::Limits::default().with_members(1);
    assert!(matches!(parse(limits.with_json(members)), Err(JweError::HeaderJson(_))));
}

/// Proves HDR-16. What says that an object is in the one form or the other is a type like any: it is given, and decides nothing.
#[test]
fn types_of_serialisations() {
    use avouch_jose::Serialization::{self, Compact, Json};
    for (typ, named) in [
        ("JOSE", Some(Compact)),
        ("jose", Some(Compact)),
        ("application/jose", Some(Compact)),
        ("JOSE+JSON", Some(Json)),
        ("application/jose+json", Some(Json)),
        ("JWT", None),
        ("JOSE+XML", None),
        ("text/jose", None),
    ] {
        assert_eq!(Serialization::named_by(typ), named, "{typ}");
        let content = open_direct(&direct_with(&format!(r#""typ":"{typ}""#))).unwrap();
        assert_eq!(content.header().typ().and_then(Serialization::named_by), named);
    }
    assert_eq!([Compact, Json].map(Serialization::typ), ["JOSE", "JOSE+JSON"]);
}
