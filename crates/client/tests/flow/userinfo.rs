//! The UserInfo endpoint.

use crate::op::*;
use avouch_client::{Client, UserInfoError};
use avouch_messages::UserInfo;
use avouch_types::ErrorCode;
use http::{Method, Response};
use serde_json::json;

fn ask(response: &Response<Vec<u8>>) -> Result<UserInfo, UserInfoError> {
    let client = client();
    let memory = signed_in(&client).remember();
    client.userinfo(&memory).unwrap().complete(response)
}

/// Proves CORE-5.3.1-01 (conformance module oidcc-client-test-userinfo-bearer-header).
#[test]
fn the_token_travels_in_the_header_and_only_there() {
    let client = client();
    let request = client.userinfo(&signed_in(&client).remember()).unwrap().request();
    assert_eq!(
        (request.method(), request.uri().to_string().as_str()),
        (&Method::GET, "https://op.example/userinfo")
    );
    assert_eq!(request.headers()["authorization"], "Bearer SlAV32hkKG");
    assert!(request.headers()["authorization"].is_sensitive());
    assert!(request.body().is_empty());
}

/// Conformance module oidcc-client-test-scope-userinfo-claims.
#[test]
fn scope_userinfo_claims() {
    let body = json!({ "sub": SUB, "name": "Jane Doe", "email": "jane@example.org", "email_verified": true });
    let userinfo = ask(&ok(&body)).unwrap();
    assert_eq!(userinfo.claims.name.as_deref(), Some("Jane Doe"));
    assert_eq!(userinfo.claims.email_verified, Some(true));
}

/// Proves CORE-5.3.2-04 (conformance module oidcc-client-test-userinfo-invalid-sub).
#[test]
fn userinfo_invalid_sub() {
    let found = format!("{SUB}0");
    match ask(&ok(&json!({ "sub": found, "name": "Mallory" }))) {
        Err(UserInfoError::SubjectMismatch { expected, found: told }) => {
            assert_eq!((expected.as_str(), told.as_str()), (SUB, found.as_str()));
        }
        other => panic!("{other:?}"),
    }
    let refused = ask(&ok(&json!({ "name": "Mallory" })));
    assert!(matches!(refused, Err(UserInfoError::Malformed(_))), "{refused:?}");
}

/// The content type says what the body is.
#[test]
fn the_content_type_must_fit() {
    let body = json!({ "sub": SUB }).to_string();
    assert!(ask(&http(200, "application/json;charset=utf-8", &body)).is_ok());
    let refused = ask(&http(200, "text/html", &body));
    assert!(matches!(refused, Err(UserInfoError::Malformed(_))), "{refused:?}");
    let refused = ask(&http(200, "application/jwt", &body));
    assert!(matches!(refused, Err(UserInfoError::Jwt)), "{refused:?}");
}

#[test]
fn an_error_is_told() {
    let mut response = http(401, "application/json", &json!({ "sub": SUB }).to_string());
    response
        .headers_mut()
        .insert("www-authenticate", r#"Basic, Bearer realm="x", error="invalid_token""#.parse().unwrap());
    match ask(&response) {
        Err(UserInfoError::Status { status, error }) => {
            assert_eq!((status.as_u16(), error), (401, Some(ErrorCode::INVALID_TOKEN)));
        }
        other => panic!("{other:?}"),
    }
    for status in [201, 302, 403, 500] {
        let refused = ask(&http(status, "application/json", &json!({ "sub": SUB }).to_string()));
        assert!(matches!(refused, Err(UserInfoError::Status { error: None, .. })), "{refused:?}");
    }
}

fn at_other_provider(client: &Client) -> UserInfoError {
    let other = metadata_with(json!({ "issuer": "https://other.example" }));
    let other = build(&other, registration(secret_basic())).unwrap();
    other.userinfo(&signed_in(client).remember()).unwrap_err()
}

#[test]
fn a_token_goes_to_its_own_provider_only() {
    let error = at_other_provider(&client());
    assert!(matches!(error, UserInfoError::OtherClient(_)), "{error:?}");
    let without = metadata_with(json!({ "userinfo_endpoint": null }));
    let without = build(&without, registration(secret_basic())).unwrap();
    let error = without.userinfo(&signed_in(&client()).remember()).unwrap_err();
    assert!(matches!(error, UserInfoError::NoEndpoint), "{error:?}");
}
