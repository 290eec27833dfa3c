//! Why a token request is refused.

use avouch_jose::crypto::RandomError;
use avouch_jose::jws::SignError;
use avouch_jose::{JwsAlgorithm, KeyError};
use avouch_messages::TokenRequestError;
use avouch_tokens::ClientAssertionError;
use avouch_types::{ClientAuthMethod, ErrorCode, GrantType};

use crate::storage::{GrantId, RevokeGrant};

/// Why a token request is refused.
///
/// [`TokenError::error_code`] is the one place that maps it to the error on the wire.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// A parameter is missing, repeated or malformed, or there is more than one client authentication.
    #[error(transparent)]
    Malformed(#[from] TokenRequestError),
    /// It names two clients ([RFC 7521 §4.2]).
    ///
    /// [RFC 7521 §4.2]: https://www.rfc-editor.org/rfc/rfc7521#section-4.2
    #[error("the request names two clients")]
    ClientsDiffer,
    /// Nobody is registered under the `client_id`.
    #[error("the client is not known here")]
    UnknownClient,
    /// The client authenticates in another way than it is registered for ([Core §9]).
    ///
    /// [Core §9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
    #[error("the client is registered for {registered}, and authenticates with {presented}")]
    MethodNotRegistered {
        /// How it is registered.
        registered: ClientAuthMethod,
        /// What it does.
        presented: ClientAuthMethod,
    },
    /// The secret is not the client's.
    #[error("the client secret is wrong")]
    SecretWrong,
    /// The assertion proves nothing.
    #[error("the client assertion is not valid")]
    Assertion(#[source] ClientAssertionError),
    /// The client's registered keys are of no use.
    #[error("the client has no usable keys")]
    ClientKeys(#[source] KeyError),
    /// The assertion was used before.
    #[error("the client assertion was used before")]
    AssertionReplayed,
    /// No grant of this type can be had here.
    #[error("the grant type {0} is not supported")]
    GrantTypeNotSupported(GrantType),
    /// This client may not use the grant type.
    #[error("the client is not registered for the grant type {0}")]
    GrantTypeNotRegistered(GrantType),
    /// There is no such code.
    #[error("the code is not known")]
    CodeUnknown,
    /// The code was not used in time.
    #[error("the code has expired")]
    CodeExpired,
    /// The code was used before; its grant is revoked.
    #[error("the code was used before")]
    CodeReplayed,
    /// The code is another client's.
    #[error("the code was issued to another client")]
    CodeOfAnotherClient,
    /// `redirect_uri` is not the one of the authorization request.
    #[error("redirect_uri differs from the one of the authorization request")]
    RedirectUriDiffers,
    /// The code needs a `code_verifier` and none came.
    #[error("code_verifier is missing")]
    VerifierMissing,
    /// A `code_verifier` came for a code that needs none: somebody took the challenge away
    /// ([RFC 9700 §4.8.2]).
    ///
    /// [RFC 9700 §4.8.2]: https://www.rfc-editor.org/rfc/rfc9700#section-4.8.2
    #[error("code_verifier without code_challenge")]
    VerifierUnexpected,
    /// The `code_verifier` is not the one the challenge was made of.
    #[error("code_verifier does not match")]
    VerifierWrong,
    /// There is no such refresh token.
    #[error("the refresh token is not known")]
    RefreshTokenUnknown,
    /// The refresh token is too old.
    #[error("the refresh token has expired")]
    RefreshTokenExpired,
    /// The refresh token was used before; its grant is revoked.
    #[error("the refresh token was used before")]
    RefreshTokenReused,
    /// The refresh token is another client's.
    #[error("the refresh token was issued to another client")]
    RefreshTokenOfAnotherClient,
    /// More is asked for than was granted.
    #[error("scope goes beyond the grant")]
    ScopeBeyondGrant,
    /// The grant was revoked.
    #[error("the grant was revoked")]
    GrantRevoked,
    /// There is no account of the subject any more.
    #[error("the account does not exist any more")]
    SubjectGone,
    /// No key signs with the client's registered algorithm.
    #[error("no key signs {0}")]
    NoSigningKey(JwsAlgorithm),
    /// The ID Token could not be signed.
    #[error("the ID Token could not be signed")]
    Sign(#[from] SignError),
    /// The provider's storage failed; the cause is with [`EndpointError`](crate::EndpointError).
    #[error("the provider is not available")]
    Unavailable,
    /// There was no randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl TokenError {
    /// The error on the wire ([RFC 6749 §5.2]).
    ///
    /// [RFC 6749 §5.2]: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    #[must_use]
    pub fn error_code(&self) -> ErrorCode {
        match self {
            Self::Malformed(error) => error.error_code(),
            Self::ClientsDiffer
            | Self::UnknownClient
            | Self::MethodNotRegistered { .. }
            | Self::SecretWrong
            | Self::Assertion(_)
            | Self::ClientKeys(_)
            | Self::AssertionReplayed => ErrorCode::INVALID_CLIENT,
            Self::GrantTypeNotSupported(_) => ErrorCode::UNSUPPORTED_GRANT_TYPE,
            Self::GrantTypeNotRegistered(_) => ErrorCode::UNAUTHORIZED_CLIENT,
            Self::CodeUnknown
            | Self::CodeExpired
            | Self::CodeReplayed
            | Self::CodeOfAnotherClient
            | Self::RedirectUriDiffers
            | Self::VerifierMissing
            | Self::VerifierUnexpected
            | Self::VerifierWrong
            | Self::RefreshTokenUnknown
            | Self::RefreshTokenExpired
            | Self::RefreshTokenReused
            | Self::RefreshTokenOfAnotherClient
            | Self::GrantRevoked
            | Self::SubjectGone => ErrorCode::INVALID_GRANT,
            Self::ScopeBeyondGrant => ErrorCode::INVALID_SCOPE,
            Self::NoSigningKey(_) | Self::Sign(_) | Self::Unavailable | Self::Random(_) => {
                ErrorCode::SERVER_ERROR
            }
        }
    }
}

/// How a token request ends that is not answered with tokens.
#[derive(Debug)]
#[must_use]
pub enum Refusal {
    /// With this error.
    Refuse(TokenError),
    /// With an error as well, but first a grant must be revoked.
    Revoke(PendingRevocation),
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        Self::Refuse(error)
    }
}

/// A grant that must be revoked before the request is answered, since what was presented is spent.
#[derive(Debug)]
#[must_use]
pub struct PendingRevocation {
    grant: GrantId,
    error: TokenError,
}

impl PendingRevocation {
    pub(super) fn new(grant: GrantId, error: TokenError) -> Self {
        Self { grant, error }
    }

    /// The grant, for [`GrantStore::revoke`](crate::storage::GrantStore::revoke).
    pub fn grant(&self) -> &GrantId {
        &self.grant
    }

    /// The error to answer with, once the store has answered.
    pub fn revoked(self, _answer: RevokeGrant) -> TokenError {
        self.error
    }
}
