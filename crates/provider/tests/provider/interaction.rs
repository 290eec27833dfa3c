//! Who is signed in, what they allowed, and requests that wait for them.

use std::time::Duration;

use avouch_provider::authorize::{AuthorizationFailure, ConsentReason, LoginReason, Need};
use avouch_provider::storage::{ConsentStore, Session, SessionStore};
use avouch_provider::{
    Answer, Browser, BrowserId, EndpointError, InteractionId, InteractionResult, Login, SessionId,
};
use avouch_tokens::{IdTokenClaims, IdTokenError};
use avouch_types::{Acr, Amr, GrantType, Issuer, ResponseType};
use http::StatusCode;

use super::support::*;

fn login_reason(outcome: Outcome) -> LoginReason {
    match interaction_of(outcome).need {
        Need::Login(reason) => reason,
        other => panic!("not a login but {other:?}"),
    }
}

fn consent_reason(outcome: Outcome) -> ConsentReason {
    match interaction_of(outcome).need {
        Need::Consent { reason, .. } => reason,
        other => panic!("not a consent but {other:?}"),
    }
}

/// Proves CORE-3.1.2.3-01, CORE-3.1.2.4-01.
#[test]
fn somebody_signs_in_and_agrees_before_anything_is_released() {
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new().with("scope", "openid email")));
    assert_eq!(login.need, Need::Login(LoginReason::NotSignedIn));
    let consent = interaction_of(world.log_in(&login.id, "alice"));
    assert_eq!(
        consent.need,
        Need::Consent { reason: ConsentReason::NotGiven, scopes: scopes("openid email"), claims: [].into() }
    );
    code_of(world.consent(&consent.id, "openid email"));
    // the next time nobody is asked
    code_of(world.ask(&Ask::new()));
}

/// Proves CORE-3.1.2.1-14, CORE-3.1.2.3-02. Conformance: prompt-none-not-logged-in, prompt-none-logged-in.
#[test]
fn prompt_none_shows_nothing() {
    let world = World::new();
    let silent = Ask::new().with("prompt", "none");
    assert_eq!(error_of(world.ask(&silent)), "login_required");
    let login = interaction_of(world.ask(&Ask::new()));
    let _ = world.log_in(&login.id, "alice");
    assert_eq!(error_of(world.ask(&silent)), "consent_required");
    world.walk(&Ask::new());
    code_of(world.ask(&silent));
    // more than was agreed to
    assert_eq!(error_of(world.ask(&silent.with("scope", "openid email"))), "consent_required");
    world.wait(5);
    assert_eq!(error_of(world.ask(&silent.with("max_age", "4"))), "login_required");
}

/// Proves CORE-3.1.2.1-15, CORE-3.1.2.3-01. Conformance: prompt-login.
#[test]
fn prompt_login_is_met_by_a_login_for_this_request_only() {
    let world = World::new();
    let first = world.exchange(&world.code(&Ask::new())).unwrap();
    let again = Ask::new().with("prompt", "login");
    let waiting = interaction_of(world.ask(&again));
    assert_eq!(waiting.need, Need::Login(LoginReason::PromptLogin));

    // going on without a login does not help, nor does a login for another request
    assert_eq!(login_reason(world.resume(&waiting.id, InteractionResult::Nothing)), LoginReason::PromptLogin);
    let waiting = interaction_of(world.ask(&again));
    let other = interaction_of(world.ask(&again));
    world.wait(10);
    code_of(world.log_in(&other.id, "alice"));
    let waiting = interaction_of(world.resume(&waiting.id, InteractionResult::Nothing));
    assert_eq!(waiting.need, Need::Login(LoginReason::PromptLogin));

    let second = world.exchange(&code_of(world.log_in(&waiting.id, "alice"))).unwrap();
    let (first, second) = (world.id_token(&first), world.id_token(&second));
    assert!(second.auth_time > first.auth_time, "the new login shows in auth_time");
}

/// Proves CORE-3.1.2.1-16. Conformance: consent is asked again.
#[test]
fn prompt_consent_asks_again() {
    let world = World::new();
    world.code(&Ask::new());
    let asked = Ask::new().with("prompt", "consent");
    assert_eq!(consent_reason(world.ask(&asked)), ConsentReason::PromptConsent);
    let waiting = interaction_of(world.ask(&asked));
    let waiting = interaction_of(world.resume(&waiting.id, InteractionResult::Nothing));
    let denied = world.resume(&waiting.id, InteractionResult::Denied);
    assert_eq!(error_of(denied), "access_denied");
}

/// Proves CORE-3.1.2.1-17.
#[test]
fn prompt_select_account_asks_which() {
    let world = World::new();
    world.code(&Ask::new());
    let asked = Ask::new().with("prompt", "select_account");
    let waiting = interaction_of(world.ask(&asked));
    assert_eq!(waiting.need, Need::SelectAccount);
    let waiting = interaction_of(world.resume(&waiting.id, InteractionResult::Nothing));
    assert_eq!(waiting.need, Need::SelectAccount);
    assert_eq!(waiting.subject, Some(subject("alice")));
    code_of(world.resume(&waiting.id, InteractionResult::AccountChosen { subject: subject("alice") }));

    // whoever logs in as somebody else has chosen, too
    let waiting = interaction_of(world.ask(&asked));
    let consent = interaction_of(world.log_in(&waiting.id, "bob"));
    let tokens = world.exchange(&code_of(world.consent_as("bob", &consent.id, "openid"))).unwrap();
    assert_eq!(world.id_token(&tokens).sub.as_str(), "bob");

    let waiting = interaction_of(world.ask(&asked));
    let both = Ask::new().with("prompt", "select_account login");
    assert_eq!(login_reason(world.ask(&both)), LoginReason::PromptLogin);
    assert_eq!(waiting.need, Need::SelectAccount);
}

/// Proves CORE-3.1.2.1-19, CORE-3.1.2.1-20, CORE-2-09. Conformance: max-age-1, max-age-10000.
#[test]
fn max_age_bounds_the_age_of_the_login() {
    let world = World::new();
    let first = world.exchange(&world.code(&Ask::new())).unwrap();
    let auth_time = world.id_token(&first).auth_time;
    world.wait(2);
    let young = world.exchange(&code_of(world.ask(&Ask::new().with("max_age", "10000")))).unwrap();
    assert_eq!(world.id_token(&young).auth_time, auth_time);
    code_of(world.ask(&Ask::new().with("max_age", "2")));

    let old = Ask::new().with("max_age", "1");
    let (max_age, age) = (Duration::from_secs(1), Duration::from_secs(2));
    assert_eq!(login_reason(world.ask(&old)), LoginReason::TooLongAgo { max_age, age });
    let waiting = interaction_of(world.ask(&old));
    // the pages may take their time
    world.wait(60);
    let code = code_of(world.log_in(&waiting.id, "alice"));
    let claims = world.id_token(&world.exchange(&code).unwrap());
    assert_eq!(claims.auth_time, Some(world.now()));

    // a login of this interaction grows old like any other while its pages are open
    let waiting =
        interaction_of(world.ask(&Ask::new().with("max_age", "60").with("prompt", "login consent")));
    let consent = interaction_of(world.log_in(&waiting.id, "alice"));
    world.wait(61);
    let waiting = interaction_of(world.consent(&consent.id, "openid"));
    let (max_age, age) = (Duration::from_secs(60), Duration::from_secs(61));
    assert_eq!(waiting.need, Need::Login(LoginReason::TooLongAgo { max_age, age }));
    let code = code_of(world.log_in(&waiting.id, "alice"));
    assert_eq!(world.id_token(&world.exchange(&code).unwrap()).auth_time, Some(world.now()));
    // and not before
    let waiting =
        interaction_of(world.ask(&Ask::new().with("max_age", "60").with("prompt", "login consent")));
    let consent = interaction_of(world.log_in(&waiting.id, "alice"));
    world.wait(60);
    let code = code_of(world.consent(&consent.id, "openid"));
    let auth_time = world.id_token(&world.exchange(&code).unwrap()).auth_time.unwrap();
    assert_eq!(world.now().seconds() - auth_time.seconds(), 60);
}

/// Who reads the page of consent for longer than `max_age` signs in once more, and has agreed already. Another person who
/// signs in then has not.
#[test]
fn a_consent_outlives_the_login_it_was_given_under() {
    let too_old = |world: &World| {
        let waiting = interaction_of(world.ask(&Ask::new().with("max_age", "1")));
        let consent = interaction_of(world.log_in(&waiting.id, "alice"));
        assert!(matches!(consent.need, Need::Consent { reason: ConsentReason::NotGiven, .. }));
        world.wait(30);
        let again = interaction_of(world.consent(&consent.id, "openid"));
        let (max_age, age) = (Duration::from_secs(1), Duration::from_secs(30));
        assert_eq!(again.need, Need::Login(LoginReason::TooLongAgo { max_age, age }));
        again
    };
    let world = World::new();
    let code = code_of(world.log_in(&too_old(&world).id, "alice"));
    let claims = world.id_token(&world.exchange(&code).unwrap());
    assert_eq!((claims.sub, claims.auth_time), (subject("alice"), Some(world.now())));

    let world = World::new();
    assert_eq!(consent_reason(world.log_in(&too_old(&world).id, "bob")), ConsentReason::NotGiven);

    // what Alice has agreed to in this interaction does not renew what Bob agreed to before
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    let consent = interaction_of(world.log_in(&login.id, "bob"));
    code_of(world.consent_as("bob", &consent.id, "openid"));
    let (bob, client, given_at) = (subject("bob"), "web".parse().unwrap(), world.now());
    world.wait(30);
    code_of(world.log_in(&too_old(&world).id, "bob"));
    let remembered = run(world.op.store().consent(&bob, &client)).unwrap().unwrap();
    assert_eq!(remembered.given_at, given_at);
}

/// A consent is kept for a login of this interaction that grew old, and not for a login from before: whoever sits there
/// now may be somebody else, and nobody was asked.
#[test]
fn a_consent_under_a_login_from_before_is_dropped() {
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    let _ = world.log_in(&login.id, "alice");
    world.wait(30);
    let waiting = interaction_of(world.ask(&Ask::new().with("max_age", "1")));
    let waiting = interaction_of(world.consent(&waiting.id, "openid"));
    assert_eq!(consent_reason(world.log_in(&waiting.id, "alice")), ConsentReason::NotGiven);
}

/// A page that names one person is not answered for another who has signed in since, in another tab.
#[test]
fn a_page_is_answered_for_the_person_it_names() {
    let (alice, bob) = (subject("alice"), subject("bob"));
    let consented = || InteractionResult::Consented { subject: alice.clone(), scopes: scopes("openid") };
    let chosen = || InteractionResult::AccountChosen { subject: alice.clone() };
    for (prompt, answer) in [("consent", consented()), ("select_account", chosen()), ("consent", chosen())] {
        let world = World::new();
        world.code(&Ask::new());
        let waiting = interaction_of(world.ask(&Ask::new().with("prompt", prompt)));
        assert_eq!(waiting.subject, Some(alice.clone()));
        // Bob has allowed the client all of it
        let other = interaction_of(world.ask(&Ask::new().with("prompt", "login")));
        let other = interaction_of(world.log_in(&other.id, "bob"));
        code_of(world.consent_as("bob", &other.id, "openid"));

        let asked = interaction_of(world.resume(&waiting.id, answer));
        assert_eq!((&asked.need, &asked.subject), (&Need::SelectAccount, &Some(bob.clone())), "{prompt}");
        // that is remembered
        let asked = interaction_of(world.resume(&asked.id, InteractionResult::Nothing));
        assert_eq!(asked.need, Need::SelectAccount);
        let session = world.session.borrow().clone();
        let browser = Browser { id: &world.browser, session: session.as_ref() };
        let shown = run(world.op.interaction(&asked.id, browser, world.now())).unwrap().unwrap();
        assert_eq!((shown.need, shown.subject), (Need::SelectAccount, Some(bob.clone())));

        let mut outcome = world.resume(&asked.id, InteractionResult::AccountChosen { subject: bob.clone() });
        if prompt == "consent" {
            let consent = interaction_of(outcome);
            assert!(matches!(consent.need, Need::Consent { .. }));
            assert_eq!(consent.subject, Some(bob.clone()));
            outcome = world.consent_as("bob", &consent.id, "openid");
        }
        let tokens = world.exchange(&code_of(outcome)).unwrap();
        assert_eq!(world.id_token(&tokens).sub, bob);
    }
}

/// Whoever signs in for this request has said who they are.
#[test]
fn after_a_page_for_another_person_a_login_settles_it() {
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    let consent = interaction_of(world.log_in(&login.id, "alice"));
    let other = interaction_of(world.ask(&Ask::new().with("prompt", "login")));
    let _ = world.log_in(&other.id, "bob");
    let asked = interaction_of(world.consent(&consent.id, "openid"));
    assert_eq!(asked.need, Need::SelectAccount);
    world.wait(1);
    let consent = interaction_of(world.log_in(&asked.id, "bob"));
    let tokens = world.exchange(&code_of(world.consent_as("bob", &consent.id, "openid"))).unwrap();
    assert_eq!(world.id_token(&tokens).sub.as_str(), "bob");
}

/// The login of one person in this interaction is none of another who has signed in for another request.
#[test]
fn a_login_of_another_person_elsewhere_does_not_count() {
    let world = World::new();
    let waiting = interaction_of(world.ask(&Ask::new().with("prompt", "login")));
    let waiting = interaction_of(world.log_in(&waiting.id, "alice"));
    world.wait(5);
    let other = interaction_of(world.ask(&Ask::new().with("prompt", "login")));
    let _ = world.log_in(&other.id, "bob");
    assert_eq!(login_reason(world.resume(&waiting.id, InteractionResult::Nothing)), LoginReason::PromptLogin);
}

/// An answer that nobody was asked for is dropped.
#[test]
fn a_consent_before_the_login_is_none() {
    let world = World::new();
    world.code(&Ask::new());
    let early = [("login consent", true), ("select_account consent", false)];
    for (prompt, is_login) in early {
        let waiting = interaction_of(world.ask(&Ask::new().with("prompt", prompt)));
        let waiting = interaction_of(world.consent(&waiting.id, "openid"));
        let outcome = if is_login {
            assert_eq!(waiting.need, Need::Login(LoginReason::PromptLogin));
            world.log_in(&waiting.id, "alice")
        } else {
            assert_eq!(waiting.need, Need::SelectAccount);
            world.resume(&waiting.id, InteractionResult::AccountChosen { subject: subject("alice") })
        };
        assert_eq!(consent_reason(outcome), ConsentReason::PromptConsent);
    }
}

/// Nothing is issued for an account that was removed, though its session is still there.
#[test]
fn a_session_without_an_account_is_none() {
    let world = World::new();
    world.code(&Ask::new());
    let waiting = interaction_of(world.ask(&Ask::new().with("prompt", "consent")));
    world.memory().forget(&subject("alice"));
    assert_eq!(error_of(world.ask(&Ask::new().with("prompt", "none"))), "login_required");
    let again = interaction_of(world.consent(&waiting.id, "openid"));
    assert_eq!((again.need, again.subject), (Need::Login(LoginReason::NotSignedIn), None));
    assert_eq!(login_reason(world.log_in(&again.id, "alice")), LoginReason::NotSignedIn);
}

/// Proves CORE-3.1.2.1-21.
#[test]
fn max_age_zero_is_a_login_and_not_absent() {
    let world = World::new();
    world.code(&Ask::new());
    let waiting = interaction_of(world.ask(&Ask::new().with("max_age", "0")));
    assert!(matches!(waiting.need, Need::Login(LoginReason::TooLongAgo { .. })), "even in the same second");
    code_of(world.log_in(&waiting.id, "alice"));
    assert_eq!(
        error_of(world.ask(&Ask::new().with("max_age", "0").with("prompt", "none"))),
        "login_required"
    );
}

/// A client can register a `default_max_age`; the request's own value goes before it.
#[test]
fn the_registered_max_age_counts_where_the_request_has_none() {
    let world = World::new();
    world.code(&Ask::new());
    world.change_client("web", |client| client.default_max_age = Some(3));
    world.wait(4);
    assert!(matches!(login_reason(world.ask(&Ask::new())), LoginReason::TooLongAgo { .. }));
    code_of(world.ask(&Ask::new().with("max_age", "100")));
}

/// Proves CORE-3.1.2.1-23, CORE-3.1.2.1-25, CORE-3.1.2.2-04a, CORE-3.1.2.2-04b, CORE-3.1.2.2-05b. Conformance: id-token-hint.
#[test]
fn an_id_token_hint_says_who_is_meant() {
    let world = World::new();
    // the hint was issued to another client, and has long expired
    world.change_client("other", |_| {});
    let code = world.code(&Ask::of("other", REDIRECT));
    let tokens = world.token_request(Some(&world.basic("other")), &code_form(&code)).unwrap();
    let hint = tokens["id_token"].as_str().unwrap();
    world.code(&Ask::new());
    world.wait(3600);
    let hinted = Ask::new().with("id_token_hint", hint);
    let alice = world.exchange(&code_of(world.ask(&hinted.with("prompt", "none")))).unwrap();
    assert_eq!(world.id_token(&alice).sub.as_str(), "alice");

    // Bob signs in; nothing is issued for him when Alice is meant
    let waiting = interaction_of(world.ask(&Ask::new().with("prompt", "login")));
    let consent = interaction_of(world.log_in(&waiting.id, "bob"));
    code_of(world.consent_as("bob", &consent.id, "openid"));
    assert_eq!(error_of(world.ask(&hinted.with("prompt", "none"))), "login_required");
    let waiting = interaction_of(world.ask(&hinted));
    assert_eq!(waiting.need, Need::Login(LoginReason::OtherSubject { hinted: Some(subject("alice")) }));
    assert_eq!(error_of(world.log_in(&waiting.id, "bob")), "login_required");

    let waiting = interaction_of(world.ask(&hinted));
    let alice = world.exchange(&code_of(world.log_in(&waiting.id, "alice"))).unwrap();
    assert_eq!(world.id_token(&alice).sub.as_str(), "alice");
}

/// Proves CORE-3.1.2.2-05a.
#[test]
fn an_id_token_hint_that_was_not_issued_here_is_an_error() {
    let world = World::new();
    world.code(&Ask::new());
    let (client, now) = (client_id("web"), world.now());
    let claims = |issuer: &str| {
        let issuer = Issuer::parse(issuer).unwrap();
        IdTokenClaims::new(&issuer, subject("alice"), &client, now, Duration::from_secs(60))
    };
    let own = claims(ISSUER).sign(&world.op_key).unwrap();
    code_of(world.ask(&Ask::new().with("id_token_hint", &own)));

    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", own.split('.').nth(1).unwrap());
    let cases = [
        claims("https://elsewhere.example").sign(&world.op_key).unwrap(),
        claims(ISSUER).sign(&world.client_key).unwrap(),
        unsigned,
        own.trim_end_matches(|c| c != '.').to_owned(),
        "alice".to_owned(),
    ];
    for hint in cases {
        let outcome = world.ask(&Ask::new().with("id_token_hint", &hint));
        let Outcome::Respond(Answer { cause: Some(EndpointError::Authorization(error)), .. }) = &outcome
        else {
            panic!("{outcome:?}")
        };
        // what was wrong with it is for the log
        assert!(matches!(error.failure(), AuthorizationFailure::HintNotOurs(_)));
        let failure: &dyn std::error::Error = error.failure();
        assert!(failure.source().is_some_and(|source| source.is::<IdTokenError>()));
        assert_eq!(error_of(outcome), "invalid_request", "{hint}");
    }
}

/// Proves CORE-3.1.2.2-04a, CORE-5.5.1-04.
#[test]
fn a_subject_asked_for_in_claims_is_the_only_one_to_get_tokens() {
    let world = World::new();
    world.code(&Ask::new());
    let wanted = |sub: &str| Ask::new().with("claims", &format!(r#"{{"id_token":{{"sub":{sub}}}}}"#));
    code_of(world.ask(&wanted(r#"{"value":"alice"}"#)));
    code_of(world.ask(&wanted("null")));
    let bob = wanted(r#"{"value":"bob"}"#);
    assert_eq!(error_of(world.ask(&bob.with("prompt", "none"))), "login_required");
    assert_eq!(login_reason(world.ask(&bob)), LoginReason::OtherSubject { hinted: None });
    let waiting = interaction_of(world.ask(&bob));
    assert_eq!(error_of(world.log_in(&waiting.id, "alice")), "login_required");
    // no subject is a number, so nobody could ever meet this
    assert_eq!(error_of(world.ask(&wanted(r#"{"value":7}"#))), "invalid_request");
}

/// Proves CORE-5.5.1.1-01, UAR-1-01.
#[test]
fn an_essential_acr_is_met_or_the_request_fails() {
    let world = World::new();
    world.code(&Ask::new());
    let wanted =
        Ask::new().with("claims", r#"{"id_token":{"acr":{"essential":true,"values":["gold","silver"]}}}"#);
    assert!(matches!(login_reason(world.ask(&wanted)), LoginReason::AcrNotMet { .. }));
    assert_eq!(error_of(world.ask(&wanted.with("prompt", "none"))), "unmet_authentication_requirements");

    let login = |acr: &str| {
        let mut login = Login::new(subject("alice"));
        login.acr = Some(Acr::parse(acr).unwrap());
        login.amr = vec![Amr::PWD, Amr::OTP];
        InteractionResult::LoggedIn(login)
    };
    let waiting = interaction_of(world.ask(&wanted));
    assert_eq!(error_of(world.resume(&waiting.id, login("bronze"))), "unmet_authentication_requirements");
    let waiting = interaction_of(world.ask(&wanted));
    let tokens = world.exchange(&code_of(world.resume(&waiting.id, login("silver")))).unwrap();
    let claims = world.id_token(&tokens);
    assert_eq!(claims.acr.unwrap().as_str(), "silver");
    assert_eq!(claims.amr.unwrap(), [Amr::PWD, Amr::OTP]);
}

/// Proves CORE-5.5.1.1-02, CORE-3.1.2.1-28. Conformance: ensure-request-with-acr-values-succeeds.
#[test]
fn an_acr_that_is_not_essential_never_fails_a_request() {
    let world = World::new();
    let mut login = Login::new(subject("alice"));
    login.acr = Some(Acr::parse("bronze").unwrap());
    let waiting = interaction_of(world.ask(&Ask::new().with("acr_values", "gold")));
    let consent = interaction_of(world.resume(&waiting.id, InteractionResult::LoggedIn(login)));
    let tokens = world.exchange(&code_of(world.consent(&consent.id, "openid"))).unwrap();
    assert_eq!(world.id_token(&tokens).acr.unwrap().as_str(), "bronze");
    for acr in [r#"{"values":["gold"]}"#, r#"{"essential":true}"#, "null"] {
        code_of(world.ask(&Ask::new().with("claims", &format!(r#"{{"id_token":{{"acr":{acr}}}}}"#))));
    }
}

/// Proves TOK-04.
#[test]
fn less_can_be_agreed_to_than_is_asked_for() {
    let world = World::new();
    let ask = Ask::new().with("scope", "openid email phone");
    let login = interaction_of(world.ask(&ask));
    let consent = interaction_of(world.log_in(&login.id, "alice"));
    // what was not asked for cannot be agreed to
    let code = code_of(world.consent(&consent.id, "openid phone profile"));
    let tokens = world.exchange(&code).unwrap();
    assert_eq!(tokens["scope"], "openid phone");
    // what was not agreed to is asked for again; what was, stays
    assert_eq!(consent_reason(world.ask(&ask)), ConsentReason::NotGiven);
    code_of(world.ask(&Ask::new().with("scope", "openid phone")));
    let consent = interaction_of(world.ask(&Ask::new().with("scope", "openid email")));
    code_of(world.consent(&consent.id, "openid email"));
    code_of(world.ask(&ask));
    // what is asked for again and not allowed this time is allowed no more
    let consent = interaction_of(world.ask(&ask.with("prompt", "consent")));
    code_of(world.consent(&consent.id, "openid email"));
    code_of(world.ask(&Ask::new().with("scope", "openid email")));
    assert_eq!(consent_reason(world.ask(&Ask::new().with("scope", "openid phone"))), ConsentReason::NotGiven);
}

/// Proves END-09, CORE-3.1.2.6-01.
#[test]
fn a_denial_goes_to_the_client() {
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    let Outcome::Respond(answer) = world.resume(&login.id, InteractionResult::Denied) else { panic!() };
    let form = parameters(&answer.response);
    assert_eq!((form.get("error"), form.get("state")), (Some("access_denied"), Some("a state +&")));
    assert_eq!(form.get("iss"), Some(ISSUER));
    // agreeing to nothing is a denial
    let login = interaction_of(world.ask(&Ask::new().with("scope", "openid email")));
    let consent = interaction_of(world.log_in(&login.id, "alice"));
    assert_eq!(error_of(world.consent(&consent.id, "email")), "access_denied");
}

#[test]
fn single_claims_need_consent_too() {
    let world = World::new();
    let email = Ask::new().with("scope", "openid email");
    world.code(&email);
    // of these, the scopes give one; the provider's own claims are nobody's to give
    let ask =
        email.with("claims", r#"{"userinfo":{"email":null,"name":null},"id_token":{"auth_time":null}}"#);
    let Need::Consent { claims, .. } = interaction_of(world.ask(&ask)).need else { panic!() };
    assert_eq!(claims, ["name".to_owned()].into());
    world.code(&ask);
    code_of(world.ask(&ask));
    // agreeing to another one takes nothing back
    world.code(&email.with("claims", r#"{"userinfo":{"picture":null}}"#));
    code_of(world.ask(&ask));
}

/// Proves NAT-09, AUT-05.
#[test]
fn a_client_that_may_be_somebody_else_is_never_waved_through() {
    let world = World::new();
    for uri in [LOOPBACK, "com.example.app:/cb"] {
        let ask = Ask::of("native", uri);
        let login = interaction_of(world.ask(&ask));
        let id = match login.need {
            Need::Login(_) => interaction_of(world.log_in(&login.id, "alice")).id,
            _ => login.id,
        };
        let _ = world.consent(&id, "openid");
        assert_eq!(consent_reason(world.ask(&ask)), ConsentReason::ClientNotAssured);
    }
    // claimed https stands for the app
    world.change_client("native", |client| client.redirect_uris = vec![redirect(REDIRECT)]);
    code_of(world.ask(&Ask::of("native", REDIRECT)));
}

/// An advisory asks for it: CVE-2026-7571. What was right when the request came may be wrong when it goes on.
#[test]
fn a_request_that_goes_on_is_checked_against_the_client_as_it_is_then() {
    type Change = fn(&mut avouch_provider::Client);
    let cases: [(Change, &str); 4] = [
        (|client| client.response_types = vec![ResponseType::ID_TOKEN], "unauthorized_client"),
        (|client| client.grant_types = vec![GrantType::REFRESH_TOKEN], "unauthorized_client"),
        (|client| client.scopes = Some(scopes("email")), "invalid_scope"),
        (|client| client.redirect_uris = vec![redirect("https://rp.example/other")], ""),
    ];
    for (change, error) in cases {
        let world = World::new();
        let login = interaction_of(world.ask(&Ask::new()));
        let consent = interaction_of(world.log_in(&login.id, "alice"));
        world.change_client("web", change);
        let outcome = world.consent(&consent.id, "openid");
        if error.is_empty() {
            assert_eq!(refusal_of(outcome).status, StatusCode::BAD_REQUEST);
        } else {
            assert_eq!(error_of(outcome), error);
        }
    }
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    world.memory().unregister(&client_id("web"));
    assert!(matches!(refusal_of(world.log_in(&login.id, "alice")).cause, EndpointError::NotResumed(_)));
}

#[test]
fn each_step_of_an_interaction_can_be_done_once() {
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    let consent = interaction_of(world.log_in(&login.id, "alice"));
    assert_ne!(login.id, consent.id);
    let gone = refusal_of(world.log_in(&login.id, "alice"));
    assert!(matches!(gone.cause, EndpointError::InteractionGone));
    assert_eq!(gone.status, StatusCode::BAD_REQUEST);
    code_of(world.consent(&consent.id, "openid"));
    assert!(matches!(refusal_of(world.consent(&consent.id, "openid")).cause, EndpointError::InteractionGone));
}

#[test]
fn an_interaction_expires_and_cannot_be_guessed() {
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    world.wait(30 * 60);
    assert!(matches!(refusal_of(world.log_in(&login.id, "alice")).cause, EndpointError::InteractionGone));
    let guessed = InteractionId::received("guess");
    assert!(matches!(refusal_of(world.log_in(&guessed, "alice")).cause, EndpointError::InteractionGone));
    assert!(!format!("{:?}", login.id).contains(login.id.expose()));
}

/// A link to somebody else's waiting request leads nowhere.
#[test]
fn an_interaction_goes_on_only_in_its_browser() {
    let world = World::new();
    let login = interaction_of(world.ask(&Ask::new()));
    let stranger = BrowserId::generate(&world.rng).unwrap();
    let browser = Browser { id: &stranger, session: None };
    let result = InteractionResult::LoggedIn(Login::new(subject("bob")));
    let resumed = run(world.op.resume(&login.id, browser, result, world.now(), &world.rng));
    assert!(resumed.session.is_none(), "nobody is signed in by it");
    assert!(matches!(refusal_of(resumed.outcome).cause, EndpointError::InteractionGone));
    let shown = run(world.op.interaction(&login.id, browser, world.now()));
    assert!(matches!(shown.unwrap_err().cause, EndpointError::InteractionGone));
    // and it was not spoilt by the attempt
    interaction_of(world.log_in(&login.id, "alice"));
}

#[test]
fn the_page_of_an_interaction_can_be_shown_again() {
    let world = World::new();
    let shown = |id: &InteractionId| {
        let session = world.session.borrow().clone();
        let browser = Browser { id: &world.browser, session: session.as_ref() };
        run(world.op.interaction(id, browser, world.now())).unwrap()
    };
    let login = interaction_of(world.ask(&Ask::new()));
    let again = shown(&login.id).unwrap();
    assert_eq!((again.need, again.id), (login.need, login.id.clone()));
    // in another tab the same is done; then nothing is left to do here
    world.code(&Ask::new());
    assert!(shown(&login.id).is_none());
    code_of(world.resume(&login.id, InteractionResult::Nothing));
}

#[test]
fn a_login_starts_a_new_session_and_ends_the_old_one() {
    let world = World::new();
    world.code(&Ask::new());
    let before = world.session.borrow().clone().unwrap();
    world.code(&Ask::new().with("prompt", "login"));
    let after = world.session.borrow().clone().unwrap();
    assert_ne!(before, after);
    let found = |id: &SessionId| run(world.memory().session(&id.hash(&world.crypto), world.now())).unwrap();
    assert!(found(&before).is_none());
    assert_eq!(found(&after).unwrap().subject, subject("alice"));
}

#[test]
fn a_session_ends_after_its_time() {
    let world = World::new();
    world.code(&Ask::new());
    world.wait(12 * 60 * 60 - 1);
    code_of(world.ask(&Ask::new()));
    world.wait(1);
    assert_eq!(login_reason(world.ask(&Ask::new())), LoginReason::NotSignedIn);
}

/// The decision itself does not believe a session that is over.
#[test]
fn evaluate_looks_at_the_end_of_the_session_itself() {
    use avouch_messages::RequestEnvelope;
    use avouch_provider::authorize::{Evaluation, identify};
    use avouch_types::{Form, FormLimits};
    let world = World::new();
    let client = web_client(&world.crypto);
    let form = Form::parse_noting_repeats(Ask::new().query().as_bytes(), &FormLimits::default()).unwrap();
    let known = identify(RequestEnvelope::read(form), Some(&client)).unwrap();
    let valid = known.parse_and_validate(world.op.policy()).unwrap();
    let session = Session::new(subject("alice"), world.now(), world.now());
    let Evaluation::Interact(waiting) = valid.evaluate(Some(&session), None, None, world.now()) else {
        panic!()
    };
    assert_eq!(*waiting.need(), Need::Login(LoginReason::NotSignedIn));
}

/// What is kept of a waiting request holds no token: not the hint.
#[test]
fn a_waiting_request_keeps_who_was_hinted_and_not_the_hint() {
    let world = World::new();
    let tokens = world.exchange(&world.code(&Ask::new())).unwrap();
    let hint = tokens["id_token"].as_str().unwrap();
    let waiting = interaction_of(world.ask(&Ask::new().with("id_token_hint", hint).with("prompt", "login")));
    assert!(!world.memory().dump().contains(hint));
    // and it still holds
    assert_eq!(error_of(world.log_in(&waiting.id, "bob")), "login_required");
}

/// Proves CORE-11-01, CORE-11-03.
#[test]
fn offline_access_needs_a_consent_given_now() {
    let world = World::new();
    let without = Ask::new().with("scope", "openid offline_access");
    let tokens = world.exchange(&world.code(&without)).unwrap();
    assert_eq!(tokens["scope"], "openid");
    assert!(!tokens.contains_key("refresh_token"));

    let with = without.with("prompt", "consent");
    let tokens = world.exchange(&world.code(&with)).unwrap();
    assert_eq!(tokens["scope"], "openid offline_access");
    assert!(tokens.contains_key("refresh_token"));
    // having said yes once does not suffice the next time
    assert_eq!(consent_reason(world.ask(&with)), ConsentReason::PromptConsent);
    assert!(!world.exchange(&world.code(&without)).unwrap().contains_key("refresh_token"));
}

/// Proves CORE-11-01.
#[test]
fn offline_access_is_ignored_for_clients_without_refresh_tokens() {
    let world = World::new();
    world.change_client("web", |client| client.grant_types = vec![GrantType::AUTHORIZATION_CODE]);
    let ask = Ask::new().with("scope", "openid offline_access").with("prompt", "consent");
    let tokens = world.exchange(&world.code(&ask)).unwrap();
    assert_eq!(tokens["scope"], "openid");
}

#[test]
fn every_failure_has_its_cause_for_the_log() {
    let world = World::new();
    let Outcome::Respond(answer) = world.ask(&Ask::new().with("prompt", "none")) else { panic!() };
    let Some(EndpointError::Authorization(error)) = answer.cause else { panic!() };
    assert!(matches!(
        error.failure(),
        AuthorizationFailure::InteractionRequired(Need::Login(LoginReason::NotSignedIn))
    ));
}
