//! Access and refresh tokens, looked up by what was presented.

use std::future::Future;

use avouch_claims::ClaimsRequest;
use avouch_jose::NumericDate;
use avouch_types::{ClientId, LanguageTag, Scopes, SubjectIdentifier};
use serde::{Deserialize, Serialize};

use super::{Grant, GrantId, Storage, TokenHash};

/// What an access token stands for. The token itself is not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessRecord {
    /// The grant it came of.
    pub grant: GrantId,
    /// Who it was issued to.
    pub client_id: ClientId,
    /// Whose data it opens.
    pub subject: SubjectIdentifier,
    /// What it may be used for.
    pub scopes: Scopes,
    /// The `claims` parameter of the request.
    pub claims: Option<ClaimsRequest>,
    /// The languages in which the request wants claims, the best first. Empty in a record of a time when they were not kept.
    #[serde(default)]
    pub claims_locales: Vec<LanguageTag>,
    /// From this instant on it is refused.
    pub expires_at: NumericDate,
}

impl AccessRecord {
    /// An access token of the grant for these scopes.
    #[must_use]
    pub fn new(grant: &Grant, scopes: Scopes, expires_at: NumericDate) -> Self {
        Self {
            grant: grant.id.clone(),
            client_id: grant.client_id.clone(),
            subject: grant.subject.clone(),
            scopes,
            claims: grant.claims.clone(),
            claims_locales: grant.claims_locales.clone(),
            expires_at,
        }
    }
}

/// What a refresh token stands for: the whole grant, always ([RFC 6749 §6]). The token itself is not in it.
///
/// [RFC 6749 §6]: https://www.rfc-editor.org/rfc/rfc6749#section-6
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RefreshRecord {
    /// The grant it came of; its `client_id` is the client that the token was issued to.
    pub grant: Grant,
    /// When it was issued.
    pub issued_at: NumericDate,
    /// From this instant on it is refused.
    pub expires_at: NumericDate,
}

impl RefreshRecord {
    /// A refresh token of the grant.
    #[must_use]
    pub fn new(grant: Grant, issued_at: NumericDate, expires_at: NumericDate) -> Self {
        Self { grant, issued_at, expires_at }
    }
}

/// Reads tokens. Everything that changes them is in [`GrantStore`](super::GrantStore).
pub trait TokenStore: Storage {
    /// Looks an access token up. The first answer that is true counts: unknown, revoked, expired, active.
    ///
    /// # Errors
    /// The store could not be asked.
    fn access(
        &self,
        hash: &TokenHash,
        now: NumericDate,
    ) -> impl Future<Output = Result<AccessLookup, Self::Error>> + Send;

    /// Looks a refresh token up without spending it. The first answer that is true counts: unknown,
    /// reused, revoked, expired, active.
    ///
    /// # Errors
    /// The store could not be asked.
    fn refresh(
        &self,
        hash: &TokenHash,
        now: NumericDate,
    ) -> impl Future<Output = Result<RefreshLookup, Self::Error>> + Send;
}

/// The answer of [`TokenStore::access`].
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum AccessLookup {
    /// The token is good.
    Active(Box<AccessRecord>),
    /// Its grant was revoked.
    Revoked,
    /// It is too old.
    Expired,
    /// There is no such token.
    Unknown,
}

/// The answer of [`TokenStore::refresh`].
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum RefreshLookup {
    /// The token is good.
    Active(Box<RefreshRecord>),
    /// It was spent before; see [`RotateTokens::Reused`](super::RotateTokens::Reused).
    Reused {
        /// The grant that the token belongs to.
        grant: GrantId,
        /// The client that the token was issued to.
        client_id: ClientId,
    },
    /// Its grant was revoked.
    Revoked,
    /// It is too old.
    Expired,
    /// There is no such token.
    Unknown,
}
