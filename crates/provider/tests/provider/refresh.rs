//! Refresh tokens.

use avouch_provider::EndpointError;
use avouch_provider::token::TokenError;
use avouch_types::GrantType;
use http::StatusCode;
use serde_json::{Map, Value};

use super::support::*;

fn refresh_token(tokens: &Map<String, Value>) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

fn access_token(tokens: &Map<String, Value>) -> &str {
    tokens["access_token"].as_str().unwrap()
}

/// Proves CORE-12.2-02, CORE-12.2-03, CORE-12.2-04, TOK-01. Conformance: refresh-token.
#[test]
fn a_refresh_token_gives_new_tokens_about_the_same_sign_in() {
    let world = World::new();
    let first = world.offline();
    world.wait(100);
    let second = world.refresh(refresh_token(&first)).unwrap();
    assert_ne!(refresh_token(&second), refresh_token(&first));
    assert_ne!(access_token(&second), access_token(&first));
    assert_eq!(second["token_type"], "Bearer");

    let (before, after) = (world.id_token(&first), world.id_token(&second));
    assert!(before.nonce.is_some() && after.nonce.is_none());
    assert_eq!((before.iss, before.sub, before.aud), (after.iss, after.sub, after.aud));
    assert_eq!(before.auth_time, after.auth_time, "the original authentication");
    assert_eq!(after.iat, world.now(), "the new issue");
    assert_ne!(before.at_hash, after.at_hash);
    assert_eq!(world.userinfo_with(access_token(&second)).status(), StatusCode::OK);
}

/// Conformance: a rotated refresh token that comes again ends its family.
#[test]
fn a_refresh_token_that_comes_again_ends_the_whole_grant() {
    let world = World::new();
    let first = world.offline();
    let second = world.refresh(refresh_token(&first)).unwrap();
    let third = world.refresh(refresh_token(&second)).unwrap();
    let failure = world.refresh(refresh_token(&first)).unwrap_err();
    assert_eq!(failure.told(), (400, "invalid_grant".to_owned()));
    assert!(matches!(failure.cause, EndpointError::Token(TokenError::RefreshTokenReused)));
    refused_with(world.refresh(refresh_token(&third)), 400, "invalid_grant");
    for tokens in [&first, &second, &third] {
        assert_eq!(world.userinfo_with(access_token(tokens)).status(), StatusCode::UNAUTHORIZED);
    }
    // another sign-in of the same person at the same client lives on
    let other = world.offline();
    refused_with(world.refresh(refresh_token(&first)), 400, "invalid_grant");
    world.refresh(refresh_token(&other)).unwrap();
}

/// Proves REF-05: a client without credentials, whose refresh token anybody could present.
#[test]
fn a_public_client_has_its_refresh_tokens_rotated_and_a_replay_ends_the_grant() {
    let world = World::new();
    let ask = Ask::of("native", LOOPBACK).with("scope", "openid offline_access").with("prompt", "consent");
    let redeem = |form: avouch_types::Form| world.token_request(None, &form.with("client_id", "native"));
    let code = world.code(&ask);
    let first = redeem(code_form(&code).without(&["redirect_uri"]).with("redirect_uri", LOOPBACK)).unwrap();
    let second = redeem(refresh_form(refresh_token(&first))).unwrap();
    assert_ne!(refresh_token(&first), refresh_token(&second));
    refused_with(redeem(refresh_form(refresh_token(&first))), 400, "invalid_grant");
    refused_with(redeem(refresh_form(refresh_token(&second))), 400, "invalid_grant");
    assert_eq!(world.userinfo_with(access_token(&second)).status(), StatusCode::UNAUTHORIZED);
}

/// A client that lost its refresh tokens between the authorization and the exchange gets none.
#[test]
fn a_client_that_may_not_refresh_any_more_gets_no_refresh_token() {
    let world = World::new();
    let ask = Ask::new().with("scope", "openid offline_access").with("prompt", "consent");
    let code = world.code(&ask);
    world.change_client("web", |client| client.grant_types = vec![GrantType::AUTHORIZATION_CODE]);
    let tokens = world.exchange(&code).unwrap();
    assert!(!tokens.contains_key("refresh_token"));
    assert_eq!(world.memory().token_counts(), (1, 0));
}

/// Proves REF-01, CORE-12.1-02.
#[test]
fn a_refresh_token_is_for_the_client_it_was_issued_to() {
    let world = World::new();
    let first = world.offline();
    let form = refresh_form(refresh_token(&first));
    let other = world.basic("other");
    refused_with(world.token_request(Some(&other), &form), 400, "invalid_grant");
    refused_with(world.token_request(None, &form.clone().with("client_id", "web")), 401, "invalid_client");
    // neither attempt spent it
    let second = world.refresh(refresh_token(&first)).unwrap();
    // and nobody ends another client's grant by presenting its spent token
    refused_with(world.token_request(Some(&other), &form), 400, "invalid_grant");
    world.refresh(refresh_token(&second)).unwrap();
}

/// Proves REF-02, REF-03, REF-06, CORE-12.1-03, TOK-04.
#[test]
fn a_refresh_can_ask_for_less_and_never_for_more() {
    let world = World::new();
    let first = world.offline();
    let with_scope = |token: &str, scope: &str| {
        world.token_request(Some(&world.basic("web")), &refresh_form(token).with("scope", scope))
    };
    for more in ["openid email offline_access phone", "phone", "openid Email"] {
        refused_with(with_scope(refresh_token(&first), more), 400, "invalid_scope");
    }
    let narrow = with_scope(refresh_token(&first), "openid").unwrap();
    assert_eq!(narrow["scope"], "openid");
    let userinfo = json(&world.userinfo_with(access_token(&narrow)));
    assert!(!userinfo.contains_key("email"));
    // the new refresh token is of the whole grant again
    let whole = world.refresh(refresh_token(&narrow)).unwrap();
    assert_eq!(whole["scope"], "openid email offline_access");
    assert_eq!(json(&world.userinfo_with(access_token(&whole)))["email"], "alice@op.example");
}

/// Proves CORE-12.2-01. An access token without `openid` brings no ID Token, and is no key to UserInfo.
#[test]
fn without_openid_a_refresh_gives_no_id_token() {
    let world = World::new();
    let first = world.offline();
    let form = refresh_form(refresh_token(&first)).with("scope", "email");
    let tokens = world.token_request(Some(&world.basic("web")), &form).unwrap();
    assert!(!tokens.contains_key("id_token"));
    let response = world.userinfo_with(access_token(&tokens));
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

/// Proves REF-06. Rotation goes on until the grant ends; a token that is not used ends earlier.
#[test]
fn refresh_tokens_end_when_they_are_not_used_and_when_the_grant_does() {
    const DAY: u64 = 24 * 60 * 60;
    let world = World::new();
    let idle = world.offline();
    let mut used = world.offline();
    for _ in 0..6 {
        world.wait(14 * DAY - 1);
        used = world.refresh(refresh_token(&used)).unwrap();
    }
    refused_with(world.refresh(refresh_token(&idle)), 400, "invalid_grant");
    // 84 days have passed, less six seconds; 90 is the end
    world.wait(6 * DAY + 5);
    used = world.refresh(refresh_token(&used)).unwrap();
    assert_eq!(used["expires_in"], 1, "nothing outlives the grant");
    world.wait(1);
    refused_with(world.refresh(refresh_token(&used)), 400, "invalid_grant");
}

/// Proves TOK-06, REF-01.
#[test]
fn what_is_no_refresh_token_is_refused() {
    let world = World::new();
    let tokens = world.offline();
    refused_with(world.refresh("unheard-of"), 400, "invalid_grant");
    refused_with(world.refresh(access_token(&tokens)), 400, "invalid_grant");
    refused_with(world.refresh(&world.code(&Ask::new())), 400, "invalid_grant");
    // nor is a refresh token an access token
    assert_eq!(world.userinfo_with(refresh_token(&tokens)).status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn a_client_that_lost_refresh_tokens_cannot_use_those_it_has() {
    let world = World::new();
    let tokens = world.offline();
    world.change_client("web", |client| client.grant_types = vec![GrantType::AUTHORIZATION_CODE]);
    refused_with(world.refresh(refresh_token(&tokens)), 400, "unauthorized_client");
}

#[test]
fn an_account_that_is_gone_is_not_refreshed() {
    let world = World::new();
    let tokens = world.offline();
    world.memory().forget(&subject("alice"));
    refused_with(world.refresh(refresh_token(&tokens)), 400, "invalid_grant");
}

/// An advisory asks for it: CVE-2022-3916. What outlives the session has nothing of the session.
#[test]
fn refresh_tokens_outlive_the_session_and_do_not_bring_it_back() {
    let world = World::new();
    let tokens = world.offline();
    world.wait(12 * 60 * 60);
    let tokens = world.refresh(refresh_token(&tokens)).unwrap();
    assert_eq!(error_of(world.ask(&Ask::new().with("prompt", "none"))), "login_required");
    assert!(world.id_token(&tokens).sid.is_none());
}

/// Two requests with one refresh token at the same time: one wins, and the grant ends, since nobody can tell the thief.
#[test]
fn parallel_refreshes_have_at_most_one_winner() {
    let world = World::new();
    let tokens = world.offline();
    let token = refresh_token(&tokens).to_owned();
    let request = http::Request::post("/token")
        .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(http::header::AUTHORIZATION, world.basic("web"))
        .body(refresh_form(&token).to_urlencoded().into_bytes())
        .unwrap();
    let (op, now) = (&world.op, world.now());
    let winners: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let request = &request;
                scope.spawn(move || {
                    let rng = avouch_testkit::FixedRandom::new(1000 + number);
                    usize::from(run(op.token(request, now, &rng)).cause.is_none())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert!(winners <= 1);
    refused_with(world.refresh(&token), 400, "invalid_grant");
    assert_eq!(world.userinfo_with(access_token(&tokens)).status(), StatusCode::UNAUTHORIZED);
}
