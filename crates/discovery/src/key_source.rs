//! The provider's JWK Set over time: a state machine without clock or socket ([Core §10.1.1]).
//!
//! [Core §10.1.1]: https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys

mod freshness;
mod policy;

pub use policy::KeySourcePolicy;

use crate::response::{self, ResponseError};
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{JwkSet, JwkSetError, JwsAlgorithm, KeyError, Limits, NumericDate, VerifyingKeys};
use avouch_types::EndpointUrl;
use http::{Request, Response};
use std::sync::Arc;
use std::time::Duration;

const ACCEPT: &str = "application/json, application/jwk-set+json";
const ACCEPTED: [&str; 2] = ["application/json", "application/jwk-set+json"];

/// The published keys of one provider, and when to ask for them again.
///
/// Ask [`plan`](Self::plan) before each use. It never lets two requests start within
/// [`min_interval`](KeySourcePolicy::min_interval), whatever key identifiers the tokens of strangers name; it asks
/// once for an unknown identifier; and while the provider does not answer, old keys serve for
/// [`stale_for`](KeySourcePolicy::stale_for).
///
/// ```
/// # use avouch_discovery::{KeyPlan, KeySource, KeySourcePolicy};
/// # use avouch_jose::NumericDate;
/// # use avouch_types::EndpointUrl;
/// # let send = |_request| http::Response::builder().header("content-type", "application/json")
/// #     .body(br#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#.to_vec());
/// let mut keys = KeySource::new(EndpointUrl::parse("https://op.example/jwks")?, KeySourcePolicy::default());
/// let now = NumericDate::from_seconds(1_700_000_000)?;
///
/// let KeyPlan::Fetch(fetch) = keys.plan(Some("a"), now) else { unreachable!("nothing is known yet") };
/// let response = send(fetch.request())?;
/// keys.accept(&response, now)?; // keys.failed(now) had there been no answer
///
/// assert!(matches!(keys.plan(Some("a"), now), KeyPlan::Ready(_)));
/// assert!(matches!(keys.plan(Some("b"), now), KeyPlan::Wait { .. })); // asked a moment ago
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct KeySource {
    jwks_uri: EndpointUrl,
    policy: KeySourcePolicy,
    held: Option<Held>,
    /// When a request was last handed out or answered.
    asked_at: Option<NumericDate>,
    generation: u64,
    prepared: Option<Prepared>,
}

#[derive(Debug, Clone)]
struct Prepared {
    generation: u64,
    allowed: Vec<JwsAlgorithm>,
    keys: Arc<VerifyingKeys>,
}

#[derive(Debug, Clone)]
struct Held {
    jwks: JwkSet,
    fetched_at: NumericDate,
    fresh_until: NumericDate,
}

/// What to do about keys now.
#[derive(Debug)]
#[must_use]
pub enum KeyPlan<'k> {
    /// Use these keys.
    Ready(&'k JwkSet),
    /// Fetch, then report by [`KeySource::accept`] or [`KeySource::failed`], then ask for a plan again.
    Fetch(KeyFetch),
    /// There is no key to use, and the provider was asked a moment ago: fail now, or try again at `until`.
    Wait {
        /// When the next request is allowed.
        until: NumericDate,
    },
}

/// A retrieval of the JWK Set to be done.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched until the request is sent"]
pub struct KeyFetch {
    jwks_uri: EndpointUrl,
}

impl KeyFetch {
    /// The request to send; redirects are not followed.
    #[must_use]
    pub fn request(&self) -> Request<Vec<u8>> {
        response::get(self.jwks_uri.as_str(), ACCEPT)
    }
}

/// Why an answer gave no JWK Set. Keys held before stay as they are.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeySetError {
    /// The answer itself is not acceptable.
    #[error("no JWK Set was served")]
    Response(#[from] ResponseError),
    /// The body is not a JWK Set.
    #[error("the document is not a JWK Set")]
    JwkSet(#[from] JwkSetError),
}

impl KeySource {
    /// A source that knows its address and no key yet.
    #[must_use]
    pub fn new(jwks_uri: EndpointUrl, policy: KeySourcePolicy) -> Self {
        Self { jwks_uri, policy, held: None, asked_at: None, generation: 0, prepared: None }
    }

    /// What to do for a token whose header names `kid` (`None`: it names none).
    ///
    /// Handing out a [`KeyPlan::Fetch`] starts the cool-down at once, so that of many callers only one fetches.
    pub fn plan(&mut self, kid: Option<&str>, now: NumericDate) -> KeyPlan<'_> {
        let fits = self.held.as_ref().is_some_and(|held| held.has(kid));
        let fresh = self.held.as_ref().is_some_and(|held| held.is_fresh(now));
        if !(fits && fresh) && self.may_ask(now) {
            return self.ask(now);
        }
        match &self.held {
            Some(held) if fits && held.serves(now, self.policy.stale_for) => KeyPlan::Ready(&held.jwks),
            _ => self.wait(now),
        }
    }

    /// What to do when the held set has no key that fits a token although [`plan`](Self::plan) called it ready (no
    /// `kid` in the header, or a key of another type). Not for bad signatures: those are the token's fault.
    pub fn refresh(&mut self, now: NumericDate) -> KeyPlan<'_> {
        if self.may_ask(now) { self.ask(now) } else { self.wait(now) }
    }

    /// Takes the answer to a [`KeyFetch`].
    ///
    /// Private and symmetric keys have no business in a published set and are dropped ([Discovery §3]). How long
    /// the set is fresh follows `Cache-Control` within the bounds of the policy.
    ///
    /// [Discovery §3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
    ///
    /// # Errors
    /// [`KeySetError`]; the keys held before stay.
    pub fn accept(&mut self, response: &Response<Vec<u8>>, now: NumericDate) -> Result<(), KeySetError> {
        self.asked_at = Some(now);
        let body = response::body(response, &ACCEPTED, self.policy.max_bytes)?;
        let jwks = JwkSet::from_json(body, &Limits::default())?;
        let public = jwks.keys().iter().filter(|key| !key.is_private());
        let jwks = JwkSet::new(public.cloned().collect());
        let lifetime = freshness::max_age(response.headers()).unwrap_or(self.policy.max_age);
        let lifetime = lifetime.min(self.policy.max_age).max(self.policy.min_interval);
        self.held = Some(Held { jwks, fetched_at: now, fresh_until: now.saturating_add(lifetime) });
        self.generation += 1;
        Ok(())
    }

    /// Notes that no answer came to a [`KeyFetch`].
    pub fn failed(&mut self, now: NumericDate) {
        self.asked_at = Some(now);
    }

    /// The keys held, however old; `None` before the first [`accept`](Self::accept).
    #[must_use]
    pub fn jwks(&self) -> Option<&JwkSet> {
        self.held.as_ref().map(|held| &held.jwks)
    }

    /// The held keys prepared for `allowed`, and prepared only once per generation while `allowed` stays the same. Before
    /// the first [`accept`](Self::accept) they select nothing.
    ///
    /// # Errors
    /// [`KeyError`], when `allowed` is empty or names a symmetric algorithm.
    pub fn verifying_keys(
        &mut self,
        allowed: &[JwsAlgorithm],
        crypto: &CryptoProvider,
    ) -> Result<Arc<VerifyingKeys>, KeyError> {
        let generation = self.generation;
        if let Some(prepared) = &self.prepared
            && prepared.generation == generation
            && prepared.allowed == allowed
        {
            return Ok(Arc::clone(&prepared.keys));
        }
        let none = JwkSet::default();
        let keys = Arc::new(VerifyingKeys::prepare(self.jwks().unwrap_or(&none), allowed, crypto)?);
        self.prepared = Some(Prepared { generation, allowed: allowed.to_vec(), keys: Arc::clone(&keys) });
        Ok(keys)
    }

    /// Counts the accepted sets: keys prepared from one generation serve until the number changes.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Where the keys come from.
    #[must_use]
    pub fn jwks_uri(&self) -> &EndpointUrl {
        &self.jwks_uri
    }

    /// A clock that was set back must not silence the source until it has caught up again: then asking is allowed.
    fn may_ask(&self, now: NumericDate) -> bool {
        self.asked_at.is_none_or(|at| now < at || now >= at.saturating_add(self.policy.min_interval))
    }

    fn ask(&mut self, now: NumericDate) -> KeyPlan<'static> {
        self.asked_at = Some(now);
        KeyPlan::Fetch(KeyFetch { jwks_uri: self.jwks_uri.clone() })
    }

    fn wait(&self, now: NumericDate) -> KeyPlan<'static> {
        KeyPlan::Wait { until: self.asked_at.unwrap_or(now).saturating_add(self.policy.min_interval) }
    }
}

impl Held {
    fn has(&self, kid: Option<&str>) -> bool {
        kid.is_none_or(|kid| self.jwks.keys().iter().any(|key| key.kid() == Some(kid)))
    }

    fn is_fresh(&self, now: NumericDate) -> bool {
        self.fetched_at <= now && now < self.fresh_until
    }

    fn serves(&self, now: NumericDate, stale_for: Duration) -> bool {
        now < self.fresh_until.saturating_add(stale_for)
    }
}
