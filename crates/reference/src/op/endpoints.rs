//! The endpoints of the protocol.

use std::error::Error;
use std::sync::Arc;

use avouch_provider::{Answer, AuthorizeOutcome, Browser, BrowserId, EndpointError, Refused};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};

use super::store::StoreError;
use super::{Op, interaction};
use crate::causes::chain;
use crate::clock;
use crate::pages::op::ErrorPage;
use crate::web::{self, Forms};

/// A request of this length fits into a URL everywhere.
const MAX_QUERY: usize = 4 * 1024;

/// A longer authorization request is not answered: what is waiting is kept, for whoever asks.
const MAX_AUTHORIZATION: usize = 8 * 1024;

pub(super) async fn discovery(State(op): State<Arc<Op>>, request: Request) -> Response {
    document(&request, op.provider.discovery())
}

pub(super) async fn jwks(State(op): State<Arc<Op>>, request: Request) -> Response {
    document(&request, op.provider.jwks())
}

fn document(request: &Request, document: http::Response<Vec<u8>>) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        document.map(Body::from)
    } else {
        ([(header::ALLOW, "GET, HEAD")], StatusCode::METHOD_NOT_ALLOWED).into_response()
    }
}

/// Lets scripts of any origin read the answers ([Core §5.3]). No cookie counts at these endpoints, so that an origin
/// learns no more than a program without a browser would.
///
/// [Core §5.3]: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
pub(super) async fn cors(request: Request, next: Next) -> Response {
    let is_question = request.method() == Method::OPTIONS;
    let mut response =
        if is_question { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if is_question {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        let allowed = HeaderValue::from_static("authorization, content-type");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("www-authenticate"));
    }
    response
}

pub(super) async fn authorize(State(op): State<Arc<Op>>, request: Request) -> Response {
    let request = match whole(request).await {
        Ok(request) => request,
        Err(error) => return op.not_our_form(&error),
    };
    let query = request.uri().query().unwrap_or_default();
    if query.len().max(request.body().len()) > MAX_AUTHORIZATION {
        return op.error(
            StatusCode::BAD_REQUEST,
            "This request cannot be answered",
            "The program that sent you here made a request that is longer than any that is needed.",
            Some("Go back and try again. If it happens again, the makers of that program should know."),
        );
    }
    let cookies = op.cookies(request.headers());
    if let Some(again) = as_get(&request, cookies.browser.is_none() && cookies.session.is_none()) {
        return web::see_other(&again);
    }
    let browser = match cookies.browser {
        Some(browser) => browser,
        None => match BrowserId::generate(&op.rng) {
            Ok(browser) => browser,
            Err(error) => return op.failed(&error),
        },
    };
    let who = Browser { id: &browser, session: cookies.session.as_ref() };
    let outcome = op.provider.authorize(&request, who, clock::now(), &op.rng).await;
    op.outcome(outcome, &browser)
}

/// A form that another site posted arrives without our cookies, since they are SameSite=Lax. As a GET it has them.
fn as_get(request: &http::Request<Vec<u8>>, without_cookies: bool) -> Option<String> {
    let short = !request.body().is_empty() && request.body().len() <= MAX_QUERY;
    if request.method() != Method::POST || !without_cookies || !short {
        return None;
    }
    let query = std::str::from_utf8(request.body()).ok()?;
    let plain = query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    plain.then(|| format!("{}?{query}", request.uri().path()))
}

impl Op {
    /// What the browser is told about an authorization request.
    pub(super) fn outcome(&self, outcome: AuthorizeOutcome<StoreError>, browser: &BrowserId) -> Response {
        match outcome {
            AuthorizeOutcome::Respond(answer) => respond("authorization", answer),
            AuthorizeOutcome::Interact(waiting) => {
                tracing::debug!(client = %waiting.client.client_id, need = ?waiting.need, "a person is needed");
                let mut response = web::see_other(&interaction::path(&waiting.id));
                self.browser_cookie.set(response.headers_mut(), browser.expose());
                response
            }
            AuthorizeOutcome::Refuse(refused) => self.refuse(&refused),
        }
    }

    /// The page for what may not be sent anywhere.
    pub(super) fn refuse(&self, refused: &Refused<StoreError>) -> Response {
        let cause = &refused.cause;
        if refused.status.is_server_error() {
            return self.failed(cause);
        }
        tracing::info!(cause = chain(cause), "a request was refused");
        let detail = chain(cause);
        let page = match cause {
            EndpointError::InteractionGone => ErrorPage {
                issuer: self.issuer(),
                title: "This page has expired",
                what: "It was answered before, waited too long, or belongs to another browser.",
                next: Some("Go back to the program that sent you here and start again there."),
                code: None,
                detail: None,
            },
            _ => ErrorPage {
                issuer: self.issuer(),
                title: "This request cannot be answered",
                what: "The program that sent you here made a request that this provider cannot answer, and cannot \
                       safely send back.",
                next: Some(
                    "Go back and try again. If it happens again, the makers of that program should know.",
                ),
                code: Some("invalid_request"),
                detail: Some(&detail),
            },
        };
        web::page(refused.status, &page, Forms::StayHere)
    }
}

pub(super) async fn token(State(op): State<Arc<Op>>, request: Request) -> Response {
    match whole(request).await {
        Ok(request) => respond("token", op.provider.token(&request, clock::now(), &op.rng).await),
        Err(_) => avouch_provider::token::respond_too_large().map(Body::from),
    }
}

pub(super) async fn userinfo(State(op): State<Arc<Op>>, request: Request) -> Response {
    match whole(request).await {
        Ok(request) => respond("userinfo", op.provider.userinfo(&request, clock::now()).await),
        Err(_) => avouch_provider::userinfo::respond_too_large().map(Body::from),
    }
}

/// The request with its whole body.
async fn whole(request: Request) -> Result<http::Request<Vec<u8>>, web::BodyError> {
    let (parts, body) = request.into_parts();
    Ok(http::Request::from_parts(parts, web::body(body).await?))
}

/// Sends an answer, and logs what was wrong.
fn respond<E: Error + Send + Sync + 'static>(endpoint: &'static str, answer: Answer<E>) -> Response {
    match &answer.cause {
        None => tracing::debug!(endpoint, "answered"),
        Some(cause @ (EndpointError::Store(_) | EndpointError::Random(_) | EndpointError::NotStored(_))) => {
            tracing::error!(endpoint, cause = chain(cause), "the provider failed");
        }
        Some(cause) => tracing::info!(endpoint, cause = chain(cause), "answered with an error"),
    }
    answer.response.map(Body::from)
}
