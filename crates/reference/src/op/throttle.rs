//! Slowing down whoever guesses passwords.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// Counts tries, per username and address, and per address.
///
/// A try counts as wrong from its beginning until it turns out right, so that tries at the same time are as many as
/// tries one after the other. Not per username alone: then anybody could lock anybody out. Behind a proxy that cannot be
/// helped, since everybody has the proxy's address: guessing must be slowed down in the proxy, too. In memory: a restart
/// forgives.
#[derive(Debug)]
pub struct Throttle {
    by_address: bool,
    counts: Mutex<HashMap<Key, Count>>,
}

/// Somebody has to wait so long before the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait(pub Duration);

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

/// A try under way, which counts as wrong unless something else is said of it.
#[derive(Debug)]
#[must_use]
pub struct Attempt<'t> {
    throttle: &'t Throttle,
    keys: Vec<Key>,
}

impl Attempt<'_> {
    /// The password was right: what was counted for this username from this address is forgotten.
    pub fn right(self) {
        let mut counts = self.take_back();
        counts.retain(|key, _| key.username.is_none() || !self.keys.contains(key));
    }

    /// The password was not looked at: the try did not happen.
    pub fn not_checked(self) {
        drop(self.take_back());
    }

    fn take_back(&self) -> MutexGuard<'_, HashMap<Key, Count>> {
        let mut counts = self.throttle.counts();
        for key in &self.keys {
            if let Some(count) = counts.get_mut(key) {
                count.wrong = count.wrong.saturating_sub(1);
                if count.wrong <= free(key) {
                    count.closed_until = NumericDate::EPOCH;
                }
                // what did not happen takes no room either
                if count.wrong == 0 {
                    counts.remove(key);
                }
            }
        }
        counts
    }
}

impl Throttle {
    /// Nothing counted yet. `by_address`: the addresses that connect are those of browsers. Behind a proxy everybody
    /// comes from the proxy's, which says nothing about anybody: then only tries for one username are counted.
    pub fn new(by_address: bool) -> Self {
        Self { by_address, counts: Mutex::default() }
    }

    /// Begins a try, in one act with counting it.
    ///
    /// # Errors
    /// [`Wait`]: not now, and nothing was counted.
    pub fn begin(&self, address: IpAddr, username: &str, now: NumericDate) -> Result<Attempt<'_>, Wait> {
        let keys = self.keys(address, username);
        let mut counts = self.counts();
        let closed = keys.iter().filter_map(|key| counts.get(key)).map(|count| count.closed_until).max();
        let wait = closed.map(|closed| closed.saturating_since(now)).filter(|wait| !wait.is_zero());
        if let Some(wait) = wait {
            return Err(Wait(wait));
        }
        for key in &keys {
            if counts.len() >= MOST && !counts.contains_key(key) {
                make_room(&mut counts, now);
            }
            let fresh = Count { wrong: 0, closed_until: NumericDate::EPOCH, forget_at: NumericDate::MAX };
            let count = counts.entry(key.clone()).or_insert(fresh);
            if now >= count.forget_at {
                *count = fresh;
            }
            count.wrong = count.wrong.saturating_add(1);
            if let Some(over) = count.wrong.checked_sub(free(key) + 1) {
                let wait = FIRST_WAIT.saturating_mul(1_u32.checked_shl(over).unwrap_or(u32::MAX));
                count.closed_until = now.saturating_add(wait.min(LONGEST_WAIT));
            }
            count.forget_at = now.saturating_add(LONGEST_WAIT * 2);
        }
        Ok(Attempt { throttle: self, keys })
    }

    fn keys(&self, address: IpAddr, username: &str) -> Vec<Key> {
        let address = network(address);
        let one = Key { address, username: Some(username.to_owned()) };
        let all = self.by_address.then_some(Key { address, username: None });
        std::iter::once(one).chain(all).collect()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Key, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who has one IPv6 address has all 2^64 of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        address => address,
    }
}

fn free(key: &Key) -> u32 {
    if key.username.is_some() { FREE } else { FREE_PER_ADDRESS }
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

    impl Throttle {
        /// A wrong password, if it is let try.
        fn wrong(&self, address: IpAddr, username: &str, now: NumericDate) -> Option<Duration> {
            self.begin(address, username, now).err().map(|Wait(wait)| wait)
        }
    }

    #[test]
    fn guessing_gets_slower_and_slower() {
        let throttle = Throttle::new(true);
        for _ in 0..=FREE {
            assert_eq!(throttle.wrong(HERE, "ada", at(0)), None);
        }
        assert_eq!(throttle.wrong(HERE, "ada", at(0)), Some(FIRST_WAIT));
        assert_eq!(throttle.wrong(HERE, "ada", at(14)), Some(Duration::from_secs(1)));
        assert_eq!(throttle.wrong(HERE, "ada", at(15)), None);
        assert_eq!(throttle.wrong(HERE, "ada", at(15)), Some(FIRST_WAIT * 2));
        let mut now = 15;
        for _ in 0..10 {
            now += i64::try_from(throttle.wrong(HERE, "ada", at(now)).unwrap().as_secs()).unwrap();
            assert_eq!(throttle.wrong(HERE, "ada", at(now)), None);
        }
        assert_eq!(throttle.wrong(HERE, "ada", at(now)), Some(LONGEST_WAIT));
    }

    #[test]
    fn at_the_same_time_no_more_are_let_try_than_one_after_the_other() {
        let throttle = &Throttle::new(true);
        let start = &std::sync::Barrier::new(32);
        let passed = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..32)
                .map(|_| {
                    scope.spawn(move || {
                        start.wait();
                        throttle.begin(HERE, "ada", at(0))
                    })
                })
                .collect();
            tries.into_iter().filter_map(|attempt| attempt.join().unwrap().ok()).count()
        });
        assert_eq!(passed, 6, "all are counted before any is answered");
    }

    #[test]
    fn nobody_is_locked_out_by_others() {
        let throttle = Throttle::new(true);
        for _ in 0..FREE {
            assert_eq!(throttle.wrong(THERE, "ada", at(0)), None);
        }
        assert_eq!(throttle.wrong(THERE, "ada", at(0)), None);
        assert!(throttle.wrong(THERE, "ada", at(0)).is_some());
        assert_eq!(throttle.wrong(THERE, "grace", at(0)), None);
        assert_eq!(throttle.wrong(HERE, "ada", at(0)), None);
        for n in 0..FREE_PER_ADDRESS - FREE - 1 {
            assert_eq!(throttle.wrong(THERE, &n.to_string(), at(0)), None);
        }
        assert!(throttle.wrong(THERE, "new", at(0)).is_some(), "an address that tries many names waits too");
    }

    #[test]
    fn behind_a_proxy_nobody_waits_for_tries_at_other_names() {
        let throttle = Throttle::new(false);
        for n in 0..FREE_PER_ADDRESS * 3 {
            assert_eq!(throttle.wrong(THERE, &n.to_string(), at(0)), None);
        }
        for _ in 0..=FREE {
            assert_eq!(throttle.wrong(THERE, "ada", at(0)), None);
        }
        assert_eq!(throttle.wrong(THERE, "ada", at(0)), Some(FIRST_WAIT));
    }

    #[test]
    fn a_network_of_ipv6_addresses_is_one() {
        let throttle = Throttle::new(true);
        let in_network = |host: u16| format!("2001:db8:1:2::{host:x}").parse().unwrap();
        for host in 0..=5 {
            assert_eq!(throttle.wrong(in_network(host), "ada", at(0)), None);
        }
        assert_eq!(throttle.wrong(in_network(6), "ada", at(0)), Some(FIRST_WAIT));
        assert_eq!(throttle.wrong("2001:db8:1:3::6".parse().unwrap(), "ada", at(0)), None);
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), THERE);
    }

    #[test]
    fn a_right_password_forgives_and_so_does_time() {
        let throttle = Throttle::new(true);
        for _ in 0..FREE {
            assert_eq!(throttle.wrong(HERE, "ada", at(0)), None);
        }
        throttle.begin(HERE, "ada", at(0)).unwrap().right();
        for _ in 0..=FREE {
            assert_eq!(throttle.wrong(HERE, "ada", at(0)), None);
        }
        assert!(throttle.wrong(HERE, "ada", at(0)).is_some());
        for _ in 0..=FREE {
            assert_eq!(throttle.wrong(HERE, "ada", at(100_000)), None);
        }
    }

    #[test]
    fn right_passwords_and_tries_that_were_not_looked_at_close_nothing() {
        let throttle = Throttle::new(true);
        for n in 0..FREE_PER_ADDRESS * 3 {
            throttle.begin(HERE, &n.to_string(), at(0)).unwrap().right();
            throttle.begin(HERE, "ada", at(0)).unwrap().not_checked();
        }
    }

    #[test]
    fn what_did_not_happen_takes_no_room() {
        let throttle = Throttle::new(true);
        throttle.begin(HERE, "ada", at(0)).unwrap().not_checked();
        assert!(throttle.counts.lock().unwrap().is_empty());
    }

    #[test]
    fn the_counts_are_bounded() {
        let throttle = Throttle::new(false);
        for n in 0..MOST * 2 {
            let _ = throttle.wrong(HERE, &n.to_string(), at(i64::try_from(n).unwrap()));
        }
        assert!(throttle.counts.lock().unwrap().len() <= MOST + 1);
    }
}
