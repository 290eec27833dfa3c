//! HTTP responses as values.

use http::{HeaderName, HeaderValue, Response, StatusCode, header};

/// A response with these headers. A header value that cannot be sent makes the whole response a bare 500:
/// nothing of what was to be said is left out silently.
pub(crate) fn response(
    status: StatusCode,
    headers: &[(HeaderName, &str)],
    body: impl Into<Vec<u8>>,
) -> Response<Vec<u8>> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    for (name, value) in headers {
        let Ok(value) = HeaderValue::from_str(value) else {
            let mut failed = Response::new(Vec::new());
            *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return failed;
        };
        response.headers_mut().insert(name, value);
    }
    response
}

/// Nothing on the way may keep the response ([RFC 6749 §5.1]).
///
/// [RFC 6749 §5.1]: https://www.rfc-editor.org/rfc/rfc6749#section-5.1
pub(crate) const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// The same for the HTTP/1.0 caches of RFC 6749.
pub(crate) const NO_CACHE: (HeaderName, &str) = (header::PRAGMA, "no-cache");

/// A JSON body.
pub(crate) const JSON: (HeaderName, &str) = (header::CONTENT_TYPE, "application/json");

/// The endpoint has no such method.
pub(crate) fn method_not_allowed(allowed: &'static str) -> Response<Vec<u8>> {
    response(StatusCode::METHOD_NOT_ALLOWED, &[(header::ALLOW, allowed), NO_STORE], Vec::new())
}
