//! What is let pass by name, and only then.

use avouch_discovery::{
    AuthorizationServerMetadata, EssentialMember, MetadataError, MetadataReader, MetadataRule,
    ProviderMetadata, Quirk,
};
use avouch_types::{Issuer, ResponseType, SubjectType};
use serde_json::{Value, json};

use crate::support::*;

fn read(document: &Value, expected: &str, quirk: &Quirk) -> Result<ProviderMetadata, MetadataError> {
    let expected = Issuer::parse(expected).unwrap();
    MetadataReader::new().quirk(quirk.clone()).read(document.to_string().as_bytes(), &expected)
}

fn tolerated(path: &str, quirk: &Quirk) -> (String, MetadataRule) {
    (path.to_owned(), MetadataRule::Tolerated { quirk: quirk.clone() })
}

#[test]
fn a_template_is_filled_by_one_segment_of_the_path() {
    let template = "https://login.example/{tenantid}/v2.0";
    let quirk = Quirk::TemplatedIssuer { template: template.to_owned() };
    let document = with(json!({ "issuer": template }));
    let metadata = read(&document, "https://login.example/4711/v2.0", &quirk).unwrap();
    assert_eq!(metadata.issuer.as_str(), "https://login.example/4711/v2.0");
    assert_eq!(told(metadata.findings()), [tolerated("issuer", &quirk)]);
    assert_eq!(metadata.findings()[0].section(), "OpenID Connect Discovery 1.0, 4.3");

    for expected in [
        "https://login.example/a/b/v2.0",
        "https://login.example//v2.0",
        "https://login.example/4711/v1.0",
        "https://login.example/4711/v2.0/",
        "https://login.example/v2.0",
        "https://evil.example/4711/v2.0",
        "https://login.example:444/4711/v2.0",
        "https://login.example.evil.example/4711/v2.0",
    ] {
        let refused = read(&document, expected, &quirk);
        assert!(matches!(refused, Err(MetadataError::IssuerMismatch { .. })), "{expected}: {refused:?}");
    }
    // the template is this one and no other, and the quirk is not needed for a document that says what it should
    for issuer in ["https://login.example/{tenant}/v2.0", "https://login.example/0815/v2.0"] {
        let refused = read(&with(json!({ "issuer": issuer })), "https://login.example/4711/v2.0", &quirk);
        assert!(matches!(refused, Err(MetadataError::IssuerMismatch { .. })), "{issuer}");
    }
    let exact = with(json!({ "issuer": "https://login.example/4711/v2.0" }));
    assert_eq!(read(&exact, "https://login.example/4711/v2.0", &quirk).unwrap().findings(), []);
}

/// No template lets a document speak for another host, whoever chose it.
#[test]
fn the_hole_is_in_the_path_and_there_is_one() {
    for (template, expected) in [
        ("https://{host}/v2.0", "https://login.example/v2.0"),
        ("https://login.{tld}/a", "https://login.example/a"),
        ("https://login.example{x}", "https://login.example/a"),
        ("{x}", "https://login.example/a"),
        ("https://login.example/{a}/{b}", "https://login.example/1/2"),
        ("https://login.example/{{a}}", "https://login.example/1"),
        ("https://login.example/{a", "https://login.example/1"),
        ("https://login.example/}a{", "https://login.example/1"),
        ("https://login.example/1", "https://login.example/2"),
    ] {
        let quirk = Quirk::TemplatedIssuer { template: template.to_owned() };
        let refused = read(&with(json!({ "issuer": template })), expected, &quirk);
        assert!(matches!(refused, Err(MetadataError::IssuerMismatch { .. })), "{template}: {refused:?}");
    }
}

#[test]
fn a_missing_list_counts_as_what_every_provider_has() {
    for (member, quirk) in [
        ("response_types_supported", Quirk::NoResponseTypes),
        ("subject_types_supported", Quirk::NoSubjectTypes),
        ("id_token_signing_alg_values_supported", Quirk::NoIdTokenAlgorithms),
    ] {
        for document in [without(member), with(json!({ member: null }))] {
            let metadata = read(&document, "https://op.example", &quirk).unwrap();
            assert_eq!(told(metadata.findings()).last(), Some(&tolerated(member, &quirk)));
            assert_eq!(metadata, parse(&minimal()).unwrap());
        }
        for other in [Quirk::NoResponseTypes, Quirk::NoSubjectTypes, Quirk::NoIdTokenAlgorithms] {
            if other != quirk {
                let refused = read(&without(member), "https://op.example", &other);
                assert_eq!(stops(refused), [(member.to_owned(), MetadataRule::Missing)]);
            }
        }
        // where the list is there, the quirk changes nothing
        let metadata = read(&minimal(), "https://op.example", &quirk).unwrap();
        assert_eq!(metadata.findings(), []);
    }
}

/// An authorization server needs no subject types: nothing is made up for it.
#[test]
fn nothing_is_made_up_that_is_not_required() {
    let reader = MetadataReader::new().quirk(Quirk::NoSubjectTypes).quirk(Quirk::NoResponseTypes);
    let document = br#"{"issuer":"https://op.example","token_endpoint":"https://op.example/token",
        "authorization_endpoint":"https://op.example/authorize"}"#;
    let server: AuthorizationServerMetadata = reader.read(document, &issuer()).unwrap();
    assert_eq!(server.subject_types_supported, None);
    assert_eq!(server.response_types_supported, [ResponseType::CODE]);
    // and the quirk is still good when it becomes a provider
    let mut provider = minimal();
    provider.as_object_mut().unwrap().remove("subject_types_supported");
    let server: AuthorizationServerMetadata =
        reader.read(provider.to_string().as_bytes(), &issuer()).unwrap();
    let provider = ProviderMetadata::try_from(server).unwrap();
    assert_eq!(provider.subject_types_supported, [SubjectType::PUBLIC]);
    assert_eq!(told(provider.findings()), [tolerated("subject_types_supported", &Quirk::NoSubjectTypes)]);
}

#[test]
fn a_malformed_member_counts_as_absent_where_it_is_named() {
    let quirk = Quirk::Malformed(EssentialMember::AuthorizationResponseIssParameterSupported);
    let name = "authorization_response_iss_parameter_supported";
    let document = with(json!({ name: "True" }));
    let metadata = read(&document, "https://op.example", &quirk).unwrap();
    assert!(!metadata.supports_authorization_response_iss());
    let wrong = MetadataRule::WrongType { expected: "a boolean", found: "a string" };
    assert_eq!(told(metadata.findings()), [(name.to_owned(), wrong), tolerated(name, &quirk)]);

    // of a list what can be read
    let quirk = Quirk::Malformed(EssentialMember::TokenEndpointAuthMethodsSupported);
    let methods = "token_endpoint_auth_methods_supported";
    let metadata = read(&with(json!({ methods: ["none", 7] })), "https://op.example", &quirk).unwrap();
    assert_eq!(metadata.token_endpoint_auth_methods().len(), 1);

    // one member is not another, and a required endpoint stays required
    assert!(read(&document, "https://op.example", &quirk).is_err());
    let quirk = Quirk::Malformed(EssentialMember::JwksUri);
    let refused = read(&with(json!({ "jwks_uri": "http://op.example/jwks" })), "https://op.example", &quirk);
    assert_eq!(stops(refused).len(), 1);
}

/// A check that the provider demands is not switched off by the way it is written.
#[test]
fn what_a_malformed_member_evidently_means_counts_where_it_is_named() {
    let quirk = Quirk::Malformed(EssentialMember::RequirePushedAuthorizationRequests);
    let name = "require_pushed_authorization_requests";
    let wrong = (name.to_owned(), MetadataRule::WrongType { expected: "a boolean", found: "a string" });
    for (value, meant) in [("true", Some(true)), ("false", Some(false)), ("yes", None), (" true", None)] {
        let document = with(json!({
            name: value,
            "pushed_authorization_request_endpoint": "https://op.example/par",
        }));
        assert_eq!(stops(parse(&document)), std::slice::from_ref(&wrong));
        let metadata = read(&document, "https://op.example", &quirk).unwrap();
        assert_eq!(metadata.require_pushed_authorization_requests, meant, "{value}");
        assert_eq!(told(metadata.findings()), [wrong.clone(), tolerated(name, &quirk)]);
    }

    let (methods, quirk) = (
        "token_endpoint_auth_methods_supported",
        Quirk::Malformed(EssentialMember::TokenEndpointAuthMethodsSupported),
    );
    for (value, meant) in [
        (json!("none"), Some(1)),
        (json!("none client_secret_post"), None),
        (json!(""), None),
        (json!({}), None),
        (json!(7), None),
    ] {
        let metadata = read(&with(json!({ methods: value })), "https://op.example", &quirk).unwrap();
        let read = metadata.token_endpoint_auth_methods_supported.as_ref().map(Vec::len);
        assert_eq!(read, meant, "{value}");
        assert_eq!(told(metadata.findings()).last(), Some(&tolerated(methods, &quirk)));
    }

    // one quirk is not another's, nor for members that need none
    let document = with(json!({ "claims_parameter_supported": "true", "scopes_supported": "openid" }));
    let metadata = read(&document, "https://op.example", &quirk).unwrap();
    assert_eq!((metadata.claims_parameter_supported, &metadata.scopes_supported), (None, &None));
}

/// What only a provider must have stops no authorization server, and stops it when it is to be a provider.
#[test]
fn an_authorization_server_is_not_held_to_what_providers_must_have() {
    for (member, value) in [
        ("authorization_endpoint", json!("urn:cluster:programmatic_authorization")),
        ("jwks_uri", json!("http://op.example/jwks")),
        ("subject_types_supported", json!("public")),
        ("subject_types_supported", json!(["public", 7])),
        ("id_token_signing_alg_values_supported", json!(["RS256", null, 7])),
    ] {
        let mut document = with(json!({ member: value }));
        document["grant_types_supported"] = json!(["client_credentials"]);
        document["response_types_supported"] = json!(["none"]);
        let server = parse_server(&document).unwrap();
        let told = told(server.findings());
        assert!(!told.is_empty() && told.iter().all(|(path, _)| path.starts_with(member)), "{told:?}");
        assert_eq!(stops(ProviderMetadata::try_from(server)), stops(parse(&document)), "{member}");
    }
    // what every document must have, and what could switch a check off, stops it as before
    for member in ["response_types_supported", "token_endpoint", "require_signed_request_object"] {
        assert_eq!(stops(parse_server(&with(json!({ member: 7 })))).len(), 1, "{member}");
    }
}
