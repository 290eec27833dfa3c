//! Bad input: the error that the specification names, a redirect only where redirecting is allowed, an error page
//! otherwise; nothing ever panics (every [`Running`] looks at its log in the end) or half succeeds.

use crate::support::{
    Browser, Page, Running, TempDir, authorization, client, form, program, read, redeeming, signed_in,
    token_request,
};
use http::StatusCode;

async fn authorize(op: &Running, query: &str) -> Page {
    Browser::default().get(&op.op_url(&format!("/authorize?{query}"))).await
}

fn is_error_page(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{what}");
    assert!(page.headers.get("location").is_none(), "{what}: nothing is sent anywhere");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{what}");
    assert!(!page.alert().is_empty(), "{what}: the person is told");
}

/// Until the client is known and the redirect URI is its own, nothing is sent anywhere.
///
/// Proves END-08, END-11, CORE-3.1.2.6-03.
#[tokio::test]
async fn nothing_is_sent_to_an_unknown_address() {
    let directory = TempDir::new("nowhere");
    let op = &Running::op(&directory);
    let good = op.said("redirect-uri");
    for client_id in
        [None, Some(""), Some("nobody"), Some("demo-client "), Some("DEMO-CLIENT"), Some("demo\u{0}")]
    {
        let page = authorize(op, &authorization(op, &[("client_id", client_id)])).await;
        is_error_page(&page, &format!("client_id {client_id:?}"));
    }
    let localhost = good.replace("127.0.0.1", "localhost");
    for uri in [
        format!("{good}/"),
        format!("{good}?x=1"),
        format!("{good}#x"),
        format!("{good}/../callback"),
        format!("{good}%2e"),
        good.to_uppercase(),
        good.replace("http:", "https:"),
        good.replace("127.0.0.1", "127.0.0.1@evil.example"),
        good.replace("127.0.0.1", "127.0.0.1.evil.example"),
        good.replace("127.0.0.1:", "127.0.0.1:1"),
        localhost,
        "https://evil.example/callback".to_owned(),
        "//evil.example".to_owned(),
        "/callback".to_owned(),
        "javascript:alert(1)".to_owned(),
        "data:text/html,x".to_owned(),
        "http://127.0.0.1\\@evil.example/callback".to_owned(),
        "\u{202e}http://127.0.0.1/".to_owned(),
        String::new(),
    ] {
        for mode in [None, Some("fragment"), Some("form_post")] {
            let query = authorization(op, &[("redirect_uri", Some(&uri)), ("response_mode", mode)]);
            is_error_page(&authorize(op, &query).await, &format!("redirect_uri {uri:?}"));
        }
    }
    is_error_page(&authorize(op, &authorization(op, &[("redirect_uri", None)])).await, "no redirect_uri");
    let query = authorization(op, &[]);
    is_error_page(&authorize(op, &format!("{query}&client_id=demo-client")).await, "client_id twice");
    let twice = format!("{query}&{}", form(&[("redirect_uri", good)]));
    is_error_page(&authorize(op, &twice).await, "redirect_uri twice");
    is_error_page(&authorize(op, &format!("{query}&x=%zz")).await, "no form at all");
    is_error_page(&authorize(op, &format!("{query}&x=%ff")).await, "not UTF-8");
    is_error_page(&authorize(op, "").await, "nothing");
}

/// Proves PKC-07. Without PKCE goes only who authenticates, and only where the host says so.
#[tokio::test]
async fn pkce_may_be_left_to_public_clients() {
    let directory = TempDir::new("pkce");
    let data = directory.path().to_str().unwrap();
    let op =
        &Running::start(&["op", "--op-address", "127.0.0.1:0", "--data", data, "--pkce", "public-clients"]);
    let redirect_uri = op.said("redirect-uri").to_owned();
    let added = ["client", "add", "--data", data, "--client-id", "public", "--auth-method", "none"];
    let added = [&added[..], &["--redirect-uri", &redirect_uri]].concat();
    assert!(program(&added).status().unwrap().success());
    let without = [("code_challenge", None), ("code_challenge_method", None)];
    let page = authorize(op, &authorization(op, &without)).await;
    assert!(
        page.header("location").starts_with("/interaction/"),
        "the demo client authenticates: {:?}",
        page.headers
    );
    let public = [&without[..], &[("client_id", Some("public"))]].concat();
    let page = authorize(op, &authorization(op, &public)).await;
    assert!(page.header("location").contains("error=invalid_request"), "{:?}", page.headers);
}

/// What is wrong beyond that is told to the client, with its state and our name.
///
/// Proves END-09, ISS-01, CORE-3.1.2.2-07.
#[tokio::test]
async fn the_client_is_told_what_is_wrong_with_its_request() {
    let directory = TempDir::new("told");
    let op = &Running::op(&directory);
    let long = "x".repeat(3000);
    for (name, value, error) in [
        ("response_type", None, "invalid_request"),
        ("response_type", Some("token"), "unsupported_response_type"),
        ("response_type", Some("code id_token"), "unsupported_response_type"),
        ("scope", None, "invalid_scope"),
        ("scope", Some("profile"), "invalid_scope"),
        ("code_challenge", None, "invalid_request"),
        ("code_challenge", Some("short"), "invalid_request"),
        ("code_challenge_method", None, "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("prompt", Some("none"), "login_required"),
        ("prompt", Some("none login"), "invalid_request"),
        ("max_age", Some("-1"), "invalid_request"),
        ("max_age", Some("soon"), "invalid_request"),
        ("claims", Some("{"), "invalid_request"),
        ("claims", Some("[]"), "invalid_request"),
        ("id_token_hint", Some("e30.e30.e30"), "invalid_request"),
        ("request", Some("e30.e30."), "request_not_supported"),
        ("request_uri", Some("https://evil.example/r"), "request_uri_not_supported"),
        ("registration", Some("{}"), "registration_not_supported"),
    ] {
        let page = authorize(op, &authorization(op, &[(name, value)])).await;
        assert!(
            page.location().starts_with(op.said("redirect-uri")),
            "{name}={value:?}: {}",
            page.location()
        );
        let answer = page.answer();
        assert_eq!(answer.get("error"), Some(error), "{name}={value:?}: {answer:?}");
        assert_eq!(answer.get("state"), Some("the-state"), "{name}={value:?}");
        assert_eq!(answer.get("iss"), Some(op.said("provider")), "{name}={value:?}");
        assert_eq!(answer.get("code"), None);
    }
    for name in ["scope", "nonce", "code_challenge", "prompt", "state"] {
        let query = format!("{}&{name}=x&{name}=y", authorization(op, &[(name, Some("x"))]));
        let answer = authorize(op, &query).await.answer();
        assert_eq!(answer.get("error"), Some("invalid_request"), "{name} stands there twice");
        assert_eq!(answer.get("state").is_none(), name == "state", "{name}");
    }
    let unknown = authorize(op, &authorization(op, &[("unknown", Some(&long))])).await;
    assert!(unknown.location().starts_with("/interaction/"), "unknown parameters are ignored");
}

#[tokio::test]
async fn what_is_too_long_is_refused() {
    let directory = TempDir::new("long");
    let op = &Running::op(&directory);
    let long = "x".repeat(8 * 1024);
    let query = authorization(op, &[("unknown", Some(&long))]);
    is_error_page(&authorize(op, &query).await, "GET");
    let posted = client()
        .post(op.op_url("/authorize"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", "avouch_op_browser=x")
        .body(query);
    is_error_page(&read(posted.send().await.unwrap()).await, "POST");
    let long = "x".repeat(200 * 1024);
    for path in ["/authorize", "/token", "/userinfo", "/sign-out", "/interaction/x"] {
        let request = client()
            .post(op.op_url(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", "avouch_op_browser=x")
            .body(format!("x={long}"));
        let page = read(request.send().await.unwrap()).await;
        match path {
            "/token" => {
                assert_eq!(page.status, StatusCode::BAD_REQUEST);
                assert_eq!(page.json()["error"], "invalid_request");
                assert_eq!(page.header("cache-control"), "no-store");
            }
            "/userinfo" => {
                assert_eq!(page.status, StatusCode::BAD_REQUEST);
                let challenge = page.header("www-authenticate");
                assert!(
                    challenge.starts_with("Bearer") && challenge.contains("invalid_request"),
                    "{challenge}"
                );
            }
            _ => assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}"),
        }
    }
    let many = (0..2000).map(|n| format!("p{n}=")).collect::<Vec<_>>().join("&");
    let request =
        client().post(op.op_url("/token")).header("content-type", "application/x-www-form-urlencoded");
    let page = read(request.body(many).send().await.unwrap()).await;
    assert_eq!(
        (page.status, page.json()["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_request"))
    );
}

/// Proves TOK-06, TOK-08.
#[tokio::test]
async fn the_token_endpoint_names_the_error() {
    let directory = TempDir::new("token");
    let op = &Running::op(&directory);
    let code = ("code", "made up");
    let verifier = ("code_verifier", crate::support::VERIFIER);
    let redirect = ("redirect_uri", op.said("redirect-uri"));
    let grant = ("grant_type", "authorization_code");
    for (fields, error) in [
        (vec![], "invalid_request"),
        (vec![("grant_type", "")], "invalid_request"),
        (vec![("grant_type", "password"), ("username", "ada")], "unsupported_grant_type"),
        (vec![grant], "invalid_request"),
        (vec![grant, code], "invalid_request"),
        (vec![grant, code, redirect, verifier], "invalid_grant"),
        (vec![grant, code, code, redirect, verifier], "invalid_request"),
        (vec![("grant_type", "refresh_token")], "invalid_request"),
        (vec![("grant_type", "refresh_token"), ("refresh_token", "made up")], "invalid_grant"),
        (vec![grant, code, redirect, verifier, ("client_secret", "x")], "invalid_request"),
    ] {
        let page = read(token_request(op, &fields).send().await.unwrap()).await;
        let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
        assert_eq!(page.json()["error"], error, "{names:?}: {}", page.body);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{names:?}");
        assert_eq!(page.header("cache-control"), "no-store", "{names:?}");
        assert!(page.json().get("access_token").is_none());
    }
    let body = form(&[grant, code, redirect, verifier]);
    let post =
        || client().post(op.op_url("/token")).header("content-type", "application/x-www-form-urlencoded");
    for (request, what) in [
        (post().body(body.clone()), "nobody"),
        (post().basic_auth("demo-client", Some("wrong")).body(body.clone()), "a wrong secret"),
        (post().basic_auth("nobody", Some("wrong")).body(body.clone()), "an unknown client"),
        (post().header("authorization", "Basic !").body(body.clone()), "no Basic at all"),
        (
            post().body(format!("{body}&client_id=demo-client&client_secret=x")),
            "another method than registered",
        ),
        (post().body(format!("{body}&client_id=demo-client")), "no secret"),
    ] {
        let page = read(request.send().await.unwrap()).await;
        let error = page.json()["error"].as_str().unwrap().to_owned();
        assert!(["invalid_client", "invalid_request"].contains(&error.as_str()), "{what}: {error}");
        let expected = if error == "invalid_client" { 401 } else { 400 };
        assert_eq!(page.status.as_u16(), expected, "{what}");
    }
    let page = read(client().get(op.op_url("/token")).send().await.unwrap()).await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    let json = token_request(op, &[]).header("content-type", "application/json").body("{}");
    assert_eq!(read(json.send().await.unwrap()).await.json()["error"], "invalid_request");
}

/// Proves BEA-04, BEA-05.
#[tokio::test]
async fn userinfo_refuses_with_a_challenge() {
    let directory = TempDir::new("userinfo");
    let op = &Running::op(&directory);
    let url = op.op_url("/userinfo");
    for (request, error) in [
        (client().get(&url), None),
        (client().get(&url).bearer_auth("made-up"), Some("invalid_token")),
        (client().get(&url).header("authorization", "Bearer"), Some("invalid_request")),
        (client().get(format!("{url}?access_token=made-up")), Some("invalid_request")),
        (client().get(&url).header("authorization", "Basic eDp5"), None),
        (
            client()
                .post(&url)
                .bearer_auth("made-up")
                .header("content-type", "application/x-www-form-urlencoded")
                .body("access_token=made-up"),
            Some("invalid_request"),
        ),
    ] {
        let page = read(request.send().await.unwrap()).await;
        let challenge = page.header("www-authenticate").to_owned();
        let expected = if error == Some("invalid_request") { 400 } else { 401 };
        assert_eq!(page.status.as_u16(), expected, "{challenge}");
        assert!(challenge.starts_with("Bearer"), "{challenge}");
        assert_eq!(challenge.contains("error="), error.is_some(), "{challenge}");
        assert!(error.is_none_or(|error| challenge.contains(error)), "{challenge}");
        assert!(!page.body.contains("ada"));
    }
    let page = read(client().delete(&url).send().await.unwrap()).await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// The code of one sign-in is redeemed many times at once: one succeeds, and since there was a second use, even its
/// tokens are worth nothing in the end.
///
/// Proves COD-02.
#[tokio::test]
async fn of_many_redemptions_one_succeeds_and_all_are_revoked() {
    let directory = TempDir::new("race");
    let op = &Running::op(&directory);
    let mut browser = signed_in(op, "openid").await;
    for _ in 0..5 {
        let query = authorization(op, &[("prompt", Some("none"))]);
        let answer = browser.get(&op.op_url(&format!("/authorize?{query}"))).await.answer();
        let code = answer.get("code").unwrap();
        let tries: Vec<_> =
            (0..8).map(|_| tokio::spawn(token_request(op, &redeeming(op, code)).send())).collect();
        let mut tokens = Vec::new();
        for page in tries {
            let page = read(page.await.unwrap().unwrap()).await;
            match page.status {
                StatusCode::OK => tokens.push(page.json()["access_token"].as_str().unwrap().to_owned()),
                _ => assert_eq!(page.json()["error"], "invalid_grant"),
            }
        }
        assert!(tokens.len() <= 1, "a code was redeemed {} times", tokens.len());
        for token in tokens {
            let page =
                read(client().get(op.op_url("/userinfo")).bearer_auth(token).send().await.unwrap()).await;
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "what a replayed code gave is revoked");
        }
    }
}

/// Text of a client's making is text on our pages.
#[tokio::test]
async fn markup_in_a_request_stays_text() {
    let directory = TempDir::new("markup");
    let op = &Running::op(&directory);
    let markup = "\"><script>alert(1)</script>";
    let query = authorization(op, &[("login_hint", Some(markup)), ("state", Some(markup))]);
    let mut browser = Browser::default();
    let waiting = browser.get(&op.op_url(&format!("/authorize?{query}"))).await;
    let shown = browser.follow(waiting).await;
    assert!(shown.body.contains("&#60;script"), "{}", shown.body);
    assert!(!shown.body.contains("<script"));
    let query = authorization(op, &[("client_id", Some(markup))]);
    let refused = authorize(op, &query).await;
    assert!(!refused.body.contains("<script"));
    let query =
        authorization(op, &[("state", Some(markup)), ("response_mode", Some("form_post")), ("scope", None)]);
    let posted = authorize(op, &query).await;
    assert_eq!(posted.status, StatusCode::OK);
    assert!(!posted.body.contains("<script>alert"));
}

/// A script of another origin may ask for UserInfo with a token it has; the authorization endpoint is for navigation.
///
/// Proves CORE-5.3-02, END-17.
#[tokio::test]
async fn scripts_may_read_userinfo_but_not_the_authorization_endpoint() {
    let directory = TempDir::new("cors");
    let op = &Running::op(&directory);
    let ask = |method: http::Method, path: &str| {
        client().request(method, op.op_url(path)).header("origin", "https://spa.example")
    };
    let question = ask(http::Method::OPTIONS, "/userinfo")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization");
    let page = read(question.send().await.unwrap()).await;
    assert_eq!(page.status, StatusCode::NO_CONTENT);
    assert!(page.header("access-control-allow-headers").contains("authorization"));
    let answer = read(ask(http::Method::GET, "/userinfo").send().await.unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (401, "*"));
    for path in ["/authorize", "/", "/interaction/x"] {
        for method in [http::Method::GET, http::Method::OPTIONS] {
            let page = read(ask(method, path).send().await.unwrap()).await;
            assert!(page.headers.get("access-control-allow-origin").is_none(), "{path}");
        }
    }
}
