//! A client is not built when registration and metadata contradict each other.

use crate::op::*;
use avouch_client::{ClientCredentials, ClientError};
use avouch_jose::{JwsAlgorithm, SigningKey};
use avouch_types::ClientSecret;
use serde_json::{Value, json};

fn refused(changes: Value, credentials: ClientCredentials) -> ClientError {
    match build(&metadata_with(changes), registration(credentials)) {
        Err(error) => error,
        Ok(_) => panic!("built"),
    }
}

#[test]
fn the_fitting_ones_are_built() {
    for credentials in [
        secret_basic(),
        ClientCredentials::SecretPost(ClientSecret::new(SECRET)),
        ClientCredentials::PrivateKeyJwt(other_key()),
        ClientCredentials::None,
    ] {
        assert!(build(&metadata(), registration(credentials)).is_ok());
    }
}

#[test]
fn the_code_flow_must_be_there() {
    let error = refused(json!({ "token_endpoint": null }), secret_basic());
    assert!(matches!(error, ClientError::NoTokenEndpoint), "{error:?}");
    let error = refused(json!({ "response_types_supported": ["id_token", "code id_token"] }), secret_basic());
    assert!(matches!(error, ClientError::CodeFlowUnsupported), "{error:?}");
    let error = refused(json!({ "grant_types_supported": ["implicit"] }), secret_basic());
    assert!(matches!(error, ClientError::GrantTypeUnsupported), "{error:?}");
    let error = refused(json!({ "require_pushed_authorization_requests": true }), secret_basic());
    assert!(matches!(error, ClientError::PushedRequestsRequired), "{error:?}");
    let error = refused(json!({ "require_signed_request_object": true }), secret_basic());
    assert!(matches!(error, ClientError::SignedRequestObjectRequired), "{error:?}");
}

/// Proves PKC-03: never `plain`, also where a provider offers nothing else.
#[test]
fn pkce_by_plain_is_no_replacement() {
    let error = refused(json!({ "code_challenge_methods_supported": ["plain"] }), secret_basic());
    assert!(matches!(error, ClientError::PkceS256Unsupported), "{error:?}");
}

/// Proves CORE-9-01: the default of an absent list is client_secret_basic.
#[test]
fn the_method_must_be_supported() {
    let post = || ClientCredentials::SecretPost(ClientSecret::new(SECRET));
    for (changes, credentials) in [
        (json!({ "token_endpoint_auth_methods_supported": null }), post()),
        (json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic"] }), post()),
        (json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }), secret_basic()),
        (
            json!({ "token_endpoint_auth_methods_supported": ["client_secret_jwt"] }),
            ClientCredentials::PrivateKeyJwt(other_key()),
        ),
    ] {
        let method = credentials.method();
        let error = refused(changes, credentials);
        assert!(
            matches!(&error, ClientError::AuthMethodUnsupported { method: told } if *told == method),
            "{error:?}"
        );
    }
    let absent = metadata_with(json!({ "token_endpoint_auth_methods_supported": null }));
    assert!(build(&absent, registration(secret_basic())).is_ok());
}

#[test]
fn the_assertion_algorithm_must_be_supported() {
    let (key, _) =
        SigningKey::generate(JwsAlgorithm::ES256, Some("c"), &avouch_jose_ring::provider()).unwrap();
    let error = refused(json!({}), ClientCredentials::PrivateKeyJwt(key));
    assert!(
        matches!(error, ClientError::AssertionAlgorithmUnsupported { algorithm } if algorithm == JwsAlgorithm::ES256),
        "{error:?}"
    );
}

#[test]
fn the_id_token_algorithm_must_be_supported() {
    let metadata = metadata_with(json!({ "id_token_signing_alg_values_supported": ["ES256"] }));
    let error = build(&metadata, registration(secret_basic())).unwrap_err();
    assert!(matches!(error, ClientError::IdTokenAlgorithmUnsupported { .. }), "{error:?}");
    let es256 = registration(secret_basic()).id_token_algorithm(JwsAlgorithm::ES256);
    assert!(build(&metadata, es256).is_ok());
}

/// Proves CORE-10.1-02 and CORE-16.19-01.
#[test]
fn an_hmac_needs_a_secret_that_is_long_enough() {
    let hs256 = |credentials| registration(credentials).id_token_algorithm(JwsAlgorithm::HS256);
    let secret = |length| ClientCredentials::SecretBasic(ClientSecret::new("s".repeat(length)));
    assert!(build(&metadata(), hs256(secret(32))).is_ok());
    let error = build(&metadata(), hs256(secret(31))).unwrap_err();
    assert!(matches!(error, ClientError::Secret(_)), "{error:?}");
    let error = build(&metadata(), hs256(ClientCredentials::None)).unwrap_err();
    assert!(matches!(error, ClientError::SecretMissing { .. }), "{error:?}");
}
