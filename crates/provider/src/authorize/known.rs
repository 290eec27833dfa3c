//! The first step: whose request it is, and where an answer may go.

use avouch_messages::{EnvelopeError, RequestEnvelope};
use avouch_types::{ClientId, RedirectUri, ResponseMode};

use super::{AuthorizationFailure, ErrorResponse};
use crate::client::{Client, RedirectUriRefused};
use crate::policy::Policy;

/// Why nothing may be sent to anybody about a request: it is the person who must be told, on a page of the
/// provider with status 400 ([RFC 6749 §4.1.2.1], [Core §3.1.2.6]).
///
/// [RFC 6749 §4.1.2.1]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
/// [Core §3.1.2.6]: https://openid.net/specs/openid-connect-core-1_0.html#AuthError
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestRefused {
    /// `client_id` or `redirect_uri` is missing, repeated or malformed.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Nobody is registered under this `client_id`.
    #[error("the client is not known here")]
    UnknownClient(ClientId),
    /// The redirect URI is not one of the client's.
    #[error(transparent)]
    RedirectUri(#[from] RedirectUriRefused),
    /// Nothing can be sent in this response mode.
    #[error("the response mode is not supported")]
    ResponseMode(ResponseMode),
}

/// A request of a known client, whose redirect URI is its own. Errors may be sent there from here on.
#[derive(Debug, Clone)]
#[must_use]
pub struct KnownRequest<'a> {
    pub(super) envelope: RequestEnvelope,
    pub(super) client: &'a Client,
    pub(super) redirect_uri: RedirectUri,
    pub(super) mode: ResponseMode,
}

/// Finds out whose request it is and whether the redirect URI is theirs.
///
/// `client` is what is registered under the envelope's `client_id`, if anything is. The redirect URI is
/// compared byte for byte ([`Client::check_redirect_uri`]).
///
/// # Errors
/// [`RequestRefused`]: nothing may be sent to the redirect URI.
pub fn identify<'a>(
    envelope: RequestEnvelope,
    client: Option<&'a Client>,
) -> Result<KnownRequest<'a>, RequestRefused> {
    let client_id = envelope.client_id()?;
    let client = client
        .filter(|client| client.client_id == *client_id)
        .ok_or_else(|| RequestRefused::UnknownClient(client_id.clone()))?;
    let redirect_uri = envelope.redirect_uri()?.clone();
    client.check_redirect_uri(&redirect_uri)?;
    let mode = envelope.answer_mode();
    if !RESPONSE_MODES.contains(&mode) {
        return Err(RequestRefused::ResponseMode(mode));
    }
    Ok(KnownRequest { envelope, client, redirect_uri, mode })
}

/// The response modes that answers can be sent in.
pub(crate) const RESPONSE_MODES: [ResponseMode; 3] =
    [ResponseMode::QUERY, ResponseMode::FRAGMENT, ResponseMode::FORM_POST];

impl KnownRequest<'_> {
    /// Who asks.
    pub fn client(&self) -> &Client {
        self.client
    }

    /// An error for the client, with the request's `state` and the issuer's `iss`.
    pub fn error(&self, policy: &Policy, failure: AuthorizationFailure) -> ErrorResponse {
        ErrorResponse {
            redirect_uri: self.redirect_uri.clone(),
            mode: self.mode.clone(),
            state: self.envelope.state(),
            issuer: policy.issuer.clone(),
            failure,
        }
    }
}
