use avouch_jose::jws::{
    HeaderError, HeaderParameters, JsonBuilder, PreparedHeader, SignError, Unprotected, sign_compact,
};
use avouch_jose::{JwsAlgorithm, base64url};
use serde_json::{Value, json};

use crate::support::{keys, reader, signing_key};

fn flattened(protected: &HeaderParameters, unprotected: &Unprotected) -> Value {
    let builder =
        JsonBuilder::new(b"{}").sign_with_unprotected(protected, unprotected, &signing_key("1")).unwrap();
    serde_json::from_str(&builder.flattened().unwrap()).unwrap()
}

fn protected_of(jws: &Value) -> Value {
    serde_json::from_slice(&base64url::decode(jws["protected"].as_str().unwrap()).unwrap()).unwrap()
}

/// Proves JWS-18, JWS-04. What is empty is left out, and `alg` is always somewhere.
#[test]
fn empty_headers_are_left_out() {
    let parameters = HeaderParameters::new();
    let jws = flattened(&parameters, &Unprotected::new());
    assert_eq!(jws.get("header"), None);
    assert_eq!(protected_of(&jws), json!({"alg": "HS256", "kid": "1"}));

    let jws = flattened(&parameters, &Unprotected::new().kid());
    assert_eq!(jws["header"], json!({"kid": "1"}));
    assert_eq!(protected_of(&jws), json!({"alg": "HS256"}));

    let jws = flattened(&parameters, &Unprotected::new().kid().algorithm());
    assert_eq!(jws["header"], json!({"alg": "HS256", "kid": "1"}));
    assert_eq!(jws.get("protected"), None);
    let told = reader().unprotected_algorithm();
    assert!(told.json(&jws.to_string()).unwrap().verify(&keys(&["1"])).is_ok());

    let jws = flattened(&parameters.typ("x"), &Unprotected::new().algorithm().parameter("y", 1));
    assert_eq!(jws["header"], json!({"alg": "HS256", "y": 1}));
    assert_eq!(protected_of(&jws), json!({"kid": "1", "typ": "x"}));
}

/// Proves JWS-06, HDR-04, HDR-15. What a reader refuses is not written.
#[test]
fn headers_that_nobody_would_read() {
    let refused = |protected: &HeaderParameters, unprotected: &Unprotected| {
        let key = signing_key("1");
        match JsonBuilder::new(b"").sign_with_unprotected(protected, unprotected, &key) {
            Err(SignError::Header(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let parameters = HeaderParameters::new().parameter("x", 1);
    let both = refused(&parameters, &Unprotected::new().parameter("x", 1));
    assert_eq!(both, HeaderError::InBothHeaders("x".to_owned()));
    let wrong = refused(&parameters, &Unprotected::new().parameter("typ", 1));
    assert_eq!(wrong, HeaderError::WrongType { name: "typ" });
    let jwk = json!({"kty": "oct", "k": "AAAA"});
    let private = refused(&parameters, &Unprotected::new().parameter("jwk", jwk));
    assert_eq!(private, HeaderError::PrivateJwk);
}

/// Proves JWS-16, JWS-18. The general form has any number of signatures but none, the flattened form one.
#[test]
fn number_of_signatures() {
    let sign = |builder: JsonBuilder| builder.sign(&HeaderParameters::new(), &signing_key("1")).unwrap();
    let none = JsonBuilder::new(b"{}");
    assert!(matches!(none.clone().general(), Err(SignError::SignatureCount { found: 0 })));
    assert!(matches!(none.clone().flattened(), Err(SignError::SignatureCount { found: 0 })));
    let one = sign(none);
    let two = sign(one.clone());
    assert!(matches!(two.clone().flattened(), Err(SignError::SignatureCount { found: 2 })));
    for (text, count) in [(one.clone().flattened(), 1), (one.general(), 1), (two.general(), 2)] {
        let text = text.unwrap();
        let jws = reader().json(&text).unwrap();
        assert_eq!(jws.signatures().len(), count, "{text}");
        assert!(jws.outcomes(&keys(&["1"])).iter().all(Result::is_ok));
    }
}

/// Proves JWS-03, ALG-06. A signature made elsewhere is over the same octets, and can be one of the algorithm.
#[test]
fn split_signing() {
    let key = signing_key("1");
    let prepare = || {
        let unprotected = Unprotected::new().kid();
        JsonBuilder::new(b"{}")
            .prepare(&HeaderParameters::new(), &unprotected, JwsAlgorithm::HS256, Some("1"))
            .unwrap()
    };
    assert_eq!(prepare().as_bytes(), b"eyJhbGciOiJIUzI1NiJ9.e30");
    let signature = key.sign(prepare().as_bytes()).unwrap();
    let text = prepare().finish(&signature).unwrap().flattened().unwrap();
    let sign = JsonBuilder::new(b"{}").sign_with_unprotected(
        &HeaderParameters::new(),
        &Unprotected::new().kid(),
        &key,
    );
    assert_eq!(text, sign.unwrap().flattened().unwrap());
    let refused = prepare().finish(&signature[1..]);
    assert!(matches!(refused, Err(SignError::SignatureLength { found: 31, .. })));
}

/// Proves JSN-05, B64-05. The text is strict JSON with each name once, in the order the specifications print.
#[test]
fn written_text() {
    let key = signing_key("k\"1");
    let unprotected = Unprotected::new().parameter("b\\", "é\n");
    let text = JsonBuilder::new(b"{}")
        .sign_with_unprotected(&HeaderParameters::new(), &unprotected, &key)
        .and_then(|builder| builder.sign(&HeaderParameters::new().cty("c").parameter("a", 1), &key))
        .and_then(JsonBuilder::general)
        .unwrap();
    avouch_json::check(text.as_bytes(), &avouch_json::Limits::default()).unwrap();
    let first = base64url::encode(r#"{"alg":"HS256","kid":"k\"1"}"#);
    let second = base64url::encode(r#"{"alg":"HS256","kid":"k\"1","a":1,"cty":"c"}"#);
    assert!(text.starts_with(&format!(
        r#"{{"payload":"e30","signatures":[{{"protected":"{first}","header":{{"b\\":"é\n"}},"signature":""#
    )));
    assert!(text.contains(&format!(r#""}},{{"protected":"{second}","signature":""#)));
    assert!(text.ends_with(r#""}]}"#));
}

/// Proves JWS-14, JWS-02. A header that was prepared is the header of each token.
#[test]
fn prepared_header() {
    let key = signing_key("1");
    let parameters = HeaderParameters::new().typ("at+jwt").parameter("x", json!([1]));
    let prepared = PreparedHeader::new(&parameters, &key).unwrap();
    for payload in [&b"{}"[..], b"", b"\xff", &[b'a'; 5000]] {
        let token = prepared.sign(payload).unwrap();
        assert_eq!(token, sign_compact(&parameters, payload, &key).unwrap());
        let content = reader().compact(&token).unwrap().verify(&keys(&["1"])).unwrap();
        assert_eq!((content.payload(), content.header().kid()), (payload, Some("1")));
    }
    let claims = json!({"iss": "joe"});
    let prepared = PreparedHeader::new(&HeaderParameters::new().typ("JWT"), &key).unwrap();
    let token = avouch_jose::jwt::sign_claims(&key, Some("JWT"), &claims).unwrap();
    assert_eq!(prepared.sign_claims(&claims).unwrap(), token);
    for claims in [json!([]), json!("{}"), json!(null)] {
        assert!(matches!(prepared.sign_claims(&claims), Err(SignError::ClaimsNotAnObject)));
    }
    let refused = PreparedHeader::new(&HeaderParameters::new().parameter("alg", "none"), &key);
    assert!(matches!(refused, Err(SignError::ReservedParameter { name: "alg" })));
}

/// Proves ERR-03. Neither payload nor signature is in what is printed of a token, before or after.
#[test]
fn nothing_is_printed() {
    let payload = b"a secret";
    let key = signing_key("1");
    let parameters = HeaderParameters::new();
    let pending = JsonBuilder::new(payload)
        .prepare(&parameters, &Unprotected::new(), JwsAlgorithm::HS256, None)
        .unwrap();
    let builder = JsonBuilder::new(payload).sign(&parameters, &key).unwrap();
    let text = builder.clone().general().unwrap();
    let token = sign_compact(&parameters, payload, &key).unwrap();
    let detached = avouch_jose::jws::sign_detached(&parameters, payload, &key).unwrap();
    let (reader, keys) = (reader(), keys(&["1"]));
    let json = reader.json(&text).unwrap();
    let compact = reader.compact(&token).unwrap();
    let away = reader.detached(&detached, payload).unwrap();
    let mut buffer = Vec::new();
    let printed = format!(
        "{pending:?} {builder:?} {reader:?} {json:?} {compact:?} {away:?} {:?} {:?} {:?} {:?}",
        json.verify(&keys),
        away.verify(&keys),
        compact.verify(&keys),
        compact.verify_into(&keys, &mut buffer),
    );
    let secrets = [base64url::encode(payload), "a secret".to_owned(), format!("{payload:?}")];
    let signatures = [&token, &detached].map(|token| token.rsplit('.').next().unwrap().to_owned());
    for secret in secrets.iter().chain(&signatures) {
        assert!(!printed.contains(secret.as_str()), "{printed}");
    }
    assert!(!printed.contains("eyJhbGciOiJIUzI1NiIs"), "the memo is not printed: {printed}");
}
