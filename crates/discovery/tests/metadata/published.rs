//! Documents in the shape that large providers publish: what is told of each, what is refused and why, and which quirk
//! helps.

use std::path::Path;

use avouch_discovery::{
    AuthorizationServerMetadata, EssentialMember, MetadataDocument, MetadataError, MetadataFinding,
    MetadataReader, ProviderMetadata, Quirk,
};
use avouch_types::{Issuer, ResponseType, UriError};
use serde_json::Value;

fn document(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/metadata/{name}.json"));
    std::fs::read(path).unwrap()
}

fn read<T: MetadataDocument>(name: &str, issuer: &str, quirks: &[Quirk]) -> Result<T, MetadataError> {
    let reader = quirks.iter().cloned().fold(MetadataReader::new(), MetadataReader::quirk);
    reader.read(&document(name), &Issuer::parse(issuer).unwrap())
}

fn lines<'f>(findings: impl IntoIterator<Item = &'f MetadataFinding>) -> Vec<String> {
    findings.into_iter().map(|finding| format!("{finding} ({})", finding.section())).collect()
}

/// What is told of a document that is read.
#[track_caller]
fn assert_read(read: Result<ProviderMetadata, MetadataError>, told: &[&str]) -> ProviderMetadata {
    let metadata = read.unwrap();
    assert_eq!(lines(metadata.findings()), told);
    metadata
}

/// Why a document is refused.
#[track_caller]
fn assert_refused<T>(read: Result<T, MetadataError>, why: &[&str]) {
    match read {
        Err(MetadataError::Refused { findings }) => {
            assert_eq!(lines(findings.iter().filter(|finding| finding.stops())), why);
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it is read"),
    }
}

/// What is read is printed again; response types in their registered spelling.
#[track_caller]
fn assert_survives(metadata: &ProviderMetadata, name: &str) {
    let mut document: Value = serde_json::from_slice(&document(name)).unwrap();
    for of in document["response_types_supported"].as_array_mut().unwrap() {
        *of = ResponseType::parse(of.as_str().unwrap()).unwrap().as_str().into();
    }
    assert_eq!(Value::Object(metadata.to_members()), document);
}

#[test]
fn a_directory_with_many_tenants() {
    let tenant = "https://login.cloud.example/8c5f4711/v2.0";
    let refused = read::<ProviderMetadata>("multi-tenant-template", tenant, &[]);
    assert!(matches!(refused, Err(MetadataError::IssuerMismatch { .. })), "{refused:?}");

    let template = "https://login.cloud.example/{tenantid}/v2.0".to_owned();
    let metadata = assert_read(
        read("multi-tenant-template", tenant, &[Quirk::TemplatedIssuer { template }]),
        &[
            "issuer is read by the quirk TemplatedIssuer { template: \"https://login.cloud.example/{tenantid}/v2.0\" } \
             (OpenID Connect Discovery 1.0, 4.3)",
            "device_authorization_endpoint is of no use without the grant type \
             urn:ietf:params:oauth:grant-type:device_code (RFC 8628, 4)",
            "token_endpoint_auth_signing_alg_values_supported is missing although client authentication by JWT is listed \
             (RFC 8414, 2)",
        ],
    );
    assert_eq!(metadata.extra["tenant_region_scope"], Value::Null);
    assert_eq!(metadata.endpoints_for_mtls().token_endpoint.unwrap().host(), "mtlsauth.cloud.example");
}

#[test]
fn an_issuer_with_a_slash_at_its_end() {
    let metadata = assert_read(
        read("slash-issuer", "https://tenant.hosted.example/", &[]),
        &["device_authorization_endpoint is of no use without the grant type \
         urn:ietf:params:oauth:grant-type:device_code (RFC 8628, 4)"],
    );
    assert_survives(&metadata, "slash-issuer");
    let refused = read::<ProviderMetadata>("slash-issuer", "https://tenant.hosted.example", &[]);
    assert!(matches!(refused, Err(MetadataError::IssuerMismatch { .. })), "{refused:?}");
}

#[test]
fn a_consumer_provider() {
    let needs = |index| {
        format!(
            "response_types_supported[{index}] needs the grant type implicit, which is not listed \
             (OpenID Connect Dynamic Client Registration 1.0, 2)"
        )
    };
    let told: Vec<_> = (1..=6).map(needs).collect();
    let told: Vec<_> = told.iter().map(String::as_str).collect();
    let metadata = assert_read(read("consumer", "https://accounts.mail.example", &[]), &told);
    assert_survives(&metadata, "consumer");
}

/// It is read, since sign-in without a code would do; a client that wants a code finds that there is no token endpoint.
#[test]
fn a_social_network_without_token_endpoint() {
    let metadata = assert_read(
        read("social-without-token-endpoint", "https://www.social.example", &[]),
        &["token_endpoint is missing although grants need it (OpenID Connect Discovery 1.0, 3)"],
    );
    assert_eq!(metadata.token_endpoint, None);
}

#[test]
fn a_provider_that_leaves_required_lists_out() {
    let issuer = "https://chat.example";
    let all = [Quirk::NoResponseTypes, Quirk::NoSubjectTypes, Quirk::NoIdTokenAlgorithms];
    let missing = [
        "response_types_supported is missing (OpenID Connect Discovery 1.0, 3)",
        "subject_types_supported is missing (OpenID Connect Discovery 1.0, 3)",
        "id_token_signing_alg_values_supported is missing (OpenID Connect Discovery 1.0, 3)",
    ];
    assert_refused(read::<ProviderMetadata>("login-button", issuer, &[]), &missing);
    assert_refused(read::<ProviderMetadata>("login-button", issuer, &all[..2]), &missing[2..]);
    assert_read(
        read("login-button", issuer, &all),
        &[
            "response_types_supported is read by the quirk NoResponseTypes (OpenID Connect Discovery 1.0, 3)",
            "subject_types_supported is read by the quirk NoSubjectTypes (OpenID Connect Discovery 1.0, 3)",
            "id_token_signing_alg_values_supported is read by the quirk NoIdTokenAlgorithms \
         (OpenID Connect Discovery 1.0, 3)",
        ],
    );
}

/// Nobody signs in there: no provider, but an authorization server whose keys a gateway can use.
#[test]
fn issuers_of_workload_identities() {
    let issuer = "https://token.builds.example";
    let missing = "authorization_endpoint is missing (OpenID Connect Discovery 1.0, 3)";
    assert_refused(read::<ProviderMetadata>("workload-builds", issuer, &[]), &[missing]);
    let server: AuthorizationServerMetadata = read("workload-builds", issuer, &[]).unwrap();
    assert_eq!(server.jwks_uri.as_ref().unwrap().as_str(), "https://token.builds.example/.well-known/jwks");
    assert_eq!(server.findings(), []);
    assert_refused(ProviderMetadata::try_from(server), &[missing]);

    let quirk = [Quirk::Malformed(EssentialMember::AuthorizationEndpoint)];
    for (name, issuer, found, error) in [
        (
            "workload-cluster",
            "https://cluster.example/id/4711",
            "urn:cluster:programmatic_authorization",
            UriError::NotHttps,
        ),
        ("workload-mesh", "https://mesh.example", "", UriError::NoScheme),
    ] {
        let malformed = format!(
            "authorization_endpoint is no acceptable URL, {found:?}: {error} (OpenID Connect Discovery 1.0, 3)"
        );
        assert_refused(read::<ProviderMetadata>(name, issuer, &[]), &[&malformed]);
        assert_refused(read::<ProviderMetadata>(name, issuer, &quirk), &[&malformed]);
        let server: AuthorizationServerMetadata = read(name, issuer, &[]).unwrap();
        assert!(server.jwks_uri.is_some() && server.authorization_endpoint.is_none());
        assert_eq!(lines(server.findings())[0], malformed);
    }
}

#[test]
fn hundreds_of_scopes() {
    let metadata = assert_read(read("hundreds-of-scopes", "https://suite.example", &[]), &[]);
    assert_eq!(metadata.scopes_supported.as_ref().unwrap().len(), 451);
    assert_survives(&metadata, "hundreds-of-scopes");
}

#[test]
fn nulls_for_everything_that_is_not_there() {
    let metadata: ProviderMetadata = read("nulls", "https://serializer.example", &[]).unwrap();
    let (elements, nulls): (Vec<_>, Vec<_>) =
        metadata.findings().iter().partition(|finding| finding.path().contains('['));
    assert_eq!(nulls.len(), 16);
    assert!(nulls.iter().all(|finding| finding.to_string().ends_with(" is null")));
    assert_eq!(
        lines(elements),
        ["scopes_supported[1] is null instead of a string (OpenID Connect Discovery 1.0, 3)"]
    );
    // each counts as absent
    assert!(metadata.supports_request_uri_parameter());
    assert_eq!(metadata.grant_types().len(), 2);
    assert!(metadata.extra["x_vendor"].is_null());
}

#[test]
fn strings_where_lists_and_booleans_should_be() {
    let issuer = "https://homemade.example";
    let essential = [
        "authorization_response_iss_parameter_supported is a string instead of a boolean (RFC 9207, 3)",
        "grant_types_supported is a string instead of an array of strings (OpenID Connect Discovery 1.0, 3)",
        "response_types_supported is a string instead of an array of strings (OpenID Connect Discovery 1.0, 3)",
        "subject_types_supported is a string instead of an array of strings (OpenID Connect Discovery 1.0, 3)",
    ];
    let Err(MetadataError::Refused { findings }) = read::<ProviderMetadata>("wrong-types", issuer, &[])
    else {
        panic!("it is read");
    };
    let (stops, others): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.stops());
    let mut stops = lines(stops);
    stops.sort();
    assert_eq!(stops, essential);
    let mut others = lines(others);
    others.sort();
    assert_eq!(
        others,
        [
            "acr_values_supported[0] is a number instead of a string (OpenID Connect Discovery 1.0, 3)",
            "acr_values_supported[1] is a number instead of a string (OpenID Connect Discovery 1.0, 3)",
            "backchannel_logout_supported is a string instead of a boolean (OpenID Connect Back-Channel Logout 1.0, 2.1)",
            "claims_parameter_supported is a string instead of a boolean (OpenID Connect Discovery 1.0, 3)",
            "scopes_supported is a string instead of an array of strings (OpenID Connect Discovery 1.0, 3)",
            "service_documentation is an array instead of a string (OpenID Connect Discovery 1.0, 3)",
            "ui_locales_supported[0] is malformed: language tag is not built as BCP 47 says, at byte 0 \
         (OpenID Connect Discovery 1.0, 3)",
        ]
    );
    let quirks = [
        Quirk::Malformed(EssentialMember::AuthorizationResponseIssParameterSupported),
        Quirk::Malformed(EssentialMember::GrantTypesSupported),
        Quirk::Malformed(EssentialMember::ResponseTypesSupported),
        Quirk::Malformed(EssentialMember::SubjectTypesSupported),
    ];
    let metadata: ProviderMetadata = read("wrong-types", issuer, &quirks).unwrap();
    let tolerated =
        lines(metadata.findings()).iter().filter(|line| line.contains("read by the quirk")).count();
    assert_eq!(tolerated, quirks.len());
}

/// No quirk helps: over plain http anybody on the way is the provider.
#[test]
fn an_issuer_over_plain_http() {
    assert_eq!(Issuer::parse("http://sso.intranet.example:8080/auth"), Err(UriError::NotHttps));
    let issuer = "https://sso.intranet.example:8080/auth";
    let refused = read::<ProviderMetadata>("http-issuer", issuer, &[]);
    assert!(matches!(refused, Err(MetadataError::IssuerMismatch { .. })), "{refused:?}");
}

#[test]
fn the_policy_in_the_query_of_the_endpoints() {
    let issuer = "https://tenant.b2c.example/8c5f/v2.0/";
    let metadata = assert_read(
        read("policy-in-query", issuer, &[]),
        &["response_types_supported[7] stands in the list twice (OpenID Connect Discovery 1.0, 3)"],
    );
    assert!(metadata.jwks_uri.as_str().ends_with("?p=b2c_1_sign_in"));
    assert_survives(&metadata, "policy-in-query");
}

#[test]
fn a_self_hosted_server_that_says_all_there_is_to_say() {
    let metadata = assert_read(read("realm", "https://sso.example/realms/staff", &[]), &[]);
    assert_survives(&metadata, "realm");
    let mtls = metadata.endpoints_for_mtls();
    assert!(
        mtls.pushed_authorization_request_endpoint.unwrap().as_str().starts_with("https://mtls.sso.example/")
    );
}

#[test]
fn a_workforce_directory() {
    let issuer = "https://workforce.example/oauth2/default";
    let metadata: ProviderMetadata = read("workforce", issuer, &[]).unwrap();
    let paths: Vec<_> = metadata.findings().iter().map(|finding| finding.path()).collect();
    let ciba = "backchannel_authentication_request_signing_alg_values_supported";
    assert_eq!(
        paths,
        [
            "token_endpoint_auth_signing_alg_values_supported".to_owned(),
            "revocation_endpoint_auth_signing_alg_values_supported".to_owned(),
            "introspection_endpoint_auth_signing_alg_values_supported".to_owned(),
            format!("{ciba}[0]"),
            format!("{ciba}[1]"),
            format!("{ciba}[2]"),
        ]
    );
    assert_survives(&metadata, "workforce");
}

#[test]
fn a_server_on_premises() {
    assert_read(
        read("on-premises", "https://federation.corp.example", &[]),
        &[
            "display_values_supported is a string instead of an array of strings (OpenID Connect Discovery 1.0, 3)",
            "acr_values_supported is an empty array (OpenID Connect Discovery 1.0, 4.2)",
        ],
    );
}

#[test]
fn a_bank() {
    let metadata = assert_read(
        read("bank", "https://auth.bank.example", &[]),
        &["id_token_signing_alg_values_supported lacks RS256 (OpenID Connect Discovery 1.0, 3)"],
    );
    assert_survives(&metadata, "bank");
    assert!(metadata.requires_pushed_authorization_requests() && metadata.supports_backchannel_user_code());
}

#[test]
fn a_member_of_a_federation() {
    let metadata = assert_read(
        read("federation", "https://op.university.example", &[]),
        &["signed_jwks_uri is one of several forms of the same keys (OpenID Federation 1.0, 5.2.1)"],
    );
    assert_survives(&metadata, "federation");
    // members of older drafts are nobody's, and kept
    assert!(metadata.extra.contains_key("request_authentication_methods_supported"));
}
