use std::collections::BTreeSet;
use std::fmt;

use avouch_types::{AccessToken, EndpointUrl, Secret};
use serde_json::{Map, Value};

use super::ExternalClaimsProblem;
use crate::value::NamesOf;
use crate::{JsonType, path};

/// One Claims Provider's part of the claims about a person.
///
/// ```
/// use avouch_claims::{ExternalClaims, SourceLocation};
/// use avouch_types::Secret;
///
/// let jwt = SourceLocation::Aggregated { jwt: Secret::new("header.payload.signature") };
/// let external = ExternalClaims::new().with_source("src1", jwt, ["address"]);
/// assert!(external.source_of("address").is_some_and(|source| source.claims().eq(["address"])));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimSource {
    pub(super) location: SourceLocation,
    pub(super) claims: BTreeSet<String>,
    extra: Map<String, Value>,
}

/// Where a [`ClaimSource`] is. `Debug` shows neither the JWT, which holds personal data, nor the token.
///
/// ```
/// use avouch_claims::SourceLocation;
/// use avouch_types::{AccessToken, EndpointUrl};
/// let endpoint = EndpointUrl::parse("https://bank.example.com/claim_source")?;
/// let location = SourceLocation::Distributed { endpoint, access_token: Some(AccessToken::new("ksj3n283dke")) };
/// assert!(!format!("{location:?}").contains("ksj3n283dke"));
/// # Ok::<(), avouch_types::UriError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceLocation {
    /// The claims came along, as a JWT of the Claims Provider: it must be verified before anything in it counts. Its
    /// issuer is in its `iss`; whether to trust that issuer with these claims is the caller's decision.
    Aggregated {
        /// The JWT in compact form.
        jwt: Secret,
    },
    /// The claims are to be fetched, as a JWT that must be verified likewise. The endpoint is the sender's choice: before
    /// it is called, the caller's rules against requests to inner addresses apply.
    Distributed {
        /// Where they are: https, without user information.
        endpoint: EndpointUrl,
        /// What to present there, in the `Authorization` header (RFC 6750); none where it was agreed otherwise.
        access_token: Option<AccessToken>,
    },
}

/// What a verified answer of a Claims Provider gave; [`StandardClaims::merge`](crate::StandardClaims::merge) puts it beside what
/// the sender says itself.
///
/// ```
/// use avouch_claims::{ExternalClaims, SourceLocation};
/// use avouch_types::Secret;
///
/// let jwt = SourceLocation::Aggregated { jwt: Secret::new("header.payload.signature") };
/// let external = ExternalClaims::new().with_source("src1", jwt, ["address", "phone_number"]);
/// let verified = serde_json::Map::from_iter([("phone_number".to_owned(), "+1 (310) 123-4567".into())]);
/// let taken = external.source("src1").map(|source| source.take(&verified)).unwrap_or_default();
/// assert_eq!((taken.claims.len(), taken.not_returned), (1, vec!["address".to_owned()]));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TakenClaims {
    /// The claims that are attributed to the source.
    pub claims: Map<String, Value>,
    /// Claims attributed to the source that it did not give: to be treated as claims that are not known (Core 5.6.2).
    pub not_returned: Vec<String>,
}

/// The names of the claims only: their values are personal data.
impl fmt::Debug for TakenClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TakenClaims")
            .field("claims", &NamesOf(&self.claims))
            .field("not_returned", &self.not_returned)
            .finish()
    }
}

/// Unknown members by name only: one of them may be a token in a place where it does not belong.
impl fmt::Debug for ClaimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimSource")
            .field("location", &self.location)
            .field("claims", &self.claims)
            .field("extra", &NamesOf(&self.extra))
            .finish()
    }
}

impl ClaimSource {
    pub(super) fn new(location: SourceLocation, claims: BTreeSet<String>) -> Self {
        Self { location, claims, extra: Map::new() }
    }

    pub(super) fn read(path: &str, value: &Value) -> Result<Self, ExternalClaimsProblem> {
        let wrong_type = |path: String, expected, found: &Value| ExternalClaimsProblem::WrongType {
            path,
            expected,
            found: JsonType::of(found),
        };
        let mut members =
            value.as_object().ok_or_else(|| wrong_type(path.to_owned(), JsonType::Object, value))?.clone();
        let mut text = |name: &str| match members.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(path::member(path, name), JsonType::String, &other)),
        };
        let location = match (text("JWT")?, text("endpoint")?) {
            (Some(jwt), None) if jwt.is_empty() => {
                return Err(ExternalClaimsProblem::EmptyJwt { path: path::member(path, "JWT") });
            }
            (Some(jwt), None) => SourceLocation::Aggregated { jwt: Secret::new(jwt) },
            (None, Some(endpoint)) => SourceLocation::Distributed {
                endpoint: EndpointUrl::parse(&endpoint).map_err(|error| ExternalClaimsProblem::Endpoint {
                    path: path::member(path, "endpoint"),
                    error,
                })?,
                access_token: text("access_token")?
                    .map(|token| AccessToken::parse(&token))
                    .transpose()
                    .map_err(|error| ExternalClaimsProblem::AccessToken {
                        path: path::member(path, "access_token"),
                        error,
                    })?,
            },
            (Some(_), Some(_)) => return Err(ExternalClaimsProblem::Ambiguous { path: path.to_owned() }),
            (None, None) => return Err(ExternalClaimsProblem::NowhereToBeFound { path: path.to_owned() }),
        };
        Ok(Self { location, claims: BTreeSet::new(), extra: members })
    }

    pub(super) fn to_value(&self) -> Value {
        let mut members = self.extra.clone();
        let mut put = |name: &str, text: &str| drop(members.insert(name.to_owned(), text.into()));
        match &self.location {
            SourceLocation::Aggregated { jwt } => put("JWT", jwt.expose()),
            SourceLocation::Distributed { endpoint, access_token } => {
                put("endpoint", endpoint.as_str());
                if let Some(token) = access_token {
                    put("access_token", token.expose());
                }
            }
        }
        Value::Object(members)
    }

    /// Where it is.
    #[must_use]
    pub fn location(&self) -> &SourceLocation {
        &self.location
    }

    /// The names of the claims it is named for, sorted.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        self.claims.iter().map(String::as_str)
    }

    /// Members that the specification does not know, as received; they mean nothing.
    #[must_use]
    pub fn extra(&self) -> &Map<String, Value> {
        &self.extra
    }

    /// Of a Claims Provider's JWT, **verified by the caller**, the claims that this source is named for. All others are
    /// left alone, whatever they say: `sub` there is an identifier at the Claims Provider.
    #[must_use]
    pub fn take(&self, verified: &Map<String, Value>) -> TakenClaims {
        let mut taken = TakenClaims::default();
        for name in &self.claims {
            match verified.get(name) {
                Some(value) => drop(taken.claims.insert(name.clone(), value.clone())),
                None => taken.not_returned.push(name.clone()),
            }
        }
        taken
    }
}
