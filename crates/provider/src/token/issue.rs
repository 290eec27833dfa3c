//! Tokens, and the records to store before anybody gets them.

use avouch_claims::{ConsentTo, ReleaseInput, ReleasePlan, StandardClaims};
use avouch_jose::NumericDate;
use avouch_jose::crypto::{CryptoProvider, SecureRandom, random_token};
use avouch_messages::TokenResponse;
use avouch_tokens::IdTokenClaims;
use avouch_types::{AccessToken, ClientId, Nonce, RefreshToken, Scope, Scopes, Secret, TokenType};

use super::{PendingRevocation, Refusal, TokenError};
use crate::client::Client;
use crate::keys::ProviderKeys;
use crate::policy::Policy;
use crate::storage::{
    AccessRecord, AddTokens, Grant, GrantId, NewAccessToken, NewRefreshToken, NewTokens, RefreshRecord,
    RotateTokens, TokenHash,
};

/// What is to be made for one token response.
pub(super) struct Minted<'a> {
    pub(super) client: &'a Client,
    pub(super) policy: &'a Policy,
    pub(super) grant: &'a Grant,
    /// Of the access token; a refresh token is always of the whole grant.
    pub(super) scopes: &'a Scopes,
    /// Of the ID Token.
    pub(super) nonce: Option<&'a Nonce>,
    /// Whether there is to be a refresh token.
    pub(super) refreshable: bool,
}

impl Minted<'_> {
    pub(super) fn mint(
        self,
        person: &StandardClaims,
        keys: &ProviderKeys,
        now: NumericDate,
        rng: &dyn SecureRandom,
        crypto: &CryptoProvider,
    ) -> Result<(NewTokens, TokenResponse), TokenError> {
        // Nothing outlives the grant: from then on the store may forget that it was revoked.
        let until = |lifetime| now.saturating_add(lifetime).min(self.grant.expires_at);
        let access_token = AccessToken::new(random_token(rng, 32)?);
        let access = NewAccessToken {
            hash: TokenHash::of(access_token.expose(), crypto),
            record: AccessRecord::new(
                self.grant,
                self.scopes.clone(),
                until(self.policy.access_token_lifetime),
            ),
        };
        let mut response = TokenResponse::new(access_token, TokenType::BEARER);
        response.expires_in = Some(access.record.expires_at.saturating_since(now).as_secs());
        response.scope = Some(self.scopes.clone());
        if self.scopes.contains(&Scope::OPENID) {
            response.id_token =
                Some(Secret::new(self.id_token(&response.access_token, person, keys, now, crypto)?));
        }
        let mut refresh = None;
        if self.refreshable {
            let refresh_token = RefreshToken::new(random_token(rng, 32)?);
            refresh = Some(NewRefreshToken {
                hash: TokenHash::of(refresh_token.expose(), crypto),
                record: RefreshRecord::new(
                    self.grant.clone(),
                    now,
                    until(self.policy.refresh_token_lifetime),
                ),
            });
            response.refresh_token = Some(refresh_token);
        }
        Ok((NewTokens::new(access, refresh), response))
    }

    fn id_token(
        &self,
        access_token: &AccessToken,
        person: &StandardClaims,
        keys: &ProviderKeys,
        now: NumericDate,
        crypto: &CryptoProvider,
    ) -> Result<String, TokenError> {
        let algorithm = self.client.id_token_signed_response_alg;
        let key = keys.signer(algorithm).ok_or(TokenError::NoSigningKey(algorithm))?;
        let grant = self.grant;
        let asked = ReleaseInput::new(self.scopes, ConsentTo::Everything)
            .with_request(grant.claims.as_ref())
            .with_claims_locales(&grant.claims_locales);
        let plan = ReleasePlan::new(&self.policy.release, &asked);
        let mut claims = IdTokenClaims::new(
            &self.policy.issuer,
            grant.subject.clone(),
            &grant.client_id,
            now,
            self.policy.id_token_lifetime,
        )
        .with_access_token(access_token, algorithm, crypto);
        // Always there: `max_age` and `claims` can demand it, and nobody is harmed by it.
        claims.auth_time = Some(grant.auth_time);
        claims.nonce = self.nonce.cloned();
        claims.acr = grant.acr.clone();
        claims.amr = Some(grant.amr.clone()).filter(|amr| !amr.is_empty());
        claims.claims = StandardClaims::from_members(plan.id_token().select(person));
        Ok(claims.sign(key)?)
    }
}

/// Tokens for a code that are not stored yet.
#[derive(Debug)]
#[must_use]
pub struct UnstoredTokens {
    grant: GrantId,
    records: NewTokens,
    response: TokenResponse,
}

impl UnstoredTokens {
    pub(super) fn new(grant: GrantId, records: NewTokens, response: TokenResponse) -> Self {
        Self { grant, records, response }
    }

    /// The grant, for [`GrantStore::add_tokens`](crate::storage::GrantStore::add_tokens).
    pub fn grant(&self) -> &GrantId {
        &self.grant
    }

    /// The records, for [`GrantStore::add_tokens`](crate::storage::GrantStore::add_tokens).
    pub fn records(&self) -> &NewTokens {
        &self.records
    }

    /// The response, once the records are stored.
    ///
    /// # Errors
    /// [`TokenError::GrantRevoked`]: in the meantime the code was presented once more.
    pub fn stored(self, answer: AddTokens) -> Result<TokenResponse, TokenError> {
        match answer {
            AddTokens::Stored => Ok(self.response),
            AddTokens::GrantRevoked | AddTokens::GrantUnknown => Err(TokenError::GrantRevoked),
        }
    }
}

/// Tokens for a refresh token that are not stored yet.
#[derive(Debug)]
#[must_use]
pub struct UnstoredRotation {
    old: TokenHash,
    client_id: ClientId,
    records: NewTokens,
    response: TokenResponse,
}

impl UnstoredRotation {
    pub(super) fn new(
        old: TokenHash,
        client_id: ClientId,
        records: NewTokens,
        response: TokenResponse,
    ) -> Self {
        Self { old, client_id, records, response }
    }

    /// The token to spend, for [`GrantStore::rotate`](crate::storage::GrantStore::rotate).
    pub fn old(&self) -> &TokenHash {
        &self.old
    }

    /// The records, for [`GrantStore::rotate`](crate::storage::GrantStore::rotate).
    pub fn records(&self) -> &NewTokens {
        &self.records
    }

    /// The response, once the old token is spent and the records are stored.
    ///
    /// # Errors
    /// A [`Refusal`]: in the meantime somebody else spent the token, or the grant was revoked.
    pub fn rotated(self, answer: RotateTokens) -> Result<TokenResponse, Refusal> {
        match answer {
            RotateTokens::Rotated => Ok(self.response),
            RotateTokens::Unknown => Err(TokenError::RefreshTokenUnknown.into()),
            RotateTokens::Expired => Err(TokenError::RefreshTokenExpired.into()),
            RotateTokens::Revoked => Err(TokenError::GrantRevoked.into()),
            RotateTokens::Reused { client_id, .. } if client_id != self.client_id => {
                Err(TokenError::RefreshTokenOfAnotherClient.into())
            }
            RotateTokens::Reused { grant, .. } => {
                Err(Refusal::Revoke(PendingRevocation::new(grant, TokenError::RefreshTokenReused)))
            }
        }
    }
}
