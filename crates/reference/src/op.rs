//! The provider: its file, its people, its keys, and its pages around the Avouch provider.

mod endpoints;
mod home;
mod interaction;
pub mod keys;
pub mod passwords;
pub mod seed;
pub mod store;
pub mod throttle;

use std::sync::Arc;

use avouch_jose::NumericDate;
use avouch_jose::crypto::CryptoProvider;
use avouch_jose_ring::SystemRandom;
use avouch_provider::storage::{ClaimsSource, Session, SessionStore};
use avouch_provider::{BrowserId, Provider, SessionId};
use avouch_types::SubjectIdentifier;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{any, get, post};
use http::{HeaderMap, StatusCode};

use crate::pages::STYLE_PATH;
use crate::pages::op::ErrorPage;
use crate::web::cookies::Cookie;
use crate::web::{self, Carried, Forms};
use passwords::Passwords;
use store::{SqliteStore, StoreError};
use throttle::Throttle;

/// The provider, running.
#[derive(Debug)]
pub struct Op {
    provider: Provider<SqliteStore>,
    crypto: CryptoProvider,
    rng: SystemRandom,
    passwords: Passwords,
    throttle: Throttle,
    browser_cookie: Cookie,
    session_cookie: Cookie,
    demo_client: Option<String>,
}

impl Op {
    /// A provider with its pages. `throttle` slows down whoever guesses passwords; `demo_client` is where the start page
    /// sends the curious.
    pub fn new(
        provider: Provider<SqliteStore>,
        crypto: CryptoProvider,
        passwords: Passwords,
        throttle: Throttle,
        demo_client: Option<String>,
    ) -> Self {
        let secure = provider.policy().issuer.as_str().starts_with("https://");
        Self {
            provider,
            crypto,
            rng: SystemRandom::default(),
            passwords,
            throttle,
            browser_cookie: Cookie::new("avouch_op_browser", secure),
            session_cookie: Cookie::new("avouch_op_session", secure),
            demo_client,
        }
    }

    /// Everything it serves.
    pub fn routes(self) -> Router {
        let carried = Carried::at(self.issuer());
        // Programs in browsers call these by themselves; the authorization endpoint is only ever navigated to.
        let for_scripts = Router::new()
            .route("/.well-known/openid-configuration", any(endpoints::discovery))
            .route("/jwks", any(endpoints::jwks))
            .route("/token", any(endpoints::token))
            .route("/userinfo", any(endpoints::userinfo))
            .layer(axum::middleware::from_fn(endpoints::cors));
        Router::new()
            .merge(for_scripts)
            .route("/", get(home::home))
            .route("/sign-out", post(home::sign_out))
            .route("/authorize", get(endpoints::authorize).post(endpoints::authorize))
            .route(interaction::PATH, get(interaction::show).post(interaction::answer))
            .route(STYLE_PATH, get(web::style))
            .fallback(nothing)
            .layer(axum::middleware::from_fn_with_state(carried, web::guard))
            .with_state(Arc::new(self))
    }

    fn issuer(&self) -> &str {
        self.provider.policy().issuer.as_str()
    }

    /// The browser and session that a request names.
    fn cookies(&self, headers: &HeaderMap) -> Cookies {
        Cookies {
            browser: self.browser_cookie.read(headers).map(BrowserId::received),
            session: self.session_cookie.read(headers).map(SessionId::received),
        }
    }

    /// Who is signed in.
    async fn session(&self, id: Option<&SessionId>, now: NumericDate) -> Result<Option<Session>, StoreError> {
        match id {
            Some(id) => self.provider.store().session(&id.hash(&self.crypto), now).await,
            None => Ok(None),
        }
    }

    /// The name of a person; their subject if they have none.
    async fn person(&self, subject: &SubjectIdentifier) -> Result<String, StoreError> {
        let claims = self.provider.store().claims(subject).await?;
        Ok(claims
            .and_then(|claims| claims.name.or(claims.preferred_username))
            .unwrap_or_else(|| subject.as_str().to_owned()))
    }

    /// The token that a form carries: only a page of this provider, shown to this browser, knows it.
    fn csrf(&self, secret: &str, what: &str) -> String {
        let hash = self.crypto.sha256(format!("form of {secret} for {what}").as_bytes());
        avouch_jose::base64url::encode(hash)
    }

    fn error(&self, status: StatusCode, title: &str, what: &str, next: Option<&str>) -> Response {
        let page = ErrorPage { issuer: self.issuer(), title, what, next, code: None, detail: None };
        web::page(status, &page, Forms::StayHere)
    }

    fn not_our_form(&self, error: &web::BodyError) -> Response {
        self.error(error.status(), "That was not our form", &format!("It was not read: {error}."), None)
    }

    fn forged(&self) -> Response {
        self.error(
            StatusCode::FORBIDDEN,
            "That did not come from this page",
            "The form lacks the token of the page that this browser was shown, so nothing was done.",
            Some("Go back to the program that sent you here and start again there."),
        )
    }

    /// The provider itself failed.
    fn failed(&self, error: &dyn std::error::Error) -> Response {
        tracing::error!(error = crate::causes::chain(error), "the provider failed");
        self.error(
            StatusCode::SERVICE_UNAVAILABLE,
            "The provider has a problem",
            "What you asked for could not be done. It is not your fault.",
            Some("Try again in a moment."),
        )
    }
}

/// What a request's cookies say; nothing of it is checked.
#[derive(Debug)]
struct Cookies {
    browser: Option<BrowserId>,
    session: Option<SessionId>,
}

async fn nothing(State(op): State<Arc<Op>>, _: Request) -> Response {
    op.error(
        StatusCode::NOT_FOUND,
        "There is nothing here",
        "This provider has no page at this address.",
        None,
    )
}
