//! What the endpoints answer with, and why.

use avouch_jose::crypto::RandomError;
use avouch_messages::AuthorizationRequest;
use avouch_types::{FormError, SubjectIdentifier};
use http::{Response, StatusCode};

use super::InteractionId;
use crate::authorize::{ErrorResponse, Need, NotResumed, NotStored, RequestRefused};
use crate::client::Client;
use crate::token::TokenError;
use crate::userinfo::UserInfoError;

/// A response to send, and what was wrong, for the log. `E` is the store's error.
#[derive(Debug)]
#[must_use]
pub struct Answer<E> {
    /// To be sent as it is.
    pub response: Response<Vec<u8>>,
    /// Why it is an error; `None` if it is none.
    pub cause: Option<EndpointError<E>>,
}

impl<E> Answer<E> {
    pub(super) fn good(response: Response<Vec<u8>>) -> Self {
        Self { response, cause: None }
    }

    pub(super) fn failed(response: Response<Vec<u8>>, cause: impl Into<EndpointError<E>>) -> Self {
        Self { response, cause: Some(cause.into()) }
    }
}

/// What becomes of a request at the authorization endpoint.
#[derive(Debug)]
#[must_use]
pub enum AuthorizeOutcome<E> {
    /// Send this: a code or an error, on its way to the client.
    Respond(Answer<E>),
    /// Show a page: a person has to do something.
    Interact(Box<Interaction>),
    /// Show an error page: nothing may be sent to the client.
    Refuse(Refused<E>),
}

/// A request that waits for a person.
#[derive(Debug)]
#[non_exhaustive]
pub struct Interaction {
    /// By which it goes on ([`Provider::resume`](crate::Provider::resume)).
    pub id: InteractionId,
    /// What the person has to do, and why.
    pub need: Need,
    /// Who is signed in: whom a page for [`Need::SelectAccount`] or [`Need::Consent`] is about.
    pub subject: Option<SubjectIdentifier>,
    /// Who asks.
    pub client: Client,
    /// The request, for `login_hint`, `ui_locales`, `display`, `acr_values`.
    pub request: AuthorizationRequest,
}

/// A request that nobody may be told about but the person in front of it.
#[derive(Debug)]
#[must_use]
pub struct Refused<E> {
    /// The status of the error page: 400, or 503 if the provider failed.
    pub status: StatusCode,
    /// Why.
    pub cause: EndpointError<E>,
}

impl<E> Refused<E> {
    pub(super) fn store(error: E) -> Self {
        Self::new(EndpointError::Store(error))
    }

    pub(super) fn new(cause: impl Into<EndpointError<E>>) -> Self {
        let cause = cause.into();
        let status = match cause {
            EndpointError::Store(_)
            | EndpointError::Random(_)
            | EndpointError::NotStored(_)
            | EndpointError::NotResumed(NotResumed::Unreadable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            EndpointError::Method => StatusCode::METHOD_NOT_ALLOWED,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { status, cause }
    }
}

/// Why an endpoint did not do what it was asked. `E` is the store's error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError<E> {
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] E),
    /// There was no randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A freshly made name was taken.
    #[error(transparent)]
    NotStored(#[from] NotStored),
    /// The endpoint has no such method.
    #[error("the method is not supported")]
    Method,
    /// The query or body is no form.
    #[error("the request is not a form")]
    Form(#[from] FormError),
    /// It is not known whose request it is, or where an answer may go.
    #[error(transparent)]
    Refused(#[from] RequestRefused),
    /// The authorization request failed.
    #[error(transparent)]
    Authorization(#[from] Box<ErrorResponse>),
    /// No such request waits in this browser: it went on before, or took too long.
    #[error("the interaction has expired")]
    InteractionGone,
    /// The waiting request would not be accepted if it came now.
    #[error(transparent)]
    NotResumed(#[from] NotResumed),
    /// The token request failed.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The UserInfo request failed.
    #[error(transparent)]
    UserInfo(#[from] UserInfoError),
}
