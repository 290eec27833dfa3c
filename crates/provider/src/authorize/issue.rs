//! The authorization code.

use avouch_jose::NumericDate;
use avouch_jose::crypto::{CryptoProvider, RandomError, SecureRandom, random_token};
use avouch_types::{AuthorizationCode, Scope};

use super::{AuthorizedRequest, CodeResponse};
use crate::storage::{CodeHash, CodeRecord, Grant, GrantId, InsertCode, OpenGrant};

impl AuthorizedRequest<'_> {
    /// Makes the code, of 256 random bits, and the records to store.
    ///
    /// # Errors
    /// The source of randomness failed.
    pub fn issue_code(
        self,
        now: NumericDate,
        rng: &dyn SecureRandom,
        crypto: &CryptoProvider,
    ) -> Result<UnstoredCode, RandomError> {
        let Self { request, session, granted, .. } = self;
        let policy = request.policy();
        let lifetime = if granted.contains(&Scope::OFFLINE_ACCESS) {
            policy.offline_grant_lifetime
        } else {
            policy.code_lifetime.saturating_add(policy.access_token_lifetime)
        };
        let mut grant = Grant::new(
            GrantId::generate(rng)?,
            request.client().client_id.clone(),
            session.subject,
            granted,
            session.auth_time,
            now,
            now.saturating_add(lifetime),
        );
        grant.claims = request.claims().cloned();
        grant.claims_locales = request.parameters().claims_locales.clone();
        grant.acr = session.acr;
        grant.amr = session.amr;
        grant.nonce = request.parameters().nonce.clone();
        let code = AuthorizationCode::new(random_token(rng, 32)?);
        let hash = CodeHash::of(code.expose(), crypto);
        let challenge = request.parameters().code_challenge.clone();
        let expires_at = now.saturating_add(policy.code_lifetime);
        let record = CodeRecord::new(grant, request.redirect_uri().clone(), challenge, expires_at);
        Ok(UnstoredCode { hash, record, response: request.code_response(code) })
    }
}

/// A code that is not stored yet.
///
/// Open the grant first, then insert the code; [`UnstoredCode::stored`] gives the response for both answers.
#[derive(Debug)]
#[must_use]
pub struct UnstoredCode {
    hash: CodeHash,
    record: CodeRecord,
    response: CodeResponse,
}

impl UnstoredCode {
    /// The grant, for [`GrantStore::open`](crate::storage::GrantStore::open).
    pub fn grant(&self) -> &Grant {
        &self.record.grant
    }

    /// The key for [`CodeStore::insert`](crate::storage::CodeStore::insert).
    pub fn code_hash(&self) -> &CodeHash {
        &self.hash
    }

    /// The record for [`CodeStore::insert`](crate::storage::CodeStore::insert).
    pub fn record(&self) -> &CodeRecord {
        &self.record
    }

    /// The response, once both are stored.
    ///
    /// # Errors
    /// [`NotStored`]: something of the same name was there before. The randomness is broken.
    pub fn stored(self, grant: OpenGrant, code: InsertCode) -> Result<CodeResponse, NotStored> {
        match (grant, code) {
            (OpenGrant::Opened, InsertCode::Inserted) => Ok(self.response),
            (OpenGrant::Exists, _) => Err(NotStored::Grant),
            (OpenGrant::Opened, InsertCode::Exists) => Err(NotStored::Code),
        }
    }
}

/// A freshly made name was taken, which does not happen as long as randomness is random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotStored {
    /// The grant's.
    #[error("a grant of this fresh identifier exists already")]
    Grant,
    /// The code's.
    #[error("a code of this fresh hash exists already")]
    Code,
}
