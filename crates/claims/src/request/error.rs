//! Why a `claims` parameter is refused.

use std::error::Error;
use std::fmt;

use avouch_json::JsonError;

use crate::JsonType;
use crate::path::Shown;

/// Why a `claims` parameter is refused.
///
/// ```
/// use avouch_claims::ClaimsRequest;
/// let text = br#"{"userinfo": {"email": {"values": ["a@example.com", "b@example.com", null]}}}"#;
/// let error = ClaimsRequest::from_json(text, &avouch_json::Limits::default()).unwrap_err();
/// assert_eq!(error.path(), "claims.userinfo.email.values[2]");
/// assert_eq!(error.section(), "OpenID Connect Core 1.0, 5.5.1");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ClaimsRequestError {
    /// The parameter is not one JSON object within the limits.
    Json {
        /// The member in which the text goes wrong.
        path: String,
        /// How it does.
        error: JsonError,
    },
    /// The claims asked for from one place are no object (Core 5.5); `null` is none.
    PlaceNotAnObject {
        /// The member.
        path: String,
        /// What it is.
        found: JsonType,
    },
    /// A claim is asked for neither by `null` nor by an object (Core 5.5.1).
    NotAnObject {
        /// The member.
        path: String,
        /// What it is.
        found: JsonType,
    },
    /// `essential` is not a boolean (Core 5.5.1).
    EssentialNotBoolean {
        /// The member.
        path: String,
        /// What it is.
        found: JsonType,
    },
    /// `values` is not an array (Core 5.5.1).
    ValuesNotArray {
        /// The member.
        path: String,
        /// What it is.
        found: JsonType,
    },
    /// `value`, or one of `values`, is of a JSON type that the claim never has (Core 5.5.1).
    ValueOfWrongType {
        /// The member.
        path: String,
        /// The type of the claim.
        expected: JsonType,
        /// What it is.
        found: JsonType,
    },
    /// Claims are asked from UserInfo with a response type that gives no access token to reach it (Core 5.5).
    UserInfoOutOfReach,
}

impl ClaimsRequestError {
    /// The member that is malformed, such as `claims.userinfo.email.values[3]`.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Json { path, .. }
            | Self::PlaceNotAnObject { path, .. }
            | Self::NotAnObject { path, .. }
            | Self::EssentialNotBoolean { path, .. }
            | Self::ValuesNotArray { path, .. }
            | Self::ValueOfWrongType { path, .. } => path,
            Self::UserInfoOutOfReach => "claims.userinfo",
        }
    }

    /// The section of the specification that says otherwise.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Json { error, .. } => error.section().unwrap_or("OpenID Connect Core 1.0, 5.5"),
            Self::PlaceNotAnObject { .. } | Self::UserInfoOutOfReach => "OpenID Connect Core 1.0, 5.5",
            _ => "OpenID Connect Core 1.0, 5.5.1",
        }
    }
}

impl fmt::Display for ClaimsRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { path, error } => match error.section() {
                Some(section) => write!(f, "{} breaks a rule of JSON or a limit ({section})", Shown(path)),
                None => write!(f, "{} is not a JSON object", Shown(path)),
            },
            Self::PlaceNotAnObject { path, found } | Self::NotAnObject { path, found } => {
                write!(f, "{} is {found}, not an object", Shown(path))
            }
            Self::EssentialNotBoolean { path, found } => {
                write!(f, "{} is {found}, not a boolean", Shown(path))
            }
            Self::ValuesNotArray { path, found } => write!(f, "{} is {found}, not an array", Shown(path)),
            Self::ValueOfWrongType { path, expected, found } => {
                write!(f, "{} is {found}, but the claim is {expected}", Shown(path))
            }
            Self::UserInfoOutOfReach => {
                write!(f, "claims.userinfo is used, but the response type issues no access token")
            }
        }
    }
}

impl Error for ClaimsRequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json { error, .. } => Some(error),
            _ => None,
        }
    }
}
