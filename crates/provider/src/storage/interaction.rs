//! Authorization requests that wait for a person.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;

use avouch_jose::NumericDate;
use avouch_types::{ClientId, Form, FormLimits, Scopes, SubjectIdentifier};
use serde::{Deserialize, Serialize};

use super::{BrowserHash, InteractionHash, Storage};

/// An authorization request that waits until a person has signed in, chosen or agreed.
///
/// It keeps the request as it was received, not what was made of it: when it goes on, everything is
/// checked again against the client as it is then. Its one token, the `id_token_hint`, is not kept; only
/// the subject it named is.
///
/// Of the request and of the person, `Debug` shows the names of the parameters only.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PendingInteraction {
    /// Who asked.
    pub client_id: ClientId,
    /// The request's parameters, form-encoded as received, without `id_token_hint`.
    pub request: String,
    /// The subject named by the verified `id_token_hint`.
    pub hinted_subject: Option<SubjectIdentifier>,
    /// The browser that the request came from; only this one may go on.
    pub browser: BrowserHash,
    /// When the request arrived. A login counts for `prompt=login` only if it is not older.
    pub started_at: NumericDate,
    /// What has been done so far.
    pub progress: Progress,
    /// From this instant on it cannot go on.
    pub expires_at: NumericDate,
}

impl PendingInteraction {
    /// A request that nothing has been done for yet.
    #[must_use]
    pub fn new(
        client_id: ClientId,
        request: String,
        browser: BrowserHash,
        started_at: NumericDate,
        expires_at: NumericDate,
    ) -> Self {
        let progress = Progress::default();
        Self { client_id, request, hinted_subject: None, browser, started_at, progress, expires_at }
    }
}

impl fmt::Debug for PendingInteraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = Form::parse_noting_repeats(self.request.as_bytes(), &FormLimits::default());
        f.debug_struct("PendingInteraction")
            .field("client_id", &self.client_id)
            .field("request", &request.unwrap_or_default())
            .field("started_at", &self.started_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What the person has done for a pending request so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progress {
    /// The login made for it. It counts only with the very session that it started.
    #[serde(default)]
    pub logged_in: Option<LoginDone>,
    /// The account they chose. While somebody else is signed in, nothing goes on.
    pub account: Option<SubjectIdentifier>,
    /// What they agreed to.
    pub consent: Option<Agreed>,
}

/// A login made for a pending request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginDone {
    /// Who logged in.
    pub subject: SubjectIdentifier,
    /// When.
    pub auth_time: NumericDate,
}

/// What somebody agreed to on the consent page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Who agreed.
    pub subject: SubjectIdentifier,
    /// The scopes.
    pub scopes: Scopes,
    /// Names of single claims.
    pub claims: BTreeSet<String>,
}

/// The authorization requests that wait.
pub trait InteractionStore: Storage {
    /// Keeps a pending request under the hash of its identifier, which is fresh.
    ///
    /// # Errors
    /// It was not kept.
    fn put(
        &self,
        hash: &InteractionHash,
        pending: PendingInteraction,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The pending request, to show what it is about; `None` if there is none or it is over.
    ///
    /// # Errors
    /// The store could not be asked.
    fn pending(
        &self,
        hash: &InteractionHash,
        now: NumericDate,
    ) -> impl Future<Output = Result<Option<PendingInteraction>, Self::Error>> + Send;

    /// Takes the pending request out, in one act: of any number of callers at the same time exactly one
    /// gets it. `None` if there is none, if it is over, or if it is another browser's; that one stays.
    ///
    /// # Errors
    /// It is still there.
    fn take(
        &self,
        hash: &InteractionHash,
        browser: &BrowserHash,
        now: NumericDate,
    ) -> impl Future<Output = Result<Option<PendingInteraction>, Self::Error>> + Send;
}
