//! Claims that somebody else asserts: aggregated and distributed ones.

mod problem;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use avouch_types::{AccessToken, EndpointUrl, Secret};
use serde_json::{Map, Value};

use crate::{PROTOCOL_CLAIMS, StandardClaims, path};

pub use problem::ExternalClaimsProblem;

const NAMES: &str = "_claim_names";
const SOURCES: &str = "_claim_sources";

/// Aggregated and distributed claims
/// ([Core 5.6.2](https://openid.net/specs/openid-connect-core-1_0.html#AggregatedDistributedClaims)): which claims other
/// Claims Providers assert, and where they are.
///
/// This is data: nothing is verified or fetched here. What is to be done is handed out as values
/// ([`sources`](Self::sources)), and what came of it is taken back by [`ClaimSource::take`], which lets no source say
/// more than it was named for.
///
/// ```
/// use avouch_claims::{ExternalClaims, SourceLocation, StandardClaims};
///
/// let received = br#"{
///     "name": "Jane Doe",
///     "_claim_names": {"address": "src1", "credit_score": "src2"},
///     "_claim_sources": {
///         "src1": {"JWT": "jwt_header.jwt_part2.jwt_part3"},
///         "src2": {"endpoint": "https://creditagency.example.com/claims_here", "access_token": "ksj3n283dke"}
///     }
/// }"#;
/// let claims = StandardClaims::from_json(received, &avouch_json::Limits::default())?;
/// let external = ExternalClaims::read(&claims);
/// assert!(external.problems().is_empty());
///
/// for source in external.sources() {
///     match source.location() {
///         SourceLocation::Aggregated { jwt } => assert_eq!(jwt.expose(), "jwt_header.jwt_part2.jwt_part3"), // verify it
///         SourceLocation::Distributed { endpoint, access_token } => {
///             assert_eq!(endpoint.host(), "creditagency.example.com"); // fetch a JWT there, with the token as Bearer
///             assert!(access_token.is_some());
///         }
///     }
/// }
/// // Of what the Claims Provider's JWT says, once it is verified, those claims count that are attributed to it:
/// let verified = serde_json::json!({"iss": "https://a.example", "address": {"country": "US"}, "email": "x@evil.example"});
/// let source = external.source("src1").ok_or("no such source")?;
/// let taken = source.take(verified.as_object().ok_or("no object")?);
/// assert_eq!(taken.claims.keys().collect::<Vec<_>>(), ["address"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExternalClaims {
    sources: BTreeMap<String, ClaimSource>,
    problems: Vec<ExternalClaimsProblem>,
}

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
    location: SourceLocation,
    claims: BTreeSet<String>,
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

/// What a verified answer of a Claims Provider gave.
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenClaims {
    /// The claims that are attributed to the source.
    pub claims: Map<String, Value>,
    /// Claims attributed to the source that it did not give: to be treated as claims that are not known (Core 5.6.2).
    pub not_returned: Vec<String>,
}

impl ExternalClaims {
    /// No external claims.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes `_claim_names` and `_claim_sources` out of what was received. A malformed source or reference costs itself and
    /// nothing else; [`problems`](Self::problems) says what was left out.
    #[must_use]
    pub fn read(claims: &StandardClaims) -> Self {
        Self::from_members(&claims.extra)
    }

    /// As [`read`](Self::read), from the members of any JSON object.
    #[must_use]
    pub fn from_members(members: &Map<String, Value>) -> Self {
        let mut external = Self::default();
        let sources = external.object(members, SOURCES);
        for (id, value) in sources.into_iter().flatten() {
            let path = path::member(SOURCES, id);
            match ClaimSource::read(&path, value) {
                Ok(source) => drop(external.sources.insert(id.clone(), source)),
                Err(problem) => external.problems.push(problem),
            }
        }
        let names = external.object(members, NAMES);
        for (name, id) in names.into_iter().flatten() {
            let path = path::member(NAMES, name);
            let problem = if PROTOCOL_CLAIMS.contains(&name.as_str()) {
                ExternalClaimsProblem::ProtocolClaim { path }
            } else if let Some(id) = id.as_str() {
                match external.sources.get_mut(id) {
                    Some(source) => {
                        source.claims.insert(name.clone());
                        continue;
                    }
                    None => ExternalClaimsProblem::NoSuchSource { path },
                }
            } else {
                ExternalClaimsProblem::WrongType {
                    path,
                    expected: crate::JsonType::String,
                    found: crate::JsonType::of(id),
                }
            };
            external.problems.push(problem);
        }
        external.sources.retain(|_, source| !source.claims.is_empty());
        external
    }

    fn object<'a>(&mut self, members: &'a Map<String, Value>, name: &str) -> Option<&'a Map<String, Value>> {
        let value = members.get(name)?;
        if !value.is_object() {
            self.problems.push(ExternalClaimsProblem::WrongType {
                path: name.to_owned(),
                expected: crate::JsonType::Object,
                found: crate::JsonType::of(value),
            });
        }
        value.as_object()
    }

    /// Adds a source under an identifier of one's own, in place of one of the same identifier. A claim that an earlier
    /// source was named for is now this one's. A source that is named for no claim is left out when it is written.
    #[must_use]
    pub fn with_source<C: Into<String>>(
        mut self,
        id: impl Into<String>,
        location: SourceLocation,
        claims: impl IntoIterator<Item = C>,
    ) -> Self {
        let claims: BTreeSet<String> = claims.into_iter().map(Into::into).collect();
        for source in self.sources.values_mut() {
            source.claims.retain(|name| !claims.contains(name));
        }
        self.sources.insert(id.into(), ClaimSource { location, claims, extra: Map::new() });
        self
    }

    /// The sources, by identifier: each a JWT to verify or an endpoint to fetch one from.
    pub fn sources(&self) -> impl Iterator<Item = &ClaimSource> {
        self.sources.values()
    }

    /// The source of this identifier.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&ClaimSource> {
        self.sources.get(id)
    }

    /// The source that a claim is attributed to.
    #[must_use]
    pub fn source_of(&self, claim: &str) -> Option<&ClaimSource> {
        self.sources.values().find(|source| source.claims.contains(claim))
    }

    /// What was left out when this was read, with its place.
    #[must_use]
    pub fn problems(&self) -> &[ExternalClaimsProblem] {
        &self.problems
    }

    /// Leaves references only to claims that may be released, and no source without one. The JWT of an aggregated source
    /// is signed and cannot be cut: it goes whole or not at all, so it stays only if all its claims may be released.
    pub fn retain(&mut self, mut permits: impl FnMut(&str) -> bool) {
        for source in self.sources.values_mut() {
            match source.location {
                SourceLocation::Aggregated { .. } if !source.claims.iter().all(|name| permits(name)) => {
                    source.claims.clear()
                }
                SourceLocation::Aggregated { .. } => {}
                SourceLocation::Distributed { .. } => source.claims.retain(|name| permits(name)),
            }
        }
        self.sources.retain(|_, source| !source.claims.is_empty());
    }

    /// The members `_claim_names` and `_claim_sources`; none of the two if there is no source.
    #[must_use]
    pub fn to_members(&self) -> Map<String, Value> {
        let (mut names, mut sources) = (Map::new(), Map::new());
        for (id, source) in self.sources.iter().filter(|(_, source)| !source.claims.is_empty()) {
            names.extend(source.claims.iter().map(|name| (name.clone(), Value::from(id.as_str()))));
            sources.insert(id.clone(), source.to_value());
        }
        let members = [(NAMES, names), (SOURCES, sources)];
        let said = members.into_iter().filter(|(_, members)| !members.is_empty());
        said.map(|(name, members)| (name.to_owned(), Value::Object(members))).collect()
    }
}

/// Unknown members by name only: one of them may be a token in a place where it does not belong.
impl fmt::Debug for ClaimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<_> = self.extra.keys().collect();
        let mut debug = f.debug_struct("ClaimSource");
        debug.field("location", &self.location).field("claims", &self.claims).field("extra", &extra).finish()
    }
}

impl ClaimSource {
    fn read(path: &str, value: &Value) -> Result<Self, ExternalClaimsProblem> {
        let wrong_type = |path: String, expected, found: &Value| ExternalClaimsProblem::WrongType {
            path,
            expected,
            found: crate::JsonType::of(found),
        };
        let mut members = value
            .as_object()
            .ok_or_else(|| wrong_type(path.to_owned(), crate::JsonType::Object, value))?
            .clone();
        let mut text = |name: &str| match members.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(path::member(path, name), crate::JsonType::String, &other)),
        };
        let location = match (text("JWT")?, text("endpoint")?) {
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

    fn to_value(&self) -> Value {
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
