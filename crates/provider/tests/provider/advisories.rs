//! What went wrong elsewhere and has no place of its own among the rules.

use avouch_provider::EndpointError;
use http::StatusCode;

use super::support::*;

/// CVE-2023-6134, CVE-2023-6927: no response mode opens a way around the redirect URI.
#[test]
fn no_response_mode_makes_a_bad_redirect_uri_good() {
    let world = World::new();
    world.code(&Ask::new());
    for mode in
        ["query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt", "jwt", "x", ""]
    {
        for uri in [
            "https://rp.example/cb",
            "https://evil.example/?shop=7",
            "https://rp.example/cb?shop=7@evil.example",
            "https://*.example/cb?shop=7",
            "https://rp.example/*",
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example/cb",
        ] {
            let refused = refusal_of(world.ask(&Ask::of("web", uri).with("response_mode", mode)));
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{mode} {uri}");
        }
    }
}

/// CVE-2020-10770: a request_uri is never fetched, wherever it points: nothing here can fetch.
#[test]
fn a_request_uri_is_not_fetched() {
    let world = World::new();
    for uri in
        ["http://169.254.169.254/", "https://rp.example/r", "urn:ietf:params:oauth:request_uri:x", "file:///"]
    {
        assert_eq!(error_of(world.ask(&Ask::new().with("request_uri", uri))), "request_uri_not_supported");
    }
}

/// CVE-2026-9689: what the redirect URI's own query says is replaced, not repeated.
#[test]
fn the_redirect_uris_own_query_cannot_speak_for_the_response() {
    let world = World::new();
    let uri = "https://rp.example/cb?code=mine&state=mine&iss=https%3A%2F%2Fevil.example&error=mine&keep=1";
    world.change_client("web", |client| client.redirect_uris = vec![redirect(uri)]);
    let form = world.walk(&Ask::of("web", uri));
    assert_eq!(form.get("iss"), Some(ISSUER));
    assert_eq!(form.get("state"), Some("a state +&"));
    assert_ne!(form.get("code"), Some("mine"));
    assert_eq!((form.get("error"), form.get("keep")), (None, Some("1")));
}

/// A state cannot break out of the header or the page.
#[test]
fn a_state_is_carried_and_never_obeyed() {
    let world = World::new();
    world.code(&Ask::new());
    let hostile = "\"><script>alert(1)</script>\r\nSet-Cookie: x=1";
    for mode in ["query", "form_post"] {
        let outcome =
            world.ask(&Ask::new().with("state", hostile).with("response_mode", mode).with("prompt", "none"));
        let Outcome::Respond(answer) = outcome else { panic!() };
        assert!(answer.response.headers().get("set-cookie").is_none());
        let body = String::from_utf8(answer.response.body().clone()).unwrap();
        assert!(!body.contains("<script>alert"), "{body}");
    }
}

/// Deep nesting, many members, long values: errors, and nothing worse.
#[test]
fn hostile_sizes_are_errors() {
    let world = World::new();
    let deep = format!("{}{}", r#"{"userinfo":"#.repeat(2000), "1".repeat(10));
    assert_eq!(error_of(world.ask(&Ask::new().with("claims", &deep))), "invalid_request");
    let many = (0..200).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    let refused = refusal_of(world.get(&format!("{}&{many}", Ask::new().query())));
    assert!(matches!(refused.cause, EndpointError::Form(_)));
    assert_eq!(error_of(world.ask(&Ask::new().with("max_age", &"9".repeat(40)))), "invalid_request");
}
