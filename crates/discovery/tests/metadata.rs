//! The metadata document: what is read, what is refused, what is printed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use avouch_discovery::{MetadataError, MetadataFinding, ProviderMetadata};
use avouch_types::{
    ClientAuthMethod, EndpointUrl, GrantType, Issuer, ResponseMode, ResponseType, Scope, SubjectType,
    dangerous,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn issuer() -> Issuer {
    Issuer::parse("https://op.example").unwrap()
}

fn endpoint(path: &str) -> EndpointUrl {
    issuer().endpoint(path).unwrap()
}

fn minimal() -> Value {
    json!({
        "issuer": "https://op.example",
        "authorization_endpoint": "https://op.example/authorize?tenant=1",
        "token_endpoint": "https://op.example:8443/token",
        "jwks_uri": "https://op.example/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}

fn with(changes: Value) -> Value {
    let mut document = minimal();
    for (name, value) in changes.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

fn parse(document: &Value) -> Result<ProviderMetadata, MetadataError> {
    ProviderMetadata::parse(document.to_string().as_bytes(), &issuer())
}

/// Proves DISC-3-02 and RFC8414-2-01.
#[test]
fn a_required_member_may_be_neither_absent_nor_null() {
    assert!(parse(&minimal()).is_ok());
    for name in [
        "issuer",
        "authorization_endpoint",
        "jwks_uri",
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
    ] {
        let mut document = minimal();
        document.as_object_mut().unwrap().remove(name);
        let refused = parse(&document).unwrap_err();
        assert!(matches!(refused, MetadataError::Missing { member } if member == name), "{refused:?}");
        let refused = parse(&with(json!({ name: null }))).unwrap_err();
        assert!(matches!(refused, MetadataError::Null { member } if member == name), "{refused:?}");
    }
}

/// Proves DISC-4.3-02, DISC-5-01, DISC-7.2-01, CORE-16.15-01 and RFC8414-3.3-01
/// (conformance module discovery-issuer-mismatch).
#[test]
fn the_issuer_is_compared_character_by_character() {
    let unlike = [
        "https://op.example/",
        "https://OP.example",
        "https://op.example:443",
        "https://op.example/a",
        "http://op.example",
        "https://op.example ",
        "https://evil.example",
        "",
    ];
    for found in unlike {
        match parse(&with(json!({ "issuer": found }))) {
            Err(MetadataError::IssuerMismatch { expected, found: told }) => {
                assert_eq!((expected, told.as_str()), (issuer(), found));
            }
            other => panic!("{found}: {other:?}"),
        }
    }
    // JSON escapes are undone before the comparison
    let escaped =
        minimal().to_string().replace(r#""https://op.example","#, r#""https:\/\/op.ex\u0061mple","#);
    assert!(escaped.contains("\\u0061"));
    assert!(ProviderMetadata::parse(escaped.as_bytes(), &issuer()).is_ok());
}

/// Proves DISC-4.3-02: the comparison is with the issuer before its slash is removed for the address.
#[test]
fn an_issuer_that_ends_in_a_slash_keeps_it() {
    let slash = Issuer::parse("https://op.example/").unwrap();
    let document = with(json!({ "issuer": "https://op.example/" })).to_string();
    assert_eq!(ProviderMetadata::parse(document.as_bytes(), &slash).unwrap().issuer, slash);
    let stripped = minimal().to_string();
    assert!(ProviderMetadata::parse(stripped.as_bytes(), &slash).is_err());
}

/// Proves DISC-4.3-01: nothing else of a stranger's document is looked at.
#[test]
fn the_issuer_is_compared_first() {
    let document = json!({ "issuer": "https://evil.example", "jwks_uri": 7 });
    assert!(matches!(parse(&document), Err(MetadataError::IssuerMismatch { .. })));
}

/// Proves DISC-3-04: where the code flow needs the endpoint, the document is refused for it.
#[test]
fn every_endpoint_of_the_code_flow_is_https_without_fragment() {
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        for found in NO_ENDPOINTS {
            let refused = parse(&with(json!({ name: found }))).unwrap_err();
            assert!(
                matches!(&refused, MetadataError::Endpoint { member, found: told, .. } if *member == name && told == found),
                "{name} {found}: {refused:?}"
            );
        }
        let refused = parse(&with(json!({ name: 7 }))).unwrap_err();
        assert!(matches!(refused, MetadataError::Malformed { member, .. } if member == name), "{refused:?}");
        assert!(parse(&with(json!({ name: "https://op.example:8443/x?y=z" }))).is_ok(), "{name}");
    }
}

const NO_ENDPOINTS: [&str; 5] =
    ["http://op.example/x", "http://127.0.0.1/x", "https://op.example/x#y", "/x", ""];

/// Proves DISC-3-04: any other endpoint is not there then.
#[test]
fn every_other_endpoint_is_https_without_fragment_or_absent() {
    for name in [
        "registration_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "end_session_endpoint",
        "check_session_iframe",
        "pushed_authorization_request_endpoint",
        "device_authorization_endpoint",
    ] {
        for found in NO_ENDPOINTS.map(Value::from).into_iter().chain([json!(7)]) {
            let metadata = parse(&with(json!({ name: found }))).unwrap();
            assert_eq!(metadata.findings(), [MetadataFinding::Malformed { member: name }], "{found}");
            assert!(!metadata.to_json().contains(name), "{found}");
        }
        let metadata = parse(&with(json!({ name: "https://op.example:8443/x?y=z" }))).unwrap();
        assert_eq!(metadata.findings(), []);
        assert!(metadata.to_json().contains(name), "{name}");
    }
}

#[test]
fn plain_http_on_loopback_needs_an_issuer_of_that_kind() {
    let issuer = dangerous::loopback_http_issuer("http://127.0.0.1:8080").unwrap();
    let document = |jwks_uri: &str| {
        with(json!({
            "issuer": "http://127.0.0.1:8080",
            "authorization_endpoint": "http://127.0.0.1:8080/authorize",
            "token_endpoint": "http://localhost:8080/token",
            "jwks_uri": jwks_uri,
        }))
        .to_string()
    };
    assert!(ProviderMetadata::parse(document("http://127.0.0.1:8080/jwks").as_bytes(), &issuer).is_ok());
    let refused =
        ProviderMetadata::parse(document("http://op.example/jwks").as_bytes(), &issuer).unwrap_err();
    assert!(matches!(refused, MetadataError::Endpoint { member: "jwks_uri", .. }), "{refused:?}");
}

/// Proves DISC-3-14, RFC8414-2-04 and RFC9207-3-01.
#[test]
fn absent_members_take_their_defaults() {
    let metadata = parse(&minimal()).unwrap();
    assert_eq!(metadata.response_modes(), [ResponseMode::QUERY, ResponseMode::FRAGMENT]);
    assert_eq!(metadata.grant_types(), [GrantType::AUTHORIZATION_CODE, GrantType::IMPLICIT]);
    assert_eq!(metadata.token_endpoint_auth_methods(), [ClientAuthMethod::CLIENT_SECRET_BASIC]);
    assert_eq!(metadata.revocation_endpoint_auth_methods(), [ClientAuthMethod::CLIENT_SECRET_BASIC]);
    assert_eq!(metadata.claim_types(), ["normal"]);
    assert!(metadata.supports_request_uri_parameter());
    assert!(!metadata.supports_claims_parameter());
    assert!(!metadata.supports_request_parameter());
    assert!(!metadata.requires_request_uri_registration());
    assert!(!metadata.requires_signed_request_object());
    assert!(!metadata.requires_pushed_authorization_requests());
    assert!(!metadata.supports_authorization_response_iss());
    assert!(!metadata.supports_frontchannel_logout());
    assert!(!metadata.supports_backchannel_logout());
    assert!(!metadata.announces_pkce_s256());
    // and a default is not made up on output
    assert_eq!(serde_json::from_str::<Value>(&metadata.to_json()).unwrap(), minimal());
}

/// Proves DISC-3-14: what is said wins over the default.
#[test]
fn given_members_replace_their_defaults() {
    let metadata = parse(&with(json!({
        "request_uri_parameter_supported": false,
        "response_modes_supported": ["form_post"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "authorization_response_iss_parameter_supported": true,
    })))
    .unwrap();
    assert!(!metadata.supports_request_uri_parameter());
    assert_eq!(metadata.response_modes(), [ResponseMode::FORM_POST]);
    assert_eq!(metadata.token_endpoint_auth_methods(), [ClientAuthMethod::PRIVATE_KEY_JWT]);
    assert!(metadata.announces_pkce_s256());
    assert!(metadata.supports_authorization_response_iss());
}

/// Proves DISC-4.2-03: present and empty, not the default.
#[test]
fn an_empty_array_is_not_the_default() {
    let metadata = parse(&with(json!({ "response_modes_supported": [] }))).unwrap();
    assert_eq!(metadata.response_modes(), []);
    assert_eq!(metadata.findings(), [MetadataFinding::EmptyArray { member: "response_modes_supported" }]);
}

/// Proves DISC-4.2-02 and RFC8414-3.2-01: an empty array is left out on output.
#[test]
fn an_empty_array_is_not_printed() {
    let metadata = parse(&with(json!({ "response_modes_supported": [] }))).unwrap();
    assert!(!metadata.to_json().contains("response_modes_supported"));
}

#[test]
fn an_optional_null_is_told_and_counts_as_absent() {
    let metadata =
        parse(&with(json!({ "userinfo_endpoint": null, "request_uri_parameter_supported": null }))).unwrap();
    assert_eq!(metadata.userinfo_endpoint, None);
    assert!(metadata.supports_request_uri_parameter());
    assert_eq!(
        metadata.findings(),
        [
            MetadataFinding::Null { member: "userinfo_endpoint" },
            MetadataFinding::Null { member: "request_uri_parameter_supported" },
        ]
    );
}

/// A member with a rule behind it is never half-read: a `"true"` that counted as absent would switch a check off.
#[test]
fn a_member_of_the_wrong_type_is_refused() {
    for (name, value) in [
        ("authorization_response_iss_parameter_supported", json!("true")),
        ("code_challenge_methods_supported", json!("S256")),
        ("token_endpoint_auth_methods_supported", json!([null])),
        ("response_types_supported", json!({})),
    ] {
        let refused = parse(&with(json!({ name: value }))).unwrap_err();
        assert!(matches!(refused, MetadataError::Malformed { member, .. } if member == name), "{refused:?}");
    }
    for endpoint in ["token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        let refused = parse(&with(json!({ endpoint: "http://op.example/x" }))).unwrap_err();
        assert!(
            matches!(refused, MetadataError::Endpoint { member, .. } if member == endpoint),
            "{refused:?}"
        );
    }
    assert!(parse(&with(json!({ "ui_locales_supported": ["", "de-CH", "nonsense tag"] }))).is_ok());
}

/// What no sign-in hangs on refuses none.
#[test]
fn a_malformed_member_without_a_rule_behind_it_is_a_finding() {
    for (member, value) in [
        ("check_session_iframe", json!("")),
        ("op_tos_uri", json!(7)),
        ("frontchannel_logout_supported", json!("true")),
        ("scopes_supported", json!(["openid", ""])),
        ("introspection_endpoint", json!("/introspect")),
        ("end_session_endpoint", json!("http://op.example/logout")),
        ("claims_supported", json!("sub")),
    ] {
        let metadata = parse(&with(json!({ member: value }))).unwrap();
        assert_eq!(metadata.findings(), [MetadataFinding::Malformed { member }]);
        assert_eq!(metadata.malformed().collect::<Vec<_>>(), [(member, &value)]);
        assert!(!metadata.to_json().contains(member), "a fault is not passed on");
    }
}

/// Proves DISC-3-18: unknown members are kept.
#[test]
fn unknown_members_survive() {
    let metadata = parse(&with(json!({ "https://op.example/x": { "y": [1, null] } }))).unwrap();
    assert_eq!(metadata.extra["https://op.example/x"], json!({ "y": [1, null] }));
    assert!(metadata.to_json().contains(r#""https://op.example/x":{"y":[1,null]}"#));
}

#[test]
fn what_is_not_strict_json_is_refused() {
    let duplicate = minimal().to_string().replacen('{', r#"{"jwks_uri":"https://evil.example/jwks","#, 1);
    for document in ["[]", "", "{", "null", duplicate.as_str()] {
        let refused = ProviderMetadata::parse(document.as_bytes(), &issuer()).unwrap_err();
        assert!(matches!(refused, MetadataError::Json(_)), "{document}: {refused:?}");
    }
}

/// Proves DISC-3-03, DISC-3-09, DISC-3-11, DISC-3-13, RFC8414-2-02 and RFC8414-2-03: told when read, refused when
/// built.
#[test]
fn rules_for_providers_are_findings() {
    let mut no_token_endpoint = minimal();
    no_token_endpoint.as_object_mut().unwrap().remove("token_endpoint");
    assert_eq!(parse(&no_token_endpoint).unwrap().findings(), [MetadataFinding::TokenEndpointMissing]);
    no_token_endpoint["response_types_supported"] = json!(["token id_token", "id_token"]);
    assert_eq!(parse(&no_token_endpoint).unwrap().findings(), []);

    let assertion_list = "token_endpoint_auth_signing_alg_values_supported";
    for (changes, finding) in [
        (json!({ "id_token_signing_alg_values_supported": ["ES256"] }), MetadataFinding::Rs256Missing),
        (json!({ "scopes_supported": ["email"] }), MetadataFinding::OpenidScopeMissing),
        (
            json!({ assertion_list: ["RS256", "none"] }),
            MetadataFinding::UnsignedAssertions { member: assertion_list },
        ),
        (
            json!({ "token_endpoint_auth_methods_supported": ["private_key_jwt"] }),
            MetadataFinding::AssertionAlgorithmsMissing { member: assertion_list },
        ),
        (
            json!({ "introspection_endpoint_auth_methods_supported": ["client_secret_jwt"] }),
            MetadataFinding::AssertionAlgorithmsMissing {
                member: "introspection_endpoint_auth_signing_alg_values_supported",
            },
        ),
    ] {
        assert_eq!(parse(&with(changes.clone())).unwrap().findings(), [finding], "{changes}");
    }
}

/// Proves DISC-3-02, DISC-3-03, DISC-3-09, DISC-3-11, DISC-3-13, RFC8414-2-02 and RFC8414-2-03 for the builder.
#[test]
fn a_document_that_breaks_a_rule_is_not_built() {
    let builder = || {
        ProviderMetadata::builder(&issuer(), endpoint("/authorize"), endpoint("/jwks"))
            .token_endpoint(endpoint("/token"))
    };
    let metadata = builder()
        .scopes_supported(vec![Scope::OPENID])
        .response_types_supported(vec![ResponseType::CODE])
        .subject_types_supported(vec![SubjectType::PUBLIC, SubjectType::PAIRWISE])
        .extra("x", json!(1))
        .extra("issuer", json!("https://evil.example"))
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

    let none = vec!["none".into()];
    let jwt = vec![ClientAuthMethod::PRIVATE_KEY_JWT];
    let bare = ProviderMetadata::builder(&issuer(), endpoint("/authorize"), endpoint("/jwks"));
    for (builder, finding) in [
        (bare, MetadataFinding::TokenEndpointMissing),
        (builder().scopes_supported(vec![Scope::EMAIL]), MetadataFinding::OpenidScopeMissing),
        (builder().id_token_signing_alg_values_supported(none.clone()), MetadataFinding::Rs256Missing),
        (
            builder().revocation_endpoint_auth_signing_alg_values_supported(none),
            MetadataFinding::UnsignedAssertions {
                member: "revocation_endpoint_auth_signing_alg_values_supported",
            },
        ),
        (
            builder().token_endpoint_auth_methods_supported(jwt),
            MetadataFinding::AssertionAlgorithmsMissing {
                member: "token_endpoint_auth_signing_alg_values_supported",
            },
        ),
        (
            builder().subject_types_supported(vec![]),
            MetadataFinding::EmptyArray { member: "subject_types_supported" },
        ),
    ] {
        assert_eq!(builder.build().unwrap_err(), finding);
    }
}

/// The document of Discovery §4.2, as printed there.
#[test]
fn the_example_of_the_specification_survives() {
    let document = include_bytes!("data/discovery-4.2-example.json");
    let issuer = Issuer::parse("https://server.example.com").unwrap();
    let metadata = ProviderMetadata::parse(document, &issuer).unwrap();
    assert_eq!(metadata.findings(), []);
    let printed: Value = serde_json::from_str(&metadata.to_json()).unwrap();
    assert_eq!(printed, serde_json::from_slice::<Value>(document).unwrap());
}

proptest! {
    /// Proves DISC-3-18: whatever is read is printed again, known or not.
    #[test]
    fn documents_round_trip(
        scopes in proptest::collection::vec("[!#-\\[\\]-~]{1,8}", 1..4),
        flag in any::<Option<bool>>(),
        policy in proptest::option::of("https?://[a-z]{1,8}\\.example/[a-z]{0,8}"),
        unknown in proptest::collection::btree_map("x_[a-z]{1,8}", any::<i32>(), 0..4),
    ) {
        let mut document = minimal();
        document["scopes_supported"] = json!(scopes);
        if let Some(flag) = flag {
            document["claims_parameter_supported"] = json!(flag);
            document["require_pushed_authorization_requests"] = json!(!flag);
        }
        if let Some(policy) = policy {
            document["op_policy_uri"] = json!(policy);
        }
        for (name, value) in unknown {
            document[name] = json!(value);
        }
        let metadata = parse(&document).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&metadata.to_json()).unwrap(), document);
        prop_assert_eq!(
            ProviderMetadata::parse(metadata.to_json().as_bytes(), &issuer()).unwrap(),
            metadata
        );
    }

    #[test]
    fn no_input_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(ProviderMetadata::parse(&bytes, &issuer()).is_err());
    }
}
