//! Interactions, sessions, consents.

use std::collections::BTreeSet;

use avouch_provider::storage::{
    Agreed, Consent, ConsentStore, InteractionHash, InteractionStore, LoginDone, Session, SessionHash,
    SessionStore,
};
use avouch_types::{Acr, Amr, Scopes};

use super::super::Executor;
use super::fixtures::{at, browser, client_id, interaction, subject, sure};
use super::race::race;

fn id(number: u8) -> InteractionHash {
    InteractionHash::from_array([number; 32])
}

/// Of parallel callers exactly one takes the interaction, and gets it whole.
///
/// # Panics
/// The store broke the rule.
pub fn an_interaction_is_taken_once_among_parallel_callers<S: InteractionStore>(
    executor: &impl Executor,
    store: &S,
) {
    let mut pending = interaction();
    pending.hinted_subject = Some(subject());
    pending.progress.logged_in = Some(LoginDone { subject: subject(), auth_time: at(5) });
    pending.progress.account = Some(subject());
    pending.progress.consent = Some(Agreed {
        subject: subject(),
        scopes: sure(Scopes::parse("openid")),
        claims: BTreeSet::from(["email".to_owned()]),
    });
    sure(executor.block_on(store.put(&id(1), pending.clone())));
    let shown = sure(executor.block_on(store.pending(&id(1), at(10))));
    assert_eq!(shown.as_ref(), Some(&pending), "looking does not take");
    let taken: Vec<_> = race(|_| sure(executor.block_on(store.take(&id(1), &browser(1), at(10)))))
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(taken, [pending], "of parallel callers exactly one gets it, and whole");
    assert_eq!(sure(executor.block_on(store.pending(&id(1), at(10)))), None, "it is gone");
}

/// Another browser does not get the interaction, and does not end it.
///
/// # Panics
/// The store broke the rule.
pub fn an_interaction_belongs_to_its_browser<S: InteractionStore>(executor: &impl Executor, store: &S) {
    sure(executor.block_on(store.put(&id(1), interaction())));
    let taken = sure(executor.block_on(store.take(&id(1), &browser(2), at(10))));
    assert_eq!(taken, None, "another browser's interaction is not given out");
    let taken = sure(executor.block_on(store.take(&id(1), &browser(1), at(10))));
    assert_eq!(taken, Some(interaction()), "it was left to its own browser");
}

/// An interaction is over from `expires_at` on.
///
/// # Panics
/// The store broke the rule.
pub fn an_interaction_expires_at_its_instant<S: InteractionStore>(executor: &impl Executor, store: &S) {
    sure(executor.block_on(store.put(&id(1), interaction())));
    assert_eq!(sure(executor.block_on(store.pending(&id(1), at(600)))), None, "over");
    assert_eq!(sure(executor.block_on(store.take(&id(1), &browser(1), at(600)))), None, "over");
    let last_second = sure(executor.block_on(store.pending(&id(1), at(599))));
    assert_eq!(last_second, Some(interaction()), "the last second");
    assert_eq!(sure(executor.block_on(store.pending(&id(2), at(1)))), None, "never put");
}

fn session() -> Session {
    let mut session = Session::new(subject(), at(5), at(1_000));
    session.acr = Some(sure(Acr::parse("urn:example:silver")));
    session.amr = vec![sure(Amr::parse("pwd"))];
    session
}

fn session_id(number: u8) -> SessionHash {
    SessionHash::from_array([number; 32])
}

/// A session comes back whole, until it expires or is ended.
///
/// # Panics
/// The store broke the rule.
pub fn a_session_ends_and_expires<S: SessionStore>(executor: &impl Executor, store: &S) {
    sure(executor.block_on(store.start(&session_id(1), session(), None)));
    let found = |now| sure(executor.block_on(store.session(&session_id(1), at(now))));
    assert_eq!(found(999), Some(session()), "the last second");
    assert_eq!(found(1_000), None, "over when now reaches expires_at");
    sure(executor.block_on(store.end(&session_id(1))));
    assert_eq!(found(10), None, "ended");
    sure(executor.block_on(store.end(&session_id(1))));
}

/// Starting a session ends the one it replaces, and no other.
///
/// # Panics
/// The store broke the rule.
pub fn a_new_session_replaces_the_old_one<S: SessionStore>(executor: &impl Executor, store: &S) {
    for number in [1, 2] {
        sure(executor.block_on(store.start(&session_id(number), session(), None)));
    }
    sure(executor.block_on(store.start(&session_id(3), session(), Some(&session_id(1)))));
    let found = |number| sure(executor.block_on(store.session(&session_id(number), at(10)))).is_some();
    assert_eq!([found(1), found(2), found(3)], [false, true, true], "the replaced one is over");
}

/// The last consent of a person to a client counts, and for this pair only.
///
/// # Panics
/// The store broke the rule.
pub fn a_consent_replaces_the_earlier_one<S: ConsentStore>(executor: &impl Executor, store: &S) {
    let consent = |scopes, claims: &[&str], now| {
        let claims = claims.iter().map(|name| (*name).to_owned()).collect();
        Consent::new(subject(), client_id(), sure(Scopes::parse(scopes)), claims, at(now))
    };
    sure(executor.block_on(store.remember(consent("openid email", &[], 1))));
    let second = consent("openid phone", &["name", "picture#de"], 2);
    sure(executor.block_on(store.remember(second.clone())));
    let found = sure(executor.block_on(store.consent(&subject(), &client_id())));
    assert_eq!(found, Some(second), "the later one, whole");
    let other = sure(executor.block_on(store.consent(&subject(), &sure("another".parse()))));
    assert_eq!(other, None, "not for another client");
    let other = sure(executor.block_on(store.consent(&sure("another".parse()), &client_id())));
    assert_eq!(other, None, "not of another person");
}
