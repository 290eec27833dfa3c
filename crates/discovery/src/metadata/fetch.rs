//! One retrieval of a metadata document ([Discovery §4], [RFC 8414 §3]).
//!
//! [Discovery §4]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
//! [RFC 8414 §3]: https://www.rfc-editor.org/rfc/rfc8414#section-3

use std::marker::PhantomData;

use avouch_json::Limits;
use avouch_types::{EndpointUrl, Issuer};
use http::{Request, Response};

use super::MetadataError;
use super::document::MetadataDocument;
use super::finding::{MetadataFinding, MetadataRule};
use super::members::{AuthorizationServerMetadata, ProviderMetadata};
use super::quirk::Quirk;
use super::reader::MetadataReader;
use crate::{FetchPolicy, FetchPurpose, ResponseError, response, well_known};

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
pub struct MetadataFetch<T = ProviderMetadata> {
    expected: Issuer,
    address: String,
    reader: MetadataReader,
    document: PhantomData<T>,
}

/// Why a retrieval gave no metadata.
///
/// ```
/// # use avouch_types::Issuer;
/// # use avouch_discovery::{MetadataFetchError, ProviderMetadata, ResponseError};
/// let fetch = ProviderMetadata::fetch(&Issuer::parse("https://op.example")?);
/// let page = http::Response::builder().header("content-type", "text/html").body(b"<html>".to_vec())?;
/// let refused = fetch.complete(&page);
/// assert!(matches!(refused, Err(MetadataFetchError::Response(ResponseError::ContentType { .. }))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataFetchError {
    /// The answer itself is not acceptable.
    #[error("no metadata was served")]
    Response(#[from] ResponseError),
    /// The document is not the expected issuer's metadata.
    #[error("the document is not the issuer's metadata")]
    Metadata(#[from] MetadataError),
}

impl MetadataFetchError {
    /// The rule that is broken, of several the first; `None` for a limit of this crate.
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Self::Response(refused) => refused.section(),
            Self::Metadata(refused) => Some(refused.section()),
        }
    }
}

impl ProviderMetadata {
    /// Plans the retrieval of the issuer's OpenID Provider configuration ([Discovery §4]: well-known string appended).
    ///
    /// [Discovery §4]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
    pub fn fetch(issuer: &Issuer) -> MetadataFetch {
        MetadataFetch::new(issuer, well_known::openid_configuration(issuer))
    }

    /// Plans the retrievals of the order of [RFC 8414 §5]: the next one is for when the retrieval before it failed. See
    /// [`well_known::candidates`].
    ///
    /// ```
    /// # use avouch_types::Issuer;
    /// # use avouch_discovery::ProviderMetadata;
    /// let fetches = ProviderMetadata::fetch_in_order(&Issuer::parse("https://op.example/7")?);
    /// assert_eq!(fetches.len(), 2);
    /// assert_eq!(fetches[0].request()?.uri(), "https://op.example/.well-known/openid-configuration/7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [RFC 8414 §5]: https://www.rfc-editor.org/rfc/rfc8414#section-5
    #[must_use]
    pub fn fetch_in_order(issuer: &Issuer) -> Vec<MetadataFetch> {
        well_known::candidates(issuer)
            .into_iter()
            .map(|address| MetadataFetch::new(issuer, address))
            .collect()
    }

    /// Plans the retrieval at the address of authorization server metadata ([RFC 8414 §3]: well-known string inserted), where
    /// some providers publish the same document.
    ///
    /// [RFC 8414 §3]: https://www.rfc-editor.org/rfc/rfc8414#section-3
    pub fn fetch_authorization_server(issuer: &Issuer) -> MetadataFetch {
        MetadataFetch::new(issuer, well_known::oauth_authorization_server(issuer))
    }

    /// Plans the retrieval of a document that is published at an address of its own instead of a well-known one. It must
    /// still speak for exactly `expected`, which is what tokens are held against.
    ///
    /// ```
    /// # use avouch_types::{EndpointUrl, Issuer};
    /// # use avouch_discovery::ProviderMetadata;
    /// let address = EndpointUrl::parse("https://op.example/tenants/7/openid.json?policy=sign-in")?;
    /// let fetch = ProviderMetadata::fetch_at(&address, &Issuer::parse("https://op.example/7")?);
    /// assert_eq!(fetch.request()?.uri(), "https://op.example/tenants/7/openid.json?policy=sign-in");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fetch_at(address: &EndpointUrl, expected: &Issuer) -> MetadataFetch {
        MetadataFetch::new(expected, address.as_str().to_owned())
    }
}

impl AuthorizationServerMetadata {
    /// Plans the retrieval of the issuer's authorization server metadata ([RFC 8414 §3]: well-known string inserted).
    ///
    /// [RFC 8414 §3]: https://www.rfc-editor.org/rfc/rfc8414#section-3
    pub fn fetch(issuer: &Issuer) -> MetadataFetch<Self> {
        MetadataFetch::new(issuer, well_known::oauth_authorization_server(issuer))
    }

    /// Plans the retrieval at the address of an OpenID Provider configuration ([Discovery §4]: well-known string appended),
    /// where issuers of workload identities publish, though nobody signs in there.
    ///
    /// [Discovery §4]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
    pub fn fetch_openid_configuration(issuer: &Issuer) -> MetadataFetch<Self> {
        MetadataFetch::new(issuer, well_known::openid_configuration(issuer))
    }

    /// As [`ProviderMetadata::fetch_at`].
    pub fn fetch_at(address: &EndpointUrl, expected: &Issuer) -> MetadataFetch<Self> {
        MetadataFetch::new(expected, address.as_str().to_owned())
    }
}

impl<T> MetadataFetch<T> {
    fn new(expected: &Issuer, address: String) -> Self {
        let (expected, reader) = (expected.clone(), MetadataReader::new());
        Self { expected, address, reader, document: PhantomData }
    }

    /// Lets a quirk of this provider pass.
    pub fn quirk(mut self, quirk: Quirk) -> Self {
        self.reader = self.reader.quirk(quirk);
        self
    }

    /// Replaces the limits on the document; default [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.reader = self.reader.limits(limits);
        self
    }

    /// Replaces how the document is read, quirks and limits included.
    pub fn reader(mut self, reader: MetadataReader) -> Self {
        self.reader = reader;
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
        FetchPolicy::new(FetchPurpose::Metadata, self.reader.limits.bytes)
    }
}

impl<T: MetadataDocument> MetadataFetch<T> {
    /// Reads the answer: status 200, `application/json` ([`Quirk::Untyped`] lets another pass, and is told), within the size
    /// limit, for exactly the expected issuer.
    ///
    /// # Errors
    /// [`MetadataFetchError`]: a redirect, another status or media type, too long, or not this issuer's metadata.
    pub fn complete(&self, response: &Response<Vec<u8>>) -> Result<T, MetadataFetchError> {
        let [plain, octets] = response::UNTYPED;
        let tolerant = self.reader.quirks.contains(&Quirk::Untyped);
        let accepted: &[_] = if tolerant { &[JSON, plain, octets] } else { &[JSON] };
        let document = response::body(response, accepted, self.reader.limits.bytes)?;
        let document = self.reader.read(document, &self.expected)?;
        Ok(if response::is_untyped(response) { served_untyped(document)? } else { document })
    }
}

/// The document with that told, before all that is told of its members.
fn served_untyped<T: MetadataDocument>(document: T) -> Result<T, MetadataError> {
    let mut members = document.into_members();
    let rule = MetadataRule::Tolerated { quirk: Quirk::Untyped };
    members.notes.findings.insert(0, MetadataFinding::about("", rule));
    members.notes.read += 1;
    T::from_members(members).ok_or(MetadataError::Refused { findings: Vec::new() })
}
