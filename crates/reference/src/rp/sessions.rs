//! What the client remembers of each browser: in memory, bounded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use avouch_client::{PendingSignIn, SignInMemory};
use avouch_jose::NumericDate;
use avouch_types::State;

use crate::pages::rp::{Field, Step};

/// Browsers remembered at the same time. One more, and the one not seen for longest is forgotten.
const MOST_BROWSERS: usize = 1_000;

/// Sign-ins that one browser can have under way: tabs.
const MOST_PENDING: usize = 5;

/// How long a browser is remembered that does not come back.
const IDLE: Duration = Duration::from_secs(2 * 60 * 60);

/// A sign-in under way.
#[derive(Debug)]
pub struct Started {
    /// What the client library remembers.
    pub pending: PendingSignIn,
    /// What happened so far.
    pub steps: Vec<Step>,
}

/// How the last sign-in ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Somebody is signed in.
    SignedIn(Box<SignedInView>),
    /// Nobody is.
    Failed(Box<FailureView>),
}

/// Somebody who is signed in, with all that is shown of it.
#[derive(Debug, Clone)]
pub struct SignedInView {
    /// What later requests need.
    pub memory: SignInMemory,
    /// The person's name.
    pub name: String,
    /// When they signed in here.
    pub at: NumericDate,
    /// What is known about them.
    pub about: Vec<Field>,
    /// What happened.
    pub steps: Vec<Step>,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, Default)]
pub struct FailureView {
    /// A few words.
    pub title: String,
    /// What happened, in a sentence.
    pub what: String,
    /// The error code, where the specification has one.
    pub code: String,
    /// More about it.
    pub facts: Vec<Field>,
    /// What happened up to there.
    pub steps: Vec<Step>,
}

#[derive(Debug)]
struct Browser {
    pending: Vec<Started>,
    outcome: Option<Outcome>,
    /// The outcome was taken out, and may be put back.
    is_out: bool,
    seen_at: NumericDate,
}

/// All browsers, by the value of their cookie.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<String, Browser>>);

impl Sessions {
    /// Keeps a sign-in that `browser` has started; of too many the oldest goes.
    pub fn started(&self, browser: &str, started: Started, now: NumericDate) {
        self.with(browser, now, |browser| {
            browser.pending.retain(|started| now < started.pending.expires_at());
            if browser.pending.len() >= MOST_PENDING {
                browser.pending.remove(0);
            }
            browser.pending.push(started);
        });
    }

    /// Takes out the sign-in of this `state`, if `browser` started it: it can be answered once.
    pub fn take(&self, browser: &str, state: &State) -> Option<Started> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pending = &mut all.get_mut(browser)?.pending;
        let index = pending.iter().position(|started| started.pending.state() == state)?;
        Some(pending.remove(index))
    }

    /// Keeps how a sign-in ended, under the new name of the browser.
    pub fn ended(&self, browser: &str, renamed: &str, outcome: Outcome, now: NumericDate) {
        let old = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(browser);
        self.with(renamed, now, |browser| {
            browser.pending = old.map(|old| old.pending).unwrap_or_default();
            browser.outcome = Some(outcome);
        });
    }

    /// Takes out somebody who is signed in, so that nobody else uses their tokens meanwhile.
    pub fn take_signed_in(&self, browser: &str, now: NumericDate) -> Option<Box<SignedInView>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.get_mut(browser).filter(|found| now < found.seen_at.saturating_add(IDLE))?;
        match found.outcome.take() {
            Some(Outcome::SignedIn(view)) => {
                found.is_out = true;
                found.seen_at = now;
                Some(view)
            }
            other => {
                found.outcome = other;
                None
            }
        }
    }

    /// Puts back what came of somebody who was taken out; not if they have signed out, or in again, meanwhile.
    pub fn put_back(&self, browser: &str, outcome: Outcome) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = all.get_mut(browser).filter(|found| found.is_out) {
            found.is_out = false;
            found.outcome = Some(outcome);
        }
    }

    /// How the last sign-in of this browser ended.
    pub fn outcome(&self, browser: &str, now: NumericDate) -> Option<Outcome> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.get_mut(browser).filter(|found| now < found.seen_at.saturating_add(IDLE))?;
        found.seen_at = now;
        found.outcome.clone()
    }

    /// Forgets the browser.
    pub fn forget(&self, browser: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(browser);
    }

    fn with(&self, name: &str, now: NumericDate, change: impl FnOnce(&mut Browser)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains_key(name) && all.len() >= MOST_BROWSERS {
            all.retain(|_, browser| now < browser.seen_at.saturating_add(IDLE));
            if all.len() >= MOST_BROWSERS
                && let Some(oldest) =
                    all.iter().min_by_key(|(_, browser)| browser.seen_at).map(|(name, _)| name.clone())
            {
                all.remove(&oldest);
            }
        }
        let fresh = || Browser { pending: Vec::new(), outcome: None, is_out: false, seen_at: now };
        let browser = all.entry(name.to_owned()).or_insert_with(fresh);
        browser.seen_at = now;
        change(browser);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> NumericDate {
        NumericDate::from_seconds(seconds).unwrap()
    }

    fn failed() -> Outcome {
        Outcome::Failed(Box::default())
    }

    impl Sessions {
        fn set(&self, browser: &str, outcome: Outcome, now: NumericDate) {
            self.with(browser, now, |browser| browser.outcome = Some(outcome));
        }

        fn is_out(&self, browser: &str) {
            self.with(browser, at(0), |browser| browser.is_out = true);
        }
    }

    #[test]
    fn what_was_taken_out_comes_back_once_and_not_after_a_sign_out() {
        let sessions = Sessions::default();
        sessions.is_out("a");
        sessions.put_back("a", failed());
        assert!(sessions.outcome("a", at(0)).is_some());
        sessions.is_out("b");
        sessions.forget("b");
        sessions.put_back("b", failed());
        assert!(sessions.outcome("b", at(0)).is_none());
        sessions.with("b", at(0), |_| ());
        sessions.put_back("b", failed());
        assert!(sessions.outcome("b", at(0)).is_none(), "another one of the same name");
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes() {
        let sessions = Sessions::default();
        for n in 0..=MOST_BROWSERS {
            sessions.set(&n.to_string(), failed(), at(i64::try_from(n).unwrap()));
        }
        assert!(sessions.outcome("0", at(2_000)).is_none());
        assert!(sessions.outcome("1", at(2_000)).is_some());
        assert_eq!(sessions.0.lock().unwrap().len(), MOST_BROWSERS);
    }

    #[test]
    fn a_browser_that_stays_away_is_forgotten() {
        let sessions = Sessions::default();
        sessions.set("a", failed(), at(0));
        assert!(sessions.outcome("a", at(7_000)).is_some());
        assert!(sessions.outcome("a", at(14_199)).is_some());
        assert!(sessions.outcome("a", at(21_399)).is_none());
    }

    #[test]
    fn the_old_name_is_worth_nothing_after_a_sign_in() {
        let sessions = Sessions::default();
        sessions.set("before", failed(), at(0));
        sessions.ended("before", "after", failed(), at(1));
        assert!(sessions.outcome("before", at(1)).is_none());
        assert!(sessions.outcome("after", at(1)).is_some());
    }
}
