//! The set that is held, and how long it serves.

use super::KeySourcePolicy;
use super::freshness::{self, Freshness};
use super::policy::StaleKeys;
use avouch_jose::{JwkSet, NumericDate};
use http::header::{ETAG, HeaderMap, HeaderValue};
use std::time::Duration;

/// Longer entity tags are not sent back.
const MAX_ETAG_BYTES: usize = 256;

#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) jwks: JwkSet,
    /// How many entries the set was served with, also those that could not be read or were dropped.
    pub(super) entries: usize,
    /// Whether it was served as what is no JSON.
    pub(super) is_untyped: bool,
    /// By which the provider can say that the set is still the same.
    pub(super) etag: Option<HeaderValue>,
    /// When the answer was made, by the provider's clock, but not later than it came.
    made_at: Option<NumericDate>,
    fetched_at: NumericDate,
    lifetime: Option<Duration>,
    may_be_stale: bool,
    fresh_until: NumericDate,
    stale_until: NumericDate,
}

impl Held {
    pub(super) fn new(
        jwks: JwkSet,
        entries: usize,
        headers: &HeaderMap,
        policy: &KeySourcePolicy,
        now: NumericDate,
    ) -> Self {
        let mut held = Self {
            jwks,
            entries,
            is_untyped: false,
            etag: headers.get(ETAG).filter(|etag| is_entity_tag(etag)).cloned(),
            made_at: None,
            fetched_at: now,
            lifetime: None,
            may_be_stale: true,
            fresh_until: now,
            stale_until: now,
        };
        held.renew(headers, policy, now);
        held
    }

    /// Counts from now, by what an answer about this set says; where it says nothing, an earlier one may have
    /// (RFC 9111 §4.3.4).
    pub(super) fn renew(&mut self, headers: &HeaderMap, policy: &KeySourcePolicy, now: NumericDate) {
        let said = Freshness::of(headers, now);
        if said.lifetime.is_some() || !said.may_be_stale {
            (self.lifetime, self.may_be_stale) = (said.lifetime, said.may_be_stale);
        }
        let lifetime = self.lifetime.unwrap_or(policy.max_age).saturating_sub(said.age);
        let lifetime = lifetime.min(policy.max_age).max(policy.min_interval);
        self.made_at = freshness::date(headers).map(|made| made.min(now));
        self.fetched_at = now;
        self.fresh_until = now.saturating_add(lifetime);
        self.stale_until = self.fresh_until.saturating_add(self.stale_for(policy));
    }

    /// A clock that was set back says nothing about how long the set was held: it counts as fresh no more, and serves from
    /// here on as long as a stale one does. By less than `min_interval` it was not set back: that much may lie between two
    /// callers that read it at different moments.
    pub(super) fn mind_clock(&mut self, policy: &KeySourcePolicy, now: NumericDate) {
        if self.fetched_at > now.saturating_add(policy.min_interval) {
            self.fetched_at = now;
            self.made_at = None;
            self.fresh_until = now;
            self.stale_until = now.saturating_add(self.stale_for(policy));
        }
    }

    fn stale_for(&self, policy: &KeySourcePolicy) -> Duration {
        let may_be_stale = self.may_be_stale || policy.stale_keys == StaleKeys::WhileFailing;
        if may_be_stale { policy.stale_for } else { Duration::ZERO }
    }

    pub(super) fn has(&self, kid: Option<&str>) -> bool {
        let Some(kid) = kid else { return true };
        self.is_lone_key_without_kid() || self.jwks.keys().iter().any(|key| key.kid() == Some(kid))
    }

    /// A lone key need not be told apart from others. One is not lone beside an entry that cannot be used: that may be
    /// the one which a token names.
    pub(super) fn is_lone_key_without_kid(&self) -> bool {
        self.entries == 1 && self.jwks.keys().iter().all(|key| key.kid().is_none())
    }

    pub(super) fn is_fresh(&self, now: NumericDate) -> bool {
        now < self.fresh_until
    }

    pub(super) fn serves(&self, now: NumericDate) -> bool {
        now < self.stale_until
    }

    /// Whether an answer with these fields was made before the held one: some caches lag behind others. It counts while the
    /// held set is fresh only, so that no clock can silence a provider for longer.
    pub(super) fn is_newer_than(&self, headers: &HeaderMap, now: NumericDate) -> bool {
        let made = freshness::date(headers);
        self.is_fresh(now) && self.made_at.zip(made).is_some_and(|(held, made)| made < held)
    }

    /// Whether an answer 304 with these fields is about this set.
    pub(super) fn is_confirmed_by(&self, headers: &HeaderMap) -> bool {
        let strong = |etag: &HeaderValue| {
            let etag = etag.as_bytes();
            etag.strip_prefix(b"W/").unwrap_or(etag).to_vec()
        };
        let told = headers.get(ETAG).map(strong);
        self.etag.as_ref().map(strong).is_some_and(|own| told.is_none_or(|told| told == own))
    }
}

/// `"…"` or `W/"…"`, and not too long (RFC 9110 §8.8.3).
fn is_entity_tag(etag: &HeaderValue) -> bool {
    let etag = etag.as_bytes();
    let opaque = etag.strip_prefix(b"W/").unwrap_or(etag);
    etag.len() <= MAX_ETAG_BYTES && opaque.len() >= 2 && opaque.starts_with(b"\"") && opaque.ends_with(b"\"")
}
