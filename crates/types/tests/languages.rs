//! Languages: which of several is taken, and member names that carry one.
#![allow(clippy::unwrap_used)]

use avouch_types::{LanguageTag, TaggedName, WordError};
use proptest::prelude::*;

fn tag(text: &str) -> LanguageTag {
    LanguageTag::parse(text).unwrap()
}

fn tags(list: &[&str]) -> Vec<LanguageTag> {
    list.iter().map(|text| tag(text)).collect()
}

/// RFC 4647 §3.4: cut from the end, and a single character never ends what is left.
#[test]
fn a_tag_falls_back_step_by_step() {
    let steps = |text: &str| tag(text).fallbacks().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        steps("zh-Hant-CN-x-private1-private2"),
        ["zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x-private1", "zh-Hant-CN", "zh-Hant", "zh"]
    );
    assert_eq!(steps("en-a-bbb-x-a-ccc"), ["en-a-bbb-x-a-ccc", "en-a-bbb", "en"]);
    assert_eq!(steps("de"), ["de"]);
    assert_eq!(steps("x-private"), ["x-private"]);
    assert_eq!(steps("i-klingon"), ["i-klingon"]);
}

#[test]
fn the_first_preference_that_is_met_in_any_step_wins() {
    let available = tags(&["en", "fr", "fr-CA", "zh-Hant"]);
    let found = |preferences: &[&str]| {
        LanguageTag::lookup(&tags(preferences), &available).map(|tag| tag.as_str().to_owned())
    };
    assert_eq!(found(&["fr-CA"]).as_deref(), Some("fr-CA"));
    assert_eq!(
        found(&["fr-ch", "en"]).as_deref(),
        Some("fr"),
        "a fallback of the first comes before the second"
    );
    assert_eq!(found(&["de", "ZH-hant-tw"]).as_deref(), Some("zh-Hant"));
    assert_eq!(found(&["zh", "de"]), None, "Lookup never takes a more specific tag");
    assert_eq!(found(&[]), None);
    assert_eq!(LanguageTag::lookup(&tags(&["de"]), &[]), None);
}

#[test]
fn a_tag_covers_itself_and_more_specific_ones() {
    for (more, covered) in [
        ("de", true),
        ("DE", true),
        ("de-CH", true),
        ("de-ch-1901", true),
        ("den", false),
        ("d", false),
        ("", false),
    ] {
        assert_eq!(tag("de").covers(more), covered, "{more}");
    }
    assert!(!tag("de-CH").covers("de"));
    assert!(!tag("de").covers("d\u{e9}-CH"));
}

/// Proves CORE-5.2-04: what is no tag is left out, and the order stays.
#[test]
fn preferences_are_read_forgivingly() {
    let read =
        |text: &str| LanguageTag::parse_preferences(text).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(read("FR-ca  en_US fr\tde \u{e9} de"), ["fr-CA", "de"]);
    assert_eq!(read(""), [""; 0]);
    assert_eq!(read(&"x ".repeat(100_000)), [""; 0]);
}

#[test]
fn a_locale_may_have_underscores() {
    assert_eq!(LanguageTag::parse_locale("zh_hant_TW").unwrap(), tag("zh-Hant-TW"));
    assert_eq!(LanguageTag::parse_locale("en-US").unwrap(), tag("en-US"));
    for bad in ["", "_", "en__US", "en_US.UTF-8", "C"] {
        assert!(LanguageTag::parse_locale(bad).is_err(), "{bad}");
    }
}

/// Proves CORE-5.2-01, CORE-5.2-02.
#[test]
fn a_member_name_is_taken_apart_at_its_first_number_sign() {
    let name = TaggedName::parse("family_name#JA-kana-jp").unwrap();
    assert_eq!((name.name, name.language.clone()), ("family_name", Some(tag("ja-Kana-JP"))));
    assert_eq!(name.to_string(), "family_name#ja-Kana-JP");
    assert_eq!(name, TaggedName::parse("family_name#ja-Kana-JP").unwrap());
    assert_ne!(name, TaggedName::parse("Family_name#ja-Kana-JP").unwrap());
    assert_eq!(TaggedName::parse("client_name").unwrap().language, None);
    assert_eq!(TaggedName::parse("#de"), Err(WordError::Empty { what: "member name" }));
    assert_eq!(TaggedName::parse(""), Err(WordError::Empty { what: "member name" }));
    assert_eq!(TaggedName::parse("name#"), Err(WordError::Empty { what: "language tag" }));
    for (bad, position) in
        [("name#en_US", 0), ("name#de#de", 0), ("name#de-", 3), ("name#*", 0), ("name# de", 0)]
    {
        assert_eq!(TaggedName::parse(bad), Err(WordError::MalformedLanguageTag { position }), "{bad}");
    }
}

/// However long a tag is: the steps are as many as it has subtags, and each looks at its end only.
#[test]
fn long_tags_are_cheap() {
    let long = tag(&format!("de{}", "-abcdefgh".repeat(30_000)));
    assert_eq!(long.fallbacks().count(), 30_001);
    assert!(tag("de").covers(long.as_str()));
}

proptest! {
    /// Every step is a tag again, and covers the one before.
    #[test]
    fn fallbacks_are_tags(text in "[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?(-[0-9][a-z0-9]{3}){0,2}(-a-[a-z0-9]{2,4}){0,2}(-x-[a-z]{1,3}){0,2}") {
        prop_assume!(LanguageTag::parse(&text).is_ok());
        for step in tag(&text).fallbacks() {
            prop_assert!(tag(step).covers(&text), "{} {}", step, text);
        }
    }

    #[test]
    fn tagged_names_are_read_back(name in "[^#]{1,12}", language in prop::option::of("[a-z]{2}(-[A-Z]{2})?")) {
        let name = TaggedName { name: &name, language: language.map(|text| tag(&text)) };
        let written = name.to_string();
        prop_assert_eq!(TaggedName::parse(&written).unwrap(), name);
    }
}

/// RFC 5646 §2.1: a variant of four characters begins with a digit, a shorter one is none.
#[test]
fn a_variant_is_told_by_its_length_and_first_character() {
    for good in ["de-1901", "de-DE-1a2b", "sl-rozaj", "de-DE-abcde"] {
        assert!(LanguageTag::parse(good).is_ok(), "{good}");
    }
    for bad in ["de-DE-abcd", "sl-a1bc", "de-DE-190", "de-DE-abcdefghi"] {
        assert!(LanguageTag::parse(bad).is_err(), "{bad}");
    }
}
