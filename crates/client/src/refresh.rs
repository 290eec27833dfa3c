//! New tokens by a refresh token ([Core §12]).
//!
//! [Core §12]: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens

use crate::id_token::{KeyNeed, UnverifiedIdToken};
use crate::{Client, OtherClient, SignInMemory, TokenEndpointError, TokenRequestError, token_endpoint};
use avouch_discovery::FetchPolicy;
use avouch_jose::crypto::SecureRandom;
use avouch_jose::jws::JwsError;
use avouch_jose::{NumericDate, Verified, VerifyingKeys};
use avouch_messages::{Grant, TokenResponse};
use avouch_tokens::{IdTokenClaims, IdTokenError, IdTokenExpectations, RuleVerdict};
use avouch_types::Scopes;
use http::{Request, Response};
use serde_json::{Map, Value};
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
    pub(crate) client: &'c Client,
    memory: SignInMemory,
    response: TokenResponse,
    id_token: Option<UnverifiedIdToken>,
    requested_at: NumericDate,
}

/// The outcome of a refresh.
///
/// ```
/// # use avouch_client::{Refreshed, RefreshVerifyError, SignInMemory};
/// /// What to keep in the session, whatever came of it.
/// fn keep(outcome: Result<Refreshed, RefreshVerifyError>) -> SignInMemory {
///     outcome.map_or_else(|refused| refused.keep().clone(), |refreshed| refreshed.memory)
/// }
/// ```
#[non_exhaustive]
pub struct Refreshed {
    /// The new ID Token's claims, verified, if there is one; a provider need not send one.
    pub id_token: Option<Verified<IdTokenClaims>>,
    /// What replaces the memory that the refresh began with: a new refresh token if one came, else the old one.
    pub memory: SignInMemory,
    /// The scope in the response, if it is wider than what was granted to the user's sign-in. No refresh may widen it
    /// ([RFC 6749 §6]), so it is not remembered.
    ///
    /// [RFC 6749 §6]: https://www.rfc-editor.org/rfc/rfc6749#section-6
    pub wider_scope: Option<Scopes>,
    /// Members of the token response that this crate does not know.
    pub extra: Map<String, Value>,
    /// Optional members of the token response that were no value of theirs, and count as absent
    /// ([`TokenResponse::malformed`]).
    pub malformed: Map<String, Value>,
}

/// Why a refresh could not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// There is no refresh token.
    #[error("there is no refresh token")]
    NoRefreshToken,
    /// The refresh token is another client's.
    #[error(transparent)]
    OtherClient(#[from] OtherClient),
    /// The request could not be made.
    #[error("the refresh request could not be made")]
    Request(#[from] TokenRequestError),
}

/// Why an answer of the token endpoint refreshed nothing.
///
/// Where there were tokens, the old refresh token may be spent: [`keep`](Self::keep) has what replaces the memory then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshAnswerError {
    /// The token endpoint gave no tokens. The memory is as good as before, unless the provider refused the refresh token
    /// itself (`invalid_grant`).
    #[error("the token endpoint gave no tokens")]
    TokenEndpoint(#[from] TokenEndpointError),
    /// The tokens cannot be used: the access token is of an unknown type.
    #[error("the tokens cannot be used")]
    Unusable {
        /// Why.
        source: TokenEndpointError,
        /// What replaces the memory.
        keep: Box<SignInMemory>,
    },
    /// The ID Token is not a signed JWT.
    #[error("the ID Token is malformed")]
    IdTokenMalformed {
        /// The broken rule; `None` where it is no text at all.
        source: Option<JwsError>,
        /// What replaces the memory.
        keep: Box<SignInMemory>,
    },
}

/// Why refreshed tokens are not used. The old refresh token may be spent: [`keep`](Self::keep) has what replaces the
/// memory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshVerifyError {
    /// There is an ID Token, and no keys were given.
    #[error("there is an ID Token, and no keys to verify it were given")]
    KeysMissing {
        /// What replaces the memory.
        keep: Box<SignInMemory>,
    },
    /// The ID Token breaks a rule.
    #[error("the ID Token is refused")]
    IdToken {
        /// The rule.
        source: IdTokenError,
        /// What replaces the memory.
        keep: Box<SignInMemory>,
    },
}

impl RefreshAnswerError {
    /// What replaces the memory that the refresh began with: nothing of the answer but the new refresh token. `None` if
    /// there is nothing new to keep.
    #[must_use]
    pub fn keep(&self) -> Option<&SignInMemory> {
        match self {
            Self::TokenEndpoint(_) => None,
            Self::Unusable { keep, .. } | Self::IdTokenMalformed { keep, .. } => Some(keep),
        }
    }
}

impl RefreshVerifyError {
    /// What replaces the memory that the refresh began with: nothing of the answer but the new refresh token.
    #[must_use]
    pub fn keep(&self) -> &SignInMemory {
        match self {
            Self::KeysMissing { keep } | Self::IdToken { keep, .. } => keep,
        }
    }
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
        memory.check_client(self)?;
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

    /// What the host owes the request.
    #[must_use]
    pub fn policy(&self) -> FetchPolicy {
        self.client.token_policy()
    }

    /// Reads the answer: a token response, with or without `id_token` ([Core §12.2]).
    ///
    /// [Core §12.2]: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse
    ///
    /// # Errors
    /// [`RefreshAnswerError`]. If it has something to [`keep`](RefreshAnswerError::keep), store that: the refresh token
    /// that was sent may be spent.
    pub fn complete(
        &self,
        response: &Response<Vec<u8>>,
    ) -> Result<RefreshedAwaitingKeys<'c>, RefreshAnswerError> {
        let mut response = self.client.read_tokens(response)?;
        let keep = || Box::new(kept(&self.memory, &response));
        if let Err(source) = token_endpoint::check_type(&response) {
            return Err(RefreshAnswerError::Unusable { source, keep: keep() });
        }
        if response.malformed.contains_key("id_token") {
            return Err(RefreshAnswerError::IdTokenMalformed { source: None, keep: keep() });
        }
        let id_token = match response.id_token.clone().map(UnverifiedIdToken::parse).transpose() {
            Ok(id_token) => id_token,
            Err(error) => {
                return Err(RefreshAnswerError::IdTokenMalformed { source: Some(error), keep: keep() });
            }
        };
        response.id_token = None;
        let Self { client, requested_at, .. } = *self;
        Ok(RefreshedAwaitingKeys { client, memory: self.memory.clone(), response, id_token, requested_at })
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
    /// [`RefreshVerifyError`]. The new tokens must not be used then, but what it has to
    /// [`keep`](RefreshVerifyError::keep) is to be stored.
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
            (Some(_), None) => Err(RefreshVerifyError::KeysMissing { keep: Box::new(self.keep()) }),
            (Some(id_token), Some(keys)) => {
                let original = self.memory.original_id_token();
                let expectations =
                    IdTokenExpectations::for_refresh(&original).access_token(&self.response.access_token);
                id_token
                    .verify(self.client, keys, &expectations, now, &mut report)
                    .map(Some)
                    .map_err(|source| RefreshVerifyError::IdToken { source, keep: Box::new(self.keep()) })
            }
        };
        (id_token.map(|id_token| self.refreshed(id_token)), report)
    }

    /// What replaces the memory that the refresh began with, whatever comes of the verification: nothing of the answer but
    /// the new refresh token, if there is one. Store it before anything else can go wrong.
    #[must_use]
    pub fn keep(&self) -> SignInMemory {
        kept(&self.memory, &self.response)
    }

    fn refreshed(&self, id_token: Option<Verified<IdTokenClaims>>) -> Refreshed {
        let TokenResponse { access_token, scope, expires_in, extra, malformed, .. } = &self.response;
        let mut memory = kept(&self.memory, &self.response);
        memory.access_token = access_token.clone();
        memory.expires_at = token_endpoint::expiry(self.requested_at, *expires_in);
        let (scope, wider_scope) = match scope.clone() {
            Some(scope) if !scope.is_subset_of(&memory.scope) => (None, Some(scope)),
            scope => (scope, None),
        };
        if let Some(scope) = scope {
            memory.scope = scope;
        }
        if let (Some(claims), Some(received)) = (&id_token, &self.id_token) {
            memory.iat = memory.iat.max(claims.iat);
            memory.id_token = Some(received.token.clone());
        }
        Refreshed { id_token, memory, wider_scope, extra: extra.clone(), malformed: malformed.clone() }
    }
}

/// The memory with the refresh token that replaces the old one, if one came.
fn kept(memory: &SignInMemory, response: &TokenResponse) -> SignInMemory {
    let mut memory = memory.clone();
    if let Some(refresh_token) = &response.refresh_token {
        memory.refresh_token = Some(refresh_token.clone());
    }
    memory
}

impl fmt::Debug for Refreshed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refreshed")
            .field("id_token", &self.id_token)
            .field("memory", &self.memory)
            .field("wider_scope", &self.wider_scope)
            .field("extra", &token_endpoint::names(&self.extra))
            .field("malformed", &token_endpoint::names(&self.malformed))
            .finish()
    }
}

/// The request's body holds the refresh token and perhaps the client's credentials in the clear.
impl fmt::Debug for RefreshExchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshExchange").field("uri", self.request.uri()).finish_non_exhaustive()
    }
}
