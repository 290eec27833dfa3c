//! What may be seen once.

use avouch_provider::storage::{ReplayKey, ReplayKind, ReplayStore, ReplayUse};

use super::super::Executor;
use super::fixtures::{at, sure};
use super::race::race;

fn key(issuer: &str, id: &str) -> ReplayKey {
    ReplayKey { kind: ReplayKind::ClientAssertion, issuer: issuer.to_owned(), id: id.to_owned() }
}

/// Of parallel callers exactly one is told that the key is fresh.
///
/// # Panics
/// The store broke the rule.
pub fn a_replay_key_is_fresh_once_among_parallel_callers<S: ReplayStore>(
    executor: &impl Executor,
    store: &S,
) {
    let answers =
        race(|_| sure(executor.block_on(store.insert_if_absent(&key("client", "jti"), at(100), at(10)))));
    let fresh = answers.iter().filter(|answer| **answer == ReplayUse::Fresh).count();
    assert_eq!(fresh, 1, "of parallel callers exactly one is fresh");
}

/// A key is seen until its `expires_at`, and a later sighting does not shorten that.
///
/// # Panics
/// The store broke the rule.
pub fn a_replay_key_is_kept_until_it_expires<S: ReplayStore>(executor: &impl Executor, store: &S) {
    let insert = |until, now| {
        sure(executor.block_on(store.insert_if_absent(&key("client", "jti"), at(until), at(now))))
    };
    assert_eq!(insert(100, 10), ReplayUse::Fresh);
    assert_eq!(insert(20, 11), ReplayUse::Seen, "seen before");
    assert_eq!(insert(100, 99), ReplayUse::Seen, "kept to the last second");
}

/// The same `jti` of two issuers, and two of one issuer, are different keys.
///
/// # Panics
/// The store broke the rule.
pub fn replay_keys_differ_in_each_part<S: ReplayStore>(executor: &impl Executor, store: &S) {
    for (issuer, id) in [("a", "bc"), ("ab", "c"), ("a", "c"), ("b", "c"), ("a", "C"), ("a", "bc ")] {
        let answer = sure(executor.block_on(store.insert_if_absent(&key(issuer, id), at(100), at(10))));
        assert_eq!(answer, ReplayUse::Fresh, "{id:?} of {issuer:?} is a key of its own");
    }
}
