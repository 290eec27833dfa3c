use avouch_jose::jws::{
    HeaderError, HeaderParameters, JwsError, UnverifiedJws, same_media_type, sign_compact,
};
use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKeys, base64url};
use avouch_json::JsonError;
use serde_json::{Value, json};

use crate::support::{crypto, token, token_of_segments, verify, verify_mac, with};

fn refusal(header: &str) -> JwsError {
    // the MAC is right, so nothing but the header is wrong
    verify_mac(&token(header, b"{}")).err().unwrap_or_else(|| panic!("{header} was accepted"))
}

fn header_error(header: &Value) -> HeaderError {
    match refusal(&header.to_string()) {
        JwsError::Header(error) => error,
        other => panic!("{header}: {other:?}"),
    }
}

fn plus(name: &str, value: Value) -> Value {
    with(json!({"alg": "HS256"}), name, value)
}

/// Proves JSN-01, JSN-02, JSN-08, JSN-09, JSN-07.
#[test]
fn strict_json() {
    assert!(verify_mac(&token(r#"{"alg":"HS256"}"#, b"{}")).is_ok());
    for header in [
        "",
        "[]",
        "null",
        "1",
        r#""alg""#,
        r#"{"alg":"HS256"}x"#,
        r#"{"alg":"HS256"}{}"#,
        r#"{"alg":"HS256",}"#,
        "{'alg':'HS256'}",
        r#"{"alg":"HS256"/**/}"#,
        "\u{feff}{\"alg\":\"HS256\"}",
        r#"{"alg":"HS256","x":"\ud800"}"#,
        r#"{"alg":"HS256","x":NaN}"#,
        "{\"alg\":\"HS256\",\"x\":\"\u{1}\"}",
    ] {
        assert!(matches!(refusal(header), JwsError::HeaderJson(_)), "{header}");
    }
    let not_utf8 = base64url::encode(b"{\"alg\":\"HS256\",\"x\":\"\xff\"}");
    let refused = verify_mac(&token_of_segments(&not_utf8, "e30"));
    assert!(matches!(refused, Err(JwsError::HeaderJson(JsonError::NotUtf8 { .. }))));
}

/// Proves JSN-07. A character beyond the basic plane is one character, escaped or not.
#[test]
fn surrogate_pairs() {
    let header = r#"{"alg":"HS256","x":"\ud83d\ude00"}"#;
    assert_eq!(verify_mac(&token(header, b"")).unwrap().header().parameter("x"), Some(&json!("😀")));
}

/// Proves JSN-03, JSN-04. Also nested, and compared after unescaping.
#[test]
fn duplicate_members() {
    for header in [
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"HS256","\u0061lg":"none"}"#,
        r#"{"alg":"HS256","x":{"y":1,"y":1}}"#,
        r#"{"alg":"HS256","x":[{"y":1,"y":2}]}"#,
    ] {
        assert!(
            matches!(refusal(header), JwsError::HeaderJson(JsonError::DuplicateMember { .. })),
            "{header}"
        );
    }
}

/// Proves JWS-05, JWS-07, HDR-05, HDR-15.
#[test]
fn wrong_types() {
    assert_eq!(header_error(&json!({"typ": "JWT"})), HeaderError::AlgorithmMissing);
    for name in ["alg", "kid", "typ", "cty", "jku", "x5u", "x5t", "x5t#S256"] {
        for value in [json!(1), json!(null), json!(true), json!(["HS256"]), json!({})] {
            assert_eq!(header_error(&plus(name, value)), HeaderError::WrongType { name });
        }
    }
    for value in [json!("x"), json!({}), json!([]), json!([1]), json!(null)] {
        assert_eq!(header_error(&plus("x5c", value)), HeaderError::WrongType { name: "x5c" });
    }
    for value in [json!("x"), json!([]), json!(null)] {
        assert_eq!(header_error(&plus("jwk", value)), HeaderError::WrongType { name: "jwk" });
    }
    assert_eq!(header_error(&plus("b64", json!("false"))), HeaderError::WrongType { name: "b64" });
    assert_eq!(header_error(&plus("x5c", json!(["_-8"]))), HeaderError::CertificateEncoding);
}

/// Proves HDR-04. No private or symmetric key, whatever `kty` says.
#[test]
fn embedded_private_key() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        let key = with(json!({"kty": "RSA", "n": "AQ", "e": "AQAB"}), member, "AA");
        assert_eq!(header_error(&plus("jwk", key)), HeaderError::PrivateJwk, "{member}");
    }
}

/// Proves HDR-01, HDR-03, HDR-09, HDR-11, JWS-08, JWS-13. Keys and addresses in the header select nothing and add
/// nothing: the right key verifies, and where there is none the header's own does not help.
#[test]
fn header_supplies_no_key() {
    let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto()).unwrap();
    let parameters = HeaderParameters::new()
        .parameter("jwk", serde_json::to_value(&private).unwrap())
        .parameter("jku", "https://attacker.example/keys")
        .parameter("x5u", "https://attacker.example/chain")
        .parameter("x5c", json!(["AAAA"]))
        .parameter("x5t", "AAAA")
        .parameter("unregistered", 1);
    let token = sign_compact(&parameters, b"{}", &key).unwrap();
    let (other, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto()).unwrap();
    let prepare = |key: &SigningKey| {
        let set = key.public_jwk().cloned().into_iter().collect();
        let allowed = [JwsAlgorithm::ES256];
        VerifyingKeys::prepare(&set, &allowed, &crypto()).unwrap()
    };
    assert!(verify(&token, &prepare(&key)).is_ok());
    assert!(matches!(verify(&token, &prepare(&other)), Err(JwsError::NoMatchingKey { .. })));
}

/// Proves CRT-01, CRT-04, CRT-05, CRT-08. Nothing is understood, and the list must be in order besides.
#[test]
fn critical() {
    let name = "http://example.com/x";
    let with_crit = |crit: Value| with(plus(name, json!(1)), "crit", crit);
    assert_eq!(header_error(&with_crit(json!([name]))), HeaderError::CriticalNotUnderstood(name.to_owned()));
    assert_eq!(header_error(&with_crit(json!([]))), HeaderError::CriticalEmpty);
    assert_eq!(
        header_error(&with_crit(json!([name, name]))),
        HeaderError::CriticalDuplicate(name.to_owned())
    );
    assert_eq!(header_error(&with_crit(json!(["absent"]))), HeaderError::CriticalAbsent("absent".to_owned()));
    for value in [json!(name), json!({}), json!(null), json!([1]), json!([""]), json!([[name]])] {
        assert_eq!(header_error(&with_crit(value)), HeaderError::WrongType { name: "crit" });
    }
    for registered in [
        "alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
        "epk", "apu", "apv", "iv", "tag", "p2s", "p2c",
    ] {
        let expected = HeaderError::CriticalRegistered(registered.to_owned());
        // `enc` in the header would be refused for itself
        assert_eq!(header_error(&with_crit(json!([registered]))), expected);
    }
}

/// Proves UNP-03, UNP-04, UNP-10. `b64` is not implemented: critical or not, true or false.
#[test]
fn unencoded_payload() {
    for value in [true, false] {
        let header = plus("b64", json!(value));
        assert_eq!(header_error(&header), HeaderError::B64NotCritical);
        let listed = with(header.clone(), "crit", json!(["b64"]));
        assert_eq!(header_error(&listed), HeaderError::CriticalNotUnderstood("b64".to_owned()));
        let other = with(with(header, "crit", json!(["x"])), "x", 1);
        assert_eq!(header_error(&other), HeaderError::B64NotCritical);
    }
}

/// Proves JWS-25.
#[test]
fn encryption_parameter() {
    assert_eq!(header_error(&plus("enc", json!("A128GCM"))), HeaderError::Encryption);
}

/// Proves HDR-12, JWT-28, JSN-06. Without case, with or without `application/`, and no further.
#[test]
fn media_types() {
    for (a, b) in [
        ("at+jwt", "at+jwt"),
        ("AT+JWT", "at+jwt"),
        ("application/at+jwt", "at+jwt"),
        ("Application/AT+jwt", "at+JWT"),
        ("application/at+jwt", "application/at+jwt"),
        ("text/plain", "TEXT/plain"),
        ("x;p=Q", "application/X;p=Q"),
        ("x \t;p=Q", "x;p=Q"),
        ("example;part=\"1/2\"", "example;part=\"1/2\""),
    ] {
        assert!(same_media_type(a, b) && same_media_type(b, a), "{a} {b}");
    }
    for (a, b) in [
        ("at+jwt", "jwt"),
        ("JWT", "at+jwt"),
        ("", "at+jwt"),
        ("text/at+jwt", "at+jwt"),
        ("at+jwt ", "at+jwt;x=1"),
        (" at+jwt", "at+jwt"),
        ("at+jwt ", "at+jwt"),
        ("at+jwt\n", "at+jwt"),
        ("at+jwt\u{3000}", "at+jwt"),
        ("x\u{3000};p=Q", "x;p=Q"),
        ("application/application/at+jwt", "application/at+jwt"),
        ("x;p=Q", "x;p=q"),
        ("application/example;part=\"1/2\"", "example;part=\"1/2\""),
    ] {
        assert!(!same_media_type(a, b) && !same_media_type(b, a), "{a} {b}");
    }
}

/// Proves HDR-14. Verification does not look at `typ` and `cty`; whoever expects one asks.
#[test]
fn types_are_left_to_the_application() {
    let token = token(r#"{"alg":"HS256","typ":"whatever","cty":"JWT"}"#, b"{}");
    let content = verify_mac(&token).unwrap();
    assert_eq!((content.header().typ(), content.header().cty()), (Some("whatever"), Some("JWT")));
    let jws = UnverifiedJws::parse(&token, &Limits::default()).unwrap();
    assert!(!jws.header().has_type("at+jwt"));
    assert!(jws.header().has_type("application/WHATEVER"));
}

/// Proves HDR-06. An enormous `kid` meets the budget of the header.
#[test]
fn kid_is_bounded() {
    let header = json!({"alg": "HS256", "kid": "k".repeat(8 * 1024)}).to_string();
    assert!(matches!(refusal(&header), JwsError::HeaderTooLong { .. }));
    let hostile = json!({"alg": "HS256", "kid": "../../etc/passwd' OR 1=1; \u{0}"}).to_string();
    assert!(verify_mac(&token(&hostile, b"")).is_ok(), "to a key that was named, the kid means nothing");
}
