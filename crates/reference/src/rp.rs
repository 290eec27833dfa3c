//! The client: a program that signs people in at a provider, and shows how.

pub mod explain;
pub mod flow;
pub mod outgoing;
pub mod provider;
pub mod record;
pub mod sessions;

use std::sync::Arc;

use avouch_client::CallbackParams;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};

use crate::clock;
use crate::pages::STYLE_PATH;
use crate::pages::rp::{DemoPerson, ErrorPage, PLAN, ResultPage, StartPage, Step};
use crate::web::cookies::Cookie;
use crate::web::{self, Carried, Forms};
use provider::Finder;
use sessions::{FailureView, Outcome, Sessions, SignedInView};

/// Where the provider sends browsers back to.
pub const CALLBACK_PATH: &str = "/callback";

const RESULT_PATH: &str = "/result";

/// The client, running.
#[derive(Debug)]
pub struct Rp {
    finder: Finder,
    sessions: Sessions,
    cookie: Cookie,
    demo: Option<DemoPerson>,
}

impl Rp {
    /// A client that signs in where `finder` says. `secure`: browsers reach it by https.
    pub fn new(finder: Finder, secure: bool, demo: Option<DemoPerson>) -> Self {
        Self { finder, sessions: Sessions::default(), cookie: Cookie::new("avouch_rp", secure), demo }
    }

    /// Everything it serves.
    pub fn routes(self) -> Router {
        let carried = Carried::at(self.finder.registration().redirect_uri.as_str());
        Router::new()
            .route("/", get(start_page))
            .route("/sign-in", post(sign_in))
            .route(CALLBACK_PATH, get(callback))
            .route(RESULT_PATH, get(result))
            .route("/refresh", post(refresh))
            .route("/sign-out", post(sign_out))
            .route(STYLE_PATH, get(web::style))
            .fallback(nothing)
            .layer(axum::middleware::from_fn_with_state(carried, web::guard))
            .with_state(Arc::new(self))
    }

    fn issuer(&self) -> &str {
        self.finder.registration().issuer.as_str()
    }

    fn client_id(&self) -> &str {
        self.finder.registration().client_id.as_str()
    }

    fn failure(&self, status: StatusCode, view: &FailureView) -> Response {
        let page = ErrorPage {
            issuer: self.issuer(),
            client_id: self.client_id(),
            title: &view.title,
            what: &view.what,
            code: &view.code,
            facts: &view.facts,
            steps: &view.steps,
        };
        web::page(status, &page, Forms::LeadOn)
    }

    fn refused(&self, status: StatusCode, title: &str, what: &str) -> Response {
        let view = FailureView { title: title.to_owned(), what: what.to_owned(), ..FailureView::default() };
        self.failure(status, &view)
    }

    /// The name of this browser, and the token that its forms carry: a hash of the name, which no other site knows.
    fn browser<'h>(&self, headers: &'h HeaderMap) -> Option<(&'h str, String)> {
        let name = self.cookie.read(headers)?;
        Some((name, csrf(name)))
    }
}

fn csrf(browser: &str) -> String {
    let hash = avouch_jose_ring::provider().sha256(format!("form of {browser}").as_bytes());
    avouch_jose::base64url::encode(hash)
}

async fn start_page(State(rp): State<Arc<Rp>>, request: Request) -> Response {
    let registration = rp.finder.registration();
    let auth_method = registration.credentials.method();
    let browser = rp.cookie.read(request.headers());
    let outcome = browser.and_then(|browser| rp.sessions.outcome(browser, clock::now()));
    let signed_in = match &outcome {
        Some(Outcome::SignedIn(view)) => Some(view.name.as_str()),
        _ => None,
    };
    let page = StartPage {
        issuer: rp.issuer(),
        client_id: rp.client_id(),
        auth_method: auth_method.as_str(),
        redirect_uri: registration.redirect_uri.as_str(),
        scope: flow::SCOPE,
        demo: rp.demo.as_ref(),
        plan: PLAN,
        signed_in,
    };
    web::page(StatusCode::OK, &page, Forms::LeadOn)
}

async fn sign_in(State(rp): State<Arc<Rp>>, request: Request) -> Response {
    let browser = rp.cookie.read(request.headers()).map(str::to_owned);
    let offline = match web::form(request).await {
        Ok(form) => form.get("offline").is_some(),
        Err(error) => return rp.refused(error.status(), "That was not our form", &error.to_string()),
    };
    let Some(browser) = browser.or_else(|| flow::random_name().ok()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let now = clock::now();
    match flow::start(&rp.finder, offline, now).await {
        Ok((url, started)) => {
            rp.sessions.started(&browser, started, now);
            let mut response = web::see_other(&url);
            rp.cookie.set(response.headers_mut(), &browser);
            response
        }
        Err(failure) => rp.failure(StatusCode::BAD_GATEWAY, &failure),
    }
}

async fn callback(State(rp): State<Arc<Rp>>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let params = match CallbackParams::parse(query) {
        Ok(params) => params,
        Err(error) => {
            let what = format!("The answer that your browser brought back is malformed: {error}.");
            return rp.refused(StatusCode::BAD_REQUEST, "You are not signed in", &what);
        }
    };
    let browser = rp.cookie.read(request.headers());
    let started = browser
        .zip(params.state())
        .and_then(|(browser, state)| rp.sessions.take(browser, &state).map(|started| (browser, started)));
    let Some((browser, started)) = started else {
        return rp.refused(
            StatusCode::BAD_REQUEST,
            "You are not signed in",
            "No sign-in with this state is under way in this browser: it was answered before, took too long, or was \
             started elsewhere.",
        );
    };
    let now = clock::now();
    let outcome = match flow::finish(&rp.finder, started, &params, query, now).await {
        Ok(view) => Outcome::SignedIn(Box::new(view)),
        Err(view) => Outcome::Failed(Box::new(view)),
    };
    // A new name: whoever planted the old one in this browser does not get to know who signed in.
    let Ok(renamed) = flow::random_name() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    rp.sessions.ended(browser, &renamed, outcome, now);
    let mut response = web::see_other(RESULT_PATH);
    rp.cookie.set(response.headers_mut(), &renamed);
    response
}

async fn result(State(rp): State<Arc<Rp>>, request: Request) -> Response {
    let browser = rp.browser(request.headers());
    let outcome = browser.as_ref().and_then(|(browser, _)| rp.sessions.outcome(browser, clock::now()));
    match (outcome, browser) {
        (Some(Outcome::SignedIn(view)), Some((_, csrf))) => show(&rp, &view, &csrf),
        (Some(Outcome::Failed(view)), _) => rp.failure(StatusCode::BAD_REQUEST, &view),
        _ => web::see_other("/"),
    }
}

fn show(rp: &Rp, view: &SignedInView, csrf: &str) -> Response {
    let how = format!("signed in at {}, {}", rp.issuer(), explain::instant(view.at));
    let page = ResultPage {
        issuer: rp.issuer(),
        client_id: rp.client_id(),
        name: &view.name,
        initials: &initials(&view.name),
        how: &how,
        about: &view.about,
        summary: &summary(&view.steps),
        can_refresh: view.memory.refresh_token.is_some(),
        csrf,
        steps: &view.steps,
    };
    web::page(StatusCode::OK, &page, Forms::LeadOn)
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

fn summary(steps: &[Step]) -> String {
    use crate::pages::rp::RuleVerdict;
    let rules = || steps.iter().flat_map(|step| &step.rules);
    let passed = rules().filter(|rule| rule.verdict == RuleVerdict::Passed).count();
    let skipped = rules().filter(|rule| matches!(rule.verdict, RuleVerdict::Skipped(_))).count();
    format!(
        "{} rules in {} steps: {passed} hold, {skipped} have nothing to decide here.",
        rules().count(),
        steps.len()
    )
}

async fn refresh(State(rp): State<Arc<Rp>>, request: Request) -> Response {
    let browser = match form_of_this_browser(&rp, request).await {
        Ok(browser) => browser,
        Err(response) => return response,
    };
    let now = clock::now();
    let Some(view) = rp.sessions.take_signed_in(&browser, now) else {
        return web::see_other("/");
    };
    let before = view.steps.len();
    // On a task of its own: a browser that hangs up must not take the only copy of the refresh token with it.
    let refreshing = tokio::spawn(async move {
        let outcome = match flow::refresh(&rp.finder, *view, now).await {
            Ok(view) => Outcome::SignedIn(Box::new(view)),
            Err(view) => Outcome::Failed(Box::new(view)),
        };
        rp.sessions.put_back(&browser, outcome);
    });
    if let Err(error) = refreshing.await {
        tracing::error!(%error, "a refresh did not end");
    }
    web::see_other(&format!("{RESULT_PATH}#step-{}", before + 1))
}

async fn sign_out(State(rp): State<Arc<Rp>>, request: Request) -> Response {
    match form_of_this_browser(&rp, request).await {
        Ok(browser) => {
            rp.sessions.forget(&browser);
            let mut response = web::see_other("/");
            rp.cookie.clear(response.headers_mut());
            response
        }
        Err(response) => response,
    }
}

/// The browser that sent one of our forms, from one of our pages.
async fn form_of_this_browser(rp: &Rp, request: Request) -> Result<String, Response> {
    let known = rp.browser(request.headers()).map(|(browser, csrf)| (browser.to_owned(), csrf));
    let form = match web::form(request).await {
        Ok(form) => form,
        Err(error) => return Err(rp.refused(error.status(), "That was not our form", &error.to_string())),
    };
    match known {
        Some((browser, csrf)) if form.get("csrf") == Some(csrf.as_str()) => Ok(browser),
        _ => Err(rp.refused(
            StatusCode::FORBIDDEN,
            "That did not come from this page",
            "The form lacks the token of this browser's page. Go back to the start and try again.",
        )),
    }
}

async fn nothing(State(rp): State<Arc<Rp>>) -> Response {
    let what = "This client has a start page, and a page about the last sign-in.";
    rp.refused(StatusCode::NOT_FOUND, "There is nothing here", what)
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_of_names() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("Ada King Lovelace"), "AL");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials(""), "");
    }
}
