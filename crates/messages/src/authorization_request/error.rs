use avouch_claims::ClaimsRequestError;
use avouch_types::{ErrorCode, UriError, WordError};

use crate::CodeChallengeError;

/// Why an authorization request was refused, by rules that need nothing but the request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationRequestError {
    /// A parameter stands more than once (RFC 6749 §3.1).
    #[error("parameter {name} stands more than once")]
    RepeatedParameter {
        /// The name.
        name: String,
    },
    /// A required parameter is absent or has no value.
    #[error("parameter {name} is missing")]
    MissingParameter {
        /// The name.
        name: &'static str,
    },
    /// A parameter has characters or a length that its specification does not allow.
    #[error("parameter {name} is malformed")]
    MalformedWord {
        /// The name.
        name: &'static str,
        /// The rule.
        source: WordError,
    },
    /// `redirect_uri` is no acceptable URI.
    #[error("redirect_uri is malformed")]
    RedirectUri(#[source] UriError),
    /// `response_type` is no set of names.
    #[error("response_type is malformed")]
    ResponseType(#[source] WordError),
    /// `scope` is absent or has no value.
    #[error("parameter scope is missing")]
    MissingScope,
    /// `scope` is no space-delimited list of scope tokens.
    #[error("scope is malformed")]
    Scope(#[source] WordError),
    /// `scope` does not contain `openid`: this is no OpenID Connect request (Core §3.1.2.2).
    #[error("scope does not contain openid")]
    ScopeWithoutOpenid,
    /// `prompt` has `none` beside another value (Core §3.1.2.1).
    #[error("prompt has none beside another value")]
    PromptNoneWithOthers,
    /// `max_age` is no number of seconds in decimal digits.
    #[error("max_age is not a number of seconds")]
    MalformedMaxAge,
    /// `claims` is malformed or asks for what cannot be had (Core §5.5).
    #[error("claims is malformed")]
    Claims(#[source] ClaimsRequestError),
    /// The PKCE parameters are malformed.
    #[error(transparent)]
    CodeChallenge(#[from] CodeChallengeError),
    /// `request` and `request_uri` in one request (Core §6).
    #[error("request and request_uri in one request")]
    RequestAndRequestUri,
    /// Tokens from the authorization endpoint are asked for in the query (Multiple Response Types §5).
    #[error("response_mode query is not allowed for this response_type")]
    QueryModeWithTokens,
}

impl AuthorizationRequestError {
    /// The error code of the answer (RFC 6749 §4.1.2.1).
    #[must_use]
    pub fn error_code(&self) -> ErrorCode {
        match self {
            Self::ResponseType(_) => ErrorCode::UNSUPPORTED_RESPONSE_TYPE,
            Self::MissingScope | Self::Scope(_) | Self::ScopeWithoutOpenid => ErrorCode::INVALID_SCOPE,
            _ => ErrorCode::INVALID_REQUEST,
        }
    }
}
