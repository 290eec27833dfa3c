//! Taking typed claims out of a claims set, strictly.

use std::error::Error;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Why a claims set does not hold the claims of its kind of token.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClaimsError {
    /// A required claim is absent.
    Missing {
        /// Its name.
        claim: &'static str,
    },
    /// A claim has the wrong JSON type, or a value outside its range.
    Invalid {
        /// Its name.
        claim: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl ClaimsError {
    /// The claim that is missing or invalid.
    #[must_use]
    pub fn claim(&self) -> &'static str {
        match self {
            Self::Missing { claim } | Self::Invalid { claim, .. } => claim,
        }
    }
}

impl fmt::Display for ClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { claim } => write!(f, "the claim {claim} is missing"),
            // serde's text quotes the value, which may be personal or a secret: it is left to `source`
            Self::Invalid { claim, .. } => write!(f, "the claim {claim} is not valid"),
        }
    }
}

impl Error for ClaimsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Missing { .. } => None,
            Self::Invalid { source, .. } => Some(source),
        }
    }
}

/// The members of a claims set, from which typed claims are taken one by one; what remains is not known here.
pub(crate) struct Members(pub(crate) Map<String, Value>);

impl Members {
    pub(crate) fn required<T: DeserializeOwned>(&mut self, claim: &'static str) -> Result<T, ClaimsError> {
        self.optional(claim)?.ok_or(ClaimsError::Missing { claim })
    }

    /// Absent is fine; present with a wrong type is not, and `null` is no value.
    pub(crate) fn optional<T: DeserializeOwned>(
        &mut self,
        claim: &'static str,
    ) -> Result<Option<T>, ClaimsError> {
        let Some(value) = self.0.remove(claim) else { return Ok(None) };
        T::deserialize(value).map(Some).map_err(|source| ClaimsError::Invalid { claim, source })
    }
}

/// Writes typed claims. One that is absent is also taken out, so that its name cannot come from elsewhere.
pub(crate) fn put<const N: usize>(members: &mut Map<String, Value>, claims: [(&str, Option<Value>); N]) {
    for (claim, value) in claims {
        match value {
            Some(value) => drop(members.insert(claim.to_owned(), value)),
            None => drop(members.remove(claim)),
        }
    }
}

/// A typed claim as JSON. The types of this crate's claims are texts, numbers and lists of texts: none fails.
pub(crate) fn to_value<T: Serialize>(claim: Option<&T>) -> Option<Value> {
    claim.and_then(|claim| serde_json::to_value(claim).ok())
}
