//! Whether a valid request can go on, and if not, what it needs.

use std::collections::BTreeSet;
use std::time::Duration;

use avouch_jose::NumericDate;
use avouch_types::{Prompt, Scope, Scopes, SubjectIdentifier};
use serde_json::Value;

use super::{AuthorizationFailure, ConsentReason, ErrorResponse, LoginReason, Need, ValidRequest};
use crate::storage::{Consent, Session};

/// What becomes of a valid request.
#[derive(Debug)]
#[must_use]
pub enum Evaluation<'a> {
    /// It is granted; a code can be issued.
    Proceed(AuthorizedRequest<'a>),
    /// A person has to do something first.
    Interact(Waiting<'a>),
    /// It cannot be granted; the error goes to the client.
    Refuse(ErrorResponse),
}

/// A request that is granted.
#[derive(Debug)]
#[must_use]
pub struct AuthorizedRequest<'a> {
    pub(super) request: ValidRequest<'a>,
    pub(super) session: Session,
    pub(super) granted: Scopes,
    to_remember: Option<Consent>,
}

impl AuthorizedRequest<'_> {
    /// Who granted it.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The scopes granted.
    pub fn granted(&self) -> &Scopes {
        &self.granted
    }

    /// The consent given for this request, for
    /// [`ConsentStore::remember`](crate::storage::ConsentStore::remember); `None` if it rests on an earlier one.
    /// What was allowed before and not asked for now stays allowed.
    pub fn consent(&self) -> Option<&Consent> {
        self.to_remember.as_ref()
    }
}

/// A request that needs a person.
#[derive(Debug)]
#[must_use]
pub struct Waiting<'a> {
    pub(super) request: ValidRequest<'a>,
    pub(super) hinted: Option<SubjectIdentifier>,
    subject: Option<SubjectIdentifier>,
    need: Need,
}

impl<'a> Waiting<'a> {
    /// What the person has to do.
    pub fn need(&self) -> &Need {
        &self.need
    }

    /// Who is signed in: whom the page is about, if it asks for a choice of account or for consent.
    pub fn subject(&self) -> Option<&SubjectIdentifier> {
        self.subject.as_ref()
    }

    /// The request, for what the page should know: the client, `login_hint`, `ui_locales`, `display`.
    pub fn request(&self) -> &ValidRequest<'a> {
        &self.request
    }
}

impl<'a> ValidRequest<'a> {
    /// Decides whether the request can go on.
    ///
    /// `session` is who is signed in in this browser; `consent` is what that person has allowed this
    /// client before; `hinted` is the subject of the request's `id_token_hint` after its signature was
    /// checked. A request with a hint and no `hinted` subject is refused: nobody has verified the hint.
    ///
    /// The rules, in this order:
    ///
    /// - Somebody is signed in, and it is who is wanted (by the hint, or by `sub` in `claims.id_token`);
    ///   nothing is ever issued for anybody else ([Core §3.1.2.2]).
    /// - Only a login of this interaction satisfies `prompt=login` and a `max_age` of zero. Any other
    ///   `max_age` is compared with the age of the session each time: pages may take longer than it allows.
    /// - An essential `acr` is met.
    /// - An account was chosen, if `prompt=select_account`, or if a page was answered for somebody else than
    ///   who is signed in now.
    /// - Consent covers the scopes and single claims asked for. `prompt=consent` and `offline_access`
    ///   need one of this interaction. What was agreed to while something else was needed is dropped, unless
    ///   all that is missing is that a login of this interaction has grown too old since: the same person
    ///   signs in again and has agreed already.
    ///
    /// With `prompt=none` each need is a refusal with the error that names it.
    ///
    /// [Core §3.1.2.2]: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation
    pub fn evaluate(
        mut self,
        session: Option<&Session>,
        consent: Option<&Consent>,
        hinted: Option<&SubjectIdentifier>,
        now: NumericDate,
    ) -> Evaluation<'a> {
        if self.id_token_hint().is_some() && hinted.is_none() {
            return self.refuse(AuthorizationFailure::HintNotVerified);
        }
        let session = session.filter(|session| now < session.expires_at);
        let hinted = hinted.or(self.resumed.hinted_subject.as_ref()).cloned();
        match self.decide(session, consent, hinted.as_ref(), now) {
            Ok((session, granted)) => {
                let to_remember = self.consent_to_remember(&session, &granted, consent, now);
                Evaluation::Proceed(AuthorizedRequest { request: self, session, granted, to_remember })
            }
            Err(Halt::Refuse(failure)) => self.refuse(failure),
            Err(Halt::Need(need)) if self.prompts(&Prompt::NONE) => {
                self.refuse(AuthorizationFailure::InteractionRequired(need))
            }
            Err(Halt::Need(need)) => {
                if !matches!(need, Need::Consent { .. }) && !self.is_repeated_login(&need, session) {
                    self.drop_consent(session);
                }
                let subject = session.map(|session| session.subject.clone());
                Evaluation::Interact(Waiting { request: self, hinted, subject, need })
            }
        }
    }

    fn decide(
        &self,
        session: Option<&Session>,
        consent: Option<&Consent>,
        hinted: Option<&SubjectIdentifier>,
        now: NumericDate,
    ) -> Result<(Session, Scopes), Halt> {
        let just_logged_in = session.filter(|session| self.is_login_of_this_request(session)).is_some();
        let session = self.signed_in(session, just_logged_in, hinted, now)?;
        self.acr_is_met(session, just_logged_in)?;
        if !just_logged_in && self.account_is_open(session) {
            return Err(Need::SelectAccount.into());
        }
        let granted = self.consented(session, consent)?;
        Ok((session.clone(), granted))
    }

    /// Whether it is not clear that the person who is signed in is the one who wants to go on.
    fn account_is_open(&self, session: &Session) -> bool {
        let progress = &self.resumed.progress;
        let agreed = progress.consent.as_ref().map(|agreed| &agreed.subject);
        let mut named = progress.account.iter().chain(agreed);
        named.any(|subject| *subject != session.subject)
            || (self.prompts(&Prompt::SELECT_ACCOUNT) && progress.account.is_none())
    }

    /// Whether whoever agreed had signed in for this request, and took longer than `max_age`. If their
    /// consent were dropped, a short `max_age` would ask for login and consent for ever.
    fn is_repeated_login(&self, need: &Need, session: Option<&Session>) -> bool {
        let agreed = self.resumed.progress.consent.as_ref();
        matches!(need, Need::Login(LoginReason::TooLongAgo { .. }))
            && session.is_some_and(|session| {
                self.is_login_of_this_request(session)
                    && agreed.is_some_and(|agreed| agreed.subject == session.subject)
            })
    }

    /// Nobody agrees before it is certain who they are. That they meant another account is kept: it must
    /// not be forgotten when the request goes on.
    fn drop_consent(&mut self, session: Option<&Session>) {
        let progress = &mut self.resumed.progress;
        if let Some(agreed) = progress.consent.take()
            && session.is_none_or(|session| session.subject != agreed.subject)
        {
            progress.account = Some(agreed.subject);
        }
    }

    /// A login counts as one for this request when it was made in its interaction, after it arrived, and
    /// started this session.
    fn is_login_of_this_request(&self, session: &Session) -> bool {
        let own = self.resumed.progress.logged_in.as_ref();
        own.is_some_and(|own| own.subject == session.subject && own.auth_time == session.auth_time)
            && self.resumed.started_at.is_some_and(|started_at| session.auth_time >= started_at)
    }

    fn signed_in<'s>(
        &self,
        session: Option<&'s Session>,
        just_logged_in: bool,
        hinted: Option<&SubjectIdentifier>,
        now: NumericDate,
    ) -> Result<&'s Session, Halt> {
        let session = session.ok_or(Need::Login(LoginReason::NotSignedIn))?;
        let is_hinted = hinted.is_none_or(|wanted| *wanted == session.subject);
        let is_requested = self
            .id_token_claim("sub")
            .is_none_or(|wanted| wanted.accepts(&Value::from(session.subject.as_str())));
        if !is_hinted || !is_requested {
            // Whoever has just logged in will not become somebody else by doing so again.
            return Err(if just_logged_in {
                AuthorizationFailure::OtherSubject.into()
            } else {
                Need::Login(LoginReason::OtherSubject { hinted: hinted.cloned() }).into()
            });
        }
        if self.prompts(&Prompt::LOGIN) && !just_logged_in {
            return Err(Need::Login(LoginReason::PromptLogin).into());
        }
        let age = now.saturating_since(session.auth_time);
        match self.max_age() {
            Some(Duration::ZERO) if just_logged_in => Ok(session),
            Some(max_age) if age > max_age || max_age == Duration::ZERO => {
                Err(Need::Login(LoginReason::TooLongAgo { max_age, age }).into())
            }
            _ => Ok(session),
        }
    }

    fn acr_is_met(&self, session: &Session, just_logged_in: bool) -> Result<(), Halt> {
        let Some(wanted) = self.essential_acr() else { return Ok(()) };
        let met = session.acr.as_ref().is_some_and(|acr| wanted.accepts(&Value::from(acr.as_str())));
        match (met, just_logged_in) {
            (true, _) => Ok(()),
            (false, true) => Err(AuthorizationFailure::AcrNotMet.into()),
            (false, false) => Err(Need::Login(LoginReason::AcrNotMet { wanted: wanted.clone() }).into()),
        }
    }

    /// The scopes that may be granted, out of those asked for.
    fn consented(&self, session: &Session, consent: Option<&Consent>) -> Result<Scopes, Halt> {
        let claims = self.single_claims();
        if let Some(agreed) = self.resumed.progress.consent.as_ref()
            && agreed.subject == session.subject
        {
            let granted: Scopes =
                self.scopes().iter().filter(|scope| agreed.scopes.contains(scope)).cloned().collect();
            // Single claims are asked for together with the rest, and agreed to together with it.
            let whole = claims.is_subset(&agreed.claims) && granted.contains(&Scope::OPENID);
            return if whole { Ok(granted) } else { Err(AuthorizationFailure::Denied.into()) };
        }
        let ask = |reason| {
            Halt::from(Need::Consent { reason, scopes: self.scopes().clone(), claims: claims.clone() })
        };
        if self.prompts(&Prompt::CONSENT) {
            return Err(ask(ConsentReason::PromptConsent));
        }
        let covered = consent.is_some_and(|consent| self.is_covered_by(consent, session, &claims));
        match (covered, self.client().is_assured_at(self.redirect_uri())) {
            (true, true) => Ok(self.scopes().clone()),
            (true, false) => Err(ask(ConsentReason::ClientNotAssured)),
            (false, _) => Err(ask(ConsentReason::NotGiven)),
        }
    }

    fn consent_to_remember(
        &self,
        session: &Session,
        granted: &Scopes,
        earlier: Option<&Consent>,
        now: NumericDate,
    ) -> Option<Consent> {
        // One of somebody else says nothing of this person
        self.resumed.progress.consent.as_ref().filter(|agreed| agreed.subject == session.subject)?;
        let (subject, client_id) = (session.subject.clone(), self.client().client_id.clone());
        let mut consent = Consent::new(subject, client_id, granted.clone(), self.single_claims(), now);
        if let Some(earlier) = earlier
            .filter(|earlier| earlier.subject == consent.subject && earlier.client_id == consent.client_id)
        {
            let kept = earlier.scopes.iter().filter(|scope| !self.scopes().contains(scope));
            consent.scopes = granted.iter().chain(kept).cloned().collect();
            consent.claims.extend(earlier.claims.iter().cloned());
        }
        Some(consent)
    }

    fn is_covered_by(&self, consent: &Consent, session: &Session, claims: &BTreeSet<String>) -> bool {
        consent.subject == session.subject
            && consent.client_id == self.client().client_id
            && self.scopes().is_subset_of(&consent.scopes)
            && claims.is_subset(&consent.claims)
    }

    fn refuse(self, failure: AuthorizationFailure) -> Evaluation<'a> {
        Evaluation::Refuse(self.error(failure))
    }
}

/// Why the decision stopped.
enum Halt {
    Refuse(AuthorizationFailure),
    Need(Need),
}

impl From<Need> for Halt {
    fn from(need: Need) -> Self {
        Self::Need(need)
    }
}

impl From<AuthorizationFailure> for Halt {
    fn from(failure: AuthorizationFailure) -> Self {
        Self::Refuse(failure)
    }
}
