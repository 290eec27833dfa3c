//! Refreshed tokens.

use crate::op::*;
use avouch_client::{
    Client, ClientRegistration, IdTokenError, KeyNeed, RefreshAnswerError, RefreshError, RefreshVerifyError,
    Refreshed, SignInMemory, TokenEndpointError, UserInfoError,
};
use avouch_jose::{JwsAlgorithm, left_half_hash};
use avouch_messages::client_auth::parse_basic;
use avouch_types::{ClientId, ErrorCode, RedirectUri, RefreshToken, Scopes};
use serde_json::{Value, json};

/// The memory of a sign-in whose ID Token had an `auth_time`, out of a store.
fn memory(client: &Client) -> SignInMemory {
    let memory =
        sign_in_with(client, |claims| claims["auth_time"] = json!(now().seconds() - 50)).unwrap().remember();
    let stored = serde_json::to_string(&memory).unwrap();
    let restored: SignInMemory = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&restored).unwrap(), stored);
    restored
}

/// The claims of a refreshed ID Token: a new `iat`, the old `auth_time`, no `nonce`.
fn refreshed_claims(changes: Value) -> Value {
    let iat = at(100).seconds();
    let mut claims = claims("any");
    change(
        &mut claims,
        json!({ "iat": iat, "exp": iat + 600, "auth_time": now().seconds() - 50, "nonce": null }),
    );
    change(&mut claims, changes);
    claims
}

fn refresh_with(response: &Value) -> Result<Refreshed, RefreshVerifyError> {
    let client = client();
    let exchange = client.refresh(&memory(&client), at(100), &rng()).unwrap();
    exchange.complete(&ok(response)).unwrap().verify(Some(&keys(&client)), at(100))
}

/// Refreshes with an ID Token whose claims differ in these members.
fn with(changes: Value) -> Result<Refreshed, RefreshVerifyError> {
    refresh_with(&token_response(&sign(&header(), &refreshed_claims(changes), &key())))
}

fn refused(changes: Value) -> IdTokenError {
    match with(changes) {
        Err(RefreshVerifyError::IdToken { source, .. }) => source,
        other => panic!("{other:?}"),
    }
}

/// Proves CORE-12.1-01.
#[test]
fn the_request_is_a_form_with_the_refresh_token() {
    let client = client();
    let request = client.refresh(&memory(&client), now(), &rng()).unwrap().request();
    assert_eq!(request.uri(), "https://op.example/token");
    let (client_id, _) = parse_basic(request.headers()["authorization"].to_str().unwrap()).unwrap();
    assert_eq!(client_id.as_str(), CLIENT_ID);
    let body = body(&request);
    let parameters: Vec<_> = body.iter().collect();
    assert_eq!(parameters, [("grant_type", "refresh_token"), ("refresh_token", "8xLOxBtZp8")]);
}

/// Proves CORE-12.2-01 (conformance module oidcc-client-test-refresh-token): no ID Token need come.
#[test]
fn a_refresh_without_an_id_token() {
    let client = client();
    let exchange = client.refresh(&memory(&client), at(100), &rng()).unwrap();
    let mut response = token_response("");
    change(&mut response, json!({ "id_token": null, "access_token": "new" }));
    let tokens = exchange.complete(&ok(&response)).unwrap();
    assert_eq!(tokens.needs(), KeyNeed::None);
    let refreshed = tokens.verify(None, at(100)).unwrap();
    assert!(refreshed.id_token.is_none());
    assert_eq!(refreshed.memory.access_token.expose(), "new");
    assert_eq!(refreshed.memory.expires_at, Some(at(3700)));
    assert_eq!(refreshed.memory.sub.as_str(), SUB);
}

/// Proves CORE-12-RFC and REF-04.
#[test]
fn a_new_refresh_token_replaces_the_old_one_and_none_keeps_it() {
    for (sent, kept) in [(json!("new one"), "new one"), (json!(null), "8xLOxBtZp8")] {
        let mut response = token_response("");
        change(&mut response, json!({ "id_token": null, "refresh_token": sent }));
        let refreshed = refresh_with(&response).unwrap();
        assert_eq!(refreshed.memory.refresh_token, Some(RefreshToken::new(kept)));
    }
}

#[test]
fn the_scope_stays_unless_another_is_named() {
    for (sent, kept) in [(json!(null), "openid email"), (json!("openid"), "openid")] {
        let client = client();
        let mut memory = memory(&client);
        memory.scope = Scopes::parse("openid email").unwrap();
        let mut response = token_response("");
        change(&mut response, json!({ "id_token": null, "scope": sent }));
        let exchange = client.refresh(&memory, at(100), &rng()).unwrap();
        let refreshed = exchange.complete(&ok(&response)).unwrap().verify(None, at(100)).unwrap();
        assert_eq!((refreshed.memory.scope.to_string().as_str(), refreshed.wider_scope), (kept, None));
    }
    // what the user granted is not widened afterwards
    for scope in ["openid admin:everything", "admin:everything"] {
        let mut response = token_response("");
        change(&mut response, json!({ "id_token": null, "scope": scope }));
        let refreshed = refresh_with(&response).unwrap();
        assert_eq!(refreshed.memory.scope.to_string(), "openid");
        assert_eq!(refreshed.wider_scope.unwrap().to_string(), scope);
    }
}

/// Proves CORE-12.2-02 (conformance modules oidcc-client-test-refresh-token, -invalid-issuer and -invalid-sub).
#[test]
fn a_refreshed_id_token_is_about_the_same_person() {
    let refreshed = with(json!({})).unwrap();
    assert_eq!(refreshed.id_token.unwrap().sub.as_str(), SUB);
    assert_eq!(refreshed.memory.iat, at(100));

    let error = refused(json!({ "iss": "https://evil.example" }));
    assert!(matches!(error, IdTokenError::Issuer { .. }), "{error:?}");
    let error = refused(json!({ "sub": "mallory" }));
    assert!(matches!(error, IdTokenError::RefreshedSubject), "{error:?}");
}

/// Who somebody is, is `iss` and `sub` and nothing else: all other claims may change, and none of them stands in for `sub`.
///
/// Proves CORE-5.7-01.
#[test]
fn a_person_is_known_by_issuer_and_subject_alone() {
    let client = client();
    let jane = json!({
        "email": "jane@example.com", "email_verified": true, "preferred_username": "jane", "phone_number": "+1 425 555 1212",
        "name": "Jane Doe"
    });
    let john = json!({
        "email": "john@example.com", "preferred_username": "john", "phone_number": "+1 425 555 1213", "name": "John Doe"
    });
    let memory = sign_in_with(&client, |claims| change(claims, jane.clone())).unwrap().remember();
    assert_eq!((memory.iss.as_str(), memory.sub.as_str()), (ISSUER, SUB));
    let refresh = |others: &Value, sub: &str| {
        let mut claims = refreshed_claims(others.clone());
        change(&mut claims, json!({ "sub": sub, "auth_time": null }));
        let exchange = client.refresh(&memory, at(100), &rng()).unwrap();
        let response = token_response(&sign(&header(), &claims, &key()));
        exchange.complete(&ok(&response)).unwrap().verify(Some(&keys(&client)), at(100))
    };
    assert_eq!(refresh(&john, SUB).unwrap().memory.sub.as_str(), SUB, "somebody who changed everything");
    for other in ["mallory", "jane@example.com", "jane"] {
        let refused = refresh(&jane, other);
        let somebody_else = matches!(
            refused,
            Err(RefreshVerifyError::IdToken { source: IdTokenError::RefreshedSubject, .. })
        );
        assert!(somebody_else, "{other}");
    }
}

/// Proves CORE-12.2-02: `aud` is that of the first ID Token, also where another one would do.
#[test]
fn a_refreshed_id_token_is_for_the_same_audience() {
    let client = build(&metadata(), registration(secret_basic()).trust_audience("api")).unwrap();
    let exchange = client.refresh(&memory(&client), at(100), &rng()).unwrap();
    let claims = refreshed_claims(json!({ "aud": [CLIENT_ID, "api"] }));
    let tokens = exchange.complete(&ok(&token_response(&sign(&header(), &claims, &key())))).unwrap();
    let refused = tokens.verify(Some(&keys(&client)), at(100));
    assert!(
        matches!(refused, Err(RefreshVerifyError::IdToken { source: IdTokenError::RefreshedAudience, .. })),
        "{refused:?}"
    );
}

/// Proves CORE-12.2-03.
#[test]
fn a_refreshed_id_token_keeps_the_time_of_the_authentication() {
    assert!(with(json!({ "auth_time": null })).is_ok());
    let error = refused(json!({ "auth_time": now().seconds() }));
    assert!(matches!(error, IdTokenError::RefreshedAuthTime), "{error:?}");
    let error = refused(json!({ "iat": now().seconds() - 61 }));
    assert!(matches!(error, IdTokenError::RefreshedIssuedAt), "{error:?}");
}

/// Proves CORE-12.2-04: absent is right, another one is not.
#[test]
fn a_refreshed_id_token_has_no_other_nonce() {
    assert!(with(json!({ "nonce": null })).is_ok());
    let error = refused(json!({ "nonce": "another" }));
    assert!(matches!(error, IdTokenError::NonceMismatch), "{error:?}");

    let client = client();
    let memory = memory(&client);
    let nonce = memory.nonce.clone().unwrap();
    let claims = refreshed_claims(json!({ "nonce": nonce.expose() }));
    let exchange = client.refresh(&memory, at(100), &rng()).unwrap();
    let tokens = exchange.complete(&ok(&token_response(&sign(&header(), &claims, &key())))).unwrap();
    assert!(tokens.verify(Some(&keys(&client)), at(100)).is_ok());
}

/// Proves CORE-3.1.3.8-01 after a refresh: the new access token, not the old one.
#[test]
fn at_hash_is_that_of_the_new_access_token() {
    let hash = |token| left_half_hash(JwsAlgorithm::RS256, token, &avouch_jose_ring::provider());
    for (hashed, accepted) in [("new", true), ("SlAV32hkKG", false)] {
        let claims = refreshed_claims(json!({ "at_hash": hash(hashed) }));
        let mut response = token_response(&sign(&header(), &claims, &key()));
        change(&mut response, json!({ "access_token": "new" }));
        let outcome = refresh_with(&response);
        assert_eq!(outcome.is_ok(), accepted, "{outcome:?}");
    }
}

/// The rules of a sign-in hold too: here, the signature.
#[test]
fn a_refreshed_id_token_is_signed_by_the_provider() {
    let forged = sign(&header(), &refreshed_claims(json!({})), &other_key());
    let refused = refresh_with(&token_response(&forged));
    assert!(
        matches!(refused, Err(RefreshVerifyError::IdToken { source: IdTokenError::Signature(_), .. })),
        "{refused:?}"
    );
}

#[test]
fn an_id_token_is_not_passed_over_for_want_of_keys() {
    let client = client();
    let exchange = client.refresh(&memory(&client), at(100), &rng()).unwrap();
    let id_token = sign(&header(), &refreshed_claims(json!({})), &key());
    let tokens = exchange.complete(&ok(&token_response(&id_token))).unwrap();
    assert_eq!(tokens.needs(), KeyNeed::Jwks { alg: "RS256", kid: Some("a") });
    assert!(matches!(tokens.verify(None, at(100)), Err(RefreshVerifyError::KeysMissing { .. })));
    let (outcome, report) = tokens.verify_with_report(Some(&keys(&client)), at(100));
    assert!(outcome.is_ok() && !report.is_empty());
}

#[test]
fn a_refusal_is_told() {
    let client = client();
    let exchange = client.refresh(&memory(&client), now(), &rng()).unwrap();
    let refused = exchange.complete(&http(400, "application/json", r#"{"error":"invalid_grant"}"#));
    assert!(
        matches!(&refused, Err(RefreshAnswerError::TokenEndpoint(TokenEndpointError::Refused { response, .. }))
            if response.error == ErrorCode::INVALID_GRANT),
        "{refused:?}"
    );
}

#[test]
fn a_refresh_token_goes_to_its_own_client_only() {
    let client = client();
    let other_id = ClientId::parse("another client").unwrap();
    let redirect_uri = RedirectUri::parse(REDIRECT_URI).unwrap();
    let other = ClientRegistration::new(other_id, secret_basic(), redirect_uri);
    let other = build(&metadata(), other).unwrap();
    let error = other.refresh(&memory(&client), now(), &rng()).unwrap_err();
    assert!(matches!(error, RefreshError::OtherClient(_)), "{error:?}");
    let error = other.userinfo(&memory(&client)).unwrap_err();
    assert!(matches!(error, UserInfoError::OtherClient(_)), "{error:?}");

    let other = metadata_with(json!({ "issuer": "https://other.example" }));
    let other = build(&other, registration(secret_basic())).unwrap();
    let error = other.refresh(&memory(&client), now(), &rng()).unwrap_err();
    assert!(matches!(error, RefreshError::OtherClient(_)), "{error:?}");

    let mut memory = memory(&client);
    memory.refresh_token = None;
    let error = client.refresh(&memory, now(), &rng()).unwrap_err();
    assert!(matches!(error, RefreshError::NoRefreshToken), "{error:?}");
}

/// The provider rotated: whatever is wrong beside it, the new refresh token is the only one that still works.
#[test]
fn a_rotated_refresh_token_survives_every_fault_beside_it() {
    let rotated = |changes: Value| {
        let mut response = token_response(&sign(&header(), &refreshed_claims(json!({})), &key()));
        change(&mut response, json!({ "refresh_token": "rotated" }));
        change(&mut response, changes);
        response
    };
    let new = Some(RefreshToken::new("rotated"));
    for changes in [
        json!({ "expires_in": 3599.0 }),
        json!({ "expires_in": -1 }),
        json!({ "expires_in": "" }),
        json!({ "scope": "openid email " }),
        json!({ "scope": ["openid"] }),
    ] {
        let refreshed = refresh_with(&rotated(changes.clone())).unwrap();
        assert_eq!(refreshed.memory.refresh_token, new, "{changes}");
        assert_eq!(Value::Object(refreshed.malformed), changes);
    }
    let client = client();
    for changes in [json!({ "id_token": "" }), json!({ "id_token": {} }), json!({ "token_type": "DPoP" })] {
        let exchange = client.refresh(&memory(&client), at(100), &rng()).unwrap();
        let refused = exchange.complete(&ok(&rotated(changes.clone()))).unwrap_err();
        let keep = refused.keep().unwrap();
        assert_eq!(keep.refresh_token, new, "{changes}: {refused:?}");
        assert_eq!(keep.access_token.expose(), memory(&client).access_token.expose());
    }
    let of_another = sign(&header(), &refreshed_claims(json!({ "sub": "mallory" })), &key());
    let exchange = client.refresh(&memory(&client), at(100), &rng()).unwrap();
    let answer = rotated(json!({ "id_token": of_another, "access_token": "of another" }));
    let tokens = exchange.complete(&ok(&answer)).unwrap();
    for refused in
        [tokens.verify(Some(&keys(&client)), at(100)).unwrap_err(), tokens.verify(None, at(100)).unwrap_err()]
    {
        assert_eq!(refused.keep().refresh_token, new, "{refused:?}");
        assert_eq!(refused.keep().access_token.expose(), "SlAV32hkKG", "nothing else of the answer");
    }
}

/// A malformed refresh token is none, and the old one stays.
#[test]
fn a_malformed_refresh_token_replaces_none() {
    let mut response = token_response("");
    change(&mut response, json!({ "id_token": null, "refresh_token": "" }));
    let refreshed = refresh_with(&response).unwrap();
    assert_eq!(refreshed.memory.refresh_token, Some(RefreshToken::new("8xLOxBtZp8")));
    assert!(refreshed.malformed.contains_key("refresh_token"));
}

/// The latest ID Token is remembered as it came, for a hint.
#[test]
fn the_raw_id_token_is_remembered() {
    let client = client();
    let first = signed_in(&client);
    let memory = first.remember();
    assert_eq!(memory.id_token.as_ref().unwrap().expose(), first.raw_id_token.expose());
    let second = sign(&header(), &refreshed_claims(json!({ "auth_time": null })), &key());
    let exchange = client.refresh(&memory, at(100), &rng()).unwrap();
    let tokens = exchange.complete(&ok(&token_response(&second))).unwrap();
    let refreshed = tokens.verify(Some(&keys(&client)), at(100)).unwrap();
    assert_eq!(refreshed.memory.id_token.unwrap().expose(), second);
}
