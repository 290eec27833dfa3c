//! Where problems are: under which name, in which language, by which section; and what is strict about which of them.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use std::time::{Duration, Instant};

use avouch_claims::{
    ClaimProblem, ClaimSet, ConsentTo, LanguageNaming, MissingReason, RequestedClaims, ScopeClaims,
    StandardClaims,
};
use avouch_types::{LanguageTag, Scopes};
use serde_json::{Value, json};

fn claims(value: Value) -> StandardClaims {
    serde_json::from_value(value).unwrap()
}

/// What is wrong with a claim in a language is said of that member, not of the one without language.
///
/// Proves CORE-5.2-01, CORE-5.1-04.
#[test]
fn a_problem_in_a_language_is_said_of_that_member() {
    for (member, bad) in [
        ("email#de", json!("x")),
        ("birthdate#de", json!("soon")),
        ("zoneinfo#de", json!("+01:00")),
        ("locale#de", json!("en_US")),
        ("locale#de", json!("*")),
        ("phone_number#de", json!("12")),
        ("updated_at#de", json!(-1)),
        ("website#de", json!("example")),
    ] {
        let (name, _) = member.split_once('#').unwrap();
        let plain = claims(json!({ name: bad })).problems();
        let tagged = claims(json!({ member: bad })).problems();
        assert_eq!((plain.len(), plain[0].path()), (1, name));
        assert_eq!((tagged.len(), tagged[0].path()), (1, member));
        assert_eq!(tagged[0].level(), plain[0].level());
    }
    let person = claims(json!({"birthdate": "1970-01-01", "birthdate#de": "soon"}));
    assert_eq!(person.require(&["birthdate"]), Ok(()));
    assert!(person.require(&["birthdate#de"]).is_err());
}

/// Proves CORE-5.1.1-01.
#[test]
fn an_address_in_a_language_is_judged_by_the_rules_of_addresses() {
    let person = claims(json!({"address#de": {"region": 5}, "address": {"region": "CA", "locality": ""}}));
    let found: Vec<_> = person.problems().iter().map(|it| (it.path().to_owned(), it.section())).collect();
    assert_eq!(
        found,
        [
            ("address.locality".to_owned(), "OpenID Connect Core 1.0, 5.3.2"),
            ("address#de.region".to_owned(), "OpenID Connect Core 1.0, 5.1.1")
        ]
    );
    assert!(person.require(&["address#de"]).is_err());
    assert_eq!(person.require(&["address"]), Ok(())); // to leave out an empty member is a recommendation
    assert!(claims(json!({"name": ""})).require(&["name"]).is_err());
    assert!(claims(json!({"name#\u{e9}": "x"})).require(&["name#\u{e9}"]).is_err());
}

/// `sub` is judged too where it stands among the claims.
///
/// Proves CORE-2-02.
#[test]
fn a_bad_sub_among_the_claims_is_reported() {
    assert_eq!(claims(json!({"sub": 5})).problems()[0].path(), "sub");
    assert_eq!(claims(json!({"sub": "s".repeat(256)})).problems().len(), 1);
    assert_eq!(claims(json!({"sub": "s"})).problems(), []);
    assert_eq!(claims(json!({})).problems(), []);
}

/// A good value that the host puts beside a malformed one counts, and is what is written.
#[test]
fn a_good_value_beside_a_malformed_one_counts() {
    let mut person = claims(json!({"name": 5}));
    assert!(matches!(person.problems()[..], [ClaimProblem::WrongType { .. }]));
    person.name = Some("Jane".to_owned());
    assert_eq!(person.problems(), []);
    assert_eq!(serde_json::to_value(&person).unwrap(), json!({"name": "Jane"}));
}

/// What the host puts among the unknown members of an address under a known name is not released untyped.
#[test]
fn a_known_member_among_the_unknown_ones_is_not_released() {
    let mut person = claims(json!({"address": {"country": "JP"}}));
    person.address.as_mut().unwrap().extra.insert("region".to_owned(), json!(5));
    let (table, scopes) = (ScopeClaims::standard(), Scopes::parse("address").unwrap());
    let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
    assert_eq!(Value::Object(set.select(&person)), json!({"address": {"country": "JP"}}));
}

/// The parts of an address are looked for in its `formatted` member; a peer who writes very many lines gains nothing.
#[test]
fn an_address_of_very_many_lines_is_judged_at_once() {
    let lines = 40_000;
    let address = json!({"formatted": "a ".repeat(lines), "street_address": "a\n".repeat(lines)});
    let person = claims(json!({ "address": address }));
    let found = |lines: usize| {
        let street = format!("{}zz", "a\n".repeat(lines));
        claims(json!({"address": {"formatted": "a", "street_address": street}})).problems().len()
    };
    assert_eq!((found(31), found(32)), (1, 0)); // 32 lines are looked for
    let start = Instant::now();
    assert_eq!(person.problems(), []);
    assert!(start.elapsed() < Duration::from_secs(5), "each line was looked for"); // it took minutes
}

/// Errors about the whole document say so where it has no name.
#[test]
fn a_document_without_a_name_is_called_the_document() {
    let error = serde_json::from_value::<RequestedClaims>(json!(5)).unwrap_err();
    assert_eq!(error.to_string(), "the document is a number, not an object");
}

/// What is known in a language but of another type is malformed, not unknown.
///
/// Proves CORE-5.5.2-01.
#[test]
fn what_is_malformed_in_a_language_is_not_called_unknown() {
    let person = claims(json!({"name#de": 5, "nickname#de": "", "website#d_e": "https://jane.example"}));
    let wanted = json!({"name#de": null, "nickname#de": null, "website#d_e": null});
    let wanted = RequestedClaims::from_value("fields", wanted).unwrap();
    let (table, scopes) = (ScopeClaims::empty(), Scopes::default());
    let set = ClaimSet::new(&table, &scopes, Some(&wanted), ConsentTo::Everything);
    let release = set.release(&person);
    let reasons: Vec<_> = release.missing().iter().map(|claim| (claim.name, claim.reason)).collect();
    assert_eq!(
        reasons,
        [
            ("name#de", MissingReason::Malformed),
            ("nickname#de", MissingReason::NotKnown),
            ("website#d_e", MissingReason::Malformed)
        ]
    );
}

/// A language that is asked for twice is one language.
///
/// Proves CORE-5.2-05.
#[test]
fn one_language_asked_for_twice_is_one() {
    let person = claims(json!({"name": "Sato", "name#ja": "\u{4f50}\u{85e4}"}));
    let table = ScopeClaims::standard();
    let scopes = Scopes::parse("profile").unwrap();
    let locales = LanguageTag::parse_preferences("ja JA");
    let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything)
        .with_locales(&locales, LanguageNaming::PlainIfOne);
    assert_eq!(Value::Object(set.select(&person)), json!({"name": "\u{4f50}\u{85e4}"}));
}

/// A claim asked for in a language comes under the name it has, also where one language is preferred.
///
/// Proves CORE-5.2-03, CORE-5.5.2-01.
#[test]
fn a_more_specific_language_keeps_its_name_beside_a_preference() {
    let person = claims(json!({"website#de-CH": "https://jane.example/ch"}));
    let wanted = RequestedClaims::from_value("fields", json!({"website#de": null})).unwrap();
    let locales = LanguageTag::parse_preferences("de");
    let (table, scopes) = (ScopeClaims::empty(), Scopes::default());
    let set = ClaimSet::new(&table, &scopes, Some(&wanted), ConsentTo::Everything)
        .with_locales(&locales, LanguageNaming::PlainIfOne);
    assert_eq!(Value::Object(set.select(&person)), json!({"website#de-CH": "https://jane.example/ch"}));
}

/// Claims are compared by what they say, whichever way they are kept.
#[test]
fn claims_are_equal_that_say_the_same() {
    let person = claims(json!({
        "name": "Jane", "name#de": "Jane", "email_verified": true, "x": true, "updated_at": 1, "y": 1.0,
        "address": {"country": "US"}, "z": {"country": "US"}, "w": {"country": "DE"}
    }));
    let get = |name: &str| person.get(name);
    for (one, other) in [("name", "name#de"), ("email_verified", "x"), ("updated_at", "y"), ("address", "z")]
    {
        assert!(get(one) == get(other) && get(other) == get(one) && get(one) == get(one), "{one}");
    }
    for (one, other) in [("name", "x"), ("name", "email_verified"), ("address", "w"), ("updated_at", "x")] {
        assert!(get(one) != get(other) && get(other) != get(one), "{one} {other}");
    }
    let other = claims(json!({"name": "John", "email_verified": false, "updated_at": 2, "address": {}}));
    for name in ["name", "email_verified", "updated_at", "address"] {
        assert!(get(name) != other.get(name), "{name}");
    }
}

/// What the host adds as a type of its own goes where reading it would put it.
#[test]
fn additional_members_replace_what_stood_under_their_names() {
    let mut person = claims(json!({"name": "Jane", "email": 5, "desk": 1}));
    person.insert_additional(&json!({"name": "Jo", "email": "jo@example.com", "desk": 2})).unwrap();
    assert_eq!(person, claims(json!({"name": "Jo", "email": "jo@example.com", "desk": 2})));
    assert!(person.insert_additional(&5).is_err());
}
