//! Documents of an attacker.

use avouch_discovery::{MetadataError, MetadataReader, MetadataRule, ProviderMetadata};
use avouch_json::{JsonError, Limits};
use serde_json::{Value, json};

use crate::support::*;

#[test]
fn what_is_not_strict_json_is_refused() {
    let duplicate = minimal().to_string().replacen('{', r#"{"jwks_uri":"https://evil.example/jwks","#, 1);
    let escaped = minimal().to_string().replacen('{', r#"{"jwks\u005furi":"https://evil.example/jwks","#, 1);
    let alias = with(json!({ "mtls_endpoint_aliases": {} }))
        .to_string()
        .replace("{}", r#"{"token_endpoint":"https://a.example","token_endpoint":"https://b.example"}"#);
    let twice = [duplicate.as_str(), escaped.as_str(), alias.as_str()];
    for document in twice {
        let refused = ProviderMetadata::parse(document.as_bytes(), &issuer()).unwrap_err();
        assert!(
            matches!(refused, MetadataError::Json { source: JsonError::DuplicateMember { .. }, .. }),
            "{refused:?}"
        );
    }
    for document in ["[]", "", "{", "null", "{\"issuer\":NaN}", "{\"x\":1e999}", "\u{feff}{}"] {
        let refused = ProviderMetadata::parse(document.as_bytes(), &issuer()).unwrap_err();
        assert!(matches!(refused, MetadataError::Json { .. }), "{document}: {refused:?}");
    }
}

#[test]
fn deep_and_wide_documents_are_refused_by_their_limit() {
    let deep =
        minimal().to_string().replacen('{', &format!("{{\"x\":{}{},", "[".repeat(40), "]".repeat(40)), 1);
    let refused = ProviderMetadata::parse(deep.as_bytes(), &issuer());
    assert!(
        matches!(refused, Err(MetadataError::Json { source: JsonError::TooDeep { .. }, .. })),
        "{refused:?}"
    );
    let long = with(json!({ "x": "y".repeat(300 * 1024) }));
    assert!(matches!(parse(&long), Err(MetadataError::Json { source: JsonError::TooLong { .. }, .. })));
    let wide = with(json!({ "x": vec![0; 20_000] }));
    assert!(matches!(parse(&wide), Err(MetadataError::Json { source: JsonError::TooManyValues { .. }, .. })));
    let members: serde_json::Map<_, _> = (0..1100).map(|number| (number.to_string(), json!(0))).collect();
    assert!(matches!(
        parse(&with(members.into())),
        Err(MetadataError::Json { source: JsonError::TooManyMembers { .. }, .. })
    ));
}

/// Each error says where, and by which rule.
#[test]
fn an_error_has_the_path_of_the_member_and_the_section() {
    let first = |member: &str| minimal().to_string().replacen('{', &format!("{{{member},"), 1);
    let deep = format!("\"x\":{{\"y\":{}{}}}", "[".repeat(15), "]".repeat(15));
    for (document, path, section) in [
        (first(r#""x":{"y":[{},{"a":1,"\u0061":2}]}"#), "x.y[1].a", "RFC 8259, 4"),
        (first(r#""x":{"y":[1,1e999]}"#), "x.y[1]", "RFC 8259, 6"),
        (first(r#""x":{"y":NaN}"#), "x.y", "RFC 8259, 2"),
        (first(r#""x":"\ud800""#), "x", "RFC 8259, 8.2"),
        (first(&deep), "x.y[0][0][0][0][0][0][0][0][0][0][0][0][0][0]", "RFC 8259, 9"),
        ("[]".to_owned(), "", "OpenID Connect Discovery 1.0, 4.2"),
        (
            with(json!({ "issuer": "https://OP.example" })).to_string(),
            "issuer",
            "OpenID Connect Discovery 1.0, 4.3",
        ),
        // what stops, not what was found first
        (
            with(json!({ "claims_supported": 1, "userinfo_endpoint": "urn:x" })).to_string(),
            "userinfo_endpoint",
            "OpenID Connect Discovery 1.0, 3",
        ),
    ] {
        let refused = ProviderMetadata::parse(document.as_bytes(), &issuer()).unwrap_err();
        assert_eq!((refused.path().as_str(), refused.section()), (path, section), "{document}");
        assert!(refused.to_string().contains(path), "{refused}");
    }
}

/// A list has a budget of its own, in members that nobody hangs on too.
#[test]
fn huge_arrays_are_refused() {
    let scopes = |count: usize| -> Value {
        (0..count).map(|number| format!("s{number}")).chain(["openid".to_owned()]).collect()
    };
    for member in ["scopes_supported", "grant_types_supported", "subject_types_supported"] {
        let refused = parse(&with(json!({ member: scopes(1024) })));
        assert_eq!(stops(refused), [(member.to_owned(), MetadataRule::TooManyElements { limit: 1024 })]);
    }
    assert_eq!(parse(&with(json!({ "scopes_supported": scopes(1023) }))).unwrap().findings(), []);

    let few = MetadataReader::new().list_elements(2);
    let read = |count| {
        few.read::<ProviderMetadata>(
            with(json!({ "scopes_supported": scopes(count) })).to_string().as_bytes(),
            &issuer(),
        )
    };
    assert!(read(1).is_ok());
    assert_eq!(stops(read(2)), [("scopes_supported".to_owned(), MetadataRule::TooManyElements { limit: 2 })]);
    let bytes = MetadataReader::new().limits(Limits::default().with_bytes(100));
    let refused = bytes.read::<ProviderMetadata>(minimal().to_string().as_bytes(), &issuer());
    assert!(matches!(
        refused,
        Err(MetadataError::Json { source: JsonError::TooLong { limit: 100, .. }, .. })
    ));
}

/// As many faults as fit are told, and the text of the error stays short and escapes what strangers wrote.
#[test]
fn an_error_does_not_repeat_what_it_was_given_at_length() {
    let document =
        with(json!({ "token_endpoint": "x".repeat(100_000), "jwks_uri": "\u{1b}[2J\nhttps://op.example" }));
    let Err(error) = parse(&document) else { panic!() };
    let text = error.to_string();
    assert!(text.len() < 1000, "{}", text.len());
    assert!(!text.contains('\n') && !text.contains('\u{1b}'));
    let document = with(json!({ "issuer": "i".repeat(100_000) }));
    assert!(parse(&document).unwrap_err().to_string().len() < 1000);
    let every = with(json!({ "grant_types_supported": vec![7; 1000] }));
    let Err(MetadataError::Refused { findings }) = parse(&every) else { panic!() };
    assert!(findings.len() >= 1000);
    assert!(MetadataError::Refused { findings }.to_string().len() < 1000);
}

/// Only direct endpoints are a member; a stranger's name in the aliases is escaped where it is told.
#[test]
fn names_of_strangers_are_escaped() {
    let document = with(json!({ "mtls_endpoint_aliases": { "\u{1b}[2J\n": "https://op.example" } }));
    let metadata = parse(&document).unwrap();
    let text = metadata.findings()[0].to_string();
    assert!(!text.contains('\n') && !text.contains('\u{1b}'), "{text}");
}
