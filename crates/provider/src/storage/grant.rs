//! Grants: what a person allowed a client in one sign-in, and all tokens that came of it.

use std::fmt;
use std::future::Future;

use avouch_claims::ClaimsRequest;
use avouch_jose::NumericDate;
use avouch_jose::crypto::{RandomError, SecureRandom, random_token};
use avouch_types::{Acr, Amr, ClientId, LanguageTag, Nonce, Scopes, SubjectIdentifier};
use serde::{Deserialize, Serialize};

use super::{AccessRecord, RefreshRecord, Storage, TokenHash};

/// Names a grant. It is random, but no secret: knowing it gives nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GrantId(String);

impl GrantId {
    /// A new identifier of 128 random bits.
    ///
    /// # Errors
    /// The source of randomness failed.
    pub fn generate(rng: &dyn SecureRandom) -> Result<Self, RandomError> {
        Ok(Self(random_token(rng, 16)?))
    }

    /// The identifier that a store kept.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person allowed a client in one sign-in. It never changes; its tokens come and go, and when it
/// is revoked they all go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Grant {
    /// Names the grant.
    pub id: GrantId,
    /// Who may use it.
    pub client_id: ClientId,
    /// Who gave it.
    pub subject: SubjectIdentifier,
    /// The scopes granted, `openid` among them.
    pub scopes: Scopes,
    /// The `claims` parameter of the request ([Core §5.5]).
    ///
    /// [Core §5.5]: https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter
    pub claims: Option<ClaimsRequest>,
    /// The languages in which the request wants claims, the best first ([Core §5.2]). Empty in a record of a time when they
    /// were not kept.
    ///
    /// [Core §5.2]: https://openid.net/specs/openid-connect-core-1_0.html#ClaimsLanguagesAndScripts
    #[serde(default)]
    pub claims_locales: Vec<LanguageTag>,
    /// When the person authenticated; the `auth_time` of every ID Token of this grant.
    pub auth_time: NumericDate,
    /// How strongly, if that is known.
    pub acr: Option<Acr>,
    /// By which means.
    pub amr: Vec<Amr>,
    /// The `nonce` of the request, for the first ID Token.
    pub nonce: Option<Nonce>,
    /// When it was given.
    pub created_at: NumericDate,
    /// When the last token that can come of it is over. A store may forget the grant and all its rows
    /// from this instant on, and not before.
    pub expires_at: NumericDate,
}

impl Grant {
    /// A grant of these scopes, with nothing optional set.
    #[must_use]
    pub fn new(
        id: GrantId,
        client_id: ClientId,
        subject: SubjectIdentifier,
        scopes: Scopes,
        auth_time: NumericDate,
        created_at: NumericDate,
        expires_at: NumericDate,
    ) -> Self {
        Self {
            id,
            client_id,
            subject,
            scopes,
            claims: None,
            claims_locales: Vec::new(),
            auth_time,
            acr: None,
            amr: Vec::new(),
            nonce: None,
            created_at,
            expires_at,
        }
    }
}

/// The tokens of one token response, as they are stored.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NewTokens {
    /// The access token.
    pub access: NewAccessToken,
    /// The refresh token, if one is issued.
    pub refresh: Option<NewRefreshToken>,
}

impl NewTokens {
    /// An access token and perhaps a refresh token.
    #[must_use]
    pub fn new(access: NewAccessToken, refresh: Option<NewRefreshToken>) -> Self {
        Self { access, refresh }
    }
}

/// An access token to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAccessToken {
    /// SHA-256 of the token.
    pub hash: TokenHash,
    /// What it stands for.
    pub record: AccessRecord,
}

/// A refresh token to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRefreshToken {
    /// SHA-256 of the token.
    pub hash: TokenHash,
    /// What it stands for.
    pub record: RefreshRecord,
}

/// The grants, and every change to tokens that must be atomic with a grant's revocation.
///
/// The race that these four acts decide: A consumes a code; B presents it again and revokes the grant; A
/// adds its tokens. A must be told [`AddTokens::GrantRevoked`] and none of A's tokens may live.
pub trait GrantStore: Storage {
    /// Opens the grant. It is done before the code that leads to it is inserted.
    ///
    /// # Errors
    /// The grant is not open.
    fn open(&self, grant: Grant) -> impl Future<Output = Result<OpenGrant, Self::Error>> + Send;

    /// Adds the first tokens of the grant unless it is revoked: all of them or none.
    ///
    /// # Errors
    /// Nothing was added.
    fn add_tokens(
        &self,
        grant: &GrantId,
        tokens: NewTokens,
        now: NumericDate,
    ) -> impl Future<Output = Result<AddTokens, Self::Error>> + Send;

    /// Spends the refresh token `old` and adds its successors to the same grant, in one act: of any
    /// number of callers with the same `old` exactly one is told [`RotateTokens::Rotated`]. On any other
    /// answer nothing is added and nothing spent.
    ///
    /// The first answer that is true counts: unknown, reused, revoked, expired. A spent token answers
    /// [`RotateTokens::Reused`] for as long as its grant is kept.
    ///
    /// # Errors
    /// Nothing was spent and nothing added.
    fn rotate(
        &self,
        old: &TokenHash,
        tokens: NewTokens,
        now: NumericDate,
    ) -> impl Future<Output = Result<RotateTokens, Self::Error>> + Send;

    /// Revokes the grant with everything that came of it. The mark stays until the grant is forgotten,
    /// so that [`GrantStore::add_tokens`], [`GrantStore::rotate`] and both look-ups of
    /// [`TokenStore`](super::TokenStore) see it.
    ///
    /// # Errors
    /// The grant was not revoked.
    fn revoke(
        &self,
        grant: &GrantId,
        now: NumericDate,
    ) -> impl Future<Output = Result<RevokeGrant, Self::Error>> + Send;
}

/// The answer of [`GrantStore::open`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum OpenGrant {
    /// The grant is open.
    Opened,
    /// There is a grant of this name already, and it is unchanged. With real randomness that does not happen.
    Exists,
}

/// The answer of [`GrantStore::add_tokens`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum AddTokens {
    /// All tokens are stored.
    Stored,
    /// The grant was revoked; nothing is stored.
    GrantRevoked,
    /// There is no such grant (any more); nothing is stored.
    GrantUnknown,
}

/// The answer of [`GrantStore::rotate`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum RotateTokens {
    /// The old token is spent and its successors are stored.
    Rotated,
    /// The old token was spent before: somebody has a copy ([RFC 9700 §4.14.2]). The provider revokes
    /// the grant when the client that presents the token is the one it was issued to.
    ///
    /// [RFC 9700 §4.14.2]: https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
    Reused {
        /// The grant that the token belongs to.
        grant: GrantId,
        /// The client that the token was issued to.
        client_id: ClientId,
    },
    /// The grant was revoked.
    Revoked,
    /// The token is too old.
    Expired,
    /// There is no such token.
    Unknown,
}

/// The answer of [`GrantStore::revoke`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum RevokeGrant {
    /// The grant is revoked now.
    Revoked,
    /// It was revoked before.
    AlreadyRevoked,
    /// There is no such grant (any more).
    Unknown,
}
