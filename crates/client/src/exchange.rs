//! From the authorization code to a user who is signed in ([Core §3.1.3]).
//!
//! [Core §3.1.3]: https://openid.net/specs/openid-connect-core-1_0.html#TokenEndpoint

use crate::id_token::{KeyNeed, UnverifiedIdToken};
use crate::{
    AuthorizedCode, Client, PendingSignIn, SignInMemory, TokenEndpointError, TokenRequestError,
    token_endpoint,
};
use avouch_discovery::FetchPolicy;
use avouch_jose::crypto::SecureRandom;
use avouch_jose::jws::JwsError;
use avouch_jose::{NumericDate, Verified, VerifyingKeys};
use avouch_messages::{Grant, TokenResponse};
use avouch_tokens::{IdTokenClaims, IdTokenError, IdTokenExpectations, RuleVerdict};
use avouch_types::{AccessToken, ClientId, Issuer, RefreshToken, Scopes, Secret};
use http::{Request, Response};
use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A token request to be sent, once: the code in it is good for one use.
#[must_use = "nothing is exchanged until the request is sent"]
pub struct CodeExchange<'c> {
    client: &'c Client,
    request: Request<Vec<u8>>,
    pending: Arc<PendingSignIn>,
    requested_at: NumericDate,
}

/// Tokens whose ID Token is not verified yet. Nothing of them can be read but the key they need.
#[derive(Debug)]
#[must_use]
pub struct TokensAwaitingKeys<'c> {
    pub(crate) client: &'c Client,
    pending: Arc<PendingSignIn>,
    response: TokenResponse,
    id_token: UnverifiedIdToken,
    requested_at: NumericDate,
}

/// A user who is signed in.
///
/// ```
/// # use avouch_client::SignedIn;
/// /// The key of the account, and what to call its owner.
/// fn account(signed_in: &SignedIn) -> (String, String, String) {
///     let claims = &signed_in.id_token; // verified: every rule was applied
///     let name = claims.claims.name.clone().unwrap_or_else(|| "somebody".to_owned());
///     (claims.iss.clone(), claims.sub.to_string(), name)
/// }
/// ```
#[non_exhaustive]
pub struct SignedIn {
    /// The ID Token's claims, verified.
    pub id_token: Verified<IdTokenClaims>,
    /// The ID Token as it came: what a later [`id_token_hint`](crate::SignIn::id_token_hint) repeats.
    pub raw_id_token: Secret,
    /// The access token.
    pub access_token: AccessToken,
    /// The refresh token, if one was issued.
    pub refresh_token: Option<RefreshToken>,
    /// The scope that was granted.
    pub scope: Scopes,
    /// When the access token ends at the latest, counted from the moment of the request; `None` when the provider did not say.
    pub expires_at: Option<NumericDate>,
    /// Members of the token response that this crate does not know.
    pub extra: Map<String, Value>,
    /// Optional members of the token response that were no value of theirs, and count as absent
    /// ([`TokenResponse::malformed`]).
    pub malformed: Map<String, Value>,
    issuer: Issuer,
    client_id: ClientId,
}

/// Why an answer of the token endpoint did not sign the user in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The token endpoint gave no tokens.
    #[error("the token endpoint gave no tokens")]
    TokenEndpoint(#[from] TokenEndpointError),
    /// There is no `id_token` in the response, or it is no text ([Core §3.1.3.3]).
    ///
    /// [Core §3.1.3.3]: https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse
    #[error("the token response has no id_token")]
    IdTokenMissing,
    /// The ID Token is not a signed JWT.
    #[error("the ID Token is malformed")]
    IdTokenMalformed(#[from] JwsError),
}

impl Client {
    /// Makes the token request for a code.
    ///
    /// # Errors
    /// [`TokenRequestError`], for clients that authenticate by a signed assertion.
    pub fn exchange(
        &self,
        code: AuthorizedCode,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<CodeExchange<'_>, TokenRequestError> {
        let AuthorizedCode { code, pending } = code;
        let grant = Grant::AuthorizationCode {
            code,
            redirect_uri: Some(pending.redirect_uri.clone()),
            code_verifier: Some(pending.code_verifier.clone()),
        };
        Ok(CodeExchange {
            client: self,
            request: self.token_request(grant, now, rng)?,
            pending: Arc::new(pending),
            requested_at: now,
        })
    }
}

impl<'c> CodeExchange<'c> {
    /// The request to send, once.
    #[must_use]
    pub fn request(&self) -> Request<Vec<u8>> {
        self.request.clone()
    }

    /// What the host owes the request.
    #[must_use]
    pub fn policy(&self) -> FetchPolicy {
        self.client.token_policy()
    }

    /// Reads the answer: a token response with `access_token`, a known `token_type` and `id_token`.
    ///
    /// # Errors
    /// [`ExchangeError`]. The code is spent; the user has to sign in again.
    pub fn complete(&self, response: &Response<Vec<u8>>) -> Result<TokensAwaitingKeys<'c>, ExchangeError> {
        let mut response = self.client.read_tokens(response)?;
        token_endpoint::check_type(&response)?;
        let id_token = response.id_token.take().ok_or(ExchangeError::IdTokenMissing)?;
        let id_token = UnverifiedIdToken::parse(id_token)?;
        let Self { client, requested_at, .. } = *self;
        Ok(TokensAwaitingKeys {
            client,
            pending: Arc::clone(&self.pending),
            response,
            id_token,
            requested_at,
        })
    }
}

impl TokensAwaitingKeys<'_> {
    /// The keys to bring.
    #[must_use]
    pub fn needs(&self) -> KeyNeed<'_> {
        self.id_token.needs(self.client)
    }

    /// Validates the ID Token by every rule of [Core §3.1.3.7] and the access token by `at_hash` ([Core §3.1.3.8]).
    ///
    /// Borrows, since the code is spent while this may have to be tried again with newer keys.
    /// [`verification`](Self::verification) does that.
    ///
    /// [Core §3.1.3.7]: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
    /// [Core §3.1.3.8]: https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowTokenValidation
    ///
    /// # Errors
    /// [`IdTokenError`], for the first rule that is broken.
    pub fn verify(&self, keys: &VerifyingKeys, now: NumericDate) -> Result<SignedIn, IdTokenError> {
        self.verify_with_report(keys, now).0
    }

    /// As [`verify`](Self::verify), and tells how each rule was decided: also those of a token that is refused.
    pub fn verify_with_report(
        &self,
        keys: &VerifyingKeys,
        now: NumericDate,
    ) -> (Result<SignedIn, IdTokenError>, Vec<RuleVerdict>) {
        let mut expectations =
            IdTokenExpectations::for_nonce(&self.pending.nonce).access_token(&self.response.access_token);
        if let Some(seconds) = self.pending.max_age {
            // Who authenticated after the sign-in was started did so because of it: what the provider's pages and the
            // way back took since then is no age (Core §3.1.2.1: `max_age` is judged when the request is made).
            let since_start = now.saturating_since(self.pending.created_at);
            expectations = expectations.max_age(Duration::from_secs(seconds).max(since_start));
        }
        if self.pending.auth_time_required {
            expectations = expectations.auth_time();
        }
        if let Some(sub) = &self.pending.expected_subject {
            expectations = expectations.subject(sub);
        }
        if !self.pending.required_acr.is_empty() {
            expectations = expectations.acr_values(&self.pending.required_acr);
        }
        let mut report = Vec::new();
        let id_token = self.id_token.verify(self.client, keys, &expectations, now, &mut report);
        (id_token.map(|id_token| self.signed_in(id_token)), report)
    }

    fn signed_in(&self, id_token: Verified<IdTokenClaims>) -> SignedIn {
        let TokenResponse { access_token, refresh_token, scope, expires_in, extra, malformed, .. } =
            &self.response;
        SignedIn {
            id_token,
            raw_id_token: self.id_token.token.clone(),
            access_token: access_token.clone(),
            refresh_token: refresh_token.clone(),
            // Omitted when it is the scope that was asked for (RFC 6749 §5.1)
            scope: scope.clone().unwrap_or_else(|| self.pending.scope.clone()),
            expires_at: token_endpoint::expiry(self.requested_at, *expires_in),
            extra: extra.clone(),
            malformed: malformed.clone(),
            issuer: self.pending.issuer.clone(),
            client_id: self.pending.client_id.clone(),
        }
    }
}

impl SignedIn {
    /// What UserInfo requests and refreshes compare with, to be kept in the session.
    #[must_use]
    pub fn remember(&self) -> SignInMemory {
        SignInMemory {
            iss: self.issuer.clone(),
            sub: self.id_token.sub.clone(),
            client_id: self.client_id.clone(),
            aud: self.id_token.aud.clone(),
            iat: self.id_token.iat,
            auth_time: self.id_token.auth_time,
            nonce: self.id_token.nonce.clone(),
            scope: self.scope.clone(),
            access_token: self.access_token.clone(),
            expires_at: self.expires_at,
            refresh_token: self.refresh_token.clone(),
            id_token: Some(self.raw_id_token.clone()),
        }
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("id_token", &self.id_token)
            .field("access_token", &self.access_token)
            .field("refresh_token", &self.refresh_token)
            .field("scope", &self.scope)
            .field("expires_at", &self.expires_at)
            .field("extra", &token_endpoint::names(&self.extra))
            .field("malformed", &token_endpoint::names(&self.malformed))
            .finish_non_exhaustive()
    }
}

/// The request's body holds the code, the PKCE verifier and perhaps the client's credentials in the clear.
impl fmt::Debug for CodeExchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeExchange").field("uri", self.request.uri()).finish_non_exhaustive()
    }
}
