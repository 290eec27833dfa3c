//! The side that answers WebFinger queries (RFC 7033 §4.2 to §7).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_discovery::webfinger::{
    ISSUER_REL, Identifier, IdentifierError, Jrd, JrdLimits, Link, Lookup, LookupError, Query, Responder,
};
use avouch_types::form::FormError;
use avouch_types::{EndpointUrl, Issuer};
use http::{HeaderValue, StatusCode};
use proptest::prelude::*;

fn jrd() -> Jrd {
    Jrd::about("acct:bob@example.com")
        .with_property("http://example.com/ns/role", Some("employee"))
        .with_issuer(&Issuer::parse("https://op.example").unwrap())
        .with_link(Link::new("author").with_href("https://example.com/bob"))
        .with_link(Link::new("author").with_href("https://example.com/robert"))
}

/// Proves RFC7033-4.2-01 and RFC7033-4.1-01: `resource` exactly once, any number of `rel`, in any order.
#[test]
fn queries_are_read() {
    for (query, resource, rels) in [
        ("resource=acct%3Abob%40example.com", "acct:bob@example.com", &[][..]),
        ("rel=a&resource=acct:bob@example.com&rel=b", "acct:bob@example.com", &["a", "b"]),
        // percent-encoding is no form: a plus sign is one
        ("resource=acct:bob+tag@example.com&rel=x+y%20z", "acct:bob+tag@example.com", &["x+y z"]),
        (
            "resource=acct%3Ajuliet%2540capulet.example%40example.com",
            "acct:juliet%40capulet.example@example.com",
            &[],
        ),
        ("resource=https://example.com/?a=b&x=1&x=2", "https://example.com/?a=b", &[]),
    ] {
        let lookup = Lookup::parse(query).unwrap_or_else(|refused| panic!("{query}: {refused}"));
        assert_eq!(
            (lookup.resource(), lookup.rels()),
            (resource, &rels.iter().map(|rel| rel.to_string()).collect::<Vec<_>>()[..])
        );
    }
}

/// Proves RFC7033-4.2-01: what is absent, repeated or malformed is status 400.
#[test]
fn bad_queries_are_400() {
    let resource = LookupError::Resource;
    for (query, refused) in [
        ("", LookupError::NoResource),
        ("rel=author", LookupError::NoResource),
        ("resource", LookupError::NoResource),
        ("resource=", LookupError::NoResource),
        ("Resource=acct:a@b", LookupError::NoResource),
        ("resource=acct:a@b&resource=acct:a@b", LookupError::RepeatedResource),
        ("resource=acct:a@b&r%65source=acct:c@d", LookupError::RepeatedResource),
        ("resource=acct:a@b&resource=", LookupError::RepeatedResource),
        ("resource=bob", resource(IdentifierError::NoScheme)),
        ("resource=acct:", resource(IdentifierError::NoScheme)),
        ("resource=acct:a%20b@c", resource(IdentifierError::ForbiddenCharacter { offset: 6 })),
        ("resource=acct:a%25@c", resource(IdentifierError::MalformedPercentEncoding { offset: 6 })),
        ("resource=%zz", LookupError::Query(FormError::MalformedPercentEncoding { offset: 9 })),
        ("resource=%ff", LookupError::Query(FormError::NotUtf8 { offset: 9 })),
    ] {
        assert_eq!(Lookup::parse(query), Err(refused.clone()), "{query}");
        let answer = Responder::to_anyone().refused(&refused);
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert_eq!(answer.body(), refused.to_string().as_bytes());
    }
    let parameters = |count| format!("resource=acct:a@b{}", "&rel=a".repeat(count));
    assert!(Lookup::parse(&parameters(63)).is_ok());
    let refused = Lookup::parse(&parameters(64));
    assert_eq!(refused, Err(LookupError::Query(FormError::TooManyParameters { limit: 64 })));
    let plus = |count: usize| format!("resource=acct:a@b&x={}", "+".repeat(count - 20));
    assert!(Lookup::parse(&plus(8192)).is_ok(), "what was sent counts");
    let refused = Lookup::parse(&plus(8193));
    assert_eq!(refused, Err(LookupError::Query(FormError::TooLong { len: 8193, limit: 8192 })));
}

/// Proves RFC7033-4.3-01: `rel` filters the links and nothing else.
#[test]
fn links_are_filtered_by_their_relation() {
    for (rels, left) in [
        ("", &["https://op.example", "https://example.com/bob", "https://example.com/robert"][..]),
        ("&rel=author", &["https://example.com/bob", "https://example.com/robert"]),
        ("&rel=Author", &[]),
        ("&rel=none", &[]),
        ("&rel=none&rel=http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer", &["https://op.example"]),
    ] {
        let lookup = Lookup::parse(&format!("resource=acct:bob@example.com{rels}")).unwrap();
        let answer = Responder::to_anyone().found(&lookup, &jrd());
        let sent = Jrd::from_json(answer.body(), &JrdLimits::default()).unwrap();
        let hrefs: Vec<_> = sent.links.iter().map(|link| link.href.as_deref().unwrap()).collect();
        assert_eq!(hrefs, left, "{rels}");
        assert_eq!((&sent.subject, &sent.properties), (&jrd().subject, &jrd().properties), "{rels}");
    }
}

/// Proves RFC7033-4.2-02, RFC7033-4.2-04, RFC7033-5-01 and DISC-2-06: status, media type, and the header for pages of other
/// origins on every answer.
#[test]
fn answers_have_their_headers() {
    let lookup = Lookup::parse("resource=acct:bob@example.com").unwrap();
    let service = EndpointUrl::parse("https://wf.example.net/w").unwrap();
    for (respond, origin) in [
        (Responder::to_anyone(), "*"),
        (Responder::to_origin(HeaderValue::from_static("https://rp.example")), "https://rp.example"),
    ] {
        let found = respond.found(&lookup, &jrd());
        assert_eq!(found.status(), StatusCode::OK);
        assert_eq!(found.headers()["content-type"], "application/jrd+json");
        let unknown = respond.unknown();
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
        let refused = respond.refused(&LookupError::NoResource);
        for answer in [found, unknown, refused, respond.hosted_at(&service, &lookup)] {
            assert_eq!(answer.headers()["access-control-allow-origin"], origin);
        }
    }
}

/// Proves RFC7033-7-01 and RFC7033-4.2-05: a domain whose WebFinger is hosted elsewhere redirects there, and a relying party arrives.
#[test]
fn a_hosted_service_is_redirected_to() {
    let query = Query::issuer(&Identifier::parse("al+ice@example.com").unwrap());
    let lookup = Lookup::parse(query.request().unwrap().uri().query().unwrap()).unwrap();
    for service in
        ["https://wf.example.net/example.com/webfinger", "https://wf.example.net/w?domain=example.com"]
    {
        let service = EndpointUrl::parse(service).unwrap();
        let moved = Responder::to_anyone().hosted_at(&service, &lookup);
        assert_eq!(moved.status(), StatusCode::TEMPORARY_REDIRECT);
        let next = query.follow(&moved).unwrap().expect("it is a redirect").request().unwrap();
        assert!(next.uri().to_string().starts_with(service.as_str()));
        assert_eq!(Lookup::parse(next.uri().query().unwrap()).unwrap(), lookup);
    }
}

/// The examples of Discovery §2.2.3 have a slash that its rules do not give: both are the same resource here.
#[test]
fn the_slash_of_an_empty_path_makes_no_difference() {
    let lookup = |resource: &str| Lookup::parse(&format!("resource={resource}")).unwrap();
    for (asked, known, same) in [
        ("https://example.com", "https://example.com/", true),
        ("https://example.com/", "https://example.com", true),
        ("https://example.com/joe", "https://example.com/joe/", false),
        ("acct:joe@example.com", "acct:joe@example.com", true),
        ("acct:joe@example.com", "acct:Joe@example.com", false),
    ] {
        assert_eq!(lookup(asked).is_about(known), same, "{asked} {known}");
    }
}

proptest! {
    /// What one side asks is what the other side is asked, and what it tells is what is found.
    #[test]
    fn both_sides_agree(user in "[!-~]{1,12}", rel in "[ -~]{1,12}", path in "(/[a-z]{1,5}){0,2}") {
        let Ok(identifier) = Identifier::parse(&format!("acct:{user}@example.com")) else { return Ok(()) };
        let query = Query::issuer(&identifier).rel(&rel);
        let lookup = Lookup::parse(query.request().unwrap().uri().query().unwrap()).unwrap();
        prop_assert_eq!(lookup.resource(), identifier.resource());
        prop_assert_eq!(lookup.rels(), &[ISSUER_REL.to_owned(), rel]);
        let issuer = Issuer::parse(&format!("https://op.example{path}")).unwrap();
        let answer = Responder::to_anyone().found(&lookup, &Jrd::about("x:y").with_issuer(&issuer));
        prop_assert_eq!(query.complete(&answer).unwrap().issuer(), Ok(issuer));
    }

    #[test]
    fn no_query_panics(query in "\\PC{0,60}") {
        let _ = Lookup::parse(&query);
    }
}
