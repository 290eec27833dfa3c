//! One query: a request out, redirects, an answer in ([RFC 7033 §4]).
//!
//! [RFC 7033 §4]: https://www.rfc-editor.org/rfc/rfc7033#section-4

use super::read::{self, Shown};
use super::{ISSUER_REL, Identifier, JRD_MEDIA_TYPE, Jrd, JrdError, JrdLimits};
use crate::{FetchPolicy, FetchPurpose, ResponseError, response, well_known};
use avouch_types::{EndpointUrl, UriError, form};
use http::header::LOCATION;
use http::{Request, Response, StatusCode};
use std::fmt;

/// How often a query may be sent on.
const MAX_REDIRECTS: u8 = 3;

/// A query to be made: send [`request`](Self::request) as its [`policy`](Self::policy) says, take the next query from
/// [`follow`](Self::follow) while there is one, and hand the answer to [`complete`](Self::complete). It is sent over https
/// only; a query that fails has failed ([RFC 7033 §4.2]).
///
/// ```
/// use avouch_discovery::webfinger::{Identifier, Query};
/// let query = Query::issuer(&Identifier::parse("joe@example.com")?);
/// assert_eq!(
///     query.request()?.uri(),
///     "https://example.com/.well-known/webfinger?resource=acct%3Ajoe%40example.com\
///      &rel=http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7033 §4.2]: https://www.rfc-editor.org/rfc/rfc7033#section-4.2
#[derive(Clone)]
#[must_use = "nothing is asked until the request is sent"]
pub struct Query {
    address: String,
    may_go_to: fn(&str) -> Result<EndpointUrl, UriError>,
    redirects: u8,
    tolerated: Vec<Tolerated>,
    limits: JrdLimits,
}

/// What a server does wrong and a query accepts nevertheless, where it is told to.
///
/// ```
/// # use avouch_discovery::webfinger::{Identifier, Query, Tolerated};
/// let query = Query::issuer(&Identifier::parse("joe@example.com")?);
/// let plain = http::Response::builder().header("content-type", "application/json").body(b"{}".to_vec())?;
/// assert!(query.complete(&plain).is_err());
/// assert!(query.tolerate(Tolerated::PlainJson).complete(&plain).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tolerated {
    /// The answer is labelled `application/json` instead of `application/jrd+json` ([RFC 7033 §10.2]).
    ///
    /// [RFC 7033 §10.2]: https://www.rfc-editor.org/rfc/rfc7033#section-10.2
    PlainJson,
    /// A member that may be absent (not `rel`) is `null` instead: it counts as absent ([RFC 7033 §4.4]).
    ///
    /// [RFC 7033 §4.4]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4
    Nulls,
}

/// Why an answer gave no JRD.
///
/// ```
/// # use avouch_discovery::{ResponseError, webfinger::{Identifier, Query, QueryError}};
/// let query = Query::issuer(&Identifier::parse("joe@example.com")?);
/// let unknown = http::Response::builder().status(404).body(Vec::new())?;
/// let refused = query.complete(&unknown);
/// assert!(matches!(refused, Err(QueryError::Response(ResponseError::Status { .. }))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The answer itself is not acceptable.
    #[error("no JRD was served")]
    Response(#[from] ResponseError),
    /// The body is not a JRD.
    #[error("the document is not a JRD")]
    Jrd(#[from] JrdError),
}

impl QueryError {
    /// The rule that is broken; `None` for a limit of this crate.
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Self::Response(refused) => refused.section(),
            Self::Jrd(refused) => Some(refused.section()),
        }
    }
}

/// Why a redirect is not followed ([RFC 7033 §4.2]).
///
/// ```
/// # use avouch_discovery::webfinger::{Identifier, Query};
/// let query = Query::issuer(&Identifier::parse("joe@example.com")?);
/// let insecure = http::Response::builder().status(302).header("location", "http://example.com/").body(Vec::new())?;
/// let Err(error) = query.follow(&insecure) else { panic!() };
/// assert_eq!(error.section(), "RFC 7033, 4.2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7033 §4.2]: https://www.rfc-editor.org/rfc/rfc7033#section-4.2
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// The query was sent on too often.
    #[error("the query was sent on more than {limit} times")]
    TooMany {
        /// How often it may be.
        limit: u8,
    },
    /// The answer does not say whereto, or not in ASCII.
    #[error("the redirect has no location")]
    NoLocation,
    /// It leads to something other than an https URL without user information.
    #[error("the redirect leads to {}", Shown(found))]
    Location {
        /// Whereto.
        found: String,
        /// The rule it breaks.
        source: UriError,
    },
}

impl RedirectError {
    /// The rule that is broken.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::TooMany { .. } => "RFC 9110, 15.4",
            Self::NoLocation => "RFC 7033, 7",
            Self::Location { .. } => "RFC 7033, 4.2",
        }
    }
}

/// Where it goes, without what was typed.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.address.split('?').next().unwrap_or_default();
        f.debug_struct("Query")
            .field("endpoint", &endpoint)
            .field("redirects", &self.redirects)
            .field("tolerated", &self.tolerated)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Query {
    /// Asks for the issuer of a person ([Discovery §2]).
    ///
    /// [Discovery §2]: https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery
    pub fn issuer(identifier: &Identifier) -> Self {
        Self::new(identifier).rel(ISSUER_REL)
    }

    /// Asks for everything about a resource.
    pub fn new(identifier: &Identifier) -> Self {
        Self::to(well_known::webfinger(identifier), identifier, EndpointUrl::parse)
    }

    pub(super) fn to(
        endpoint: String,
        identifier: &Identifier,
        may_go_to: fn(&str) -> Result<EndpointUrl, UriError>,
    ) -> Self {
        Self {
            address: format!("{endpoint}?resource={}", encode(identifier.resource())),
            may_go_to,
            redirects: 0,
            tolerated: Vec::new(),
            limits: JrdLimits::default(),
        }
    }

    /// Asks only for links of this kind, and of others that are named so. Servers may give more
    /// ([RFC 7033 §4.3](https://www.rfc-editor.org/rfc/rfc7033#section-4.3)).
    pub fn rel(mut self, rel: &str) -> Self {
        self.address.push_str("&rel=");
        self.address.push_str(&encode(rel));
        self
    }

    /// Accepts an answer with this fault, and with others that are named so; default none.
    pub fn tolerate(mut self, fault: Tolerated) -> Self {
        self.tolerated.push(fault);
        self
    }

    /// Replaces the limits on the answer; default [`JrdLimits::default`].
    pub fn limits(mut self, limits: JrdLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The request to send.
    ///
    /// # Errors
    /// [`http::Error`], for an address that `http` does not take: one of more than 64 KiB.
    pub fn request(&self) -> Result<Request<Vec<u8>>, http::Error> {
        let accept = match self.tolerated.contains(&Tolerated::PlainJson) {
            false => JRD_MEDIA_TYPE,
            true => "application/jrd+json, application/json",
        };
        response::get(&self.address, accept)
    }

    /// What the host owes the request. The host that is asked is a stranger's choice.
    #[must_use]
    pub fn policy(&self) -> FetchPolicy {
        FetchPolicy::new(FetchPurpose::WebFinger, self.limits.bytes)
    }

    /// The next query, if this answer says where to ask instead ([RFC 7033 §7]): over https again, to a URL without user
    /// information, three times at most. It is a request like the first, with the same policy; the host checks the
    /// certificate again. `None` for an answer that is no redirect.
    ///
    /// # Errors
    /// [`RedirectError`]: it leads to somewhere else, or once too often.
    ///
    /// [RFC 7033 §7]: https://www.rfc-editor.org/rfc/rfc7033#section-7
    pub fn follow(&self, response: &Response<Vec<u8>>) -> Result<Option<Self>, RedirectError> {
        if !REDIRECTS.contains(&response.status()) {
            return Ok(None);
        }
        if self.redirects == MAX_REDIRECTS {
            return Err(RedirectError::TooMany { limit: MAX_REDIRECTS });
        }
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let found = location.ok_or(RedirectError::NoLocation)?;
        let refused = |source| RedirectError::Location { found: found.to_owned(), source };
        let address = (self.may_go_to)(&self.resolve(found)).map_err(refused)?;
        Ok(Some(Self { address: address.as_str().to_owned(), redirects: self.redirects + 1, ..self.clone() }))
    }

    /// A location is a URL, or the part of one that changes (RFC 9110 §10.2.2): of the relative forms those with a host or
    /// an absolute path are understood. A fragment is nothing that could be asked for.
    fn resolve(&self, location: &str) -> String {
        let location = location.split('#').next().unwrap_or_default();
        let scheme = self.address.split('/').next().unwrap_or_default();
        let origin: Vec<&str> = self.address.splitn(4, '/').take(3).collect();
        match location.strip_prefix('/') {
            Some(rest) if rest.starts_with('/') => format!("{scheme}{location}"),
            Some(_) => format!("{}{location}", origin.join("/")),
            None => location.to_owned(),
        }
    }

    /// Reads the answer: status 200, `application/jrd+json`, within the limits.
    ///
    /// # Errors
    /// [`QueryError`]: a redirect that was not followed, another status or media type, too long, or no JRD.
    pub fn complete(&self, response: &Response<Vec<u8>>) -> Result<Jrd, QueryError> {
        let accepted: &[&'static str] = match self.tolerated.contains(&Tolerated::PlainJson) {
            false => &[JRD_MEDIA_TYPE],
            true => &[JRD_MEDIA_TYPE, "application/json"],
        };
        let document = response::body(response, accepted, self.limits.bytes)?;
        Ok(read::jrd(document, &self.limits, &self.tolerated)?)
    }
}

/// Those of RFC 9110 §15.4 by which a GET is asked for elsewhere.
const REDIRECTS: [StatusCode; 5] = [
    StatusCode::MOVED_PERMANENTLY,
    StatusCode::FOUND,
    StatusCode::SEE_OTHER,
    StatusCode::TEMPORARY_REDIRECT,
    StatusCode::PERMANENT_REDIRECT,
];

/// Percent-encoding as a WebFinger query has it, without the `+` of forms ([RFC 7033 §4.1]).
///
/// [RFC 7033 §4.1]: https://www.rfc-editor.org/rfc/rfc7033#section-4.1
pub(super) fn encode(value: &str) -> String {
    form::encode(value).replace('+', "%20")
}
