//! Redeeming an authorization code.

use avouch_claims::StandardClaims;
use avouch_jose::NumericDate;
use avouch_jose::crypto::{CryptoProvider, SecureRandom};
use avouch_types::{CodeVerifier, GrantType, RedirectUri, Scope, SubjectIdentifier};

use super::issue::{Minted, UnstoredTokens};
use super::{PendingRevocation, Refusal, TokenError};
use crate::client::Client;
use crate::keys::ProviderKeys;
use crate::policy::Policy;
use crate::storage::{CodeHash, CodeRecord, CodeUse, Grant};

/// An authenticated client presents a code.
#[derive(Debug)]
#[must_use]
pub struct CodeExchange<'a> {
    pub(super) client: &'a Client,
    pub(super) policy: &'a Policy,
    pub(super) hash: CodeHash,
    pub(super) redirect_uri: RedirectUri,
    pub(super) code_verifier: Option<CodeVerifier>,
}

impl<'a> CodeExchange<'a> {
    /// The hash of the code, for [`CodeStore::consume`](crate::storage::CodeStore::consume).
    pub fn code_hash(&self) -> &CodeHash {
        &self.hash
    }

    /// Judges the request by what the code stood for. The code is spent, whatever comes of it.
    ///
    /// # Errors
    /// A [`Refusal`]: the code is unknown, expired or spent, another client's, for another redirect URI, or
    /// its verifier is missing, wrong or not expected.
    pub fn consumed(self, code: CodeUse, crypto: &CryptoProvider) -> Result<RedeemedCode<'a>, Refusal> {
        let record = match code {
            CodeUse::First(record) => *record,
            CodeUse::Unknown => return Err(TokenError::CodeUnknown.into()),
            CodeUse::Expired => return Err(TokenError::CodeExpired.into()),
            // Nobody revokes another client's grant by presenting its code.
            CodeUse::Replay { client_id, .. } if client_id != self.client.client_id => {
                return Err(TokenError::CodeOfAnotherClient.into());
            }
            CodeUse::Replay { grant, .. } => {
                return Err(Refusal::Revoke(PendingRevocation::new(grant, TokenError::CodeReplayed)));
            }
        };
        self.check(&record, crypto)?;
        Ok(RedeemedCode { client: self.client, policy: self.policy, grant: record.grant })
    }

    fn check(&self, record: &CodeRecord, crypto: &CryptoProvider) -> Result<(), TokenError> {
        if record.grant.client_id != self.client.client_id {
            return Err(TokenError::CodeOfAnotherClient);
        }
        if record.redirect_uri != self.redirect_uri {
            return Err(TokenError::RedirectUriDiffers);
        }
        match (&record.code_challenge, &self.code_verifier) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(TokenError::VerifierUnexpected),
            (Some(_), None) => Err(TokenError::VerifierMissing),
            (Some(challenge), Some(verifier)) => {
                let matches = challenge.matches(verifier, |octets| crypto.sha256(octets));
                if matches { Ok(()) } else { Err(TokenError::VerifierWrong) }
            }
        }
    }
}

/// A code that was good. It is spent; tokens can be issued for it once.
#[derive(Debug)]
#[must_use]
pub struct RedeemedCode<'a> {
    client: &'a Client,
    policy: &'a Policy,
    grant: Grant,
}

impl RedeemedCode<'_> {
    /// Whose data is granted; what is known about them goes into [`RedeemedCode::issue`].
    pub fn subject(&self) -> &SubjectIdentifier {
        &self.grant.subject
    }

    /// Makes an access token and an ID Token, and a refresh token if `offline_access` was granted.
    ///
    /// `person` is what is known about the subject; `None` if there is no such account any more.
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
    ) -> Result<UnstoredTokens, TokenError> {
        let Self { client, policy, grant } = self;
        let person = person.ok_or(TokenError::SubjectGone)?;
        let refreshable = grant.scopes.contains(&Scope::OFFLINE_ACCESS)
            && client.grant_types.contains(&GrantType::REFRESH_TOKEN);
        let minted = Minted {
            client,
            policy,
            grant: &grant,
            scopes: &grant.scopes,
            nonce: grant.nonce.as_ref(),
            refreshable,
        };
        let (records, response) = minted.mint(person, keys, now, rng, crypto)?;
        Ok(UnstoredTokens::new(grant.id, records, response))
    }
}
