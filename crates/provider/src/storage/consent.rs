//! What people have allowed which client.

use std::collections::BTreeSet;
use std::future::Future;

use avouch_jose::NumericDate;
use avouch_types::{ClientId, Scopes, SubjectIdentifier};
use serde::{Deserialize, Serialize};

use super::Storage;

/// What one person has allowed one client, remembered so that the question is not asked again
/// ([Core §3.1.2.4]).
///
/// [Core §3.1.2.4]: https://openid.net/specs/openid-connect-core-1_0.html#Consent
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Consent {
    /// Who allowed it.
    pub subject: SubjectIdentifier,
    /// Who was allowed.
    pub client_id: ClientId,
    /// The scopes allowed.
    pub scopes: Scopes,
    /// Names of claims allowed one by one, beyond what the scopes give (the `claims` parameter).
    pub claims: BTreeSet<String>,
    /// When it was last given.
    pub given_at: NumericDate,
}

impl Consent {
    /// A consent to these scopes and to no single claims.
    #[must_use]
    pub fn new(
        subject: SubjectIdentifier,
        client_id: ClientId,
        scopes: Scopes,
        claims: BTreeSet<String>,
        given_at: NumericDate,
    ) -> Self {
        Self { subject, client_id, scopes, claims, given_at }
    }
}

/// The consents given.
pub trait ConsentStore: Storage {
    /// What this person has allowed this client; `None` if nothing.
    ///
    /// # Errors
    /// The store could not be asked.
    fn consent(
        &self,
        subject: &SubjectIdentifier,
        client_id: &ClientId,
    ) -> impl Future<Output = Result<Option<Consent>, Self::Error>> + Send;

    /// Keeps the consent; it replaces the one the same person gave the same client before.
    ///
    /// # Errors
    /// It was not kept.
    fn remember(&self, consent: Consent) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
