//! Small documents, and what is found in them.

use avouch_discovery::{
    AuthorizationServerMetadata, MetadataError, MetadataFinding, MetadataRule, ProviderMetadata,
};
use avouch_types::{EndpointUrl, Issuer};
use serde_json::{Value, json};

pub(crate) fn issuer() -> Issuer {
    Issuer::parse("https://op.example").unwrap()
}

pub(crate) fn endpoint(path: &str) -> EndpointUrl {
    issuer().endpoint(path).unwrap()
}

/// A provider's document without a fault.
pub(crate) fn minimal() -> Value {
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

pub(crate) fn with(changes: Value) -> Value {
    let mut document = minimal();
    for (name, value) in changes.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

pub(crate) fn without(name: &str) -> Value {
    let mut document = minimal();
    document.as_object_mut().unwrap().remove(name);
    document
}

pub(crate) fn parse(document: &Value) -> Result<ProviderMetadata, MetadataError> {
    ProviderMetadata::parse(document.to_string().as_bytes(), &issuer())
}

pub(crate) fn parse_server(document: &Value) -> Result<AuthorizationServerMetadata, MetadataError> {
    AuthorizationServerMetadata::parse(document.to_string().as_bytes(), &issuer())
}

/// Path and rule of each.
pub(crate) fn told(findings: &[MetadataFinding]) -> Vec<(String, MetadataRule)> {
    findings.iter().map(|finding| (finding.path(), finding.rule().clone())).collect()
}

/// What is found in a document that is read.
pub(crate) fn findings(document: &Value) -> Vec<(String, MetadataRule)> {
    told(parse(document).unwrap().findings())
}

/// What stops the reading of a document.
pub(crate) fn stops<T: std::fmt::Debug>(read: Result<T, MetadataError>) -> Vec<(String, MetadataRule)> {
    match read {
        Err(MetadataError::Refused { findings }) => {
            let stops: Vec<_> = findings.into_iter().filter(MetadataFinding::stops).collect();
            told(&stops)
        }
        other => panic!("{other:?}"),
    }
}
