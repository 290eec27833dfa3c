//! Authorization codes.

use avouch_provider::storage::{CodeStore, CodeUse, GrantStore, InsertCode, RevokeGrant};

use super::super::Executor;
use super::fixtures::{CODE_END, GRANT_END, at, client_id, code, code_record, opened, sure};
use super::race::race;

/// Of parallel consumers of one code exactly one is the first; the others are told of the replay.
///
/// # Panics
/// The store broke the rule.
pub fn a_code_is_first_once_among_parallel_consumers<S: CodeStore + GrantStore>(
    executor: &impl Executor,
    store: &S,
) {
    let grant = opened(executor, store, "grant");
    assert_eq!(
        sure(executor.block_on(store.insert(&code(1), code_record(grant.clone())))),
        InsertCode::Inserted,
        "a new code is inserted"
    );
    let answers = race(|_| sure(executor.block_on(store.consume(&code(1), at(10)))));
    let firsts = answers.iter().filter(|answer| matches!(answer, CodeUse::First(_))).count();
    assert_eq!(firsts, 1, "of parallel consumers exactly one is the first");
    let replay = CodeUse::Replay { grant: grant.id, client_id: client_id() };
    let replays = answers.iter().filter(|answer| **answer == replay).count();
    assert_eq!(replays, answers.len() - 1, "all others are told of the replay, with grant and client");
}

/// The first consumer gets the record that was inserted.
///
/// # Panics
/// The store broke the rule.
pub fn a_code_gives_back_what_was_inserted<S: CodeStore + GrantStore>(executor: &impl Executor, store: &S) {
    let record = code_record(opened(executor, store, "grant"));
    let _ = sure(executor.block_on(store.insert(&code(1), record.clone())));
    let answer = sure(executor.block_on(store.consume(&code(1), at(CODE_END - 1))));
    assert_eq!(answer, CodeUse::First(Box::new(record)), "the record comes back whole");
}

/// An unused code is refused from `expires_at` on, and stays unused.
///
/// # Panics
/// The store broke the rule.
pub fn a_code_expires_at_its_instant<S: CodeStore + GrantStore>(executor: &impl Executor, store: &S) {
    let record = code_record(opened(executor, store, "grant"));
    let _ = sure(executor.block_on(store.insert(&code(1), record)));
    for now in [CODE_END, CODE_END + 1] {
        let answer = sure(executor.block_on(store.consume(&code(1), at(now))));
        assert_eq!(answer, CodeUse::Expired, "a code is over when now reaches expires_at");
    }
    let answer = sure(executor.block_on(store.consume(&code(1), at(CODE_END - 1))));
    assert!(matches!(answer, CodeUse::First(_)), "an expired code was not used up");
}

/// A spent code answers with the replay for as long as its grant is kept.
///
/// # Panics
/// The store broke the rule.
pub fn a_spent_code_is_a_replay_even_when_expired_or_revoked<S: CodeStore + GrantStore>(
    executor: &impl Executor,
    store: &S,
) {
    let grant = opened(executor, store, "grant");
    let _ = sure(executor.block_on(store.insert(&code(1), code_record(grant.clone()))));
    let _ = sure(executor.block_on(store.consume(&code(1), at(10))));
    let replay = CodeUse::Replay { grant: grant.id.clone(), client_id: client_id() };
    for now in [11, CODE_END, GRANT_END - 1] {
        let answer = sure(executor.block_on(store.consume(&code(1), at(now))));
        assert_eq!(answer, replay, "used beats expired");
    }
    assert_eq!(sure(executor.block_on(store.revoke(&grant.id, at(20)))), RevokeGrant::Revoked, "revoked");
    let answer = sure(executor.block_on(store.consume(&code(1), at(21))));
    assert_eq!(answer, replay, "used beats revoked");
}

/// A code that was never inserted is unknown.
///
/// # Panics
/// The store broke the rule.
pub fn an_unknown_code_is_unknown<S: CodeStore>(executor: &impl Executor, store: &S) {
    let answer = sure(executor.block_on(store.consume(&code(9), at(10))));
    assert_eq!(answer, CodeUse::Unknown, "a code that was never inserted");
}

/// A second code of the same hash does not replace the first.
///
/// # Panics
/// The store broke the rule.
pub fn a_code_is_inserted_once<S: CodeStore + GrantStore>(executor: &impl Executor, store: &S) {
    let first = code_record(opened(executor, store, "first"));
    let second = code_record(opened(executor, store, "second"));
    let _ = sure(executor.block_on(store.insert(&code(1), first.clone())));
    let answer = sure(executor.block_on(store.insert(&code(1), second)));
    assert_eq!(answer, InsertCode::Exists, "the hash is taken");
    let answer = sure(executor.block_on(store.consume(&code(1), at(10))));
    assert_eq!(answer, CodeUse::First(Box::new(first)), "the first record is unchanged");
}
