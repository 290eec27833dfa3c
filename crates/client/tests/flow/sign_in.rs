//! The authorization request.

use crate::op::*;
use avouch_claims::ClaimsRequest;
use avouch_client::{PendingSignIn, SignIn, StartError};
use avouch_jose::base64url;
use avouch_jose::crypto::{RandomError, SecureRandom};
use avouch_messages::AuthorizationRequest;
use avouch_types::{Acr, Display, Prompt, Scopes, Secret, State, SubjectIdentifier};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Proves CORE-3.1.2.1-02, CORE-3.1.2.1-03 and CORE-3.1.2.1-09.
#[test]
fn the_plain_request_has_what_is_required() {
    let client = client();
    let started = client.sign_in().start(now(), &rng()).unwrap();
    assert!(
        started.url().starts_with("https://op.example/authorize?tenant=1&"),
        "the endpoint's own query stays"
    );
    let request = query(started.url());
    assert_eq!(request.get("response_type"), Some("code"));
    assert_eq!(request.get("client_id"), Some(CLIENT_ID));
    assert_eq!(request.get("redirect_uri"), Some(REDIRECT_URI));
    assert_eq!(request.get("scope"), Some("openid"));
    assert_eq!(request.get("code_challenge_method"), Some("S256"));
    assert_eq!(request.get("response_mode"), None);
    assert_eq!(request.get("state"), Some(started.pending().state().expose()));
    let parameters = request.iter().count();
    assert_eq!(parameters, 9, "nothing that was not asked for: {request:?}");
}

/// Proves PKC-15: also to a provider that announces nothing.
#[test]
fn pkce_is_sent_to_every_provider() {
    let silent = metadata_with(json!({ "code_challenge_methods_supported": null }));
    let (request, _) = start(&build(&silent, registration(secret_basic())).unwrap());
    assert_eq!(request.get("code_challenge_method"), Some("S256"));
    assert!(request.get("code_challenge").is_some());
}

/// Proves PKC-01 and PKC-02.
#[test]
fn the_challenge_is_the_hash_of_the_verifier_as_sent() {
    let client = client();
    let (request, pending) = start(&client);
    let code = client.callback(pending, &params(&answer(&request)), now()).unwrap();
    let token_request = client.exchange(code, now(), &rng()).unwrap().request();
    let body = body(&token_request);
    let verifier = body.get("code_verifier").unwrap();
    assert_eq!(verifier.len(), 43);
    assert_eq!(base64url::decode(verifier).unwrap().len(), 32, "256 bits");
    let hash = avouch_jose_ring::provider().sha256(verifier.as_bytes());
    assert_eq!(request.get("code_challenge"), Some(base64url::encode(hash).as_str()));
}

/// Proves CORE-3.1.2.1-10 and CORE-RFC6749-10.10: fresh values of 256 bits for each sign-in. (What is bound to the
/// browser is the host's session.)
#[test]
fn nothing_random_comes_twice() {
    let client = client();
    let mut seen = HashSet::new();
    for _ in 0..20 {
        let (request, _) = start(&client);
        for name in ["state", "nonce", "code_challenge"] {
            let value = request.get(name).unwrap();
            assert_eq!(base64url::decode(value).unwrap().len(), 32, "{name}");
            assert!(seen.insert(value.to_owned()), "{name}");
        }
    }
}

#[test]
fn without_randomness_nothing_starts() {
    struct Broken;
    impl SecureRandom for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
            Err(RandomError)
        }
    }
    let refused = client().sign_in().start(now(), &Broken);
    assert!(matches!(refused, Err(StartError::Random(_))));
}

#[test]
fn what_is_asked_for_is_sent() {
    let client = client();
    let started = client
        .sign_in()
        .scope(Scopes::parse("email profile").unwrap())
        .max_age(0)
        .prompt(Prompt::LOGIN)
        .prompt(Prompt::CONSENT)
        .display(Display::POPUP)
        .ui_locales(vec!["de-CH".parse().unwrap(), "en".parse().unwrap()])
        .claims_locales(vec!["fr".parse().unwrap()])
        .login_hint("jane@example.org")
        .acr_values([Acr::parse("high").unwrap(), Acr::parse("low").unwrap()])
        .parameter("audience", "https://api.example")
        .start(now(), &rng())
        .unwrap();
    let request = query(started.url());
    for (name, value) in [
        ("scope", "openid email profile"),
        ("max_age", "0"),
        ("prompt", "login consent"),
        ("display", "popup"),
        ("ui_locales", "de-CH en"),
        ("claims_locales", "fr"),
        ("login_hint", "jane@example.org"),
        ("acr_values", "high low"),
        ("audience", "https://api.example"),
    ] {
        assert_eq!(request.get(name), Some(value), "{name}");
    }
}

/// Proves CORE-11-04.
#[test]
fn offline_access_asks_for_consent() {
    let client = client();
    let offline = || client.sign_in().scope(Scopes::parse("offline_access").unwrap());
    let started = offline().start(now(), &rng()).unwrap();
    assert_eq!(query(started.url()).get("prompt"), Some("consent"));
    let started = offline().prompt(Prompt::LOGIN).start(now(), &rng()).unwrap();
    assert_eq!(query(started.url()).get("prompt"), Some("login"), "the caller knows of other conditions");
    let started = offline().offline_access_without_consent_prompt().start(now(), &rng()).unwrap();
    assert_eq!(query(started.url()).get("prompt"), None);
    let (request, _) = start(&client);
    assert_eq!(request.get("prompt"), None);
}

#[test]
fn parameters_that_contradict_each_other_are_refused() {
    let client = client();
    let refused = client.sign_in().prompt(Prompt::NONE).prompt(Prompt::LOGIN).start(now(), &rng());
    assert!(matches!(refused, Err(StartError::Request(_))));
    for name in AuthorizationRequest::OWN_PARAMETERS {
        let refused = client.sign_in().parameter(name, "x").start(now(), &rng());
        assert!(
            matches!(refused, Err(StartError::ReservedParameter { name: told }) if told == name),
            "{name}"
        );
    }
    let refused = client.sign_in().parameter("x", "1").parameter("x", "2").start(now(), &rng());
    assert!(matches!(refused, Err(StartError::RepeatedParameter { name }) if name == "x"));
    let two_resources = client.sign_in().parameter("resource", "a").parameter("resource", "b");
    assert!(two_resources.start(now(), &rng()).is_ok(), "RFC 8707");
}

#[test]
fn the_answer_can_be_posted() {
    let client = client();
    let (url, pending) = client.sign_in().form_post().start(now(), &rng()).unwrap().into_parts();
    let request = query(&url);
    assert_eq!(request.get("response_mode"), Some("form_post"));
    assert!(client.callback(pending, &params(&answer(&request)), now()).is_ok());
}

fn claims_request(id_token: Value) -> ClaimsRequest {
    ClaimsRequest::from_json(json!({ "id_token": id_token }).to_string().as_bytes(), &Default::default())
        .unwrap()
}

/// Nobody can be two people, and no context two that exclude each other.
#[test]
fn expectations_that_contradict_each_other_are_refused() {
    let client = client();
    let hint = |sub: &str| {
        let claims = edited(claims("any"), |claims| claims["sub"] = json!(sub));
        Secret::new(sign(&header(), &claims, &key()))
    };
    let alice = || SubjectIdentifier::parse("alice").unwrap();
    let started = |ask: SignIn<'_>| ask.start(now(), &rng()).map(|_| ());
    assert!(started(client.sign_in().id_token_hint(hint("alice")).expect_subject(alice())).is_ok());
    let bob = json!({ "sub": { "value": "bob" } });
    for ask in [
        client.sign_in().id_token_hint(hint("bob")).expect_subject(alice()),
        client.sign_in().id_token_hint(hint("alice")).claims(claims_request(bob.clone())),
        client.sign_in().expect_subject(alice()).claims(claims_request(bob)),
        client.sign_in().claims(claims_request(json!({ "sub": { "value": "s\u{fc}b" } }))),
    ] {
        assert!(matches!(started(ask), Err(StartError::SubjectContradiction)));
    }
    for hint in ["", "a.b", "a.b.c"] {
        let refused = started(client.sign_in().id_token_hint(Secret::new(hint)));
        assert!(matches!(refused, Err(StartError::IdTokenHint)), "{hint}");
    }
    let low = claims_request(json!({ "acr": { "essential": true, "value": "low" } }));
    let refused = started(client.sign_in().require_acr([Acr::parse("high").unwrap()]).claims(low));
    assert!(matches!(refused, Err(StartError::AcrContradiction)));
}

/// What is remembered survives the session store, and shows no secret.
#[test]
fn a_pending_sign_in_survives_its_store() {
    let client = client();
    let (request, pending) = start(&client);
    let shown = format!("{pending:?}");
    for secret in ["state", "nonce"] {
        assert!(!shown.contains(request.get(secret).unwrap()), "{secret}");
    }
    let stored = serde_json::to_string(&pending).unwrap();
    let restored: PendingSignIn = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&restored).unwrap(), stored);
    assert_eq!(restored.state(), &State::new(request.get("state").unwrap()));
    assert_eq!((restored.created_at(), restored.expires_at()), (now(), at(3600)));
    assert!(client.callback(restored, &params(&answer(&request)), now()).is_ok());
}
