//! The conformance kit holds for the in-memory store, and finds each store that is wrong.
#![cfg(feature = "storage")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use avouch_jose::NumericDate;
use avouch_provider::storage::{
    AccessLookup, AddTokens, CodeHash, CodeRecord, CodeStore, CodeUse, Grant, GrantId, GrantStore,
    InsertCode, NewTokens, OpenGrant, RefreshLookup, ReplayKey, ReplayStore, ReplayUse, RevokeGrant,
    RotateTokens, Storage, TokenHash, TokenStore,
};
use avouch_testkit::storage::{MemoryStore, ThisThread, conformance};

#[test]
fn the_memory_store_conforms() {
    for _ in 0..20 {
        conformance::run_all(&ThisThread, MemoryStore::new);
    }
}

/// How a store can be wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    CodeReadThenWritten,
    CodeForgottenOnUse,
    ExpiredBeforeReplay,
    AddWithoutLooking,
    RevokeOnlyKnownTokens,
    RotateWithoutSpending,
    RotateInTwoSteps,
    AddBeforeChecking,
    ReplayReadThenWritten,
}

/// A memory store with one fault.
struct Wrong {
    store: MemoryStore,
    fault: Fault,
    codes: Mutex<Vec<(CodeHash, CodeRecord)>>,
    added: Mutex<Vec<GrantId>>,
}

impl Wrong {
    fn new(fault: Fault) -> Self {
        Self { store: MemoryStore::new(), fault, codes: Mutex::default(), added: Mutex::default() }
    }
}

/// Gives the other threads the time in which they do harm.
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(2));
}

impl Storage for Wrong {
    type Error = Infallible;
}

impl CodeStore for Wrong {
    async fn insert(&self, hash: &CodeHash, record: CodeRecord) -> Result<InsertCode, Infallible> {
        self.codes.lock().unwrap().push((*hash, record.clone()));
        self.store.insert(hash, record).await
    }

    async fn consume(&self, hash: &CodeHash, now: NumericDate) -> Result<CodeUse, Infallible> {
        let record =
            self.codes.lock().unwrap().iter().find(|(own, _)| own == hash).map(|(_, record)| record.clone());
        match (self.fault, record) {
            (Fault::CodeReadThenWritten, Some(record)) => {
                pause();
                self.codes.lock().unwrap().retain(|(own, _)| own != hash);
                let _ = self.store.consume(hash, now).await?;
                Ok(CodeUse::First(Box::new(record)))
            }
            (Fault::CodeForgottenOnUse, record) => {
                self.codes.lock().unwrap().retain(|(own, _)| own != hash);
                match record {
                    Some(_) => self.store.consume(hash, now).await,
                    None => Ok(CodeUse::Unknown),
                }
            }
            (Fault::ExpiredBeforeReplay, Some(record)) if now >= record.expires_at => Ok(CodeUse::Expired),
            _ => self.store.consume(hash, now).await,
        }
    }
}

impl GrantStore for Wrong {
    async fn open(&self, grant: Grant) -> Result<OpenGrant, Infallible> {
        self.store.open(grant).await
    }

    async fn add_tokens(
        &self,
        grant: &GrantId,
        tokens: NewTokens,
        now: NumericDate,
    ) -> Result<AddTokens, Infallible> {
        self.added.lock().unwrap().push(grant.clone());
        match self.fault {
            Fault::AddWithoutLooking => {
                let _ = self.store.add_tokens(grant, tokens, now).await?;
                Ok(AddTokens::Stored)
            }
            _ => self.store.add_tokens(grant, tokens, now).await,
        }
    }

    async fn rotate(
        &self,
        old: &TokenHash,
        tokens: NewTokens,
        now: NumericDate,
    ) -> Result<RotateTokens, Infallible> {
        let found = self.store.refresh(old, now).await?;
        let grant = tokens.access.record.grant.clone();
        match (self.fault, found) {
            (Fault::RotateWithoutSpending, RefreshLookup::Active(_)) => {
                let _ = self.store.add_tokens(&grant, tokens, now).await?;
                Ok(RotateTokens::Rotated)
            }
            (Fault::RotateInTwoSteps, RefreshLookup::Active(_)) => {
                pause();
                let _ = self.store.add_tokens(&grant, tokens.clone(), now).await?;
                let _ = self.store.rotate(old, tokens, now).await?;
                Ok(RotateTokens::Rotated)
            }
            (Fault::AddBeforeChecking, _) => {
                let _ = self.store.add_tokens(&grant, tokens.clone(), now).await?;
                self.store.rotate(old, tokens, now).await
            }
            _ => self.store.rotate(old, tokens, now).await,
        }
    }

    async fn revoke(&self, grant: &GrantId, now: NumericDate) -> Result<RevokeGrant, Infallible> {
        // A cascade over the tokens that are there marks nothing for those that come later.
        if self.fault == Fault::RevokeOnlyKnownTokens && !self.added.lock().unwrap().contains(grant) {
            return Ok(RevokeGrant::Revoked);
        }
        self.store.revoke(grant, now).await
    }
}

impl TokenStore for Wrong {
    async fn access(&self, hash: &TokenHash, now: NumericDate) -> Result<AccessLookup, Infallible> {
        self.store.access(hash, now).await
    }

    async fn refresh(&self, hash: &TokenHash, now: NumericDate) -> Result<RefreshLookup, Infallible> {
        self.store.refresh(hash, now).await
    }
}

impl ReplayStore for Wrong {
    async fn insert_if_absent(
        &self,
        key: &ReplayKey,
        expires_at: NumericDate,
        now: NumericDate,
    ) -> Result<ReplayUse, Infallible> {
        if self.fault == Fault::ReplayReadThenWritten {
            let mut seen = key.clone();
            seen.id.push_str(" was read");
            let answer = self.store.insert_if_absent(&seen, now, now).await?;
            pause();
            let _ = self.store.insert_if_absent(key, expires_at, now).await?;
            return Ok(answer);
        }
        self.store.insert_if_absent(key, expires_at, now).await
    }
}

/// The message with which a check refuses the store.
#[track_caller]
fn finding(fault: Fault, check: impl Fn(&ThisThread, &Wrong)) -> String {
    let refused = catch_unwind(AssertUnwindSafe(|| check(&ThisThread, &Wrong::new(fault))));
    let panic = refused.expect_err("the kit must find this store wrong");
    panic
        .downcast_ref::<String>()
        .cloned()
        .or(panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap()
}

#[test]
fn a_code_that_is_read_and_then_written_is_found() {
    let check = conformance::a_code_is_first_once_among_parallel_consumers;
    assert!(finding(Fault::CodeReadThenWritten, check).contains("exactly one is the first"));
}

#[test]
fn a_code_that_is_forgotten_on_use_is_found() {
    let check = conformance::a_spent_code_is_a_replay_even_when_expired_or_revoked;
    assert!(finding(Fault::CodeForgottenOnUse, check).contains("used beats expired"));
}

#[test]
fn a_replay_that_is_taken_for_expired_is_found() {
    let check = conformance::a_spent_code_is_a_replay_even_when_expired_or_revoked;
    assert!(finding(Fault::ExpiredBeforeReplay, check).contains("used beats expired"));
}

#[test]
fn tokens_that_are_added_to_a_revoked_grant_are_found() {
    let check = conformance::revocation_between_consuming_and_adding_wins;
    assert!(finding(Fault::AddWithoutLooking, check).contains("A comes too late"));
    assert!(finding(Fault::RevokeOnlyKnownTokens, check).contains("A comes too late"));
}

#[test]
fn a_rotation_that_is_not_one_act_is_found() {
    let check = conformance::a_refresh_token_is_rotated_once_among_parallel_callers;
    for fault in [Fault::RotateWithoutSpending, Fault::RotateInTwoSteps] {
        finding(fault, check);
    }
    finding(Fault::AddBeforeChecking, conformance::a_refused_rotation_changes_nothing);
}

#[test]
fn a_replay_guard_that_reads_and_then_writes_is_found() {
    let check = conformance::a_replay_key_is_fresh_once_among_parallel_callers;
    assert!(finding(Fault::ReplayReadThenWritten, check).contains("exactly one is fresh"));
}
