//! The authorization endpoint.

use avouch_jose::NumericDate;
use avouch_jose::crypto::SecureRandom;
use avouch_messages::RequestEnvelope;
use avouch_tokens::{IdTokenError, IdTokenHintVerifier};
use avouch_types::{Form, FormLimits, SubjectIdentifier};
use http::{Method, Request};

use super::{
    Answer, AuthorizeOutcome, Browser, EndpointError, Interaction, InteractionId, Provider, Refused,
};
use crate::authorize::{
    AuthorizationFailure, AuthorizedRequest, ErrorResponse, Evaluation, KnownRequest, ValidRequest, Waiting,
    identify,
};
use crate::storage::{Session, Store};

impl<S: Store> Provider<S> {
    /// The authorization endpoint, GET or POST ([Core §3.1.2]).
    ///
    /// [Core §3.1.2]: https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint
    pub async fn authorize(
        &self,
        request: &Request<Vec<u8>>,
        browser: Browser<'_>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> AuthorizeOutcome<S::Error> {
        self.authorize_or_refuse(request, browser, now, rng).await.unwrap_or_else(AuthorizeOutcome::Refuse)
    }

    async fn authorize_or_refuse(
        &self,
        request: &Request<Vec<u8>>,
        browser: Browser<'_>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<AuthorizeOutcome<S::Error>, Refused<S::Error>> {
        let encoded = match *request.method() {
            Method::GET => request.uri().query().unwrap_or_default().as_bytes(),
            Method::POST => request.body(),
            _ => return Err(Refused::new(EndpointError::Method)),
        };
        let form = Form::parse_noting_repeats(encoded, &FormLimits::default()).map_err(Refused::new)?;
        let envelope = RequestEnvelope::read(form);
        let client = match envelope.client_id() {
            Ok(client_id) => self.store.client(client_id).await.map_err(Refused::store)?,
            Err(_) => None,
        };
        let known = identify(envelope, client.as_ref()).map_err(Refused::new)?;
        let valid = match known.parse_and_validate(&self.policy) {
            Ok(valid) => valid,
            Err(error) => return Ok(AuthorizeOutcome::error(error)),
        };
        let session = match self.session(browser, now).await {
            Ok(session) => session,
            Err(cause) => return Ok(self.failed(valid.known(), EndpointError::Store(cause))),
        };
        Ok(self.go_on(valid, session.as_ref(), browser, now, rng).await)
    }

    pub(super) async fn session(
        &self,
        browser: Browser<'_>,
        now: NumericDate,
    ) -> Result<Option<Session>, S::Error> {
        match browser.session {
            Some(id) => self.store.session(&id.hash(&self.crypto), now).await,
            None => Ok(None),
        }
    }

    /// Decides about a valid request, and does what was decided.
    pub(super) async fn go_on(
        &self,
        valid: ValidRequest<'_>,
        session: Option<&Session>,
        browser: Browser<'_>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> AuthorizeOutcome<S::Error> {
        let known = valid.known().clone();
        let done = match self.evaluate(valid, session, now).await {
            Ok(Evaluation::Proceed(authorized)) => self.issue_code(authorized, now, rng).await,
            Ok(Evaluation::Interact(waiting)) => self.suspend(waiting, browser, now, rng).await,
            Ok(Evaluation::Refuse(error)) => Ok(AuthorizeOutcome::error(error)),
            Err(cause) => Err(cause),
        };
        done.unwrap_or_else(|cause| self.failed(&known, cause))
    }

    pub(super) async fn evaluate<'a>(
        &self,
        valid: ValidRequest<'a>,
        session: Option<&Session>,
        now: NumericDate,
    ) -> Result<Evaluation<'a>, EndpointError<S::Error>> {
        // The session of somebody who has no account any more is none.
        let session = match session {
            Some(session) => {
                let person = self.store.claims(&session.subject).await.map_err(EndpointError::Store)?;
                person.map(|_| session)
            }
            None => None,
        };
        let consent = match session {
            Some(session) => self
                .store
                .consent(&session.subject, &valid.client().client_id)
                .await
                .map_err(EndpointError::Store)?,
            None => None,
        };
        let hinted = match valid.id_token_hint().map(|hint| self.hinted_subject(hint)).transpose() {
            Ok(hinted) => hinted,
            Err(cause) => {
                let failure = AuthorizationFailure::HintNotOurs(cause);
                return Ok(Evaluation::Refuse(valid.known().error(&self.policy, failure)));
            }
        };
        Ok(valid.evaluate(session, consent.as_ref(), hinted.as_ref(), now))
    }

    fn hinted_subject(&self, hint: &str) -> Result<SubjectIdentifier, IdTokenError> {
        let verifier = IdTokenHintVerifier::new(self.policy.issuer.clone());
        let verified = verifier.verify(hint, self.keys.verifying())?;
        Ok(verified.claims().sub.clone())
    }

    async fn issue_code(
        &self,
        authorized: AuthorizedRequest<'_>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<AuthorizeOutcome<S::Error>, EndpointError<S::Error>> {
        if let Some(consent) = authorized.consent() {
            self.store.remember(consent.clone()).await.map_err(EndpointError::Store)?;
        }
        let unstored = authorized.issue_code(now, rng, &self.crypto)?;
        let opened = self.store.open(unstored.grant().clone()).await.map_err(EndpointError::Store)?;
        let inserted = self
            .store
            .insert(unstored.code_hash(), unstored.record().clone())
            .await
            .map_err(EndpointError::Store)?;
        let response = unstored.stored(opened, inserted)?;
        Ok(AuthorizeOutcome::Respond(Answer::good(response.into_response())))
    }

    async fn suspend(
        &self,
        waiting: Waiting<'_>,
        browser: Browser<'_>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<AuthorizeOutcome<S::Error>, EndpointError<S::Error>> {
        let id = InteractionId::generate(rng)?;
        let interaction = Interaction::of(&waiting, id);
        let pending = waiting.suspend(browser.id.hash(&self.crypto), now);
        self.store.put(&interaction.id.hash(&self.crypto), pending).await.map_err(EndpointError::Store)?;
        Ok(AuthorizeOutcome::Interact(Box::new(interaction)))
    }

    /// The provider's own failure is told to the client, too.
    pub(super) fn failed(
        &self,
        known: &KnownRequest<'_>,
        cause: EndpointError<S::Error>,
    ) -> AuthorizeOutcome<S::Error> {
        let error = known.error(&self.policy, AuthorizationFailure::Server);
        AuthorizeOutcome::Respond(Answer::failed(error.to_response(), cause))
    }
}

impl<E> AuthorizeOutcome<E> {
    pub(super) fn error(error: impl Into<Box<ErrorResponse>>) -> Self {
        let error = error.into();
        Self::Respond(Answer::failed(error.to_response(), error))
    }
}

impl Interaction {
    pub(super) fn of(waiting: &Waiting<'_>, id: InteractionId) -> Self {
        let request = waiting.request();
        Self {
            id,
            need: waiting.need().clone(),
            subject: waiting.subject().cloned(),
            client: request.client().clone(),
            request: request.parameters().clone(),
        }
    }
}
