use avouch_types::{ClientId, Form, RedirectUri, ResponseMode, ResponseType, State, UriError, WordError};

use super::{AuthorizationRequest, AuthorizationRequestError};

/// What an OP has to know of an authorization request before it judges it: whose it is, whether and where an error may be
/// sent, and how. Reading the envelope never fails; the rest of the request is kept for [`RequestEnvelope::parse`].
///
/// ```
/// use avouch_messages::RequestEnvelope;
/// use avouch_types::{Form, FormLimits};
///
/// let query = b"client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Frp.example%2Fcb&state=1&scope=x&scope=y";
/// let envelope = RequestEnvelope::read(Form::parse_noting_repeats(query, &FormLimits::default())?);
/// assert!(envelope.client_id().is_ok() && envelope.redirect_uri().is_ok());
/// assert!(envelope.parse().is_err()); // and that may be told to the client
/// # Ok::<(), avouch_types::FormError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RequestEnvelope {
    client_id: Result<ClientId, EnvelopeError>,
    redirect_uri: Result<RedirectUri, EnvelopeError>,
    form: Form,
}

/// Why it is not known whose request this is or where its answer goes: nothing is redirected then (RFC 6749 §4.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// The parameter is absent or has no value.
    #[error("parameter {name} is missing")]
    Missing {
        /// The name.
        name: &'static str,
    },
    /// The parameter stands more than once.
    #[error("parameter {name} stands more than once")]
    Repeated {
        /// The name.
        name: &'static str,
    },
    /// `client_id` is malformed.
    #[error("client_id is malformed")]
    ClientId(#[source] WordError),
    /// `redirect_uri` is no acceptable URI.
    #[error("redirect_uri is malformed")]
    RedirectUri(#[source] UriError),
}

impl RequestEnvelope {
    /// Reads a form that may have repeats ([`Form::parse_noting_repeats`]).
    #[must_use]
    pub fn read(form: Form) -> Self {
        let single = |name: &'static str| match form.get_all(name).count() {
            0 | 1 => form.get(name).ok_or(EnvelopeError::Missing { name }),
            _ => Err(EnvelopeError::Repeated { name }),
        };
        let client_id =
            single("client_id").and_then(|text| ClientId::parse(text).map_err(EnvelopeError::ClientId));
        let redirect_uri = single("redirect_uri")
            .and_then(|text| RedirectUri::parse(text).map_err(EnvelopeError::RedirectUri));
        Self { client_id, redirect_uri, form }
    }

    /// Who asks.
    ///
    /// # Errors
    /// An [`EnvelopeError`] for the error page.
    pub fn client_id(&self) -> Result<&ClientId, EnvelopeError> {
        self.client_id.as_ref().map_err(|error| *error)
    }

    /// Where the answer is to go; nobody has compared it with the registered ones yet.
    ///
    /// # Errors
    /// An [`EnvelopeError`] for the error page.
    pub fn redirect_uri(&self) -> Result<&RedirectUri, EnvelopeError> {
        self.redirect_uri.as_ref().map_err(|error| *error)
    }

    /// `state` exactly as received, to be repeated in any answer; `None` also if it stands more than once.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        self.form.get("state").map(State::new)
    }

    /// `response_mode`, if it stands there once and well-formed.
    #[must_use]
    pub fn response_mode(&self) -> Option<ResponseMode> {
        self.form.get("response_mode").and_then(|text| ResponseMode::parse(text).ok())
    }

    /// `response_type`, if it stands there once and well-formed.
    #[must_use]
    pub fn response_type(&self) -> Option<ResponseType> {
        self.form.get("response_type").and_then(|text| ResponseType::parse(text).ok())
    }

    /// The mode of any answer to this request: the one asked for, else the default of the response type. Where the response
    /// type is unreadable, or `query` is asked for a type that forbids it, the fragment is taken as soon as a token was
    /// mentioned (Multiple Response Types §5: never the query then).
    #[must_use]
    pub fn answer_mode(&self) -> ResponseMode {
        let mentions_token = self
            .form
            .get_all("response_type")
            .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
            .any(|word| word == "token" || word == "id_token");
        let default = if mentions_token { ResponseMode::FRAGMENT } else { ResponseMode::QUERY };
        match self.response_mode() {
            Some(mode) if mode != ResponseMode::QUERY => mode,
            _ => default,
        }
    }

    /// All parameters as received.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The whole request.
    ///
    /// # Errors
    /// As [`AuthorizationRequest::parse`].
    pub fn parse(&self) -> Result<AuthorizationRequest, AuthorizationRequestError> {
        AuthorizationRequest::parse(&self.form)
    }
}
