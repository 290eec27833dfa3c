//! Why a `claims` parameter is refused.

use std::error::Error;
use std::fmt;

use avouch_json::JsonError;

use crate::JsonType;

/// Why a `claims` parameter is refused; paths read `claims.userinfo.email.values`.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClaimsRequestError {
    /// The parameter is not one JSON object within the limits.
    Json(JsonError),
    /// A member that must be an object is something else (Core 5.5; for a claim, `null` is allowed too: 5.5.1).
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
    /// Claims are asked from UserInfo with a response type that gives no access token to reach it (Core 5.5).
    UserInfoOutOfReach,
}

impl fmt::Display for ClaimsRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => write!(f, "claims is not a JSON object that can be read"),
            Self::NotAnObject { path, found } => write!(f, "{path} is {found}, not an object"),
            Self::EssentialNotBoolean { path, found } => write!(f, "{path} is {found}, not a boolean"),
            Self::ValuesNotArray { path, found } => write!(f, "{path} is {found}, not an array"),
            Self::UserInfoOutOfReach => {
                write!(f, "claims.userinfo is used, but the response type issues no access token")
            }
        }
    }
}

impl Error for ClaimsRequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            _ => None,
        }
    }
}
