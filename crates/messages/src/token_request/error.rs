use avouch_types::{ErrorCode, FormError, UriError, WordError};

use crate::client_auth::BasicError;

/// Why a token request was refused, by rules that need nothing but the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRequestError {
    /// The body is not `application/x-www-form-urlencoded` (in UTF-8).
    #[error("content type is not application/x-www-form-urlencoded")]
    ContentType,
    /// The body is no form within the limits, or a parameter stands more than once (RFC 6749 §3.2).
    #[error("the body is not a form in which each parameter stands once")]
    Form(#[source] FormError),
    /// A required parameter is absent or has no value.
    #[error("parameter {name} is missing")]
    MissingParameter {
        /// The name.
        name: &'static str,
    },
    /// `grant_type` is no name of a grant type.
    #[error("grant_type is malformed")]
    GrantType(#[source] WordError),
    /// A code, verifier or token has characters or a length that none has.
    #[error("parameter {name} is malformed")]
    MalformedGrant {
        /// The name.
        name: &'static str,
        /// The rule.
        source: WordError,
    },
    /// `redirect_uri` is no URI: it cannot be that of the authorization request.
    #[error("redirect_uri is malformed")]
    RedirectUri(#[source] UriError),
    /// `scope` is no space-delimited list of scope tokens.
    #[error("scope is malformed")]
    Scope(#[source] WordError),
    /// Neither credentials nor a `client_id`.
    #[error("the request does not say which client it comes from")]
    MissingClient,
    /// `client_id` is malformed.
    #[error("client_id is malformed")]
    ClientId(#[source] WordError),
    /// `client_secret` is malformed.
    #[error("client_secret is malformed")]
    ClientSecret(#[source] WordError),
    /// The `Authorization` header holds no credentials of the scheme Basic.
    #[error("the Authorization header is malformed")]
    Authorization(#[source] BasicError),
    /// A secret in the header and one in the body (RFC 6749 §2.3).
    #[error("more than one client authentication method")]
    SeveralMethods,
    /// An assertion beside a secret or an `Authorization` header (RFC 7521 §4.2.1).
    #[error("a client assertion beside another client authentication method")]
    AssertionAndOtherMethod,
    /// `client_assertion` without `client_assertion_type`, or the other way round.
    #[error("client_assertion and client_assertion_type belong together")]
    IncompleteAssertion,
    /// `client_id` in the body is not that of the `Authorization` header.
    #[error("client_id differs from that of the Authorization header")]
    ClientIdMismatch,
}

impl TokenRequestError {
    /// The error code of the answer (RFC 6749 §5.2; for assertions RFC 7521 §4.2.1).
    #[must_use]
    pub fn error_code(&self) -> ErrorCode {
        match self {
            Self::ContentType
            | Self::Form(_)
            | Self::MissingParameter { .. }
            | Self::GrantType(_)
            | Self::SeveralMethods => ErrorCode::INVALID_REQUEST,
            Self::MalformedGrant { .. } | Self::RedirectUri(_) => ErrorCode::INVALID_GRANT,
            Self::Scope(_) => ErrorCode::INVALID_SCOPE,
            Self::MissingClient
            | Self::ClientId(_)
            | Self::ClientSecret(_)
            | Self::Authorization(_)
            | Self::AssertionAndOtherMethod
            | Self::IncompleteAssertion
            | Self::ClientIdMismatch => ErrorCode::INVALID_CLIENT,
        }
    }
}
