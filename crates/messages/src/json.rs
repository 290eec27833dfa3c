//! Picking typed members out of a JSON answer.

use avouch_json::{JsonError, Limits};
use avouch_types::{UriError, WordError};
use serde_json::{Map, Value};

use crate::media_type;

/// Why a JSON answer of the token or UserInfo endpoint was refused. No variant holds a value of the answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The `Content-Type` is not the one the specification asks for.
    #[error("content type of the answer is not {expected}")]
    ContentType {
        /// What it should be.
        expected: &'static str,
    },
    /// The body is no JSON object within the limits.
    #[error("the answer is not a JSON object within the limits")]
    Json(#[source] JsonError),
    /// The body is no text.
    #[error("the answer is not UTF-8")]
    NotUtf8,
    /// A required member is absent.
    #[error("member {name} is missing")]
    MissingMember {
        /// The name.
        name: &'static str,
    },
    /// A member has another JSON type than the specification gives it.
    #[error("member {name} has the wrong JSON type")]
    WrongType {
        /// The name.
        name: &'static str,
    },
    /// A member has characters or a length that its specification does not allow.
    #[error("member {name} is malformed")]
    MalformedWord {
        /// The name.
        name: &'static str,
        /// The rule.
        source: WordError,
    },
    /// A member is no acceptable URI.
    #[error("member {name} is malformed")]
    MalformedUri {
        /// The name.
        name: &'static str,
        /// The rule.
        source: UriError,
    },
}

/// The members of a JSON answer, taken out one by one; what remains is unknown.
pub(crate) struct Members {
    members: Map<String, Value>,
    malformed: Map<String, Value>,
}

impl Members {
    pub(crate) fn read(
        content_type: Option<&str>,
        body: &[u8],
        limits: &Limits,
    ) -> Result<Self, AnswerError> {
        if !media_type::is(content_type, media_type::JSON) {
            return Err(AnswerError::ContentType { expected: media_type::JSON });
        }
        let members = avouch_json::object(body, limits).map_err(AnswerError::Json)?;
        Ok(Self { members, malformed: Map::new() })
    }

    /// A member's value. `null` counts as absent: Core §13.3 asks senders to leave such members out, but not all do.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, AnswerError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(AnswerError::WrongType { name }),
        }
    }

    pub(crate) fn word<T>(
        &mut self,
        name: &'static str,
        parse: fn(&str) -> Result<T, WordError>,
    ) -> Result<Option<T>, AnswerError> {
        let text = self.text(name)?;
        text.as_deref().map(parse).transpose().map_err(|source| AnswerError::MalformedWord { name, source })
    }

    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        parse: fn(&str) -> Result<T, WordError>,
    ) -> Result<T, AnswerError> {
        self.word(name, parse)?.ok_or(AnswerError::MissingMember { name })
    }

    /// An optional member whose fault is noted and otherwise counts as absence.
    pub(crate) fn lenient<T>(&mut self, name: &'static str, read: fn(&Value) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let read = read(&value);
        if read.is_none() {
            self.malformed.insert(name.to_owned(), value);
        }
        read
    }

    pub(crate) fn take_malformed(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.malformed)
    }

    pub(crate) fn rest(self) -> Map<String, Value> {
        self.members
    }
}
