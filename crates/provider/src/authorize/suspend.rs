//! Keeping a request while a person is busy with it, and taking it up again.

use avouch_jose::NumericDate;
use avouch_messages::RequestEnvelope;
use avouch_types::{ClientId, Form, FormError, FormLimits, Scopes, SubjectIdentifier};

use super::{AuthorizationFailure, ErrorResponse, RequestRefused, ValidRequest, Waiting, identify};
use crate::client::Client;
use crate::policy::Policy;
use crate::storage::{Agreed, BrowserHash, LoginDone, PendingInteraction, Progress, Session};

impl Waiting<'_> {
    /// What to keep until the person has done what is needed.
    ///
    /// `browser` is the hash of a value that only this browser has, such as a cookie: only it may go on.
    pub fn suspend(self, browser: BrowserHash, now: NumericDate) -> PendingInteraction {
        let Self { request, hinted, .. } = self;
        let lifetime = request.policy().interaction_lifetime;
        let started_at = request.resumed.started_at.unwrap_or(now);
        let mut pending = PendingInteraction::new(
            request.client().client_id.clone(),
            request.known().envelope.form().without(&["id_token_hint"]).to_urlencoded(),
            browser,
            started_at,
            started_at.saturating_add(lifetime),
        );
        pending.hinted_subject = hinted;
        pending.progress = request.resumed.progress;
        pending
    }
}

impl PendingInteraction {
    /// The way to go on: in the browser that the request came from, and in time. `None` otherwise.
    #[must_use]
    pub fn in_browser(self, browser: &BrowserHash, now: NumericDate) -> Option<OwnInteraction> {
        (self.browser == *browser && now < self.expires_at).then_some(OwnInteraction(self))
    }
}

/// A waiting request in its own browser, in time ([`PendingInteraction::in_browser`]).
#[derive(Debug, Clone)]
pub struct OwnInteraction(PendingInteraction);

impl OwnInteraction {
    /// Who asked: the client to look up for [`OwnInteraction::resume`].
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.0.client_id
    }

    /// Takes a request up again that had to wait for a person.
    ///
    /// Nothing of what was found out the first time is trusted: the request is identified and validated
    /// once more, against the client as it is registered now.
    ///
    /// # Errors
    /// [`NotResumed`]: it would not be accepted if it came now.
    pub fn resume<'a>(
        self,
        client: Option<&'a Client>,
        policy: &'a Policy,
    ) -> Result<ValidRequest<'a>, NotResumed> {
        let PendingInteraction { request, hinted_subject, started_at, progress, .. } = self.0;
        // It was within the limits when it came; encoding it again may have made it longer.
        let limits = FormLimits::default().with_bytes(request.len());
        let form = Form::parse(request.as_bytes(), &limits)?;
        let known = identify(RequestEnvelope::read(form), client)?;
        let mut valid = known.parse_and_validate(policy)?;
        valid.resumed = Resumed { progress, started_at: Some(started_at), hinted_subject };
        Ok(valid)
    }
}

/// Why a request cannot go on that could before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotResumed {
    /// The store did not keep its text.
    #[error("the stored request cannot be read")]
    Unreadable(#[from] FormError),
    /// The person must be told; the client cannot.
    #[error("the request is refused now")]
    Refused(#[from] RequestRefused),
    /// The error goes to the client.
    #[error("the request is not valid any more")]
    Error(Box<ErrorResponse>),
}

impl From<Box<ErrorResponse>> for NotResumed {
    fn from(response: Box<ErrorResponse>) -> Self {
        Self::Error(response)
    }
}

impl ValidRequest<'_> {
    /// Notes that a person has authenticated for this request, and so started this session.
    pub fn logged_in(mut self, session: &Session) -> Self {
        let Session { subject, auth_time, .. } = session;
        self.resumed.progress.logged_in = Some(LoginDone { subject: subject.clone(), auth_time: *auth_time });
        self
    }

    /// Notes which account a person has chosen: the one that the page named.
    pub fn choose(mut self, subject: &SubjectIdentifier) -> Self {
        self.resumed.progress.account = Some(subject.clone());
        self
    }

    /// Notes what a person has agreed to: these scopes, out of those asked for, and the single claims asked
    /// for ([`ValidRequest::single_claims`]). `subject` is whom the page named.
    ///
    /// It counts only if nothing but consent was needed.
    pub fn agree(mut self, subject: &SubjectIdentifier, scopes: Scopes) -> Self {
        let claims = self.single_claims();
        self.resumed.progress.consent = Some(Agreed { subject: subject.clone(), scopes, claims });
        self
    }

    /// The answer when the person says no ([RFC 6749 §4.1.2.1], `access_denied`).
    ///
    /// [RFC 6749 §4.1.2.1]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
    pub fn deny(self) -> ErrorResponse {
        self.error(AuthorizationFailure::Denied)
    }
}

/// What is known of a request beyond its text.
#[derive(Debug, Clone, Default)]
pub(super) struct Resumed {
    /// What the person has done so far.
    pub(super) progress: Progress,
    /// When the request arrived, if it had to wait.
    pub(super) started_at: Option<NumericDate>,
    /// The subject of its verified hint.
    pub(super) hinted_subject: Option<SubjectIdentifier>,
}
