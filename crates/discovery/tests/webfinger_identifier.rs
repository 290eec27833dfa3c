//! What people type, normalised (Discovery §2.1).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_discovery::webfinger::{Identifier, IdentifierError, Query};
use avouch_types::UriError;
use proptest::prelude::*;

/// Input, resource, host. The first ten are the vectors of docs/requirements/discovery.md.
const NORMALISED: &[(&str, &str, &str)] = &[
    ("joe@example.com", "acct:joe@example.com", "example.com"),
    ("Jane.Doe@example.com", "acct:Jane.Doe@example.com", "example.com"),
    ("https://example.com/joe", "https://example.com/joe", "example.com"),
    ("example.com", "https://example.com/", "example.com"),
    ("example.com/joe", "https://example.com/joe", "example.com"),
    ("example.com:8080", "https://example.com:8080/", "example.com:8080"),
    ("joe@example.com:8080", "https://joe@example.com:8080", "example.com:8080"),
    (
        "acct:juliet%40capulet.example@shopping.example.com",
        "acct:juliet%40capulet.example@shopping.example.com",
        "shopping.example.com",
    ),
    ("joe@example.com@example.org", "acct:joe%40example.com@example.org", "example.org"),
    ("https://example.com/joe#x", "https://example.com/joe", "example.com"),
    // of the specification's text
    ("https://example.com", "https://example.com", "example.com"),
    ("https://joe@example.com:8080", "https://joe@example.com:8080", "example.com:8080"),
    ("acct:joe@example.com", "acct:joe@example.com", "example.com"),
    // a fragment makes no acct identifier, and is gone all the same
    ("joe@example.com#x", "https://joe@example.com", "example.com"),
    ("example.com/#", "https://example.com/", "example.com"),
    ("acct:joe@example.com#x", "acct:joe@example.com", "example.com"),
    // neither does a path, nor a query
    ("joe@example.com/", "https://joe@example.com/", "example.com"),
    ("joe@example.com?a", "https://joe@example.com?a", "example.com"),
    ("example.com?a=b@c", "https://example.com?a=b@c", "example.com"),
    ("example.com/@joe", "https://example.com/@joe", "example.com"),
    // digits after the colon are a port, whatever stands before it, but for schemes that everybody knows
    ("localhost:8080/joe", "https://localhost:8080/joe", "localhost:8080"),
    // what was typed as a URI is left as it is
    ("http://example.com", "http://example.com", "example.com"),
    ("HTTPS://Example.COM/Joe?q", "HTTPS://Example.COM/Joe?q", "Example.COM"),
    ("ACCT:joe@example.com", "ACCT:joe@example.com", "example.com"),
    ("acct:a@b@example.com", "acct:a@b@example.com", "example.com"),
    ("acct:joe@example.com:8443", "acct:joe@example.com:8443", "example.com:8443"),
    ("app://example.com/joe", "app://example.com/joe", "example.com"),
    // addresses
    ("joe@192.0.2.1", "acct:joe@192.0.2.1", "192.0.2.1"),
    ("joe@[2001:db8::1]", "acct:joe@[2001:db8::1]", "[2001:db8::1]"),
    ("[2001:db8::1]:8080", "https://[2001:db8::1]:8080/", "[2001:db8::1]:8080"),
    ("https://[2001:db8::1]/", "https://[2001:db8::1]/", "[2001:db8::1]"),
];

/// Proves DISC-2.1-01, DISC-2.1.1-02, DISC-2.1.2-01, DISC-2.1.2-02, DISC-2.1.2-03, DISC-2.1.2-04, DISC-2.1.2-05 and
/// DISC-2.1.2-06.
#[test]
fn identifiers_are_normalised() {
    for (input, resource, host) in NORMALISED {
        let identifier = Identifier::parse(input).unwrap_or_else(|refused| panic!("{input}: {refused}"));
        assert_eq!((identifier.resource(), identifier.host()), (*resource, *host), "{input}");
    }
}

/// Proves DISC-2.1.1-01.
#[test]
fn extensible_resource_identifiers_are_reserved() {
    for (input, symbol) in
        [("=joe", '='), ("@example.com", '@'), ("!1000", '!'), ("=https://example.com", '=')]
    {
        assert_eq!(Identifier::parse(input), Err(IdentifierError::Reserved { symbol }), "{input}");
    }
}

/// Proves DISC-2.1-01: an identifier without an authority component is none.
#[test]
fn what_names_no_host_is_refused() {
    use IdentifierError as E;
    let host = |source| E::Host(source);
    for (input, refused) in [
        ("", E::NoHost),
        ("/joe", E::NoHost),
        ("//example.com/joe", E::NoHost),
        ("?a", E::NoHost),
        ("#a", E::NoHost),
        (":8080", E::NoHost),
        ("joe@", E::NoHost),
        ("joe@:8080", E::NoHost),
        ("https://", E::NoHost),
        ("https:///joe", E::NoHost),
        ("https://joe@/", E::NoHost),
        ("acct:joe", E::NoHost),
        ("acct:123", E::NoHost),
        ("acct:joe@", E::NoHost),
        ("acct:@example.com", E::NoUser),
        ("mailto:joe@example.com", E::NoHost),
        ("tel:5551234", E::NoHost),
        ("urn:example:joe@example.com", E::NoHost),
        // a scheme nobody knows, and no password for the host
        ("joe:secret@example.com", E::NoHost),
        ("joe_s:secret@example.com", E::Password),
        ("joe_s:secret@example.com:8080", E::Password),
        ("acct:joe:secret@example.com", E::Password),
        ("https://joe:secret@example.com/", E::Password),
        ("https://joe:@example.com:8443/x", E::Password),
        ("https://a@b@example.com", E::AtSignInUserInfo),
        ("a@b@example.com:8080", E::AtSignInUserInfo),
        ("joe@example.com:", host(UriError::MalformedPort)),
        ("example.com:", host(UriError::MalformedPort)),
        ("example.com:0", host(UriError::MalformedPort)),
        ("example.com:99999", host(UriError::MalformedPort)),
        ("joe@127.1", host(UriError::MalformedHost)),
        ("joe@ex%61mple.com", host(UriError::MalformedHost)),
        ("joe@a..b", host(UriError::MalformedHost)),
        ("joe@[::1", host(UriError::MalformedHost)),
        ("acct:joe@example.com/x", host(UriError::MalformedHost)),
        ("acct:joe@example.com?x", host(UriError::MalformedHost)),
    ] {
        assert_eq!(Identifier::parse(input), Err(refused), "{input}");
    }
}

#[test]
fn nothing_is_repaired() {
    use IdentifierError as E;
    for (input, refused) in [
        (" joe@example.com", E::ForbiddenCharacter { offset: 0 }),
        ("joe@example.com\n", E::ForbiddenCharacter { offset: 15 }),
        ("joe@b\u{fc}cher.example", E::ForbiddenCharacter { offset: 5 }),
        ("Joe <joe@example.com>", E::ForbiddenCharacter { offset: 3 }),
        ("\"joe\"@example.com", E::ForbiddenCharacter { offset: 0 }),
        ("example.com\\@evil.example", E::ForbiddenCharacter { offset: 11 }),
        ("joe%4@example.com", E::MalformedPercentEncoding { offset: 3 }),
        ("joe@example.com/%", E::MalformedPercentEncoding { offset: 16 }),
        ("joe[1]@example.com", E::ForbiddenCharacter { offset: 3 }),
        ("https://example.com/[1]", E::ForbiddenCharacter { offset: 20 }),
        ("joe@[::1]/]", E::ForbiddenCharacter { offset: 10 }),
    ] {
        assert_eq!(Identifier::parse(input), Err(refused), "{input}");
    }
    let long = format!("{}@example.com", "j".repeat(2037));
    assert_eq!(Identifier::parse(&long), Err(E::TooLong { length: 2049 }));
    assert!(Identifier::parse(&long[1..]).is_ok());
}

/// RFC 7033 §4: the host can be known by other means.
#[test]
fn the_host_can_be_given() {
    let mail = Identifier::at("mailto:joe@example.com", "webfinger.example:8443").unwrap();
    assert_eq!((mail.resource(), mail.host()), ("mailto:joe@example.com", "webfinger.example:8443"));
    assert_eq!(Identifier::at("joe", "example.com"), Err(IdentifierError::NoScheme));
    assert_eq!(Identifier::at("mailto:", "example.com"), Err(IdentifierError::NoScheme));
    for host in ["", "example.com/x", "example.com?x", "example.com#x"] {
        assert!(Identifier::at("mailto:joe@example.com", host).is_err(), "{host}");
    }
    assert_eq!(
        Identifier::at("mailto:joe@example.com", "joe@example.com"),
        Err(IdentifierError::Host(UriError::HasUserInfo))
    );
}

fn parts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z]{1,5}",
        "[a-z]{1,4}\\.example",
        prop::sample::select(vec![
            "@",
            ":",
            "/",
            "//",
            "?",
            "#",
            "acct:",
            "https://",
            "%40",
            "[::1]",
            "8080",
            "127.0.0.1",
            "=",
            "!",
            " ",
            "\u{e9}",
            "+",
            ".."
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    /// Whatever is accepted can be asked about: the request goes to the host by https, and asks for the resource.
    #[test]
    fn what_is_accepted_can_be_asked(input in parts()) {
        let Ok(identifier) = Identifier::parse(&input) else { return Ok(()) };
        prop_assert!(!identifier.resource().contains(['#', ' ']));
        let request = Query::issuer(&identifier).request().unwrap();
        prop_assert_eq!(request.uri().scheme_str(), Some("https"));
        prop_assert_eq!(request.uri().authority().unwrap().as_str(), identifier.host());
        prop_assert_eq!(request.uri().path(), "/.well-known/webfinger");
        // and a normalised identifier stays what it is
        let again = Identifier::parse(identifier.resource()).unwrap();
        prop_assert_eq!(again, identifier);
    }

    #[test]
    fn nothing_that_is_typed_panics(input in "\\PC{0,40}") {
        let _ = Identifier::parse(&input);
        let _ = Identifier::at(&input, &input);
    }
}
