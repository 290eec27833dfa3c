//! Redeeming a refresh token ([RFC 6749 §6], [Core §12]).
//!
//! [RFC 6749 §6]: https://www.rfc-editor.org/rfc/rfc6749#section-6
//! [Core §12]: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens

use avouch_claims::StandardClaims;
use avouch_jose::NumericDate;
use avouch_jose::crypto::{CryptoProvider, SecureRandom};
use avouch_types::{Scopes, SubjectIdentifier};

use super::issue::{Minted, UnstoredRotation};
use super::{PendingRevocation, Refusal, TokenError};
use crate::client::Client;
use crate::keys::ProviderKeys;
use crate::policy::Policy;
use crate::storage::{Grant, RefreshLookup, TokenHash};

/// An authenticated client presents a refresh token.
#[derive(Debug)]
#[must_use]
pub struct RefreshExchange<'a> {
    pub(super) client: &'a Client,
    pub(super) policy: &'a Policy,
    pub(super) hash: TokenHash,
    pub(super) scope: Option<Scopes>,
}

impl<'a> RefreshExchange<'a> {
    /// The hash of the token, for [`TokenStore::refresh`](crate::storage::TokenStore::refresh).
    pub fn token_hash(&self) -> &TokenHash {
        &self.hash
    }

    /// Judges the request by what the token stands for. The token is not spent yet.
    ///
    /// # Errors
    /// A [`Refusal`]: the token is unknown, expired, revoked or spent, another client's, or more scope is
    /// asked for than was granted.
    pub fn found(self, token: RefreshLookup) -> Result<RedeemedRefresh<'a>, Refusal> {
        let Self { client, policy, hash, scope } = self;
        let record = match token {
            RefreshLookup::Active(record) => *record,
            RefreshLookup::Unknown => return Err(TokenError::RefreshTokenUnknown.into()),
            RefreshLookup::Expired => return Err(TokenError::RefreshTokenExpired.into()),
            RefreshLookup::Revoked => return Err(TokenError::GrantRevoked.into()),
            // Nobody revokes another client's grant by presenting its token.
            RefreshLookup::Reused { client_id, .. } if client_id != client.client_id => {
                return Err(TokenError::RefreshTokenOfAnotherClient.into());
            }
            RefreshLookup::Reused { grant, .. } => {
                return Err(Refusal::Revoke(PendingRevocation::new(grant, TokenError::RefreshTokenReused)));
            }
        };
        if record.grant.client_id != client.client_id {
            return Err(TokenError::RefreshTokenOfAnotherClient.into());
        }
        let scopes = scope.unwrap_or_else(|| record.grant.scopes.clone());
        if !scopes.is_subset_of(&record.grant.scopes) {
            return Err(TokenError::ScopeBeyondGrant.into());
        }
        Ok(RedeemedRefresh { client, policy, hash, grant: record.grant, scopes })
    }
}

/// A refresh token that is good.
#[derive(Debug)]
#[must_use]
pub struct RedeemedRefresh<'a> {
    client: &'a Client,
    policy: &'a Policy,
    hash: TokenHash,
    grant: Grant,
    scopes: Scopes,
}

impl RedeemedRefresh<'_> {
    /// Whose data is granted; what is known about them goes into [`RedeemedRefresh::issue`].
    pub fn subject(&self) -> &SubjectIdentifier {
        &self.grant.subject
    }

    /// Makes an access token of the scope asked for, a refresh token of the whole grant, and, if the scope
    /// holds `openid`, an ID Token without `nonce` and with the first `auth_time` ([Core §12.2]).
    ///
    /// `person` is what is known about the subject; `None` if there is no such account any more.
    ///
    /// [Core §12.2]: https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse
    ///
    /// # Errors
    /// A [`TokenError`]: the account is gone, or the provider cannot sign or make random values.
    pub fn issue(
        self,
        person: Option<&StandardClaims>,
        keys: &ProviderKeys,
        now: NumericDate,
        rng: &dyn SecureRandom,
        crypto: &CryptoProvider,
    ) -> Result<UnstoredRotation, TokenError> {
        let Self { client, policy, hash, grant, scopes } = self;
        let person = person.ok_or(TokenError::SubjectGone)?;
        let minted =
            Minted { client, policy, grant: &grant, scopes: &scopes, nonce: None, refreshable: true };
        let (records, response) = minted.mint(person, keys, now, rng, crypto)?;
        Ok(UnstoredRotation::new(hash, client.client_id.clone(), records, response))
    }
}
