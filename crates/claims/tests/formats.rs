//! The formats of Core 5.1: what is reported, where, and under which section; and that it is kept.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{Birthdate, ClaimProblem, PhoneNumberError, ProblemLevel, StandardClaims};
use avouch_types::{UriError, WordError};
use serde_json::{Value, json};

fn read(value: Value) -> StandardClaims {
    let claims: StandardClaims = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&claims).unwrap(), value, "kept as received");
    claims
}

fn problems(value: Value) -> Vec<ClaimProblem> {
    read(value).problems()
}

/// Proves CORE-5.1-02.
#[test]
fn email_is_an_addr_spec() {
    for good in [
        "jane@example.com",
        "j.doe+tag@sub.example.co.uk",
        "!#$%&'*+-/=?^_`{|}~@example",
        "\"jane doe\"@example.com",
        "\"a\\\"b@c\"@example.com",
        "\"\"@example.com",
        "jane@[192.0.2.1]",
        "jane@[IPv6:2001:db8::1]",
        "jane(work (not \\) home))@example.com",
        " jane @ example.com ",
        "\"a\r\n b\"@example.com",
    ] {
        assert_eq!(problems(json!({ "email": good })), [], "{good:?}");
    }
    for (bad, position) in [
        ("jane", 4),
        ("@example.com", 0),
        ("jane@", 5),
        ("jane@@example.com", 5),
        ("jane@example.com@example.com", 16),
        (".jane@example.com", 0),
        ("jane.@example.com", 5),
        ("ja..ne@example.com", 3),
        ("jane@.example.com", 5),
        ("jane@example..com", 13),
        ("jane@example.com.", 17),
        ("jane doe@example.com", 5),
        ("Jane <jane@example.com>", 5),
        ("\"jane@example.com", 17),
        ("jane@[192.0.2.1", 15),
        ("jane@[a[b]", 7),
        ("j\u{e4}ne@example.com", 1),
        ("jane@ex\u{e4}mple.com", 7),
        ("jane@example.com\n", 16),
        ("jane@exam\0ple.com", 9),
        ("jane(@example.com", 17),
        ("\"a\r\nb\"@example.com", 4),
        ("a\\b@example.com", 1),
    ] {
        let path = "email".to_owned();
        assert_eq!(
            problems(json!({ "email": bad })),
            [ClaimProblem::EmailFormat { path, position }],
            "{bad:?}"
        );
    }
    // nesting is counted, not followed
    let deep = format!("{}{}jane@example.com", "(".repeat(200_000), ")".repeat(200_000));
    assert_eq!(problems(json!({ "email": deep })), []);
}

/// A recommendation, until the number is said to be verified.
///
/// Proves CORE-5.1-03.
#[test]
fn phone_number_is_e164() {
    for good in [
        "+1 (425) 555-1212",
        "+56 (2) 687 2400",
        "+1 (604) 555-1234;ext=5678",
        "+41791234567",
        "+44.20.7946.0958;EXT=12-3",
        "+123456789012345",
    ] {
        assert_eq!(problems(json!({"phone_number": good, "phone_number_verified": true})), [], "{good}");
    }
    use PhoneNumberError::{DigitCount, Extension, ForbiddenCharacter, NoCountryCode};
    for (bad, error) in [
        ("425 555-1212", NoCountryCode),
        ("0041791234567", NoCountryCode),
        ("+0 123 456", NoCountryCode),
        ("+(1) 425", NoCountryCode),
        ("+1-800-FLOWERS", ForbiddenCharacter { position: 7 }),
        ("+1 (425 555-1212", ForbiddenCharacter { position: 16 }),
        ("+1 425) 555", ForbiddenCharacter { position: 6 }),
        ("+1 425 555x12", ForbiddenCharacter { position: 10 }),
        ("+1234567890123456", DigitCount { digits: 16 }),
        ("+1", DigitCount { digits: 1 }),
        ("+1 425 555 1212;ext=", Extension),
        ("+1 425 555 1212;ext=--", Extension),
        ("+1 425 555 1212;ext=12a", Extension),
        ("+1 425 555 1212;x=12", Extension),
        ("+1 425 555 1212;ext=1;ext=2", Extension),
    ] {
        for verified in [true, false] {
            let found = problems(json!({"phone_number": bad, "phone_number_verified": verified}));
            let path = "phone_number".to_owned();
            assert_eq!(found, [ClaimProblem::PhoneNumberFormat { path, error, verified }], "{bad}");
            let level = if verified { ProblemLevel::Must } else { ProblemLevel::Should };
            assert_eq!(found[0].level(), level);
        }
    }
}

/// Proves CORE-5.1-05.
#[test]
fn locale_is_a_language_tag_and_may_have_underscores() {
    for good in ["en", "en-US", "zh-Hant-TW", "de-CH-1901"] {
        assert_eq!(problems(json!({ "locale": good })), []);
        assert_eq!(read(json!({ "locale": good })).parsed_locale().unwrap().as_str(), good);
    }
    for (text, tag) in [("en_US", "en-US"), ("zh_Hant_TW", "zh-Hant-TW"), ("pt_br", "pt-BR")] {
        let claims = read(json!({ "locale": text }));
        assert_eq!(claims.problems(), [ClaimProblem::LocaleUnderscore { path: "locale".to_owned() }]);
        assert_eq!(claims.problems()[0].level(), ProblemLevel::Should);
        assert_eq!(claims.parsed_locale().unwrap().as_str(), tag);
    }
    for bad in ["english language", "en-", "en__US", "de_DE@euro", "en_US.UTF-8", "*"] {
        let claims = read(json!({ "locale": bad }));
        assert!(matches!(claims.problems()[..], [ClaimProblem::LocaleFormat { .. }]), "{bad}");
        assert_eq!(claims.parsed_locale(), None);
    }
}

#[test]
fn zoneinfo_is_built_like_a_name_of_the_database() {
    for good in [
        "Europe/Paris",
        "America/Los_Angeles",
        "America/Argentina/ComodRivadavia",
        "America/Port-au-Prince",
        "Etc/GMT+5",
        "UTC",
        "EST5EDT",
        "Antarctica/DumontDUrville",
    ] {
        assert_eq!(problems(json!({ "zoneinfo": good })), [], "{good}");
    }
    for bad in [
        "+01:00",
        "GMT+01:00",
        "Europe / Paris",
        "/Europe/Paris",
        "Europe/",
        "Europe//Paris",
        "../etc",
        "Z\u{fc}rich",
        "Pacific Standard Time",
        "America/AnExtraordinarilyLongPlace",
        "America/FifteenLetters_",
    ] {
        assert_eq!(
            problems(json!({ "zoneinfo": bad })),
            [ClaimProblem::ZoneinfoFormat { path: "zoneinfo".to_owned() }],
            "{bad}"
        );
    }
}

#[test]
fn urls_are_absolute_and_execute_nothing() {
    let long = format!("https://example.com/{}", "x".repeat(9000));
    for good in [
        "http://example.com/janedoe/me.jpg",
        "https://example.com:8443/~jane/../me?x=1#top",
        "https://xn--bcher-kva.example",
        &long,
    ] {
        let claims = json!({ "profile": good, "picture": good, "website": good });
        assert_eq!(problems(claims), [], "{good}");
    }
    for (bad, error) in [
        ("www.example.com", UriError::NoScheme),
        ("/me.jpg", UriError::NoScheme),
        ("https://", UriError::NoHost),
        ("https:/example.com", UriError::NoHost),
        ("https://b\u{fc}cher.example", UriError::ForbiddenCharacter { offset: 9 }),
        ("https://example.com/a b", UriError::ForbiddenCharacter { offset: 21 }),
        ("https://example.com\\@evil.example", UriError::ForbiddenCharacter { offset: 19 }),
        ("https://example.com/%zz", UriError::MalformedPercentEncoding { offset: 20 }),
        ("https://example.com@evil.example", UriError::HasUserInfo),
        ("https://example.com:99999/", UriError::MalformedPort),
        ("javascript:alert(1)", UriError::DangerousScheme),
        ("JavaScript:alert(1)", UriError::DangerousScheme),
        ("data:text/html,x", UriError::DangerousScheme),
    ] {
        for name in ["profile", "picture", "website"] {
            let path = name.to_owned();
            assert_eq!(problems(json!({ name: bad })), [ClaimProblem::UrlFormat { path, error }], "{bad}");
        }
    }
    assert_eq!(problems(json!({"picture": "data:image/png;base64,iVBORw0KGgo="})), []);
    assert_eq!(problems(json!({"website": "data:image/svg+xml,x"})).len(), 1);
}

/// Proves CORE-5.1-01: seconds, not milliseconds.
#[test]
fn updated_at_is_a_time_in_seconds() {
    for good in [json!(0), json!(1_311_280_970), json!(1_311_280_970.25), json!(253_402_300_799_u64)] {
        assert_eq!(problems(json!({ "updated_at": good })), []);
    }
    for bad in [json!(-1), json!(1_311_280_970_000_u64), json!(1e300), json!(u64::MAX), json!(i64::MIN)] {
        assert_eq!(
            problems(json!({ "updated_at": bad })),
            [ClaimProblem::UpdatedAtOutOfRange { path: "updated_at".to_owned() }],
            "{bad}"
        );
    }
}

/// A year alone stays a year alone, a missing year stays missing.
///
/// Proves CORE-5.1-04.
#[test]
fn a_birthdate_is_taken_apart() {
    for (text, year, month_and_day) in [
        ("1970-03-22", Some(1970), Some((3, 22))),
        ("0000-03-22", None, Some((3, 22))),
        ("0000-02-29", None, Some((2, 29))),
        ("1970", Some(1970), None),
        ("9999-12-31", Some(9999), Some((12, 31))),
    ] {
        let parsed = read(json!({ "birthdate": text })).parsed_birthdate();
        assert_eq!(parsed, Some(Birthdate { year, month_and_day }));
        assert_eq!(parsed.unwrap().to_string(), text);
    }
    assert_eq!(read(json!({"birthdate": "2023-02-29"})).parsed_birthdate(), None);
}

/// Lines end in CRLF or LF, and only where there can be several.
///
/// Proves CORE-5.1.1-01.
#[test]
fn lines_of_an_address() {
    let line_break = |member: &str| ClaimProblem::LineBreak { path: format!("address.{member}") };
    for name in ["formatted", "street_address"] {
        assert_eq!(problems(json!({"address": { name: "1 Main St.\nApt. 5\r\nRear" }})), []);
        assert_eq!(problems(json!({"address": { name: "1 Main St.\rApt. 5" }})), [line_break(name)]);
        assert_eq!(problems(json!({"address": { name: "1 Main St.\r\n\rApt. 5" }})), [line_break(name)]);
    }
    for name in ["locality", "region", "postal_code", "country"] {
        for text in ["a\nb", "a\r\nb", "a\r"] {
            let found = problems(json!({"address": { name: text }}));
            assert_eq!(found, [line_break(name)]);
            assert_eq!(found[0].section(), "OpenID Connect Core 1.0, 5.1.1");
        }
    }
}

/// Proves CORE-5.1.1-02.
#[test]
fn a_formatted_address_is_that_of_its_parts() {
    let address = |locality: &str, formatted: &str| {
        json!({"address": {
            "formatted": formatted, "street_address": "1234 Hollywood Blvd.\r\nApt. 5", "locality": locality,
            "region": "CA", "postal_code": "90210", "country": "US"
        }})
    };
    let formatted = "Jane Doe\n1234  Hollywood Blvd.\nApt. 5\nLOS ANGELES, California 90210";
    assert_eq!(problems(address("Los Angeles", formatted)), []);
    let not_in = |member: &str| ClaimProblem::NotInFormatted { path: format!("address.{member}") };
    assert_eq!(problems(address("Bern", formatted)), [not_in("locality")]);
    let elsewhere = problems(address("Los Angeles", "1 Main St.\nLos Angeles 90211"));
    assert_eq!(elsewhere, [not_in("street_address"), not_in("postal_code")]);
    assert_eq!(elsewhere[0].level(), ProblemLevel::Should);
    assert_eq!(problems(json!({"address": {"locality": "Bern", "postal_code": "3000"}})), []);
}

/// Proves CORE-5.3.2-03: an empty text should not have been sent.
#[test]
fn an_empty_text_is_reported_as_such() {
    let empty = |path: &str| ClaimProblem::Empty { path: path.to_owned() };
    for name in ["name", "email", "birthdate", "locale", "picture", "phone_number"] {
        let found = problems(json!({ name: "" }));
        assert_eq!(found, [empty(name)]);
        assert_eq!(
            (found[0].level(), found[0].section()),
            (ProblemLevel::Should, "OpenID Connect Core 1.0, 5.3.2")
        );
    }
    assert_eq!(problems(json!({"address": {"region": ""}})), [empty("address.region")]);
}

/// What stands in a language has the type and format of its claim.
///
/// Proves CORE-5.2-01, CORE-5.2-02.
#[test]
fn members_in_a_language_are_checked_too() {
    let found = problems(json!({
        "name#ja": "佐藤", "name#ja_JP": "x", "name#": "x", "website#de": "example.de", "family_name#JA-kana-jp": "x",
        "family_name#ja-Kana-JP": "y", "gender#fr": 5, "https://example.com/claims#no tag": 1
    }));
    let path = |text: &str| text.to_owned();
    let jp = WordError::MalformedLanguageTag { position: 0 };
    assert_eq!(
        found,
        [
            ClaimProblem::LanguageTagCasing { path: path("family_name#JA-kana-jp") },
            ClaimProblem::LanguageTwice { path: path("family_name#ja-Kana-JP") },
            ClaimProblem::WrongType {
                path: path("gender#fr"),
                expected: avouch_claims::JsonType::String,
                found: avouch_claims::JsonType::Number
            },
            ClaimProblem::LanguageTagFormat {
                path: path("name#"),
                error: WordError::Empty { what: "language tag" }
            },
            ClaimProblem::LanguageTagFormat { path: path("name#ja_JP"), error: jp },
            ClaimProblem::UrlFormat { path: path("website#de"), error: UriError::NoScheme },
        ]
    );
}

/// Every finding at once, each with its place, and no value in any of the texts.
#[test]
fn all_findings_are_reported_and_no_value_is_shown() {
    let wire = json!({
        "name": 5, "email": "secret-address", "birthdate": "secret-day", "zoneinfo": "secret day", "locale": "secret locale",
        "phone_number": "secret-number", "website": "secret-site", "updated_at": -7, "email_verified": "secret",
        "address": {"locality": "secret\nplace", "country": false}, "profile#secret tag": "x"
    });
    let found = problems(wire);
    let paths: Vec<_> = found.iter().map(ClaimProblem::path).collect();
    assert_eq!(
        paths,
        [
            "email_verified",
            "name",
            "address.country",
            "address.locality",
            "website",
            "email",
            "birthdate",
            "zoneinfo",
            "locale",
            "phone_number",
            "updated_at",
            "[\"profile#secret tag\"]"
        ]
    );
    for problem in &found[..11] {
        assert!(!problem.to_string().contains("secret"), "{problem}");
        assert!(problem.to_string().contains("(OpenID Connect Core 1.0, 5.1"), "{problem}");
    }
}

/// Required claims are strict, and what is wrong with another claim does not count.
#[test]
fn required_claims_are_strict() {
    let claims = read(json!({
        "name": "Jane", "email": 5, "locale": "en_US", "phone_number": "555", "birthdate": "soon", "nickname": "",
        "address": {"country": 1}
    }));
    assert!(claims.require(&["name", "locale", "phone_number"]).is_ok());
    for name in ["email", "birthdate", "nickname", "address", "picture", "groups"] {
        let problems = claims.require(&["name", name]).unwrap_err();
        assert_eq!(problems.len(), 1, "{name}: {problems:?}");
        assert!(problems[0].path().starts_with(name));
    }
    assert!(matches!(claims.require(&["picture"]).unwrap_err()[..], [ClaimProblem::Missing { .. }]));
}

/// Proves CORE-2-02, CORE-5.3.2-02.
#[test]
fn sub_is_strict_where_the_document_has_it() {
    assert_eq!(read(json!({"sub": "248289761001", "name": 5})).sub().unwrap().as_str(), "248289761001");
    assert!(
        matches!(read(json!({"name": "Jane"})).sub(), Err(ClaimProblem::Missing { path }) if path == "sub")
    );
    assert!(matches!(read(json!({"sub": 248_289_761_001_u64})).sub(), Err(ClaimProblem::WrongType { .. })));
    for bad in ["", "j\u{e4}ne", &"x".repeat(256)] {
        let error = read(json!({ "sub": bad })).sub().unwrap_err();
        assert_eq!((error.path(), error.section()), ("sub", "OpenID Connect Core 1.0, 2"), "{bad}");
    }
}
