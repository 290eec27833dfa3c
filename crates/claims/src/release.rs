//! Which claims go into the ID Token and which to UserInfo.

use avouch_types::Scopes;
use serde_json::{Map, Value};

use crate::{ClaimRequest, ClaimsRequest, ScopeClaims, StandardClaims};

/// Claims that say something about the token or the authentication rather than about the person.
///
/// The provider writes them itself, from what it did. A [`ClaimSet`] lists them when they are asked for (so that the
/// provider sees `auth_time` or `acr`), but never takes their value from what is known of the person, and never
/// reports them as missing.
pub const PROTOCOL_CLAIMS: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "sub_jwk",
    "cnf",
    "events",
    "_claim_names",
    "_claim_sources",
];

/// Whether a response yields an access token, with which UserInfo can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserInfoReach {
    /// There is an access token.
    Within,
    /// There is none (`response_type=id_token`).
    Beyond,
}

/// Where the claims go that scope values ask for, when there is an access token to fetch them with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScopeClaimsIn {
    /// To UserInfo only, as Core 5.4 says.
    #[default]
    UserInfo,
    /// To UserInfo, and into the ID Token too: for RPs that never call UserInfo. It makes the token larger, and leaves
    /// personal data wherever the token is kept.
    UserInfoAndIdToken,
}

/// What is fixed per provider, or per client, about the release of claims.
///
/// Core leaves room in some places; this is what is done there:
///
/// - Scope claims go to UserInfo when an access token is issued, else into the ID Token (5.4);
///   [`ScopeClaimsIn`] can add the ID Token in the first case.
/// - A provider without support for the `claims` parameter plans without it (5.5).
/// - `claims.userinfo` without an access token is dropped, not moved into the ID Token;
///   [`ClaimsRequest::check_reach`] refuses such a request earlier.
/// - A claim that both a scope and the `claims` parameter ask for follows the latter: its `value` and `values` hold.
/// - A claim asked for in a language is met by that language or a more specific one, and returned under the name it
///   has there (5.2, 5.5.2). A claim asked for without language is met by the untagged one only.
/// - What is null, an empty string or of the wrong JSON type is not released (5.3.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReleasePolicy {
    /// Which scope value asks for which claims. Default: the table of Core 5.4.
    pub scope_claims: ScopeClaims,
    /// Where they go when an access token is issued. Default: UserInfo only.
    pub scope_claims_in: ScopeClaimsIn,
}

/// Which claims are asked for from which place: made from the granted scopes and the `claims` parameter.
///
/// ```
/// use avouch_claims::{ClaimRequest, ClaimsRequest, ReleasePlan, ReleasePolicy, StandardClaims, UserInfoReach};
/// use avouch_types::Scopes;
///
/// let policy = ReleasePolicy::default();
/// let scopes = Scopes::parse("openid email")?;
/// let request = ClaimsRequest::new()
///     .with_id_token("auth_time", ClaimRequest::essential())
///     .with_id_token("nickname", ClaimRequest::essential());
/// let plan = ReleasePlan::new(&policy, &scopes, Some(&request), UserInfoReach::Within);
///
/// let person = StandardClaims { email: Some("jane@example.com".to_owned()), ..StandardClaims::default() };
/// assert_eq!(plan.userinfo().select(&person)["email"], "jane@example.com");
/// assert!(plan.id_token().select(&person).is_empty());
/// assert!(plan.id_token().contains("auth_time")); // for the provider to write
/// assert_eq!(plan.id_token().missing_essential(&person).collect::<Vec<_>>(), ["nickname"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasePlan<'a> {
    id_token: ClaimSet<'a>,
    userinfo: ClaimSet<'a>,
}

impl<'a> ReleasePlan<'a> {
    /// Plans the release for the scopes that were granted, the `claims` parameter (none where it is absent or not
    /// supported), and whether the response type yields an access token.
    #[must_use]
    pub fn new(
        policy: &'a ReleasePolicy,
        scopes: &Scopes,
        request: Option<&'a ClaimsRequest>,
        reach: UserInfoReach,
    ) -> Self {
        let (mut id_token, mut userinfo) = (Vec::new(), Vec::new());
        let userinfo_is_within_reach = reach == UserInfoReach::Within;
        let also_in_id_token = policy.scope_claims_in == ScopeClaimsIn::UserInfoAndIdToken;
        for scope in scopes.iter() {
            for name in policy.scope_claims.claims_of(scope.as_str()) {
                if userinfo_is_within_reach {
                    userinfo.push(PlannedClaim { name, request: None });
                }
                if also_in_id_token || !userinfo_is_within_reach {
                    id_token.push(PlannedClaim { name, request: None });
                }
            }
        }
        let asked = |place: Option<&'a crate::RequestedClaims>| {
            place
                .into_iter()
                .flat_map(|claims| claims.iter())
                .map(|(name, request)| PlannedClaim { name, request: Some(request) })
        };
        id_token.extend(asked(request.and_then(|request| request.id_token.as_ref())));
        if userinfo_is_within_reach {
            userinfo.extend(asked(request.and_then(|request| request.userinfo.as_ref())));
        }
        Self { id_token: ClaimSet::new(id_token), userinfo: ClaimSet::new(userinfo) }
    }

    /// The claims asked for in the ID Token.
    #[must_use]
    pub fn id_token(&self) -> &ClaimSet<'a> {
        &self.id_token
    }

    /// The claims asked for from UserInfo.
    #[must_use]
    pub fn userinfo(&self) -> &ClaimSet<'a> {
        &self.userinfo
    }
}

/// One claim of a [`ClaimSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedClaim<'a> {
    /// The claim name, with its language tag if it was asked for with one.
    pub name: &'a str,
    /// How the `claims` parameter asks for it; none where only a scope does.
    pub request: Option<&'a ClaimRequest>,
}

impl PlannedClaim<'_> {
    /// Whether the RP says that it needs the claim; what a scope asks for is voluntary.
    #[must_use]
    pub fn is_essential(&self) -> bool {
        self.request.is_some_and(|request| request.essential)
    }

    /// The name and value to release, if there is one and it meets the request.
    fn released(&self, known: &StandardClaims) -> Option<(String, Value)> {
        if PROTOCOL_CLAIMS.contains(&self.name) {
            return None;
        }
        let (name, value) = match self.name.split_once('#') {
            Some((base, language)) => {
                let (name, value) = known.tagged(base, language)?;
                (name.to_owned(), value.clone())
            }
            None => (self.name.to_owned(), known.releasable(self.name)?),
        };
        let empty = value.is_null() || value == "";
        (!empty && self.request.is_none_or(|request| request.accepts(&value))).then_some((name, value))
    }
}

/// The claims asked for from one place, each once, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimSet<'a> {
    claims: Vec<PlannedClaim<'a>>,
}

impl<'a> ClaimSet<'a> {
    fn new(mut claims: Vec<PlannedClaim<'a>>) -> Self {
        // Of one name, the request of the claims parameter comes first and stays.
        claims.sort_by_key(|claim| (claim.name, claim.request.is_none()));
        claims.dedup_by_key(|claim| claim.name);
        Self { claims }
    }

    /// The claims, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = &PlannedClaim<'a>> {
        self.claims.iter()
    }

    /// One claim by its name as asked for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&PlannedClaim<'a>> {
        let index = self.claims.binary_search_by_key(&name, |claim| claim.name).ok()?;
        self.claims.get(index)
    }

    /// Whether a claim is asked for.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether no claim is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// Of what is known about the person, the members to release; [`PROTOCOL_CLAIMS`] are never among them.
    #[must_use]
    pub fn select(&self, known: &StandardClaims) -> Map<String, Value> {
        self.claims.iter().filter_map(|claim| claim.released(known)).collect()
    }

    /// The essential claims that [`select`](Self::select) cannot give: unknown, or of another value than asked for.
    /// That is no error (Core 5.5.1); it may be a reason to ask the person.
    pub fn missing_essential(&self, known: &StandardClaims) -> impl Iterator<Item = &'a str> {
        self.claims
            .iter()
            .filter(|claim| claim.is_essential() && !PROTOCOL_CLAIMS.contains(&claim.name))
            .filter(|claim| claim.released(known).is_none())
            .map(|claim| claim.name)
    }
}
