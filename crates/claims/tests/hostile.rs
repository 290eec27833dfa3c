//! Input that was made to hurt: duplicates, wrong types, huge arrays, deep nesting, odd numbers, tags and scopes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{
    ClaimSet, ClaimsRequest, ClaimsRequestError, ConsentTo, ExternalClaims, JsonType, RequestedClaims,
    ScopeClaims, StandardClaims,
};
use avouch_json::{JsonError, Limits};
use avouch_types::{LanguageTag, Scopes, TaggedName};
use proptest::prelude::*;
use serde_json::{Value, json};

fn request(text: &str) -> Result<ClaimsRequest, ClaimsRequestError> {
    ClaimsRequest::from_json(text.as_bytes(), &Limits::default())
}

fn json_error(text: &str) -> JsonError {
    match request(text) {
        Err(ClaimsRequestError::Json { error, .. }) => error,
        other => panic!("{other:?}"),
    }
}

/// The value of a claim that is asked for must be one that the claim can have: of its JSON type. Each error has the path.
///
/// Proves CORE-5.5.1-05, CORE-5.5.1-04.
#[test]
fn values_asked_for_are_values_of_the_claim() {
    let refused = |text: &str| match request(text) {
        Err(ClaimsRequestError::ValueOfWrongType { path, expected, found }) => (path, expected, found),
        other => panic!("{text}: {other:?}"),
    };
    use JsonType::{Array, Boolean, Null, Number, Object, String};
    for (text, path, expected, found) in [
        (
            r#"{"userinfo":{"email":{"values":["a","b","c",4]}}}"#,
            "claims.userinfo.email.values[3]",
            String,
            Number,
        ),
        (
            r#"{"userinfo":{"email_verified":{"value":"true"}}}"#,
            "claims.userinfo.email_verified.value",
            Boolean,
            String,
        ),
        (r#"{"id_token":{"sub":{"value":248289761001}}}"#, "claims.id_token.sub.value", String, Number),
        (r#"{"id_token":{"acr":{"values":[["a"]]}}}"#, "claims.id_token.acr.values[0]", String, Array),
        (r#"{"id_token":{"auth_time":{"value":"5"}}}"#, "claims.id_token.auth_time.value", Number, String),
        (r#"{"id_token":{"amr":{"value":"pwd"}}}"#, "claims.id_token.amr.value", Array, String),
        (r#"{"userinfo":{"address":{"value":null}}}"#, "claims.userinfo.address.value", Object, Null),
        (
            r#"{"userinfo":{"name#ja":{"values":["x",{}]}}}"#,
            "claims.userinfo.name#ja.values[1]",
            String,
            Object,
        ),
    ] {
        assert_eq!(refused(text), (path.to_owned(), expected, found));
    }
    // of a claim nobody specified here, any value may be asked for
    assert!(request(r#"{"userinfo":{"groups":{"values":[1,null,{"a":[]}]}}}"#).is_ok());
}

/// A name from a peer is quoted in a path, escaped where it is shown, and cut.
#[test]
fn hostile_names_do_not_confuse_a_path() {
    let error = request(r#"{"userinfo":{"a.essential\n\u202e\"":5}}"#).unwrap_err();
    assert_eq!(error.path(), "claims.userinfo[\"a.essential\\n\u{202e}\\\"\"]");
    assert!(
        error.to_string().chars().all(|character| character.is_ascii_graphic() || character == ' '),
        "{error}"
    );
    let long = format!(r#"{{"userinfo":{{"{}":5}}}}"#, "x".repeat(100_000));
    assert!(request(&long).unwrap_err().to_string().len() < 300);
    let claims: StandardClaims =
        serde_json::from_value(json!({ format!("name#{}", "x".repeat(9000)): "a" })).unwrap();
    assert!(claims.problems()[0].to_string().len() < 300);
}

/// Proves JSN-03.
#[test]
fn duplicates_are_refused_wherever_they_stand() {
    for text in [
        r#"{"userinfo":{},"userinfo":{}}"#,
        r#"{"userinfo":{"email":null,"em\u0061il":null}}"#,
        r#"{"userinfo":{"email":{"essential":true,"essential":false}}}"#,
        r#"{"userinfo":{"x":{"value":{"a":1,"a":1}}}}"#,
        r#"{"x":[{"a":1,"a":1}]}"#,
    ] {
        assert!(matches!(json_error(text), JsonError::DuplicateMember { .. }), "{text}");
    }
}

#[test]
fn budgets_hold() {
    let many: Vec<String> = (0..2000).map(|n| format!(r#""c{n}":null"#)).collect();
    let many = format!(r#"{{"userinfo":{{{}}}}}"#, many.join(","));
    assert!(matches!(json_error(&many), JsonError::TooManyMembers { .. }));
    let huge = format!(r#"{{"userinfo":{{"email":{{"values":[{}""]}}}}}}"#, r#""","#.repeat(20_000));
    assert!(matches!(json_error(&huge), JsonError::TooManyValues { .. }));
    let deep = format!(r#"{{"userinfo":{{"x":{{"value":{}1{}}}}}}}"#, "[".repeat(5000), "]".repeat(5000));
    assert!(matches!(json_error(&deep), JsonError::TooDeep { .. }));
    let long = format!(r#"{{"x":"{}"}}"#, "y".repeat(300_000));
    assert!(matches!(json_error(&long), JsonError::TooLong { .. }));
}

/// Each with the path of the member and the section of the rule, whether JSON or the parameter is at fault.
///
/// Proves CORE-5.5-02, CORE-5.5.1-01.
#[test]
fn each_error_leads_to_its_member_and_its_rule() {
    let values = r#""a","#.repeat(20_000);
    for (text, path, section) in [
        (
            r#"{"userinfo":{"email":null,"em\u0061il":null}}"#.to_owned(),
            "claims.userinfo.email",
            "RFC 8259, 4",
        ),
        (r#"{"userinfo":{},"userinfo":{}}"#.to_owned(), "claims.userinfo", "RFC 8259, 4"),
        (r#"{"userinfo":{"x":{"value":1e999}}}"#.to_owned(), "claims.userinfo.x.value", "RFC 8259, 6"),
        (r#"{"id_token":{"x":{"values":[0,-]}}}"#.to_owned(), "claims.id_token.x.values[1]", "RFC 8259, 6"),
        (
            r#"{"id_token":{"a.b":{"value":NaN}}}"#.to_owned(),
            r#"claims.id_token["a.b"].value"#,
            "RFC 8259, 2",
        ),
        (
            format!(r#"{{"userinfo":{{"x":{{"values":[{values}1]}}}}}}"#),
            "claims.userinfo.x.values[16380]",
            "RFC 8259, 9",
        ),
        (
            format!(r#"{{"userinfo":{{"x":{{"value":{}}}}}}}"#, "[".repeat(99)),
            "claims.userinfo.x.value[0][0][0][0][0][0][0][0][0][0][0][0][0]",
            "RFC 8259, 9",
        ),
        ("[]".to_owned(), "claims", "OpenID Connect Core 1.0, 5.5"),
        ("null".to_owned(), "claims", "OpenID Connect Core 1.0, 5.5"),
        (String::new(), "claims", "RFC 8259, 2"),
        (r#"["#.to_owned(), "claims[0]", "RFC 8259, 2"),
        (r#"{"id_token":[]}"#.to_owned(), "claims.id_token", "OpenID Connect Core 1.0, 5.5"),
        (
            r#"{"userinfo":{"email":{"values":["a","b","c",4]}}}"#.to_owned(),
            "claims.userinfo.email.values[3]",
            "OpenID Connect Core 1.0, 5.5.1",
        ),
    ] {
        let error = request(&text).unwrap_err();
        assert_eq!((error.path(), error.section()), (path, section), "{error}");
        assert!(error.to_string().starts_with("claims"), "{error}");
    }
}

/// What is no JSON number, or one nobody can hold, never becomes a claim.
#[test]
fn numbers_that_are_none() {
    for text in ["NaN", "Infinity", "-Infinity", "+1", "0x10", "01", ".5", "1.", "1e", "--1"] {
        let wire = format!(r#"{{"updated_at":{text}}}"#);
        assert!(StandardClaims::from_json(wire.as_bytes(), &Limits::default()).is_err(), "{text}");
    }
    let too_large = StandardClaims::from_json(br#"{"updated_at":1e999}"#, &Limits::default());
    assert!(matches!(too_large, Err(JsonError::NumberTooLarge { offset: 14 })));
    for text in [r#""NaN""#, "null", "[1311280970]", "{}", "true"] {
        let wire = format!(r#"{{"updated_at":{text},"name":"Jane"}}"#);
        let claims = StandardClaims::from_json(wire.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(
            (claims.updated_at.is_none(), claims.name.as_deref(), claims.problems().len()),
            (true, Some("Jane"), 1)
        );
    }
}

/// Every claim in every wrong type, all at once: none is lost, none is taken for something, each is reported.
///
/// Proves CORE-5.1-01.
#[test]
fn everything_of_a_wrong_type() {
    for wrong in [json!(null), json!([]), json!([{"a": 1}]), json!([[[[[["x"]]]]]])] {
        let wire: serde_json::Map<String, Value> =
            StandardClaims::NAMES.iter().map(|name| ((*name).to_owned(), wrong.clone())).collect();
        let claims = StandardClaims::from_members(wire.clone());
        assert_eq!(claims.problems().len(), StandardClaims::NAMES.len());
        assert_eq!(claims.to_members(), wire);
        let (table, scopes) =
            (ScopeClaims::standard(), Scopes::parse("profile email address phone").unwrap());
        assert!(ClaimSet::new(&table, &scopes, None, ConsentTo::Everything).select(&claims).is_empty());
    }
}

/// Odd names after a `#` ask for nothing and fail nothing.
#[test]
fn hostile_language_tags_ask_for_nothing() {
    let known: StandardClaims = serde_json::from_value(json!({
        "name": "Jane", "name#de": "J", "name#": "a", "name#en_US": "b", "name#-": "c", "name##": "d", "#de": "e", "name#de#de": "f"
    }))
    .unwrap();
    let long = format!("name#de{}", "-aaaaaaaa".repeat(20_000));
    let names =
        ["name#", "name#en_US", "name#-", "name##", "#de", "#", "name#de#de", "name#*", "name#\u{0}", &long];
    let wanted: Value =
        names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
    let wanted = RequestedClaims::from_value("claims.userinfo", wanted).unwrap();
    let (table, scopes) = (ScopeClaims::empty(), Scopes::default());
    let set = ClaimSet::new(&table, &scopes, Some(&wanted), ConsentTo::Everything);
    let release = set.release(&known);
    // `#de` is a name of no claim here, in German
    assert_eq!(release.iter().map(|claim| claim.name).collect::<Vec<_>>(), ["#de"]);
    for problem in known.problems() {
        assert_eq!(problem.section(), "OpenID Connect Core 1.0, 5.2");
    }
    assert_eq!(known.problems().len(), 5);
}

/// Many languages, many claims, long tags: quick all the same (this takes milliseconds).
#[test]
fn long_lists_of_languages_are_cheap() {
    let locales: Vec<LanguageTag> = (0..5000)
        .map(|n| LanguageTag::parse(&format!("de-x-{n}-{}", "a-".repeat(50) + "b")).unwrap())
        .collect();
    let mut known = StandardClaims::default();
    for n in 0..1000 {
        known.extra.insert(format!("x{n}#fr"), "x".into());
    }
    let wanted: RequestedClaims = (0..200).map(|n| (format!("x{n}"), Default::default())).collect();
    let (table, scopes) = (ScopeClaims::empty(), Scopes::default());
    let set = ClaimSet::new(&table, &scopes, Some(&wanted), ConsentTo::Everything)
        .with_locales(&locales, Default::default());
    assert!(set.select(&known).is_empty());
}

proptest! {
    /// Whatever comes, there is an answer, and what is read once is written so that it is read again.
    #[test]
    fn any_input_gets_an_answer(text in r#"[{}\[\]":,a-z0-9#_.\\ -]{0,60}"#, word in any::<String>()) {
        if let Ok(claims) = StandardClaims::from_json(text.as_bytes(), &Limits::default()) {
            let _ = (claims.problems(), ExternalClaims::read(&claims), claims.sub());
            let again = serde_json::to_vec(&claims).unwrap();
            prop_assert_eq!(StandardClaims::from_json(&again, &Limits::default()).unwrap(), claims);
        }
        if let Ok(request) = request(&text) {
            prop_assert_eq!(ClaimsRequest::from_json(request.to_json().as_bytes(), &Limits::default()).unwrap(), request);
        }
        for name in StandardClaims::NAMES {
            let claims = StandardClaims::from_members([((*name).to_owned(), Value::from(word.as_str()))].into_iter().collect());
            for problem in claims.problems() {
                prop_assert_eq!(problem.path(), *name);
                prop_assert!(!problem.section().is_empty());
            }
        }
        if let Ok(name) = TaggedName::parse(&word) {
            let written = name.to_string();
            prop_assert_eq!(TaggedName::parse(&written).unwrap(), name);
        }
    }

    /// Only what is asked for and known is released, and each thing asked for is released or missing.
    #[test]
    fn a_release_is_complete_and_nothing_more(
        known in prop::collection::btree_map("(name|email|x|y)(#(de|de-CH|fr))?", "[a-c]{0,2}", 0..8),
        asked in prop::collection::btree_map("(name|email|x|y)(#(de|de-CH|fr))?", prop::option::of("[a-c]{1,2}"), 0..8),
        allowed in prop::collection::btree_set("(name|email|x|y)", 0..4),
        locales in prop::collection::vec("(de|de-CH|fr|fr-CA)", 0..3),
    ) {
        let known: StandardClaims =
            StandardClaims::from_members(known.into_iter().map(|(name, value)| (name, value.into())).collect());
        let wanted: RequestedClaims = asked
            .into_iter()
            .map(|(name, value)| (name, avouch_claims::ClaimRequest { value: value.map(Value::from), ..Default::default() }))
            .collect();
        let locales: Vec<LanguageTag> = locales.iter().map(|tag| tag.parse().unwrap()).collect();
        let (table, scopes) = (ScopeClaims::empty(), Scopes::default());
        let set = ClaimSet::new(&table, &scopes, Some(&wanted), ConsentTo::Claims(&allowed))
            .with_locales(&locales, Default::default());
        let release = set.release(&known);
        let plain = |name: &str| name.split('#').next().unwrap().to_owned();
        for claim in release.iter() {
            prop_assert!(allowed.contains(&plain(claim.name)));
            prop_assert!(!claim.value.is_empty());
            let asked = wanted.iter().any(|(name, request)| {
                plain(name) == plain(claim.name) && request.accepts(&claim.value.to_value())
            });
            prop_assert!(asked, "{claim:?}");
        }
        prop_assert!(release.missing().len() <= wanted.len());
        for missing in release.missing() {
            prop_assert!(release.get(missing.name).is_none());
        }
        prop_assert_eq!(serde_json::to_value(&release).unwrap(), Value::Object(release.to_members()));
    }
}
