use std::time::Duration;

/// How often keys are asked for, and how long they serve.
///
/// ```
/// # use avouch_discovery::KeySourcePolicy;
/// # use std::time::Duration;
/// let policy = KeySourcePolicy::default().with_min_interval(Duration::from_secs(60));
/// assert_eq!(policy.max_age, Duration::from_secs(24 * 60 * 60));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeySourcePolicy {
    /// The cool-down after an answer; default 30 seconds. Also the shortest time a set is fresh.
    pub min_interval: Duration,
    /// The pause after a request that failed; default 5 seconds. It doubles with each failure in a row.
    pub retry_after: Duration,
    /// The longest pause after failures; default one minute. So long may a provider be back before it is asked again.
    pub retry_at_most: Duration,
    /// How long a request may take before whoever sent it is taken for lost; default 10 seconds. The host's own
    /// timeout should be shorter.
    pub answer_within: Duration,
    /// The longest time a set is fresh, and how long it is when the provider does not say; default one day.
    pub max_age: Duration,
    /// How long a set serves after it ceased to be fresh while requests fail; default six hours.
    pub stale_for: Duration,
    /// Whether the provider's word about that counts; default [`StaleKeys::AsDirected`].
    pub stale_keys: StaleKeys,
    /// As what the set may be served; default [`KeySetMediaType::Json`].
    pub media_type: KeySetMediaType,
    /// The longest answer, in bytes; default 256 KiB.
    pub max_bytes: usize,
}

/// As what a key set may be served.
///
/// ```
/// # use avouch_discovery::{KeySetMediaType, KeySourcePolicy};
/// // a provider whose keys come from a server of files
/// let policy = KeySourcePolicy::default().with_media_type(KeySetMediaType::OrUntyped);
/// assert_ne!(policy, KeySourcePolicy::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeySetMediaType {
    /// `application/json` or `application/jwk-set+json` ([RFC 7517 §8.5]).
    ///
    /// [RFC 7517 §8.5]: https://www.rfc-editor.org/rfc/rfc7517#section-8.5
    Json,
    /// Also `text/plain` or `application/octet-stream`, which say that the server does not know.
    /// [`KeySource::is_untyped`](crate::KeySource::is_untyped) tells where that was needed.
    OrUntyped,
}

/// When keys serve that are no longer fresh, while the provider does not answer.
///
/// ```
/// # use avouch_discovery::{KeySourcePolicy, StaleKeys};
/// // a provider whose framework forbids caching everywhere
/// let policy = KeySourcePolicy::default().with_stale_keys(StaleKeys::WhileFailing);
/// assert_ne!(policy, KeySourcePolicy::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StaleKeys {
    /// Unless the provider forbids it by `must-revalidate`, `no-cache` or `no-store` ([RFC 9111 §4.2.4]).
    ///
    /// [RFC 9111 §4.2.4]: https://www.rfc-editor.org/rfc/rfc9111#section-4.2.4
    AsDirected,
    /// Whatever the provider says: its tokens are accepted when its keys cannot be had, and so are those of a key that it
    /// has withdrawn meanwhile.
    WhileFailing,
}

impl Default for KeySourcePolicy {
    fn default() -> Self {
        Self {
            min_interval: Duration::from_secs(30),
            retry_after: Duration::from_secs(5),
            retry_at_most: Duration::from_secs(60),
            answer_within: Duration::from_secs(10),
            max_age: Duration::from_secs(24 * 60 * 60),
            stale_for: Duration::from_secs(6 * 60 * 60),
            stale_keys: StaleKeys::AsDirected,
            media_type: KeySetMediaType::Json,
            max_bytes: 256 * 1024,
        }
    }
}

impl KeySourcePolicy {
    /// The pause after so many failures in a row.
    pub(super) fn pause_after(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        self.retry_after.saturating_mul(doubled).min(self.retry_at_most.max(self.retry_after))
    }

    /// Sets [`min_interval`](Self::min_interval).
    #[must_use]
    pub fn with_min_interval(mut self, min_interval: Duration) -> Self {
        self.min_interval = min_interval;
        self
    }

    /// Sets [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn with_retry_after(mut self, retry_after: Duration) -> Self {
        self.retry_after = retry_after;
        self
    }

    /// Sets [`retry_at_most`](Self::retry_at_most).
    #[must_use]
    pub fn with_retry_at_most(mut self, retry_at_most: Duration) -> Self {
        self.retry_at_most = retry_at_most;
        self
    }

    /// Sets [`answer_within`](Self::answer_within).
    #[must_use]
    pub fn with_answer_within(mut self, answer_within: Duration) -> Self {
        self.answer_within = answer_within;
        self
    }

    /// Sets [`max_age`](Self::max_age).
    #[must_use]
    pub fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Sets [`stale_for`](Self::stale_for).
    #[must_use]
    pub fn with_stale_for(mut self, stale_for: Duration) -> Self {
        self.stale_for = stale_for;
        self
    }

    /// Sets [`stale_keys`](Self::stale_keys).
    #[must_use]
    pub fn with_stale_keys(mut self, stale_keys: StaleKeys) -> Self {
        self.stale_keys = stale_keys;
        self
    }

    /// Sets [`media_type`](Self::media_type).
    #[must_use]
    pub fn with_media_type(mut self, media_type: KeySetMediaType) -> Self {
        self.media_type = media_type;
        self
    }

    /// Sets [`max_bytes`](Self::max_bytes).
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }
}
