//! Metadata from anybody: no panic in reading or printing, what stops is told as such and nothing else is, and what was read
//! and printed reads back as the same document, also as the other kind.
#![no_main]

use std::sync::LazyLock;

use avouch_discovery::{
    AuthorizationServerMetadata, EssentialMember, MetadataDocument, MetadataError, MetadataFinding,
    MetadataReader, MetadataRule, ProviderMetadata, Quirk,
};
use avouch_types::Issuer;
use libfuzzer_sys::fuzz_target;

static ISSUER: LazyLock<Issuer> = LazyLock::new(|| Issuer::parse("https://op.example").unwrap());
static READERS: LazyLock<[MetadataReader; 2]> = LazyLock::new(|| {
    let lenient = MetadataReader::new()
        .quirk(Quirk::NoResponseTypes)
        .quirk(Quirk::NoSubjectTypes)
        .quirk(Quirk::NoIdTokenAlgorithms)
        .quirk(Quirk::Malformed(EssentialMember::AuthorizationEndpoint))
        .quirk(Quirk::Malformed(EssentialMember::TokenEndpointAuthMethodsSupported))
        .quirk(Quirk::Malformed(EssentialMember::MtlsEndpointAliases));
    [MetadataReader::new(), lenient]
});

fn read<T: MetadataDocument>(reader: &MetadataReader, input: &[u8]) -> Option<T> {
    match reader.read(input, &ISSUER) {
        Ok(document) => Some(document),
        Err(error) => {
            assert!(error.to_string().len() < 10_000);
            if let MetadataError::Refused { findings } = error {
                assert!(findings.iter().any(|finding| finding.stops()));
            }
            None
        }
    }
}

/// Such a list is not printed; a required one is missing then.
fn has_empty_list(findings: &[MetadataFinding]) -> bool {
    findings.iter().any(|finding| *finding.rule() == MetadataRule::EmptyArray)
}

fuzz_target!(|input: &[u8]| {
    for reader in &*READERS {
        let server: Option<AuthorizationServerMetadata> = read(reader, input);
        let provider: Option<ProviderMetadata> = read(reader, input);
        if let Some(server) = &server {
            assert!(server.findings().iter().all(|finding| !finding.stops()));
            let _ = server.endpoints_for_mtls();
            if !has_empty_list(server.findings()) {
                let printed = server.to_json();
                let again: AuthorizationServerMetadata = read(reader, printed.as_bytes()).unwrap();
                assert_eq!(again.to_json(), printed);
            }
        }
        // whatever is a provider is an authorization server, and says the same
        if let Some(provider) = provider {
            assert_eq!(ProviderMetadata::try_from(server.unwrap()).unwrap(), provider);
            if !has_empty_list(provider.findings()) {
                let again: ProviderMetadata = read(reader, provider.to_json().as_bytes()).unwrap();
                assert_eq!(again, provider);
                let server: AuthorizationServerMetadata =
                    read(reader, provider.to_json().as_bytes()).unwrap();
                assert_eq!(AuthorizationServerMetadata::from(provider), server);
            }
        } else if let Some(server) = server {
            assert!(ProviderMetadata::try_from(server).is_err());
        }
    }
});
