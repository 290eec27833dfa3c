use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::audience::Audience;
use crate::jws::JwsError;
use crate::numeric_date::NumericDate;

/// Which expectation a token does not meet. The texts name the claim; values are in the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimError {
    /// A claim that must be there is not.
    Missing {
        /// The claim.
        claim: &'static str,
    },
    /// Another issuer.
    Issuer {
        /// Who was expected.
        expected: String,
        /// Who it is.
        found: String,
    },
    /// For somebody else.
    Audience {
        /// The names of the recipient.
        expected: Vec<String>,
        /// Whom it is for.
        found: Audience,
    },
    /// No longer valid: `now` is at or after `exp` plus leeway.
    Expired {
        /// The moment of the check.
        now: NumericDate,
        /// The end.
        exp: NumericDate,
    },
    /// Not valid yet: `now` plus leeway is before `nbf`.
    NotYetValid {
        /// The moment of the check.
        now: NumericDate,
        /// The beginning.
        nbf: NumericDate,
    },
    /// Valid for longer than is acceptable.
    ExpiresTooLate {
        /// The moment of the check.
        now: NumericDate,
        /// The end.
        exp: NumericDate,
        /// How long it may be valid.
        limit: Duration,
    },
    /// Not what RFC 7519 §2 calls a `StringOrURI`: there is a colon in it, and it is no URI.
    NotUri {
        /// The claim.
        claim: &'static str,
    },
    /// Another kind of token.
    Type {
        /// The expected media type.
        expected: String,
        /// What it is.
        found: Option<String>,
    },
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { claim } => write!(f, "claim {claim:?} is missing"),
            Self::Issuer { .. } => f.write_str("claim \"iss\" is not the expected issuer"),
            Self::Audience { .. } => f.write_str("claim \"aud\" does not include the recipient"),
            Self::Expired { now, exp } => write!(f, "expired at {exp}, it is {now}"),
            Self::NotYetValid { now, nbf } => write!(f, "valid from {nbf}, it is {now}"),
            Self::ExpiresTooLate { now, exp, limit } => {
                write!(f, "expires at {exp}, more than {limit:?} from now, {now}")
            }
            Self::NotUri { claim } => write!(f, "claim {claim:?} has a colon in it and is no URI"),
            Self::Type { expected, .. } => write!(f, "header parameter \"typ\" is not {expected:?}"),
        }
    }
}

impl Error for ClaimError {}

/// The payload of a JWS is not a claims set of the expected shape.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClaimsError {
    /// It is not a strict JSON object, or not one of the type that was asked for.
    Json(avouch_json::JsonError),
    /// A registered claim has the wrong type, or a value outside its range.
    Claim {
        /// Its name.
        claim: &'static str,
    },
}

impl fmt::Display for ClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => f.write_str("the payload is not a valid claims set"),
            Self::Claim { claim } => write!(f, "claim {claim:?} has the wrong type"),
        }
    }
}

impl Error for ClaimsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json(source) => Some(source),
            Self::Claim { .. } => None,
        }
    }
}

impl From<avouch_json::JsonError> for ClaimsError {
    fn from(source: avouch_json::JsonError) -> Self {
        Self::Json(source)
    }
}

/// Why a token is not a JWT that was expected.
#[derive(Debug)]
#[non_exhaustive]
pub enum JwtError {
    /// It is no signed token, or nobody's whose keys these are.
    Jws(JwsError),
    /// The payload is not a claims set.
    Claims(ClaimsError),
    /// A claim is not what was expected.
    Claim(ClaimError),
}

impl fmt::Display for JwtError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jws(error) => error.fmt(f),
            Self::Claims(error) => error.fmt(f),
            Self::Claim(error) => error.fmt(f),
        }
    }
}

impl Error for JwtError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Jws(error) => error.source(),
            Self::Claims(error) => error.source(),
            Self::Claim(error) => error.source(),
        }
    }
}

impl From<JwsError> for JwtError {
    fn from(error: JwsError) -> Self {
        Self::Jws(error)
    }
}

impl From<ClaimsError> for JwtError {
    fn from(error: ClaimsError) -> Self {
        Self::Claims(error)
    }
}

impl From<ClaimError> for JwtError {
    fn from(error: ClaimError) -> Self {
        Self::Claim(error)
    }
}
