//! Claims in the shapes that providers in use send, faults and all: what is read, what is reported, and that nothing is lost.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{ClaimRef, ProblemLevel, StandardClaims};
use avouch_json::{JsonError, Limits, ObjectView};
use serde_json::{Value, json};

/// Reads a document, sees that it is written as it came, and gives what is wrong with it: the path, and whether a MUST is
/// broken.
fn read(wire: &Value) -> (StandardClaims, Vec<(String, bool)>) {
    let claims = StandardClaims::from_json(wire.to_string().as_bytes(), &Limits::default()).unwrap();
    assert_eq!(serde_json::to_value(&claims).unwrap(), *wire);
    let found = claims.problems();
    let found =
        found.iter().map(|problem| (problem.path().to_owned(), problem.level() == ProblemLevel::Must));
    let found = found.collect();
    (claims, found)
}

fn must(path: &str) -> (String, bool) {
    (path.to_owned(), true)
}

fn should(path: &str) -> (String, bool) {
    (path.to_owned(), false)
}

/// A user pool that stores every attribute as a text.
///
/// Proves CORE-5.1-01.
#[test]
fn everything_is_a_text() {
    let (claims, found) = read(&json!({
        "sub": "f0b3", "email_verified": "true", "phone_number_verified": "false", "updated_at": "1311280970",
        "email": "jane@example.com", "phone_number": "+14255551212", "cognito:username": "jane",
        "address": "{\"formatted\":\"1 Main St.\"}"
    }));
    assert_eq!(
        found,
        [must("address"), must("email_verified"), must("phone_number_verified"), must("updated_at")]
    );
    assert_eq!(
        (claims.email_verified, claims.updated_at.is_none(), claims.address.is_none()),
        (None, true, true)
    );
    assert_eq!(claims.malformed["email_verified"], "true");
    assert_eq!(claims.extra["cognito:username"], "jane");
}

/// A time of day in place of seconds, a picture by default, a name in place of a language.
#[test]
fn times_as_text_and_locales_with_underscores() {
    let (claims, found) = read(&json!({
        "sub": "auth0|5f", "updated_at": "2024-01-31T10:11:12.345Z", "locale": "en_US", "zoneinfo": "America/Los_Angeles",
        "picture": "https://s.example/avatar/1?s=480&d=https%3A%2F%2Fcdn.example%2Fj.png", "nickname": "j"
    }));
    assert_eq!(found, [must("updated_at"), should("locale")]);
    assert_eq!(claims.parsed_locale().unwrap().as_str(), "en-US");
}

/// Objects where texts belong: a picture with its size, a locale in two halves.
#[test]
fn objects_where_texts_belong() {
    let (claims, found) = read(&json!({
        "sub": "100", "name": "Jane", "picture": {"data": {"url": "https://example.com/j.png", "is_silhouette": false}},
        "locale": {"country": "US", "language": "en"}, "birthdate": {"year": 1970}
    }));
    assert_eq!(found, [must("birthdate"), must("locale"), must("picture")]);
    assert_eq!(claims.get("picture"), None);
}

/// Milliseconds and fractions, time zones by offset or by number, birthdays in other orders.
#[test]
fn formats_of_other_systems() {
    let (claims, found) = read(&json!({
        "updated_at": 1_311_280_970_123_u64, "zoneinfo": "(UTC+01:00) Amsterdam", "birthdate": "10/31/1967", "gender": "",
        "phone_number": "tel:+1-604-555-1234;ext=5678", "website": "www.example.com", "profile": "jane"
    }));
    assert_eq!(
        found,
        [
            must("profile"),
            must("website"),
            should("gender"),
            must("birthdate"),
            must("zoneinfo"),
            should("phone_number"),
            must("updated_at")
        ]
    );
    assert_eq!(claims.get("updated_at").map(ClaimRef::json_type).unwrap().to_string(), "a number");
    let (_, found) = read(
        &json!({"updated_at": 1_311_280_970.123, "birthdate": "0000-10-31", "phone_number": "+1 604 555 1234;ext=5"}),
    );
    assert_eq!(found, []);
}

/// Nulls for whatever is not known, and claims of the sender's own in every JSON type.
#[test]
fn nulls_and_claims_of_the_senders_own() {
    let wire = json!({
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "name": "Jane", "family_name": null, "email": null,
        "roles": ["reader"], "tid": "9122040d", "ver": "2.0", "realm_access": {"roles": ["uma"]}, "hd": "example.com",
        "deep": [[{"a": [1.5, -0.0, 1e3, null, true, ""]}]], "xms_tpl": "en", "": 0, "\u{0}": "\u{10ffff}"
    });
    let (claims, found) = read(&wire);
    assert_eq!(found, [must("email"), must("family_name")]);
    assert_eq!(claims.extra.len(), wire.as_object().unwrap().len() - 3);
}

/// An address of which every member has its own fault, in the plain claim and in a language.
///
/// Proves CORE-5.1.1-01, CORE-5.2-01.
#[test]
fn addresses_of_every_shape() {
    let (claims, found) = read(&json!({
        "address": {"formatted": null, "street_address": ["1 Main St.", "Apt. 5"], "postal_code": 12345, "country": "US"},
        "address#de": {"locality": "Bern\nBern", "country": 41, "region": ""}, "address#fr": "Berne", "address#it": {}
    }));
    assert_eq!(
        found,
        [
            must("address.formatted"),
            must("address.postal_code"),
            must("address.street_address"),
            must("address#de.country"),
            must("address#de.locality"),
            should("address#de.region"),
            must("address#fr"),
        ]
    );
    assert_eq!(claims.address.as_ref().unwrap().country.as_deref(), Some("US"));
    let languages: Vec<_> = ["de", "fr", "it"].iter().map(|tag| tag.parse().unwrap()).collect();
    assert!(claims.in_best_language("address", &languages).is_none(), "what is not in order is not offered");
    for member in [
        json!({"country": "CH", "region": ""}),
        json!({"country": "CH", "floor": null}),
        json!({"country": 41}),
    ] {
        let (claims, _) = read(&json!({ "address#de": member }));
        assert_eq!(claims.in_language("address", &"de".parse().unwrap()), None);
    }
    let (claims, found) = read(&json!({"address#de": {"country": "CH", "floor": 3}}));
    assert_eq!(found, []);
    assert!(claims.in_language("address", &"de".parse().unwrap()).is_some());
}

/// Proves CORE-2-02.
#[test]
fn a_subject_that_is_required_is_strict() {
    for bad in [
        json!(""),
        json!(248_289_761_001_u64),
        json!("x".repeat(256)),
        json!("j\u{e4}ne"),
        json!(null),
        json!(["a"]),
    ] {
        let (claims, _) = read(&json!({ "sub": bad, "name": "Jane" }));
        let problems = claims.require(&["name", "sub"]).unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.path()).collect::<Vec<_>>(), ["sub"], "{bad}");
    }
    let (claims, _) = read(&json!({ "sub": "x".repeat(255) }));
    assert!(claims.require(&["sub"]).is_ok());
    assert!(StandardClaims::default().require(&["sub"]).is_err());
}

/// Zero with a sign, integers with a fraction of nothing, the largest there are.
///
/// Proves CORE-5.1-01.
#[test]
fn numbers_at_the_edge() {
    for (text, fits) in [
        ("-0", true),
        ("-0.0", true),
        ("0e0", true),
        ("1311280970.0", true),
        ("1.31128097E9", true),
        ("253402300799.5", false),
        ("18446744073709551616", false),
        ("-9223372036854775809", false),
        ("1e308", false),
        ("5e-324", true),
    ] {
        let wire = format!(r#"{{"updated_at":{text}}}"#);
        let claims = StandardClaims::from_json(wire.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(claims.problems().is_empty(), fits, "{text}");
    }
}

/// A number is kept as 64 bits or `f64` keep it; where that is another number, the claim is named. Equal numbers in another
/// spelling are not.
///
/// Proves CORE-5.1-01.
#[test]
fn a_number_that_is_not_kept_is_named() {
    let json = br#"{"id":18446744073709551616,"n":[{"x":0.30000000000000001}],"m":1.50,"updated_at":1311280970.0,"s":"18446744073709551616",
        "address":{"lat":12345678901234567890.5,"country":"CH"},"address#de":{"lat":12345678901234567890.5}}"#;
    let mut claims = StandardClaims::from_json(json, &Limits::default()).unwrap();
    let paths = |claims: &StandardClaims| -> Vec<_> {
        claims.problems().iter().map(|problem| (problem.path().to_owned(), problem.section())).collect()
    };
    let named = ["address.lat", "address#de", "id", "n"].map(|path| (path.to_owned(), "RFC 8259, 6"));
    assert_eq!(paths(&claims), named);
    assert!(claims.problems().iter().all(|problem| problem.level() == ProblemLevel::Should));
    claims.insert("id".into(), json!(1));
    claims.insert("n".into(), json!(2));
    assert_eq!(paths(&claims), named[..2]);
}

/// A second document says of a claim what it says, and nothing is left of what the first one said: neither its value nor what
/// was found about it. What only the first one says stays.
#[test]
fn a_second_document_replaces_what_it_says_again() {
    let sayings = [
        r#""Jane""#,
        "7",
        "18446744073709551616",
        "null",
        "true",
        "[1e-400]",
        r#"{"country":"CH"}"#,
        r#"{"country":1e-400}"#,
    ];
    for name in ["name", "email_verified", "updated_at", "address", "id"] {
        for (first, second) in sayings.iter().flat_map(|first| sayings.map(|second| (*first, second))) {
            let read = |json: String| StandardClaims::from_json(json.as_bytes(), &Limits::default()).unwrap();
            let mut claims = read(format!(r#"{{"nickname":"J","{name}":{first}}}"#));
            let json = format!(r#"{{"{name}":{second}}}"#);
            let document = ObjectView::read(json.as_bytes(), &Limits::default()).unwrap();
            claims.extend(document.members()).unwrap();
            assert_eq!(
                claims,
                read(format!(r#"{{"nickname":"J","{name}":{second}}}"#)),
                "{name}: {first}, {second}"
            );
        }
    }
}

/// Also where the reader's own limit of nesting is higher: no claim is lost, and the stack never runs out.
#[test]
fn a_claim_nested_deeper_than_serde_json_reads_refuses_the_document() {
    let limits = Limits::default().with_depth(usize::MAX).with_elements(usize::MAX);
    for (levels, fits) in [(127, true), (128, false), (50_000, false)] {
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        for json in [
            format!(r#"{{"x":{deep}}}"#),
            format!(r#"{{"name":{deep}}}"#),
            format!(r#"{{"updated_at":{deep}}}"#),
            format!(r#"{{"address":{deep}}}"#),
            format!(r#"{{"address":{{"x":{deep}}}}}"#),
            format!(r#"{{"address":{{"country":{deep}}}}}"#),
        ] {
            match StandardClaims::from_json(json.as_bytes(), &limits) {
                Ok(_) => assert!(fits, "{levels}: {json:.20}"),
                Err(JsonError::Data(_)) => assert!(!fits, "{levels}: {json:.20}"),
                Err(other) => panic!("{other}"),
            }
        }
    }
}

/// Nobody could read it, and a document that has it is refused, with the member and the rule.
#[test]
fn a_number_beyond_f64_refuses_the_document() {
    let json = br#"{"name":"x","updated_at":1e999}"#;
    let error = StandardClaims::from_json(json, &Limits::default()).unwrap_err();
    assert_eq!((error.path(json).as_str(), error.section()), ("updated_at", Some("RFC 8259, 6")));
}
