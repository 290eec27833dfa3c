//! Requests that waited for a person, and go on.

use avouch_jose::NumericDate;
use avouch_jose::crypto::SecureRandom;
use avouch_types::{Acr, Amr, Scopes, SubjectIdentifier};

use super::{
    AuthorizeOutcome, Browser, EndpointError, Interaction, InteractionId, Provider, Refused, SessionId,
};
use crate::authorize::{Evaluation, NotResumed};
use crate::storage::{Session, Store};

/// What a person did for a waiting request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InteractionResult {
    /// They authenticated just now.
    LoggedIn(Login),
    /// They chose to go on as who they are signed in as.
    AccountChosen {
        /// Whom the page named. If somebody else is signed in by now, they are asked again.
        subject: SubjectIdentifier,
    },
    /// They allowed these scopes, out of those asked for, and the single claims asked for. It counts if
    /// consent was what was needed.
    Consented {
        /// Whom the page named. If somebody else is signed in by now, they are asked which account is meant.
        subject: SubjectIdentifier,
        /// The scopes; without `openid` it is a no.
        scopes: Scopes,
    },
    /// They said no.
    Denied,
    /// Nothing: what was needed has been done elsewhere.
    Nothing,
}

/// A person who has just authenticated. The host answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Login {
    /// Who it is.
    pub subject: SubjectIdentifier,
    /// How strongly, if that is known.
    pub acr: Option<Acr>,
    /// By which means.
    pub amr: Vec<Amr>,
}

impl Login {
    /// A login of which no more is known than who it was.
    #[must_use]
    pub fn new(subject: SubjectIdentifier) -> Self {
        Self { subject, acr: None, amr: Vec::new() }
    }
}

/// A waiting request that went on.
#[derive(Debug)]
#[must_use]
pub struct Resumed<E> {
    /// After a login: the session that replaces the old one. Its cookie is to be set whatever the outcome.
    pub session: Option<NewSession>,
    /// What becomes of the request.
    pub outcome: AuthorizeOutcome<E>,
}

/// A session that was started.
#[derive(Debug)]
pub struct NewSession {
    /// For the cookie.
    pub id: SessionId,
    /// When it is over.
    pub expires_at: NumericDate,
}

impl<S: Store> Provider<S> {
    /// What a waiting request needs now, to show its page once more; `None` if nothing is needed any more,
    /// and [`Provider::resume`] with [`InteractionResult::Nothing`] will do.
    ///
    /// # Errors
    /// [`Refused`]: there is no such request in this browser, it would not be accepted any more, or the
    /// store failed.
    pub async fn interaction(
        &self,
        id: &InteractionId,
        browser: Browser<'_>,
        now: NumericDate,
    ) -> Result<Option<Interaction>, Refused<S::Error>> {
        let pending = self.store.pending(&id.hash(&self.crypto), now).await.map_err(Refused::store)?;
        let own = browser.id.hash(&self.crypto);
        let pending = pending
            .and_then(|pending| pending.in_browser(&own, now))
            .ok_or_else(|| Refused::new(EndpointError::InteractionGone))?;
        let client = self.store.client(pending.client_id()).await.map_err(Refused::store)?;
        let valid = match pending.resume(client.as_ref(), &self.policy) {
            Ok(valid) => valid,
            Err(NotResumed::Error(_)) => return Ok(None),
            Err(refused) => return Err(Refused::new(refused)),
        };
        let session = self.session(browser, now).await.map_err(Refused::store)?;
        match self.evaluate(valid, session.as_ref(), now).await.map_err(Refused::new)? {
            Evaluation::Interact(waiting) => Ok(Some(Interaction::of(&waiting, id.clone()))),
            Evaluation::Proceed(_) | Evaluation::Refuse(_) => Ok(None),
        }
    }

    /// Goes on with a waiting request after a person has done something.
    ///
    /// The request is taken out of the store: the same step cannot be done twice. It is checked again from
    /// the beginning, against the client as it is registered now; and if it has to wait once more it gets a
    /// new identifier.
    pub async fn resume(
        &self,
        id: &InteractionId,
        browser: Browser<'_>,
        result: InteractionResult,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Resumed<S::Error> {
        let mut session = None;
        let outcome = self.resume_or_refuse(id, browser, result, &mut session, now, rng).await;
        Resumed { session, outcome: outcome.unwrap_or_else(AuthorizeOutcome::Refuse) }
    }

    async fn resume_or_refuse(
        &self,
        id: &InteractionId,
        browser: Browser<'_>,
        result: InteractionResult,
        started: &mut Option<NewSession>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<AuthorizeOutcome<S::Error>, Refused<S::Error>> {
        let own = browser.id.hash(&self.crypto);
        let taken = self.store.take(&id.hash(&self.crypto), &own, now).await.map_err(Refused::store)?;
        let pending = taken
            .and_then(|pending| pending.in_browser(&own, now))
            .ok_or_else(|| Refused::new(EndpointError::InteractionGone))?;
        let session = match &result {
            InteractionResult::LoggedIn(login) => {
                let (new, session) = self.start_session(login, browser, now, rng).await?;
                *started = Some(new);
                Some(session)
            }
            _ => self.session(browser, now).await.map_err(Refused::store)?,
        };
        let client = self.store.client(pending.client_id()).await.map_err(Refused::store)?;
        let valid = match pending.resume(client.as_ref(), &self.policy) {
            Ok(valid) => valid,
            Err(NotResumed::Error(error)) => return Ok(AuthorizeOutcome::error(error)),
            Err(refused) => return Err(Refused::new(refused)),
        };
        let valid = match (result, &session) {
            (InteractionResult::Denied, _) => return Ok(AuthorizeOutcome::error(valid.deny())),
            (InteractionResult::LoggedIn(_), Some(session)) => valid.logged_in(session),
            (InteractionResult::AccountChosen { subject }, _) => valid.choose(&subject),
            (InteractionResult::Consented { subject, scopes }, _) => valid.agree(&subject, scopes),
            (InteractionResult::LoggedIn(_) | InteractionResult::Nothing, _) => valid,
        };
        Ok(self.go_on(valid, session.as_ref(), browser, now, rng).await)
    }

    async fn start_session(
        &self,
        login: &Login,
        browser: Browser<'_>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<(NewSession, Session), Refused<S::Error>> {
        let id = SessionId::generate(rng).map_err(Refused::new)?;
        let expires_at = now.saturating_add(self.policy.session_lifetime);
        let mut session = Session::new(login.subject.clone(), now, expires_at);
        session.acr.clone_from(&login.acr);
        session.amr.clone_from(&login.amr);
        let replaced = browser.session.map(|id| id.hash(&self.crypto));
        self.store
            .start(&id.hash(&self.crypto), session.clone(), replaced.as_ref())
            .await
            .map_err(Refused::store)?;
        Ok((NewSession { id, expires_at }, session))
    }
}
