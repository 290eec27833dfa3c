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
use sections::{DISCOVERY, DISCOVERY_RESPONSE, DISCOVERY_VALIDATION};
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
/// let Err(refused) = refused else { panic!() };
/// assert_eq!((refused.path().as_str(), refused.section()), ("token_endpoint", "OpenID Connect Discovery 1.0, 3"));
/// let MetadataError::Refused { findings } = refused else { panic!() };
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
    #[error("the metadata is not a strict JSON object{}", at(path))]
    Json {
        /// The member in which the rule is broken; empty for the document as a whole.
        path: String,
        /// The rule.
        source: JsonError,
    },
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

impl MetadataError {
    fn json(document: &[u8], source: JsonError) -> Self {
        Self::Json { path: source.path(document), source }
    }

    /// The member at fault, of several the first: `x.y[3]`. Empty for the document as a whole.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Json { path, .. } => path.clone(),
            Self::IssuerMismatch { .. } => "issuer".to_owned(),
            Self::Refused { findings } => {
                matter(findings).next().map(MetadataFinding::path).unwrap_or_default()
            }
        }
    }

    /// The rule that is broken, of several the first.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Json { source, .. } => source.section().unwrap_or(DISCOVERY_RESPONSE),
            Self::IssuerMismatch { .. } => DISCOVERY_VALIDATION,
            Self::Refused { findings } => matter(findings).next().map_or(DISCOVERY, MetadataFinding::section),
        }
    }
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(", at {}", Shown(path)) }
}

/// The findings that matter for a refusal.
fn matter(findings: &[MetadataFinding]) -> impl Iterator<Item = &MetadataFinding> {
    let any_stops = findings.iter().any(MetadataFinding::stops);
    findings
        .iter()
        .filter(move |finding| finding.stops() || (!any_stops && finding.level() == FindingLevel::Must))
}

/// A few of them.
fn listed(findings: &[MetadataFinding]) -> String {
    let mut text = String::new();
    for (index, finding) in matter(findings).take(5).enumerate() {
        let separator = if index == 0 { "" } else { ";" };
        let _ = write!(text, "{separator} {finding} ({})", finding.section());
    }
    text
}
