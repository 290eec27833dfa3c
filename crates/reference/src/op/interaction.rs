//! The pages on which a person signs in, chooses and allows.

use std::net::SocketAddr;
use std::sync::Arc;

use avouch_jose::{NumericDate, base64url};
use avouch_provider::authorize::{LoginReason, Need};
use avouch_provider::{
    Browser, BrowserId, Client, Interaction, InteractionId, InteractionResult, Login, SessionId,
};
use avouch_types::{Amr, Form, SubjectIdentifier};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::Op;
use super::passwords::PasswordError;
use super::store::{MAX_USERNAME, StoreError};
use super::throttle::Wait;
use crate::clock;
use crate::pages::op::{AccountPage, ConsentPage, ScopeLine, SignInPage};
use crate::web::{self, Forms};

/// The route.
pub(super) const PATH: &str = "/interaction/{id}";

/// The address of a waiting request.
pub(super) fn path(id: &InteractionId) -> String {
    format!("/interaction/{}", id.expose())
}

/// A wrong password says no more than this: not whether the username exists.
const WRONG: &str = "That username and password do not belong together.";

/// Shows the page for what is needed.
pub(super) async fn show(State(op): State<Arc<Op>>, Path(id): Path<String>, request: Request) -> Response {
    let cookies = op.cookies(request.headers());
    let other_account = request.uri().query() == Some("other");
    let id = InteractionId::received(id);
    let now = clock::now();
    let Some(browser) = cookies.browser else { return op.gone() };
    let page = Page { op: &op, id: &id, browser: &browser, session: cookies.session.as_ref() };
    match op.provider.interaction(&id, page.browser(), now).await {
        Ok(Some(waiting)) if other_account && matches!(waiting.need, Need::SelectAccount) => {
            page.sign_in(&waiting, StatusCode::OK, "", None, None)
        }
        Ok(Some(waiting)) => page.show(&waiting).await,
        Ok(None) => page.go_on(InteractionResult::Nothing, now).await,
        Err(refused) => op.refuse(&refused),
    }
}

/// Takes what the person answered.
pub(super) async fn answer(
    State(op): State<Arc<Op>>,
    Path(id): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let cookies = op.cookies(request.headers());
    let form = match web::form(request).await {
        Ok(form) => form,
        Err(error) => return op.not_our_form(&error),
    };
    let id = InteractionId::received(id);
    let now = clock::now();
    let Some(browser) = cookies.browser else { return op.gone() };
    let page = Page { op: &op, id: &id, browser: &browser, session: cookies.session.as_ref() };
    let Some(named) = form.get("csrf").and_then(|csrf| page.whom_it_named(csrf)) else {
        return op.forged();
    };
    // A no is a no, whatever has become of the request.
    if (form.get("step"), form.get("decision")) == (Some("consent"), Some("deny")) {
        return page.go_on(InteractionResult::Denied, now).await;
    }
    // What is still needed decides which answer is taken: an old page cannot answer a newer question.
    let waiting = match op.provider.interaction(&id, page.browser(), now).await {
        Ok(Some(waiting)) => waiting,
        Ok(None) => {
            // Nothing is needed for who is signed in; but the page may have named somebody else.
            let result = match named {
                Some(subject) => InteractionResult::AccountChosen { subject },
                None => InteractionResult::Nothing,
            };
            return page.go_on(result, now).await;
        }
        Err(refused) => return op.refuse(&refused),
    };
    match (form.get("step"), &waiting.need, named) {
        (Some("sign-in"), Need::Login(_) | Need::SelectAccount, _) => {
            page.signed_in(&waiting, &form, peer, now).await
        }
        (Some("account"), Need::SelectAccount, Some(subject)) => {
            page.go_on(InteractionResult::AccountChosen { subject }, now).await
        }
        (Some("consent"), Need::Consent { scopes, .. }, Some(subject))
            if form.get("decision") == Some("allow") =>
        {
            let scopes = scopes.clone();
            page.go_on(InteractionResult::Consented { subject, scopes }, now).await
        }
        _ => page.show(&waiting).await,
    }
}

/// One waiting request in one browser.
struct Page<'a> {
    op: &'a Op,
    id: &'a InteractionId,
    browser: &'a BrowserId,
    session: Option<&'a SessionId>,
}

impl Page<'_> {
    fn browser(&self) -> Browser<'_> {
        Browser { id: self.browser, session: self.session }
    }

    /// The token of the page's form. It also says whom the page named, so that it is answered for nobody else.
    fn csrf(&self, named: Option<&SubjectIdentifier>) -> String {
        let (browser, id) = (self.browser.expose(), self.id.expose());
        match named {
            None => self.op.csrf(browser, id),
            Some(subject) => {
                let subject = subject.as_str();
                let token = self.op.csrf(browser, &format!("{id} as {subject}"));
                format!("{token}.{}", base64url::encode(subject))
            }
        }
    }

    /// Whom the page named that this token is of; `None` if it is of no page of this step.
    fn whom_it_named(&self, csrf: &str) -> Option<Option<SubjectIdentifier>> {
        let named = match csrf.split_once('.') {
            None => None,
            Some((_, subject)) => {
                let subject = String::from_utf8(base64url::decode(subject).ok()?).ok()?;
                Some(SubjectIdentifier::parse(&subject).ok()?)
            }
        };
        (self.csrf(named.as_ref()) == csrf).then_some(named)
    }

    async fn go_on(&self, result: InteractionResult, now: NumericDate) -> Response {
        let resumed = self.op.provider.resume(self.id, self.browser(), result, now, &self.op.rng).await;
        let mut response = self.op.outcome(resumed.outcome, self.browser);
        if let Some(session) = resumed.session {
            self.op.session_cookie.set(response.headers_mut(), session.id.expose());
        }
        response
    }

    async fn show(&self, waiting: &Interaction) -> Response {
        match &waiting.need {
            Need::Login(reason) => {
                let username = waiting.request.login_hint.as_deref().unwrap_or_default();
                self.sign_in(waiting, StatusCode::OK, username, why(reason), None)
            }
            Need::SelectAccount => match self.person(waiting).await {
                Ok(Some(person)) => self.account(waiting, &person),
                Ok(None) => self.sign_in(waiting, StatusCode::OK, "", None, None),
                Err(error) => self.op.failed(&error),
            },
            Need::Consent { .. } => match self.person(waiting).await {
                Ok(person) => self.consent(waiting, &person.unwrap_or_default()),
                Err(error) => self.op.failed(&error),
            },
            other => {
                tracing::error!(need = ?other, "there is no page for this");
                self.op.gone()
            }
        }
    }

    async fn person(&self, waiting: &Interaction) -> Result<Option<String>, StoreError> {
        match &waiting.subject {
            Some(subject) => self.op.person(subject).await.map(Some),
            None => Ok(None),
        }
    }

    fn sign_in(
        &self,
        waiting: &Interaction,
        status: StatusCode,
        username: &str,
        reason: Option<&str>,
        alert: Option<&str>,
    ) -> Response {
        let page = SignInPage {
            issuer: self.op.issuer(),
            client_name: name(&waiting.client),
            action: &path(self.id),
            csrf: &self.csrf(None),
            username,
            reason,
            alert,
        };
        web::page(status, &page, Forms::LeadOn)
    }

    fn account(&self, waiting: &Interaction, person: &str) -> Response {
        let page = AccountPage {
            issuer: self.op.issuer(),
            client_name: name(&waiting.client),
            action: &path(self.id),
            csrf: &self.csrf(waiting.subject.as_ref()),
            person,
        };
        web::page(StatusCode::OK, &page, Forms::LeadOn)
    }

    fn consent(&self, waiting: &Interaction, person: &str) -> Response {
        let Need::Consent { scopes, claims, .. } = &waiting.need else { return self.op.gone() };
        let mut lines: Vec<_> = scopes.iter().map(|scope| ScopeLine::for_scope(scope.as_str())).collect();
        let single = claims.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        if !single.is_empty() {
            lines.push(ScopeLine { title: "See single facts about you", detail: &single });
        }
        let destination = web::origin_of(waiting.request.redirect_uri.as_str());
        let page = ConsentPage {
            issuer: self.op.issuer(),
            client_name: name(&waiting.client),
            person,
            scopes: &lines,
            destination,
            action: &path(self.id),
            csrf: &self.csrf(waiting.subject.as_ref()),
        };
        web::page(StatusCode::OK, &page, Forms::LeadOn)
    }

    /// Checks a password.
    async fn signed_in(
        &self,
        waiting: &Interaction,
        form: &Form,
        peer: SocketAddr,
        now: NumericDate,
    ) -> Response {
        let username = form.get("username").unwrap_or_default();
        let password = form.get("password").unwrap_or_default();
        if username.len() > MAX_USERNAME {
            return self.sign_in(waiting, StatusCode::BAD_REQUEST, "", None, Some(WRONG));
        }
        let attempt = match self.op.throttle.begin(peer.ip(), username, now) {
            Ok(attempt) => attempt,
            Err(Wait(wait)) => {
                let seconds = wait.as_secs().max(1);
                tracing::warn!(peer = %peer.ip(), seconds, "sign-in is throttled");
                let alert = format!("Too many tries. Wait {seconds} seconds, then try again.");
                return self.later(waiting, StatusCode::TOO_MANY_REQUESTS, username, &alert, seconds);
            }
        };
        let person = match self.op.provider.store().person_named(username).await {
            Ok(person) => person,
            Err(error) => {
                attempt.not_checked();
                return self.op.failed(&error);
            }
        };
        let hash = person.as_ref().map(|person| person.password_hash.as_str());
        match (self.op.passwords.check(password, hash).await, person) {
            (Ok(true), Some(person)) => {
                attempt.right();
                tracing::info!(subject = %person.subject, "signed in");
                let mut login = Login::new(person.subject);
                login.amr = Amr::parse("pwd").into_iter().collect();
                self.go_on(InteractionResult::LoggedIn(login), now).await
            }
            (Ok(_), _) => {
                tracing::info!(peer = %peer.ip(), "a wrong username or password");
                self.sign_in(waiting, StatusCode::BAD_REQUEST, username, None, Some(WRONG))
            }
            (Err(PasswordError::Busy), _) => {
                attempt.not_checked();
                tracing::warn!("too many passwords wait to be checked");
                let alert = "Many people are signing in right now. Try again in a moment.";
                self.later(waiting, StatusCode::SERVICE_UNAVAILABLE, username, alert, 5)
            }
            (Err(error), _) => {
                attempt.not_checked();
                self.op.failed(&error)
            }
        }
    }

    fn later(
        &self,
        waiting: &Interaction,
        status: StatusCode,
        username: &str,
        alert: &str,
        seconds: u64,
    ) -> Response {
        let mut response = self.sign_in(waiting, status, username, None, Some(alert));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    }
}

impl Op {
    fn gone(&self) -> Response {
        self.error(
            StatusCode::BAD_REQUEST,
            "This page has expired",
            "It was answered before, waited too long, or belongs to another browser.",
            Some("Go back to the program that sent you here and start again there."),
        )
    }
}

fn name(client: &Client) -> &str {
    client.client_name.as_deref().unwrap_or(client.client_id.as_str())
}

fn why(reason: &LoginReason) -> Option<&'static str> {
    match reason {
        LoginReason::NotSignedIn => None,
        LoginReason::PromptLogin => Some("You are asked to sign in again."),
        LoginReason::TooLongAgo { .. } => Some("You signed in some time ago. Please do it again."),
        LoginReason::OtherSubject { .. } => Some("Another account is expected than the one signed in now."),
        LoginReason::AcrNotMet { .. } => Some("A stronger sign-in is asked for."),
        _ => None,
    }
}
