//! What a provider decides once, for all requests.

use std::time::Duration;

use avouch_claims::ReleasePolicy;
use avouch_jose::jwt::Leeway;
use avouch_types::{Acr, Issuer, Scope, Scopes};

/// What a provider decides once, for all requests: who it is, what it supports, how long things live.
///
/// A policy narrows what the specifications leave open; no setting of it weakens a MUST.
///
/// ```
/// use avouch_provider::Policy;
/// use avouch_types::Issuer;
///
/// let policy = Policy::new(Issuer::parse("https://op.example")?);
/// assert_eq!(policy.code_lifetime.as_secs(), 60);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The issuer: the `iss` of every ID Token and authorization response.
    pub issuer: Issuer,
    /// The scopes that may be granted; others are ignored in requests.
    /// Default: `openid profile email address phone offline_access`.
    pub scopes: Scopes,
    /// The authentication context classes that logins here can reach, for the discovery document.
    /// Default: none.
    pub acr_values: Vec<Acr>,
    /// Who must use PKCE. Default: everyone.
    pub pkce: PkceRequirement,
    /// Which claims a scope opens, and where they are returned. Default: UserInfo ([Core §5.4]).
    ///
    /// [Core §5.4]: https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
    pub release: ReleasePolicy,
    /// How long an authorization code lives. Default: 60 seconds.
    pub code_lifetime: Duration,
    /// How long an access token lives. Default: 15 minutes.
    pub access_token_lifetime: Duration,
    /// How long an ID Token is valid. Default: 15 minutes.
    pub id_token_lifetime: Duration,
    /// How long a refresh token lives without being used. Default: 14 days.
    pub refresh_token_lifetime: Duration,
    /// How long refresh tokens can follow one another from one sign-in. Default: 90 days.
    pub offline_grant_lifetime: Duration,
    /// How long a request waits for a person. Default: 30 minutes.
    pub interaction_lifetime: Duration,
    /// How long somebody stays signed in. Default: 12 hours.
    pub session_lifetime: Duration,
    /// How far ahead the `exp` of a client assertion may lie; it bounds how long a `jti` is remembered.
    /// Default: 5 minutes.
    pub client_assertion_lifetime: Duration,
    /// How far the clock of a client that signs assertions may be off. Default: one minute.
    pub client_clock_leeway: Leeway,
}

/// Who must use PKCE with S256. Whoever sends a challenge is held to it in any case; `plain` is not
/// supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PkceRequirement {
    /// Every client ([RFC 9700 §2.1.1] recommends it).
    ///
    /// [RFC 9700 §2.1.1]: https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1
    #[default]
    Everyone,
    /// Public clients; confidential ones may do without, as OpenID Connect clients that send a `nonce` can.
    PublicClients,
}

impl Policy {
    /// The default policy of this issuer.
    #[must_use]
    pub fn new(issuer: Issuer) -> Self {
        Self {
            issuer,
            scopes: [
                Scope::OPENID,
                Scope::PROFILE,
                Scope::EMAIL,
                Scope::ADDRESS,
                Scope::PHONE,
                Scope::OFFLINE_ACCESS,
            ]
            .into_iter()
            .collect(),
            acr_values: Vec::new(),
            pkce: PkceRequirement::default(),
            release: ReleasePolicy::default(),
            code_lifetime: Duration::from_secs(60),
            access_token_lifetime: Duration::from_secs(15 * 60),
            id_token_lifetime: Duration::from_secs(15 * 60),
            refresh_token_lifetime: Duration::from_secs(14 * DAY),
            offline_grant_lifetime: Duration::from_secs(90 * DAY),
            interaction_lifetime: Duration::from_secs(30 * 60),
            session_lifetime: Duration::from_secs(12 * 60 * 60),
            client_assertion_lifetime: Duration::from_secs(5 * 60),
            client_clock_leeway: Leeway::ONE_MINUTE,
        }
    }
}

const DAY: u64 = 24 * 60 * 60;
