//! One sign-in, step by step, each step noted down as it happens.

mod failure;
mod steps;

use avouch_client::{CallbackParams, KeyNeed, SignInMemory, SignedIn};
use avouch_jose::NumericDate;
use avouch_jose::crypto::RandomError;
use avouch_jose_ring::SystemRandom;
use avouch_messages::UserInfo;
use avouch_types::{Scopes, WordError};

use super::provider::{Finder, Found};
use super::sessions::{FailureView, SignedInView, Started};
use crate::pages::rp::Step;
use failure::Failure;

/// What is asked for.
pub const SCOPE: &str = "openid profile email";

/// The scope that asks for a refresh token.
const OFFLINE: &str = "offline_access";

/// Starts a sign-in: where to send the browser, and what to remember.
///
/// # Errors
/// What to show instead.
pub async fn start(
    finder: &Finder,
    offline: bool,
    now: NumericDate,
) -> Result<(String, Started), FailureView> {
    let mut notes = Notes::default();
    let started = async {
        let found = finder.provider(now).await?;
        notes.add(|number| steps::metadata(number, &found));
        let started = found.client.sign_in().scope(scope(offline)?).start(now, &SystemRandom::default())?;
        let (url, pending) = started.into_parts();
        notes.add(|number| steps::authorization_request(number, &url));
        Ok::<_, Failure>((url, pending))
    }
    .await;
    match started {
        Ok((url, pending)) => Ok((url, Started { pending, steps: notes.steps })),
        Err(failure) => Err(failure.view(notes.steps)),
    }
}

fn scope(offline: bool) -> Result<Scopes, WordError> {
    if offline { Scopes::parse(&format!("{SCOPE} {OFFLINE}")) } else { Scopes::parse(SCOPE) }
}

/// Goes on where the browser came back: code, tokens, ID Token, UserInfo.
///
/// # Errors
/// What to show instead of a person.
pub async fn finish(
    finder: &Finder,
    started: Started,
    params: &CallbackParams,
    query: &str,
    now: NumericDate,
) -> Result<SignedInView, FailureView> {
    let mut notes = Notes { steps: started.steps };
    let found = match finder.provider(now).await {
        Ok(found) => found,
        Err(error) => return Err(Failure::from(error).view(notes.steps)),
    };
    let callback_url = finder.registration().redirect_uri.as_str();
    let announced = found.client.metadata().supports_authorization_response_iss();
    let mut note = |failed| {
        notes.add(|number| steps::authorization_response(number, callback_url, query, announced, failed));
    };
    let code = match found.client.callback(started.pending, params, now) {
        Ok(code) => {
            note(None);
            code
        }
        Err(error) => {
            let failure = Failure::from(error);
            note(Some(failure.callback_rule()));
            return Err(failure.view(notes.steps));
        }
    };
    let signed_in = match exchange(finder, &found, code, &mut notes, now).await {
        Ok(signed_in) => signed_in,
        Err(failure) => return Err(failure.view(notes.steps)),
    };
    let memory = signed_in.remember();
    match userinfo(finder, &found, &memory, &mut notes).await {
        Ok(userinfo) => Ok(steps::signed_in(&signed_in, memory, userinfo, notes.steps, now)),
        Err(failure) => Err(failure.view(notes.steps)),
    }
}

async fn exchange(
    finder: &Finder,
    found: &Found,
    code: avouch_client::AuthorizedCode,
    notes: &mut Notes,
    now: NumericDate,
) -> Result<SignedIn, Failure> {
    let exchange = found.client.exchange(code, now, &SystemRandom::default())?;
    let request = exchange.request();
    let response = finder.outgoing().send(exchange.request()).await?;
    notes.add(|number| steps::token_exchange(number, &request, &response));
    let unverified = exchange.complete(&response)?;
    let kid = named_key(unverified.needs());
    let mut verification = unverified.verification();
    let (outcome, messages) = finder.verify(found, &mut verification, kid, now).await?;
    if matches!(unverified.needs(), KeyNeed::Jwks { .. }) {
        notes.add(|number| steps::keys(number, messages));
    }
    notes.add(|number| steps::id_token(number, &response, verification.report()));
    Ok(outcome?)
}

fn named_key(need: KeyNeed<'_>) -> Option<&str> {
    match need {
        KeyNeed::Jwks { kid, .. } => kid,
        _ => None,
    }
}

async fn userinfo(
    finder: &Finder,
    found: &Found,
    memory: &SignInMemory,
    notes: &mut Notes,
) -> Result<Option<UserInfo>, Failure> {
    if found.client.metadata().userinfo_endpoint.is_none() {
        return Ok(None);
    }
    let ask = found.client.userinfo(memory)?;
    let request = ask.request();
    let response = finder.outgoing().send(ask.request()).await?;
    let answer = ask.complete(&response);
    notes.add(|number| steps::userinfo(number, &request, &response, answer.is_ok()));
    Ok(Some(answer?))
}

/// Gets new tokens with the refresh token, and asks for the person once more with the new access token.
///
/// # Errors
/// What to show instead.
pub async fn refresh(
    finder: &Finder,
    view: SignedInView,
    now: NumericDate,
) -> Result<SignedInView, FailureView> {
    let mut notes = Notes { steps: view.steps.clone() };
    let done = async {
        let found = finder.provider(now).await?;
        let exchange = found.client.refresh(&view.memory, now, &SystemRandom::default())?;
        let request = exchange.request();
        let response = finder.outgoing().send(exchange.request()).await?;
        notes.add(|number| steps::refresh(number, &request, &response));
        let unverified = exchange.complete(&response)?;
        let kid = named_key(unverified.needs());
        let mut verification = unverified.verification();
        let (outcome, _) = finder.verify(&found, &mut verification, kid, now).await?;
        if !verification.report().is_empty() {
            notes.add(|number| steps::id_token(number, &response, verification.report()));
        }
        let memory = outcome?.memory;
        userinfo(finder, &found, &memory, &mut notes).await?;
        Ok::<_, Failure>(memory)
    }
    .await;
    match done {
        Ok(memory) => Ok(SignedInView { memory, steps: notes.steps, ..view }),
        Err(failure) => Err(failure.view(notes.steps)),
    }
}

/// The steps so far.
#[derive(Debug, Default)]
struct Notes {
    steps: Vec<Step>,
}

impl Notes {
    fn add(&mut self, step: impl FnOnce(usize) -> Step) {
        self.steps.push(step(self.steps.len() + 1));
    }
}

/// A random name, for a cookie or a form.
///
/// # Errors
/// There is no randomness.
pub fn random_name() -> Result<String, RandomError> {
    avouch_jose::crypto::random_token(&SystemRandom::default(), 32)
}
