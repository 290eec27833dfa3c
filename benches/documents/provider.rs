//! A provider's metadata: 60 members, 5.3 kB, in the shape that a large open source provider publishes.

use std::hint::black_box;

use avouch_benches::Work;
use avouch_discovery::ProviderMetadata;
use avouch_types::Issuer;

const DOCUMENT: &str = include_str!("provider.json");
const ISSUER: &str = "https://op.example/realms/staff";

/// Reads the document as that of this issuer: every rule that makes a document unusable, and every finding.
pub(crate) fn avouch_reads() -> Work {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(DOCUMENT).unwrap();
    assert_eq!(members.len(), 60);
    Box::new(move || {
        let metadata = ProviderMetadata::parse(black_box(DOCUMENT).as_bytes(), &issuer).unwrap();
        black_box(metadata.findings().len());
        metadata.scopes_supported.as_ref().is_some_and(|scopes| scopes.len() == 8)
    })
}

/// The same text as a `Value`, for scale.
pub(crate) fn value_reads() -> Work {
    Box::new(move || {
        let value: serde_json::Value = serde_json::from_str(black_box(DOCUMENT)).unwrap();
        black_box(value).get("issuer").is_some()
    })
}

/// What `openidconnect` does with an answer: the document into its type, and the issuer compared. It has no fields for
/// 25 of the members and drops them.
#[cfg(feature = "documents")]
pub(crate) fn openidconnect_reads() -> Work {
    use openidconnect::IssuerUrl;
    use openidconnect::core::CoreProviderMetadata;

    let issuer = IssuerUrl::new(ISSUER.to_owned()).unwrap();
    Box::new(move || {
        let metadata: CoreProviderMetadata = serde_json::from_slice(black_box(DOCUMENT).as_bytes()).unwrap();
        *metadata.issuer() == issuer
            && black_box(metadata).scopes_supported().is_some_and(|scopes| scopes.len() == 8)
    })
}
