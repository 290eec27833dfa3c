//! The provider's metadata document ([Discovery §3], [RFC 8414 §2]).
//!
//! [Discovery §3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
//! [RFC 8414 §2]: https://www.rfc-editor.org/rfc/rfc8414#section-2

mod builder;
mod defaults;
mod fetch;
mod finding;
mod member;
mod members;

pub use builder::ProviderMetadataBuilder;
pub use fetch::{MetadataFetch, MetadataFetchError};
pub use finding::MetadataFinding;
pub use members::ProviderMetadata;

use avouch_json::{JsonError, Limits};
use avouch_types::{Issuer, UriError};

/// Why a document is not the metadata of the expected provider. Nothing of it is used then ([Discovery §4.3]).
///
/// [Discovery §4.3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The bytes are not one strict JSON object within the limits.
    #[error("the metadata is not a JSON object")]
    Json(#[from] JsonError),
    /// `issuer` is not, character for character, the issuer the document was asked of.
    #[error("the metadata speaks for issuer {found:?}, not for {:?}", expected.as_str())]
    IssuerMismatch {
        /// The issuer whose document this should be.
        expected: Issuer,
        /// What the document says.
        found: String,
    },
    /// A required member is absent.
    #[error("the metadata has no {member}")]
    Missing {
        /// Its name.
        member: &'static str,
    },
    /// A required member is `null`.
    #[error("the metadata's {member} is null")]
    Null {
        /// Its name.
        member: &'static str,
    },
    /// A required member, or an optional one that the code flow hangs on, has the wrong JSON type or an ill-formed
    /// value.
    #[error("the metadata's {member} is malformed")]
    Malformed {
        /// Its name.
        member: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// An endpoint is not an absolute https URL without fragment (plain http is taken on loopback, and only when
    /// the expected issuer itself is a loopback http issuer).
    #[error("the metadata's {member} {found:?} is no endpoint")]
    Endpoint {
        /// Its name.
        member: &'static str,
        /// What the document says.
        found: String,
        /// The rule it breaks.
        source: UriError,
    },
}

impl ProviderMetadata {
    /// Reads the document that `expected` publishes.
    ///
    /// Members this crate does not know are kept in [`extra`](Self::extra). An optional member that is `null` counts
    /// as absent and is told in [`findings`](Self::findings), beside the other faults that do not make a document
    /// unusable: malformed members that a sign-in by the code flow does not hang on (logout, registration, policies,
    /// what is listed for information). What it hangs on is read strictly: its endpoints, what is required of requests,
    /// `iss` in responses, PKCE, and the lists of algorithms and methods of client authentication.
    ///
    /// ```
    /// # use avouch_types::Issuer;
    /// # use avouch_discovery::ProviderMetadata;
    /// let document = br#"{
    ///     "issuer": "https://op.example",
    ///     "authorization_endpoint": "https://op.example/authorize",
    ///     "token_endpoint": "https://op.example/token",
    ///     "jwks_uri": "https://op.example/jwks",
    ///     "response_types_supported": ["code"],
    ///     "subject_types_supported": ["public"],
    ///     "id_token_signing_alg_values_supported": ["RS256"]
    /// }"#;
    /// let metadata = ProviderMetadata::parse(document, &Issuer::parse("https://op.example")?)?;
    /// assert!(metadata.supports_request_uri_parameter()); // a default that is easy to get wrong
    ///
    /// let stranger = Issuer::parse("https://op.example/")?; // the slash matters
    /// assert!(ProviderMetadata::parse(document, &stranger).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`MetadataError`], one variant per rule; the issuer is compared before anything else is read.
    pub fn parse(document: &[u8], expected: &Issuer) -> Result<Self, MetadataError> {
        Self::parse_within(document, expected, &Limits::default())
    }

    /// As [`parse`](Self::parse), with the caller's limits on the JSON text.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_within(document: &[u8], expected: &Issuer, limits: &Limits) -> Result<Self, MetadataError> {
        Self::from_members(avouch_json::object(document, limits)?, expected)
    }

    /// The document as JSON text: members without a value and empty arrays are left out ([Discovery §4.2]).
    ///
    /// [Discovery §4.2]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::Value::Object(self.to_members()).to_string()
    }
}
