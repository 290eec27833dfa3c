use avouch_jose::jws::{HeaderError, JwsError, SignError, UnverifiedJws};
use avouch_jose::jwt::dangerous::{UnsecuredError, UnsecuredJwt, read_unsecured, write_unsecured};
use avouch_jose::jwt::{self, ClaimError, Expectations, RegisteredClaims};
use avouch_jose::{
    ContentEncryption, JweAlgorithm, JwsAlgorithm, Limits, NumericDate, SigningKey, VerifyingKey,
    VerifyingKeys, base64url,
};
use serde_json::{Value, json};

use crate::support::{crypto, vectors};

fn read(token: &str) -> Result<UnsecuredJwt, UnsecuredError> {
    read_unsecured(token, &Limits::default())
}

fn token(header: &str, payload: &str) -> String {
    format!("{}.{}.", base64url::encode(header), base64url::encode(payload))
}

fn secret() -> SigningKey {
    SigningKey::hmac_secret(&[7; 32], JwsAlgorithm::HS256, &crypto()).unwrap()
}

/// Proves JWT-31. RFC 7519 §6.1, and RFC 7515 A.5 which is the same token.
#[test]
fn published_tokens() {
    let rfc7519 = vectors("rfc7519-examples.json").swap_remove(1);
    let rfc7515 = vectors("rfc7515-appendix.json").into_iter().find(|vector| vector["id"] == "A.5").unwrap();
    for vector in [&rfc7519, &rfc7515] {
        let jwt = read(vector["compact"].as_str().unwrap()).unwrap();
        assert_eq!(jwt.header().alg(), "none");
        let claims: Value = jwt.unverified_claims().unwrap();
        assert_eq!(claims, rfc7519["claims"]);
        let claims: RegisteredClaims = jwt.unverified_claims().unwrap();
        assert_eq!(claims.exp.map(NumericDate::seconds), Some(1_300_819_380));
    }
}

/// Proves ALG-18, JWT-31. Anything in the third segment, a right signature among it.
#[test]
fn nothing_stands_for_a_signature() {
    let unsecured = token(r#"{"alg":"none"}"#, "{}");
    assert!(read(&unsecured).is_ok());
    let mac = base64url::encode(secret().sign(unsecured.trim_end_matches('.').as_bytes()).unwrap());
    for signature in ["AA", "e30", "=", "!", " ", &mac] {
        assert!(
            matches!(read(&format!("{unsecured}{signature}")), Err(UnsecuredError::Signature)),
            "{signature}"
        );
    }
    for form in ["e30.e30", "", ".", "..", "e30.e30..", "e30.e30.e30.."] {
        assert!(matches!(read(form), Err(UnsecuredError::Jws(_))), "{form}");
    }
}

/// Proves ALG-21, ALG-18. `none` in one spelling; a token that names an algorithm is to be verified, signed or not.
#[test]
fn one_spelling() {
    for alg in ["None", "NONE", "nOnE", "none ", " none", "no\u{6e}e\u{0}", "", "HS256", "null"] {
        let refused = read(&token(&json!({"alg": alg}).to_string(), "{}"));
        assert!(matches!(refused, Err(UnsecuredError::Secured(found)) if found.as_str() == alg), "{alg}");
    }
    let signed = jwt::sign_claims(&secret(), None, &json!({})).unwrap();
    assert!(matches!(read(&signed), Err(UnsecuredError::Secured(_))));
    for header in [r#"{"alg":null}"#, r#"{"alg":["none"]}"#, "{}", r#"{"typ":"JWT"}"#] {
        assert!(
            matches!(read(&token(header, "{}")), Err(UnsecuredError::Jws(JwsError::Header(_)))),
            "{header}"
        );
    }
}

/// Proves ALG-19, JWT-31, BCP-01. What this door lets in no other does: no key set and no list admits it.
#[test]
fn no_other_door() {
    let unsecured = write_unsecured(Some("JWT"), &json!({"iss": "joe"})).unwrap();
    let keys =
        VerifyingKeys::single(VerifyingKey::hmac_secret(&[7; 32], JwsAlgorithm::HS256, &crypto()).unwrap());
    let refused = UnverifiedJws::parse(&unsecured, &Limits::default()).unwrap().verify(&keys);
    assert!(matches!(refused, Err(JwsError::UnknownAlgorithm(name)) if name.as_str() == "none"));
    assert!("none".parse::<JwsAlgorithm>().is_err());
    assert!(JwsAlgorithm::ALL.iter().all(|algorithm| !algorithm.name().eq_ignore_ascii_case("none")));
}

/// Proves CRT-01. Headers are read by the rules of all tokens, and budgets hold.
#[test]
fn headers_are_strict() {
    let critical = token(r#"{"alg":"none","crit":["x"],"x":1}"#, "{}");
    let refused = read(&critical);
    assert!(matches!(
        refused,
        Err(UnsecuredError::Jws(JwsError::Header(HeaderError::CriticalNotUnderstood(name)))) if name == "x"
    ));
    for header in [
        r#"{"alg":"none","alg":"none"}"#,
        r#"{"alg":"none","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"none"}x"#,
    ] {
        assert!(matches!(read(&token(header, "{}")), Err(UnsecuredError::Jws(_))), "{header}");
    }
    let limits = Limits::default().with_token_bytes(10);
    assert!(matches!(
        read_unsecured(&critical, &limits),
        Err(UnsecuredError::Jws(JwsError::TokenTooLong { limit: 10, .. }))
    ));
}

/// Proves JWT-04, JWT-02. The payload is a strict JSON object, and claims have their types.
#[test]
fn payload_is_a_claims_set() {
    let of = |payload: &str| read(&token(r#"{"alg":"none"}"#, payload));
    for payload in ["", "[]", "1", "null", "{", "{}x", r#"{"a":1,"a":1}"#, "\u{feff}{}"] {
        assert!(matches!(of(payload), Err(UnsecuredError::Claims(_))), "{payload}");
    }
    let not_base64 = format!("{}.e3.", base64url::encode(r#"{"alg":"none"}"#));
    assert!(matches!(read(&not_base64), Err(UnsecuredError::Jws(JwsError::Encoding { .. }))));
    assert!(of(r#"{"exp":"1"}"#).unwrap().unverified_claims::<RegisteredClaims>().is_err());
}

/// Expectations are checked as for any token, and what comes out is no verified value.
#[test]
fn expectations() {
    let now = NumericDate::from_seconds(1_300_819_379).unwrap();
    let claims = json!({"iss": "joe", "aud": "ann", "exp": 1_300_819_380});
    let jwt = read(&write_unsecured(Some("at+jwt"), &claims).unwrap()).unwrap();
    let plain: RegisteredClaims = jwt.check_claims(&Expectations::new("joe", "ann"), now).unwrap();
    assert_eq!(plain.iss.as_deref(), Some("joe"));
    for (expectations, now) in [
        (Expectations::new("eve", "ann"), now),
        (Expectations::new("joe", "eve"), now),
        (Expectations::new("joe", "ann"), now.saturating_add(std::time::Duration::from_secs(1))),
        (Expectations::new("joe", "ann").typ(jwt::TypeExpectation::Exactly("JWT".to_owned())), now),
    ] {
        assert!(matches!(jwt.check_claims(&expectations, now), Err(UnsecuredError::Claim(_))));
    }
    let expired = jwt.check_claims(&Expectations::new("joe", "ann"), NumericDate::MAX);
    assert!(matches!(expired, Err(UnsecuredError::Claim(ClaimError::Expired { .. }))));
    assert!(!format!("{jwt:?}").contains("joe"), "a token shows no claims");
}

/// Proves ALG-20, JWT-31. It is written where it is asked for by name, with nothing in place of a signature.
#[test]
fn writing() {
    let token = write_unsecured(None, &json!({"iss": "joe"})).unwrap();
    assert_eq!(token, "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.");
    let jwt = read(&write_unsecured(Some("at+jwt"), &json!({})).unwrap()).unwrap();
    assert_eq!(Value::Object(jwt.header().parameters().clone()), json!({"alg": "none", "typ": "at+jwt"}));
    for no_object in [json!([]), json!("{"), json!(null), json!(1)] {
        assert!(matches!(write_unsecured(None, &no_object), Err(SignError::ClaimsNotAnObject)));
    }
}

/// Proves JWT-33. What a conforming implementation has: HS256 and `none`, and the names of the encryption it must know, but
/// for `RSA1_5`, which stands behind a door of its own.
#[test]
fn mandatory_algorithms() {
    let claims = json!({"iss": "joe"});
    let token = jwt::sign_claims(&secret(), None, &claims).unwrap();
    let keys =
        VerifyingKeys::single(VerifyingKey::hmac_secret(&[7; 32], JwsAlgorithm::HS256, &crypto()).unwrap());
    let content = UnverifiedJws::parse(&token, &Limits::default()).unwrap().verify(&keys).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(content.payload()).unwrap(), claims);
    let unsecured = read(&write_unsecured(None, &claims).unwrap()).unwrap();
    assert_eq!(unsecured.unverified_claims::<Value>().unwrap(), claims);
    assert_eq!(avouch_jose::jwe::dangerous::RSA1_5.name(), "RSA1_5");
    for name in ["A128KW", "A256KW", "ECDH-ES+A128KW", "ECDH-ES+A256KW"] {
        assert!(JweAlgorithm::from_name(name).is_some(), "{name}");
    }
    for name in ["A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM"] {
        assert!(ContentEncryption::from_name(name).is_some(), "{name}");
    }
    for name in ["RS256", "ES256"] {
        assert!(crypto().signatures.supports(name.parse().unwrap()), "{name}");
    }
}
