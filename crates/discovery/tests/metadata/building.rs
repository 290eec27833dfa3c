//! What is published.

use avouch_discovery::{
    AuthorizationServerMetadata, FindingLevel, MetadataBuilder, MetadataError, MetadataRule,
    MtlsEndpointAliases, ProviderMetadata,
};
use avouch_types::{ClientAuthMethod, GrantType, ResponseMode, ResponseType, Scope, SubjectType};
use serde_json::{Value, json};

use crate::support::*;

fn builder() -> MetadataBuilder {
    ProviderMetadata::builder(&issuer(), endpoint("/authorize"), endpoint("/jwks"))
        .token_endpoint(endpoint("/token"))
}

/// Proves DISC-3-02, RFC8414-2-01 and MET-03.
#[test]
fn a_document_is_built() {
    let metadata = builder()
        .scopes_supported(vec![Scope::OPENID])
        .subject_types_supported(vec![SubjectType::PUBLIC, SubjectType::PAIRWISE])
        .extra("x", json!(1))
        .extra("issuer", json!("https://evil.example"))
        .extra("userinfo_endpoint", json!("http://evil.example"))
        .build()
        .unwrap();
    let printed: Value = serde_json::from_str(&metadata.to_json()).unwrap();
    assert_eq!(
        printed,
        json!({
            "issuer": "https://op.example",
            "authorization_endpoint": "https://op.example/authorize",
            "token_endpoint": "https://op.example/token",
            "jwks_uri": "https://op.example/jwks",
            "scopes_supported": ["openid"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "x": 1,
        })
    );
    assert_eq!(parse(&printed).unwrap(), metadata);
}

/// What says no more than its default is left out, in every order of setting.
#[test]
fn defaults_are_left_out() {
    let metadata = builder()
        .claims_parameter_supported(false)
        .request_uri_parameter_supported(true)
        .require_signed_request_object(false)
        .response_modes_supported(vec![ResponseMode::QUERY, ResponseMode::FRAGMENT])
        .token_endpoint_auth_methods_supported(vec![ClientAuthMethod::CLIENT_SECRET_BASIC])
        .build()
        .unwrap();
    assert_eq!(metadata, builder().build().unwrap());
    let metadata =
        builder().claims_parameter_supported(true).request_uri_parameter_supported(false).build().unwrap();
    let printed = metadata.to_members();
    assert_eq!(
        (&printed["claims_parameter_supported"], &printed["request_uri_parameter_supported"]),
        (&json!(true), &json!(false))
    );
}

/// Proves DISC-3-03, DISC-3-09, DISC-3-11, DISC-3-13, RFC8414-2-02, RFC8414-2-03, MET-04 and DISC-4.2-02.
#[test]
fn a_document_that_breaks_a_rule_is_not_built() {
    let none = vec!["none".into()];
    let jwt = vec![ClientAuthMethod::PRIVATE_KEY_JWT];
    let bare = ProviderMetadata::builder(&issuer(), endpoint("/authorize"), endpoint("/jwks"));
    for (builder, path, rule) in [
        (bare, "token_endpoint", MetadataRule::TokenEndpointMissing),
        (
            builder().scopes_supported(vec![Scope::EMAIL]),
            "scopes_supported",
            MetadataRule::OpenidScopeMissing,
        ),
        (
            builder().id_token_signing_alg_values_supported(none.clone()),
            "id_token_signing_alg_values_supported",
            MetadataRule::Rs256Missing { stronger: false },
        ),
        (
            builder().revocation_endpoint_auth_signing_alg_values_supported(none),
            "revocation_endpoint_auth_signing_alg_values_supported[0]",
            MetadataRule::NoneListed,
        ),
        (
            builder().token_endpoint_auth_methods_supported(jwt),
            "token_endpoint_auth_signing_alg_values_supported",
            MetadataRule::AssertionAlgorithmsMissing,
        ),
        (builder().subject_types_supported(vec![]), "subject_types_supported", MetadataRule::EmptyArray),
        (
            builder().require_pushed_authorization_requests(true),
            "require_pushed_authorization_requests",
            MetadataRule::DemandedUnsupported { lacks: "pushed_authorization_request_endpoint" },
        ),
    ] {
        let Err(MetadataError::Refused { findings }) = builder.build() else { panic!("{path}") };
        assert_eq!(told(&findings), [(path.to_owned(), rule)]);
    }
}

/// The exception to DISC-3-11: FAPI 2.0 forbids RS256 (F2A-21), so a document of stronger algorithms is built, and told of.
#[test]
fn a_document_without_rs256_is_built_of_stronger_algorithms() {
    for algorithms in [&["PS256", "ES256"][..], &["EdDSA"], &["Ed25519"], &["RS384", "ES512"]] {
        let algorithms = algorithms.iter().map(|name| (*name).into()).collect();
        let metadata = builder().id_token_signing_alg_values_supported(algorithms).build().unwrap();
        let [finding] = metadata.findings() else { panic!("{:?}", metadata.findings()) };
        assert_eq!(finding.rule(), &MetadataRule::Rs256Missing { stronger: true });
        assert_eq!(finding.level(), FindingLevel::Should);
    }
    for algorithms in [&["none"][..], &["HS256"], &["RS384"], &["ESfuture"]] {
        let algorithms = algorithms.iter().map(|name| (*name).into()).collect();
        assert!(builder().id_token_signing_alg_values_supported(algorithms).build().is_err());
    }
}

#[test]
fn a_recommendation_does_not_keep_from_publishing() {
    let metadata = builder()
        .registration_endpoint(endpoint("/register"))
        .grant_types_supported(vec![GrantType::AUTHORIZATION_CODE])
        .build()
        .unwrap();
    assert!(!metadata.findings().is_empty());
    assert!(metadata.findings().iter().all(|finding| finding.level() == FindingLevel::Should));
}

#[test]
fn an_authorization_servers_document_is_built() {
    let metadata = AuthorizationServerMetadata::builder(&issuer())
        .response_types_supported(vec![ResponseType::parse("none").unwrap()])
        .grant_types_supported(vec![GrantType::CLIENT_CREDENTIALS])
        .token_endpoint(endpoint("/token"))
        .build()
        .unwrap();
    assert_eq!(metadata.findings(), []);
    assert_eq!(parse_server(&Value::Object(metadata.to_members())).unwrap(), metadata);

    let refused = AuthorizationServerMetadata::builder(&issuer()).token_endpoint(endpoint("/token")).build();
    let Err(MetadataError::Refused { findings }) = refused else { panic!() };
    assert_eq!(findings[0].rule(), &MetadataRule::AuthorizationEndpointMissing);
}

#[test]
fn aliases_without_an_endpoint_are_not_printed() {
    let metadata = builder().mtls_endpoint_aliases(MtlsEndpointAliases::default()).build().unwrap();
    assert!(!metadata.to_json().contains("mtls"));
}
