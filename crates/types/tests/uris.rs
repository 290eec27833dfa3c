//! Issuers, endpoint URLs and redirect URIs: what is refused, and what equals what.
#![allow(clippy::unwrap_used)]

use avouch_types::dangerous::{loopback_http_endpoint, loopback_http_issuer};
use avouch_types::{
    EndpointUrl, Form, Issuer, MAX_URI_BYTES, RedirectUri, UriError, with_fragment, with_query,
};

/// Proves CORE-1.2-01, CORE-2-01.
#[test]
fn an_issuer_is_an_https_url_with_host_and_neither_query_nor_fragment() {
    for accepted in [
        "https://op.example",
        "https://op.example/",
        "https://op.example:8443/tenant/1",
        "https://OP.example/Tenant",
        "https://127.0.0.1",
        "https://[2001:db8::1]:444/x",
        "https://op.example/a%2Fb",
        "https://[0:0:0::1]",
        "https://-a.example",
        "https://_a.b-.example",
    ] {
        assert_eq!(Issuer::parse(accepted).unwrap().as_str(), accepted);
    }
    for (refused, rule) in [
        ("http://op.example", UriError::NotHttps),
        ("http://127.0.0.1", UriError::NotHttps),
        ("HTTPS://op.example", UriError::NotHttps),
        ("https://op.example?", UriError::HasQuery),
        ("https://op.example?a=b", UriError::HasQuery),
        ("https://op.example#", UriError::IssuerHasFragment),
        ("https://op.example/#a", UriError::IssuerHasFragment),
        ("https://", UriError::NoHost),
        ("https:///path", UriError::NoHost),
        ("https://:443/", UriError::NoHost),
        ("https:op.example", UriError::NoHost),
        ("https:/op.example", UriError::NoHost),
        ("op.example", UriError::NoScheme),
        ("//op.example", UriError::NoScheme),
        ("", UriError::NoScheme),
        ("1https://op.example", UriError::NoScheme),
    ] {
        assert_eq!(Issuer::parse(refused), Err(rule), "{refused}");
        assert!(serde_json::from_value::<Issuer>(refused.into()).is_err(), "{refused}");
    }
}

/// Proves CORE-1.2-01, CORE-14-01: case, slash and encoding make another issuer.
#[test]
fn issuers_are_compared_code_point_by_code_point() {
    let issuer = Issuer::parse("https://op.example/a").unwrap();
    for other in [
        "https://op.example/A",
        "https://OP.example/a",
        "https://op.example/a/",
        "https://op.example:443/a",
        "https://op.example/%61",
    ] {
        assert_ne!(Issuer::parse(other).unwrap(), issuer);
    }
    assert_ne!(Issuer::parse("https://[0:0:0::1]"), Issuer::parse("https://[::1]"));
}

/// Proves NAT-05: spellings that two readers understand differently are refused, for each kind of URI.
#[test]
fn look_alikes_are_refused() {
    for (host, rule) in [
        ("user@op.example", UriError::HasUserInfo),
        ("user:pass@op.example", UriError::HasUserInfo),
        ("@op.example", UriError::HasUserInfo),
        ("op.example:443@evil.example", UriError::HasUserInfo),
        ("op.example\\@evil.example", UriError::ForbiddenCharacter { offset: 18 }),
        ("op.example\\.evil.example", UriError::ForbiddenCharacter { offset: 18 }),
        (" op.example", UriError::ForbiddenCharacter { offset: 8 }),
        ("op\t.example", UriError::ForbiddenCharacter { offset: 10 }),
        ("op.example\r\n", UriError::ForbiddenCharacter { offset: 18 }),
        ("op.example\0", UriError::ForbiddenCharacter { offset: 18 }),
        ("op.example\u{7f}", UriError::ForbiddenCharacter { offset: 18 }),
        ("\u{f6}p.example", UriError::ForbiddenCharacter { offset: 8 }),
        ("op\u{3002}example", UriError::ForbiddenCharacter { offset: 10 }),
        ("op.example/<x>", UriError::ForbiddenCharacter { offset: 19 }),
        ("op.example/\"", UriError::ForbiddenCharacter { offset: 19 }),
        ("op.example/{x}", UriError::ForbiddenCharacter { offset: 19 }),
        ("op.example/|`^", UriError::ForbiddenCharacter { offset: 19 }),
        ("op.example/%", UriError::MalformedPercentEncoding { offset: 19 }),
        ("op.example/%2", UriError::MalformedPercentEncoding { offset: 19 }),
        ("op.example/%zz", UriError::MalformedPercentEncoding { offset: 19 }),
        ("op.example/%%32", UriError::MalformedPercentEncoding { offset: 19 }),
        ("op%2eexample", UriError::MalformedHost),
        ("op.example.", UriError::MalformedHost),
        (".op.example", UriError::MalformedHost),
        ("op..example", UriError::MalformedHost),
        ("op!example", UriError::MalformedHost),
        ("127.1", UriError::MalformedHost),
        ("127.0.0.01", UriError::MalformedHost),
        ("127.0.0.1.1", UriError::MalformedHost),
        ("0x7f000001", UriError::MalformedHost),
        ("127.0.0.0x1", UriError::MalformedHost),
        ("127.0.0.0X1", UriError::MalformedHost),
        ("2130706433", UriError::MalformedHost),
        ("256.0.0.1", UriError::MalformedHost),
        ("[::1", UriError::MalformedHost),
        ("[::1%25eth0]", UriError::MalformedHost),
        ("[v1.x]", UriError::MalformedHost),
        ("[::1]x", UriError::MalformedHost),
        ("[127.0.0.1]", UriError::MalformedHost),
        ("op.example:", UriError::MalformedPort),
        ("op.example:0", UriError::MalformedPort),
        ("op.example:0443", UriError::MalformedPort),
        ("op.example:65536", UriError::MalformedPort),
        ("op.example:+443", UriError::MalformedPort),
        ("op.example:443:443", UriError::MalformedPort),
        ("op.example/a/../b", UriError::DotSegment),
        ("op.example/a/..", UriError::DotSegment),
        ("op.example/./a", UriError::DotSegment),
        ("op.example/%2e%2E/a", UriError::DotSegment),
        ("op.example/.%2e/a", UriError::DotSegment),
    ] {
        let text = format!("https://{host}");
        assert_eq!(Issuer::parse(&text), Err(rule), "{text:?}");
        assert_eq!(EndpointUrl::parse(&text), Err(rule), "{text:?}");
        assert_eq!(RedirectUri::parse(&text), Err(rule), "{text:?}");
    }
    // dots that are no segment of their own stay
    assert!(RedirectUri::parse("https://rp.example/.well-known/a..b/...").is_ok());
}

/// Each rule but those of this crate's own stands in a section; and the error is of the text alone, which it does not repeat.
#[test]
fn each_error_has_its_section() {
    for (text, section) in [
        ("http://op.example", Some("OpenID Connect Core 1.0, 1.2")),
        ("https://op.example?a", Some("OpenID Connect Core 1.0, 1.2")),
        ("https://op.example#a", Some("OpenID Connect Core 1.0, 1.2")),
        ("op.example", Some("RFC 3986, 4.3")),
        ("https://\u{f6}p.example", Some("RFC 3986, 2")),
        ("https://op.example/%", Some("RFC 3986, 2.1")),
        ("https:///x", Some("RFC 9110, 4.2.2")),
        ("https://u@op.example", Some("RFC 9110, 4.2.4")),
        ("https://127.1", Some("RFC 3986, 3.2.2")),
        ("https://op.example:", Some("RFC 3986, 3.2.3")),
        ("https://op.example/../x", Some("RFC 3986, 6.2.2.3")),
        (&format!("https://op.example/{}", "x".repeat(MAX_URI_BYTES)), None),
    ] {
        let error = Issuer::parse(text).unwrap_err();
        assert_eq!(error.section(), section, "{text}");
        assert!(!error.to_string().contains("op.example"));
    }
    assert_eq!(loopback_http_issuer("http://op.example").unwrap_err().section(), Some("RFC 8252, 7.3"));
    assert_eq!(RedirectUri::parse("javascript:x").unwrap_err().section(), None);
    for error in [
        EndpointUrl::parse("https://op.example#a").unwrap_err(),
        RedirectUri::parse("app:/cb#a").unwrap_err(),
    ] {
        assert_eq!(error.section(), Some("RFC 6749, 3.1"));
    }
}

#[test]
fn a_uri_has_a_greatest_length() {
    let longest = format!("https://op.example/{}", "a".repeat(MAX_URI_BYTES - 19));
    assert!(Issuer::parse(&longest).is_ok());
    let longer = longest + "a";
    assert_eq!(RedirectUri::parse(&longer), Err(UriError::TooLong { len: MAX_URI_BYTES + 1 }));
}

/// As DNS has them: labels of 1 to 63 characters, 253 together.
#[test]
fn a_host_and_its_labels_have_a_greatest_length() {
    let of_labels = |labels: &[usize]| {
        let host: Vec<_> = labels.iter().map(|len| "a".repeat(*len)).collect();
        Issuer::parse(&format!("https://{}", host.join(".")))
    };
    assert!(of_labels(&[63]).is_ok());
    assert_eq!(of_labels(&[64]), Err(UriError::MalformedHost));
    assert_eq!(of_labels(&[1, 64, 1]), Err(UriError::MalformedHost));
    assert!(of_labels(&[63, 63, 63, 61]).is_ok());
    assert_eq!(of_labels(&[63, 63, 63, 62]), Err(UriError::MalformedHost));
    assert_eq!(of_labels(&[1; 127]).unwrap().as_str().len(), "https://".len() + 253);
    assert_eq!(of_labels(&[1; 128]), Err(UriError::MalformedHost));
}

#[test]
fn plain_http_has_one_door_and_only_for_loopback() {
    for accepted in ["http://127.0.0.1:8080", "http://[::1]", "http://localhost:3000/op"] {
        let issuer = loopback_http_issuer(accepted).unwrap();
        assert!(issuer.is_loopback_http());
        assert!(issuer.endpoint("/token").unwrap().is_loopback_http());
        assert!(loopback_http_endpoint(&format!("{accepted}/token")).is_ok());
        assert_eq!(EndpointUrl::parse(accepted), Err(UriError::NotHttps));
        assert!(serde_json::from_value::<EndpointUrl>(accepted.into()).is_err());
    }
    for refused in [
        "http://op.example",
        "https://127.0.0.1",
        "http://127.0.0.1.example",
        "http://127.0.0.2",
        "http://localhost.example",
        "http://LOCALHOST",
        "http://[0:0:0:0:0:0:0:1]",
        "http://[::ffff:127.0.0.1]",
    ] {
        assert_eq!(loopback_http_issuer(refused), Err(UriError::NotLoopbackHttp), "{refused}");
        assert_eq!(loopback_http_endpoint(refused), Err(UriError::NotLoopbackHttp), "{refused}");
    }
    assert!(!Issuer::parse("https://127.0.0.1").unwrap().is_loopback_http());
}

#[test]
fn an_issuer_names_its_endpoints() {
    let issuer = |text: &str| Issuer::parse(text).unwrap();
    assert_eq!(issuer("https://op.example").endpoint("/jwks").unwrap().as_str(), "https://op.example/jwks");
    assert_eq!(issuer("https://op.example/").endpoint("jwks").unwrap().as_str(), "https://op.example/jwks");
    assert_eq!(
        issuer("https://op.example:1/t").endpoint("/a?b=c").unwrap().as_str(),
        "https://op.example:1/t/a?b=c"
    );
    assert_eq!(issuer("https://op.example/t").origin(), "https://op.example");
    assert_eq!(issuer("https://op.example/t").path(), "/t");
    assert_eq!(
        (issuer("https://op.example").origin(), issuer("https://op.example").path()),
        ("https://op.example", "")
    );
    assert_eq!(issuer("https://op.example").endpoint("/../x"), Err(UriError::DotSegment));
    assert_eq!(issuer("https://op.example").endpoint("/a#b"), Err(UriError::HasFragment));
}

/// Proves END-12, MRT-6749-01: absolute, without fragment; a query is kept.
#[test]
fn a_redirect_uri_is_absolute_without_fragment() {
    for accepted in [
        "https://rp.example/cb?shop=7",
        "http://rp.example/cb",
        "http://127.0.0.1:51004/cb",
        "com.example.app:/oauth2redirect",
        "com.example.app:/oauth2redirect?a=b",
        "app://callback",
        "app:///callback",
        "urn:ietf:wg:oauth:2.0:oob",
    ] {
        assert_eq!(RedirectUri::parse(accepted).unwrap().as_str(), accepted);
    }
    assert_eq!(RedirectUri::parse("https://rp.example/cb#"), Err(UriError::HasFragment));
    assert_eq!(RedirectUri::parse("https://rp.example/cb?a#b"), Err(UriError::HasFragment));
    assert_eq!(RedirectUri::parse("/cb"), Err(UriError::NoScheme));
    assert_eq!(RedirectUri::parse("rp.example/cb"), Err(UriError::NoScheme));
    assert_eq!(RedirectUri::parse("https:/cb"), Err(UriError::NoHost));
}

#[test]
fn schemes_that_browsers_execute_are_no_redirect_uris() {
    for refused in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:https://a/b",
        "file:///etc/passwd",
        "about:blank",
    ] {
        assert_eq!(RedirectUri::parse(refused), Err(UriError::DangerousScheme), "{refused}");
    }
}

/// Proves END-11, CORE-3.1.2.1-05.
#[test]
fn redirect_uris_are_equal_only_as_texts() {
    let registered = RedirectUri::parse("https://rp.example/cb").unwrap();
    for other in [
        "https://rp.example/cb/",
        "https://rp.example/CB",
        "https://RP.example/cb",
        "https://rp.example:443/cb",
        "https://rp.example/c%62",
        "https://rp.example/cb?",
        "https://rp.example/cb?a=b",
        "https://rp.example/cb/x",
    ] {
        let other = RedirectUri::parse(other).unwrap();
        assert_ne!(other, registered);
        assert!(!other.matches_loopback(&registered));
    }
}

fn matches(requested: &str, registered: &str) -> bool {
    RedirectUri::parse(requested).unwrap().matches_loopback(&RedirectUri::parse(registered).unwrap())
}

/// Proves NAT-03, NAT-04: on loopback the port may differ, on either side present or absent.
#[test]
fn a_loopback_redirect_uri_matches_with_any_port() {
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let registered = format!("http://{host}/cb?x=1");
        let registered_with_port = format!("http://{host}:7000/cb?x=1");
        for requested in [&registered, &registered_with_port, &format!("http://{host}:51004/cb?x=1")] {
            assert!(matches(requested, &registered), "{requested}");
            assert!(matches(requested, &registered_with_port), "{requested}");
        }
    }
}

/// Proves NAT-03, NAT-04, NAT-05: nothing but the port may differ, and nothing but these three hosts is loopback.
#[test]
fn nothing_but_the_port_of_a_loopback_redirect_uri_may_differ() {
    for (requested, registered) in [
        // path, query, scheme, host
        ("http://127.0.0.1:1/other", "http://127.0.0.1/cb"),
        ("http://127.0.0.1:1/cb/", "http://127.0.0.1/cb"),
        ("http://127.0.0.1:1/cb?x=1", "http://127.0.0.1/cb"),
        ("http://127.0.0.1:1/cb", "http://127.0.0.1/cb?x=1"),
        ("http://127.0.0.1:1/cb?", "http://127.0.0.1/cb"),
        ("https://127.0.0.1:1/cb", "https://127.0.0.1/cb"),
        ("https://127.0.0.1:1/cb", "http://127.0.0.1/cb"),
        ("http://127.0.0.1:1/cb", "https://127.0.0.1/cb"),
        ("http://localhost:1/cb", "http://127.0.0.1/cb"),
        ("http://[::1]:1/cb", "http://127.0.0.1/cb"),
        // hosts that are no loopback, or loopback in another spelling
        ("http://rp.example:1/cb", "http://rp.example/cb"),
        ("http://127.0.0.1.example:1/cb", "http://127.0.0.1.example/cb"),
        ("http://127.0.0.2:1/cb", "http://127.0.0.2/cb"),
        ("http://localhost.example:1/cb", "http://localhost.example/cb"),
        ("http://[::ffff:127.0.0.1]:1/cb", "http://[::ffff:127.0.0.1]/cb"),
        ("http://[0:0:0:0:0:0:0:1]:1/cb", "http://[::1]/cb"),
        ("http://Localhost:1/cb", "http://Localhost/cb"),
        ("app://localhost:1/cb", "app://localhost/cb"),
    ] {
        assert!(!matches(requested, registered), "{requested} {registered}");
    }
    // what would be taken for loopback by a text search is no URI at all
    for refused in
        ["http://127.0.0.1:80@evil.example/cb", "http://127.0.0.1\\.evil.example/cb", "http://127.1:1/cb"]
    {
        assert!(RedirectUri::parse(refused).is_err(), "{refused}");
    }
}

/// Proves END-02, CORE-3.1.2.1-02, MRT-2.1-04: an endpoint's own query is kept.
#[test]
fn parameters_are_added_to_a_query() {
    let parameters = Form::new().with("state", "a b");
    for (uri, expected) in [
        ("https://op.example/auth", "https://op.example/auth?state=a+b"),
        ("https://op.example/auth?", "https://op.example/auth?state=a+b"),
        ("https://op.example/auth?x=%20y&z", "https://op.example/auth?x=%20y&z&state=a+b"),
        ("https://op.example", "https://op.example?state=a+b"),
    ] {
        assert_eq!(with_query(uri, &parameters), expected);
    }
    assert_eq!(with_query("https://op.example/a?b=c", &Form::new()), "https://op.example/a?b=c");
}

/// Proves END-04: a name that the query already has is replaced, however it is encoded. (CVE-2026-9689)
#[test]
fn parameters_replace_those_of_the_same_name() {
    let parameters = Form::new().with("code", "new");
    for uri in ["https://a/?code=old", "https://a/?c%6Fde=old", "https://a/?code", "https://a/?code=1&code=2"]
    {
        assert_eq!(with_query(uri, &parameters), "https://a/?code=new");
    }
    assert_eq!(with_query("https://a/?Code=1&code2=2", &parameters), "https://a/?Code=1&code2=2&code=new");
}

/// Proves MRT-2.1-05.
#[test]
fn a_fragment_leaves_the_query_untouched() {
    let parameters = Form::new().with("code", "new").with("state", "&=#");
    assert_eq!(
        with_fragment("https://a/?code=old", &parameters),
        "https://a/?code=old#code=new&state=%26%3D%23"
    );
}
