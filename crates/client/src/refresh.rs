//! New tokens by a refresh token ([Core §12]).
//!
//! [Core §12]: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens

use crate::id_token::{KeyNeed, UnverifiedIdToken};
use crate::{Client, OtherProvider, SignInMemory, TokenEndpointError, TokenRequestError, token_endpoint};
use avouch_jose::crypto::SecureRandom;
use avouch_jose::jws::JwsError;
use avouch_jose::{NumericDate, Verified, VerifyingKeys};
use avouch_messages::{Grant, TokenResponse};
use avouch_tokens::{IdTokenClaims, IdTokenError, IdTokenExpectations, RuleVerdict};
use http::{Request, Response};
use std::fmt;

/// A refresh request to be sent.
#[must_use = "nothing is refreshed until the request is sent"]
pub struct RefreshExchange<'c> {
    client: &'c Client,
    request: Request<Vec<u8>>,
    memory: SignInMemory,
    requested_at: NumericDate,
}

/// Refreshed tokens; an ID Token among them is not verified yet.
#[derive(Debug)]
#[must_use]
pub struct RefreshedAwaitingKeys<'c> {
    client: &'c Client,
    memory: SignInMemory,
    response: TokenResponse,
    id_token: Option<UnverifiedIdToken>,
    requested_at: NumericDate,
}

/// The outcome of a refresh.
#[derive(Debug)]
#[non_exhaustive]
pub struct Refreshed {
    /// The new ID Token's claims, verified, if there is one; a provider need not send one.
    pub id_token: Option<Verified<IdTokenClaims>>,
    /// What replaces the memory that the refresh began with: a new refresh token if one came, else the old one.
    pub memory: SignInMemory,
}

/// Why a refresh could not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// There is no refresh token.
    #[error("there is no refresh token")]
    NoRefreshToken,
    /// The refresh token is another provider's.
    #[error(transparent)]
    OtherProvider(#[from] OtherProvider),
    /// The request could not be made.
    #[error("the refresh request could not be made")]
    Request(#[from] TokenRequestError),
}

/// Why an answer of the token endpoint refreshed nothing. The memory is as good as before, unless the provider refused
/// the refresh token itself (`invalid_grant`).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshAnswerError {
    /// The token endpoint gave no tokens.
    #[error("the token endpoint gave no tokens")]
    TokenEndpoint(#[from] TokenEndpointError),
    /// The ID Token is not a signed JWT.
    #[error("the ID Token is malformed")]
    IdTokenMalformed(#[from] JwsError),
}

/// Why refreshed tokens are not used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshVerifyError {
    /// There is an ID Token, and no keys were given.
    #[error("there is an ID Token, and no keys to verify it were given")]
    KeysMissing,
    /// The ID Token breaks a rule.
    #[error("the ID Token is refused")]
    IdToken(#[from] IdTokenError),
}

impl Client {
    /// Makes the refresh request; the scope stays what it was.
    ///
    /// # Errors
    /// [`RefreshError`]: nothing to refresh with, or the request could not be made.
    pub fn refresh(
        &self,
        memory: &SignInMemory,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<RefreshExchange<'_>, RefreshError> {
        memory.check_provider(self.issuer())?;
        let refresh_token = memory.refresh_token.clone().ok_or(RefreshError::NoRefreshToken)?;
        let request = self.token_request(Grant::RefreshToken { refresh_token, scope: None }, now, rng)?;
        Ok(RefreshExchange { client: self, request, memory: memory.clone(), requested_at: now })
    }
}

impl<'c> RefreshExchange<'c> {
    /// The request to send.
    #[must_use]
    pub fn request(&self) -> Request<Vec<u8>> {
        self.request.clone()
    }

    /// Reads the answer: a token response, with or without `id_token` ([Core §12.2]).
    ///
    /// [Core §12.2]: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse
    ///
    /// # Errors
    /// [`RefreshAnswerError`].
    pub fn complete(
        self,
        response: &Response<Vec<u8>>,
    ) -> Result<RefreshedAwaitingKeys<'c>, RefreshAnswerError> {
        let mut response = token_endpoint::read(response)?;
        let id_token = response.id_token.take().map(UnverifiedIdToken::parse).transpose()?;
        let Self { client, memory, requested_at, .. } = self;
        Ok(RefreshedAwaitingKeys { client, memory, response, id_token, requested_at })
    }
}

impl RefreshedAwaitingKeys<'_> {
    /// The keys to bring; [`KeyNeed::None`] where no ID Token came.
    #[must_use]
    pub fn needs(&self) -> KeyNeed<'_> {
        self.id_token.as_ref().map_or(KeyNeed::None, |id_token| id_token.needs(self.client))
    }

    /// Validates the ID Token, if one came: by the rules of a sign-in, and `iss`, `sub`, `aud` and `auth_time` are those
    /// of the first one; a nonce may be absent, but no other than the first ([Core §12.2]).
    ///
    /// [Core §12.2]: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse
    ///
    /// # Errors
    /// [`RefreshVerifyError`]. The new tokens must not be used then.
    pub fn verify(
        &self,
        keys: Option<&VerifyingKeys>,
        now: NumericDate,
    ) -> Result<Refreshed, RefreshVerifyError> {
        self.verify_with_report(keys, now).0
    }

    /// As [`verify`](Self::verify), and tells how each rule was decided: also those of a token that is refused.
    pub fn verify_with_report(
        &self,
        keys: Option<&VerifyingKeys>,
        now: NumericDate,
    ) -> (Result<Refreshed, RefreshVerifyError>, Vec<RuleVerdict>) {
        let mut report = Vec::new();
        let id_token = match (&self.id_token, keys) {
            (None, _) => Ok(None),
            (Some(_), None) => Err(RefreshVerifyError::KeysMissing),
            (Some(id_token), Some(keys)) => {
                let original = self.memory.original_id_token();
                let expectations =
                    IdTokenExpectations::for_refresh(&original).access_token(&self.response.access_token);
                id_token
                    .verify(self.client, keys, &expectations, now, &mut report)
                    .map(Some)
                    .map_err(RefreshVerifyError::IdToken)
            }
        };
        (id_token.map(|id_token| self.refreshed(id_token)), report)
    }

    fn refreshed(&self, id_token: Option<Verified<IdTokenClaims>>) -> Refreshed {
        let TokenResponse { access_token, refresh_token, scope, expires_in, .. } = &self.response;
        let mut memory = self.memory.clone();
        memory.access_token = access_token.clone();
        memory.expires_at = token_endpoint::expiry(self.requested_at, *expires_in);
        if let Some(refresh_token) = refresh_token {
            memory.refresh_token = Some(refresh_token.clone());
        }
        if let Some(scope) = scope {
            memory.scope = scope.clone();
        }
        if let Some(id_token) = &id_token {
            memory.iat = id_token.iat;
        }
        Refreshed { id_token, memory }
    }
}

/// The request's body holds the refresh token and perhaps the client's credentials in the clear.
impl fmt::Debug for RefreshExchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshExchange").field("uri", self.request.uri()).finish_non_exhaustive()
    }
}
