//! Who is signed in at the provider.

use std::future::Future;

use avouch_jose::NumericDate;
use avouch_types::{Acr, Amr, SubjectIdentifier};
use serde::{Deserialize, Serialize};

use super::{SessionHash, Storage};

/// A person signed in at the provider, in one browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Session {
    /// Who it is.
    pub subject: SubjectIdentifier,
    /// When they last authenticated actively.
    pub auth_time: NumericDate,
    /// How strongly, if that is known.
    pub acr: Option<Acr>,
    /// By which means.
    pub amr: Vec<Amr>,
    /// From this instant on they are not signed in any more.
    pub expires_at: NumericDate,
}

impl Session {
    /// A session of somebody who has just authenticated, without `acr` and `amr`.
    #[must_use]
    pub fn new(subject: SubjectIdentifier, auth_time: NumericDate, expires_at: NumericDate) -> Self {
        Self { subject, auth_time, acr: None, amr: Vec::new(), expires_at }
    }
}

/// The sessions.
pub trait SessionStore: Storage {
    /// Starts a session under the hash of a fresh identifier and, in the same act, ends the one it
    /// replaces: an identifier from before a login is worth nothing after it.
    ///
    /// # Errors
    /// Nothing was started and nothing ended.
    fn start(
        &self,
        hash: &SessionHash,
        session: Session,
        replaces: Option<&SessionHash>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The session; `None` if there is none or it is over.
    ///
    /// # Errors
    /// The store could not be asked.
    fn session(
        &self,
        hash: &SessionHash,
        now: NumericDate,
    ) -> impl Future<Output = Result<Option<Session>, Self::Error>> + Send;

    /// Ends the session; that there was none is no error.
    ///
    /// # Errors
    /// It may still live.
    fn end(&self, hash: &SessionHash) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
