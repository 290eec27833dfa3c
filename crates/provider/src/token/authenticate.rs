//! Whose request it is, and the proof of it ([Core §9]).
//!
//! [Core §9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{JwkSet, JwsAlgorithm, Limits, NumericDate, VerifyingKeys};
use avouch_messages::client_auth::JWT_BEARER_ASSERTION_TYPE;
use avouch_messages::{Grant, PresentedCredentials, TokenRequest, TokenRequestError};
use avouch_tokens::{AssertionAudience, ClientAssertion, ClientAssertionVerifier};
use avouch_types::{ClientAuthMethod, ClientId, GrantType, Secret};

use super::{CodeExchange, RefreshExchange, TokenError};
use crate::client::{Client, ClientAuthentication};
use crate::policy::Policy;
use crate::storage::{CodeHash, ReplayKey, ReplayKind, ReplayUse, TokenHash};

/// The client that the request claims to be of, to look it up. Nothing is proven yet.
///
/// # Errors
/// The assertion cannot be read ([`TokenError::Assertion`]), or names another client than the `client_id`
/// beside it ([`TokenError::ClientsDiffer`]).
pub fn claimed_client(request: &TokenRequest) -> Result<ClientId, TokenError> {
    let named = request.client_id().cloned();
    let PresentedCredentials::Assertion { assertion, .. } = &request.credentials else {
        return named.ok_or(TokenRequestError::MissingClient.into());
    };
    let asserted = ClientAssertion::unverified_client_id(assertion.expose(), &Limits::default())
        .map_err(TokenError::Assertion)?;
    match named {
        Some(named) if named != asserted => Err(TokenError::ClientsDiffer),
        _ => Ok(asserted),
    }
}

/// Checks that the request is the client's.
///
/// `client` is what is registered under [`claimed_client`], if anything is. It must use exactly the method
/// it is registered for; anything else is `invalid_client`, and so is an unknown client.
///
/// # Errors
/// A [`TokenError`] for the rule that is broken.
pub fn authenticate<'a>(
    request: TokenRequest,
    client: Option<&'a Client>,
    policy: &'a Policy,
    now: NumericDate,
    crypto: &CryptoProvider,
) -> Result<Authentication<'a>, TokenError> {
    let claimed = claimed_client(&request)?;
    let client = client.filter(|client| client.client_id == claimed).ok_or(TokenError::UnknownClient)?;
    let TokenRequest { credentials, grant, .. } = request;
    let authenticated = AuthenticatedRequest { client, policy, grant };
    let right = match (&client.authentication, &credentials) {
        (ClientAuthentication::None, PresentedCredentials::None { .. }) => true,
        (
            ClientAuthentication::ClientSecretBasic { secret },
            PresentedCredentials::Basic { client_secret, .. },
        )
        | (
            ClientAuthentication::ClientSecretPost { secret },
            PresentedCredentials::Post { client_secret, .. },
        ) => secret.matches(client_secret, crypto),
        (
            ClientAuthentication::PrivateKeyJwt { keys, algorithm },
            PresentedCredentials::Assertion { assertion_type, assertion, .. },
        ) if assertion_type == JWT_BEARER_ASSERTION_TYPE => {
            let check = authenticated.check_assertion(assertion, keys, *algorithm, now, crypto)?;
            return Ok(Authentication::CheckReplay(check));
        }
        (registered, presented) => {
            return Err(TokenError::MethodNotRegistered {
                registered: registered.method(),
                presented: method_of(presented),
            });
        }
    };
    if right { Ok(Authentication::Done(authenticated)) } else { Err(TokenError::SecretWrong) }
}

/// Whether the client is who it claims to be.
#[derive(Debug)]
#[must_use]
pub enum Authentication<'a> {
    /// It is.
    Done(AuthenticatedRequest<'a>),
    /// It is, if its assertion was not used before.
    CheckReplay(ReplayCheck<'a>),
}

/// An assertion that is valid, if it was not used before ([Core §9], `jti`).
///
/// [Core §9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
#[derive(Debug)]
#[must_use]
pub struct ReplayCheck<'a> {
    authenticated: AuthenticatedRequest<'a>,
    key: ReplayKey,
    expires_at: NumericDate,
}

impl<'a> ReplayCheck<'a> {
    /// What must be new, for [`ReplayStore::insert_if_absent`](crate::storage::ReplayStore::insert_if_absent).
    pub fn key(&self) -> &ReplayKey {
        &self.key
    }

    /// Until when it must be remembered.
    pub fn expires_at(&self) -> NumericDate {
        self.expires_at
    }

    /// Goes on with the store's answer.
    ///
    /// # Errors
    /// [`TokenError::AssertionReplayed`]
    pub fn seen(self, answer: ReplayUse) -> Result<AuthenticatedRequest<'a>, TokenError> {
        match answer {
            ReplayUse::Fresh => Ok(self.authenticated),
            ReplayUse::Seen => Err(TokenError::AssertionReplayed),
        }
    }
}

/// A request of a client that has proven who it is, as far as it is registered to.
#[derive(Debug)]
#[must_use]
pub struct AuthenticatedRequest<'a> {
    client: &'a Client,
    policy: &'a Policy,
    grant: Grant,
}

impl<'a> AuthenticatedRequest<'a> {
    /// Who asks.
    pub fn client(&self) -> &'a Client {
        self.client
    }

    /// What the client presents.
    ///
    /// # Errors
    /// The grant type is not supported, or not registered for this client; `redirect_uri` is missing.
    pub fn exchange(self, crypto: &CryptoProvider) -> Result<Exchange<'a>, TokenError> {
        let Self { client, policy, grant } = self;
        let grant_type = grant.grant_type();
        if !GRANT_TYPES.contains(&grant_type) {
            return Err(TokenError::GrantTypeNotSupported(grant_type));
        }
        if !client.grant_types.contains(&grant_type) {
            return Err(TokenError::GrantTypeNotRegistered(grant_type));
        }
        match grant {
            Grant::AuthorizationCode { code, redirect_uri, code_verifier } => {
                let hash = CodeHash::of(code.expose(), crypto);
                // Every authorization request here has one, so every token request must.
                let missing = TokenRequestError::MissingParameter { name: "redirect_uri" };
                let redirect_uri = redirect_uri.ok_or(missing)?;
                Ok(Exchange::Code(CodeExchange { client, policy, hash, redirect_uri, code_verifier }))
            }
            Grant::RefreshToken { refresh_token, scope } => {
                let hash = TokenHash::of(refresh_token.expose(), crypto);
                Ok(Exchange::Refresh(RefreshExchange { client, policy, hash, scope }))
            }
            _ => Err(TokenError::GrantTypeNotSupported(grant_type)),
        }
    }

    fn check_assertion(
        self,
        assertion: &Secret,
        keys: &JwkSet,
        algorithm: JwsAlgorithm,
        now: NumericDate,
        crypto: &CryptoProvider,
    ) -> Result<ReplayCheck<'a>, TokenError> {
        let keys = VerifyingKeys::prepare(keys, &[algorithm], crypto).map_err(TokenError::ClientKeys)?;
        let client_id = self.client.client_id.clone();
        let issuer = client_id.as_str().to_owned();
        let verifier =
            ClientAssertionVerifier::new(client_id, AssertionAudience::issuer(&self.policy.issuer))
                .algorithm(algorithm)
                .max_lifetime(self.policy.client_assertion_lifetime)
                .leeway(self.policy.client_clock_leeway);
        let verified = verifier.verify(assertion.expose(), &keys, now).map_err(TokenError::Assertion)?;
        let key = ReplayKey { kind: ReplayKind::ClientAssertion, issuer, id: verified.jti.clone() };
        let expires_at = verifier.acceptable_until(&verified);
        Ok(ReplayCheck { authenticated: self, key, expires_at })
    }
}

/// What an authenticated client presents.
#[derive(Debug)]
#[must_use]
pub enum Exchange<'a> {
    /// An authorization code.
    Code(CodeExchange<'a>),
    /// A refresh token.
    Refresh(RefreshExchange<'a>),
}

/// The grant types that can be had at this endpoint.
pub(crate) const GRANT_TYPES: [GrantType; 2] = [GrantType::AUTHORIZATION_CODE, GrantType::REFRESH_TOKEN];

/// The client authentication methods of this endpoint.
pub(crate) const CLIENT_AUTH_METHODS: [ClientAuthMethod; 4] = [
    ClientAuthMethod::CLIENT_SECRET_BASIC,
    ClientAuthMethod::CLIENT_SECRET_POST,
    ClientAuthMethod::PRIVATE_KEY_JWT,
    ClientAuthMethod::NONE,
];

fn method_of(presented: &PresentedCredentials) -> ClientAuthMethod {
    match presented {
        PresentedCredentials::Basic { .. } => ClientAuthMethod::CLIENT_SECRET_BASIC,
        PresentedCredentials::Post { .. } => ClientAuthMethod::CLIENT_SECRET_POST,
        PresentedCredentials::Assertion { .. } => ClientAuthMethod::PRIVATE_KEY_JWT,
        _ => ClientAuthMethod::NONE,
    }
}
