//! What does not fit together: told when read, and, where a rule binds, refused when built.

use avouch_discovery::{FindingLevel, MetadataRule};
use avouch_types::{GrantType, Prompt};
use serde_json::{Value, json};

use crate::support::*;

/// A document that is read nevertheless, and the one thing that is told of it.
fn assert_told(document: &Value, path: &str, rule: MetadataRule, section: &str, level: FindingLevel) {
    let metadata = parse(document).unwrap();
    assert_eq!(told(metadata.findings()), [(path.to_owned(), rule)], "{document}");
    let finding = &metadata.findings()[0];
    assert_eq!((finding.section(), finding.level(), finding.stops()), (section, level, false), "{finding}");
    assert!(finding.to_string().starts_with(path));
}

const DISCOVERY: &str = "OpenID Connect Discovery 1.0, 3";
const CIBA: &str = "OpenID Connect CIBA Core 1.0, 4";

/// Proves DISC-3-03, RFC8414-2-02 and MET-03.
#[test]
fn grants_need_their_endpoints() {
    let rule = MetadataRule::TokenEndpointMissing;
    let mut document = without("token_endpoint");
    assert_told(&document, "token_endpoint", rule.clone(), DISCOVERY, FindingLevel::Must);
    document["response_types_supported"] = json!(["token id_token", "id_token"]);
    assert_eq!(findings(&document), [], "the implicit flow needs none");
    document["grant_types_supported"] = json!(["implicit", "client_credentials"]);
    assert_told(&document, "token_endpoint", rule, DISCOVERY, FindingLevel::Must);

    // a provider's authorization endpoint is required in any case
    let mut server = without("authorization_endpoint");
    let authorization = |document: &Value| told(parse_server(document).unwrap().findings());
    let rule = MetadataRule::AuthorizationEndpointMissing;
    assert_eq!(authorization(&server), [("authorization_endpoint".to_owned(), rule.clone())]);
    server["grant_types_supported"] = json!(["implicit"]);
    server["response_types_supported"] = json!(["id_token"]);
    assert_eq!(authorization(&server), [("authorization_endpoint".to_owned(), rule)]);
    // where no grant is named, those who issue tokens to workloads mean none
    server.as_object_mut().unwrap().remove("grant_types_supported");
    assert_eq!(authorization(&server), []);
    server["grant_types_supported"] = json!(["client_credentials"]);
    server["response_types_supported"] = json!([]);
    assert_eq!(authorization(&server), [("response_types_supported".to_owned(), MetadataRule::EmptyArray)]);
}

/// Proves DISC-3-09 and DISC-3-11, and not for authorization servers.
#[test]
fn an_openid_provider_has_the_openid_scope_and_rs256() {
    let scope = with(json!({ "scopes_supported": ["email"] }));
    assert_told(&scope, "scopes_supported", MetadataRule::OpenidScopeMissing, DISCOVERY, FindingLevel::Must);
    let algorithm = with(json!({ "id_token_signing_alg_values_supported": ["none", "HS256"] }));
    let path = "id_token_signing_alg_values_supported";
    let rule = |stronger| MetadataRule::Rs256Missing { stronger };
    assert_told(&algorithm, path, rule(false), DISCOVERY, FindingLevel::Must);
    let algorithm = with(json!({ path: ["none", "ES256"] }));
    assert_told(&algorithm, path, rule(true), DISCOVERY, FindingLevel::Should);
    for document in [scope, algorithm] {
        assert_eq!(parse_server(&document).unwrap().findings(), []);
    }
}

/// Proves DISC-3-13, RFC8414-2-03 and MET-04.
#[test]
fn client_assertions_have_algorithms_and_none_is_none_of_them() {
    for endpoint in ["token_endpoint", "revocation_endpoint", "introspection_endpoint"] {
        let (methods, algorithms) = (
            format!("{endpoint}_auth_methods_supported"),
            format!("{endpoint}_auth_signing_alg_values_supported"),
        );
        for method in ["private_key_jwt", "client_secret_jwt"] {
            let document = with(json!({ methods.as_str(): ["client_secret_basic", method] }));
            let rule = MetadataRule::AssertionAlgorithmsMissing;
            assert_told(&document, &algorithms, rule, "RFC 8414, 2", FindingLevel::Must);
            let complete =
                with(json!({ methods.as_str(): [method], algorithms.as_str(): ["RS256", "HS256"] }));
            assert_eq!(findings(&complete), []);
        }
        let none = with(json!({ algorithms.as_str(): ["RS256", "none"] }));
        let section = if endpoint == "token_endpoint" { DISCOVERY } else { "RFC 8414, 2" };
        assert_told(
            &none,
            &format!("{algorithms}[1]"),
            MetadataRule::NoneListed,
            section,
            FindingLevel::Must,
        );
    }
}

/// Where only those can serve that anybody can check, and where a signature must be.
#[test]
fn other_signatures_are_there_too() {
    let jarm = "authorization_signing_alg_values_supported";
    let document = with(json!({ jarm: ["HS256", "none"] }));
    let section = "JWT Secured Authorization Response Mode for OAuth 2.0, 4";
    assert_told(&document, &format!("{jarm}[1]"), MetadataRule::NoneListed, section, FindingLevel::Must);

    let dpop = "dpop_signing_alg_values_supported";
    let document = with(json!({ dpop: ["ES256", "HS256"] }));
    let section = "RFC 9449, 5.1";
    assert_told(&document, &format!("{dpop}[1]"), MetadataRule::SymmetricListed, section, FindingLevel::Must);
    let document = with(json!({ dpop: ["none"] }));
    assert_told(&document, &format!("{dpop}[0]"), MetadataRule::NoneListed, section, FindingLevel::Must);

    let ciba = "backchannel_authentication_request_signing_alg_values_supported";
    let document = with(json!({ ciba: ["HS512"] }));
    assert_told(&document, &format!("{ciba}[0]"), MetadataRule::SymmetricListed, CIBA, FindingLevel::Must);
}

#[test]
fn encryption_has_both_its_lists() {
    for (of, section) in [
        ("id_token", DISCOVERY),
        ("userinfo", DISCOVERY),
        ("request_object", DISCOVERY),
        ("introspection", "RFC 9701, 7"),
        ("authorization", "JWT Secured Authorization Response Mode for OAuth 2.0, 4"),
    ] {
        let [alg, enc] = ["alg", "enc"].map(|kind| format!("{of}_encryption_{kind}_values_supported"));
        for (given, lacks) in [(&alg, &enc), (&enc, &alg)] {
            let metadata = parse(&with(json!({ given.as_str(): ["A256GCM"] }))).unwrap();
            let [finding] = metadata.findings() else { panic!("{given}") };
            assert_eq!((&finding.path(), finding.section()), (given, section));
            assert_eq!(finding.level(), FindingLevel::Should);
            assert!(
                matches!(finding.rule(), MetadataRule::EncryptionIncomplete { lacks: told } if told == lacks)
            );
        }
        assert_eq!(findings(&with(json!({ alg: ["dir"], enc: ["A256GCM"] }))), []);
    }
}

/// Proves DISC-3-10: told of a provider with a registration endpoint. It does not keep one from publishing: RFC 9700
/// speaks against the implicit flow.
#[test]
fn dynamic_providers_support_the_implicit_flow() {
    let document = with(json!({
        "registration_endpoint": "https://op.example/register",
        "grant_types_supported": ["refresh_token"],
        "response_types_supported": ["none"],
    }));
    let lacks = |path: &str, lacks| (path.to_owned(), MetadataRule::IncompleteForDynamicClients { lacks });
    assert_eq!(
        findings(&document),
        [
            lacks("response_types_supported", "code"),
            lacks("response_types_supported", "id_token"),
            lacks("response_types_supported", "id_token token"),
            lacks("grant_types_supported", "authorization_code"),
            lacks("grant_types_supported", "implicit"),
        ]
    );
    assert_eq!(parse(&document).unwrap().findings()[0].level(), FindingLevel::Should);
    let complete = with(json!({
        "registration_endpoint": "https://op.example/register",
        "response_types_supported": ["code", "id_token", "token id_token"],
    }));
    assert_eq!(findings(&complete), []);
}

/// What is demanded of every request must be possible (RFC 9126 §5, Discovery §3, RFC 9101 §10.5).
#[test]
fn what_is_demanded_is_supported() {
    let demanded = |lacks| MetadataRule::DemandedUnsupported { lacks };
    let name = "require_pushed_authorization_requests";
    let endpoint = "pushed_authorization_request_endpoint";
    let document = with(json!({ name: true }));
    assert_told(&document, name, demanded(endpoint), "RFC 9126, 5", FindingLevel::Must);
    assert_eq!(findings(&with(json!({ name: true, endpoint: "https://op.example/par" }))), []);

    let name = "require_request_uri_registration";
    assert_eq!(findings(&with(json!({ name: true }))), [], "request_uri is supported where nothing is said");
    let document = with(json!({ name: true, "request_uri_parameter_supported": false }));
    let rule = demanded("request_uri_parameter_supported");
    assert_told(&document, name, rule, DISCOVERY, FindingLevel::Must);

    let name = "require_signed_request_object";
    assert_eq!(findings(&with(json!({ name: true }))), [], "request_uri is a way");
    let document = with(json!({ name: true, "request_uri_parameter_supported": false }));
    let rule = demanded("request_parameter_supported");
    assert_told(&document, name, rule, "RFC 9101, 10.5", FindingLevel::Must);
    for way in [json!({ "request_parameter_supported": true }), json!({ endpoint: "https://op.example/par" })]
    {
        let mut document = document.clone();
        document.as_object_mut().unwrap().extend(way.as_object().unwrap().clone());
        assert_eq!(findings(&document), []);
    }
    let list = "request_object_signing_alg_values_supported";
    let document = with(json!({ name: true, list: ["none"] }));
    assert_told(&document, name, demanded(list), "RFC 9101, 10.5", FindingLevel::Must);
    assert_eq!(findings(&with(json!({ name: true, list: ["none", "RS256"] }))), []);
}

#[test]
fn grants_and_the_endpoints_they_begin_at_belong_together() {
    let device = "device_authorization_endpoint";
    let grants = json!(["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]);
    let document = with(json!({ "grant_types_supported": grants }));
    let rule = MetadataRule::GrantWithoutEndpoint { endpoint: device };
    assert_told(&document, "grant_types_supported[1]", rule, DISCOVERY, FindingLevel::Should);
    let document = with(json!({ device: "https://op.example/device" }));
    let rule = MetadataRule::EndpointWithoutGrant { grant: GrantType::DEVICE_CODE };
    assert_told(&document, device, rule, "RFC 8628, 4", FindingLevel::Should);
    assert_eq!(
        findings(&with(json!({ device: "https://op.example/device", "grant_types_supported": grants }))),
        []
    );
}

/// CIBA §4: endpoint and delivery modes are both required; §5: but for push there is a grant.
#[test]
fn backchannel_authentication_is_complete_or_not_there() {
    let (endpoint, modes) =
        ("backchannel_authentication_endpoint", "backchannel_token_delivery_modes_supported");
    let at = "https://op.example/bc";
    let rule = |lacks| MetadataRule::BackchannelIncomplete { lacks };
    assert_told(&with(json!({ endpoint: at })), endpoint, rule(modes), CIBA, FindingLevel::Must);
    assert_told(&with(json!({ modes: ["push"] })), modes, rule(endpoint), CIBA, FindingLevel::Must);
    assert_eq!(findings(&with(json!({ endpoint: at, modes: ["push"] }))), []);
    for mode in ["poll", "ping"] {
        let document = with(json!({ endpoint: at, modes: [mode] }));
        let rule = MetadataRule::EndpointWithoutGrant { grant: GrantType::CIBA };
        assert_told(&document, endpoint, rule, CIBA, FindingLevel::Should);
    }
    let grants = json!(["authorization_code", "urn:openid:params:grant-type:ciba"]);
    let complete = with(json!({ endpoint: at, modes: ["poll"], "grant_types_supported": grants }));
    assert_eq!(findings(&complete), []);
    let document = with(json!({ "grant_types_supported": grants }));
    let rule = MetadataRule::GrantWithoutEndpoint { endpoint };
    assert_told(&document, "grant_types_supported[1]", rule, DISCOVERY, FindingLevel::Should);
}

/// The table of Registration §2, held against what a server lists.
#[test]
fn response_types_have_their_grants() {
    let document = with(json!({
        "response_types_supported": ["code", "code id_token", "none"],
        "grant_types_supported": ["refresh_token"],
    }));
    let needs = |index: usize, grant| {
        (format!("response_types_supported[{index}]"), MetadataRule::ResponseTypeWithoutGrant { grant })
    };
    assert_eq!(
        findings(&document),
        [
            needs(0, GrantType::AUTHORIZATION_CODE),
            needs(1, GrantType::AUTHORIZATION_CODE),
            needs(1, GrantType::IMPLICIT),
        ]
    );
    let metadata = parse(&document).unwrap();
    assert_eq!(metadata.findings()[0].section(), "OpenID Connect Dynamic Client Registration 1.0, 2");
    let default = with(json!({ "response_types_supported": ["code", "code id_token", "id_token"] }));
    assert_eq!(findings(&default), [], "absent grant types are both");
}

#[test]
fn logout_by_session_is_a_kind_of_logout() {
    for (channel, section) in [
        ("frontchannel", "OpenID Connect Front-Channel Logout 1.0, 3"),
        ("backchannel", "OpenID Connect Back-Channel Logout 1.0, 2.1"),
    ] {
        let (session, logout) =
            (format!("{channel}_logout_session_supported"), format!("{channel}_logout_supported"));
        for document in [
            with(json!({ session.as_str(): true })),
            with(json!({ session.as_str(): true, logout.as_str(): false })),
        ] {
            let metadata = parse(&document).unwrap();
            let [finding] = metadata.findings() else { panic!("{document}") };
            assert_eq!((&finding.path(), finding.section()), (&session, section));
            assert!(
                matches!(finding.rule(), MetadataRule::SessionWithoutLogout { lacks } if *lacks == logout)
            );
        }
        assert_eq!(findings(&with(json!({ session: true, logout: true }))), []);
    }
}

/// Proves PC-4.2-02; PC-4.2-03 by the last line.
#[test]
fn prompt_values_are_listed_all() {
    let document = with(json!({ "prompt_values_supported": ["create", "login"] }));
    let rule = MetadataRule::PromptMissing { lacks: Prompt::NONE };
    let section = "Initiating User Registration via OpenID Connect 1.0, 4.2";
    assert_told(&document, "prompt_values_supported", rule, section, FindingLevel::Should);
    assert_eq!(findings(&with(json!({ "prompt_values_supported": ["none", "login"] }))), []);
}

/// Proves FED-5.1.3-02, FED-5.1.3-03 and FED-5.2.1.1-01.
#[test]
fn what_a_federation_asks_for() {
    let types = "client_registration_types_supported";
    let document = with(json!({ types: ["automatic", "explicit", "by-letter"] }));
    let path = format!("{types}[1]");
    let section = "OpenID Federation 1.0, 5.1.3";
    assert_told(&document, &path, MetadataRule::ExplicitWithoutEndpoint, section, FindingLevel::Must);
    let complete =
        with(json!({ types: ["explicit"], "federation_registration_endpoint": "https://op.example/fed" }));
    assert_eq!(findings(&complete), []);

    let document = with(json!({ "signed_jwks_uri": "https://op.example/jwks.jose" }));
    let section = "OpenID Federation 1.0, 5.2.1";
    assert_told(&document, "signed_jwks_uri", MetadataRule::SeveralKeySets, section, FindingLevel::Should);
}

/// A private key in a published document is told, and never handed on.
#[test]
fn keys_in_the_document_are_public() {
    let mut document = without("jwks_uri");
    document["jwks"] = json!({ "keys": [
        { "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
        { "kty": "OKP", "crv": "Ed25519", "kid": "b", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
          "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" },
        { "kty": "oct", "kid": "c", "k": "AAAAAAAAAAAAAAAAAAAAAA" },
    ]});
    let metadata = parse_server(&document).unwrap();
    assert_eq!(
        told(metadata.findings()),
        ["jwks.keys[1]", "jwks.keys[2]"].map(|path| (path.to_owned(), MetadataRule::PrivateKey))
    );
    assert_eq!(metadata.jwks.as_ref().unwrap().keys().len(), 3);
    let printed = metadata.to_json();
    assert!(printed.contains(r#""kid":"b""#) && !printed.contains("nWGxne") && !printed.contains(r#""k":"#));
    assert!(!format!("{metadata:?}").contains("nWGxne"));
}

/// What is no key is told at its place, and what comes after it keeps its own.
#[test]
fn entries_of_jwks_that_are_no_keys_are_told() {
    let mut document = without("jwks_uri");
    document["jwks"] =
        json!({ "keys": [3, { "kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAA" }, { "kty": "?" }] });
    let metadata = parse_server(&document).unwrap();
    let told: Vec<_> = metadata
        .findings()
        .iter()
        .map(|finding| (finding.path(), finding.rule(), finding.section(), finding.level()))
        .collect();
    let unreadable =
        |path: &str| (path.to_owned(), &MetadataRule::UnreadableKey, "RFC 7517, 5", FindingLevel::Should);
    assert_eq!(told[..2], [unreadable("jwks.keys[0]"), unreadable("jwks.keys[2]")]);
    assert_eq!((told[2].0.as_str(), told[2].1), ("jwks.keys[1]", &MetadataRule::PrivateKey));
    assert_eq!(told.len(), 3);
}

/// What is told is what is there.
#[test]
fn an_array_of_what_could_not_be_read_is_not_told_as_empty() {
    let document = with(json!({ "claims_locales_supported": ["*"], "claims_supported": [] }));
    let paths: Vec<_> = findings(&document).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["claims_locales_supported[0]", "claims_supported"]);
}

/// In short lists and in long ones, at the place where it stands in the document.
#[test]
fn a_repeated_element_is_told() {
    for filler in [0, 40] {
        let mut scopes: Vec<_> = (0..filler).map(|number| json!(format!("s{number}"))).collect();
        scopes.extend([
            json!(7),
            json!("openid"),
            json!("email"),
            json!(8),
            json!("openid"),
            json!("email"),
            json!("openid"),
        ]);
        let document = with(json!({ "scopes_supported": scopes }));
        let metadata = parse(&document).unwrap();
        let repeated: Vec<_> = metadata
            .findings()
            .iter()
            .filter(|finding| *finding.rule() == MetadataRule::Repeated)
            .map(|finding| (finding.path(), finding.level()))
            .collect();
        let expected =
            [4, 5, 6].map(|at| (format!("scopes_supported[{}]", filler + at), FindingLevel::Should));
        assert_eq!(repeated, expected);
        assert_eq!(metadata.findings().len(), 5);
    }
    // compared as what it means: a response type is a set of words
    let document = with(json!({ "response_types_supported": ["code id_token", "code", "id_token code"] }));
    assert_eq!(findings(&document), [("response_types_supported[2]".to_owned(), MetadataRule::Repeated)]);
}
