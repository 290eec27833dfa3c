use avouch_json::Limits;
use avouch_types::{ErrorCode, ErrorDescription, ErrorUri};
use serde_json::{Map, Value};

use crate::AnswerError;
use crate::json::Members;

/// The error answer of the token endpoint ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)):
/// `application/json`, with the headers of [`TokenResponse::HEADERS`](crate::TokenResponse::HEADERS).
///
/// ```
/// use avouch_messages::ErrorResponse;
/// use avouch_types::ErrorCode;
///
/// let answer = ErrorResponse::new(ErrorCode::INVALID_CLIENT);
/// assert_eq!(answer.to_json(), r#"{"error":"invalid_client"}"#);
/// assert_eq!((answer.status(true), answer.status(false)), (401, 400));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// The code.
    pub error: ErrorCode,
    /// For the developer. Left out on reading if it has characters that the specification does not allow: a fault in the
    /// explanation does not hide the error.
    pub error_description: Option<ErrorDescription>,
    /// A page about the error. Left out on reading likewise.
    pub error_uri: Option<ErrorUri>,
}

impl ErrorResponse {
    /// An answer with a code alone.
    #[must_use]
    pub fn new(error: ErrorCode) -> Self {
        Self { error, error_description: None, error_uri: None }
    }

    /// With a sentence for the developer; characters that are not allowed are replaced.
    #[must_use]
    pub fn description(self, text: &str) -> Self {
        Self { error_description: Some(ErrorDescription::from_text(text)), ..self }
    }

    /// Reads the body of an answer with status 400 or 401. Unknown members are ignored.
    ///
    /// # Errors
    /// An [`AnswerError`] that names the broken rule.
    pub fn parse(content_type: Option<&str>, body: &[u8], limits: &Limits) -> Result<Self, AnswerError> {
        let mut members = Members::read(content_type, body, limits)?;
        Ok(Self {
            error: members.required("error", ErrorCode::parse)?,
            error_description: members.word("error_description", ErrorDescription::parse).ok().flatten(),
            error_uri: members.word("error_uri", ErrorUri::parse).ok().flatten(),
        })
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut members = Map::new();
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
    pub fn status(&self, authorization_header_used: bool) -> u16 {
        if self.error == ErrorCode::INVALID_CLIENT && authorization_header_used { 401 } else { 400 }
    }
}
