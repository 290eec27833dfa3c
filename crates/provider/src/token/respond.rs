//! The answers of the token endpoint.

use avouch_messages::{ErrorResponse, TokenResponse};
use avouch_types::ErrorCode;
use http::{Response, StatusCode, header};

use super::TokenError;
use crate::reply::{JSON, NO_CACHE, NO_STORE, response};

/// The success response ([Core §3.1.3.3]): status 200, and nobody may store it.
///
/// [Core §3.1.3.3]: https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse
#[must_use]
pub fn respond(tokens: &TokenResponse) -> Response<Vec<u8>> {
    response(StatusCode::OK, &[JSON, NO_STORE, NO_CACHE], tokens.to_json())
}

/// The error response ([RFC 6749 §5.2]): status 401 with a challenge if the client did not authenticate,
/// 503 if the provider failed, else 400.
///
/// RFC 6749 leaves 400 or 401 to the server where the client did not use the Authorization header; here it
/// is 401 always, with the one challenge that this endpoint can make, and with one description: why the
/// client did not authenticate is for the log.
///
/// [RFC 6749 §5.2]: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
#[must_use]
pub fn respond_with_error(error: &TokenError) -> Response<Vec<u8>> {
    let code = error.error_code();
    if code == ErrorCode::INVALID_CLIENT {
        // Nobody learns here which clients there are, how they authenticate, or how near a guess came.
        let body = ErrorResponse::new(code).description("client authentication failed").to_json();
        let challenge = (header::WWW_AUTHENTICATE, "Basic realm=\"token\", charset=\"UTF-8\"");
        return response(StatusCode::UNAUTHORIZED, &[challenge, JSON, NO_STORE, NO_CACHE], body);
    }
    let body = ErrorResponse::new(code.clone()).description(&error.to_string()).to_json();
    let status = if code == ErrorCode::SERVER_ERROR {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::BAD_REQUEST
    };
    response(status, &[JSON, NO_STORE, NO_CACHE], body)
}

/// The error response to a request whose body the host refused to read because of its size: status 400,
/// `invalid_request`.
#[must_use]
pub fn respond_too_large() -> Response<Vec<u8>> {
    let body =
        ErrorResponse::new(ErrorCode::INVALID_REQUEST).description("the request is too large").to_json();
    response(StatusCode::BAD_REQUEST, &[JSON, NO_STORE, NO_CACHE], body)
}
