//! Which claims go where: given scopes, the claims request, consent and what is known of the person.

mod answer;
mod policy;
mod set;

use avouch_types::{LanguageTag, Scopes};

use crate::ClaimsRequest;

pub use answer::{MissingClaim, MissingReason, Release, ReleasedClaim};
pub use policy::{ConsentTo, LanguageNaming, ReleasePolicy, ScopeClaimsIn};
pub use set::{ClaimSet, PlannedClaim};

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
///
/// ```
/// use avouch_claims::{ClaimRequest, ClaimsRequest, UserInfoReach};
/// let request = ClaimsRequest::new().with_userinfo("email", ClaimRequest::voluntary());
/// assert!(request.check_reach(UserInfoReach::Beyond).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserInfoReach {
    /// There is an access token.
    Within,
    /// There is none (`response_type=id_token`).
    Beyond,
}

/// What one release is decided from, besides the policy and what is known of the person.
///
/// ```
/// use avouch_claims::{ClaimRequest, ClaimsRequest, ConsentTo, ReleaseInput};
/// use avouch_types::Scopes;
///
/// let granted = Scopes::parse("openid email")?;
/// let request = ClaimsRequest::new().with_id_token("nickname", ClaimRequest::essential());
/// let locales = ["de-CH".parse()?];
/// let input = ReleaseInput::new(&granted, ConsentTo::Everything)
///     .with_request(Some(&request))
///     .with_claims_locales(&locales);
/// # let _ = input;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ReleaseInput<'a> {
    scopes: &'a Scopes,
    consent: ConsentTo<'a>,
    request: Option<&'a ClaimsRequest>,
    locales: &'a [LanguageTag],
    reach: UserInfoReach,
}

impl<'a> ReleaseInput<'a> {
    /// The scopes that were granted, and the claims that may be released. Without more: no `claims` parameter, no
    /// preferred language, and a response that yields an access token.
    #[must_use]
    pub fn new(scopes: &'a Scopes, consent: ConsentTo<'a>) -> Self {
        Self { scopes, consent, request: None, locales: &[], reach: UserInfoReach::Within }
    }

    /// The `claims` parameter; none where it is absent or not supported.
    #[must_use]
    pub fn with_request(self, request: Option<&'a ClaimsRequest>) -> Self {
        Self { request, ..self }
    }

    /// `claims_locales`: the languages in which claims are preferred, the best first.
    #[must_use]
    pub fn with_claims_locales(self, locales: &'a [LanguageTag]) -> Self {
        Self { locales, ..self }
    }

    /// Whether the response yields an access token.
    #[must_use]
    pub fn with_reach(self, reach: UserInfoReach) -> Self {
        Self { reach, ..self }
    }
}

/// Which claims are asked for from which place: made from the granted scopes, the `claims` parameter and consent.
///
/// ```
/// use avouch_claims::{
///     ClaimRequest, ClaimsRequest, ConsentTo, MissingReason, ReleaseInput, ReleasePlan, ReleasePolicy, StandardClaims,
/// };
/// use avouch_types::Scopes;
///
/// let policy = ReleasePolicy::default();
/// let scopes = Scopes::parse("openid email")?;
/// let request = ClaimsRequest::new()
///     .with_id_token("auth_time", ClaimRequest::essential())
///     .with_id_token("nickname", ClaimRequest::essential());
/// let input = ReleaseInput::new(&scopes, ConsentTo::Everything).with_request(Some(&request));
/// let plan = ReleasePlan::new(&policy, &input);
///
/// let person = StandardClaims { email: Some("jane@example.com".to_owned()), ..StandardClaims::default() };
/// assert_eq!(plan.userinfo().select(&person)["email"], "jane@example.com");
/// assert!(plan.id_token().select(&person).is_empty());
/// assert!(plan.id_token().contains("auth_time")); // for the provider to write
/// let release = plan.id_token().release(&person);
/// let missing: Vec<_> = release.missing_essential().map(|claim| (claim.name, claim.reason)).collect();
/// assert_eq!(missing, [("nickname", MissingReason::NotKnown)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasePlan<'a> {
    id_token: ClaimSet<'a>,
    userinfo: ClaimSet<'a>,
}

impl<'a> ReleasePlan<'a> {
    /// Plans the release.
    #[must_use]
    pub fn new(policy: &'a ReleasePolicy, input: &ReleaseInput<'a>) -> Self {
        let within_reach = input.reach == UserInfoReach::Within;
        let in_id_token = !within_reach || policy.scope_claims_in == ScopeClaimsIn::UserInfoAndIdToken;
        let no_scopes = None;
        let set = |by_scope: bool, requested| {
            let scopes = if by_scope { Some(input.scopes) } else { no_scopes };
            ClaimSet::collect(&policy.scope_claims, scopes, requested, input.consent)
                .with_locales(input.locales, policy.language_naming)
        };
        let asked_in_id_token = input.request.and_then(|request| request.id_token.as_ref());
        let asked_of_userinfo = input.request.and_then(|request| request.userinfo.as_ref());
        Self {
            id_token: set(in_id_token, asked_in_id_token),
            userinfo: set(within_reach, asked_of_userinfo.filter(|_| within_reach)),
        }
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
