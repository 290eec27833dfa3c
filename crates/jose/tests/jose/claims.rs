use std::time::{Duration, SystemTime};

use avouch_jose::jws::{JwsError, Reader, SignError, UnverifiedJws};
use avouch_jose::jwt::{
    self, Audience, ClaimError, ClaimsError, ClaimsView, Expectations, Expiry, JwtError, Leeway,
    RegisteredClaims, TypeExpectation, read_claims, sign_claims, view_claims,
};
use avouch_jose::{
    JwsAlgorithm, Limits, NumericDate, NumericDateError, SigningKey, Verified, VerifyingKey, VerifyingKeys,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{SECRET, crypto, hmac_keys, token, verify_mac, with, without};

const ISSUER: &str = "https://issuer.example";
const NOW: i64 = 1_800_000_000;

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(seconds).unwrap()
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "client", "exp": NOW + 60, "unknown": {"a": [1]}})
}

fn expected() -> Expectations {
    Expectations::new(ISSUER, "client")
}

fn check_at(
    claims: &Value,
    expected: &Expectations,
    now: i64,
) -> Result<Verified<RegisteredClaims>, JwtError> {
    let token = token(r#"{"alg":"HS256","typ":"JWT"}"#, claims.to_string().as_bytes());
    verify_mac(&token).unwrap().check((expected, at(now)))
}

fn refusal(claims: &Value, expected: &Expectations) -> ClaimError {
    match check_at(claims, expected, NOW) {
        Err(JwtError::Claim(error)) => error,
        other => panic!("{claims}: {other:?}"),
    }
}

/// Proves JWT-06, JWT-03.
#[test]
fn accepted() {
    let verified = check_at(&claims(), &expected(), NOW).unwrap();
    assert_eq!(verified.aud.as_ref().and_then(Audience::sole), Some("client"));
    let forged = token(r#"{"alg":"HS256"}"#, claims().to_string().as_bytes()).replace("eyJhbGci", "eyJhbGcj");
    assert!(verify_mac(&forged).is_err());
}

/// Proves JWT-22. Neither a slash nor case is forgiven, nor a part of the name enough.
#[test]
fn issuer() {
    for issuer in [
        "https://issuer.example/",
        "HTTPS://issuer.example",
        "https://issuer",
        "",
        "https://issuer.example.evil",
    ] {
        let error = refusal(&with(claims(), "iss", issuer), &expected());
        assert!(
            matches!(error, ClaimError::Issuer { expected, found } if expected == ISSUER && found == issuer)
        );
    }
    assert_eq!(refusal(&without(claims(), "iss"), &expected()), ClaimError::Missing { claim: "iss" });
}

/// Proves JWT-19, JWT-20, JWT-21.
#[test]
fn audience() {
    for good in [json!("client"), json!(["client"]), json!(["other", "client"])] {
        assert!(check_at(&with(claims(), "aud", good), &expected(), NOW).is_ok());
    }
    for bad in [json!("Client"), json!("client "), json!([]), json!(["other"]), json!("clients"), json!("")] {
        assert!(matches!(refusal(&with(claims(), "aud", bad), &expected()), ClaimError::Audience { .. }));
    }
    assert_eq!(refusal(&without(claims(), "aud"), &expected()), ClaimError::Missing { claim: "aud" });
    let either = expected().or_audience("other name");
    assert!(check_at(&with(claims(), "aud", "other name"), &either, NOW).is_ok());
    for bad in
        [json!(1), json!([1]), json!(["client", 1]), json!([["client"]]), json!({"client": 1}), json!(null)]
    {
        let refused = check_at(&with(claims(), "aud", bad.clone()), &expected(), NOW);
        assert!(matches!(refused, Err(JwtError::Claims(_))), "{bad}");
    }
}

/// Proves JWT-13, JWT-18. At `exp` it is over; with leeway, at `exp` plus leeway.
#[test]
fn expiry() {
    let exp = NOW + 60;
    assert!(check_at(&claims(), &expected(), exp - 1).is_ok());
    for now in [exp, exp + 1] {
        let refused = check_at(&claims(), &expected(), now);
        assert!(
            matches!(refused, Err(JwtError::Claim(ClaimError::Expired { exp: found, .. })) if found == at(exp))
        );
    }
    let lenient = expected().leeway(Leeway::ONE_MINUTE);
    assert!(check_at(&claims(), &lenient, exp + 59).is_ok());
    assert!(check_at(&claims(), &lenient, exp + 60).is_err());
    assert!(Leeway::new(Duration::from_secs(300)).is_ok() && Leeway::new(Duration::from_secs(301)).is_err());
}

/// Proves JWT-24. Whether `exp` must be there is said by the caller; the default is that it must.
#[test]
fn required_expiry() {
    let without_exp = without(claims(), "exp");
    assert_eq!(refusal(&without_exp, &expected()), ClaimError::Missing { claim: "exp" });
    let optional = expected().expiry(Expiry::IfPresent);
    assert!(check_at(&without_exp, &optional, NOW).is_ok());
    assert!(check_at(&claims(), &optional, NOW + 60).is_err(), "present, it counts");
    let short = expected().expiry(Expiry::Within(Duration::from_secs(60)));
    assert!(check_at(&claims(), &short, NOW).is_ok());
    assert!(matches!(
        check_at(&claims(), &short, NOW - 1),
        Err(JwtError::Claim(ClaimError::ExpiresTooLate { .. }))
    ));
    let lenient = short.clone().leeway(Leeway::ONE_MINUTE);
    assert!(check_at(&claims(), &lenient, NOW - 60).is_ok());
    assert!(matches!(
        check_at(&claims(), &lenient, NOW - 61),
        Err(JwtError::Claim(ClaimError::ExpiresTooLate { .. }))
    ));
    assert_eq!(refusal(&without_exp, &short), ClaimError::Missing { claim: "exp" });
}

/// Proves JWT-14. At `nbf` it begins.
#[test]
fn not_before() {
    let later = with(claims(), "nbf", NOW + 10);
    assert_eq!(refusal(&later, &expected()), ClaimError::NotYetValid { now: at(NOW), nbf: at(NOW + 10) });
    assert!(check_at(&later, &expected(), NOW + 9).is_err());
    assert!(check_at(&later, &expected(), NOW + 10).is_ok());
    let lenient = expected().leeway(Leeway::new(Duration::from_secs(10)).unwrap());
    assert!(check_at(&later, &lenient, NOW).is_ok());
    assert!(check_at(&later, &lenient, NOW - 1).is_err());
}

/// Proves JWT-25. What `iat` means for a token is the profile's to say: here it is read and refuses nothing.
#[test]
fn issued_in_the_future() {
    let later = with(claims(), "iat", NOW + 1_000_000);
    let checked = check_at(&later, &expected(), NOW).unwrap();
    assert_eq!(checked.iat, Some(at(NOW + 1_000_000)));
}

/// Proves JWT-15, JWT-24. A registered claim of the wrong type fails, needed or not.
#[test]
fn wrong_types() {
    for claim in ["exp", "nbf", "iat"] {
        for value in [json!("1800000060"), json!(null), json!(true), json!([]), json!({})] {
            let refused = check_at(&with(claims(), claim, value.clone()), &expected(), NOW);
            assert!(matches!(refused, Err(JwtError::Claims(_))), "{claim} {value}");
        }
    }
    for claim in ["iss", "sub", "jti"] {
        for value in [json!(1), json!(null), json!(["x"])] {
            let refused = check_at(&with(claims(), claim, value.clone()), &expected(), NOW);
            assert!(matches!(refused, Err(JwtError::Claims(_))), "{claim} {value}");
        }
    }
}

/// Proves JWT-16, JWT-17.
#[test]
fn numeric_dates() {
    let read = |text: &str| serde_json::from_str::<NumericDate>(text);
    for (text, seconds) in [
        ("0", 0),
        ("1300819380", 1_300_819_380),
        ("1300819380.75", 1_300_819_380),
        ("1.5e9", 1_500_000_000),
        ("253402300799", 253_402_300_799),
    ] {
        assert_eq!(read(text).unwrap().seconds(), seconds, "{text}");
    }
    for text in [
        "-1",
        "-0.5",
        "253402300800",
        "253402300799.5",
        "1e300",
        "1800000000000",
        "9223372036854775808",
        "18446744073709551616",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    assert!(read("1300819380.75").unwrap() > at(1_300_819_380));
    assert_eq!(read("1300819380.75").unwrap().to_string(), "1300819380.75");
    assert_eq!(serde_json::to_string(&read("1300819380.75").unwrap()).unwrap(), "1300819380.75");
    assert_eq!(serde_json::to_string(&at(5)).unwrap(), "5");
    for seconds in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 253_402_300_800.0] {
        assert_eq!(NumericDate::try_from(seconds), Err(NumericDateError));
    }
    assert_eq!(NumericDate::from_seconds(i64::MIN), Err(NumericDateError));
}

/// Proves JWT-17. Arithmetic stops at the ends.
#[test]
fn arithmetic_saturates() {
    assert_eq!(at(5).saturating_add(Duration::MAX), NumericDate::MAX);
    assert_eq!(NumericDate::MAX.saturating_add(Duration::from_nanos(1)), NumericDate::MAX);
    assert_eq!(at(5).saturating_sub(Duration::MAX), NumericDate::EPOCH);
    assert_eq!(at(5).saturating_since(at(7)), Duration::ZERO);
    assert_eq!(at(7).saturating_since(at(5)), Duration::from_secs(2));
    let far = with(claims(), "exp", 253_402_300_799_i64);
    assert!(check_at(&far, &expected().leeway(Leeway::FIVE_MINUTES), NOW).is_ok());
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1500);
    assert_eq!(NumericDate::try_from(time), Ok(at(1)));
    assert!(NumericDate::try_from(SystemTime::UNIX_EPOCH - Duration::from_secs(1)).is_err());
}

/// Proves JWT-04, JSN-03, JSN-04.
#[test]
fn claims_are_a_strict_object() {
    for payload in [
        "",
        "[]",
        "null",
        "1",
        "\"x\"",
        "[\"joe\"]",
        r#"{"iss":"a","iss":"b"}"#,
        r#"{"iss":"a","i\u0073s":"b"}"#,
        r#"{"iss":"a"}x"#,
        "{",
        r#"{"a":{"b":1,"b":2}}"#,
    ] {
        let content = verify_mac(&token(r#"{"alg":"HS256"}"#, payload.as_bytes())).unwrap();
        assert!(read_claims::<RegisteredClaims>(&content).is_err(), "{payload}");
        assert!(read_claims::<Value>(&content).is_err(), "{payload}");
    }
    let content = verify_mac(&token(r#"{"alg":"HS256"}"#, b" \r\n{ \"iss\" : \"a\" } ")).unwrap();
    assert_eq!(read_claims::<RegisteredClaims>(&content).unwrap().iss.as_deref(), Some("a"));
}

/// Proves JWT-05. A payload that is base64url of claims is not decoded a second time.
#[test]
fn decoded_once() {
    let twice = avouch_jose::base64url::encode(claims().to_string());
    let content = verify_mac(&token(r#"{"alg":"HS256"}"#, twice.as_bytes())).unwrap();
    assert!(read_claims::<RegisteredClaims>(&content).is_err());
}

/// Proves JWT-28. An absent type is no match, and another type is none.
#[test]
fn token_type() {
    let check = |header: Value, typ: TypeExpectation| {
        let token = token(&header.to_string(), claims().to_string().as_bytes());
        verify_mac(&token).unwrap().check::<RegisteredClaims>((&expected().typ(typ), at(NOW))).map(|_| ())
    };
    let header = |typ: &str| json!({"alg": "HS256", "typ": typ});
    let untyped = json!({"alg": "HS256"});
    let exactly = || TypeExpectation::Exactly("at+jwt".to_owned());
    let absent_or = || TypeExpectation::AbsentOr("at+jwt".to_owned());
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        assert!(check(header(typ), exactly()).is_ok() && check(header(typ), absent_or()).is_ok());
    }
    for typ in ["JWT", "logout+jwt", "", "at+jwt2"] {
        for expectation in [exactly(), absent_or()] {
            assert!(matches!(check(header(typ), expectation), Err(JwtError::Claim(ClaimError::Type { .. }))));
        }
        assert!(check(header(typ), TypeExpectation::Any).is_ok());
    }
    assert!(matches!(
        check(untyped.clone(), exactly()),
        Err(JwtError::Claim(ClaimError::Type { found: None, .. }))
    ));
    assert!(check(untyped, absent_or()).is_ok());
}

/// Proves JWT-04. What is signed is an object, with the type asked for.
#[test]
fn signing() {
    let key = SigningKey::hmac_secret(SECRET, JwsAlgorithm::HS256, &crypto()).unwrap();
    let claims = RegisteredClaims {
        iss: Some(ISSUER.to_owned()),
        aud: Some("client".into()),
        exp: Some(at(NOW + 60)),
        ..RegisteredClaims::default()
    };
    let token = sign_claims(&key, Some("JWT"), &claims).unwrap();
    let content = verify_mac(&token).unwrap();
    assert_eq!(content.header().typ(), Some("JWT"));
    assert_eq!(content.payload(), br#"{"iss":"https://issuer.example","aud":"client","exp":1800000060}"#);
    assert_eq!(*content.check::<RegisteredClaims>((&expected(), at(NOW))).unwrap(), claims);
    for not_object in [json!([1]), json!("x"), json!(null)] {
        assert!(matches!(sign_claims(&key, None, &not_object), Err(SignError::ClaimsNotAnObject)));
    }
}

/// Proves JSN-03. Also where no strict reader stands before: a claim is there once, or the set is refused.
#[test]
fn duplicate_claims() {
    for name in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"] {
        let value = if ["exp", "nbf", "iat"].contains(&name) { "1" } else { r#""a""# };
        let escaped = format!("\\u{:04x}{}", u32::from(name.as_bytes()[0]), &name[1..]);
        for second in [name, &escaped] {
            let once = format!(r#"{{"{second}":{value}}}"#);
            assert!(serde_json::from_str::<RegisteredClaims>(&once).is_ok(), "{once}");
            let twice = format!(r#"{{"{name}":{value},"other":1,"{second}":{value}}}"#);
            let refused = serde_json::from_str::<RegisteredClaims>(&twice).unwrap_err();
            assert!(refused.to_string().contains("duplicate"), "{twice}: {refused}");
        }
    }
}

/// Proves JWT-27. A colon makes a URI of a name, or spoils it.
#[test]
fn string_or_uri() {
    for (claim, value) in [
        ("iss", json!("issuer: mine")),
        ("sub", json!("joe: the one from accounting")),
        ("sub", json!("1:2")),
        ("aud", json!(["client", "client: 2"])),
    ] {
        assert_eq!(refusal(&with(claims(), claim, value), &expected()), ClaimError::NotUri { claim });
    }
    // of claims that are kept as of those in place
    for (claim, value) in [("aud", json!(["client", "client: 2"])), ("sub", json!("1:2"))] {
        let kept: RegisteredClaims = serde_json::from_value(with(claims(), claim, value)).unwrap();
        assert_eq!(expected().check_claims(&kept, at(NOW)), Err(ClaimError::NotUri { claim }));
    }
    for value in [json!("joe"), json!("mailto:joe@example.com"), json!("urn:uuid:1")] {
        assert!(check_at(&with(claims(), "sub", value), &expected(), NOW).is_ok());
    }
}

/// Proves JWT-15, JWT-20, JWT-24: claims in place are read and refused as claims that are kept.
#[test]
fn claims_in_place() {
    let content =
        |payload: &Value| verify_mac(&token(r#"{"alg":"HS256"}"#, payload.to_string().as_bytes())).unwrap();
    let all = json!({
        "iss": "a\u{e9}\n", "sub": "s", "aud": ["x", "y\t"], "exp": 5, "nbf": 1.5, "iat": 2, "jti": "j",
        "roles": ["admin"], "nothing": null
    });
    let content_of_all = content(&all);
    let content_of_all = content_of_all.as_content_ref();
    let view = view_claims(&content_of_all).unwrap();
    assert_eq!((view.iss(), view.sub(), view.jti()), (Some("a\u{e9}\n"), Some("s"), Some("j")));
    assert_eq!((view.exp(), view.iat()), (Some(at(5)), Some(at(2))));
    assert!(view.nbf().unwrap() > at(1) && view.nbf().unwrap() < at(2));
    let aud = view.aud().unwrap();
    assert!(aud.contains("y\t") && !aud.contains("y") && aud.sole().is_none() && aud.is_array());
    assert_eq!(view.get("roles").unwrap().read::<Vec<&str>>().unwrap(), ["admin"]);
    assert!(view.get("nothing").is_some() && view.get("exp ").is_none());
    assert_eq!(view.iter().len(), 9);

    let empty = content(&json!({}));
    let empty = empty.as_content_ref();
    let view = view_claims(&empty).unwrap();
    assert!(view.iss().is_none() && view.aud().is_none() && view.exp().is_none());
    for (claim, value) in [("iss", json!(null)), ("aud", json!([1])), ("exp", json!("5")), ("jti", json!(7))]
    {
        let content = content(&json!({ claim: value }));
        let refused = view_claims(&content.as_content_ref()).unwrap_err();
        assert!(matches!(refused, ClaimsError::Claim { claim: found } if found == claim));
    }
}

proptest! {
    /// Proves JWT-15, JWT-20, JWT-24: whatever the claims are, the two ways of reading them agree.
    #[test]
    fn both_readings_agree(
        claim in prop::sample::select(vec!["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "x"]),
        value in prop_oneof![
            Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from), ".{0,9}".prop_map(Value::from),
            prop::collection::vec(".{0,9}", 0..3).prop_map(Value::from),
            prop::collection::vec(any::<u8>(), 0..3).prop_map(Value::from), Just(json!({"a": "b"})),
        ],
    ) {
        let payload = with(claims(), claim, value).to_string();
        let content = verify_mac(&token(r#"{"alg":"HS256"}"#, payload.as_bytes())).unwrap();
        let viewed = view_claims(&content.as_content_ref()).ok().map(|view| RegisteredClaims::from(&view));
        prop_assert_eq!(viewed, read_claims::<RegisteredClaims>(&content).ok());
    }
}

/// Proves JWT-06, JWT-22, JWT-13: the one call, and the way by hand that copies nothing, refuse the same.
#[test]
fn in_one_call_and_in_place() {
    let keys =
        VerifyingKeys::single(VerifyingKey::hmac_secret(SECRET, JwsAlgorithm::HS256, &crypto()).unwrap());
    let (reader, mut buffer) = (Reader::default(), Vec::new());
    let mut both = |payload: &Value, expected: &Expectations| {
        let token = token(r#"{"alg":"HS256","typ":"at+jwt"}"#, payload.to_string().as_bytes());
        let kept = jwt::verify(&token, &reader, &keys, expected, at(NOW));
        let content = reader.compact(&token).unwrap().verify_into(&keys, &mut buffer).unwrap();
        let viewed = content.check::<ClaimsView<'_>>((expected, at(NOW)));
        match (kept, viewed) {
            (Ok(kept), Ok(viewed)) => {
                assert_eq!(RegisteredClaims::from(&*viewed), *kept);
                None
            }
            (Err(JwtError::Claim(kept)), Err(JwtError::Claim(viewed))) => {
                assert_eq!(kept, viewed);
                Some(kept)
            }
            other => panic!("{other:?}"),
        }
    };
    let typed = |typ: &str| expected().typ(TypeExpectation::Exactly(typ.to_owned()));
    assert_eq!(both(&claims(), &typed("at+jwt")), None);
    assert!(matches!(both(&claims(), &typed("JWT")), Some(ClaimError::Type { .. })));
    assert!(matches!(both(&with(claims(), "iss", "x"), &expected()), Some(ClaimError::Issuer { .. })));
    let other = json!(["x", "y"]);
    let refused = both(&with(claims(), "aud", other), &expected());
    assert!(matches!(refused, Some(ClaimError::Audience { found, .. }) if found.as_slice() == ["x", "y"]));
    assert!(matches!(both(&with(claims(), "exp", NOW), &expected()), Some(ClaimError::Expired { .. })));
    assert!(matches!(
        both(&with(claims(), "nbf", NOW + 1), &expected()),
        Some(ClaimError::NotYetValid { .. })
    ));

    let token = token(r#"{"alg":"HS256"}"#, claims().to_string().as_bytes());
    let forged = token.replace("eyJhbGci", "eyJhbGcj");
    assert!(matches!(jwt::verify(&forged, &reader, &keys, &expected(), at(NOW)), Err(JwtError::Jws(_))));
    let tampered = format!("{}AA", &token[..token.len() - 2]);
    if tampered != token {
        let refused = jwt::verify(&tampered, &reader, &keys, &expected(), at(NOW));
        assert!(matches!(
            refused,
            Err(JwtError::Jws(JwsError::SignatureInvalid | JwsError::Encoding { .. }))
        ));
    }
}

/// Proves JSN-12. The budget that a token is read with is that of its claims too, owned or in place.
#[test]
fn claims_are_within_the_readers_budget() {
    let token = token(r#"{"alg":"HS256"}"#, br#"{"a":[[1]]}"#);
    for (depth, is_read) in [(3, true), (2, false)] {
        let json = avouch_json::Limits::default().with_depth(depth);
        let jws = UnverifiedJws::parse(&token, &Limits::default().with_json(json)).unwrap();
        let mut buffer = Vec::new();
        let owned = jws.verify(&hmac_keys()).unwrap();
        assert_eq!(read_claims::<Value>(&owned).is_ok(), is_read);
        assert_eq!(view_claims(&owned.as_content_ref()).is_ok(), is_read);
        assert_eq!(view_claims(&jws.verify_into(&hmac_keys(), &mut buffer).unwrap()).is_ok(), is_read);
    }
}
