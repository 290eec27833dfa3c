//! Slowing down whoever guesses passwords.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use avouch_jose::NumericDate;

/// Wrong passwords for one username from one address that cost nothing.
const FREE: u32 = 5;

/// Wrong passwords from one address, whoever for, that cost nothing.
const FREE_PER_ADDRESS: u32 = 30;

/// What the first wrong password after those costs; each further one costs double.
const FIRST_WAIT: Duration = Duration::from_secs(15);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// How many counts are kept. Above that, those that are nearest to their end go first.
const MOST: usize = 10_000;

/// Counts wrong passwords, per username and address, and per address.
///
/// Not per username alone: then anybody could lock anybody out. In memory: a restart forgives. Behind a proxy everybody
/// comes from the proxy's address; who runs this program there has to slow guessing down in the proxy.
#[derive(Debug, Default)]
pub struct Throttle {
    counts: Mutex<HashMap<Key, Count>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    address: IpAddr,
    username: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    wrong: u32,
    /// Until then nobody is let try.
    closed_until: NumericDate,
    /// After that the count is forgotten.
    forget_at: NumericDate,
}

impl Throttle {
    /// How long somebody has to wait before the next try; `None` when they need not.
    pub fn wait(&self, address: IpAddr, username: &str, now: NumericDate) -> Option<Duration> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        keys(address, username)
            .iter()
            .filter_map(|(key, _)| counts.get(key))
            .map(|count| count.closed_until.saturating_since(now))
            .max()
            .filter(|wait| !wait.is_zero())
    }

    /// A password was wrong.
    pub fn wrong(&self, address: IpAddr, username: &str, now: NumericDate) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, free) in keys(address, username) {
            if counts.len() >= MOST && !counts.contains_key(&key) {
                make_room(&mut counts, now);
            }
            let fresh = Count { wrong: 0, closed_until: NumericDate::EPOCH, forget_at: NumericDate::MAX };
            let count = counts.entry(key).or_insert(fresh);
            if now >= count.forget_at {
                *count = fresh;
            }
            count.wrong = count.wrong.saturating_add(1);
            if let Some(over) = count.wrong.checked_sub(free + 1) {
                let wait = FIRST_WAIT.saturating_mul(1_u32.checked_shl(over).unwrap_or(u32::MAX));
                count.closed_until = now.saturating_add(wait.min(LONGEST_WAIT));
            }
            count.forget_at = now.saturating_add(LONGEST_WAIT * 2);
        }
    }

    /// A password was right: what was counted for this username from this address is forgotten.
    pub fn right(&self, address: IpAddr, username: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.remove(&Key { address, username: Some(username.to_owned()) });
    }
}

fn keys(address: IpAddr, username: &str) -> [(Key, u32); 2] {
    [
        (Key { address, username: Some(username.to_owned()) }, FREE),
        (Key { address, username: None }, FREE_PER_ADDRESS),
    ]
}

fn make_room(counts: &mut HashMap<Key, Count>, now: NumericDate) {
    counts.retain(|_, count| now < count.forget_at);
    if counts.len() >= MOST {
        let mut ends: Vec<NumericDate> = counts.values().map(|count| count.forget_at).collect();
        ends.sort_unstable();
        if let Some(middle) = ends.get(ends.len() / 2).copied() {
            counts.retain(|_, count| count.forget_at > middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn at(seconds: i64) -> NumericDate {
        NumericDate::from_seconds(seconds).unwrap()
    }

    #[test]
    fn guessing_gets_slower_and_slower() {
        let throttle = Throttle::default();
        for _ in 0..FREE {
            throttle.wrong(HERE, "ada", at(0));
            assert_eq!(throttle.wait(HERE, "ada", at(0)), None);
        }
        throttle.wrong(HERE, "ada", at(0));
        assert_eq!(throttle.wait(HERE, "ada", at(0)), Some(FIRST_WAIT));
        assert_eq!(throttle.wait(HERE, "ada", at(15)), None);
        throttle.wrong(HERE, "ada", at(15));
        assert_eq!(throttle.wait(HERE, "ada", at(15)), Some(FIRST_WAIT * 2));
        for _ in 0..40 {
            throttle.wrong(HERE, "ada", at(15));
        }
        assert_eq!(throttle.wait(HERE, "ada", at(15)), Some(LONGEST_WAIT));
    }

    #[test]
    fn nobody_is_locked_out_by_others() {
        let throttle = Throttle::default();
        for _ in 0..FREE_PER_ADDRESS {
            throttle.wrong(THERE, "ada", at(0));
        }
        assert!(throttle.wait(THERE, "ada", at(0)).is_some());
        assert_eq!(throttle.wait(THERE, "grace", at(0)), None);
        assert_eq!(throttle.wait(HERE, "ada", at(0)), None);
        throttle.wrong(THERE, "grace", at(0));
        assert!(throttle.wait(THERE, "grace", at(0)).is_some(), "an address that tries many names waits too");
    }

    #[test]
    fn a_right_password_forgives_and_so_does_time() {
        let throttle = Throttle::default();
        for _ in 0..=FREE {
            throttle.wrong(HERE, "ada", at(0));
        }
        throttle.right(HERE, "ada");
        assert_eq!(throttle.wait(HERE, "ada", at(0)), None);
        for _ in 0..=FREE {
            throttle.wrong(HERE, "ada", at(0));
        }
        throttle.wrong(HERE, "ada", at(100_000));
        assert_eq!(throttle.wait(HERE, "ada", at(100_000)), None);
    }

    #[test]
    fn the_counts_are_bounded() {
        let throttle = Throttle::default();
        for n in 0..MOST * 2 {
            throttle.wrong(HERE, &n.to_string(), at(i64::try_from(n).unwrap()));
        }
        assert!(throttle.counts.lock().unwrap().len() <= MOST + 1);
    }
}
