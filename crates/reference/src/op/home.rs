//! The provider's own page, and signing out of it.

use std::sync::Arc;

use avouch_provider::storage::SessionStore;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;

use super::Op;
use crate::clock;
use crate::pages::op::{HomePage, SignedOutPage};
use crate::web::{self, Forms};

/// What the form is for.
const SIGN_OUT: &str = "signing out";

pub(super) async fn home(State(op): State<Arc<Op>>, request: Request) -> Response {
    let id = op.cookies(request.headers()).session;
    let person = match op.session(id.as_ref(), clock::now()).await {
        Ok(Some(session)) => op.person(&session.subject).await.map(Some),
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    let person = match person {
        Ok(person) => person,
        Err(error) => return op.failed(&error),
    };
    let metadata = op.provider.metadata();
    let configuration = avouch_discovery::well_known::openid_configuration(&metadata.issuer);
    let page = HomePage {
        issuer: op.issuer(),
        person: person.as_deref(),
        csrf: &id.map(|id| op.csrf(id.expose(), SIGN_OUT)).unwrap_or_default(),
        demo_client: op.demo_client.as_deref(),
        documents: &[("Metadata", configuration.as_str()), ("Keys", metadata.jwks_uri.as_str())],
    };
    web::page(StatusCode::OK, &page, Forms::StayHere)
}

pub(super) async fn sign_out(State(op): State<Arc<Op>>, request: Request) -> Response {
    let id = op.cookies(request.headers()).session;
    let form = match web::form(request).await {
        Ok(form) => form,
        Err(error) => return op.not_our_form(&error),
    };
    let Some(id) = id.filter(|id| form.get("csrf") == Some(op.csrf(id.expose(), SIGN_OUT).as_str())) else {
        return op.forged();
    };
    if let Err(error) = op.provider.store().end(&id.hash(&op.crypto)).await {
        return op.failed(&error);
    }
    let mut response = web::page(StatusCode::OK, &SignedOutPage { issuer: op.issuer() }, Forms::StayHere);
    op.session_cookie.clear(response.headers_mut());
    response
}
