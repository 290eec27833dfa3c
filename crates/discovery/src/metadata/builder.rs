//! Building the document that is published.

use std::marker::PhantomData;

use avouch_types::{EndpointUrl, Issuer, ResponseType, SubjectType};
use serde_json::Value;

use super::MetadataError;
use super::document::{MetadataDocument, publish};
use super::members::{AuthorizationServerMetadata, Members, ProviderMetadata};

/// Puts together metadata of one's own; [`build`](Self::build) refuses what must not be published.
///
/// ```
/// # use avouch_types::Issuer;
/// # use avouch_discovery::ProviderMetadata;
/// let issuer = Issuer::parse("https://op.example")?;
/// let metadata = ProviderMetadata::builder(&issuer, issuer.endpoint("/authorize")?, issuer.endpoint("/jwks")?)
///     .token_endpoint(issuer.endpoint("/token")?)
///     .authorization_response_iss_parameter_supported(true)
///     .claims_parameter_supported(false)
///     .build()?;
/// assert!(metadata.to_json().contains(r#""token_endpoint":"https://op.example/token""#));
/// assert!(!metadata.to_json().contains("claims_parameter_supported")); // false is its default
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct MetadataBuilder<T = ProviderMetadata> {
    pub(super) members: Members,
    document: PhantomData<T>,
}

impl ProviderMetadata {
    /// Starts a document with response type `code`, subject type `public` and ID Tokens signed by `RS256`; each of
    /// them can be set otherwise.
    pub fn builder(
        issuer: &Issuer,
        authorization_endpoint: EndpointUrl,
        jwks_uri: EndpointUrl,
    ) -> MetadataBuilder {
        MetadataBuilder { members: Members::new(issuer), document: PhantomData }
            .authorization_endpoint(authorization_endpoint)
            .jwks_uri(jwks_uri)
            .response_types_supported(vec![ResponseType::CODE])
            .subject_types_supported(vec![SubjectType::PUBLIC])
            .id_token_signing_alg_values_supported(vec!["RS256".into()])
    }
}

impl AuthorizationServerMetadata {
    /// Starts a document with response type `code`, which can be set otherwise.
    ///
    /// ```
    /// # use avouch_types::{GrantType, Issuer};
    /// # use avouch_discovery::AuthorizationServerMetadata;
    /// let issuer = Issuer::parse("https://as.example")?;
    /// let metadata = AuthorizationServerMetadata::builder(&issuer)
    ///     .authorization_endpoint(issuer.endpoint("/authorize")?)
    ///     .token_endpoint(issuer.endpoint("/token")?)
    ///     .grant_types_supported(vec![GrantType::AUTHORIZATION_CODE, GrantType::CLIENT_CREDENTIALS])
    ///     .build()?;
    /// assert!(metadata.findings().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(issuer: &Issuer) -> MetadataBuilder<Self> {
        MetadataBuilder { members: Members::new(issuer), document: PhantomData }
            .response_types_supported(vec![ResponseType::CODE])
    }
}

impl<T> MetadataBuilder<T> {
    /// Adds a member this crate does not know. It cannot stand in for one that it knows.
    pub fn extra(mut self, name: &str, value: Value) -> Self {
        self.members.extra.insert(name.to_owned(), value);
        self
    }
}

impl<T: MetadataDocument> MetadataBuilder<T> {
    /// The finished document. What was set to the default of its specification is left out of it.
    ///
    /// # Errors
    /// [`MetadataError::Refused`] with all findings, if one of them is of [`FindingLevel::Must`](crate::FindingLevel).
    pub fn build(mut self) -> Result<T, MetadataError> {
        self.members.omit_defaults();
        publish(self.members)
    }
}
