//! The provider's JWK Set over time: a state machine without clock or socket ([Core §10.1.1]).
//!
//! [Core §10.1.1]: https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys

mod freshness;
mod held;
mod http_date;
mod policy;

pub use policy::{KeySetMediaType, KeySourcePolicy, StaleKeys};

use held::Held;

use crate::response::{self, ResponseError};
use crate::{FetchPolicy, FetchPurpose};
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{Jwk, JwkSet, JwkSetError, JwsAlgorithm, KeyError, Limits, NumericDate, VerifyingKeys};
use avouch_types::EndpointUrl;
use http::header::{HeaderValue, IF_NONE_MATCH};
use http::{Request, Response, StatusCode};
use std::sync::Arc;

const ACCEPT: &str = "application/json, application/jwk-set+json";
const ACCEPTED: [&str; 2] = ["application/json", "application/jwk-set+json"];

/// The published keys of one provider, and when to ask for them again.
///
/// Ask [`plan`](Self::plan) before each use. Of many callers one fetches. After an answer the provider is not asked again
/// within [`min_interval`](KeySourcePolicy::min_interval), whatever key identifiers the tokens of strangers name; after a
/// failure not within [`retry_after`](KeySourcePolicy::retry_after), which doubles with each one in a row. So a token of a new
/// key is refused for no longer than the cool-down, a request, and what caches before the provider lag behind.
///
/// While the provider does not answer, old keys serve for [`stale_for`](KeySourcePolicy::stale_for), unless it forbade that
/// ([`StaleKeys`]): so a failed fetch is no failure of whoever asked for a plan, and [`report`](Self::report) returns none.
/// (In avouch-client, `Verification` does all of this for a token.)
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
/// let response = send(fetch.request()?).ok();
/// keys.report(response.as_ref(), now);
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
    asked: Asked,
    /// Requests in a row that failed.
    failures: u32,
    fault: Option<Arc<KeySetError>>,
    generation: u64,
    prepared: Option<Prepared>,
}

/// What became of the latest request.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Never,
    /// It is on its way, or whoever sent it is lost.
    InFlight(NumericDate),
    Answered(NumericDate),
    Failed(NumericDate),
}

#[derive(Debug, Clone)]
struct Prepared {
    generation: u64,
    allowed: Vec<JwsAlgorithm>,
    keys: Arc<VerifyingKeys>,
}

/// What to do about keys now.
///
/// ```
/// # use avouch_discovery::{KeyPlan, KeySource, KeySourcePolicy};
/// # use avouch_jose::NumericDate;
/// # use avouch_types::EndpointUrl;
/// let mut keys = KeySource::new(EndpointUrl::parse("https://op.example/jwks")?, KeySourcePolicy::default());
/// let now = NumericDate::from_seconds(1_700_000_000)?;
/// assert!(matches!(keys.plan(Some("a"), now), KeyPlan::Fetch(_)));
/// assert!(matches!(keys.plan(Some("a"), now), KeyPlan::InFlight { .. })); // for all others
/// keys.failed(now);
/// let KeyPlan::Wait { until } = keys.plan(Some("a"), now) else { unreachable!("it failed a moment ago") };
/// assert_eq!(until.seconds() - now.seconds(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use]
pub enum KeyPlan<'k> {
    /// Use these keys.
    Ready(&'k JwkSet),
    /// Fetch, then tell [`KeySource::report`] what came of it, then ask for a plan again.
    Fetch(KeyFetch),
    /// There is no key to use, and somebody else is fetching: ask again in a moment.
    InFlight {
        /// When the one who fetches is taken for lost, and the next request is allowed.
        until: NumericDate,
    },
    /// There is no key to use, and the provider has answered (or failed) a moment ago: fail now, or try again at `until`.
    Wait {
        /// When the next request is allowed.
        until: NumericDate,
    },
}

/// A retrieval of the JWK Set to be done.
///
/// ```
/// # use avouch_discovery::{FetchPurpose, KeyPlan, KeySource, KeySourcePolicy};
/// # use avouch_jose::NumericDate;
/// # use avouch_types::EndpointUrl;
/// let mut keys = KeySource::new(EndpointUrl::parse("https://op.example/jwks")?, KeySourcePolicy::default());
/// let KeyPlan::Fetch(fetch) = keys.plan(None, NumericDate::EPOCH) else { unreachable!("nothing is known yet") };
/// assert_eq!(fetch.request()?.uri(), "https://op.example/jwks");
/// assert_eq!((fetch.policy().purpose, fetch.policy().max_bytes), (FetchPurpose::Keys, 256 * 1024));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched until the request is sent"]
pub struct KeyFetch {
    jwks_uri: EndpointUrl,
    max_bytes: usize,
    etag: Option<HeaderValue>,
}

impl KeyFetch {
    /// The request to send. Where a set is held that has an entity tag, it asks for another one only.
    ///
    /// # Errors
    /// [`http::Error`], for an address that `http` does not take. None is known that avouch-types takes.
    pub fn request(&self) -> Result<Request<Vec<u8>>, http::Error> {
        let mut request = response::get(self.jwks_uri.as_str(), ACCEPT)?;
        if let Some(etag) = &self.etag {
            request.headers_mut().insert(IF_NONE_MATCH, etag.clone());
        }
        Ok(request)
    }

    /// What the host owes the request.
    #[must_use]
    pub fn policy(&self) -> FetchPolicy {
        FetchPolicy::new(FetchPurpose::Keys, self.max_bytes)
    }
}

/// Why an answer gave no JWK Set. Keys held before stay as they are.
///
/// ```
/// # use avouch_discovery::{KeySetError, KeySource, KeySourcePolicy};
/// # use avouch_jose::NumericDate;
/// # use avouch_types::EndpointUrl;
/// let mut keys = KeySource::new(EndpointUrl::parse("https://op.example/jwks")?, KeySourcePolicy::default());
/// let empty = http::Response::builder().header("content-type", "application/json").body(br#"{"keys":[]}"#.to_vec())?;
/// assert!(matches!(keys.accept(&empty, NumericDate::EPOCH), Err(KeySetError::NoKey)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeySetError {
    /// The answer itself is not acceptable.
    #[error("no JWK Set was served")]
    Response(#[from] ResponseError),
    /// The body is not a JWK Set.
    #[error("the document is not a JWK Set")]
    JwkSet {
        /// The member at fault; empty for the document as a whole.
        path: String,
        /// The rule.
        source: JwkSetError,
    },
    /// No entry of the JWK Set is a public key that can be read. A provider that signs has one, so this is a fault and
    /// not a rotation.
    #[error("the JWK Set has no public key")]
    NoKey,
    /// The answer was made before the one whose keys are held, which are fresh: it comes from a cache that lags behind. It
    /// is no failure of the provider; the cool-down begins.
    #[error("the JWK Set is older than the one that is held")]
    Older,
    /// The answer says that nothing has changed, but is not about the set that is held.
    #[error("the answer confirms a JWK Set that is not held")]
    NothingToConfirm,
}

impl KeySetError {
    fn jwk_set(document: &[u8], source: JwkSetError) -> Self {
        let path = match &source {
            JwkSetError::Json(rule) => rule.path(document),
            JwkSetError::NotAnObject => String::new(),
            _ => "keys".to_owned(),
        };
        Self::JwkSet { path, source }
    }

    /// The member at fault: `keys[1].kty`. Empty for the document or the answer as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::JwkSet { path, .. } => path,
            Self::NoKey => "keys",
            Self::Response(_) | Self::Older | Self::NothingToConfirm => "",
        }
    }

    /// The rule that is broken; `None` for a limit of this crate.
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Self::Response(refused) => refused.section(),
            Self::JwkSet { source: JwkSetError::TooManyKeys { .. }, .. } => None,
            Self::JwkSet { source: JwkSetError::Json(rule), .. } => rule.section().or(Some("RFC 7517, 5")),
            Self::JwkSet { .. } => Some("RFC 7517, 5"),
            Self::NoKey => Some("OpenID Connect Discovery 1.0, 3"),
            Self::Older => Some("RFC 9111, 4"),
            Self::NothingToConfirm => Some("RFC 9110, 15.4.5"),
        }
    }
}

impl KeySource {
    /// A source that knows its address and no key yet.
    #[must_use]
    pub fn new(jwks_uri: EndpointUrl, policy: KeySourcePolicy) -> Self {
        Self {
            jwks_uri,
            policy,
            held: None,
            asked: Asked::Never,
            failures: 0,
            fault: None,
            generation: 0,
            prepared: None,
        }
    }

    /// What to do for a token whose header names `kid` (`None`: it names none).
    ///
    /// After a [`KeyPlan::Fetch`] was handed out, the others get the old keys or [`KeyPlan::InFlight`].
    pub fn plan(&mut self, kid: Option<&str>, now: NumericDate) -> KeyPlan<'_> {
        if let Some(held) = &mut self.held {
            held.mind_clock(&self.policy, now);
        }
        let fits = self.held.as_ref().is_some_and(|held| held.has(kid));
        let fresh = self.held.as_ref().is_some_and(|held| held.is_fresh(now));
        if !(fits && fresh) && self.may_ask(now) {
            return self.ask(now);
        }
        match &self.held {
            Some(held) if fits && held.serves(now) => KeyPlan::Ready(&held.jwks),
            _ => self.wait(now),
        }
    }

    /// What to do when the held set does not verify a token although [`plan`](Self::plan) called it ready: no key fits (no
    /// `kid` in the header, or a key of another type), or the signature is bad, since a provider that names no keys, or
    /// gives a new key the old name, rotates unseen. To be asked once per token; the cool-down holds for all of them.
    pub fn refresh(&mut self, now: NumericDate) -> KeyPlan<'_> {
        if self.may_ask(now) { self.ask(now) } else { self.wait(now) }
    }

    /// Takes the answer to a [`KeyFetch`]: a JWK Set, or 304 where the one that is held has not changed.
    ///
    /// Private and symmetric keys have no business in a published set and are dropped ([Discovery §3]). How long the set is
    /// fresh follows `Cache-Control`, `Expires` and `Age` ([RFC 9111 §4.2]) within the bounds of the policy.
    ///
    /// [Discovery §3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
    /// [RFC 9111 §4.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.2
    ///
    /// # Errors
    /// [`KeySetError`]; the keys held before stay.
    pub fn accept(&mut self, response: &Response<Vec<u8>>, now: NumericDate) -> Result<(), KeySetError> {
        let accepted = match response.status() {
            StatusCode::NOT_MODIFIED => self.confirm(response, now),
            _ => self.read(response, now),
        };
        match &accepted {
            Ok(()) | Err(KeySetError::Older) => {
                self.asked = Asked::Answered(now);
                self.failures = 0;
            }
            Err(_) => self.failed(now),
        }
        accepted
    }

    fn read(&mut self, response: &Response<Vec<u8>>, now: NumericDate) -> Result<(), KeySetError> {
        let [json, keys] = ACCEPTED;
        let [plain, octets] = response::UNTYPED;
        let accepted: &[_] = match self.policy.media_type {
            KeySetMediaType::Json => &[json, keys],
            KeySetMediaType::OrUntyped => &[json, keys, plain, octets],
        };
        let body = response::body(response, accepted, self.policy.max_bytes)?;
        let limits = Limits::default();
        let limits = limits.with_json(limits.json.with_bytes(self.policy.max_bytes));
        let jwks = JwkSet::from_json(body, &limits).map_err(|source| KeySetError::jwk_set(body, source))?;
        let entries = jwks.keys().len() + jwks.skipped().len();
        // Beside a private key, an entry that was skipped may be private too, in a manner not known here
        let jwks = if jwks.keys().iter().any(Jwk::is_private) {
            jwks.keys().iter().filter(|key| !key.is_private()).cloned().collect()
        } else {
            jwks
        };
        if jwks.keys().is_empty() {
            return Err(KeySetError::NoKey);
        }
        if self.held.as_ref().is_some_and(|held| held.is_newer_than(response.headers(), now)) {
            return Err(KeySetError::Older);
        }
        let same = |held: &Held| held.entries == entries && held.jwks.keys() == jwks.keys();
        if !self.held.as_ref().is_some_and(same) {
            self.generation += 1;
        }
        let mut held = Held::new(jwks, entries, response.headers(), &self.policy, now);
        held.is_untyped = response::is_untyped(response);
        self.held = Some(held);
        self.fault = None;
        Ok(())
    }

    /// The set that is held is still the one (RFC 9110 §15.4.5): it is fresh again, and what was prepared from it serves.
    fn confirm(&mut self, response: &Response<Vec<u8>>, now: NumericDate) -> Result<(), KeySetError> {
        let held = self.held.as_mut().filter(|held| held.is_confirmed_by(response.headers()));
        held.ok_or(KeySetError::NothingToConfirm)?.renew(response.headers(), &self.policy, now);
        self.fault = None;
        Ok(())
    }

    /// Notes that no answer came to a [`KeyFetch`].
    pub fn failed(&mut self, now: NumericDate) {
        self.asked = Asked::Failed(now);
        self.failures = self.failures.saturating_add(1);
    }

    /// Takes what came of a [`KeyFetch`]: the answer, or `None` where none came. An answer that is not accepted is no
    /// error here, since the keys held before may serve: ask for a [`plan`](Self::plan) again. [`fault`](Self::fault) has
    /// it, for the log.
    pub fn report(&mut self, answer: Option<&Response<Vec<u8>>>, now: NumericDate) {
        match answer.map(|response| self.accept(response, now)) {
            Some(Ok(())) => {}
            Some(Err(fault)) => self.fault = Some(Arc::new(fault)),
            None => self.failed(now),
        }
    }

    /// Why the latest answer that was [reported](Self::report) was not accepted; `None` after one that was.
    #[must_use]
    pub fn fault(&self) -> Option<&Arc<KeySetError>> {
        self.fault.as_ref()
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
        let keys = VerifyingKeys::prepare(self.jwks().unwrap_or(&none), allowed, crypto)?;
        let is_lone = self.held.as_ref().is_some_and(Held::is_lone_key_without_kid);
        let keys = Arc::new(if is_lone { keys.allowing_lone_key_without_kid() } else { keys });
        self.prepared = Some(Prepared { generation, allowed: allowed.to_vec(), keys: Arc::clone(&keys) });
        Ok(keys)
    }

    /// Counts the accepted sets that differ from the one before: keys prepared from one generation serve until the number
    /// changes.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether the held set was served as no JSON, and taken by [`KeySetMediaType::OrUntyped`].
    #[must_use]
    pub fn is_untyped(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.is_untyped)
    }

    /// Where the keys come from.
    #[must_use]
    pub fn jwks_uri(&self) -> &EndpointUrl {
        &self.jwks_uri
    }

    /// Until when nobody may ask. A clock that was set back must not silence the source until it has caught up again: then
    /// asking is allowed. By less than the pause itself it was not set back; callers read it at different moments.
    fn silent_until(&self, now: NumericDate) -> Option<NumericDate> {
        let (at, pause) = match self.asked {
            Asked::Never => return None,
            Asked::InFlight(at) => (at, self.policy.answer_within),
            Asked::Answered(at) => (at, self.policy.min_interval),
            Asked::Failed(at) => (at, self.policy.pause_after(self.failures)),
        };
        let until = at.saturating_add(pause);
        (at.saturating_since(now) <= pause && now < until).then_some(until)
    }

    fn may_ask(&self, now: NumericDate) -> bool {
        self.silent_until(now).is_none()
    }

    fn ask(&mut self, now: NumericDate) -> KeyPlan<'static> {
        self.asked = Asked::InFlight(now);
        let etag = self.held.as_ref().and_then(|held| held.etag.clone());
        KeyPlan::Fetch(KeyFetch { jwks_uri: self.jwks_uri.clone(), max_bytes: self.policy.max_bytes, etag })
    }

    fn wait(&self, now: NumericDate) -> KeyPlan<'static> {
        let until = self.silent_until(now).unwrap_or(now);
        match self.asked {
            Asked::InFlight(_) => KeyPlan::InFlight { until },
            _ => KeyPlan::Wait { until },
        }
    }
}
