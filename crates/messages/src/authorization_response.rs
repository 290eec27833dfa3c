use avouch_types::{AuthorizationCode, ErrorCode, ErrorDescription, ErrorUri, Form, State, WordError};

/// What the authorization endpoint sends to the redirect URI
/// ([OpenID Connect Core §3.1.2.5, §3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthResponse)).
///
/// ```
/// use avouch_messages::AuthorizationResponse;
/// use avouch_types::{ErrorCode, Form, FormLimits};
///
/// let query = b"error=access_denied&state=af0ifjsldkj&iss=https%3A%2F%2Fop.example";
/// let response = AuthorizationResponse::parse(&Form::parse(query, &FormLimits::default())?)?;
/// assert_eq!(response.iss(), Some("https://op.example"));
/// assert!(matches!(response, AuthorizationResponse::Error(error) if error.error == ErrorCode::ACCESS_DENIED));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizationResponse {
    /// The End-User was authenticated and agreed: the success response of the code flow.
    Code(AuthorizationCodeResponse),
    /// It did not work out.
    Error(AuthorizationError),
}

/// The success response of the code flow.
///
/// ```
/// use avouch_messages::AuthorizationCodeResponse;
/// use avouch_types::{AuthorizationCode, State};
///
/// let response = AuthorizationCodeResponse::new(AuthorizationCode::new("SplxlOBeZQQYbYS6WxSbIA"))
///     .state(Some(State::new("af0ifjsldkj")))
///     .iss("https://op.example");
/// assert_eq!(
///     response.to_form().to_urlencoded(),
///     "code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj&iss=https%3A%2F%2Fop.example"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorizationCodeResponse {
    /// To be exchanged at the token endpoint, once.
    pub code: AuthorizationCode,
    /// `state` of the request.
    pub state: Option<State>,
    /// The issuer, as received; to be compared exactly ([RFC 9207 §2](https://www.rfc-editor.org/rfc/rfc9207#section-2)).
    pub iss: Option<String>,
    /// All other parameters; unknown ones mean nothing (RFC 6749 §4.1.2).
    pub extra: Form,
}

/// An authorization error response. It has no place for a code or a token.
///
/// ```
/// use avouch_messages::AuthorizationError;
/// use avouch_types::{ErrorCode, State};
///
/// let error = AuthorizationError::new(ErrorCode::LOGIN_REQUIRED)
///     .description("prompt is none and nobody is signed in")
///     .state(Some(State::new("af0ifjsldkj")));
/// assert_eq!(
///     error.to_form().to_urlencoded(),
///     "error=login_required&error_description=prompt+is+none+and+nobody+is+signed+in&state=af0ifjsldkj"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorizationError {
    /// The code.
    pub error: ErrorCode,
    /// For the developer. Characters that RFC 6749 §4.1.2.1 does not allow are replaced on reading: a fault in the
    /// explanation hides neither the error nor the explanation.
    pub error_description: Option<ErrorDescription>,
    /// A page about the error. Left out on reading if it is malformed.
    pub error_uri: Option<ErrorUri>,
    /// `state` of the request.
    pub state: Option<State>,
    /// The issuer, as received; to be compared exactly ([RFC 9207 §2](https://www.rfc-editor.org/rfc/rfc9207#section-2)).
    pub iss: Option<String>,
    /// All other parameters; unknown ones mean nothing.
    pub extra: Form,
}

/// Why an authorization response was refused, by rules that need nothing but the response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationResponseError {
    /// A parameter stands more than once (RFC 6749 §3.1).
    #[error("parameter {name} stands more than once")]
    RepeatedParameter {
        /// The name.
        name: String,
    },
    /// Neither `code` nor `error`.
    #[error("neither code nor error in the response")]
    NeitherCodeNorError,
    /// Both `code` and `error`: no OP sends that, somebody put the response together.
    #[error("both code and error in the response")]
    CodeAndError,
    /// A parameter has characters that its specification does not allow.
    #[error("parameter {name} is malformed")]
    MalformedWord {
        /// The name.
        name: &'static str,
        /// The rule.
        source: WordError,
    },
}

impl AuthorizationResponse {
    /// Reads the parameters of the query, fragment or form body.
    ///
    /// # Errors
    /// An [`AuthorizationResponseError`] that names the broken rule.
    pub fn parse(form: &Form) -> Result<Self, AuthorizationResponseError> {
        use AuthorizationResponseError as Refused;
        if let Some(name) = form.repeated().first() {
            return Err(Refused::RepeatedParameter { name: (*name).to_owned() });
        }
        let word = |name: &'static str| move |source| Refused::MalformedWord { name, source };
        let state = form.get("state").map(State::parse).transpose().map_err(word("state"))?;
        let iss = form.get("iss").map(str::to_owned);
        match (form.get("code"), form.get("error")) {
            (Some(code), None) => Ok(Self::Code(AuthorizationCodeResponse {
                code: AuthorizationCode::parse(code).map_err(word("code"))?,
                state,
                iss,
                extra: form.without(&["code", "state", "iss"]),
            })),
            (None, Some(error)) => Ok(Self::Error(AuthorizationError {
                error: ErrorCode::parse(error).map_err(word("error"))?,
                error_description: form.get("error_description").map(ErrorDescription::from_text),
                error_uri: form.get("error_uri").and_then(|text| text.parse().ok()),
                state,
                iss,
                extra: form.without(&["error", "error_description", "error_uri", "state", "iss"]),
            })),
            (None, None) => Err(Refused::NeitherCodeNorError),
            (Some(_), Some(_)) => Err(Refused::CodeAndError),
        }
    }

    /// `state` of the request.
    #[must_use]
    pub fn state(&self) -> Option<&State> {
        match self {
            Self::Code(response) => response.state.as_ref(),
            Self::Error(error) => error.state.as_ref(),
        }
    }

    /// The issuer, as received.
    #[must_use]
    pub fn iss(&self) -> Option<&str> {
        match self {
            Self::Code(response) => response.iss.as_deref(),
            Self::Error(error) => error.iss.as_deref(),
        }
    }

    /// The parameters, for [`Delivery::new`](crate::Delivery::new).
    #[must_use]
    pub fn to_form(&self) -> Form {
        match self {
            Self::Code(response) => response.to_form(),
            Self::Error(error) => error.to_form(),
        }
    }
}

impl AuthorizationCodeResponse {
    /// A response with a code.
    #[must_use]
    pub fn new(code: AuthorizationCode) -> Self {
        Self { code, state: None, iss: None, extra: Form::new() }
    }

    /// With the request's `state`, if it had one.
    #[must_use]
    pub fn state(self, state: Option<State>) -> Self {
        Self { state, ..self }
    }

    /// With the issuer (RFC 9207).
    #[must_use]
    pub fn iss(self, iss: impl Into<String>) -> Self {
        Self { iss: Some(iss.into()), ..self }
    }

    /// The parameters, for [`Delivery::new`](crate::Delivery::new).
    #[must_use]
    pub fn to_form(&self) -> Form {
        let mut form = Form::new()
            .with("code", self.code.expose())
            .with_some("state", self.state.as_ref().map(State::expose))
            .with_some("iss", self.iss.as_deref());
        form.extend(self.extra.iter());
        form
    }
}

impl AuthorizationError {
    /// An error response with a code alone.
    #[must_use]
    pub fn new(error: ErrorCode) -> Self {
        Self { error, error_description: None, error_uri: None, state: None, iss: None, extra: Form::new() }
    }

    /// With a sentence for the developer; characters that are not allowed are replaced.
    #[must_use]
    pub fn description(self, text: &str) -> Self {
        Self { error_description: Some(ErrorDescription::from_text(text)), ..self }
    }

    /// With the request's `state`, if it had one.
    #[must_use]
    pub fn state(self, state: Option<State>) -> Self {
        Self { state, ..self }
    }

    /// With the issuer (RFC 9207).
    #[must_use]
    pub fn iss(self, iss: impl Into<String>) -> Self {
        Self { iss: Some(iss.into()), ..self }
    }

    /// The parameters, for [`Delivery::new`](crate::Delivery::new).
    #[must_use]
    pub fn to_form(&self) -> Form {
        let mut form = Form::new()
            .with("error", self.error.as_str())
            .with_some("error_description", self.error_description.as_ref().map(ErrorDescription::as_str))
            .with_some("error_uri", self.error_uri.as_ref().map(ErrorUri::as_str))
            .with_some("state", self.state.as_ref().map(State::expose))
            .with_some("iss", self.iss.as_deref());
        form.extend(self.extra.iter());
        form
    }
}
