//! One retrieval of a metadata document ([Discovery §4], [RFC 8414 §3]).
//!
//! [Discovery §4]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
//! [RFC 8414 §3]: https://www.rfc-editor.org/rfc/rfc8414#section-3

use super::{MetadataError, ProviderMetadata};
use crate::{FetchPolicy, FetchPurpose, ResponseError, response, well_known};
use avouch_json::Limits;
use avouch_types::{EndpointUrl, Issuer};
use http::{Request, Response};

const JSON: &str = "application/json";

/// A retrieval to be done: send [`request`](Self::request) as its [`policy`](Self::policy) says, hand the answer to
/// [`complete`](Self::complete).
///
/// ```
/// # use avouch_types::Issuer;
/// # use avouch_discovery::ProviderMetadata;
/// # let document = br#"{"issuer":"https://op.example","authorization_endpoint":"https://op.example/authorize",
/// #   "token_endpoint":"https://op.example/token","jwks_uri":"https://op.example/jwks",
/// #   "response_types_supported":["code"],"subject_types_supported":["public"],
/// #   "id_token_signing_alg_values_supported":["RS256"]}"#;
/// # let send = |request: http::Request<Vec<u8>>| {
/// #     assert_eq!(request.uri(), "https://op.example/.well-known/openid-configuration");
/// #     http::Response::builder().header("content-type", "application/json").body(document.to_vec())
/// # };
/// let issuer = Issuer::parse("https://op.example")?;
/// let fetch = ProviderMetadata::fetch(&issuer);
/// let metadata = fetch.complete(&send(fetch.request()?)?)?;
/// assert_eq!(metadata.issuer, issuer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched until the request is sent"]
pub struct MetadataFetch {
    expected: Issuer,
    address: String,
    limits: Limits,
}

/// Why a retrieval gave no metadata.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataFetchError {
    /// The answer itself is not acceptable.
    #[error("no provider metadata was served")]
    Response(#[from] ResponseError),
    /// The document is not the expected provider's metadata.
    #[error("the document is not the provider's metadata")]
    Metadata(#[from] MetadataError),
}

impl ProviderMetadata {
    /// Plans the retrieval of the issuer's OpenID Provider configuration ([Discovery §4]: well-known string appended).
    ///
    /// [Discovery §4]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
    pub fn fetch(issuer: &Issuer) -> MetadataFetch {
        MetadataFetch::new(issuer, well_known::openid_configuration(issuer))
    }

    /// Plans the retrieval of the issuer's authorization server metadata ([RFC 8414 §3]: well-known string inserted).
    ///
    /// [RFC 8414 §3]: https://www.rfc-editor.org/rfc/rfc8414#section-3
    pub fn fetch_authorization_server(issuer: &Issuer) -> MetadataFetch {
        MetadataFetch::new(issuer, well_known::oauth_authorization_server(issuer))
    }
}

impl MetadataFetch {
    /// Plans the retrieval of a document that is published at an address of its own instead of a well-known one. It must
    /// still speak for exactly `expected`: documents whose `issuer` is a template, as multi-tenant providers publish
    /// them, are not read.
    ///
    /// ```
    /// # use avouch_types::{EndpointUrl, Issuer};
    /// # use avouch_discovery::MetadataFetch;
    /// let address = EndpointUrl::parse("https://op.example/tenants/7/openid.json")?;
    /// let fetch = MetadataFetch::at(&address, &Issuer::parse("https://op.example/7")?);
    /// assert_eq!(fetch.request()?.uri(), "https://op.example/tenants/7/openid.json");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn at(address: &EndpointUrl, expected: &Issuer) -> Self {
        Self::new(expected, address.as_str().to_owned())
    }

    fn new(expected: &Issuer, address: String) -> Self {
        Self { expected: expected.clone(), address, limits: Limits::default() }
    }

    /// Replaces the limits on the document; default [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The request to send.
    ///
    /// # Errors
    /// [`http::Error`], for an address that `http` does not take. None is known that avouch-types takes.
    pub fn request(&self) -> Result<Request<Vec<u8>>, http::Error> {
        response::get(&self.address, JSON)
    }

    /// What the host owes the request.
    #[must_use]
    pub fn policy(&self) -> FetchPolicy {
        FetchPolicy::new(FetchPurpose::Metadata, self.limits.bytes)
    }

    /// Reads the answer: status 200, `application/json`, within the size limit, for exactly the expected issuer.
    ///
    /// # Errors
    /// [`MetadataFetchError`]: a redirect, another status or media type, too long, or not this provider's metadata.
    pub fn complete(&self, response: &Response<Vec<u8>>) -> Result<ProviderMetadata, MetadataFetchError> {
        let document = response::body(response, &[JSON], self.limits.bytes)?;
        Ok(ProviderMetadata::parse_within(document, &self.expected, &self.limits)?)
    }
}
