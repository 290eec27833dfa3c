//! The answers of the UserInfo endpoint.

use avouch_messages::UserInfo;
use avouch_messages::bearer::BearerChallenge;
use avouch_types::{ErrorCode, Scope};
use http::{Response, StatusCode, header};

use super::UserInfoError;
use crate::reply::{JSON, NO_CACHE, NO_STORE, response};

/// The success response ([Core §5.3.2]): a JSON object.
///
/// [Core §5.3.2]: https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse
#[must_use]
pub fn respond(userinfo: &UserInfo) -> Response<Vec<u8>> {
    response(StatusCode::OK, &[JSON, NO_STORE, NO_CACHE], userinfo.to_json())
}

/// The error response ([Core §5.3.3], [RFC 6750 §3]): a challenge.
///
/// A failure of the provider itself is no challenge: status 503.
///
/// [Core §5.3.3]: https://openid.net/specs/openid-connect-core-1_0.html#UserInfoError
/// [RFC 6750 §3]: https://www.rfc-editor.org/rfc/rfc6750#section-3
#[must_use]
pub fn respond_with_error(error: &UserInfoError) -> Response<Vec<u8>> {
    if matches!(error, UserInfoError::Unavailable) {
        return response(StatusCode::SERVICE_UNAVAILABLE, &[NO_STORE, NO_CACHE], Vec::new());
    }
    let mut challenge = BearerChallenge::new("userinfo");
    if let Some(code) = error.error_code() {
        challenge = challenge.error(code).description(&error.to_string());
    }
    if matches!(error, UserInfoError::ScopeMissing) {
        challenge = challenge.scope([Scope::OPENID].into_iter().collect());
    }
    challenged(&challenge)
}

/// The error response to a request whose body the host refused to read because of its size: status 400,
/// `invalid_request`.
#[must_use]
pub fn respond_too_large() -> Response<Vec<u8>> {
    let challenge = BearerChallenge::new("userinfo").error(ErrorCode::INVALID_REQUEST);
    challenged(&challenge.description("the request is too large"))
}

fn challenged(challenge: &BearerChallenge) -> Response<Vec<u8>> {
    let status = StatusCode::from_u16(challenge.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    response(status, &[(header::WWW_AUTHENTICATE, &challenge.to_header()), NO_STORE, NO_CACHE], Vec::new())
}
