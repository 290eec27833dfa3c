//! Claims that somebody else asserts: aggregated and distributed ones.

mod problem;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use avouch_types::{Issuer, SubjectIdentifier};
use serde_json::{Map, Value};

use crate::{PROTOCOL_CLAIMS, StandardClaims, path};

pub use problem::ExternalClaimsProblem;
pub use source::{ClaimSource, SourceLocation, TakenClaims};

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
        self.sources.insert(id.into(), ClaimSource::new(location, claims));
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

    /// Holds the claims of a Claims Provider's JWT against Core 5.6.2, before they are signed there or once they are
    /// verified: they should have `iss`, by which the keys are found, and no `sub` that is not the Claims Provider's own.
    /// `iss` and `sub` here are those of the sender, who names the Claims Provider as a source.
    ///
    /// ```
    /// use avouch_claims::ExternalClaims;
    /// use avouch_types::{Issuer, SubjectIdentifier};
    ///
    /// let (iss, sub) = (Issuer::parse("https://op.example")?, SubjectIdentifier::parse("248289761001")?);
    /// let provided = serde_json::json!({"iss": "https://bank.example", "sub": "248289761001", "credit_score": 650});
    /// let problems = ExternalClaims::check_provided(provided.as_object().ok_or("no object")?, &iss, &sub);
    /// assert_eq!(problems.iter().map(|problem| problem.path()).collect::<Vec<_>>(), ["sub"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn check_provided(
        provided: &Map<String, Value>,
        iss: &Issuer,
        sub: &SubjectIdentifier,
    ) -> Vec<ExternalClaimsProblem> {
        let text = |name: &str| provided.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let mut problems = Vec::new();
        if text("iss").is_none() {
            problems.push(ExternalClaimsProblem::NoIssuer { path: "iss".to_owned() });
        }
        if text("iss") != Some(iss.as_str()) && text("sub") == Some(sub.as_str()) {
            problems.push(ExternalClaimsProblem::SubjectOfSender { path: "sub".to_owned() });
        }
        problems
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
