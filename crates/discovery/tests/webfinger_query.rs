//! Queries and their answers, as a relying party has them (RFC 7033, Discovery §2).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_discovery::webfinger::{
    Identifier, IssuerLinkError, JrdLimits, Query, QueryError, RedirectError, Tolerated, dangerous,
};
use avouch_discovery::{FetchPurpose, Redirects, ResponseError};
use avouch_types::{Issuer, UriError};
use http::{Method, Response, StatusCode};

const REL: &str = "http://openid.net/specs/connect/1.0/issuer";

fn joe() -> Identifier {
    Identifier::parse("joe@example.com").unwrap()
}

fn query() -> Query {
    Query::issuer(&joe())
}

fn answer(body: &str) -> Response<Vec<u8>> {
    labelled("application/jrd+json", body)
}

fn labelled(media_type: &str, body: &str) -> Response<Vec<u8>> {
    Response::builder().header("content-type", media_type).body(body.as_bytes().to_vec()).unwrap()
}

fn status(status: u16) -> Response<Vec<u8>> {
    let body = format!(r#"{{"links":[{{"rel":"{REL}","href":"https://op.example"}}]}}"#).into_bytes();
    Response::builder().status(status).header("content-type", "application/jrd+json").body(body).unwrap()
}

fn redirect(status: u16, location: &str) -> Response<Vec<u8>> {
    Response::builder().status(status).header("location", location).body(Vec::new()).unwrap()
}

fn issuer(body: &str) -> Result<Issuer, IssuerLinkError> {
    query().complete(&answer(body)).unwrap().issuer()
}

/// Proves DISC-2-03, DISC-2-04, RFC7033-4-02, RFC7033-4-03, RFC7033-4.1-01 and RFC7033-4.1-02, by the requests of
/// Discovery §2.2.
#[test]
fn the_request_asks_the_host_about_the_resource() {
    for (input, expected) in [
        ("joe@example.com", "https://example.com/.well-known/webfinger?resource=acct%3Ajoe%40example.com"),
        (
            "https://example.com/joe",
            "https://example.com/.well-known/webfinger?resource=https%3A%2F%2Fexample.com%2Fjoe",
        ),
        (
            "example.com:8080",
            "https://example.com:8080/.well-known/webfinger?resource=https%3A%2F%2Fexample.com%3A8080%2F",
        ),
        (
            "acct:juliet%40capulet.example@shopping.example.com",
            "https://shopping.example.com/.well-known/webfinger\
             ?resource=acct%3Ajuliet%2540capulet.example%40shopping.example.com",
        ),
        (
            "https://example.com/joe?a=b&c+d",
            "https://example.com/.well-known/webfinger\
             ?resource=https%3A%2F%2Fexample.com%2Fjoe%3Fa%3Db%26c%2Bd",
        ),
    ] {
        let request = Query::issuer(&Identifier::parse(input).unwrap()).request().unwrap();
        let rel = "&rel=http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer";
        assert_eq!(request.uri().to_string(), format!("{expected}{rel}"));
        assert_eq!(request.method(), Method::GET);
        assert_eq!(request.headers()["accept"], "application/jrd+json");
    }
    let all = Query::new(&joe()).request().unwrap();
    assert_eq!(all.uri().query(), Some("resource=acct%3Ajoe%40example.com"));
    let two = Query::new(&joe()).rel("author").rel("a b&c=d").request().unwrap();
    assert_eq!(two.uri().query(), Some("resource=acct%3Ajoe%40example.com&rel=author&rel=a%20b%26c%3Dd"));
}

/// What is beyond any URI is no request, instead of one to another address.
#[test]
fn an_address_without_bounds_is_no_request() {
    assert!(Query::new(&joe()).rel(&"a".repeat(70_000)).request().is_err());
}

#[test]
fn the_host_is_told_how_to_send_it() {
    let policy = query().limits(JrdLimits::default().with_bytes(100)).policy();
    assert_eq!((policy.purpose, policy.max_bytes), (FetchPurpose::WebFinger, 100));
    assert_eq!(policy.redirects, Redirects::Never);
}

/// Proves DISC-2-09 and RFC7033-4.4.1-01: neither the issuer nor the subject has anything to do with what was asked.
#[test]
fn the_issuer_is_taken_as_it_is() {
    let found = issuer(
        r#"{"subject":"https://other.example/x","links":[{"rel":"http://openid.net/specs/connect/1.0/issuer","href":"https://server.test:8443/tenant/"}]}"#,
    );
    assert_eq!(found.unwrap().as_str(), "https://server.test:8443/tenant/");
}

/// Proves RFC7033-4.4.4-01, RFC7033-4.4.4.1-01 and RFC7033-8.5-01: the first of those whose relation is exactly the one
/// asked for.
#[test]
fn the_first_exact_relation_counts() {
    let links = |rels: &[&str]| {
        let link = |(at, rel): (usize, &&str)| format!(r#"{{"rel":"{rel}","href":"https://{at}.example"}}"#);
        format!(r#"{{"links":[{}]}}"#, rels.iter().enumerate().map(link).collect::<Vec<_>>().join(","))
    };
    let near = [
        "http://openid.net/specs/connect/1.0/issuer/",
        "http://openid.net/specs/connect/1.0/Issuer",
        "https://openid.net/specs/connect/1.0/issuer",
        "http://openid.net/specs/connect/1%2e0/issuer",
        "author",
    ];
    for rel in near {
        assert_eq!(issuer(&links(&[rel])), Err(IssuerLinkError::NoLink), "{rel}");
        assert_eq!(issuer(&links(&[rel, REL, REL])).unwrap().as_str(), "https://1.example", "{rel}");
    }
}

/// Proves RFC7033-4.3-02: `links` may be empty or absent, which names no issuer.
#[test]
fn no_link_names_no_issuer() {
    for body in ["{}", r#"{"links":[]}"#, r#"{"subject":"acct:joe@example.com"}"#] {
        assert_eq!(issuer(body), Err(IssuerLinkError::NoLink), "{body}");
    }
}

/// Proves DISC-2-07 and DISC-2-08: the issuer is the `href` of that link, an https URI with neither query nor fragment. No
/// other link is tried.
#[test]
fn an_issuer_that_is_none_is_refused_with_its_place() {
    for (href, rule) in [
        ("http://op.example", UriError::NotHttps),
        ("http://127.0.0.1:8080", UriError::NotHttps),
        ("https://op.example?tenant=1", UriError::HasQuery),
        ("https://op.example#x", UriError::IssuerHasFragment),
        ("https://joe@op.example", UriError::HasUserInfo),
        ("https://", UriError::NoHost),
        ("op.example", UriError::NoScheme),
        ("", UriError::NoScheme),
    ] {
        let body = format!(
            r#"{{"links":[{{"rel":"author"}},{{"rel":"{REL}","href":"{href}"}},{{"rel":"{REL}","href":"https://op.example"}}]}}"#
        );
        let expected = IssuerLinkError::NoIssuer {
            path: "links[1].href".to_owned(),
            found: href.to_owned(),
            source: rule,
        };
        assert_eq!(issuer(&body), Err(expected), "{href}");
    }
    let bare = format!(r#"{{"links":[{{"rel":"{REL}"}}]}}"#);
    assert_eq!(issuer(&bare), Err(IssuerLinkError::NoHref { path: "links[0].href".to_owned() }));
}

/// Proves RFC7033-4.2-03: whatever is no success has failed, and no query ever asks by http.
#[test]
fn what_fails_has_failed() {
    for code in [201, 204, 300, 304, 400, 401, 404, 410, 500, 503] {
        assert!(query().follow(&status(code)).unwrap().is_none(), "{code}");
        let refused = query().complete(&status(code));
        assert!(matches!(refused, Err(QueryError::Response(_))), "{code}: {refused:?}");
    }
    assert!(query().complete(&status(200)).is_ok());
    let http = Identifier::parse("http://example.com/joe").unwrap();
    assert_eq!(Query::issuer(&http).request().unwrap().uri().scheme_str(), Some("https"));
}

/// Proves RFC7033-4.2-05 and DISC-2-05: redirects are followed to https, and to nothing else.
#[test]
fn redirects_lead_to_https_only() {
    let follow = |location: &str| query().follow(&redirect(307, location));
    for (location, next) in [
        (
            "https://wf.example.net/example.com/webfinger?resource=acct%3Aalice%40example.com",
            "https://wf.example.net/example.com/webfinger?resource=acct%3Aalice%40example.com",
        ),
        ("https://wf.example.net/w#x", "https://wf.example.net/w"),
        ("//wf.example.net/w?a", "https://wf.example.net/w?a"),
        ("/w?resource=x", "https://example.com/w?resource=x"),
    ] {
        let next_query = follow(location).unwrap().expect("it is a redirect");
        assert_eq!(next_query.request().unwrap().uri().to_string(), next);
        assert_eq!(next_query.policy(), query().policy());
    }
    for (location, rule) in [
        ("http://example.com/.well-known/webfinger?resource=acct%3Ajoe%40example.com", UriError::NotHttps),
        ("http://127.0.0.1/w", UriError::NotHttps),
        ("HTTP://example.com/w", UriError::NotHttps),
        ("file:///etc/passwd", UriError::NotHttps),
        ("https://joe@example.com/w", UriError::HasUserInfo),
        ("w", UriError::NoScheme),
        ("", UriError::NoScheme),
        ("https://example.com/../w", UriError::DotSegment),
    ] {
        let expected = RedirectError::Location { found: location.to_owned(), source: rule };
        assert_eq!(follow(location).unwrap_err(), expected, "{location}");
    }
    for status in [301, 302, 303, 307, 308] {
        let moved = redirect(status, "https://wf.example.net/w");
        assert!(query().follow(&moved).unwrap().is_some(), "{status}");
        // and who does not follow has no answer
        let refused = query().complete(&moved);
        assert!(matches!(refused, Err(QueryError::Response(ResponseError::Redirect { .. }))), "{status}");
        let nowhere = Response::builder().status(status).body(Vec::new()).unwrap();
        assert_eq!(query().follow(&nowhere).unwrap_err(), RedirectError::NoLocation, "{status}");
    }
}

#[test]
fn redirects_come_to_an_end() {
    let again = redirect(302, "/.well-known/webfinger");
    let mut query = query();
    for _ in 0..3 {
        query = query.follow(&again).unwrap().expect("it is a redirect");
    }
    assert_eq!(query.follow(&again).unwrap_err(), RedirectError::TooMany { limit: 3 });
    assert!(query.complete(&status(200)).is_ok());
}

/// The answer has a media type of its own; what is labelled otherwise is read where that was said.
#[test]
fn the_media_type_is_that_of_a_jrd() {
    for media_type in ["application/jrd+json", "Application/JRD+JSON; charset=utf-8"] {
        assert!(query().complete(&labelled(media_type, "{}")).is_ok(), "{media_type}");
    }
    let tolerant = || query().tolerate(Tolerated::PlainJson);
    assert_eq!(tolerant().request().unwrap().headers()["accept"], "application/jrd+json, application/json");
    for (media_type, tolerated) in [
        ("application/json", true),
        ("application/json; charset=latin1", true),
        ("text/html", false),
        ("", false),
    ] {
        let answer = labelled(media_type, "{}");
        let refused = query().complete(&answer).unwrap_err();
        let QueryError::Response(ResponseError::ContentType { expected, .. }) = refused else {
            panic!("{media_type}: {refused}")
        };
        assert_eq!(expected, "application/jrd+json");
        assert_eq!(tolerant().complete(&answer).is_ok(), tolerated, "{media_type}");
    }
    assert!(tolerant().complete(&labelled("application/jrd+json", "{}")).is_ok());
}

#[test]
fn an_answer_beyond_the_budget_is_not_read() {
    let query = query().limits(JrdLimits::default().with_bytes(10));
    let refused = query.complete(&answer(r#"{"links":[]}"#));
    let too_long = ResponseError::TooLong { length: 12, limit: 10 };
    assert!(matches!(refused, Err(QueryError::Response(error)) if error == too_long));
}

/// Plain http needs a name that says so, and leads to this machine only.
#[test]
fn loopback_is_behind_a_door_of_its_own() {
    let local = Identifier::parse("joe@localhost").unwrap();
    let query = dangerous::loopback_http_query(&local).unwrap();
    let uri = query.request().unwrap().uri().clone();
    assert_eq!((uri.scheme_str(), uri.host()), (Some("http"), Some("localhost")));
    let elsewhere = Identifier::parse("joe@example.com").unwrap();
    assert_eq!(dangerous::loopback_http_query(&elsewhere).unwrap_err(), UriError::NotLoopbackHttp);

    assert!(query.follow(&redirect(302, "/w")).unwrap().is_some());
    assert!(query.follow(&redirect(302, "https://example.com/w")).unwrap().is_some());
    assert!(query.follow(&redirect(302, "http://example.com/w")).is_err());

    let named = |href: &str| answer(&format!(r#"{{"links":[{{"rel":"{REL}","href":"{href}"}}]}}"#));
    let jrd = query.complete(&named("http://127.0.0.1:8080")).unwrap();
    assert!(jrd.issuer().is_err());
    assert!(dangerous::loopback_http_issuer(&jrd).unwrap().is_loopback_http());
    let jrd = query.complete(&named("http://op.example")).unwrap();
    assert!(dangerous::loopback_http_issuer(&jrd).is_err());
}

#[test]
fn status_codes_are_told() {
    let refused = query().complete(&status(404)).unwrap_err();
    let told = ResponseError::Status { status: StatusCode::NOT_FOUND };
    assert!(matches!(refused, QueryError::Response(error) if error == told));
}

#[test]
fn nobody_is_shown_in_logs() {
    let shown = format!("{:?} {:?}", joe(), query());
    assert!(shown.contains("example.com") && !shown.contains("joe"), "{shown}");
}

/// What may be absent may be null where that was said, and nothing else may.
#[test]
fn nulls_are_read_where_that_was_said() {
    let issuer = r#"{"rel":"http://openid.net/specs/connect/1.0/issuer","href":"https://op.example"}"#;
    for (document, tolerated) in [
        (format!(r#"{{"subject":null,"aliases":null,"properties":null,"links":[{issuer}]}}"#), true),
        (
            format!(
                r#"{{"links":[{{"rel":"a","href":null,"type":null,"titles":null,"properties":null}},{issuer}]}}"#
            ),
            true,
        ),
        (format!(r#"{{"links":[{{"rel":null}},{issuer}]}}"#), false),
        (format!(r#"{{"links":[null,{issuer}]}}"#), false),
        (format!(r#"{{"aliases":[null],"links":[{issuer}]}}"#), false),
    ] {
        let answer = labelled("application/jrd+json", &document);
        assert!(matches!(query().complete(&answer), Err(QueryError::Jrd(_))), "{document}");
        let read = query().tolerate(Tolerated::Nulls).complete(&answer);
        assert_eq!(read.is_ok_and(|jrd| jrd.issuer().is_ok()), tolerated, "{document}");
    }
    // no link is no issuer, and what nobody defined stays as it is; two faults may be named
    let plain = labelled("application/json", r#"{"links":null,"x":null}"#);
    assert!(query().tolerate(Tolerated::Nulls).complete(&plain).is_err());
    let jrd = query().tolerate(Tolerated::PlainJson).tolerate(Tolerated::Nulls).complete(&plain).unwrap();
    assert_eq!((jrd.issuer(), jrd.extra.len()), (Err(IssuerLinkError::NoLink), 1));
}

#[test]
fn a_refusal_names_the_section() {
    let refused = |answer| query().complete(&answer).unwrap_err().section();
    assert_eq!(refused(labelled("text/html", "{}")), Some("RFC 9110, 8.3"));
    assert_eq!(refused(labelled("application/jrd+json", r#"{"subject":1}"#)), Some("RFC 7033, 4.4"));
}
