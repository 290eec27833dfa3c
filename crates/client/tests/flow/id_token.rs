//! ID Token validation with what was remembered, one test for each rule; named after the conformance modules where
//! there is one.

use crate::op::*;
use avouch_claims::ClaimsRequest;
use avouch_client::{Client, IdTokenError, IdTokenRule, KeyNeed, SignedIn, Verdict};
use avouch_jose::jwt::Leeway;
use avouch_jose::{JwsAlgorithm, SigningKey, VerifyingKeys, left_half_hash};
use avouch_types::{AccessToken, Acr, Secret, SubjectIdentifier};
use serde_json::{Value, json};

/// Signs in with claims that differ in these members; the clocks agree.
fn with(changes: Value) -> Result<SignedIn, IdTokenError> {
    let client = build(&metadata(), registration(secret_basic()).leeway(Leeway::NONE)).unwrap();
    sign_in_with(&client, |claims| change(claims, changes))
}

/// Signs in with a token of this header and key, against these published keys.
fn signed(header: Value, key: &SigningKey, published: &[Value]) -> Result<SignedIn, IdTokenError> {
    let client = client();
    let tokens = awaiting(&client, |nonce| sign(&header, &claims(nonce), key));
    tokens.verify(&client.verifying_keys(&jwks(published)).unwrap(), now())
}

fn without_kid(mut jwk: Value) -> Value {
    change(&mut jwk, json!({ "kid": null }));
    jwk
}

/// Proves CORE-3.1.3.5-01 (conformance modules oidcc-client-test and oidcc-client-test-idtoken-sig-rs256).
#[test]
fn idtoken_sig_rs256() {
    let signed_in = with(json!({ "unknown": 1, "name": "Jane Doe" })).unwrap();
    assert_eq!(signed_in.id_token.sub.as_str(), SUB);
    assert_eq!(signed_in.id_token.claims.name.as_deref(), Some("Jane Doe"));
    assert_eq!(signed_in.access_token, AccessToken::new("SlAV32hkKG"));
    assert!(signed_in.refresh_token.is_some());
}

/// Proves CORE-3.1.3.7-02, DISC-4.3-03, RFC9207-4-02 and ISS-05 (conformance module oidcc-client-test-invalid-iss): also
/// when the `iss` of the callback was right.
#[test]
fn invalid_iss() {
    for iss in ["https://op.example/", "https://evil.example", "https://OP.example"] {
        let refused = with(json!({ "iss": iss }));
        assert!(matches!(refused, Err(IdTokenError::Issuer { .. })), "{iss}: {refused:?}");
    }
}

/// Proves CORE-2-02 and CORE-3.1.3.5-01 (conformance module oidcc-client-test-missing-sub).
#[test]
fn missing_sub() {
    let refused = with(json!({ "sub": null }));
    assert!(matches!(refused, Err(IdTokenError::Claims(_))), "{refused:?}");
}

/// Proves CORE-3.1.3.7-03a and CORE-3.1.3.7-03b (conformance module oidcc-client-test-invalid-aud).
#[test]
fn invalid_aud() {
    let refused = with(json!({ "aud": "another client" }));
    assert!(matches!(refused, Err(IdTokenError::Audience { .. })), "{refused:?}");
    let refused = with(json!({ "aud": [CLIENT_ID, "another client"] }));
    assert!(matches!(refused, Err(IdTokenError::UntrustedAudience { .. })), "{refused:?}");
    assert!(with(json!({ "aud": [CLIENT_ID] })).is_ok());

    let trusting = build(&metadata(), registration(secret_basic()).trust_audience("another client")).unwrap();
    let trusted = sign_in_with(&trusting, |claims| claims["aud"] = json!([CLIENT_ID, "another client"]));
    assert!(trusted.is_ok(), "{trusted:?}");
}

/// Proves CORE-2-08 (conformance module oidcc-client-test-missing-iat).
#[test]
fn missing_iat() {
    for iat in [json!(null), json!("1700000000")] {
        let refused = with(json!({ "iat": iat }));
        assert!(matches!(refused, Err(IdTokenError::Claims(_))), "{refused:?}");
    }
}

/// Proves SEL-04 through the client (conformance module oidcc-client-test-kid-absent-single-jwks).
#[test]
fn kid_absent_single_jwks() {
    let no_kid = json!({ "alg": "RS256" });
    let accepted = signed(no_kid.clone(), &key(), &[jwk(&key())]);
    assert!(accepted.is_ok(), "{accepted:?}");
    let accepted = signed(no_kid, &key(), &[without_kid(jwk(&key()))]);
    assert!(accepted.is_ok(), "{accepted:?}");
}

/// Proves SEL-04 through the client (conformance module oidcc-client-test-kid-absent-multiple-jwks): which of several
/// keys is meant cannot be told, unless the caller allows to try them.
#[test]
fn kid_absent_multiple_jwks() {
    let published = [jwk(&other_key()), jwk(&key())];
    let refused = signed(json!({ "alg": "RS256" }), &key(), &published);
    assert!(matches!(refused, Err(IdTokenError::Signature(_))), "{refused:?}");

    let client = client();
    let tokens = awaiting(&client, |nonce| sign(&json!({ "alg": "RS256" }), &claims(nonce), &key()));
    let keys = client.verifying_keys(&jwks(&published)).unwrap().with_trial_limit(2);
    assert!(tokens.verify(&keys, now()).is_ok());
}

/// Proves CORE-2-22 (conformance module oidcc-client-test-idtoken-sig-none): it was not registered.
#[test]
fn idtoken_sig_none() {
    for alg in ["none", "None", "NONE"] {
        let client = client();
        let tokens = awaiting(&client, |nonce| {
            let token = sign(&json!({ "alg": alg }), &claims(nonce), &key());
            let (unsigned, _) = token.rsplit_once('.').unwrap();
            format!("{unsigned}.")
        });
        let refused = tokens.verify(&keys(&client), now());
        assert!(
            matches!(&refused, Err(IdTokenError::Algorithm { found, .. }) if *found == alg),
            "{alg}: {refused:?}"
        );
    }
}

/// Proves CORE-3.1.3.7-06b (conformance module oidcc-client-test-invalid-sig-rs256).
#[test]
fn invalid_sig_rs256() {
    // the right key's name, another key's signature
    let refused = signed(header(), &other_key(), &[jwk(&key())]);
    assert!(matches!(refused, Err(IdTokenError::Signature(_))), "{refused:?}");

    let client = client();
    let tokens = awaiting(&client, |nonce| {
        let token = sign(&header(), &claims(nonce), &key());
        let other =
            sign(&header(), &edited(claims(nonce), |claims| claims["sub"] = json!("mallory")), &key());
        let (_, signature) = token.rsplit_once('.').unwrap();
        let (changed, _) = other.rsplit_once('.').unwrap();
        format!("{changed}.{signature}")
    });
    let refused = tokens.verify(&keys(&client), now());
    assert!(matches!(refused, Err(IdTokenError::Signature(_))), "{refused:?}");
}

/// Proves CORE-3.1.3.7-07 and SEL-07 (conformance module oidcc-client-test-invalid-sig-es256 and -hs256): the header
/// does not choose.
#[test]
fn another_algorithm_than_the_registered_one() {
    let crypto = avouch_jose_ring::provider();
    let (es256, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("c"), &crypto).unwrap();
    let refused = signed(json!({ "alg": "ES256", "kid": "c" }), &es256, &[jwk(&key()), jwk(&es256)]);
    assert!(matches!(refused, Err(IdTokenError::Algorithm { .. })), "{refused:?}");
    let hs256 = SigningKey::hmac_secret(SECRET.as_bytes(), JwsAlgorithm::HS256, &crypto).unwrap();
    let refused = signed(json!({ "alg": "HS256" }), &hs256, &[jwk(&key())]);
    assert!(matches!(refused, Err(IdTokenError::Algorithm { .. })), "{refused:?}");
}

/// A key in the header is never a key of the issuer. Proves CORE-2-23.
#[test]
fn a_key_in_the_header_is_no_key() {
    let header = json!({ "alg": "RS256", "jwk": jwk(&other_key()) });
    assert!(signed(header, &other_key(), &[jwk(&key())]).is_err());
}

/// Proves CORE-3.1.3.7-08: the secret's own octets, and no published key.
#[test]
fn hs256_is_keyed_by_the_client_secret() {
    let crypto = avouch_jose_ring::provider();
    let hmac =
        |secret: &str| SigningKey::hmac_secret(secret.as_bytes(), JwsAlgorithm::HS256, &crypto).unwrap();
    let registration = registration(secret_basic()).id_token_algorithm(JwsAlgorithm::HS256);
    let client = build(&metadata(), registration).unwrap();
    let verify = |secret: &str, aud: Value| {
        let claims = |nonce: &str| edited(claims(nonce), |claims| claims["aud"] = aud);
        let tokens =
            awaiting(&client, |nonce| sign(&json!({ "alg": "HS256" }), &claims(nonce), &hmac(secret)));
        assert_eq!(tokens.needs(), KeyNeed::ClientSecret);
        tokens.verify(client.secret_keys().unwrap(), now())
    };
    assert!(verify(SECRET, json!(CLIENT_ID)).is_ok());
    let refused = verify(&"x".repeat(32), json!(CLIENT_ID));
    assert!(matches!(refused, Err(IdTokenError::Signature(_))), "{refused:?}");
    assert!(client.verifying_keys(&jwks(&[])).is_err(), "a published key cannot stand for the secret");
    // the registration says which key is needed, whatever the header names
    let tokens = awaiting(&client, |nonce| sign(&header(), &claims(nonce), &key()));
    assert_eq!(tokens.needs(), KeyNeed::ClientSecret);
    let asymmetric = self::client();
    let tokens =
        awaiting(&asymmetric, |nonce| sign(&json!({ "alg": "HS256" }), &claims(nonce), &hmac(SECRET)));
    assert_eq!(tokens.needs(), KeyNeed::Jwks { alg: "HS256", kid: None });
    assert!(asymmetric.secret_keys().is_none());
}

/// Proves CORE-2-06 and CORE-3.1.3.7-09.
#[test]
fn expired() {
    let refused = with(json!({ "exp": now().seconds() }));
    assert!(matches!(refused, Err(IdTokenError::Expired { .. })), "{refused:?}");
    assert!(with(json!({ "exp": now().seconds() + 1 })).is_ok());
    let refused = with(json!({ "exp": null }));
    assert!(matches!(refused, Err(IdTokenError::Claims(_))), "{refused:?}");
}

/// Proves CORE-2-07: one minute by default, none where none is wanted.
#[test]
fn leeway_is_the_callers_choice() {
    let late = |claims: &mut Value| claims["exp"] = json!(now().seconds() - 59);
    assert!(sign_in_with(&client(), late).is_ok());
    let strict = build(&metadata(), registration(secret_basic()).leeway(Leeway::NONE)).unwrap();
    let refused = sign_in_with(&strict, late);
    assert!(matches!(refused, Err(IdTokenError::Expired { .. })), "{refused:?}");
}

/// Proves CORE-3.1.3.7-10.
#[test]
fn issued_in_the_future() {
    let refused = with(json!({ "iat": now().seconds() + 1 }));
    assert!(matches!(refused, Err(IdTokenError::IssuedInFuture { .. })), "{refused:?}");
}

/// Proves CORE-3.1.3.7-11a and CORE-2-11 (conformance module oidcc-client-test-nonce-invalid).
#[test]
fn nonce_invalid() {
    let refused = with(json!({ "nonce": "another" }));
    assert!(matches!(refused, Err(IdTokenError::NonceMismatch)), "{refused:?}");
    let refused = with(json!({ "nonce": null }));
    assert!(matches!(refused, Err(IdTokenError::NonceMissing)), "{refused:?}");
}

/// A token that was good for one sign-in is good for no other. (That a pending sign-in is taken out of the session once
/// is the host's part.)
#[test]
fn a_nonce_is_used_once() {
    let client = client();
    let mut first = String::new();
    let tokens = awaiting(&client, |nonce| {
        first = sign(&header(), &claims(nonce), &key());
        first.clone()
    });
    assert!(tokens.verify(&keys(&client), now()).is_ok());
    let replayed = awaiting(&client, |_| first.clone()).verify(&keys(&client), now());
    assert!(matches!(replayed, Err(IdTokenError::NonceMismatch)), "{replayed:?}");
}

/// Proves CORE-3.1.3.7-04 and CORE-3.1.3.7-05.
#[test]
fn azp_if_present_is_the_client() {
    let refused = with(json!({ "azp": "another client" }));
    assert!(matches!(refused, Err(IdTokenError::AuthorizedParty { .. })), "{refused:?}");
    assert!(with(json!({ "azp": CLIENT_ID })).is_ok());
}

fn started_with(
    client: &Client,
    ask: impl FnOnce(avouch_client::SignIn<'_>) -> avouch_client::SignIn<'_>,
    changes: Value,
) -> Result<SignedIn, IdTokenError> {
    let (url, pending) = ask(client.sign_in()).start(now(), &rng()).unwrap().into_parts();
    // what is remembered went through a store
    let pending = serde_json::from_str(&serde_json::to_string(&pending).unwrap()).unwrap();
    let request = query(&url);
    let code = client.callback(pending, &params(&answer(&request)), now()).unwrap();
    let exchange = client.exchange(code, now(), &rng()).unwrap();
    let claims = edited(claims(request.get("nonce").unwrap()), |claims| change(claims, changes));
    let tokens = exchange.complete(&ok(&token_response(&sign(&header(), &claims, &key())))).unwrap();
    tokens.verify(&keys(client), now())
}

/// Proves CORE-3.1.3.7-13: also for zero, which is not absent.
#[test]
fn auth_time_is_recent_enough() {
    let client = build(&metadata(), registration(secret_basic()).leeway(Leeway::NONE)).unwrap();
    let ago = |seconds: i64| json!({ "auth_time": now().seconds() - seconds });
    for (max_age, auth_time) in [(300, 300), (0, 0)] {
        let accepted = started_with(&client, |ask| ask.max_age(max_age), ago(auth_time));
        assert!(accepted.is_ok(), "{accepted:?}");
        let refused = started_with(&client, |ask| ask.max_age(max_age), ago(auth_time + 1));
        assert!(matches!(refused, Err(IdTokenError::AuthenticatedTooLongAgo { .. })), "{refused:?}");
        let refused = started_with(&client, |ask| ask.max_age(max_age), json!({}));
        assert!(matches!(refused, Err(IdTokenError::AuthTimeMissing)), "{refused:?}");
    }
    assert!(started_with(&client, |ask| ask, ago(1_000_000)).is_ok(), "nothing was asked for");
}

/// Proves CORE-3.1.3.7-13 for a login that this sign-in brought about: the provider had one while the user was there, and
/// what came after it (consent, the way back) does not make it old.
#[test]
fn a_login_after_the_start_is_recent_enough() {
    let client = build(&metadata(), registration(secret_basic()).leeway(Leeway::NONE)).unwrap();
    let logged_in_at = |seconds: i64| {
        let (url, pending) = client.sign_in().max_age(0).start(now(), &rng()).unwrap().into_parts();
        let request = query(&url);
        let code = client.callback(pending, &params(&answer(&request)), at(95)).unwrap();
        let exchange = client.exchange(code, at(95), &rng()).unwrap();
        let changes =
            json!({ "auth_time": at(seconds).seconds(), "iat": at(95).seconds(), "exp": at(600).seconds() });
        let claims = edited(claims(request.get("nonce").unwrap()), |claims| change(claims, changes));
        let tokens = exchange.complete(&ok(&token_response(&sign(&header(), &claims, &key())))).unwrap();
        tokens.verify(&keys(&client), at(95)).map(|_| ())
    };
    for seconds in [0, 20, 95] {
        assert!(logged_in_at(seconds).is_ok(), "{seconds}");
    }
    let refused = logged_in_at(-1);
    assert!(matches!(refused, Err(IdTokenError::AuthenticatedTooLongAgo { .. })), "{refused:?}");
}

/// The hint, the `claims` parameter and the caller name who is expected.
#[test]
fn somebody_else_than_expected_is_refused() {
    let client = client();
    let hint = || {
        let alice = edited(claims("earlier"), |claims| claims["sub"] = json!("alice"));
        Secret::new(sign(&header(), &alice, &key()))
    };
    let signed_in = |way: usize, sub: &str| {
        let changes = json!({ "sub": sub });
        match way {
            0 => started_with(&client, |ask| ask.id_token_hint(hint()), changes),
            1 => started_with(
                &client,
                |ask| ask.expect_subject(SubjectIdentifier::parse("alice").unwrap()),
                changes,
            ),
            _ => {
                let alice = id_token_claims(json!({ "sub": { "value": "alice" } }));
                started_with(&client, |ask| ask.claims(alice), changes)
            }
        }
    };
    for way in 0..3 {
        let accepted = signed_in(way, "alice");
        assert!(accepted.is_ok(), "{accepted:?}");
        let refused = signed_in(way, "mallory");
        assert!(matches!(refused, Err(IdTokenError::Subject)), "{way}: {refused:?}");
    }
}

fn id_token_claims(claims: Value) -> ClaimsRequest {
    ClaimsRequest::from_json(json!({ "id_token": claims }).to_string().as_bytes(), &Default::default())
        .unwrap()
}

/// Proves CORE-3.1.3.7-12 and CORE-3.1.3.7-13 for the `claims` parameter: what was essential is insisted on.
#[test]
fn essential_claims_of_the_id_token_are_checked() {
    let client = client();
    let with = |claims: Value, changes: Value| {
        started_with(&client, |ask| ask.claims(id_token_claims(claims)), changes).map(|_| ())
    };
    let acr = |essential: bool| json!({ "acr": { "essential": essential, "values": ["high", "higher"] } });
    assert!(with(acr(true), json!({ "acr": "higher" })).is_ok());
    for changes in [json!({ "acr": "low" }), json!({})] {
        assert!(matches!(with(acr(true), changes.clone()), Err(IdTokenError::Acr { .. })));
        assert!(with(acr(false), changes).is_ok());
    }
    let auth_time = |essential: bool| json!({ "auth_time": { "essential": essential } });
    assert!(with(auth_time(true), json!({ "auth_time": now().seconds() })).is_ok());
    assert!(matches!(with(auth_time(true), json!({})), Err(IdTokenError::AuthTimeMissing)));
    assert!(with(auth_time(false), json!({})).is_ok());
    // what the caller requires and the request has in common
    let both = |changes: Value| {
        let high = [Acr::parse("high").unwrap(), Acr::parse("other").unwrap()];
        started_with(&client, |ask| ask.require_acr(high).claims(id_token_claims(acr(true))), changes)
            .map(|_| ())
    };
    assert!(both(json!({ "acr": "high" })).is_ok());
    assert!(both(json!({ "acr": "higher" })).is_err() && both(json!({ "acr": "other" })).is_err());
}

/// Proves CORE-3.1.3.7-12.
#[test]
fn acr_is_one_of_the_required_ones() {
    let client = client();
    let high = || [Acr::parse("high").unwrap()];
    let accepted = started_with(&client, |ask| ask.require_acr(high()), json!({ "acr": "high" }));
    assert!(accepted.is_ok(), "{accepted:?}");
    for changes in [json!({ "acr": "low" }), json!({})] {
        let refused = started_with(&client, |ask| ask.require_acr(high()), changes.clone());
        assert!(matches!(refused, Err(IdTokenError::Acr { .. })), "{refused:?}");
        let accepted = started_with(&client, |ask| ask.acr_values(high()), changes);
        assert!(accepted.is_ok(), "asked for, not insisted on: {accepted:?}");
    }
}

/// Proves CORE-3.1.3.8-01.
#[test]
fn at_hash_if_present_is_that_of_the_access_token() {
    let hash = |token| left_half_hash(JwsAlgorithm::RS256, token, &avouch_jose_ring::provider());
    assert!(with(json!({ "at_hash": hash("SlAV32hkKG") })).is_ok());
    let refused = with(json!({ "at_hash": hash("another token") }));
    assert!(matches!(refused, Err(IdTokenError::AccessTokenHash)), "{refused:?}");
}

/// Every rule is reported, of a token that is refused too.
#[test]
fn the_report_survives_failure() {
    let client = client();
    let tokens = awaiting(&client, |nonce| {
        sign(
            &header(),
            &edited(claims(nonce), |claims| claims["iss"] = json!("https://evil.example")),
            &key(),
        )
    });
    let (outcome, report) = tokens.verify_with_report(&keys(&client), now());
    assert!(matches!(outcome, Err(IdTokenError::Issuer { .. })));
    assert!(report.iter().map(|line| line.rule).eq(IdTokenRule::ALL.iter().copied()));
    let verdict = |rule| &report.iter().find(|line| line.rule == rule).unwrap().verdict;
    assert_eq!(*verdict(IdTokenRule::Signature), Verdict::Passed);
    assert!(matches!(verdict(IdTokenRule::Issuer), Verdict::Failed(_)));
    assert_eq!(*verdict(IdTokenRule::Nonce), Verdict::NotReached);

    let tokens = awaiting(&client, |nonce| sign(&header(), &claims(nonce), &key()));
    let (outcome, report) = tokens.verify_with_report(&keys(&client), now());
    assert!(outcome.is_ok());
    assert!(report.iter().all(|line| matches!(line.verdict, Verdict::Passed | Verdict::NotApplicable(_))));
}

/// Nothing of an unverified token can be seen, not even by printing it for debugging.
#[test]
fn an_unverified_token_shows_only_what_it_needs() {
    let client = client();
    let tokens = awaiting(&client, |nonce| sign(&header(), &claims(nonce), &key()));
    assert_eq!(tokens.needs(), KeyNeed::Jwks { alg: "RS256", kid: Some("a") });
    let shown = format!("{tokens:?}");
    assert!(!shown.contains(SUB) && !shown.contains("eyJ") && !shown.contains("SlAV32hkKG"), "{shown}");
    let no_keys: VerifyingKeys = client.verifying_keys(&jwks(&[])).unwrap();
    assert!(matches!(tokens.verify(&no_keys, now()), Err(IdTokenError::Signature(_))));
    assert!(tokens.verify(&keys(&client), now()).is_ok(), "an attempt without keys costs nothing");
}
