//! Members one by one: required, essential, optional, unknown.

use avouch_discovery::{AuthorizationServerMetadata, MetadataError, MetadataRule, ProviderMetadata};
use avouch_types::{Issuer, ResponseType, UriError, WordError, dangerous};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::*;

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
        assert_eq!(stops(parse(&without(name))), [(name.to_owned(), MetadataRule::Missing)]);
        assert_eq!(stops(parse(&with(json!({ name: null })))), [(name.to_owned(), MetadataRule::Null)]);
    }
}

/// Proves RFC8414-2-01: of an authorization server two members are required.
#[test]
fn an_authorization_server_need_not_be_a_provider() {
    let bare = json!({ "issuer": "https://op.example", "response_types_supported": ["token"] });
    let metadata = parse_server(&bare).unwrap();
    assert_eq!((metadata.authorization_endpoint, metadata.jwks_uri), (None, None));
    assert_eq!(metadata.response_types_supported, [ResponseType::parse("token").unwrap()]);
    for name in ["issuer", "response_types_supported"] {
        let mut document = bare.clone();
        document.as_object_mut().unwrap().remove(name);
        assert_eq!(stops(parse_server(&document)), [(name.to_owned(), MetadataRule::Missing)]);
    }
}

#[test]
fn an_authorization_server_is_promoted_where_it_says_enough() {
    let server = parse_server(&minimal()).unwrap();
    let provider = ProviderMetadata::try_from(server.clone()).unwrap();
    assert_eq!(provider, parse(&minimal()).unwrap());
    assert_eq!(AuthorizationServerMetadata::from(provider), server);

    let workloads = json!({
        "issuer": "https://op.example",
        "jwks_uri": "https://op.example/jwks",
        "response_types_supported": ["id_token"],
        "scopes_supported": ["openid", 7],
    });
    let refused = ProviderMetadata::try_from(parse_server(&workloads).unwrap());
    let missing =
        ["authorization_endpoint", "subject_types_supported", "id_token_signing_alg_values_supported"];
    assert_eq!(stops(refused), missing.map(|name| (name.to_owned(), MetadataRule::Missing)));
    // what was found when it was read is not forgotten
    let mut provider = minimal();
    provider["scopes_supported"] = json!(["openid", 7]);
    let promoted = ProviderMetadata::try_from(parse_server(&provider).unwrap()).unwrap();
    assert_eq!(told(promoted.findings()), findings(&provider));
    assert_eq!(promoted.findings().len(), 1);
}

/// Proves DISC-4.3-02, DISC-5-01, DISC-7.2-01, CORE-16.15-01, RFC8414-3.3-01 and MET-02
/// (conformance module discovery-issuer-mismatch).
#[test]
fn the_issuer_is_compared_character_by_character() {
    let unlike = [
        "https://op.example/",
        "https://OP.example",
        "HTTPS://op.example",
        "https://op.example:443",
        "https://op.example.",
        "https://op.example/a",
        "https://op.example/%2e",
        "https://user@op.example",
        "https://xn--op-example.example",
        "https://\u{43e}p.example",
        "http://op.example",
        "https://op.example ",
        "https://op.example\u{0}",
        "https://evil.example",
        "",
    ];
    for found in unlike {
        let document = with(json!({ "issuer": found }));
        match (parse(&document), parse_server(&document)) {
            (
                Err(MetadataError::IssuerMismatch { expected, found: told }),
                Err(MetadataError::IssuerMismatch { .. }),
            ) => {
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
    let wrong = MetadataRule::WrongType { expected: "a string", found: "an array" };
    let document = json!({ "issuer": ["https://op.example"], "jwks_uri": 7 });
    assert_eq!(stops(parse(&document)), [("issuer".to_owned(), wrong)]);
}

const NO_ENDPOINTS: [(&str, UriError); 7] = [
    ("http://op.example/x", UriError::NotHttps),
    ("http://127.0.0.1/x", UriError::NotHttps),
    ("ftp://op.example/x", UriError::NotHttps),
    ("https://op.example/x#y", UriError::HasFragment),
    ("https://me@op.example/x", UriError::HasUserInfo),
    ("/x", UriError::NoScheme),
    ("", UriError::NoScheme),
];

/// Proves DISC-3-04: where the code flow needs the endpoint, the document is refused for it.
#[test]
fn every_endpoint_of_the_code_flow_is_https_without_fragment() {
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        for (found, error) in NO_ENDPOINTS {
            let document = with(json!({ name: found }));
            let rule = MetadataRule::Url { found: found.to_owned(), error };
            assert_eq!(stops(parse(&document)), [(name.to_owned(), rule.clone())]);
            // what only a provider must have is absent elsewhere
            match parse_server(&document) {
                Ok(server) => {
                    assert_eq!(told(server.findings())[0], (name.to_owned(), rule));
                    assert!(["authorization_endpoint", "jwks_uri"].contains(&name));
                    assert!(!server.to_json().contains(name), "{found}");
                }
                refused => assert_eq!(stops(refused), [(name.to_owned(), rule)]),
            }
        }
        let wrong = MetadataRule::WrongType { expected: "a string", found: "a number" };
        assert_eq!(stops(parse(&with(json!({ name: 7 })))), [(name.to_owned(), wrong)]);
        assert!(parse(&with(json!({ name: "https://op.example:8443/x?y=z" }))).is_ok(), "{name}");
    }
}

/// Proves DISC-3-04, RPI-2.1-02 and SES-3.3-02: any other endpoint is not there then.
#[test]
fn every_other_endpoint_is_https_without_fragment_or_absent() {
    for name in [
        "registration_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "end_session_endpoint",
        "check_session_iframe",
        "pushed_authorization_request_endpoint",
        "signed_jwks_uri",
        "federation_registration_endpoint",
    ] {
        for (found, error) in NO_ENDPOINTS {
            let metadata = parse(&with(json!({ name: found }))).unwrap();
            let rule = MetadataRule::Url { found: found.to_owned(), error };
            assert_eq!(told(metadata.findings()), [(name.to_owned(), rule)]);
            assert!(!metadata.to_json().contains(name), "{found}");
        }
        let metadata = parse(&with(json!({ name: "https://op.example:8443/x?y=z" }))).unwrap();
        assert!(metadata.to_json().contains(name), "{name}");
        assert!(
            !metadata.findings().iter().any(|finding| matches!(finding.rule(), MetadataRule::Url { .. }))
        );
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
    let refused = ProviderMetadata::parse(document("http://op.example/jwks").as_bytes(), &issuer);
    let rule =
        MetadataRule::Url { found: "http://op.example/jwks".to_owned(), error: UriError::NotLoopbackHttp };
    assert_eq!(stops(refused), [("jwks_uri".to_owned(), rule)]);
}

#[test]
fn an_optional_null_is_told_and_counts_as_absent() {
    let metadata =
        parse(&with(json!({ "userinfo_endpoint": null, "request_uri_parameter_supported": null }))).unwrap();
    assert_eq!(metadata.userinfo_endpoint, None);
    assert!(metadata.supports_request_uri_parameter());
    assert_eq!(
        told(metadata.findings()),
        ["request_uri_parameter_supported", "userinfo_endpoint"]
            .map(|name| (name.to_owned(), MetadataRule::Null))
    );
}

/// A member with a rule behind it is never half-read: a `"true"` that counted as absent would switch a check off.
#[test]
fn an_essential_member_of_the_wrong_type_is_refused() {
    let (list, text) = ("an array of strings", "a string");
    for (name, value, path, expected, found) in [
        (
            "authorization_response_iss_parameter_supported",
            json!("true"),
            "authorization_response_iss_parameter_supported",
            "a boolean",
            text,
        ),
        ("require_signed_request_object", json!(1), "require_signed_request_object", "a boolean", "a number"),
        ("code_challenge_methods_supported", json!("S256"), "code_challenge_methods_supported", list, text),
        (
            "token_endpoint_auth_methods_supported",
            json!(["private_key_jwt", null]),
            "token_endpoint_auth_methods_supported[1]",
            text,
            "null",
        ),
        ("response_types_supported", json!({}), "response_types_supported", list, "an object"),
        ("mtls_endpoint_aliases", json!([]), "mtls_endpoint_aliases", "an object", "an array"),
        (
            "mtls_endpoint_aliases",
            json!({ "token_endpoint": true }),
            "mtls_endpoint_aliases.token_endpoint",
            text,
            "a boolean",
        ),
    ] {
        let rule = MetadataRule::WrongType { expected, found };
        assert_eq!(stops(parse(&with(json!({ name: value })))), [(path.to_owned(), rule)]);
    }
    let word = MetadataRule::Word(WordError::Empty { what: "response_type" });
    let refused = parse(&with(json!({ "response_types_supported": ["code", ""] })));
    assert_eq!(stops(refused), [("response_types_supported[1]".to_owned(), word)]);
}

/// All faults are told at once, and those that stop are told from those that do not.
#[test]
fn every_fault_is_told() {
    let document = json!({
        "issuer": "https://op.example",
        "token_endpoint": "http://op.example/token",
        "jwks_uri": 7,
        "subject_types_supported": null,
        "response_types_supported": ["code"],
        "scopes_supported": ["email", ""],
    });
    let Err(MetadataError::Refused { findings }) = parse(&document) else { panic!() };
    let told: Vec<_> = findings.iter().map(|finding| (finding.path(), finding.stops())).collect();
    assert_eq!(
        told,
        [
            ("jwks_uri", true),
            ("scopes_supported[1]", false),
            ("subject_types_supported", true),
            ("token_endpoint", true),
            ("authorization_endpoint", true),
            ("id_token_signing_alg_values_supported", true),
            ("token_endpoint", false), // it counts as absent, and the code flow needs it
            ("id_token_signing_alg_values_supported", false),
            ("scopes_supported", false),
        ]
        .map(|(path, stops)| (path.to_owned(), stops))
    );
    let text = MetadataError::Refused { findings }.to_string();
    assert!(
        text.starts_with("the metadata is refused: jwks_uri is a number instead of a string (OpenID"),
        "{text}"
    );
    assert!(text.contains("; authorization_endpoint is missing (OpenID Connect Discovery 1.0, 3)"), "{text}");
}

/// What no sign-in hangs on refuses none.
#[test]
fn a_malformed_member_without_a_rule_behind_it_is_a_finding() {
    for (member, value, path) in [
        ("check_session_iframe", json!(""), "check_session_iframe"),
        ("op_tos_uri", json!(7), "op_tos_uri"),
        ("op_policy_uri", json!("javascript:alert(1)"), "op_policy_uri"),
        ("frontchannel_logout_supported", json!("true"), "frontchannel_logout_supported"),
        ("scopes_supported", json!([""]), "scopes_supported[0]"),
        ("introspection_endpoint", json!("/introspect"), "introspection_endpoint"),
        ("end_session_endpoint", json!("http://op.example/logout"), "end_session_endpoint"),
        ("claims_supported", json!("sub"), "claims_supported"),
        ("jwks", json!({ "keys": {} }), "jwks"),
        ("protected_resources", json!(["http://api.example"]), "protected_resources[0]"),
    ] {
        let metadata = parse(&with(json!({ member: value }))).unwrap();
        let finding = &metadata.findings()[0];
        assert_eq!((finding.path().as_str(), finding.stops()), (path, false));
        assert!(!metadata.to_members().contains_key(member), "a fault is not passed on");
    }
}

/// One bad element does not cost the others.
#[test]
fn the_elements_of_a_list_stand_for_themselves() {
    let metadata = parse(&with(json!({
        "acr_values_supported": ["silver", 2, null, "gold", {}],
        "ui_locales_supported": ["", "de-CH", "nonsense tag", "en_US"],
    })))
    .unwrap();
    let acrs = metadata.acr_values_supported.as_ref().unwrap();
    assert_eq!(acrs.iter().map(|acr| acr.as_str()).collect::<Vec<_>>(), ["silver", "gold"]);
    let paths: Vec<_> = metadata.findings().iter().map(|finding| finding.path()).collect();
    assert_eq!(
        paths,
        [
            "acr_values_supported[1]",
            "acr_values_supported[2]",
            "acr_values_supported[4]",
            "ui_locales_supported[0]",
            "ui_locales_supported[2]",
            "ui_locales_supported[3]",
        ]
    );
}

/// Proves DISC-4.2-03: present and empty, not the default.
#[test]
fn an_empty_array_is_not_the_default() {
    let metadata = parse(&with(json!({ "response_modes_supported": [] }))).unwrap();
    assert_eq!(metadata.response_modes(), []);
    assert_eq!(
        told(metadata.findings()),
        [("response_modes_supported".to_owned(), MetadataRule::EmptyArray)]
    );
    assert_eq!(metadata.findings()[0].section(), "OpenID Connect Discovery 1.0, 4.2");
}

/// Proves DISC-4.2-02, RFC8414-3.2-01 and MET-04: an empty array is left out on output.
#[test]
fn an_empty_array_is_not_printed() {
    let metadata = parse(&with(json!({ "response_modes_supported": [] }))).unwrap();
    assert!(!metadata.to_json().contains("response_modes_supported"));
}

/// Proves DISC-3-18: unknown members are kept.
#[test]
fn unknown_members_survive() {
    let metadata =
        parse(&with(json!({ "https://op.example/x": { "y": [1, null] }, "organization_name#de": "Ö" })));
    let metadata = metadata.unwrap();
    assert_eq!(metadata.extra["https://op.example/x"], json!({ "y": [1, null] }));
    assert!(metadata.to_json().contains(r#""https://op.example/x":{"y":[1,null]}"#));
    assert_eq!(metadata.extra["organization_name#de"], "Ö");
}

/// RFC 8705 §5: the alias where there is one, else the endpoint itself. What is no direct endpoint means nothing.
#[test]
fn aliases_for_mutual_tls_fall_back_to_the_plain_endpoints() {
    let aliases = json!({
        "token_endpoint": "https://mtls.op.example/token",
        "revocation_endpoint": null,
        "authorization_endpoint": "https://mtls.op.example/authorize",
    });
    let document = with(json!({
        "revocation_endpoint": "https://op.example/revoke",
        "mtls_endpoint_aliases": aliases,
    }));
    let metadata = parse(&document).unwrap();
    let endpoints = metadata.endpoints_for_mtls();
    assert_eq!(endpoints.token_endpoint.unwrap().as_str(), "https://mtls.op.example/token");
    assert_eq!(endpoints.revocation_endpoint.unwrap().as_str(), "https://op.example/revoke");
    assert_eq!(endpoints.introspection_endpoint, None);
    assert_eq!(
        told(metadata.findings()),
        [
            (
                "mtls_endpoint_aliases".to_owned(),
                MetadataRule::UnknownAlias { name: "authorization_endpoint".to_owned() }
            ),
            ("mtls_endpoint_aliases.revocation_endpoint".to_owned(), MetadataRule::Null),
        ]
    );
    // without aliases the plain endpoints serve
    let plain = parse(&minimal()).unwrap();
    assert_eq!(plain.endpoints_for_mtls().token_endpoint, plain.token_endpoint.as_ref());
}

proptest! {
    /// Proves DISC-3-18: whatever is read is printed again, known or not.
    #[test]
    fn documents_round_trip(
        scopes in proptest::collection::btree_set("[!#-\\[\\]-~]{1,8}", 1..4),
        flag in any::<Option<bool>>(),
        policy in proptest::option::of("https?://[a-z]{1,8}\\.example/[a-z]{0,8}"),
        alias in proptest::option::of("https://[a-z]{1,8}\\.example/[a-z]{0,8}"),
        unknown in proptest::collection::btree_map("x_[a-z]{1,8}", any::<i32>(), 0..4),
    ) {
        let mut document = minimal();
        document["scopes_supported"] = scopes.into_iter().map(Value::from).collect();
        if let Some(flag) = flag {
            document["claims_parameter_supported"] = json!(flag);
            document["require_pushed_authorization_requests"] = json!(!flag);
        }
        if let Some(policy) = policy {
            document["op_policy_uri"] = json!(policy);
        }
        if let Some(alias) = alias {
            document["mtls_endpoint_aliases"] = json!({ "token_endpoint": alias });
        }
        for (name, value) in unknown {
            document[name] = json!(value);
        }
        let provider = parse(&document).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&provider.to_json()).unwrap(), document.clone());
        prop_assert_eq!(&ProviderMetadata::parse(provider.to_json().as_bytes(), &issuer()).unwrap(), &provider);
        let server = parse_server(&document).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&server.to_json()).unwrap(), document);
        prop_assert_eq!(ProviderMetadata::try_from(server).unwrap(), provider);
    }

    #[test]
    fn no_input_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(ProviderMetadata::parse(&bytes, &issuer()).is_err());
    }

    /// Any member may hold anything: it is read, told or refused.
    #[test]
    fn no_value_panics(member in 0..30_usize, value in "[\\[\\]{}\":,0-9a-z ]{0,20}") {
        let names = minimal().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let name = names.get(member).map_or("mtls_endpoint_aliases", String::as_str);
        let Ok(value) = serde_json::from_str::<Value>(&value) else { return Ok(()) };
        let document = with(json!({ name: value }));
        if let Ok(read) = parse(&document) {
            prop_assert!(read.findings().iter().all(|finding| !finding.stops()));
        }
    }
}
