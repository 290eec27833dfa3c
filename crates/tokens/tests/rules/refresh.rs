//! ID Tokens that come from a refresh.

use avouch_jose::jwt::Leeway;
use avouch_tokens::{IdTokenError, IdTokenExpectations, OriginalIdToken};
use avouch_types::Nonce;
use serde_json::{Map, Value, json};

use crate::support::*;

/// An hour before the refresh.
fn original() -> OriginalIdToken {
    let mut claims = good();
    for (claim, value) in
        [("iat", json!(NOW - 3600)), ("exp", json!(NOW - 3000)), ("auth_time", json!(NOW - 4000))]
    {
        claims.insert(claim.to_owned(), value);
    }
    OriginalIdToken::of(&avouch_tokens::IdTokenClaims::from_members(claims).unwrap())
}

/// What an OP should send: the same person, no nonce.
fn refreshed() -> Map<String, Value> {
    let mut claims = without("nonce");
    claims.insert("auth_time".to_owned(), json!(NOW - 4000));
    claims
}

fn refreshed_with(claim: &str, value: Value) -> Map<String, Value> {
    let mut claims = refreshed();
    claims.insert(claim.to_owned(), value);
    claims
}

fn verify(claims: &Map<String, Value>, original: &OriginalIdToken) -> Result<(), IdTokenError> {
    verify_with(&verifier(), claims, &IdTokenExpectations::for_refresh(original)).map(drop)
}

/// Also the conformance module oidcc-client-test-refresh-token.
///
/// Proves CORE-12.2-04.
#[test]
fn a_refreshed_token_needs_no_nonce_and_may_repeat_the_original_one() {
    assert!(verify(&refreshed(), &original()).is_ok());
    assert!(verify(&refreshed_with("nonce", json!(NONCE)), &original()).is_ok());
    assert_refused!(
        verify(&refreshed_with("nonce", json!("other")), &original()),
        IdTokenError::NonceMismatch
    );
    let without_nonce = OriginalIdToken { nonce: None, ..original() };
    assert!(verify(&refreshed(), &without_nonce).is_ok());
    assert_refused!(
        verify(&refreshed_with("nonce", json!(NONCE)), &without_nonce),
        IdTokenError::NonceUnexpected
    );
    let other_nonce = OriginalIdToken { nonce: Some(Nonce::new("other")), ..original() };
    assert_refused!(
        verify(&refreshed_with("nonce", json!(NONCE)), &other_nonce),
        IdTokenError::NonceMismatch
    );
}

/// Also the conformance modules oidcc-client-test-refresh-token-invalid-sub and -invalid-issuer.
///
/// Proves CORE-12.2-02.
#[test]
fn iss_sub_and_aud_are_those_of_the_original() {
    assert_refused!(
        verify(&refreshed_with("sub", json!("eve")), &original()),
        IdTokenError::RefreshedSubject
    );
    assert_refused!(
        verify(&refreshed_with("iss", json!("https://evil.example")), &original()),
        IdTokenError::Issuer { .. }
    );
    // an original of another issuer than the one that is configured now
    let elsewhere = OriginalIdToken { iss: "https://old.example".to_owned(), ..original() };
    assert_refused!(verify(&refreshed(), &elsewhere), IdTokenError::RefreshedIssuer);

    let of_two = OriginalIdToken { aud: vec![CLIENT.to_owned(), "api".to_owned()].into(), ..original() };
    assert_refused!(verify(&refreshed(), &of_two), IdTokenError::RefreshedAudience);
    let trusting = verifier().trust_audience("api");
    let verify_trusting = |claims: &Map<String, Value>, original: &OriginalIdToken| {
        verify_with(&trusting, claims, &IdTokenExpectations::for_refresh(original)).map(drop)
    };
    let two = refreshed_with("aud", json!(["api", CLIENT]));
    assert!(verify_trusting(&two, &of_two).is_ok());
    assert_refused!(verify_trusting(&two, &original()), IdTokenError::RefreshedAudience);
    assert!(verify(&refreshed_with("aud", json!([CLIENT])), &original()).is_ok());
}

/// Proves CORE-12.2-03.
#[test]
fn iat_is_new_and_auth_time_is_old() {
    assert!(verify(&refreshed_with("iat", json!(NOW - 3600)), &original()).is_ok());
    assert_refused!(
        verify(&refreshed_with("iat", json!(NOW - 3601)), &original()),
        IdTokenError::RefreshedIssuedAt
    );
    // two machines of one issuer, a minute apart
    let lenient = verifier().leeway(Leeway::ONE_MINUTE);
    let verify_leniently = |iat: i64| {
        let claims = refreshed_with("iat", json!(iat));
        verify_with(&lenient, &claims, &IdTokenExpectations::for_refresh(&original())).map(drop)
    };
    assert!(verify_leniently(NOW - 3660).is_ok());
    assert_refused!(verify_leniently(NOW - 3661), IdTokenError::RefreshedIssuedAt);
    for other in [NOW, NOW - 4001] {
        assert_refused!(
            verify(&refreshed_with("auth_time", json!(other)), &original()),
            IdTokenError::RefreshedAuthTime
        );
    }
    let mut silent = refreshed();
    silent.remove("auth_time");
    assert!(verify(&silent, &original()).is_ok());
    let silent_original = OriginalIdToken { auth_time: None, ..original() };
    assert!(verify(&refreshed(), &silent_original).is_ok());
}

/// The rules of any ID Token hold for a refreshed one.
#[test]
fn the_other_rules_hold_too() {
    assert_refused!(verify(&refreshed_with("exp", json!(NOW)), &original()), IdTokenError::Expired { .. });
    assert_refused!(
        verify(&refreshed_with("aud", json!("other")), &original()),
        IdTokenError::Audience { .. }
    );
}
