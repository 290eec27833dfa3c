//! What both programs need to speak HTTP: headers that every answer carries, bodies with a limit, cookies, sockets.

pub mod cookies;
pub mod serve;

use std::time::Duration;

use askama::Template;
use avouch_types::{Form, FormLimits};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::pages::STYLE;

/// The longest request body that is read: no form of the flow comes near it.
pub const MAX_BODY: usize = 64 * 1024;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// No script at all; our own stylesheet; the empty icon; nobody may frame us.
macro_rules! policy {
    () => {
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    };
}

/// Where a page's forms may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forms {
    /// To this program, and to nobody else.
    StayHere,
    /// To this program, whose answer may send the browser elsewhere. Browsers apply `form-action` to every redirect
    /// that follows, those of the other side too, which nobody can list: so there is no `form-action` then.
    LeadOn,
}

/// A page with the headers that keep it from being framed, cached, or doing anything that is not in it.
pub fn page(status: StatusCode, template: &impl Template, forms: Forms) -> Response {
    let html = match template.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let policy = match forms {
        Forms::StayHere => concat!(policy!(), "; form-action 'self'"),
        Forms::LeadOn => policy!(),
    };
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// Scheme and authority of an absolute URI, or the scheme alone where there is no authority to name.
pub fn origin_of(uri: &str) -> &str {
    match uri.split_once("://") {
        Some((scheme, rest)) if !rest.is_empty() && !rest.starts_with('/') => {
            let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            uri.get(..scheme.len() + 3 + authority).unwrap_or(uri)
        }
        _ => uri.find(':').and_then(|colon| uri.get(..=colon)).unwrap_or(uri),
    }
}

/// Whether the host of an absolute URI is this machine, by one of its three names.
pub fn is_on_loopback(uri: &str) -> bool {
    let host = origin_of(uri).split_once("://").map_or("", |(_, host)| host);
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|name| host.strip_prefix(name).is_some_and(|port| port.is_empty() || port.starts_with(':')))
}

/// Sends the browser on with a GET.
pub fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The stylesheet.
pub async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")];
    (headers, STYLE).into_response()
}

/// What every answer carries.
#[derive(Debug, Clone, Copy)]
pub struct Carried {
    /// Whether browsers are told to come by https only ([RFC 6797](https://www.rfc-editor.org/rfc/rfc6797)).
    strict: bool,
}

impl Carried {
    /// From a program that browsers reach at `url`. Not on loopback, where a browser would from then on expect https
    /// of whatever else is tried out there.
    pub fn at(url: &str) -> Self {
        Self { strict: url.starts_with("https://") && !is_on_loopback(url) }
    }
}

/// Around every request: gives it up after a while, and adds what every answer carries.
pub async fn guard(State(carried): State<Carried>, request: Request, next: Next) -> Response {
    let mut response = match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if carried.strict {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Why a request's body or form was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It is longer than [`MAX_BODY`], or broke off.
    #[error("the body is longer than {MAX_BODY} bytes or incomplete")]
    TooLong,
    /// It is no form.
    #[error("the body is not a form")]
    NotAForm,
}

impl BodyError {
    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAForm => StatusCode::BAD_REQUEST,
        }
    }
}

/// Reads a whole body.
///
/// # Errors
/// [`BodyError::TooLong`].
pub async fn body(body: Body) -> Result<Vec<u8>, BodyError> {
    to_bytes(body, MAX_BODY).await.map(Into::into).map_err(|_| BodyError::TooLong)
}

/// Reads a form of our own pages.
///
/// # Errors
/// [`BodyError`]: too long, or not a form in which each name stands once.
pub async fn form(request: Request) -> Result<Form, BodyError> {
    if !is_form(request.headers()) {
        return Err(BodyError::NotAForm);
    }
    let body = body(request.into_body()).await?;
    Form::parse(&body, &FormLimits::default()).map_err(|_| BodyError::NotAForm)
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

#[cfg(test)]
mod tests {
    use super::{Carried, origin_of};

    #[test]
    fn https_is_for_good_except_on_loopback() {
        for (url, strict) in [
            ("https://op.example", true),
            ("https://localhost.example:8443/x", true),
            ("https://localhost:9400", false),
            ("https://127.0.0.1:9400/", false),
            ("http://127.0.0.1:9400", false),
        ] {
            assert_eq!(Carried::at(url).strict, strict, "{url}");
        }
    }

    #[test]
    fn origins() {
        assert_eq!(origin_of("https://rp.example:8443/cb?x=1"), "https://rp.example:8443");
        assert_eq!(origin_of("https://rp.example?x=1"), "https://rp.example");
        assert_eq!(origin_of("http://[::1]:1/"), "http://[::1]:1");
        assert_eq!(origin_of("com.example.app:/cb"), "com.example.app:");
        assert_eq!(origin_of("com.example.app:///cb"), "com.example.app:");
    }
}
