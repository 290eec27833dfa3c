//! What every store must hold, tried out: single use, races, expiry, revocation.
//!
//! A check panics when the store breaks a rule, and its message names the rule. [`run_all`] runs each of
//! them on a fresh store; run it several times, since a race that is there does not show every time.
//!
//! ```
//! use avouch_testkit::storage::{MemoryStore, ThisThread, conformance};
//! conformance::run_all(&ThisThread, MemoryStore::new);
//! ```

mod codes;
mod fixtures;
mod grants;
mod people;
mod race;
mod replays;

use avouch_provider::storage::{
    CodeStore, ConsentStore, GrantStore, InteractionStore, ReplayStore, SessionStore, TokenStore,
};

use super::Executor;

pub use codes::*;
pub use grants::*;
pub use people::*;
pub use replays::*;

/// The traits that the kit tries. Clients and people are only ever read through the provider's traits,
/// so there is nothing to try about them.
pub trait Tried:
    InteractionStore + SessionStore + ConsentStore + CodeStore + GrantStore + TokenStore + ReplayStore
{
}

impl<S> Tried for S where
    S: InteractionStore + SessionStore + ConsentStore + CodeStore + GrantStore + TokenStore + ReplayStore
{
}

/// Runs every check, each on a fresh and empty store.
///
/// # Panics
/// A store broke a rule or failed.
pub fn run_all<S: Tried>(executor: &impl Executor, new_store: impl Fn() -> S) {
    a_code_is_first_once_among_parallel_consumers(executor, &new_store());
    a_code_gives_back_what_was_inserted(executor, &new_store());
    a_code_expires_at_its_instant(executor, &new_store());
    a_spent_code_is_a_replay_even_when_expired_or_revoked(executor, &new_store());
    an_unknown_code_is_unknown(executor, &new_store());
    a_code_is_inserted_once(executor, &new_store());
    a_grant_is_opened_once(executor, &new_store());
    revocation_between_consuming_and_adding_wins(executor, &new_store());
    racing_revocation_leaves_no_token_alive(executor, &new_store());
    tokens_are_not_added_to_an_unknown_grant(executor, &new_store());
    revocation_reaches_all_tokens_of_the_grant_and_no_other(executor, &new_store());
    revocation_tells_what_it_found(executor, &new_store());
    tokens_give_back_what_was_added(executor, &new_store());
    tokens_expire_at_their_instant(executor, &new_store());
    a_refresh_token_is_rotated_once_among_parallel_callers(executor, &new_store());
    a_spent_refresh_token_is_reused_even_when_expired_or_revoked(executor, &new_store());
    a_refused_rotation_changes_nothing(executor, &new_store());
    racing_revocation_and_rotation_leave_no_token_alive(executor, &new_store());
    an_interaction_is_taken_once_among_parallel_callers(executor, &new_store());
    an_interaction_belongs_to_its_browser(executor, &new_store());
    an_interaction_expires_at_its_instant(executor, &new_store());
    a_session_ends_and_expires(executor, &new_store());
    a_new_session_replaces_the_old_one(executor, &new_store());
    a_consent_replaces_the_earlier_one(executor, &new_store());
    a_replay_key_is_fresh_once_among_parallel_callers(executor, &new_store());
    a_replay_key_is_kept_until_it_expires(executor, &new_store());
    replay_keys_differ_in_each_part(executor, &new_store());
}
