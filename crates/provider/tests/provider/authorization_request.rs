//! What the authorization endpoint accepts, refuses and ignores, before it looks at who is there.

use avouch_provider::authorize::RequestRefused;
use avouch_provider::{EndpointError, PkceRequirement, RedirectUriRefused};
use avouch_types::{ApplicationType, GrantType, ResponseType};
use http::{Request, StatusCode, header};

use super::support::*;

/// Proves END-01, CORE-3.1.2.1-01. Conformance: ensure-post-request-succeeds.
#[test]
fn get_and_post_mean_the_same() {
    let world = World::new();
    let body = Ask::new().query().into_bytes();
    let post = Request::post(format!("{ISSUER}/authorize"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.clone())
        .unwrap();
    let by_post = interaction_of(world.authorize(&post));
    let by_get = interaction_of(world.ask(&Ask::new()));
    assert_eq!(by_post.request, by_get.request);

    let put = Request::put(format!("{ISSUER}/authorize")).body(body).unwrap();
    assert_eq!(refusal_of(world.authorize(&put)).status, StatusCode::METHOD_NOT_ALLOWED);
}

/// A POST is read from its body only.
#[test]
fn a_post_with_a_query_is_read_from_its_body() {
    let world = World::new();
    let uri = format!("{ISSUER}/authorize?{}", Ask::new().query());
    let post = Request::post(uri).body(Vec::new()).unwrap();
    assert!(matches!(refusal_of(world.authorize(&post)).cause, EndpointError::Refused(_)));
}

/// Proves END-08, CORE-3.1.2.6-03, CORE-3.1.2.6-01.
#[test]
fn without_a_known_client_and_its_redirect_uri_nothing_is_sent_anywhere() {
    let world = World::new();
    let bad = [
        Ask::new().without("client_id"),
        Ask::new().with("client_id", ""),
        Ask::new().with("client_id", "nobody"),
        Ask::new().with("client_id", "WEB"),
        Ask::new().with("client_id", "we\u{e4}b"),
        Ask::new().and("client_id", "web"),
        Ask::new().without("redirect_uri"),
        Ask::new().with("redirect_uri", ""),
        Ask::new().with("redirect_uri", "https://evil.example/cb"),
        Ask::new().with("redirect_uri", "/cb"),
        Ask::new().and("redirect_uri", REDIRECT),
        // another mistake beside it changes nothing
        Ask::new().with("redirect_uri", "https://evil.example/cb").with("prompt", "none"),
        Ask::new().with("redirect_uri", "https://evil.example/cb").without("response_type"),
    ];
    for ask in bad {
        let refused = refusal_of(world.ask(&ask));
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", ask.query());
        assert!(matches!(refused.cause, EndpointError::Refused(_)), "{}", ask.query());
    }
}

/// Proves END-11, CORE-3.1.2.1-05. Conformance: ensure-registered-redirect-uri, redirect-uri-query-mismatch, redirect-uri-query-added.
#[test]
fn a_redirect_uri_is_compared_byte_for_byte() {
    let world = World::new();
    let near = [
        "https://rp.example/cb",
        "https://rp.example/cb?shop=7&x=1",
        "https://rp.example/cb?shop=8",
        "https://rp.example/cb?Shop=7",
        "https://rp.example/cb/?shop=7",
        "https://rp.example/CB?shop=7",
        "https://RP.example/cb?shop=7",
        "HTTPS://rp.example/cb?shop=7",
        "https://rp.example:443/cb?shop=7",
        "https://rp.example/%63b?shop=7",
        "https://rp.example/x/../cb?shop=7",
        "https://rp.example/cb/../cb?shop=7",
        "https://rp.example./cb?shop=7",
        "https://user@rp.example/cb?shop=7",
        "https://rp.example@evil.example/cb?shop=7",
        "https://rp.example.evil.example/cb?shop=7",
        "https://rp.example\\@evil.example/cb?shop=7",
        "https://rp.example%2eevil.example/cb?shop=7",
        "https://evil.example/https://rp.example/cb?shop=7",
        "https://rp.example/cb?shop=7#",
        "https://rp.example/cb?shop=7#x",
        "http://rp.example/cb?shop=7",
        " https://rp.example/cb?shop=7",
        "https://rp.example/cb?shop=7 ",
        "https://rp.example/cb?shop=7%00",
    ];
    for uri in near {
        let refused = refusal_of(world.ask(&Ask::new().with("redirect_uri", uri)));
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{uri}");
    }
    // and each of the registered ones will do
    interaction_of(world.ask(&Ask::new().with("redirect_uri", "https://rp.example/other")));
}

/// Proves NAT-02, NAT-03, NAT-04, CORE-3.1.2.1-07.
#[test]
fn any_port_will_do_for_a_native_client_on_loopback() {
    let world = World::new();
    world.change_client("native", |client| {
        client.redirect_uris.push(redirect("http://[::1]/six"));
        client.redirect_uris.push(redirect("http://localhost:1/named?q=1"));
    });
    let good = [
        "http://127.0.0.1:1/cb",
        "http://127.0.0.1:65535/cb",
        "http://127.0.0.1/cb",
        "http://[::1]:9/six",
        "http://localhost:2/named?q=1",
        "com.example.app:/cb",
    ];
    for uri in good {
        interaction_of(world.ask(&Ask::of("native", uri)));
    }
    let bad = [
        "http://127.0.0.1:1/CB",
        "http://127.0.0.1:1/cb?x=1",
        "http://127.0.0.1:1/cb/",
        "http://127.0.0.2:8400/cb",
        "http://127.1:8400/cb",
        "http://localhost:8400/cb",
        "http://[::ffff:127.0.0.1]:8400/cb",
        "http://user@127.0.0.1:8400/cb",
        "http://127.0.0.1.example:8400/cb",
        "https://127.0.0.1:8400/cb",
        "http://localhost:2/named?q=2",
        "com.example.app:/cb2",
        "com.example.app:1/cb",
    ];
    for uri in bad {
        let refused = refusal_of(world.ask(&Ask::of("native", uri)));
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{uri}");
    }
}

/// Proves NAT-04.
#[test]
fn the_port_of_a_web_client_is_fixed() {
    let world = World::new();
    world.change_client("web", |client| client.redirect_uris = vec![redirect(LOOPBACK)]);
    interaction_of(world.ask(&Ask::of("web", LOOPBACK)));
    assert_eq!(
        refusal_of(world.ask(&Ask::of("web", "http://127.0.0.1:8401/cb"))).status,
        StatusCode::BAD_REQUEST
    );
}

/// Proves END-14, CORE-3.1.2.1-06.
#[test]
fn plain_http_is_for_loopback_whatever_is_registered() {
    let world = World::new();
    for (client, kind) in [("web", ApplicationType::WEB), ("native", ApplicationType::NATIVE)] {
        for uri in ["http://rp.example/cb", "HTTP://rp.example/cb"] {
            world.change_client(client, |client| {
                client.application_type = kind.clone();
                client.redirect_uris = vec![redirect(uri)];
            });
            let refused = refusal_of(world.ask(&Ask::of(client, uri)));
            assert!(matches!(
                refused.cause,
                EndpointError::Refused(RequestRefused::RedirectUri(RedirectUriRefused::PlainHttp))
            ));
        }
    }
}

/// Proves END-04, CORE-3.1.2.2-01. An advisory asks for it, too: CVE-2026-9689.
#[test]
fn a_repeated_parameter_is_an_error() {
    let world = World::new();
    for (name, value) in [("scope", "openid"), ("nonce", "a nonce"), ("prompt", "login"), ("unknown", "1")] {
        let ask = Ask::new().and(name, value).and(name, value);
        assert_eq!(error_of(world.ask(&ask)), "invalid_request", "{name}");
    }
    // a repeated state is not echoed: nobody could say which
    let Outcome::Respond(answer) = world.ask(&Ask::new().and("state", "another")) else { panic!() };
    let form = parameters(&answer.response);
    assert_eq!((form.get("error"), form.get("state")), (Some("invalid_request"), None));
}

/// Proves END-03, CORE-3.1.2.2-06. Conformance: ensure-request-with-unknown-parameter-succeeds.
#[test]
fn unknown_parameters_are_ignored_and_empty_ones_are_absent() {
    let world = World::new();
    let ask = Ask::new().with("extra", "foobar").with("prompt", "").with("max_age", "").with("claims", "");
    interaction_of(world.ask(&ask));
    assert_eq!(error_of(world.ask(&Ask::new().with("response_type", ""))), "invalid_request");
}

/// Proves END-07, CORE-3.1.2.2-03, CORE-3.1.2.2-07. Conformance: response-type-missing.
#[test]
fn the_response_type_is_present_supported_and_registered() {
    let world = World::new();
    assert_eq!(error_of(world.ask(&Ask::new().without("response_type"))), "invalid_request");
    assert_eq!(error_of(world.ask(&Ask::new().with("response_type", "none"))), "unsupported_response_type");
    world.change_client("web", |client| client.response_types = vec![ResponseType::ID_TOKEN]);
    assert_eq!(error_of(world.ask(&Ask::new())), "unauthorized_client");
    world.change_client("web", |client| {
        client.response_types = vec![ResponseType::CODE];
        client.grant_types = vec![GrantType::REFRESH_TOKEN];
    });
    assert_eq!(error_of(world.ask(&Ask::new())), "unauthorized_client");
}

/// Errors of a request for tokens go where those tokens would have gone.
#[test]
fn the_error_for_an_implicit_request_is_in_the_fragment() {
    let world = World::new();
    let Outcome::Respond(answer) = world.ask(&Ask::new().with("response_type", "id_token")) else { panic!() };
    let url = location(&answer.response);
    assert!(url.starts_with(&format!("{REDIRECT}#error=unsupported_response_type")), "{url}");
}

/// Proves CORE-3.1.2.1-03, CORE-3.1.2.2-02, TOK-05.
#[test]
fn the_scope_holds_openid() {
    let world = World::new();
    for ask in
        [Ask::new().without("scope"), Ask::new().with("scope", "email"), Ask::new().with("scope", "OPENID")]
    {
        assert_eq!(error_of(world.ask(&ask)), "invalid_scope", "{}", ask.query());
    }
    world.change_client("web", |client| client.scopes = Some(scopes("email")));
    assert_eq!(error_of(world.ask(&Ask::new())), "invalid_scope");
}

/// Proves CORE-3.1.2.1-04.
#[test]
fn scopes_that_nobody_knows_or_the_client_may_not_use_are_ignored() {
    let world = World::new();
    world.change_client("web", |client| client.scopes = Some(scopes("openid email unheard_of")));
    let code = world.code(&Ask::new().with("scope", "openid email phone unheard_of"));
    let tokens = world.exchange(&code).unwrap();
    assert_eq!(tokens["scope"], "openid email");
}

/// Proves PKC-07, PKC-12.
#[test]
fn a_challenge_is_required_and_of_method_s256() {
    let world = World::new();
    let bare = Ask::new().without("code_challenge").without("code_challenge_method");
    assert_eq!(error_of(world.ask(&bare)), "invalid_request");
    for method in ["plain", "s256", "S512"] {
        let ask = Ask::new().with("code_challenge_method", method);
        assert_eq!(error_of(world.ask(&ask)), "invalid_request", "{method}");
    }
    // an absent method means plain
    assert_eq!(error_of(world.ask(&Ask::new().without("code_challenge_method"))), "invalid_request");
    assert_eq!(error_of(world.ask(&Ask::new().with("code_challenge", "short"))), "invalid_request");
}

/// Proves PKC-07.
#[test]
fn a_policy_can_let_confidential_clients_do_without_pkce_but_no_public_one() {
    let world = World::with_policy(|policy| policy.pkce = PkceRequirement::PublicClients);
    let bare = |client, uri| Ask::of(client, uri).without("code_challenge").without("code_challenge_method");
    interaction_of(world.ask(&bare("web", REDIRECT)));
    let Outcome::Respond(answer) = world.ask(&bare("native", LOOPBACK)) else { panic!() };
    assert_eq!(parameters(&answer.response).get("error"), Some("invalid_request"));
    // whoever sends a challenge is held to S256
    let plain = bare("web", REDIRECT).with("code_challenge", CHALLENGE);
    assert_eq!(error_of(world.ask(&plain)), "invalid_request");
}

/// Conformance: unsigned-request-object-supported-correctly-or-rejected-as-unsupported,
/// request-uri-unsigned-supported-correctly-or-rejected-as-unsupported.
#[test]
fn request_objects_are_refused_by_their_own_errors() {
    let world = World::new();
    let cases = [
        ("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"),
        ("request_uri", "https://rp.example/request.jwt", "request_uri_not_supported"),
        ("registration", "{}", "registration_not_supported"),
    ];
    for (name, value, error) in cases {
        assert_eq!(error_of(world.ask(&Ask::new().with(name, value))), error);
        // also if all the rest is to be found inside
        let bare = Ask::new().with(name, value).without("scope").without("nonce").without("response_type");
        assert_eq!(error_of(world.ask(&bare)), error);
    }
}

/// Proves END-09, CORE-3.1.2.6-05, CORE-3.1.2.6-02, CORE-3.1.2.6-06, CORE-3.1.2.6-07, ISS-01, END-16, CORE-16.22-01.
#[test]
fn an_error_response_says_error_state_and_iss_in_the_query_by_303() {
    let world = World::new();
    let Outcome::Respond(answer) = world.ask(&Ask::new().with("prompt", "none")) else { panic!() };
    let url = location(&answer.response);
    assert!(url.starts_with("https://rp.example/cb?shop=7&"), "{url}");
    let form = parameters(&answer.response);
    assert_eq!(form.get("error"), Some("login_required"));
    assert_eq!(form.get("state"), Some("a state +&"));
    assert_eq!(form.get("iss"), Some(ISSUER));
    let names: Vec<_> = form.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["shop", "error", "error_description", "state", "iss"]);
    assert!(form.get("error_description").unwrap().bytes().all(|octet| (0x20..0x7f).contains(&octet)));
    assert_eq!(answer.response.headers()[header::CACHE_CONTROL], "no-store");

    let Outcome::Respond(answer) = world.ask(&Ask::new().with("prompt", "none").without("state")) else {
        panic!()
    };
    assert_eq!(parameters(&answer.response).get("state"), None);
}

/// Proves CORE-3.1.2.5-01, ISS-01.
#[test]
fn a_success_response_says_code_state_and_iss_beside_the_query_that_was_there() {
    let world = World::new();
    let form = world.walk(&Ask::new());
    let names: Vec<_> = form.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["shop", "code", "state", "iss"]);
    assert_eq!(form.get("state"), Some("a state +&"));
    assert_eq!(form.get("iss"), Some(ISSUER));
    assert!(form.get("code").unwrap().len() >= 43, "256 bits");
}

/// Proves CORE-3.1.2.6-04.
#[test]
fn an_unknown_response_mode_is_answered_by_nothing_but_an_error_page() {
    let world = World::new();
    for mode in ["form_post.jwt", "query.jwt", "web_message", "Query"] {
        for uri in [REDIRECT, "https://evil.example/"] {
            let refused = refusal_of(world.ask(&Ask::of("web", uri).with("response_mode", mode)));
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{mode}");
        }
    }
}

/// Conformance: the form_post variant of the code flow.
#[test]
fn form_post_and_fragment_carry_the_code_when_asked_for() {
    let world = World::new();
    world.walk(&Ask::new());
    let Outcome::Respond(answer) = world.ask(&Ask::new().with("response_mode", "fragment")) else { panic!() };
    assert!(location(&answer.response).starts_with(&format!("{REDIRECT}#code=")));

    let Outcome::Respond(answer) = world.ask(&Ask::new().with("response_mode", "form_post")) else {
        panic!()
    };
    let response = answer.response;
    assert_eq!(response.status(), StatusCode::OK);
    let html = String::from_utf8(response.body().clone()).unwrap();
    assert!(html.contains("action=\"https://rp.example/cb?shop=7\""), "{html}");
    assert!(html.contains("name=\"code\"") && html.contains("value=\"a state +&amp;\""), "{html}");

    // its one script may run, by its hash
    let script = world.crypto.sha256(avouch_messages::FormPost::SCRIPT.as_bytes());
    let hash = avouch_jose::base64url::encode(script).replace('-', "+").replace('_', "/");
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains(&format!("script-src 'sha256-{hash}='")), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
}

/// Proves CORE-3.1.2.1-13.
#[test]
fn prompt_none_stands_alone() {
    let world = World::new();
    assert_eq!(error_of(world.ask(&Ask::new().with("prompt", "none login"))), "invalid_request");
}

/// Proves CORE-3.1.2.1-12, CORE-3.1.2.1-18, CORE-3.1.2.1-22, CORE-15.1-03, CORE-3.1.2.1-28, CORE-3.1.2.1-11.
/// Conformance: display-page, display-popup, ui-locales, claims-locales, login-hint,
/// ensure-request-with-acr-values-succeeds.
#[test]
fn wishes_are_handed_on_and_unknown_ones_are_no_error() {
    let world = World::new();
    let ask = Ask::new()
        .with("display", "popup")
        .with("prompt", "unheard_of")
        .with("ui_locales", "se xx-unknown-1")
        .with("claims_locales", "se")
        .with("login_hint", "alice@op.example")
        .with("acr_values", "1 2");
    let interaction = interaction_of(world.ask(&ask));
    assert_eq!(interaction.request.display.unwrap().as_str(), "popup");
    assert_eq!(interaction.request.login_hint.unwrap(), "alice@op.example");
    assert_eq!(interaction.request.acr_values.to_string(), "1 2");
    assert_eq!(interaction.request.ui_locales[0].as_str(), "se");
    world.code(&ask.with("display", "unheard_of"));
}

/// Proves CORE-5.5.1-01.
#[test]
fn malformed_parameters_are_errors_for_the_client() {
    let world = World::new();
    for (name, value) in [
        ("max_age", "-1"),
        ("max_age", "ten"),
        ("claims", "{"),
        ("claims", r#"{"userinfo":{"email":1}}"#),
        ("claims", r#"{"userinfo":{},"userinfo":{}}"#),
        ("prompt", "a  b"),
    ] {
        assert_eq!(error_of(world.ask(&Ask::new().with(name, value))), "invalid_request", "{name}={value}");
    }
}

#[test]
fn a_query_that_is_no_form_or_too_long_is_refused() {
    let world = World::new();
    assert!(matches!(refusal_of(world.get("client_id=%zz")).cause, EndpointError::Form(_)));
    let long = format!("{}&x={}", Ask::new().query(), "y".repeat(70_000));
    let post = Request::post(format!("{ISSUER}/authorize")).body(long.into_bytes()).unwrap();
    let refused = refusal_of(world.authorize(&post));
    assert!(matches!(refused.cause, EndpointError::Form(_)));
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}
