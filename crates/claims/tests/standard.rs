//! Reading, keeping and writing the standard claims.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{Address, ClaimProblem, ClaimRef, JsonType, StandardClaims};
use avouch_json::{JsonError, Limits};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn read(value: Value) -> StandardClaims {
    StandardClaims::from_json(value.to_string().as_bytes(), &Limits::default()).unwrap()
}

fn all_of_core_5_1() -> Value {
    json!({
        "name": "Jane Q. Doe", "given_name": "Jane", "family_name": "Doe", "middle_name": "Q.", "nickname": "JD",
        "preferred_username": "j.doe", "profile": "https://example.com/jane", "picture": "https://example.com/jane.png",
        "website": "https://jane.example.com", "email": "jane@example.com", "email_verified": true,
        "gender": "female", "birthdate": "0000-10-31", "zoneinfo": "Europe/Paris", "locale": "en-US",
        "phone_number": "+1 (604) 555-1234;ext=5678", "phone_number_verified": false,
        "address": {
            "formatted": "1234 Main St.\r\nAnytown 12345", "street_address": "1234 Main St.", "locality": "Anytown",
            "region": "CA", "postal_code": "12345", "country": "US"
        },
        "updated_at": 1_311_280_970
    })
}

/// Every standard claim has its field and its JSON type, on reading and on writing.
///
/// Proves CORE-5.1-01, CORE-5.1.1-01.
#[test]
fn every_standard_claim_is_typed() {
    let wire = all_of_core_5_1();
    let claims = read(wire.clone());

    assert_eq!(claims.problems(), []);
    assert_eq!(claims.extra, Map::new());
    assert_eq!(claims.email_verified, Some(true));
    assert_eq!(claims.phone_number_verified, Some(false));
    assert_eq!(claims.updated_at.as_ref().and_then(serde_json::Number::as_i64), Some(1_311_280_970));
    let address = claims.address.as_ref().unwrap();
    assert_eq!(address.postal_code.as_deref(), Some("12345"));
    assert_eq!(
        Address::lines(address.formatted.as_deref().unwrap()).collect::<Vec<_>>(),
        ["1234 Main St.", "Anytown 12345"]
    );
    assert_eq!(serde_json::to_value(&claims).unwrap(), wire);
    for (name, value) in wire.as_object().unwrap() {
        assert!(StandardClaims::NAMES.contains(&name.as_str()));
        assert_eq!(claims.get(name).map(ClaimRef::to_value).as_ref(), Some(value));
        assert_eq!(claims.get(name).map(ClaimRef::json_type), StandardClaims::type_of(name));
    }
}

/// One claim of a wrong type costs that claim and nothing else; it is reported and written back as it came.
///
/// Proves CORE-5.1-01.
#[test]
fn each_claim_refuses_another_json_type_and_spoils_nothing() {
    for name in StandardClaims::NAMES {
        let mut wire = all_of_core_5_1();
        wire[name] = json!(["wrong"]);
        let claims = read(wire.clone());

        let problems = claims.problems();
        assert!(
            matches!(&problems[..], [ClaimProblem::WrongType { path, found: JsonType::Array, .. }] if path == name),
            "{name}: {problems:?}"
        );
        assert_eq!(claims.get(name), None, "{name}");
        assert_eq!(claims.to_members().len(), StandardClaims::NAMES.len());
        assert_eq!(serde_json::to_value(&claims).unwrap(), wire);
    }
}

/// The types that senders mistake most: booleans and numbers as strings, null for absent.
///
/// Proves CORE-5.1-01.
#[test]
fn booleans_and_numbers_as_strings_are_not_taken_for_what_they_spell() {
    let claims = read(json!({
        "email_verified": "true", "phone_number_verified": 1, "updated_at": "1311280970", "locale": null, "name": "Jane"
    }));
    assert_eq!(claims.email_verified, None);
    assert_eq!(claims.phone_number_verified, None);
    assert_eq!(claims.updated_at, None);
    assert_eq!(claims.locale, None);
    assert_eq!(claims.name.as_deref(), Some("Jane"));
    let expected: Vec<_> = claims
        .problems()
        .into_iter()
        .map(|problem| match problem {
            ClaimProblem::WrongType { path, expected, found } => (path, expected, found),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(
        expected,
        [
            ("email_verified".to_owned(), JsonType::Boolean, JsonType::String),
            ("locale".to_owned(), JsonType::String, JsonType::Null),
            ("phone_number_verified".to_owned(), JsonType::Boolean, JsonType::Number),
            ("updated_at".to_owned(), JsonType::Number, JsonType::String),
        ]
    );
}

/// Proves CORE-5.1.1-01.
#[test]
fn a_bad_member_of_the_address_spoils_only_itself() {
    let wire = json!({"address": {"postal_code": 12345, "country": "US", "https://example.com/floor": 3}});
    let claims = read(wire.clone());
    let address = claims.address.as_ref().unwrap();
    assert_eq!(address.country.as_deref(), Some("US"));
    assert_eq!(address.postal_code, None);
    assert!(address.get("https://example.com/floor").is_some_and(|floor| floor == json!(3)));
    let problems = claims.problems();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].path(), "address.postal_code");
    assert_eq!(problems[0].section(), "OpenID Connect Core 1.0, 5.1.1");
    assert_eq!(serde_json::to_value(&claims).unwrap(), wire);
}

/// Proves CORE-5.1-04.
#[test]
fn birthdate_is_a_day_or_a_year() {
    for good in ["1967-10-31", "0000-02-29", "2000-02-29", "1967", "0000"] {
        assert_eq!(read(json!({ "birthdate": good })).problems(), [], "{good}");
    }
    let bad = [
        "67",
        "1967-10",
        "1967-13-01",
        "1967-1-01",
        "1967-01-1",
        "1967-010-01",
        "1967-00-10",
        "1967-02-29",
        "1900-02-29",
        "1967-04-31",
        "1967-10-00",
        "31-10-1967",
        "1967-10-31T00:00:00Z",
        "+967",
        "1967-+1-01",
        "１９６７",
        "1967/10/31",
        "1967-10-31-",
    ];
    for bad in bad {
        let claims = read(json!({ "birthdate": bad }));
        assert_eq!(
            claims.problems(),
            [ClaimProblem::BirthdateFormat { path: "birthdate".to_owned() }],
            "{bad}"
        );
        assert_eq!(claims.birthdate.as_deref(), Some(bad));
    }
}

/// Proves CORE-5.2-01, CORE-5.2-02, CORE-5.2-03, CORE-5.2-05.
#[test]
fn claims_in_a_language_are_kept_apart_and_found_without_regard_to_case() {
    let wire = json!({
        "family_name": "Sato", "family_name#ja-Kana-JP": "サトウ", "family_name#ja-Hani-JP": "佐藤",
        "website#de-CH": "https://example.ch", "nickname#den": "Deh"
    });
    let claims = read(wire.clone());
    let in_language =
        |name: &str, tag: &str| claims.in_language(name, &tag.parse().unwrap()).map(|found| found.0);

    assert_eq!(claims.family_name.as_deref(), Some("Sato"));
    assert_eq!(in_language("family_name", "ja-kana-jp"), Some("family_name#ja-Kana-JP"));
    assert_eq!(in_language("family_name", "ja-Hani"), Some("family_name#ja-Hani-JP"));
    assert_eq!(in_language("family_name", "ja-Hani-JP-x-old"), None);
    assert_eq!(in_language("family_name", "fr"), None);
    assert_eq!(in_language("given_name", "ja"), None);
    assert_eq!(in_language("website", "de"), Some("website#de-CH"));
    assert_eq!(in_language("nickname", "de"), None); // `den` (Slavey) is another language, not a kind of German
    assert_eq!(serde_json::to_value(&claims).unwrap(), wire);

    let mut built = StandardClaims::default();
    built.insert_in_language("family_name", &"JA-kana-jp".parse().unwrap(), "サトウ");
    assert_eq!(built.extra.keys().collect::<Vec<_>>(), ["family_name#ja-Kana-JP"]);
    built.extra.clear();
    built.insert_in_language("website", &"de".parse().unwrap(), "https://example.de");
    assert_eq!(serde_json::to_value(&built).unwrap(), json!({"website#de": "https://example.de"}));
}

#[test]
fn the_very_language_comes_before_a_more_specific_one() {
    // the spelling puts the more specific one first
    let claims = read(json!({"website#DE-CH": "ch", "website#de": "de"}));
    assert_eq!(
        claims.in_language("website", &"de".parse().unwrap()).map(|found| found.0),
        Some("website#de")
    );
}

/// What begins like a tag and is none names no language, wherever it is looked for. (Found by fuzzing.)
#[test]
fn what_is_no_tag_is_no_language() {
    for name in
        ["name#ja-Kana-'JP", "name#ja-", "name#ja--JP", "name#ja-Kana_JP", "name#ja-\u{65e5}", "name#"]
    {
        let claims = read(json!({ name: "x" }));
        let japanese: avouch_types::LanguageTag = "ja".parse().unwrap();
        assert_eq!(claims.in_language("name", &japanese), None, "{name}");
        assert_eq!(claims.in_best_language("name", &[japanese]), None, "{name}");
    }
}

#[test]
fn json_is_read_strictly() {
    let twice = br#"{"email": "a@example.com", "\u0065mail": "b@example.com"}"#;
    let read = StandardClaims::from_json(twice, &Limits::default());
    assert!(matches!(read, Err(JsonError::DuplicateMember { name, .. }) if name == "email"));
    assert!(matches!(StandardClaims::from_json(b"[]", &Limits::default()), Err(JsonError::NotAnObject)));
}

/// A host that fills a field in place of a malformed member writes one member, the good one.
#[test]
fn a_typed_claim_wins_over_a_malformed_member_of_its_name() {
    let mut claims = read(json!({"name": 1}));
    claims.name = Some("Jane".to_owned());
    assert_eq!(serde_json::to_value(&claims).unwrap(), json!({"name": "Jane"}));
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // serde_json may read a number of 17 digits one bit off; what it reads exactly stays exact
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z#-]{0,8}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn member_name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(StandardClaims::NAMES).prop_map(str::to_owned),
        prop::sample::select(StandardClaims::NAMES).prop_map(|name| format!("{name}#de-CH")),
        ".{0,12}",
    ]
}

proptest! {
    /// Nothing that serde_json holds is lost in a round trip, whatever the members are.
    #[test]
    fn round_trip(members in prop::collection::btree_map(member_name(), json_value(), 0..12)) {
        let wire: Map<String, Value> = members.into_iter().collect();
        let claims = StandardClaims::from_members(wire.clone());
        prop_assert_eq!(claims.to_members(), wire.clone());
        let text = serde_json::to_vec(&claims).unwrap();
        prop_assert_eq!(StandardClaims::from_members(serde_json::from_slice(&text).unwrap()), claims);
    }
}

/// Proves JSN-03. Also where no strict reader stands before, and whatever is wrong with one of the two.
#[test]
fn a_member_stands_there_once() {
    for twice in [
        r#"{"name": "a", "name": "b"}"#,
        r#"{"name": "a", "name": 1}"#,
        r#"{"name": 1, "name": "a"}"#,
        r#"{"x": 1, "\u0078": 1}"#,
        r#"{"address": {"locality": "a", "locality": "b"}}"#,
        r#"{"x": [{"a": 1, "a": 1}]}"#,
    ] {
        assert!(serde_json::from_str::<StandardClaims>(twice).is_err(), "{twice}");
        assert!(StandardClaims::from_json(twice.as_bytes(), &Limits::default()).is_err(), "{twice}");
    }
    assert!(serde_json::from_str::<Address>(r#"{"locality": "a", "locality": "b"}"#).is_err());
}

#[test]
fn a_member_that_is_inserted_replaces_the_one_that_was_there() {
    let mut claims = StandardClaims::default();
    assert!(claims.insert("name".into(), json!(1)));
    assert!(!claims.insert("name".into(), json!("Jane")));
    assert_eq!((claims.name.as_deref(), claims.malformed.is_empty()), (Some("Jane"), true));
    assert!(!claims.insert("name".into(), json!(2)));
    assert_eq!((claims.name.as_deref(), &claims.malformed["name"]), (None, &json!(2)));
    assert!(claims.insert("groups".into(), json!([])) && !claims.insert("groups".into(), json!(["staff"])));
    assert_eq!(claims.extra["groups"], json!(["staff"]));
}

/// Proves CORE-5.2-02: tags have no case, so that a language that is there is not said a second time.
#[test]
fn a_claim_in_a_language_is_replaced_in_whichever_casing() {
    let mut claims = read(json!({"name#DE": "a", "name#de-CH": "b", "Name#de": "c", "nickname#de": "d"}));
    claims.insert_in_language("name", &"De".parse().unwrap(), "e");
    let all = json!({"name#de": "e", "name#de-CH": "b", "Name#de": "c", "nickname#de": "d"});
    assert_eq!(serde_json::to_value(&claims).unwrap(), all);
}
