//! Why a UserInfo request is refused.

use avouch_messages::bearer::BearerError;
use avouch_types::ErrorCode;

/// Why a UserInfo request is refused.
///
/// [`UserInfoError::error_code`] is the one place that maps it to the error on the wire.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UserInfoError {
    /// No access token came along. The answer says no more than that one is needed.
    #[error("no access token")]
    NoToken,
    /// The token came in more ways than one, or malformed ([RFC 6750 §2]).
    ///
    /// [RFC 6750 §2]: https://www.rfc-editor.org/rfc/rfc6750#section-2
    #[error(transparent)]
    Presentation(BearerError),
    /// There is no such token.
    #[error("the access token is not known")]
    Unknown,
    /// The token is too old.
    #[error("the access token has expired")]
    Expired,
    /// The grant of the token was revoked.
    #[error("the access token was revoked")]
    Revoked,
    /// The provider's storage failed; the cause is with [`EndpointError`](crate::EndpointError).
    #[error("the provider is not available")]
    Unavailable,
    /// There is no account of the subject any more.
    #[error("the account does not exist any more")]
    SubjectGone,
    /// The token is not one of an OpenID Connect sign-in.
    #[error("the access token has not the scope openid")]
    ScopeMissing,
}

impl UserInfoError {
    /// The error on the wire ([RFC 6750 §3.1]); `None` where nothing is to be said about the token because
    /// none was presented.
    ///
    /// [RFC 6750 §3.1]: https://www.rfc-editor.org/rfc/rfc6750#section-3.1
    #[must_use]
    pub fn error_code(&self) -> Option<ErrorCode> {
        match self {
            Self::NoToken => None,
            Self::Presentation(_) => Some(ErrorCode::INVALID_REQUEST),
            Self::Unknown | Self::Expired | Self::Revoked | Self::SubjectGone => {
                Some(ErrorCode::INVALID_TOKEN)
            }
            Self::Unavailable => Some(ErrorCode::SERVER_ERROR),
            Self::ScopeMissing => Some(ErrorCode::INSUFFICIENT_SCOPE),
        }
    }
}
