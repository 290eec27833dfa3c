//! Codes at the token endpoint.

use avouch_provider::storage::{AddTokens, CodeStore, GrantStore, NewTokens};
use avouch_provider::{EndpointError, PkceRequirement};
use avouch_types::{Form, GrantType};
use http::{Request, StatusCode, header};

use super::support::*;

/// Proves CORE-3.1.3.3-01, CORE-3.1.3.3-02, CORE-3.1.3.3-03, TOK-01, TOK-04, CORE-3.1.3.2-07. The driver's
/// token helper looks at status and headers.
#[test]
fn a_code_gives_tokens() {
    let world = World::new();
    let tokens = world.exchange(&world.code(&Ask::new().with("scope", "openid email"))).unwrap();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 900);
    assert_eq!(tokens["scope"], "openid email");
    assert!(tokens["access_token"].as_str().unwrap().len() >= 43, "256 bits");
    assert!(!tokens.contains_key("refresh_token"));
    assert!(tokens.contains_key("id_token"));
}

/// Proves CORE-2-01, CORE-2-02, CORE-2-04, CORE-2-05, CORE-2-06, CORE-2-08, CORE-2-10, CORE-2-12, CORE-2-20, CORE-2-18, CORE-3.1.3.6-01, CORE-15.1-01, CORE-2-23, CORE-2-24.
/// Conformance: idtoken-signature, server.
#[test]
fn the_id_token_says_who_for_whom_and_when() {
    let world = World::new();
    let nonce = "  a \u{1f600} nonce, untouched \"\\ ";
    let tokens = world.exchange(&world.code(&Ask::new().with("nonce", nonce))).unwrap();
    let claims = world.id_token(&tokens);
    assert_eq!(claims.iss, ISSUER);
    assert_eq!(claims.sub.as_str(), "alice");
    assert_eq!(claims.aud.as_slice(), ["web"]);
    assert_eq!(claims.azp, None);
    assert_eq!(claims.nonce.unwrap().expose(), nonce);
    assert_eq!(claims.iat, world.now());
    assert_eq!(claims.exp.seconds(), world.now().seconds() + 900);
    assert_eq!(claims.auth_time, Some(world.now()));
    let access_token = tokens["access_token"].as_str().unwrap();
    let at_hash = avouch_jose::left_half_hash(avouch_jose::JwsAlgorithm::RS256, access_token, &world.crypto);
    assert_eq!(claims.at_hash, at_hash);

    let token = tokens["id_token"].as_str().unwrap();
    let payload = avouch_jose::base64url::decode(token.split('.').nth(1).unwrap()).unwrap();
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(payload["aud"], "web", "one audience is a bare string");
    assert!(payload.as_object().unwrap().values().all(|value| !value.is_null()));
    let header = avouch_jose::base64url::decode(token.split('.').next().unwrap()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["alg"], "RS256");
    assert_eq!(header["kid"], world.op_key.kid().unwrap());
    for key_source in ["jwk", "jku", "x5u", "x5c"] {
        assert!(header.get(key_source).is_none());
    }
}

/// Conformance: ensure-request-without-nonce-succeeds-for-code-flow.
#[test]
fn without_a_nonce_there_is_none() {
    let world = World::new();
    let tokens = world.exchange(&world.code(&Ask::new().without("nonce"))).unwrap();
    assert_eq!(world.id_token(&tokens).nonce, None);
}

#[test]
fn the_id_token_is_signed_as_the_client_registered() {
    let world = World::new();
    world.change_client("web", |client| {
        client.id_token_signed_response_alg = avouch_jose::JwsAlgorithm::ES256;
    });
    let tokens = world.exchange(&world.code(&Ask::new())).unwrap();
    let header = tokens["id_token"].as_str().unwrap().split('.').next().unwrap();
    let header = String::from_utf8(avouch_jose::base64url::decode(header).unwrap()).unwrap();
    assert!(header.contains(r#""alg":"ES256""#), "{header}");
    assert_eq!(world.id_token(&tokens).aud.as_slice(), ["web"]);
    // an algorithm that no key signs is the provider's failure, and gives nothing
    let code = world.code(&Ask::new());
    world.change_client("web", |client| {
        client.id_token_signed_response_alg = avouch_jose::JwsAlgorithm::PS256;
    });
    let before = world.memory().token_counts();
    refused_with(world.exchange(&code), 503, "server_error");
    assert_eq!(world.memory().token_counts(), before);
}

/// Proves COD-02, CORE-3.1.3.2-04. Conformance: codereuse, codereuse-30seconds.
#[test]
fn a_code_that_comes_again_is_refused_and_ends_what_it_gave() {
    for pause in [0, 30, 600] {
        let world = World::new();
        let ask = Ask::new().with("scope", "openid offline_access").with("prompt", "consent");
        let code = world.code(&ask);
        let tokens = world.exchange(&code).unwrap();
        let access_token = tokens["access_token"].as_str().unwrap();
        assert_eq!(world.userinfo_with(access_token).status(), StatusCode::OK);
        world.wait(pause);
        refused_with(world.exchange(&code), 400, "invalid_grant");
        let response = world.userinfo_with(access_token);
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "after {pause} s");
        let challenge = response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap();
        assert!(challenge.contains("error=\"invalid_token\""));
        refused_with(world.refresh(tokens["refresh_token"].as_str().unwrap()), 400, "invalid_grant");
        refused_with(world.exchange(&code), 400, "invalid_grant");
    }
}

/// Nobody ends another client's grant by presenting its code.
#[test]
fn a_spent_code_of_another_client_revokes_nothing() {
    let world = World::new();
    let code = world.code(&Ask::new());
    let tokens = world.exchange(&code).unwrap();
    refused_with(world.token_request(Some(&world.basic("other")), &code_form(&code)), 400, "invalid_grant");
    assert_eq!(world.userinfo_with(tokens["access_token"].as_str().unwrap()).status(), StatusCode::OK);
}

/// Proves COD-03, CORE-3.1.3.2-02.
#[test]
fn a_code_is_for_the_client_it_was_issued_to() {
    let world = World::new();
    let code = world.code(&Ask::new());
    refused_with(world.token_request(Some(&world.basic("other")), &code_form(&code)), 400, "invalid_grant");
    assert_eq!(world.memory().token_counts(), (0, 0));
    // the attempt spent it
    refused_with(world.exchange(&code), 400, "invalid_grant");
}

/// Proves COD-01, CORE-3.1.3.2-03.
#[test]
fn a_code_lives_a_minute() {
    let world = World::new();
    let (in_time, too_late) = (world.code(&Ask::new()), world.code(&Ask::new()));
    world.wait(59);
    world.exchange(&in_time).unwrap();
    world.wait(1);
    refused_with(world.exchange(&too_late), 400, "invalid_grant");
    refused_with(world.exchange("unheard-of"), 400, "invalid_grant");
}

/// Proves COD-04, CORE-3.1.3.2-05, CORE-3.1.3.2-06.
#[test]
fn the_redirect_uri_is_the_one_of_the_authorization_request() {
    let world = World::new();
    for uri in [
        "https://rp.example/other",
        "https://rp.example/cb",
        "https://rp.example/cb?shop=7&",
        "https://RP.example/cb?shop=7",
        "https://rp.example:443/cb?shop=7",
        "not a uri",
    ] {
        let form = code_form(&world.code(&Ask::new())).without(&["redirect_uri"]).with("redirect_uri", uri);
        refused_with(world.token_request(Some(&world.basic("web")), &form), 400, "invalid_grant");
    }
    let form = code_form(&world.code(&Ask::new())).without(&["redirect_uri"]);
    refused_with(world.token_request(Some(&world.basic("web")), &form), 400, "invalid_request");
}

/// Proves NAT-03.
#[test]
fn the_port_of_a_native_client_is_fixed_once_it_is_chosen() {
    let world = World::new();
    let redeem = |port: &str| {
        let code = world.code(&Ask::of("native", "http://127.0.0.1:5555/cb"));
        let form = code_form(&code).without(&["redirect_uri"]).with("client_id", "native");
        world.token_request(None, &form.with("redirect_uri", format!("http://127.0.0.1:{port}/cb")))
    };
    redeem("5555").unwrap();
    refused_with(redeem("5556"), 400, "invalid_grant");
}

/// Proves PKC-08, PKC-09, PKC-05. Conformance: ensure-request-with-valid-pkce-succeeds.
#[test]
fn the_verifier_is_the_one_the_challenge_was_made_of() {
    let world = World::new();
    let with = |code: &str, verifier: Option<&str>| {
        let form = code_form(code).without(&["code_verifier"]).with_some("code_verifier", verifier);
        // a method in the token request has no say
        let form = form.with("code_challenge_method", "plain");
        world.token_request(Some(&world.basic("web")), &form)
    };
    let wrong = format!("{VERIFIER}x");
    for verifier in [None, Some(""), Some("short"), Some(CHALLENGE), Some(wrong.as_str()), Some("\u{e9}")] {
        let code = world.code(&Ask::new());
        refused_with(with(&code, verifier), 400, "invalid_grant");
        assert_eq!(world.memory().token_counts(), (0, 0));
    }
    // a failed verification spends the code
    let code = world.code(&Ask::new());
    refused_with(with(&code, Some(&wrong)), 400, "invalid_grant");
    refused_with(with(&code, Some(VERIFIER)), 400, "invalid_grant");
    with(&world.code(&Ask::new()), Some(VERIFIER)).unwrap();
}

/// Proves PKC-10. Advisories ask for it, too: CVE-2024-22258, CVE-2024-23647, CVE-2025-4144.
#[test]
fn a_verifier_without_a_challenge_is_refused() {
    let world = World::with_policy(|policy| policy.pkce = PkceRequirement::PublicClients);
    let bare = Ask::new().without("code_challenge").without("code_challenge_method");
    refused_with(world.exchange(&world.code(&bare)), 400, "invalid_grant");
    let form = code_form(&world.code(&bare)).without(&["code_verifier"]);
    world.token_request(Some(&world.basic("web")), &form).unwrap();
}

/// Proves TOK-06, CORE-3.1.3.4-01, TOK-08, END-04.
#[test]
fn each_mistake_has_its_error() {
    let world = World::new();
    let cases = [
        (Form::new(), "invalid_request"),
        (Form::new().with("grant_type", "authorization_code"), "invalid_request"),
        (code_form("x").with("code", "y"), "invalid_request"),
        (code_form("x").with("extra", "1").with("extra", "2"), "invalid_request"),
        (Form::new().with("grant_type", "password").with("username", "alice"), "unsupported_grant_type"),
        (Form::new().with("grant_type", "client_credentials"), "unsupported_grant_type"),
        (code_form("\u{e9}"), "invalid_grant"),
    ];
    for (form, error) in cases {
        refused_with(world.token_request(Some(&world.basic("web")), &form), 400, error);
    }
    world.change_client("web", |client| client.grant_types = vec![GrantType::REFRESH_TOKEN]);
    refused_with(world.exchange("x"), 400, "unauthorized_client");
    world.change_client("web", |client| client.grant_types = vec![GrantType::AUTHORIZATION_CODE]);
    refused_with(world.refresh("x"), 400, "unauthorized_client");
}

/// Proves END-01. A token endpoint reached by GET answers nothing.
#[test]
fn the_token_endpoint_takes_post_forms_only() {
    let world = World::new();
    let code = world.code(&Ask::new());
    let uri = format!("{ISSUER}/token?{}", code_form(&code).to_urlencoded());
    let get = Request::get(&uri).header(header::AUTHORIZATION, world.basic("web")).body(Vec::new()).unwrap();
    let failure = world.token(&get).unwrap_err();
    assert_eq!(failure.response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(failure.response.headers()[header::ALLOW], "POST");
    assert!(matches!(failure.cause, EndpointError::Method));

    let post = |content_type: Option<&str>, uri: &str, body: Vec<u8>| {
        let mut request = Request::post(uri).header(header::AUTHORIZATION, world.basic("web"));
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        world.token(&request.body(body).unwrap())
    };
    let form = || code_form(&code).to_urlencoded().into_bytes();
    refused_with(post(Some("application/json"), "/token", form()), 400, "invalid_request");
    refused_with(post(None, "/token", form()), 400, "invalid_request");
    let form_type = "application/x-www-form-urlencoded;charset=UTF-8";
    refused_with(post(Some(form_type), &uri, Vec::new()), 400, "invalid_request");
    post(Some(form_type), "/token", form()).unwrap();
}

/// An advisory asks for it: CVE-2026-47386. A uses the code, B replays it and revokes the grant, A comes to store its tokens.
#[test]
fn tokens_of_a_revoked_grant_are_not_handed_out() {
    use avouch_messages::{PresentedCredentials, TokenRequest};
    use avouch_provider::token::{Authentication, Exchange, authenticate};
    use avouch_types::{ClientSecret, FormLimits};
    let world = World::new();
    let code = world.code(&Ask::new());
    let client = web_client(&world.crypto);
    let body = code_form(&code).to_urlencoded();
    let content_type = Some("application/x-www-form-urlencoded");
    let basic = world.basic("web");
    let request =
        TokenRequest::parse(Some(&basic), content_type, body.as_bytes(), &FormLimits::default()).unwrap();
    let PresentedCredentials::Basic { client_secret, .. } = &request.credentials else { panic!() };
    assert_eq!(*client_secret, ClientSecret::new(SECRET));
    let policy = world.op.policy();
    let Authentication::Done(a) =
        authenticate(request, Some(&client), policy, world.now(), &world.crypto).unwrap()
    else {
        panic!()
    };
    let Exchange::Code(a) = a.exchange(&world.crypto).unwrap() else { panic!() };
    let used = run(world.memory().consume(a.code_hash(), world.now())).unwrap();
    let a = a.consumed(used, &world.crypto).unwrap();

    refused_with(world.exchange(&code), 400, "invalid_grant");

    let keys =
        avouch_provider::ProviderKeys::new(vec![world.op_key.clone()], Vec::new(), &world.crypto).unwrap();
    let a = a.issue(Some(&alice()), &keys, world.now(), &world.rng, &world.crypto).unwrap();
    let records: NewTokens = a.records().clone();
    let answer = run(world.memory().add_tokens(a.grant(), records, world.now())).unwrap();
    assert_eq!(answer, AddTokens::GrantRevoked);
    let error = a.stored(answer).unwrap_err();
    assert_eq!(error.error_code().as_str(), "invalid_grant");
    assert_eq!(world.memory().token_counts(), (0, 0));
}

/// Of parallel redemptions at most one gets tokens, and what it got is dead once the others were refused.
#[test]
fn parallel_redemptions_leave_no_tokens_alive() {
    use std::sync::Mutex;
    let mut losers = 0;
    for seed in 0..8 {
        let world = World::new();
        let code = world.code(&Ask::new());
        let (op, crypto, now) = (&world.op, &world.crypto, world.now());
        let request = Request::post("/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, world.basic("web"))
            .body(code_form(&code).to_urlencoded().into_bytes())
            .unwrap();
        let given = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for number in 0..4 {
                let (request, given) = (&request, &given);
                scope.spawn(move || {
                    let rng = avouch_testkit::FixedRandom::new(1000 * seed + number);
                    let answer = run(op.token(request, now, &rng));
                    if answer.cause.is_none() {
                        given.lock().unwrap().push(json(&answer.response));
                    }
                });
            }
        });
        let given = given.into_inner().unwrap();
        assert!(given.len() <= 1, "one winner at most");
        losers += 4 - given.len();
        for tokens in given {
            let hash =
                avouch_provider::storage::TokenHash::of(tokens["access_token"].as_str().unwrap(), crypto);
            let found =
                run(avouch_provider::storage::TokenStore::access(world.memory(), &hash, now)).unwrap();
            assert_eq!(found, avouch_provider::storage::AccessLookup::Revoked);
        }
    }
    assert!(losers > 0);
}

#[test]
fn nothing_is_issued_for_an_account_that_is_gone() {
    let world = World::new();
    let code = world.code(&Ask::new());
    world.memory().forget(&subject("alice"));
    refused_with(world.exchange(&code), 400, "invalid_grant");
    assert_eq!(world.memory().token_counts(), (0, 0));
}

/// Nothing that could be presented is in the store: codes, tokens and secrets are there as hashes only.
#[test]
fn the_store_holds_hashes_only() {
    let world = World::new();
    let tokens = world.offline();
    let code = world.code(&Ask::new());
    let dump = world.memory().dump();
    for text in [
        code.as_str(),
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
        tokens["id_token"].as_str().unwrap(),
        world.session.borrow().as_ref().unwrap().expose(),
        world.browser.expose(),
        SECRET,
    ] {
        assert!(!dump.contains(text), "{text}");
    }
    assert!(dump.contains(&world.code_hash(&code).to_string()));
}
