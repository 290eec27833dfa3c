//! A clock that a test turns.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use avouch_jose::NumericDate;

/// A clock that stands still until a test moves it on.
///
/// ```
/// use std::time::Duration;
/// use avouch_testkit::FixedClock;
///
/// let clock = FixedClock::default();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now().seconds() - before.seconds(), 60);
/// ```
#[derive(Debug)]
pub struct FixedClock {
    seconds_since_start: AtomicU64,
}

/// 2023-11-14T22:13:20Z, where every [`FixedClock`] starts.
pub const START: i64 = 1_700_000_000;

impl FixedClock {
    /// A clock that shows [`START`].
    #[must_use]
    pub const fn new() -> Self {
        Self { seconds_since_start: AtomicU64::new(0) }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> NumericDate {
        let since_start = Duration::from_secs(self.seconds_since_start.load(Ordering::SeqCst));
        NumericDate::from_seconds(START).unwrap_or(NumericDate::EPOCH).saturating_add(since_start)
    }

    /// Moves it on by whole seconds.
    pub fn advance(&self, by: Duration) {
        self.seconds_since_start.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Default for FixedClock {
    fn default() -> Self {
        Self::new()
    }
}
