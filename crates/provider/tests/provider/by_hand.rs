//! The whole flow through the pure steps, with the store's acts between them: what the driver does, in plain sight.

use avouch_messages::{RequestEnvelope, TokenRequest};
use avouch_provider::authorize::{Evaluation, LoginReason, Need, RequestRefused, ValidRequest, identify};
use avouch_provider::storage::{
    AddTokens, Agreed, BrowserHash, CodeStore, CodeUse, Consent, GrantStore, OpenGrant, PendingInteraction,
    RefreshLookup, ReplayStore, ReplayUse, RotateTokens, Session, SessionStore, TokenStore,
};
use avouch_provider::token::{
    Authentication, Exchange, Refusal, TokenError, authenticate, claimed_client, respond, respond_with_error,
};
use avouch_provider::{Client, ProviderKeys, userinfo};
use avouch_testkit::storage::MemoryStore;
use avouch_types::{Form, FormLimits};
use http::StatusCode;

use super::support::*;

fn envelope(ask: &Ask) -> RequestEnvelope {
    RequestEnvelope::read(Form::parse_noting_repeats(ask.query().as_bytes(), &FormLimits::default()).unwrap())
}

fn token_request(world: &World, form: &Form) -> TokenRequest {
    let basic = world.basic("web");
    let content_type = Some("application/x-www-form-urlencoded");
    TokenRequest::parse(Some(&basic), content_type, form.to_urlencoded().as_bytes(), &FormLimits::default())
        .unwrap()
}

fn resume<'a>(world: &'a World, client: &'a Client, pending: PendingInteraction) -> ValidRequest<'a> {
    let browser = BrowserHash::of("browser", &world.crypto);
    let own = pending.in_browser(&browser, world.now()).unwrap();
    assert_eq!(*own.client_id(), client.client_id);
    own.resume(Some(client), world.op.policy()).unwrap()
}

/// A waiting request goes on in its own browser and in its time only.
#[test]
fn a_waiting_request_is_handed_out_to_its_browser_in_time() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let (policy, now) = (world.op.policy(), world.now());
    let valid = identify(envelope(&Ask::new()), Some(&client)).unwrap().parse_and_validate(policy).unwrap();
    let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, now) else { panic!() };
    let browser = BrowserHash::of("browser", &world.crypto);
    let pending = waiting.suspend(browser, now);
    let over = pending.expires_at;
    let last = over.saturating_sub(std::time::Duration::from_secs(1));
    assert!(pending.clone().in_browser(&browser, last).is_some());
    assert!(pending.clone().in_browser(&browser, over).is_none());
    assert!(pending.in_browser(&BrowserHash::of("another", &world.crypto), now).is_none());
}

#[test]
fn a_sign_in_from_the_first_request_to_userinfo_and_refresh() {
    let world = World::new();
    let (crypto, rng, policy) = (&world.crypto, &world.rng, world.op.policy());
    let client = web_client(crypto);
    let store = MemoryStore::new();
    let now = world.now();
    let keys = ProviderKeys::new(vec![world.op_key.clone()], Vec::new(), crypto).unwrap();
    let ask = Ask::new().with("scope", "openid email offline_access").with("prompt", "consent");

    // The request arrives, and nobody is signed in.
    let known = identify(envelope(&ask), Some(&client)).unwrap();
    let valid = known.parse_and_validate(policy).unwrap();
    let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, now) else { panic!() };
    assert_eq!(*waiting.need(), Need::Login(LoginReason::NotSignedIn));
    let mut pending = waiting.suspend(BrowserHash::of("browser", crypto), now);

    // It survives being stored, and goes on when somebody has signed in.
    pending = serde_json::from_str(&serde_json::to_string(&pending).unwrap()).unwrap();
    let session = Session::new(subject("alice"), now, now.saturating_add(policy.session_lifetime));
    let valid = resume(&world, &client, pending).logged_in(&session);
    let Evaluation::Interact(waiting) = valid.evaluate(Some(&session), None, None, now) else { panic!() };
    let Need::Consent { scopes, .. } = waiting.need().clone() else { panic!() };
    let pending = waiting.suspend(BrowserHash::of("browser", crypto), now);
    let valid = resume(&world, &client, pending).agree(&session.subject, scopes);
    let Evaluation::Proceed(authorized) = valid.evaluate(Some(&session), None, None, now) else { panic!() };
    assert_eq!(authorized.consent().unwrap().scopes.to_string(), "openid email offline_access");

    // The code, and the records to store before anybody gets it.
    let unstored = authorized.issue_code(now, rng, crypto).unwrap();
    let opened = run(store.open(unstored.grant().clone())).unwrap();
    let inserted = run(store.insert(unstored.code_hash(), unstored.record().clone())).unwrap();
    let response = unstored.stored(opened, inserted).unwrap().into_response();
    let code = parameters(&response).get("code").unwrap().to_owned();

    // The client redeems it.
    let request = token_request(&world, &code_form(&code));
    assert_eq!(claimed_client(&request).unwrap(), client.client_id);
    let Authentication::Done(authenticated) =
        authenticate(request, Some(&client), policy, now, crypto).unwrap()
    else {
        panic!()
    };
    let Exchange::Code(exchange) = authenticated.exchange(crypto).unwrap() else { panic!() };
    let used = run(store.consume(exchange.code_hash(), now)).unwrap();
    let redeemed = exchange.consumed(used, crypto).unwrap();
    assert_eq!(redeemed.subject().as_str(), "alice");
    let unstored = redeemed.issue(Some(&alice()), &keys, now, rng, crypto).unwrap();
    let added = run(store.add_tokens(unstored.grant(), unstored.records().clone(), now)).unwrap();
    let tokens = json(&respond(&unstored.stored(added).unwrap()));

    // And asks who it is.
    let presented = userinfo::present(&bearer(tokens["access_token"].as_str().unwrap()), crypto).unwrap();
    let found = run(store.access(presented.token_hash(), now)).unwrap();
    let answer = presented.found(found).unwrap().answer(Some(&alice()), policy).unwrap();
    assert_eq!(answer.claims.email.as_deref(), Some("alice@op.example"));

    // Later it refreshes.
    let request = token_request(&world, &refresh_form(tokens["refresh_token"].as_str().unwrap()));
    let Authentication::Done(authenticated) =
        authenticate(request, Some(&client), policy, now, crypto).unwrap()
    else {
        panic!()
    };
    let Exchange::Refresh(exchange) = authenticated.exchange(crypto).unwrap() else { panic!() };
    let found = run(store.refresh(exchange.token_hash(), now)).unwrap();
    let unstored = exchange.found(found).unwrap().issue(Some(&alice()), &keys, now, rng, crypto).unwrap();
    let rotated = run(store.rotate(unstored.old(), unstored.records().clone(), now)).unwrap();
    let refreshed = json(&respond(&unstored.rotated(rotated).unwrap()));
    assert_ne!(refreshed["refresh_token"], tokens["refresh_token"]);
    assert!(
        run(store.session(&avouch_provider::storage::SessionHash::of("x", crypto), now)).unwrap().is_none()
    );
}

/// A step is given the client that the host looked up; handing it another one changes nothing.
#[test]
fn a_step_does_not_take_another_client_for_the_one_that_asks() {
    let world = World::new();
    let mut other = web_client(&world.crypto);
    other.client_id = client_id("other");
    for client in [None, Some(&other)] {
        let refused = identify(envelope(&Ask::new()), client).unwrap_err();
        assert_eq!(refused, RequestRefused::UnknownClient(client_id("web")));
        let request = token_request(&world, &code_form("x"));
        let refused =
            authenticate(request, client, world.op.policy(), world.now(), &world.crypto).unwrap_err();
        assert!(matches!(refused, TokenError::UnknownClient));
        assert_eq!(respond_with_error(&refused).status(), StatusCode::UNAUTHORIZED);
    }
}

/// A hint counts only when somebody has verified it: with none verified, the request is refused.
#[test]
fn a_hint_that_nobody_verified_is_not_waved_through() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let session = Session::new(
        subject("alice"),
        world.now(),
        world.now().saturating_add(world.op.policy().session_lifetime),
    );
    let valid = identify(envelope(&Ask::new().with("id_token_hint", "x")), Some(&client))
        .unwrap()
        .parse_and_validate(world.op.policy())
        .unwrap();
    let Evaluation::Refuse(error) = valid.evaluate(Some(&session), None, None, world.now()) else { panic!() };
    assert_eq!(error.failure().error_code().as_str(), "invalid_request");
}

/// That somebody logged in does not make an older session younger.
#[test]
fn a_login_counts_only_with_the_session_it_started() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let now = world.now();
    let until = now.saturating_add(world.op.policy().session_lifetime);
    let second = std::time::Duration::from_secs(1);
    let resumed = |login_at, session: &Session| {
        let valid = identify(envelope(&Ask::new().with("prompt", "login")), Some(&client))
            .unwrap()
            .parse_and_validate(world.op.policy())
            .unwrap();
        let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, now) else { panic!() };
        let mut pending = waiting.suspend(BrowserHash::of("browser", &world.crypto), now);
        let own = Session::new(subject("alice"), login_at, until);
        // it is kept with the request
        let valid = resume(&world, &client, pending.clone()).logged_in(&own);
        let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, now) else { panic!() };
        pending = waiting.suspend(BrowserHash::of("browser", &world.crypto), now);
        let valid = resume(&world, &client, pending);
        let Evaluation::Interact(waiting) = valid.evaluate(Some(session), None, None, now) else { panic!() };
        waiting.need().clone()
    };
    let at = |who: &str, when| Session::new(subject(who), when, until);
    let (before, after) = (now.saturating_sub(second), now.saturating_add(second));
    assert!(matches!(resumed(now, &at("alice", now)), Need::Consent { .. }));
    for other in [at("alice", before), at("alice", after), at("bob", now)] {
        assert_eq!(resumed(now, &other), Need::Login(LoginReason::PromptLogin), "{other:?}");
    }
    // nor does a login from before the request
    assert_eq!(resumed(before, &at("alice", before)), Need::Login(LoginReason::PromptLogin));
}

/// What one person did for a waiting request does not count for another who is signed in when it goes on.
#[test]
fn what_was_done_for_a_request_is_of_the_person_who_did_it() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let now = world.now();
    let alice = Session::new(subject("alice"), now, now.saturating_add(world.op.policy().session_lifetime));
    let goes_on = |ask: &Ask, change: &dyn Fn(&mut PendingInteraction)| {
        let policy = world.op.policy();
        let valid = identify(envelope(ask), Some(&client)).unwrap().parse_and_validate(policy).unwrap();
        let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, now) else { panic!() };
        let mut pending = waiting.suspend(BrowserHash::of("browser", &world.crypto), now);
        change(&mut pending);
        let consent = Consent::new(subject("alice"), client_id("web"), scopes("openid"), [].into(), now);
        match resume(&world, &client, pending).evaluate(Some(&alice), Some(&consent), None, now) {
            Evaluation::Proceed(authorized) => format!("granted {}", authorized.granted()),
            Evaluation::Interact(waiting) => format!("{:?}", waiting.need()),
            Evaluation::Refuse(error) => error.failure().error_code().to_string(),
        }
    };
    let select = Ask::new().with("prompt", "select_account");
    for (who, outcome) in [("alice", "granted openid"), ("bob", "SelectAccount")] {
        assert_eq!(goes_on(&select, &|pending| pending.progress.account = Some(subject(who))), outcome);
    }
    let agreed = |who: &str, claims: &[&str]| {
        let claims = claims.iter().map(|name| (*name).to_owned()).collect();
        Some(Agreed { subject: subject(who), scopes: scopes("openid email"), claims })
    };
    let more = Ask::new().with("scope", "openid email");
    assert_eq!(
        goes_on(&more, &|pending| pending.progress.consent = agreed("alice", &[])),
        "granted openid email"
    );
    let asked = goes_on(&more, &|pending| pending.progress.consent = agreed("bob", &[]));
    assert_eq!(asked, "SelectAccount");
    // nor is a single claim given that was not agreed to
    let claim = Ask::new().with("claims", r#"{"userinfo":{"name":null}}"#);
    assert_eq!(
        goes_on(&claim, &|pending| pending.progress.consent = agreed("alice", &["name"])),
        "granted openid"
    );
    assert_eq!(goes_on(&claim, &|pending| pending.progress.consent = agreed("alice", &[])), "access_denied");
}

/// A record that does not say whose login it was can be read, and its login counts for nothing.
#[test]
fn a_record_without_the_login_is_read_as_one_without() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let (policy, now) = (world.op.policy(), world.now());
    let ask = Ask::new().with("prompt", "login");
    let valid = identify(envelope(&ask), Some(&client)).unwrap().parse_and_validate(policy).unwrap();
    let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, now) else { panic!() };
    let pending = waiting.suspend(BrowserHash::of("browser", &world.crypto), now);
    let mut record = serde_json::to_value(&pending).unwrap();
    let progress = record["progress"].as_object_mut().unwrap();
    progress.remove("logged_in").unwrap();
    progress.insert("login".to_owned(), true.into());
    let read: PendingInteraction = serde_json::from_value(record).unwrap();
    assert_eq!(read, pending);
}

/// Neither the request's values nor the person stand in a log.
#[test]
fn debug_of_a_waiting_request_shows_names_alone() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let (policy, now) = (world.op.policy(), world.now());
    let ask = Ask::new().with("prompt", "login").with("login_hint", "jane.doe@example.com");
    let valid = identify(envelope(&ask), Some(&client)).unwrap().parse_and_validate(policy).unwrap();
    let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, now) else { panic!() };
    let mut pending = waiting.suspend(BrowserHash::of("browser", &world.crypto), now);
    pending.hinted_subject = Some(subject("alice"));
    pending.progress.account = Some(subject("alice"));
    let shown = format!("{pending:?}");
    assert!(shown.contains("\"login_hint\"") && shown.contains("\"state\""), "{shown}");
    assert!(!shown.contains("jane") && !shown.contains("alice"), "{shown}");
}

/// A request does not get younger by waiting again.
#[test]
fn a_request_keeps_the_time_at_which_it_came() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let (policy, first) = (world.op.policy(), world.now());
    let valid = identify(envelope(&Ask::new()), Some(&client)).unwrap().parse_and_validate(policy).unwrap();
    let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, first) else { panic!() };
    let before = waiting.suspend(BrowserHash::of("browser", &world.crypto), first);
    world.wait(60);
    let valid = resume(&world, &client, before.clone());
    let Evaluation::Interact(waiting) = valid.evaluate(None, None, None, world.now()) else { panic!() };
    let after = waiting.suspend(BrowserHash::of("browser", &world.crypto), world.now());
    assert_eq!(after, before);
    assert_eq!(before.started_at, first);
}

/// A store may forget a grant when the last thing that can come of it is over, and that is soon without refresh tokens.
#[test]
fn a_grant_lasts_as_long_as_what_can_come_of_it() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let (policy, now) = (world.op.policy(), world.now());
    let session = Session::new(subject("alice"), now, now.saturating_add(policy.session_lifetime));
    let lifetime = |ask: &Ask| {
        let valid = identify(envelope(ask), Some(&client)).unwrap().parse_and_validate(policy).unwrap();
        let Evaluation::Interact(waiting) = valid.evaluate(Some(&session), None, None, now) else { panic!() };
        let pending = waiting.suspend(BrowserHash::of("browser", &world.crypto), now);
        let valid = resume(&world, &client, pending);
        let valid = valid.agree(&session.subject, scopes("openid offline_access"));
        let Evaluation::Proceed(authorized) = valid.evaluate(Some(&session), None, None, now) else {
            panic!()
        };
        let unstored = authorized.issue_code(now, &world.rng, &world.crypto).unwrap();
        unstored.grant().expires_at.seconds() - now.seconds()
    };
    assert_eq!(lifetime(&Ask::new()), 60 + 900, "the code, and the access token of its last second");
    let offline = Ask::new().with("scope", "openid offline_access").with("prompt", "consent");
    assert_eq!(lifetime(&offline), 90 * 24 * 60 * 60);
}

/// Consent of another person, or to another client, is none.
#[test]
fn consent_is_of_this_person_to_this_client() {
    let world = World::new();
    let client = web_client(&world.crypto);
    let now = world.now();
    let session = Session::new(subject("alice"), now, now.saturating_add(world.op.policy().session_lifetime));
    let outcome = |who: &str, whom: &str| {
        let valid = identify(envelope(&Ask::new()), Some(&client))
            .unwrap()
            .parse_and_validate(world.op.policy())
            .unwrap();
        let consent = Consent::new(subject(who), client_id(whom), scopes("openid"), [].into(), now);
        matches!(valid.evaluate(Some(&session), Some(&consent), None, now), Evaluation::Proceed(_))
    };
    assert!(outcome("alice", "web"));
    assert!(!outcome("bob", "web"));
    assert!(!outcome("alice", "other"));
}

/// What the store answers decides: a response comes out only when everything is stored.
#[test]
fn there_is_no_response_for_what_was_not_stored() {
    let world = World::new();
    let (crypto, rng, policy, now) = (&world.crypto, &world.rng, world.op.policy(), world.now());
    let client = web_client(crypto);
    let keys = ProviderKeys::new(vec![world.op_key.clone()], Vec::new(), crypto).unwrap();
    let session = Session::new(subject("alice"), now, now.saturating_add(policy.session_lifetime));
    let unstored = || {
        let valid =
            identify(envelope(&Ask::new()), Some(&client)).unwrap().parse_and_validate(policy).unwrap();
        let consent = Consent::new(subject("alice"), client_id("web"), scopes("openid"), [].into(), now);
        let Evaluation::Proceed(authorized) = valid.evaluate(Some(&session), Some(&consent), None, now)
        else {
            panic!()
        };
        authorized.issue_code(now, rng, crypto).unwrap()
    };
    use avouch_provider::storage::InsertCode;
    unstored().stored(OpenGrant::Exists, InsertCode::Inserted).unwrap_err();
    unstored().stored(OpenGrant::Opened, InsertCode::Exists).unwrap_err();
    assert!(!format!("{:?}", unstored()).contains("code: \""));

    let record = unstored().record().clone();
    let redeemed = || {
        let request = token_request(&world, &code_form("x"));
        let Ok(Authentication::Done(authenticated)) =
            authenticate(request, Some(&client), policy, now, crypto)
        else {
            panic!()
        };
        let Ok(Exchange::Code(exchange)) = authenticated.exchange(crypto) else { panic!() };
        let redeemed = exchange.consumed(CodeUse::First(Box::new(record.clone())), crypto).unwrap();
        redeemed.issue(Some(&alice()), &keys, now, rng, crypto).unwrap()
    };
    for answer in [AddTokens::GrantRevoked, AddTokens::GrantUnknown] {
        assert!(matches!(redeemed().stored(answer), Err(TokenError::GrantRevoked)));
    }

    let grant = record.grant.clone();
    let rotation = || {
        let request = token_request(&world, &refresh_form("x"));
        let Ok(Authentication::Done(authenticated)) =
            authenticate(request, Some(&client), policy, now, crypto)
        else {
            panic!()
        };
        let Ok(Exchange::Refresh(exchange)) = authenticated.exchange(crypto) else { panic!() };
        let until = now.saturating_add(policy.refresh_token_lifetime);
        let record = avouch_provider::storage::RefreshRecord::new(grant.clone(), now, until);
        let redeemed = exchange.found(RefreshLookup::Active(Box::new(record))).unwrap();
        redeemed.issue(Some(&alice()), &keys, now, rng, crypto).unwrap()
    };
    for answer in [RotateTokens::Unknown, RotateTokens::Expired, RotateTokens::Revoked] {
        assert!(matches!(rotation().rotated(answer), Err(Refusal::Refuse(_))));
    }
    let reused =
        |client: &str| RotateTokens::Reused { grant: grant.id.clone(), client_id: client_id(client) };
    let Err(Refusal::Revoke(revocation)) = rotation().rotated(reused("web")) else { panic!() };
    assert_eq!(*revocation.grant(), grant.id);
    assert!(matches!(rotation().rotated(reused("other")), Err(Refusal::Refuse(_))));
}

/// An assertion that the store has seen authenticates nobody.
#[test]
fn a_seen_assertion_stops_the_chain() {
    let world = World::new();
    let store = world.memory();
    let client =
        run(avouch_provider::storage::ClientStore::client(store, &client_id("jwt"))).unwrap().unwrap();
    let form = code_form("x")
        .with("client_assertion_type", avouch_messages::client_auth::JWT_BEARER_ASSERTION_TYPE)
        .with("client_assertion", world.assertion(|_| {}));
    let content_type = Some("application/x-www-form-urlencoded");
    let check = || {
        let body = form.to_urlencoded();
        let request =
            TokenRequest::parse(None, content_type, body.as_bytes(), &FormLimits::default()).unwrap();
        assert_eq!(claimed_client(&request).unwrap(), client.client_id);
        match authenticate(request, Some(&client), world.op.policy(), world.now(), &world.crypto).unwrap() {
            Authentication::CheckReplay(check) => check,
            Authentication::Done(_) => panic!("the store was not asked"),
        }
    };
    let first = check();
    assert_eq!(first.key().issuer, "jwt");
    let answer = run(store.insert_if_absent(first.key(), first.expires_at(), world.now())).unwrap();
    assert_eq!(answer, ReplayUse::Fresh);
    let _ = first.seen(answer).unwrap();
    let second = check();
    let answer = run(store.insert_if_absent(second.key(), second.expires_at(), world.now())).unwrap();
    assert!(matches!(second.seen(answer), Err(TokenError::AssertionReplayed)));
}

/// A host may move the futures of the driver from thread to thread.
#[test]
fn the_drivers_futures_can_be_sent() {
    fn sent<T: Send>(value: T) -> T {
        value
    }
    let world = World::new();
    let request = http::Request::get("/authorize").body(Vec::new()).unwrap();
    let browser = avouch_provider::Browser { id: &world.browser, session: None };
    let id = avouch_provider::InteractionId::received("x");
    let nothing = avouch_provider::InteractionResult::Nothing;
    let now = world.now();
    let _ = run(sent(world.op.authorize(&request, browser, now, &world.rng)));
    let _ = run(sent(world.op.resume(&id, browser, nothing, now, &world.rng)));
    let _ = run(sent(world.op.token(&request, now, &world.rng)));
    let _ = run(sent(world.op.userinfo(&request, now)));
    assert!(run(sent(world.op.interaction(&id, browser, now))).is_err());
}
