//! Grants and their tokens.

use avouch_provider::storage::{
    AccessLookup, AddTokens, CodeStore, CodeUse, GrantId, GrantStore, OpenGrant, RefreshLookup, RevokeGrant,
    RotateTokens, TokenStore,
};

use super::super::Executor;
use super::fixtures::{
    ACCESS_END, GRANT_END, REFRESH_END, access_hash, at, client_id, code, code_record, opened, refresh_hash,
    sure, tokens,
};
use super::race::{CALLERS, race};

/// A second grant of the same name does not replace the first.
///
/// # Panics
/// The store broke the rule.
pub fn a_grant_is_opened_once<S: GrantStore>(executor: &impl Executor, store: &S) {
    let grant = opened(executor, store, "grant");
    let _ = sure(executor.block_on(store.revoke(&grant.id, at(2))));
    assert_eq!(sure(executor.block_on(store.open(grant.clone()))), OpenGrant::Exists, "the name is taken");
    let answer = sure(executor.block_on(store.add_tokens(&grant.id, tokens(&grant, 1), at(3))));
    assert_eq!(answer, AddTokens::GrantRevoked, "opening again does not undo a revocation");
}

/// A consumes a code, B presents it again and revokes the grant, A adds its tokens: A is refused.
///
/// # Panics
/// The store broke the rule.
pub fn revocation_between_consuming_and_adding_wins<S: CodeStore + GrantStore + TokenStore>(
    executor: &impl Executor,
    store: &S,
) {
    let grant = opened(executor, store, "grant");
    let _ = sure(executor.block_on(store.insert(&code(1), code_record(grant.clone()))));
    let a = sure(executor.block_on(store.consume(&code(1), at(10))));
    assert!(matches!(a, CodeUse::First(_)), "A is first");
    let b = sure(executor.block_on(store.consume(&code(1), at(10))));
    assert_eq!(b, CodeUse::Replay { grant: grant.id.clone(), client_id: client_id() }, "B sees the replay");
    assert_eq!(sure(executor.block_on(store.revoke(&grant.id, at(10)))), RevokeGrant::Revoked, "B revokes");
    let a = sure(executor.block_on(store.add_tokens(&grant.id, tokens(&grant, 1), at(10))));
    assert_eq!(a, AddTokens::GrantRevoked, "A comes too late");
    assert_dead(executor, store, 1);
}

/// However revoking and adding interleave, no token is alive afterwards.
///
/// # Panics
/// The store broke the rule.
pub fn racing_revocation_leaves_no_token_alive<S: GrantStore + TokenStore>(
    executor: &impl Executor,
    store: &S,
) {
    for round in 0..16 {
        let grant = opened(executor, store, &format!("grant {round}"));
        race(|caller| {
            if caller == CALLERS / 2 {
                let _ = sure(executor.block_on(store.revoke(&grant.id, at(10))));
            } else {
                let added = tokens(&grant, round * CALLERS + caller);
                let _ = sure(executor.block_on(store.add_tokens(&grant.id, added, at(10))));
            }
        });
        for caller in 0..CALLERS {
            assert_dead(executor, store, round * CALLERS + caller);
        }
    }
}

/// Tokens need a grant.
///
/// # Panics
/// The store broke the rule.
pub fn tokens_are_not_added_to_an_unknown_grant<S: GrantStore + TokenStore>(
    executor: &impl Executor,
    store: &S,
) {
    let other = opened(executor, store, "other");
    let unknown = GrantId::from_stored("unknown");
    let answer = sure(executor.block_on(store.add_tokens(&unknown, tokens(&other, 1), at(10))));
    assert_eq!(answer, AddTokens::GrantUnknown, "there is no such grant");
    assert_dead(executor, store, 1);
}

/// Revocation ends the tokens added at first and those of every rotation, and touches no other grant.
///
/// # Panics
/// The store broke the rule.
pub fn revocation_reaches_all_tokens_of_the_grant_and_no_other<S: GrantStore + TokenStore>(
    executor: &impl Executor,
    store: &S,
) {
    let (revoked, other) = (opened(executor, store, "revoked"), opened(executor, store, "other"));
    assert_eq!(
        sure(executor.block_on(store.add_tokens(&revoked.id, tokens(&revoked, 1), at(10)))),
        AddTokens::Stored
    );
    assert_eq!(
        sure(executor.block_on(store.rotate(&refresh_hash(1), tokens(&revoked, 2), at(11)))),
        RotateTokens::Rotated
    );
    assert_eq!(
        sure(executor.block_on(store.add_tokens(&other.id, tokens(&other, 3), at(10)))),
        AddTokens::Stored
    );
    assert_eq!(sure(executor.block_on(store.revoke(&revoked.id, at(12)))), RevokeGrant::Revoked);
    for number in [1, 2] {
        let access = sure(executor.block_on(store.access(&access_hash(number), at(13))));
        assert_eq!(access, AccessLookup::Revoked, "access token {number} is revoked");
    }
    let refresh = sure(executor.block_on(store.refresh(&refresh_hash(2), at(13))));
    assert_eq!(refresh, RefreshLookup::Revoked, "the rotated refresh token is revoked");
    let rotate = sure(executor.block_on(store.rotate(&refresh_hash(2), tokens(&revoked, 4), at(13))));
    assert_eq!(rotate, RotateTokens::Revoked, "a revoked refresh token is not rotated");
    assert_dead(executor, store, 4);
    let access = sure(executor.block_on(store.access(&access_hash(3), at(13))));
    assert!(matches!(access, AccessLookup::Active(_)), "another grant's access token lives");
    let refresh = sure(executor.block_on(store.refresh(&refresh_hash(3), at(13))));
    assert!(matches!(refresh, RefreshLookup::Active(_)), "another grant's refresh token lives");
}

/// Revoking tells the first time from the second, and a grant from none; of parallel callers one is first.
///
/// # Panics
/// The store broke the rule.
pub fn revocation_tells_what_it_found<S: GrantStore>(executor: &impl Executor, store: &S) {
    let unknown = GrantId::from_stored("unknown");
    assert_eq!(sure(executor.block_on(store.revoke(&unknown, at(10)))), RevokeGrant::Unknown);
    let grant = opened(executor, store, "grant");
    let answers = race(|_| sure(executor.block_on(store.revoke(&grant.id, at(10)))));
    let firsts = answers.iter().filter(|answer| **answer == RevokeGrant::Revoked).count();
    assert_eq!(firsts, 1, "one of the parallel callers revoked");
    let others = answers.iter().filter(|answer| **answer == RevokeGrant::AlreadyRevoked).count();
    assert_eq!(others, CALLERS - 1, "the others came later");
    let late = sure(executor.block_on(store.revoke(&grant.id, at(GRANT_END - 1))));
    assert_eq!(late, RevokeGrant::AlreadyRevoked, "the mark stays as long as the grant");
}

/// Both look-ups give the records that were added, and looking up spends nothing.
///
/// # Panics
/// The store broke the rule.
pub fn tokens_give_back_what_was_added<S: GrantStore + TokenStore>(executor: &impl Executor, store: &S) {
    let grant = opened(executor, store, "grant");
    let added = tokens(&grant, 1);
    let _ = sure(executor.block_on(store.add_tokens(&grant.id, added.clone(), at(10))));
    for _ in 0..2 {
        let access = sure(executor.block_on(store.access(&access_hash(1), at(11))));
        assert_eq!(access, AccessLookup::Active(Box::new(added.access.record.clone())), "the access token");
        let refresh = sure(executor.block_on(store.refresh(&refresh_hash(1), at(11))));
        let record = added.refresh.clone().map(|refresh| Box::new(refresh.record));
        assert_eq!(Some(refresh), record.map(RefreshLookup::Active), "the refresh token");
    }
    let crossed = sure(executor.block_on(store.access(&refresh_hash(1), at(11))));
    assert_eq!(crossed, AccessLookup::Unknown, "a refresh token is no access token");
    let crossed = sure(executor.block_on(store.refresh(&access_hash(1), at(11))));
    assert_eq!(crossed, RefreshLookup::Unknown, "an access token is no refresh token");
}

/// Tokens are refused from their `expires_at` on.
///
/// # Panics
/// The store broke the rule.
pub fn tokens_expire_at_their_instant<S: GrantStore + TokenStore>(executor: &impl Executor, store: &S) {
    let grant = opened(executor, store, "grant");
    let _ = sure(executor.block_on(store.add_tokens(&grant.id, tokens(&grant, 1), at(10))));
    let access = |now| sure(executor.block_on(store.access(&access_hash(1), at(now))));
    assert!(matches!(access(ACCESS_END - 1), AccessLookup::Active(_)), "the last second");
    assert_eq!(access(ACCESS_END), AccessLookup::Expired, "over when now reaches expires_at");
    let refresh = |now| sure(executor.block_on(store.refresh(&refresh_hash(1), at(now))));
    assert!(matches!(refresh(REFRESH_END - 1), RefreshLookup::Active(_)), "the last second");
    assert_eq!(refresh(REFRESH_END), RefreshLookup::Expired, "over when now reaches expires_at");
    let rotate = sure(executor.block_on(store.rotate(&refresh_hash(1), tokens(&grant, 2), at(REFRESH_END))));
    assert_eq!(rotate, RotateTokens::Expired, "an expired refresh token is not rotated");
    assert_dead(executor, store, 2);
}

/// Of parallel callers with one refresh token exactly one rotates it; nothing of the others is stored.
///
/// # Panics
/// The store broke the rule.
pub fn a_refresh_token_is_rotated_once_among_parallel_callers<S: GrantStore + TokenStore>(
    executor: &impl Executor,
    store: &S,
) {
    let grant = opened(executor, store, "grant");
    let _ = sure(executor.block_on(store.add_tokens(&grant.id, tokens(&grant, 100), at(10))));
    let answers = race(|caller| {
        sure(executor.block_on(store.rotate(&refresh_hash(100), tokens(&grant, caller), at(11))))
    });
    let reused = RotateTokens::Reused { grant: grant.id.clone(), client_id: client_id() };
    for (caller, answer) in answers.iter().enumerate() {
        let access = sure(executor.block_on(store.access(&access_hash(caller), at(12))));
        let refresh = sure(executor.block_on(store.refresh(&refresh_hash(caller), at(12))));
        if *answer == RotateTokens::Rotated {
            assert!(matches!(access, AccessLookup::Active(_)), "the winner's access token lives");
            assert!(matches!(refresh, RefreshLookup::Active(_)), "the winner's refresh token lives");
        } else {
            assert_eq!(*answer, reused, "the others are told of the reuse, with grant and client");
            assert_eq!(access, AccessLookup::Unknown, "a loser's access token was not stored");
            assert_eq!(refresh, RefreshLookup::Unknown, "a loser's refresh token was not stored");
        }
    }
    let winners = answers.iter().filter(|answer| **answer == RotateTokens::Rotated).count();
    assert_eq!(winners, 1, "of parallel callers exactly one rotates");
}

/// A spent refresh token answers with the reuse for as long as its grant is kept.
///
/// # Panics
/// The store broke the rule.
pub fn a_spent_refresh_token_is_reused_even_when_expired_or_revoked<S: GrantStore + TokenStore>(
    executor: &impl Executor,
    store: &S,
) {
    let grant = opened(executor, store, "grant");
    let _ = sure(executor.block_on(store.add_tokens(&grant.id, tokens(&grant, 1), at(10))));
    let _ = sure(executor.block_on(store.rotate(&refresh_hash(1), tokens(&grant, 2), at(11))));
    let check = |now, why: &str| {
        let refresh = sure(executor.block_on(store.refresh(&refresh_hash(1), at(now))));
        let reused = RefreshLookup::Reused { grant: grant.id.clone(), client_id: client_id() };
        assert_eq!(refresh, reused, "looked up: {why}");
        let rotate = sure(executor.block_on(store.rotate(&refresh_hash(1), tokens(&grant, 3), at(now))));
        let reused = RotateTokens::Reused { grant: grant.id.clone(), client_id: client_id() };
        assert_eq!(rotate, reused, "rotated: {why}");
    };
    check(12, "spent");
    check(GRANT_END - 1, "used beats expired");
    let _ = sure(executor.block_on(store.revoke(&grant.id, at(13))));
    check(14, "used beats revoked");
}

/// A rotation that is refused neither spends nor stores.
///
/// # Panics
/// The store broke the rule.
pub fn a_refused_rotation_changes_nothing<S: GrantStore + TokenStore>(executor: &impl Executor, store: &S) {
    let grant = opened(executor, store, "grant");
    let answer = sure(executor.block_on(store.rotate(&refresh_hash(9), tokens(&grant, 1), at(10))));
    assert_eq!(answer, RotateTokens::Unknown, "there is no such token");
    assert_dead(executor, store, 1);
    let _ = sure(executor.block_on(store.add_tokens(&grant.id, tokens(&grant, 2), at(10))));
    let answer = sure(executor.block_on(store.rotate(&refresh_hash(2), tokens(&grant, 3), at(REFRESH_END))));
    assert_eq!(answer, RotateTokens::Expired, "too late");
    let refresh = sure(executor.block_on(store.refresh(&refresh_hash(2), at(11))));
    assert!(matches!(refresh, RefreshLookup::Active(_)), "the refused rotation did not spend it");
}

/// However revoking and rotating interleave, no token is alive afterwards.
///
/// # Panics
/// The store broke the rule.
pub fn racing_revocation_and_rotation_leave_no_token_alive<S: GrantStore + TokenStore>(
    executor: &impl Executor,
    store: &S,
) {
    for round in 0..16 {
        let grant = opened(executor, store, &format!("grant {round}"));
        let first = round * (CALLERS + 1);
        let _ = sure(executor.block_on(store.add_tokens(&grant.id, tokens(&grant, first), at(10))));
        race(|caller| {
            if caller == 0 {
                let _ = sure(executor.block_on(store.revoke(&grant.id, at(11))));
            } else {
                let rotated = tokens(&grant, first + caller);
                let _ = sure(executor.block_on(store.rotate(&refresh_hash(first), rotated, at(11))));
            }
        });
        for number in first..=first + CALLERS {
            assert_dead(executor, store, number);
        }
    }
}

/// Neither token of this number is of any use.
fn assert_dead<S: TokenStore>(executor: &impl Executor, store: &S, number: usize) {
    let access = sure(executor.block_on(store.access(&access_hash(number), at(20))));
    assert!(!matches!(access, AccessLookup::Active(_)), "access token {number} must not live");
    let refresh = sure(executor.block_on(store.refresh(&refresh_hash(number), at(20))));
    assert!(!matches!(refresh, RefreshLookup::Active(_)), "refresh token {number} must not live");
}
