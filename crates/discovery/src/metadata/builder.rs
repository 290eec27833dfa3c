//! Building the document a provider publishes.

use super::{MetadataFinding, ProviderMetadata};
use avouch_jose::AlgorithmName;
use avouch_types::{EndpointUrl, Issuer, ResponseType, SubjectType};
use serde_json::Value;

/// Puts together a provider's own metadata; [`build`](Self::build) refuses what must not be published.
///
/// ```
/// # use avouch_types::Issuer;
/// # use avouch_discovery::ProviderMetadata;
/// let issuer = Issuer::parse("https://op.example")?;
/// let metadata = ProviderMetadata::builder(&issuer, issuer.endpoint("/authorize")?, issuer.endpoint("/jwks")?)
///     .token_endpoint(issuer.endpoint("/token")?)
///     .authorization_response_iss_parameter_supported(true)
///     .build()?;
/// assert!(metadata.to_json().contains(r#""token_endpoint":"https://op.example/token""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ProviderMetadataBuilder {
    pub(super) metadata: ProviderMetadata,
}

impl ProviderMetadata {
    /// Starts a document with response type `code`, subject type `public` and ID Tokens signed by `RS256`; each of
    /// them can be set otherwise.
    pub fn builder(
        issuer: &Issuer,
        authorization_endpoint: EndpointUrl,
        jwks_uri: EndpointUrl,
    ) -> ProviderMetadataBuilder {
        ProviderMetadataBuilder {
            metadata: ProviderMetadata::from_required(
                issuer.clone(),
                authorization_endpoint,
                jwks_uri,
                vec![ResponseType::CODE],
                vec![SubjectType::PUBLIC],
                vec![AlgorithmName::from("RS256")],
            ),
        }
    }
}

impl ProviderMetadataBuilder {
    /// Adds a member this crate does not know.
    pub fn extra(mut self, name: &str, value: Value) -> Self {
        self.metadata.extra.insert(name.to_owned(), value);
        self
    }

    /// The finished document.
    ///
    /// # Errors
    /// The first [`MetadataFinding`].
    pub fn build(self) -> Result<ProviderMetadata, MetadataFinding> {
        match self.metadata.findings().into_iter().next() {
            Some(finding) => Err(finding),
            None => Ok(self.metadata),
        }
    }
}
