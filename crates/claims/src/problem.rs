//! What is wrong with a claim that was kept as received.

use std::fmt;

use serde_json::Value;

/// The JSON types of [RFC 8259 §3](https://www.rfc-editor.org/rfc/rfc8259#section-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// a number
    Number,
    /// a string
    String,
    /// an array
    Array,
    /// an object
    Object,
}

impl JsonType {
    /// The type of a value.
    ///
    /// ```
    /// use avouch_claims::JsonType;
    /// assert_eq!(JsonType::of(&serde_json::json!([1])), JsonType::Array);
    /// ```
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

/// One thing that is wrong with a set of claims; the claim itself was kept as received.
///
/// A problem names where it is and never the value, which may be personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimProblem {
    /// The claim has another JSON type than Core 5.1 gives it.
    WrongType {
        /// Where: the claim name, or `address.` and the member name.
        path: String,
        /// The type that the specification gives.
        expected: JsonType,
        /// The type that was received.
        found: JsonType,
    },
    /// `birthdate` is neither `YYYY-MM-DD` (year `0000` for "not given") nor `YYYY`.
    BirthdateFormat,
}

impl ClaimProblem {
    /// Where the problem is: `email_verified`, `address.locality`.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::WrongType { path, .. } => path,
            Self::BirthdateFormat => "birthdate",
        }
    }

    /// The section of the specification that says otherwise.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::WrongType { path, .. } if path.starts_with("address.") => "OpenID Connect Core 1.0, 5.1.1",
            Self::WrongType { .. } | Self::BirthdateFormat => "OpenID Connect Core 1.0, 5.1",
        }
    }
}

impl fmt::Display for ClaimProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType { path, expected, found } => {
                write!(f, "{path} is {found} where the specification says {expected}")
            }
            Self::BirthdateFormat => write!(f, "birthdate is neither YYYY-MM-DD nor YYYY"),
        }?;
        write!(f, " ({})", self.section())
    }
}
