//! The discovery document and the keys.

use avouch_discovery::ProviderMetadata;
use avouch_jose::crypto::{SignFailed, Signer};
use avouch_jose::{JwsAlgorithm, SigningKey};
use avouch_provider::{ProviderKeys, ProviderKeysError};
use avouch_types::Issuer;
use http::{StatusCode, header};
use serde_json::Value;

use super::support::*;

/// Proves ISS-01, PKC-13. Conformance: discovery-endpoint-verification.
#[test]
fn the_document_announces_what_is_built() {
    let world = World::with_policy(|policy| policy.acr_values = vec!["silver".parse().unwrap()]);
    let response = world.op.discovery();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    let expected = Issuer::parse(ISSUER).unwrap();
    ProviderMetadata::parse(response.body(), &expected).unwrap();

    let document = json(&response);
    let is = |member: &str, value: Value| assert_eq!(document[member], value, "{member}");
    is("issuer", ISSUER.into());
    is("authorization_endpoint", "https://op.example/authorize".into());
    is("token_endpoint", "https://op.example/token".into());
    is("userinfo_endpoint", "https://op.example/userinfo".into());
    is("jwks_uri", "https://op.example/jwks".into());
    is("response_types_supported", serde_json::json!(["code"]));
    is("response_modes_supported", serde_json::json!(["query", "fragment", "form_post"]));
    is("grant_types_supported", serde_json::json!(["authorization_code", "refresh_token"]));
    is("subject_types_supported", serde_json::json!(["public"]));
    is("id_token_signing_alg_values_supported", serde_json::json!(["RS256", "ES256"]));
    is("code_challenge_methods_supported", serde_json::json!(["S256"]));
    is("authorization_response_iss_parameter_supported", true.into());
    is("claims_parameter_supported", true.into());
    // `false` is its default, and left out
    assert!(!document.contains_key("request_parameter_supported"));
    is("request_uri_parameter_supported", false.into());
    is("acr_values_supported", serde_json::json!(["silver"]));
    is(
        "token_endpoint_auth_methods_supported",
        serde_json::json!(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]),
    );
    is(
        "scopes_supported",
        serde_json::json!(["openid", "profile", "email", "address", "phone", "offline_access"]),
    );
    let algorithms = document["token_endpoint_auth_signing_alg_values_supported"].as_array().unwrap();
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"] {
        assert!(algorithms.contains(&algorithm.into()), "{algorithm}");
    }
    assert!(!algorithms.iter().any(|algorithm| algorithm == "none" || algorithm == "HS256"));
    let claims = document["claims_supported"].as_array().unwrap();
    assert!(claims.contains(&"email".into()) && claims.contains(&"sub".into()));
    for absent in ["registration_endpoint", "revocation_endpoint", "end_session_endpoint"] {
        assert!(!document.contains_key(absent), "{absent} is not built");
    }
}

/// Public members only, each key with its use, algorithm and name.
#[test]
fn the_key_set_is_public() {
    let world = World::new();
    let response = world.op.jwks();
    assert_eq!(response.status(), StatusCode::OK);
    let set = json(&response);
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    for key in keys {
        assert_eq!(key["use"], "sig");
        assert!(key["kid"].is_string() && key["alg"].is_string());
        for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
}

/// Proves CORE-15.1-01.
#[test]
fn keys_that_cannot_be_a_providers_are_refused() {
    let world = World::new();
    let crypto = &world.crypto;
    let rsa = world.op_key.clone();
    let (es256, private) = SigningKey::generate(JwsAlgorithm::ES256, Some("e"), crypto).unwrap();
    let new = |signing, further| ProviderKeys::new(signing, further, crypto);

    assert!(matches!(new(vec![es256.clone()], vec![]), Err(ProviderKeysError::NoRs256)));
    let twice = vec![rsa.clone(), rsa.clone()];
    assert!(matches!(new(twice, vec![]), Err(ProviderKeysError::SameKid(_))));
    let mac = SigningKey::hmac_secret(&[1; 32], JwsAlgorithm::HS256, crypto).unwrap();
    assert!(matches!(new(vec![rsa.clone(), mac], vec![]), Err(ProviderKeysError::Symmetric(_))));

    struct Vault;
    impl Signer for Vault {
        fn sign(&self, _input: &[u8]) -> Result<Vec<u8>, SignFailed> {
            Err(SignFailed::new("sealed"))
        }
    }
    let vault = |kid: Option<&str>| {
        let signer = std::sync::Arc::new(Vault);
        SigningKey::with_signer(JwsAlgorithm::ES256, kid, signer)
    };
    assert!(matches!(new(vec![rsa.clone(), vault(None)], vec![]), Err(ProviderKeysError::NoKid)));
    let unknown = new(vec![rsa.clone(), vault(Some("v"))], vec![]);
    assert!(matches!(unknown, Err(ProviderKeysError::NotPublic(_))));
    let public = private.public().unwrap().with_kid("v");
    let keys = new(vec![rsa.clone(), vault(Some("v"))], vec![public]).unwrap();
    assert_eq!(keys.algorithms().collect::<Vec<_>>(), [JwsAlgorithm::RS256, JwsAlgorithm::ES256]);

    // a private key among the further ones is published as its public half
    let keys = new(vec![rsa], vec![private]).unwrap();
    assert!(keys.published().keys().iter().all(|key| !key.is_private()));
}
