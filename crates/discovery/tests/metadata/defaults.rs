//! What counts when a member is absent.

use avouch_types::{ClaimType, ClientAuthMethod, GrantType, Prompt, ResponseMode};
use serde_json::{Value, json};

use crate::support::*;

/// Proves DISC-3-14, RFC8414-2-04, RFC9207-3-01, MET-05, FCL-3-02, FCL-3-03, BCL-2.1-01 and BCL-2.1-02.
#[test]
fn absent_members_take_their_defaults() {
    let metadata = parse(&minimal()).unwrap();
    assert_eq!(metadata.response_modes(), [ResponseMode::QUERY, ResponseMode::FRAGMENT]);
    assert_eq!(metadata.grant_types(), [GrantType::AUTHORIZATION_CODE, GrantType::IMPLICIT]);
    assert_eq!(metadata.token_endpoint_auth_methods(), [ClientAuthMethod::CLIENT_SECRET_BASIC]);
    assert_eq!(metadata.revocation_endpoint_auth_methods(), [ClientAuthMethod::CLIENT_SECRET_BASIC]);
    assert_eq!(metadata.introspection_endpoint_auth_methods_supported, None, "there is no default");
    assert_eq!(metadata.claim_types(), [ClaimType::NORMAL]);
    assert!(metadata.supports_request_uri_parameter());
    for (flag, name) in [
        (metadata.supports_claims_parameter(), "claims_parameter_supported"),
        (metadata.supports_request_parameter(), "request_parameter_supported"),
        (metadata.requires_request_uri_registration(), "require_request_uri_registration"),
        (metadata.requires_signed_request_object(), "require_signed_request_object"),
        (metadata.requires_pushed_authorization_requests(), "require_pushed_authorization_requests"),
        (metadata.supports_authorization_response_iss(), "authorization_response_iss_parameter_supported"),
        (metadata.supports_certificate_bound_access_tokens(), "tls_client_certificate_bound_access_tokens"),
        (metadata.supports_backchannel_user_code(), "backchannel_user_code_parameter_supported"),
        (metadata.supports_frontchannel_logout(), "frontchannel_logout_supported"),
        (metadata.supports_frontchannel_logout_session(), "frontchannel_logout_session_supported"),
        (metadata.supports_backchannel_logout(), "backchannel_logout_supported"),
        (metadata.supports_backchannel_logout_session(), "backchannel_logout_session_supported"),
    ] {
        assert!(!flag, "{name}");
    }
    assert!(!metadata.announces_pkce_s256());
    assert!(!metadata.announces_prompt_create());
    // and a default is not made up on output
    assert_eq!(serde_json::from_str::<Value>(&metadata.to_json()).unwrap(), minimal());
}

/// Proves DISC-3-14: what is said wins over the default.
#[test]
fn given_members_replace_their_defaults() {
    let metadata = parse(&with(json!({
        "request_uri_parameter_supported": false,
        "response_modes_supported": ["form_post"],
        "grant_types_supported": ["authorization_code"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "claim_types_supported": ["normal", "distributed"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "prompt_values_supported": ["none", "login", "create"],
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "require_request_uri_registration": true,
        "require_signed_request_object": true,
        "require_pushed_authorization_requests": true,
        "authorization_response_iss_parameter_supported": true,
        "tls_client_certificate_bound_access_tokens": true,
        "backchannel_user_code_parameter_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    })))
    .unwrap();
    assert!(!metadata.supports_request_uri_parameter());
    assert_eq!(metadata.response_modes(), [ResponseMode::FORM_POST]);
    assert_eq!(metadata.grant_types(), [GrantType::AUTHORIZATION_CODE]);
    assert_eq!(metadata.token_endpoint_auth_methods(), [ClientAuthMethod::PRIVATE_KEY_JWT]);
    assert_eq!(metadata.revocation_endpoint_auth_methods(), [ClientAuthMethod::NONE]);
    assert_eq!(metadata.claim_types(), [ClaimType::NORMAL, ClaimType::DISTRIBUTED]);
    assert!(metadata.announces_pkce_s256());
    assert!(metadata.announces_prompt_create());
    assert!(metadata.supports_claims_parameter() && metadata.supports_request_parameter());
    assert!(metadata.requires_request_uri_registration() && metadata.requires_signed_request_object());
    assert!(metadata.requires_pushed_authorization_requests());
    assert!(metadata.supports_authorization_response_iss());
    assert!(metadata.supports_certificate_bound_access_tokens() && metadata.supports_backchannel_user_code());
    assert!(metadata.supports_frontchannel_logout() && metadata.supports_frontchannel_logout_session());
    assert!(metadata.supports_backchannel_logout() && metadata.supports_backchannel_logout_session());
}

/// Proves PC-4.2-04: only a list with `create` in it announces account creation.
#[test]
fn account_creation_is_announced_by_its_value() {
    let metadata = parse(&with(json!({ "prompt_values_supported": ["none", "login", "CREATE"] }))).unwrap();
    assert!(!metadata.announces_prompt_create());
    assert_eq!(metadata.prompt_values_supported.unwrap()[1], Prompt::LOGIN);
}
