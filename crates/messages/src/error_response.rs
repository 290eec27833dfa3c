use avouch_json::Limits;
use avouch_types::{ErrorCode, ErrorDescription, ErrorUri};
use serde_json::{Map, Value};

use crate::AnswerError;
use crate::json::Members;

/// The error answer of the token endpoint ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)):
/// `application/json`, with the headers of [`TokenResponse::HEADERS`](crate::TokenResponse::HEADERS).
///
/// ```
/// use avouch_messages::{CredentialsIn, ErrorResponse};
/// use avouch_types::ErrorCode;
///
/// let answer = ErrorResponse::new(ErrorCode::INVALID_CLIENT);
/// assert_eq!(answer.to_json(), r#"{"error":"invalid_client"}"#);
/// assert_eq!(answer.status(CredentialsIn::AuthorizationHeader), 401);
/// assert_eq!(answer.status(CredentialsIn::Elsewhere), 400);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// The code.
    pub error: ErrorCode,
    /// For the developer. Characters that the specification does not allow are replaced on reading: a fault in the
    /// explanation hides neither the error nor the explanation.
    pub error_description: Option<ErrorDescription>,
    /// A page about the error. Left out on reading if it is malformed.
    pub error_uri: Option<ErrorUri>,
    /// All other members: providers put codes of their own there.
    pub extra: Map<String, Value>,
}

/// How a client tried to authenticate, as far as the status of a refusal depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsIn {
    /// By the `Authorization` header.
    AuthorizationHeader,
    /// In the body, or not at all.
    Elsewhere,
}

impl ErrorResponse {
    /// An answer with a code alone.
    #[must_use]
    pub fn new(error: ErrorCode) -> Self {
        Self { error, error_description: None, error_uri: None, extra: Map::new() }
    }

    /// With a sentence for the developer; characters that are not allowed are replaced.
    #[must_use]
    pub fn description(self, text: &str) -> Self {
        Self { error_description: Some(ErrorDescription::from_text(text)), ..self }
    }

    /// Reads the body of an answer with status 400 or 401. Unknown members mean nothing and are kept.
    ///
    /// # Errors
    /// An [`AnswerError`] that names the broken rule.
    pub fn parse(content_type: Option<&str>, body: &[u8], limits: &Limits) -> Result<Self, AnswerError> {
        let mut members = Members::read(content_type, body, limits)?;
        Ok(Self {
            error: members.required("error", ErrorCode::parse)?,
            error_description: members
                .lenient("error_description", |value| value.as_str().map(ErrorDescription::from_text)),
            error_uri: members.lenient("error_uri", |value| ErrorUri::parse(value.as_str()?).ok()),
            extra: members.rest(),
        })
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut members = self.extra.clone();
        members.insert("error".to_owned(), self.error.as_str().into());
        if let Some(description) = &self.error_description {
            members.insert("error_description".to_owned(), description.as_str().into());
        }
        if let Some(uri) = &self.error_uri {
            members.insert("error_uri".to_owned(), uri.as_str().into());
        }
        Value::Object(members).to_string()
    }

    /// The HTTP status at the token endpoint: 401 for a client that failed to authenticate in the `Authorization` header
    /// (the answer then also needs `WWW-Authenticate`), else 400.
    #[must_use]
    pub fn status(&self, credentials: CredentialsIn) -> u16 {
        let challenged = credentials == CredentialsIn::AuthorizationHeader;
        if self.error == ErrorCode::INVALID_CLIENT && challenged { 401 } else { 400 }
    }
}

/// Of unknown members only the names are shown.
impl std::fmt::Debug for ErrorResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ErrorResponse")
            .field("error", &self.error)
            .field("error_description", &self.error_description)
            .field("error_uri", &self.error_uri)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish()
    }
}
