//! Access tokens in requests to a protected resource, and the challenge in its answer
//! ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).

use avouch_types::{AccessToken, ErrorCode, Form, FormError, FormLimits};

mod challenge;
mod parse;

pub use challenge::BearerChallenge;
pub use parse::{Challenge, ChallengeError};

use crate::media_type;

/// What of a request can carry an access token.
#[derive(Clone, Copy, Default)]
pub struct BearerRequest<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The values of all `Authorization` header fields.
    pub authorization: &'a [&'a str],
    /// The value of the `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The query of the URL, without its question mark.
    pub query: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// It holds a token somewhere, so that nothing but the method is shown.
impl std::fmt::Debug for BearerRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BearerRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Why the token of a request was refused before anybody looked it up. No variant holds a piece of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BearerError {
    /// More than one `Authorization` field, or a token in the header and another in the body (RFC 6750 §2, §3.1).
    #[error("more than one way to present an access token")]
    SeveralTokens,
    /// What follows `Bearer` is no token (RFC 6750 §2.1).
    #[error("the access token is malformed")]
    Malformed,
    /// A token in the query: it would end up in logs and in the `Referer` header (RFC 9700 §4.3.2).
    #[error("access tokens are not accepted in the query")]
    TokenInQuery,
    /// The body or query is no form within the limits, or a parameter stands more than once.
    #[error("the query or body is not a form in which each parameter stands once")]
    Form(#[source] FormError),
}

impl BearerError {
    /// The error code of the answer, which has status 400 (RFC 6750 §3.1).
    #[must_use]
    pub fn error_code(&self) -> ErrorCode {
        ErrorCode::INVALID_REQUEST
    }
}

/// The `Authorization` value that presents a token: the way to do it (RFC 6750 §2.1).
///
/// ```
/// use avouch_types::AccessToken;
/// assert_eq!(avouch_messages::bearer::authorization(&AccessToken::new("mF_9.B5f-4.1JqM")), "Bearer mF_9.B5f-4.1JqM");
/// ```
#[must_use]
pub fn authorization(access_token: &AccessToken) -> String {
    format!("Bearer {}", access_token.expose())
}

/// Finds the access token of a request: in the `Authorization` header, or in the form body of a request whose method gives
/// the body a meaning (RFC 6750 §2.1, §2.2). `None` if there is none, also if another scheme is used.
///
/// # Errors
/// A [`BearerError`] that names the broken rule.
///
/// ```
/// use avouch_messages::bearer::{BearerRequest, extract};
/// use avouch_types::FormLimits;
///
/// let request = BearerRequest { method: "GET", authorization: &["Bearer mF_9.B5f-4.1JqM"], ..Default::default() };
/// let token = extract(&request, &FormLimits::default())?;
/// assert_eq!(token.as_ref().map(|token| token.expose()), Some("mF_9.B5f-4.1JqM"));
/// # Ok::<(), avouch_messages::bearer::BearerError>(())
/// ```
pub fn extract(request: &BearerRequest<'_>, limits: &FormLimits) -> Result<Option<AccessToken>, BearerError> {
    let in_header = match request.authorization {
        [] => None,
        [value] => in_authorization(value)?,
        _ => return Err(BearerError::SeveralTokens),
    };
    if let Some(query) = request.query {
        let query = Form::parse_noting_repeats(query.as_bytes(), limits).map_err(BearerError::Form)?;
        if query.get_all("access_token").next().is_some() {
            return Err(BearerError::TokenInQuery);
        }
    }
    let in_body = in_body(request, limits)?;
    match (in_header, in_body) {
        (Some(_), Some(_)) => Err(BearerError::SeveralTokens),
        (in_header, in_body) => Ok(in_header.or(in_body)),
    }
}

fn in_authorization(value: &str) -> Result<Option<AccessToken>, BearerError> {
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    token_of(token.trim_matches(' ')).map(Some)
}

fn in_body(request: &BearerRequest<'_>, limits: &FormLimits) -> Result<Option<AccessToken>, BearerError> {
    let body_has_meaning = !matches!(request.method, "GET" | "HEAD" | "DELETE" | "OPTIONS" | "TRACE");
    if !body_has_meaning || !media_type::is(request.content_type, media_type::FORM) {
        return Ok(None);
    }
    let form = Form::parse(request.body, limits).map_err(BearerError::Form)?;
    form.get("access_token").map(token_of).transpose()
}

/// `b64token` of RFC 6750 §2.1.
fn token_of(text: &str) -> Result<AccessToken, BearerError> {
    let body = text.trim_end_matches('=');
    let plain = !body.is_empty()
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
    if plain { Ok(AccessToken::new(text)) } else { Err(BearerError::Malformed) }
}
