//! Metadata documents ([Discovery §3], [RFC 8414 §2], and what other specifications add).
//!
//! `members` is the table: from it come both documents, their parser and their printer. `defaults` says what an absent member
//! counts as, `check` what must fit together, `quirk` what may be let pass.
//!
//! [Discovery §3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
//! [RFC 8414 §2]: https://www.rfc-editor.org/rfc/rfc8414#section-2

mod aliases;
mod builder;
mod check;
mod defaults;
mod document;
mod fetch;
mod finding;
mod member;
mod members;
mod quirk;
mod reader;
mod reading;
mod sections;
mod signed;
mod table;
mod web_url;

pub use aliases::{MtlsEndpointAliases, MtlsEndpoints};
pub use builder::MetadataBuilder;
pub use document::MetadataDocument;
pub use fetch::{MetadataFetch, MetadataFetchError};
pub use finding::{FindingLevel, MetadataFinding, MetadataRule};
pub use members::{AuthorizationServerMetadata, EssentialMember, ProviderMetadata};
pub use quirk::Quirk;
pub use reader::MetadataReader;
pub use signed::{SignedMetadata, SignedMetadataError, SignedMetadataRules, SignedMetadataVerifier};
pub use web_url::WebUrl;

use finding::Shown;
use std::fmt::Write as _;

use avouch_json::JsonError;
use avouch_types::Issuer;

/// Why a document is not the metadata of the expected issuer. Nothing of it is used then ([Discovery §4.3]).
///
/// ```
/// # use avouch_types::Issuer;
/// # use avouch_discovery::{AuthorizationServerMetadata, MetadataError};
/// let document = br#"{"issuer":"https://as.example","token_endpoint":"http://as.example/token"}"#;
/// let stranger = AuthorizationServerMetadata::parse(document, &Issuer::parse("https://as.example/")?);
/// assert!(matches!(stranger, Err(MetadataError::IssuerMismatch { .. }))); // the slash matters
///
/// let refused = AuthorizationServerMetadata::parse(document, &Issuer::parse("https://as.example")?);
/// let Err(MetadataError::Refused { findings }) = refused else { panic!() };
/// let stops: Vec<_> = findings.iter().filter(|finding| finding.stops()).map(|finding| finding.path()).collect();
/// assert_eq!(stops, ["token_endpoint", "response_types_supported"]);
/// # Ok::<(), avouch_types::UriError>(())
/// ```
///
/// [Discovery §4.3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The bytes are not one strict JSON object within the limits.
    #[error("the metadata is not a JSON object")]
    Json(#[from] JsonError),
    /// `issuer` is not, character for character, the issuer the document was asked of. Nothing else was looked at.
    #[error("the metadata speaks for issuer {}, not for {:?}", Shown(found), expected.as_str())]
    IssuerMismatch {
        /// The issuer whose document this should be.
        expected: Issuer,
        /// What the document says.
        found: String,
    },
    /// The document breaks rules that make it unusable, or, for a builder, that must not be broken.
    #[error("the metadata is refused:{}", listed(findings))]
    Refused {
        /// All that was found, also what would not stop.
        findings: Vec<MetadataFinding>,
    },
}

/// The findings that matter for a refusal, a few of them.
fn listed(findings: &[MetadataFinding]) -> String {
    let mut text = String::new();
    let any_stops = findings.iter().any(MetadataFinding::stops);
    let matter =
        |finding: &&MetadataFinding| finding.stops() || (!any_stops && finding.level() == FindingLevel::Must);
    for (index, finding) in findings.iter().filter(matter).take(5).enumerate() {
        let separator = if index == 0 { "" } else { ";" };
        let _ = write!(text, "{separator} {finding} ({})", finding.section());
    }
    text
}
