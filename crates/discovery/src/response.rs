//! What an answer over HTTP must be before its body is read.

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use http::{Request, Response, StatusCode};

/// What servers say of files that they do not know the type of.
pub(crate) const UNTYPED: [&str; 2] = ["text/plain", "application/octet-stream"];

/// Why an answer's body was not read.
///
/// ```
/// # use avouch_discovery::{MetadataFetchError, ProviderMetadata, ResponseError};
/// # use avouch_types::Issuer;
/// let fetch = ProviderMetadata::fetch(&Issuer::parse("https://op.example")?);
/// let moved = http::Response::builder().status(302).header("location", "https://other.example/").body(Vec::new())?;
/// let refused = fetch.complete(&moved);
/// assert!(matches!(refused, Err(MetadataFetchError::Response(ResponseError::Redirect { .. }))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The peer redirected. A document is taken only from the address its owner is known to publish it at.
    #[error("the answer is a redirect ({status}), which is not followed")]
    Redirect {
        /// The status of the answer.
        status: StatusCode,
    },
    /// Success is status 200 and nothing else ([Discovery §4.2], [RFC 8414 §3.2]).
    ///
    /// [Discovery §4.2]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse
    /// [RFC 8414 §3.2]: https://www.rfc-editor.org/rfc/rfc8414#section-3.2
    #[error("the answer has status {status}, not 200")]
    Status {
        /// The status of the answer.
        status: StatusCode,
    },
    /// The media type is missing or is another one.
    #[error("the answer's content type is {found:?}, not {expected}")]
    ContentType {
        /// The header as received; `None` when it was absent or not text.
        found: Option<String>,
        /// The media type that was due.
        expected: &'static str,
    },
    /// The body is longer than the budget.
    #[error("the answer has {length} bytes, more than {limit}")]
    TooLong {
        /// Length of the body in bytes.
        length: usize,
        /// The budget in bytes.
        limit: usize,
    },
}

impl ResponseError {
    /// The rule that is broken; `None` for a limit of this crate.
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Self::Redirect { .. } => Some("RFC 9110, 15.4"),
            Self::Status { .. } => Some("RFC 9110, 15"),
            Self::ContentType { .. } => Some("RFC 9110, 8.3"),
            Self::TooLong { .. } => None,
        }
    }
}

/// A GET for JSON. It fails for what is no `Uri`; every issuer and endpoint that avouch-types lets through is one
/// (tests/addresses.rs holds that).
pub(crate) fn get(address: &str, accept: &'static str) -> Result<Request<Vec<u8>>, http::Error> {
    Request::get(address).header(ACCEPT, accept).body(Vec::new())
}

/// The body, if status, media type (one of `accepted`) and size are right.
pub(crate) fn body<'r>(
    response: &'r Response<Vec<u8>>,
    accepted: &[&'static str],
    limit: usize,
) -> Result<&'r [u8], ResponseError> {
    let status = response.status();
    if status.is_redirection() {
        return Err(ResponseError::Redirect { status });
    }
    if status != StatusCode::OK {
        return Err(ResponseError::Status { status });
    }
    let found = content_type(response.headers());
    if !found.is_some_and(|found| accepted.iter().any(|accepted| is(found, accepted))) {
        return Err(ResponseError::ContentType {
            found: found.map(str::to_owned),
            expected: accepted.first().copied().unwrap_or_default(),
        });
    }
    if response.body().len() > limit {
        return Err(ResponseError::TooLong { length: response.body().len(), limit });
    }
    Ok(response.body())
}

/// The media type in any casing. Its parameters say nothing about JSON, a charset neither (RFC 8259 §11): the bytes are held
/// to be UTF-8 when they are read.
pub(crate) fn is(content_type: &str, expected: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(expected)
}

/// Whether an answer is labelled as a file that the server does not know the type of.
pub(crate) fn is_untyped<B>(response: &Response<B>) -> bool {
    let found = content_type(response.headers());
    found.is_some_and(|found| UNTYPED.iter().any(|untyped| is(found, untyped)))
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
}
