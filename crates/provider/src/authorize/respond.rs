//! What goes back to the client from the authorization endpoint.

use avouch_messages::{AuthorizationCodeResponse, AuthorizationError, Delivery, FormPost};
use avouch_types::{AuthorizationCode, Form, Issuer, RedirectUri, ResponseMode, State};
use http::{Response, StatusCode, header};

use super::{AuthorizationFailure, ValidRequest};
use crate::reply::{NO_CACHE, NO_STORE, response};

/// The success response: a code ([Core §3.1.2.5]), with `state` and `iss` ([RFC 9207 §2]).
///
/// [Core §3.1.2.5]: https://openid.net/specs/openid-connect-core-1_0.html#AuthResponse
/// [RFC 9207 §2]: https://www.rfc-editor.org/rfc/rfc9207#section-2
#[derive(Debug)]
#[must_use]
pub struct CodeResponse {
    redirect_uri: RedirectUri,
    mode: ResponseMode,
    message: AuthorizationCodeResponse,
}

impl CodeResponse {
    /// The HTTP response: a redirect with status 303, or a page that posts itself.
    pub fn into_response(self) -> Response<Vec<u8>> {
        deliver(&self.redirect_uri, &self.mode, self.message.to_form())
    }
}

impl ValidRequest<'_> {
    pub(super) fn code_response(&self, code: AuthorizationCode) -> CodeResponse {
        let known = self.known();
        CodeResponse {
            redirect_uri: known.redirect_uri.clone(),
            mode: known.mode.clone(),
            message: AuthorizationCodeResponse::new(code)
                .state(known.envelope.state())
                .iss(self.policy().issuer.as_str()),
        }
    }
}

/// An error response ([Core §3.1.2.6]), with `state` and `iss` ([RFC 9207 §2]).
///
/// [Core §3.1.2.6]: https://openid.net/specs/openid-connect-core-1_0.html#AuthError
/// [RFC 9207 §2]: https://www.rfc-editor.org/rfc/rfc9207#section-2
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
#[must_use]
pub struct ErrorResponse {
    pub(super) redirect_uri: RedirectUri,
    pub(super) mode: ResponseMode,
    pub(super) state: Option<State>,
    pub(super) issuer: Issuer,
    #[source]
    pub(super) failure: AuthorizationFailure,
}

impl ErrorResponse {
    /// Why the request failed.
    pub fn failure(&self) -> &AuthorizationFailure {
        &self.failure
    }

    /// The HTTP response: a redirect with status 303, or a page that posts itself.
    pub fn to_response(&self) -> Response<Vec<u8>> {
        let message = AuthorizationError::new(self.failure.error_code())
            .description(&self.failure.to_string())
            .state(self.state.clone())
            .iss(self.issuer.as_str());
        deliver(&self.redirect_uri, &self.mode, message.to_form())
    }
}

/// The hash of [`FormPost::SCRIPT`], the only script that the page may run.
const FORM_POST_POLICY: &str = "default-src 'none'; script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='; base-uri 'none'; frame-ancestors 'none'";

fn deliver(redirect_uri: &RedirectUri, mode: &ResponseMode, parameters: Form) -> Response<Vec<u8>> {
    let no_referrer = (header::REFERRER_POLICY, "no-referrer");
    match Delivery::new(redirect_uri, mode, parameters) {
        // 303, so that no browser posts to the client what it posted here (Core §16.22).
        Ok(Delivery::Redirect(location)) => response(
            StatusCode::SEE_OTHER,
            &[(header::LOCATION, &location), NO_STORE, NO_CACHE, no_referrer],
            Vec::new(),
        ),
        Ok(Delivery::FormPost(page)) => form_post(&page),
        // `identify` lets through only modes that can be delivered; if not, nothing is said (Core §3.1.2.6).
        Ok(_) | Err(_) => response(StatusCode::BAD_REQUEST, &[NO_STORE], Vec::new()),
    }
}

fn form_post(page: &FormPost) -> Response<Vec<u8>> {
    response(
        StatusCode::OK,
        &[
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, FORM_POST_POLICY),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "no-referrer"),
            NO_STORE,
            NO_CACHE,
        ],
        page.html(),
    )
}
