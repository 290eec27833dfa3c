//! The side that answers ([RFC 7033 §4.2 to §5]).
//!
//! [RFC 7033 §4.2 to §5]: https://www.rfc-editor.org/rfc/rfc7033#section-4.2

use super::{IdentifierError, JRD_MEDIA_TYPE, Jrd, identifier, query};
use avouch_types::EndpointUrl;
use avouch_types::form::{Form, FormError, FormLimits};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use std::fmt;

/// What was asked of a WebFinger endpoint.
///
/// The host looks up the [`resource`](Self::resource) and answers by a [`Responder`]; what was asked of it by other means
/// than GET, or over plain http, it refuses itself.
///
/// ```
/// use avouch_discovery::webfinger::{Jrd, Lookup, Responder};
/// use avouch_types::Issuer;
///
/// fn answer(query: &str, issuer: &Issuer) -> http::Response<Vec<u8>> {
///     let respond = Responder::to_anyone();
///     let lookup = match Lookup::parse(query) {
///         Ok(lookup) => lookup,
///         Err(refused) => return respond.refused(&refused),
///     };
///     match lookup.resource() {
///         "acct:joe@example.com" => respond.found(&lookup, &Jrd::about(lookup.resource()).with_issuer(issuer)),
///         _ => respond.unknown(),
///     }
/// }
///
/// let issuer = Issuer::parse("https://server.example.com")?;
/// assert_eq!(answer("resource=acct%3Ajoe%40example.com", &issuer).status(), 200);
/// assert_eq!(answer("resource=acct%3Ajane%40example.com", &issuer).status(), 404);
/// assert_eq!(answer("rel=author", &issuer).status(), 400);
/// # Ok::<(), avouch_types::UriError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Lookup {
    resource: String,
    rels: Vec<String>,
}

/// Why a query is bad: status 400 ([RFC 7033 §4.2]).
///
/// ```
/// use avouch_discovery::webfinger::{Lookup, LookupError};
/// assert_eq!(Lookup::parse("rel=author").err(), Some(LookupError::NoResource));
/// assert_eq!(LookupError::NoResource.section(), "RFC 7033, 4.2");
/// ```
///
/// [RFC 7033 §4.2]: https://www.rfc-editor.org/rfc/rfc7033#section-4.2
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LookupError {
    /// The query string is malformed, or beyond 8 KiB or 64 parameters.
    #[error("the query string is malformed")]
    Query(#[from] FormError),
    /// There is no `resource`, or it is empty.
    #[error("the query has no resource")]
    NoResource,
    /// `resource` stands more than once.
    #[error("the query has more than one resource")]
    RepeatedResource,
    /// `resource` is no absolute URI.
    #[error("the query's resource is malformed")]
    Resource(#[source] IdentifierError),
}

impl LookupError {
    /// The rule that is broken.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Query(_) => "RFC 7033, 4.1",
            Self::NoResource | Self::RepeatedResource => "RFC 7033, 4.2",
            Self::Resource(rule) => rule.section(),
        }
    }
}

/// Whom it is about is not shown.
impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup").field("rels", &self.rels).finish_non_exhaustive()
    }
}

impl Lookup {
    /// Reads the query string of a request: `resource` exactly once, `rel` any number of times, others are ignored. A plus
    /// sign is a plus sign, since the values are percent-encoded and are no form ([RFC 7033 §4.1]).
    ///
    /// # Errors
    /// [`LookupError`], to be answered by [`Responder::refused`].
    ///
    /// [RFC 7033 §4.1]: https://www.rfc-editor.org/rfc/rfc7033#section-4.1
    pub fn parse(query: &str) -> Result<Self, LookupError> {
        let limits = FormLimits::default().with_bytes(8 * 1024).with_parameters(64);
        if query.len() > limits.bytes {
            return Err(FormError::TooLong { len: query.len(), limit: limits.bytes }.into());
        }
        let literal_plus = query.replace('+', "%2B");
        let form = Form::parse_noting_repeats(literal_plus.as_bytes(), &limits.with_bytes(usize::MAX))?;
        let mut resources = form.get_all("resource");
        let resource = resources.next().filter(|resource| !resource.is_empty());
        let resource = resource.ok_or(LookupError::NoResource)?;
        if resources.next().is_some() {
            return Err(LookupError::RepeatedResource);
        }
        identifier::check_resource(resource).map_err(LookupError::Resource)?;
        Ok(Self { resource: resource.to_owned(), rels: form.get_all("rel").map(str::to_owned).collect() })
    }

    /// The URI that is asked about.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The kinds of links that are asked for; all where none is named.
    #[must_use]
    pub fn rels(&self) -> &[String] {
        &self.rels
    }

    /// Whether `uri` is what is asked about: character by character, but for the slash of a URL without a path. Some
    /// clients send it and others do not, as the examples and the rules of [Discovery §2.1.2] differ.
    ///
    /// [Discovery §2.1.2]: https://openid.net/specs/openid-connect-discovery-1_0.html#NormalizationSteps
    #[must_use]
    pub fn is_about(&self, uri: &str) -> bool {
        let without_slash = |uri: &str| {
            let root = uri.strip_suffix('/').filter(|root| root.matches('/').count() == 2);
            root.unwrap_or(uri).to_owned()
        };
        without_slash(&self.resource) == without_slash(uri)
    }
}

/// Makes the answers, each with the header that lets pages of other origins read it ([RFC 7033 §5]). They are to be served
/// over https only; how often a stranger may ask is for the host to limit ([RFC 7033 §9.3]).
///
/// ```
/// use avouch_discovery::webfinger::Responder;
/// let intranet = Responder::to_origin(http::HeaderValue::from_static("https://intranet.example"));
/// assert_eq!(intranet.unknown().headers()["access-control-allow-origin"], "https://intranet.example");
/// ```
///
/// [RFC 7033 §5]: https://www.rfc-editor.org/rfc/rfc7033#section-5
/// [RFC 7033 §9.3]: https://www.rfc-editor.org/rfc/rfc7033#section-9.3
#[derive(Debug, Clone)]
pub struct Responder {
    allow_origin: HeaderValue,
}

impl Responder {
    /// Pages of any origin may read the answers: for what is public.
    #[must_use]
    pub fn to_anyone() -> Self {
        Self { allow_origin: HeaderValue::from_static("*") }
    }

    /// Pages of this origin may read the answers.
    #[must_use]
    pub fn to_origin(origin: HeaderValue) -> Self {
        Self { allow_origin: origin }
    }

    /// What is known: 200 with the JRD, of its links those that were asked for. It is a JRD whatever the request's `Accept`
    /// says ([RFC 7033 §4.2]).
    ///
    /// [RFC 7033 §4.2]: https://www.rfc-editor.org/rfc/rfc7033#section-4.2
    #[must_use]
    pub fn found(&self, lookup: &Lookup, jrd: &Jrd) -> Response<Vec<u8>> {
        let mut response = self.response(StatusCode::OK);
        insert(&mut response, CONTENT_TYPE, HeaderValue::from_static(JRD_MEDIA_TYPE));
        *response.body_mut() = jrd.filtered(&lookup.rels).to_json().into_bytes();
        response
    }

    /// Nothing is known of the resource: 404.
    #[must_use]
    pub fn unknown(&self) -> Response<Vec<u8>> {
        self.response(StatusCode::NOT_FOUND)
    }

    /// The query is bad: 400, and why, for whoever wrote the client.
    #[must_use]
    pub fn refused(&self, why: &LookupError) -> Response<Vec<u8>> {
        let mut response = self.response(StatusCode::BAD_REQUEST);
        insert(&mut response, CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        *response.body_mut() = why.to_string().into_bytes();
        response
    }

    /// Somebody else answers for this domain: 307 to their service, with what was asked ([RFC 7033 §7]).
    ///
    /// [RFC 7033 §7]: https://www.rfc-editor.org/rfc/rfc7033#section-7
    #[must_use]
    pub fn hosted_at(&self, service: &EndpointUrl, lookup: &Lookup) -> Response<Vec<u8>> {
        let mark = if service.as_str().contains('?') { '&' } else { '?' };
        let mut location = format!("{}{mark}resource={}", service.as_str(), query::encode(&lookup.resource));
        for rel in &lookup.rels {
            location.push_str("&rel=");
            location.push_str(&query::encode(rel));
        }
        let mut response = self.response(StatusCode::TEMPORARY_REDIRECT);
        // a URL and what is percent-encoded are visible ASCII
        if let Ok(location) = HeaderValue::from_str(&location) {
            insert(&mut response, LOCATION, location);
        }
        response
    }

    fn response(&self, status: StatusCode) -> Response<Vec<u8>> {
        let mut response = Response::new(Vec::new());
        *response.status_mut() = status;
        insert(&mut response, ACCESS_CONTROL_ALLOW_ORIGIN, self.allow_origin.clone());
        response
    }
}

fn insert(response: &mut Response<Vec<u8>>, name: HeaderName, value: HeaderValue) {
    response.headers_mut().insert(name, value);
}
