//! Why an authorization request fails, once it is known where to say so.

use avouch_messages::AuthorizationRequestError;
use avouch_tokens::IdTokenError;
use avouch_types::{CodeChallengeMethod, ErrorCode, GrantType, ResponseType};

use super::{LoginReason, Need};

/// Why an authorization request fails, once its redirect URI is known to be the client's.
///
/// [`AuthorizationFailure::error_code`] is the one place that maps it to the error on the wire.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationFailure {
    /// A parameter is missing, repeated or malformed.
    #[error(transparent)]
    Malformed(AuthorizationRequestError),
    /// It comes as a Request Object, by value ([Core §6]); they are not supported.
    ///
    /// [Core §6]: https://openid.net/specs/openid-connect-core-1_0.html#JWTRequests
    #[error("the request parameter is not supported")]
    RequestObject,
    /// It comes as a Request Object, by reference.
    #[error("the request_uri parameter is not supported")]
    RequestUri,
    /// It brings client metadata along ([Core §7.2.1]); that is for self-issued providers.
    ///
    /// [Core §7.2.1]: https://openid.net/specs/openid-connect-core-1_0.html#RegistrationParameter
    #[error("the registration parameter is not supported")]
    Registration,
    /// Nobody can use this response type here.
    #[error("the response type is not supported")]
    ResponseTypeNotSupported(ResponseType),
    /// This client may not use the response type.
    #[error("the client is not registered for this response type")]
    ResponseTypeNotRegistered(ResponseType),
    /// This client may not use authorization codes.
    #[error("the client is not registered for this grant type")]
    GrantTypeNotRegistered(GrantType),
    /// This client may not be granted `openid`.
    #[error("the client may not use the scope openid")]
    OpenidNotAllowed,
    /// The client must use PKCE and sends no challenge ([RFC 7636 §4.4.1]).
    ///
    /// [RFC 7636 §4.4.1]: https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1
    #[error("code_challenge is required")]
    ChallengeMissing,
    /// The challenge is of another method than S256; an absent method means `plain`.
    #[error("code_challenge_method must be S256")]
    ChallengeMethod(CodeChallengeMethod),
    /// The `id_token_hint` is no ID Token of this provider.
    #[error("id_token_hint was not issued here")]
    HintNotOurs(#[source] IdTokenError),
    /// There is an `id_token_hint`, and nobody has verified it.
    #[error("id_token_hint was not verified")]
    HintNotVerified,
    /// Somebody else has logged in than the client asks for.
    #[error("another user is signed in than the one asked for")]
    OtherSubject,
    /// The login was not of a class that the client insists on.
    #[error("the authentication does not meet the essential acr")]
    AcrNotMet,
    /// Something would have to be shown, and `prompt=none` forbids it.
    #[error("the user must interact")]
    InteractionRequired(Need),
    /// The person, or the provider, said no.
    #[error("the request was denied")]
    Denied,
    /// The provider could not do its work; the cause is with [`EndpointError`](crate::EndpointError).
    #[error("the provider failed")]
    Server,
}

impl AuthorizationFailure {
    /// The error on the wire ([RFC 6749 §4.1.2.1], [Core §3.1.2.6]).
    ///
    /// [RFC 6749 §4.1.2.1]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
    /// [Core §3.1.2.6]: https://openid.net/specs/openid-connect-core-1_0.html#AuthError
    #[must_use]
    pub fn error_code(&self) -> ErrorCode {
        match self {
            Self::Malformed(error) => error.error_code(),
            Self::ChallengeMissing
            | Self::ChallengeMethod(_)
            | Self::HintNotOurs(_)
            | Self::HintNotVerified => ErrorCode::INVALID_REQUEST,
            Self::RequestObject => ErrorCode::REQUEST_NOT_SUPPORTED,
            Self::RequestUri => ErrorCode::REQUEST_URI_NOT_SUPPORTED,
            Self::Registration => ErrorCode::REGISTRATION_NOT_SUPPORTED,
            Self::ResponseTypeNotSupported(_) => ErrorCode::UNSUPPORTED_RESPONSE_TYPE,
            Self::ResponseTypeNotRegistered(_) | Self::GrantTypeNotRegistered(_) => {
                ErrorCode::UNAUTHORIZED_CLIENT
            }
            Self::OpenidNotAllowed => ErrorCode::INVALID_SCOPE,
            Self::OtherSubject => ErrorCode::LOGIN_REQUIRED,
            Self::AcrNotMet => ErrorCode::UNMET_AUTHENTICATION_REQUIREMENTS,
            Self::InteractionRequired(need) => match need {
                Need::Login(LoginReason::AcrNotMet { .. }) => ErrorCode::UNMET_AUTHENTICATION_REQUIREMENTS,
                Need::Login(_) => ErrorCode::LOGIN_REQUIRED,
                Need::SelectAccount => ErrorCode::ACCOUNT_SELECTION_REQUIRED,
                Need::Consent { .. } => ErrorCode::CONSENT_REQUIRED,
            },
            Self::Denied => ErrorCode::ACCESS_DENIED,
            Self::Server => ErrorCode::SERVER_ERROR,
        }
    }
}
