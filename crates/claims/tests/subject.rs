//! Pairwise subject identifiers and the sectors they are for.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use std::collections::BTreeSet;

use avouch_claims::{PairwiseKey, SectorError, SectorIdentifier, SubjectError};
use avouch_json::Limits;
use avouch_types::{EndpointUrl, RedirectUri, Secret};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;

fn hmac(key: &[u8], message: &[u8]) -> impl AsRef<[u8]> + use<> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes()
}

fn key(text: &str) -> PairwiseKey {
    PairwiseKey::new(Secret::new(text)).unwrap()
}

const SECRET: &str = "3Uoxl7iSTAFPqXhBpXCFkDk9r3Yy1mGr";

fn uris(list: &[&str]) -> Vec<RedirectUri> {
    list.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect()
}

fn sector(uri: &str) -> SectorIdentifier {
    SectorIdentifier::of_client(&uris(&[uri]), None).unwrap()
}

/// Proves CORE-8.1-01.
#[test]
fn a_sector_has_its_own_value_and_always_the_same() {
    let key = key(SECRET);
    let subject = |host: &str, account: &str| {
        key.subject(&sector(&format!("https://{host}/cb")), account, hmac).unwrap().as_str().to_owned()
    };
    assert_eq!(subject("a.example", "jane"), subject("a.example", "jane"));
    let all: BTreeSet<_> = [
        subject("a.example", "jane"),
        subject("b.example", "jane"),
        subject("a.example", "joe"),
        // what would be the same text, one after the other
        subject("a.exampl", "ejane"),
        subject("a.examplej", "ane"),
    ]
    .into();
    assert_eq!(all.len(), 5);
    assert!(all.iter().all(|sub| sub.len() == 64 && sub.bytes().all(|byte| byte.is_ascii_hexdigit())));
    // one that was stored long ago must come out tomorrow; computed beside this code
    assert_eq!(
        subject("rp.example", "account-4711"),
        "6fbc664edcc8cb37a9865e9f28b7f0fe33515b48b378139199a63b1541b4fc0d"
    );
}

/// A text stands for its octets, and octets need be no text.
#[test]
fn a_secret_may_be_octets() {
    let sector = sector("https://rp.example/cb");
    let sub = |key: PairwiseKey| key.subject(&sector, "jane", hmac).unwrap();
    assert_eq!(sub(PairwiseKey::from_octets(SECRET.as_bytes()).unwrap()), sub(key(SECRET)));
    let octets = PairwiseKey::from_octets(&[0xFF; 32]).unwrap();
    assert!(
        octets
            .subject(&sector, "jane", |key, _| [u8::from(key == [0xFF; 32]); 32])
            .unwrap()
            .as_str()
            .starts_with("01")
    );
    assert_eq!(
        PairwiseKey::from_octets(&[0xFF; 31]).unwrap_err(),
        SubjectError::KeyTooShort { len: 31, least: 32 }
    );
}

/// Without the secret nobody computes an identifier, and the account is not in it.
///
/// Proves CORE-8.1-02.
#[test]
fn the_value_hangs_on_the_secret() {
    let sector = sector("https://rp.example/cb");
    let one = key(SECRET).subject(&sector, "jane", hmac).unwrap();
    let other = key(&SECRET.replace('3', "4")).subject(&sector, "jane", hmac).unwrap();
    assert_ne!(one, other);
    assert!(!one.as_str().contains("jane"));
    assert_eq!(format!("{:?}", key(SECRET)), "PairwiseKey(..)");

    assert_eq!(
        PairwiseKey::new(Secret::new(&SECRET[..31])).unwrap_err(),
        SubjectError::KeyTooShort { len: 31, least: 32 }
    );
    let short = key(SECRET).subject(&sector, "jane", |_, _| [0; 31]);
    assert_eq!(short.unwrap_err(), SubjectError::MacTooShort { len: 31, least: 32 });
}

/// Proves CORE-8.1-03.
#[test]
fn the_sector_is_the_host_of_the_redirect_uri_or_of_the_sector_identifier_uri() {
    let of = |list: &[&str], uri: Option<&str>| {
        let uri = uri.map(|uri| EndpointUrl::parse(uri).unwrap());
        SectorIdentifier::of_client(&uris(list), uri.as_ref()).map(|sector| sector.as_str().to_owned())
    };
    assert_eq!(of(&["https://RP.example/cb"], None).unwrap(), "rp.example");
    assert_eq!(
        of(&["https://rp.example:8443/cb", "https://rp.example/other", "http://RP.EXAMPLE/"], None).unwrap(),
        "rp.example"
    );
    let group = Some("https://Group.example:444/uris.json");
    assert_eq!(of(&["https://a.example/cb", "https://b.example/cb"], group).unwrap(), "group.example");
    assert_eq!(of(&["com.example.app:/cb"], group).unwrap(), "group.example");
    assert_eq!(of(&["http://[::1]:7000/cb"], None).unwrap(), "[::1]");
}

/// A group of clients has the name it was given, and is not mixed with others.
#[test]
fn a_sector_may_be_named() {
    let key = key(SECRET);
    let subject = |name: &str| key.subject(&SectorIdentifier::named(name).unwrap(), "jane", hmac).unwrap();
    assert_ne!(subject("group"), subject("Group"));
    assert_eq!(subject("rp.example"), key.subject(&sector("https://RP.example/cb"), "jane", hmac).unwrap());
    assert!(SectorIdentifier::named("").is_err());
}

/// Proves CORE-8.1-04.
#[test]
fn several_hosts_need_a_sector_identifier_uri() {
    let of = |list: &[&str]| SectorIdentifier::of_client(&uris(list), None);
    for several in [
        ["https://a.example/cb", "https://b.example/cb"],
        ["https://a.example/cb", "https://a.example.evil.example/cb"],
        ["https://a.example/cb", "https://www.a.example/cb"],
    ] {
        assert!(matches!(of(&several), Err(SectorError::SeveralHosts)), "{several:?}");
    }
    assert!(matches!(of(&["com.example.app:/cb"]), Err(SectorError::NoHost)));
    assert!(matches!(of(&["https://a.example/cb", "com.example.app:/cb"]), Err(SectorError::NoHost)));
    assert!(matches!(of(&[]), Err(SectorError::NoRedirectUri)));
}

/// Proves CORE-8.1-05.
#[test]
fn every_redirect_uri_is_in_the_document() {
    let registered = uris(&["https://a.example/cb", "https://b.example/cb"]);
    let check =
        |text: &str| SectorIdentifier::check_document(text.as_bytes(), &registered, &Limits::default());
    assert!(check(r#"["https://b.example/cb", "https://a.example/cb", "https://c.example/"]"#).is_ok());
    for (text, missing) in [
        (r#"["https://a.example/cb"]"#, 1),
        (r#"["https://A.example/cb", "https://b.example/cb"]"#, 0),
        (r#"["https://a.example/cb", "https://b.example/cb/"]"#, 1),
        (r#"["https://a.example", "https://b.example"]"#, 0),
        ("[]", 0),
    ] {
        assert!(matches!(check(text), Err(SectorError::NotListed { index }) if index == missing), "{text}");
    }
    assert!(matches!(check(r#"["https://a.example/cb", 5]"#), Err(SectorError::NotStrings { index: 1 })));
    for text in [r#"{"redirect_uris": []}"#, "null", "", r#""https://a.example/cb""#, "<html>"] {
        assert!(matches!(check(text), Err(SectorError::Json { .. })), "{text}");
    }
    let place = |text: &str| check(text).map_err(|error| (error.path(), error.section())).unwrap_err();
    assert_eq!(place(r#"["https://a.example/cb", 5]"#), ("[1]".to_owned(), "OpenID Connect Core 1.0, 8.1"));
    assert_eq!(place("[]"), ("redirect_uris[0]".to_owned(), "OpenID Connect Core 1.0, 8.1"));
    assert_eq!(place("{}"), (String::new(), "OpenID Connect Core 1.0, 8.1"));
    assert_eq!(place(r#"["a", {"b": 1, "b": 2}]"#), ("[1].b".to_owned(), "RFC 8259, 4"));
    // https alone may be registered, and that is the type of the argument
    assert!(EndpointUrl::parse("http://group.example/uris.json").is_err());
}

proptest! {
    /// Two different pairs of sector and account never give the MAC one message.
    #[test]
    fn messages_are_unambiguous(a in "[a-z]{1,4}", b in "[a-z.]{0,6}", c in "[a-z]{1,4}", d in "[a-z.]{0,6}") {
        let message = |host: &str, account: &str| {
            let mut seen = Vec::new();
            let sector = sector(&format!("https://{host}/cb"));
            let _ = key(SECRET).subject(&sector, account, |_, message| { seen = message.to_vec(); [0; 32] });
            seen
        };
        prop_assert_eq!(message(&a, &b) == message(&c, &d), a == c && b == d);
    }
}
