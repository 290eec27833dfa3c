//! A store that fails: every failure surfaces, and nothing half-succeeds. An advisory asks for it: CVE-2020-15223.

use avouch_provider::{Browser, EndpointError, InteractionResult, Login};
use avouch_testkit::BrokenRandom;
use avouch_testkit::storage::{Fault, Operation};
use http::StatusCode;

use super::support::*;

/// The operations that an act asks of a healthy store, in their order.
fn asked(world: &World, act: impl FnOnce(&World)) -> Vec<Operation> {
    world.op.store().asked();
    act(world);
    world.op.store().asked()
}

fn assert_injected(cause: &EndpointError<Error>, operation: Operation) {
    match cause {
        EndpointError::Store(Fault::Injected(injected)) => assert_eq!(*injected, operation),
        other => panic!("{other:?}"),
    }
    assert!(std::error::Error::source(cause).is_some(), "the cause keeps its source");
}

#[test]
fn at_the_token_endpoint_each_failure_is_a_503_and_gives_nothing() {
    let offline = Ask::new().with("scope", "openid offline_access").with("prompt", "consent");
    let operations = {
        let world = World::new();
        let code = world.code(&offline);
        asked(&world, |world| drop(world.exchange(&code).unwrap()))
    };
    use Operation::{AddTokens, Claims, Client, ConsumeCode};
    assert_eq!(operations, [Client, ConsumeCode, Claims, AddTokens]);
    for operation in operations {
        let world = World::new();
        let code = world.code(&offline);
        world.op.store().fail(Some(operation));
        let failure = world.exchange(&code).unwrap_err();
        assert_eq!(failure.told(), (503, "server_error".to_owned()), "{operation:?}");
        assert_injected(&failure.cause, operation);
        assert_eq!(world.memory().token_counts(), (0, 0), "{operation:?}");
    }
}

#[test]
fn a_refresh_that_fails_spends_nothing() {
    let operations = {
        let world = World::new();
        let tokens = world.offline();
        asked(&world, |world| drop(world.refresh(tokens["refresh_token"].as_str().unwrap()).unwrap()))
    };
    use Operation::{Claims, Client, RefreshToken, RotateTokens};
    assert_eq!(operations, [Client, RefreshToken, Claims, RotateTokens]);
    for operation in operations {
        let world = World::new();
        let tokens = world.offline();
        let token = tokens["refresh_token"].as_str().unwrap();
        world.op.store().fail(Some(operation));
        let failure = world.refresh(token).unwrap_err();
        assert_eq!(failure.told(), (503, "server_error".to_owned()), "{operation:?}");
        assert_injected(&failure.cause, operation);
        world.op.store().fail(None);
        world.refresh(token).unwrap();
    }
}

/// The revocation that a replay calls for is not forgotten when it fails: the answer says that the provider failed, and the
/// next attempt tries again.
#[test]
fn a_revocation_that_fails_is_no_success() {
    let world = World::new();
    let code = world.code(&Ask::new());
    let tokens = world.exchange(&code).unwrap();
    world.op.store().fail(Some(Operation::RevokeGrant));
    let failure = world.exchange(&code).unwrap_err();
    assert_eq!(failure.told(), (503, "server_error".to_owned()));
    assert_injected(&failure.cause, Operation::RevokeGrant);
    world.op.store().fail(None);
    refused_with(world.exchange(&code), 400, "invalid_grant");
    assert_eq!(
        world.userinfo_with(tokens["access_token"].as_str().unwrap()).status(),
        StatusCode::UNAUTHORIZED
    );

    let world = World::new();
    let first = world.offline();
    let first = first["refresh_token"].as_str().unwrap();
    let second = world.refresh(first).unwrap();
    world.op.store().fail(Some(Operation::RevokeGrant));
    refused_with(world.refresh(first), 503, "server_error");
    world.op.store().fail(None);
    refused_with(world.refresh(first), 400, "invalid_grant");
    refused_with(world.refresh(second["refresh_token"].as_str().unwrap()), 400, "invalid_grant");
}

/// An assertion that cannot be marked as used does not authenticate.
#[test]
fn without_the_replay_store_no_assertion_counts() {
    let world = World::new();
    let code = world.code(&Ask::of("jwt", REDIRECT));
    let form = code_form(&code)
        .with("client_assertion_type", avouch_messages::client_auth::JWT_BEARER_ASSERTION_TYPE)
        .with("client_assertion", world.assertion(|_| {}));
    world.op.store().fail(Some(Operation::InsertReplay));
    let failure = world.token_request(None, &form).unwrap_err();
    assert_eq!(failure.told(), (503, "server_error".to_owned()));
    world.op.store().fail(None);
    world.token_request(None, &form).unwrap();
}

#[test]
fn at_userinfo_each_failure_is_a_503_without_a_challenge() {
    let world = World::new();
    let tokens = world.exchange(&world.code(&Ask::new())).unwrap();
    let token = tokens["access_token"].as_str().unwrap();
    let operations = asked(&world, |world| drop(world.userinfo_with(token)));
    assert_eq!(operations, [Operation::AccessToken, Operation::Claims]);
    for operation in operations {
        world.op.store().fail(Some(operation));
        let answer = run(world.op.userinfo(&bearer(token), world.now()));
        assert_eq!(answer.response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.response.headers().get(http::header::WWW_AUTHENTICATE).is_none());
        assert!(answer.response.body().is_empty());
        assert_injected(&answer.cause.unwrap(), operation);
    }
}

/// Before the client is known the person is told; from then on the client is told `server_error`.
#[test]
fn at_the_authorization_endpoint_each_failure_gives_no_code() {
    let silent = Ask::new().with("prompt", "none");
    let operations = {
        let world = World::new();
        world.code(&Ask::new());
        asked(&world, |world| drop(code_of(world.ask(&silent))))
    };
    use Operation::{Claims, Client, Consent, InsertCode, OpenGrant, Session};
    assert_eq!(operations, [Client, Session, Claims, Consent, OpenGrant, InsertCode]);
    for operation in operations {
        let world = World::new();
        world.code(&Ask::new());
        world.op.store().fail(Some(operation));
        match world.ask(&silent) {
            Outcome::Refuse(refused) => {
                assert_eq!(operation, Client);
                assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
                assert_injected(&refused.cause, operation);
            }
            Outcome::Respond(answer) => {
                assert_ne!(operation, Client);
                let form = parameters(&answer.response);
                assert_eq!((form.get("error"), form.get("code")), (Some("server_error"), None));
                assert_eq!(form.get("iss"), Some(ISSUER));
                assert_injected(&answer.cause.unwrap(), operation);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn while_a_person_is_busy_each_failure_gives_no_code_and_no_page() {
    let operations = {
        let world = World::new();
        let login = interaction_of(world.ask(&Ask::new()));
        asked(&world, |world| drop(interaction_of(world.log_in(&login.id, "alice"))))
    };
    use Operation::{Claims, Client, Consent, PutInteraction, StartSession, TakeInteraction};
    assert_eq!(operations, [TakeInteraction, StartSession, Client, Claims, Consent, PutInteraction]);
    for operation in operations {
        let world = World::new();
        let login = interaction_of(world.ask(&Ask::new()));
        world.op.store().fail(Some(operation));
        match world.log_in(&login.id, "alice") {
            Outcome::Refuse(refused) => {
                assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
                assert_injected(&refused.cause, operation);
            }
            outcome => assert_eq!(error_of(outcome), "server_error", "{operation:?}"),
        }
        let signed_in = world.session.borrow().is_some();
        assert_eq!(signed_in, ![TakeInteraction, StartSession].contains(&operation), "{operation:?}");
    }

    // a consent that cannot be remembered gives no code
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    let consent = interaction_of(world.log_in(&login.id, "alice"));
    world.op.store().fail(Some(Operation::RememberConsent));
    assert_eq!(error_of(world.consent(&consent.id, "openid")), "server_error");
    for operation in [Operation::PendingInteraction, Operation::Client] {
        world.op.store().fail(None);
        let login = interaction_of(world.ask(&Ask::new().with("prompt", "login")));
        world.op.store().fail(Some(operation));
        let session = world.session.borrow().clone();
        let browser = Browser { id: &world.browser, session: session.as_ref() };
        let refused = run(world.op.interaction(&login.id, browser, world.now())).unwrap_err();
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[test]
fn without_randomness_nothing_is_issued() {
    let world = World::new();
    let code = world.code(&Ask::new());
    let request = http::Request::post("/token")
        .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(http::header::AUTHORIZATION, world.basic("web"))
        .body(code_form(&code).to_urlencoded().into_bytes())
        .unwrap();
    let answer = run(world.op.token(&request, world.now(), &BrokenRandom));
    assert_eq!(answer.response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.memory().token_counts(), (0, 0));

    let request = http::Request::get(format!("/authorize?{}", Ask::new().query())).body(Vec::new()).unwrap();
    let session = world.session.borrow().clone();
    let browser = Browser { id: &world.browser, session: session.as_ref() };
    let outcome = run(world.op.authorize(&request, browser, world.now(), &BrokenRandom));
    assert_eq!(error_of(outcome), "server_error");

    let login = interaction_of(world.ask(&Ask::new().with("prompt", "login")));
    let result = InteractionResult::LoggedIn(Login::new(subject("alice")));
    let resumed = run(world.op.resume(&login.id, browser, result, world.now(), &BrokenRandom));
    assert!(resumed.session.is_none());
    assert_eq!(refusal_of(resumed.outcome).status, StatusCode::SERVICE_UNAVAILABLE);
}
