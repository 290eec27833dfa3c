//! What is read is printed as it was.

use avouch_discovery::{AuthorizationServerMetadata, ProviderMetadata};
use avouch_types::Issuer;
use serde_json::Value;

fn value(document: &[u8]) -> Value {
    serde_json::from_slice(document).unwrap()
}

fn issuer_of(document: &[u8]) -> Issuer {
    Issuer::parse(value(document)["issuer"].as_str().unwrap()).unwrap()
}

/// The document of Discovery §4.2, as printed there.
#[test]
fn the_example_of_the_specification_survives() {
    let document = include_bytes!("../data/metadata/discovery-4.2-example.json");
    let metadata = ProviderMetadata::parse(document, &issuer_of(document)).unwrap();
    assert_eq!(metadata.findings(), []);
    assert_eq!(value(metadata.to_json().as_bytes()), value(document));
}

const EVERY_MEMBER: &[u8] = include_bytes!("../data/metadata/every-member.json");

/// Proves DISC-3-18: with every member of the table and two that are in none.
#[test]
fn every_member_survives() {
    let provider = ProviderMetadata::parse(EVERY_MEMBER, &issuer_of(EVERY_MEMBER)).unwrap();
    let findings: Vec<_> = provider.findings().iter().map(ToString::to_string).collect();
    assert_eq!(findings, ["signed_jwks_uri is one of several forms of the same keys"]);
    assert_eq!(value(provider.to_json().as_bytes()), value(EVERY_MEMBER));
    assert_eq!(provider.extra.keys().collect::<Vec<_>>(), ["organization_name#de", "x_vendor"]);

    let server = AuthorizationServerMetadata::parse(EVERY_MEMBER, &issuer_of(EVERY_MEMBER)).unwrap();
    assert_eq!(server.to_json(), provider.to_json());
    assert_eq!(server.extra, provider.extra);
}

/// The golden document has indeed every member: the table is read for it.
#[test]
fn the_golden_document_is_complete() {
    let table = include_str!("../../src/metadata/members.rs");
    let (_, rows) = table.split_once("metadata_documents! {").unwrap();
    let golden = value(EVERY_MEMBER);
    let mut members = 0;
    for row in rows.lines().filter(|row| row.contains(": ") && !row.contains("///")) {
        let (left, _) = row.split_once(':').unwrap();
        let name = left.split_whitespace().last().unwrap();
        assert!(golden.get(name).is_some(), "{name} is not in every-member.json");
        members += 1;
    }
    assert_eq!(
        members,
        golden.as_object().unwrap().len() - 3,
        "issuer and two unknown members beside the table"
    );
}

#[test]
fn an_authorization_server_survives() {
    let document = include_bytes!("../data/metadata/authorization-server.json");
    let metadata = AuthorizationServerMetadata::parse(document, &issuer_of(document)).unwrap();
    assert_eq!(metadata.findings(), []);
    assert_eq!(value(metadata.to_json().as_bytes()), value(document));
}
