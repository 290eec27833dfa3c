//! Days in the life of key sources, by the second: a provider that rotates its keys behind caches that lag, outages, hosts
//! that lose requests, tokens in flight, and strangers who name keys that nobody has.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_discovery::{KeyPlan, KeySource, KeySourcePolicy};
use avouch_jose::NumericDate;
use avouch_types::EndpointUrl;
use http::Response;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
/// What the default policy says.
const MIN_INTERVAL: u64 = 30;
const RETRY_AFTER: u64 = 5;
const RETRY_AT_MOST: u64 = 60;
const ANSWER_WITHIN: u64 = 10;
const STALE_FOR: u64 = 6 * HOUR;

/// How everybody behaves.
#[derive(Debug, Clone)]
struct Scenario {
    seed: u64,
    /// How long it all takes, in seconds like everything here.
    length: u64,
    /// A new key signs after so long.
    rotation: u64,
    /// It is published so long before.
    published_ahead: u64,
    /// A key is published for so long after it signed last.
    retired_after: u64,
    /// `max-age` of the answers.
    max_age: u64,
    /// So long a cache before the provider gives the same answer.
    cached_for: u64,
    /// How long an answer takes at most.
    latency: u64,
    /// Requests of a hundred that the host loses.
    lost: u64,
    /// When the provider is down, in order.
    outages: Vec<(u64, u64)>,
    /// Seconds by which the verifier's clock is ahead of the provider's, or behind.
    skew: i64,
    /// Tokens of strangers in each second.
    forged: u64,
}

impl Scenario {
    /// The keys that the provider publishes: one signs, and some have or will.
    fn published(&self, now: u64) -> impl Iterator<Item = u64> {
        let newest = (now + self.published_ahead) / self.rotation;
        let oldest = now.saturating_sub(self.retired_after) / self.rotation;
        oldest..=newest
    }

    fn published_since(&self, key: u64) -> u64 {
        (key * self.rotation).saturating_sub(self.published_ahead)
    }

    fn retired_at(&self, key: u64) -> u64 {
        (key + 1) * self.rotation + self.retired_after
    }

    fn is_down(&self, now: u64) -> bool {
        self.outages.iter().any(|(from, to)| (*from..*to).contains(&now))
    }

    /// When the latest outage that began before now ended, or will.
    fn up_since(&self, now: u64) -> u64 {
        self.outages.iter().filter(|(from, _)| *from <= now).map(|(_, to)| *to).max().unwrap_or(0)
    }
}

struct Random(u64);

impl Random {
    /// A number below `limit` (xorshift).
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// The provider and two caches before it, each with what it got last, and when.
struct Caches<'s> {
    scenario: &'s Scenario,
    copies: [Option<(u64, Vec<u64>)>; 2],
}

impl Caches<'_> {
    fn answer(&mut self, which: usize, now: u64, etag: Option<&str>) -> Response<Vec<u8>> {
        let copy = &mut self.copies[which];
        if copy.as_ref().is_none_or(|(made, _)| now >= made + self.scenario.cached_for) {
            if self.scenario.is_down(now) {
                return Response::builder().status(503).body(Vec::new()).unwrap();
            }
            *copy = Some((now, self.scenario.published(now).collect()));
        }
        let (made, keys) = copy.as_ref().unwrap();
        let current = format!("\"{keys:?}\"");
        let key = |key| {
            let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
            format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"{key}","x":"{x}"}}"#)
        };
        let body = match etag == Some(&current) {
            true => String::new(),
            false => format!(r#"{{"keys":[{}]}}"#, keys.iter().map(key).collect::<Vec<_>>().join(",")),
        };
        Response::builder()
            .status(if body.is_empty() { 304 } else { 200 })
            .header("content-type", "application/json")
            .header("etag", current)
            .header("cache-control", format!("max-age={}", self.scenario.max_age))
            .header("age", now - made)
            .header("date", date(*made))
            .body(body.into_bytes())
            .unwrap()
    }
}

/// The beginning is Sun, 06 Nov 1994 00:00:00 GMT.
fn at(seconds: u64, skew: i64) -> NumericDate {
    NumericDate::from_seconds(784_080_000 + i64::try_from(seconds).unwrap() + skew).unwrap()
}

fn date(at: u64) -> String {
    let (day, second) = (6 + at / DAY, at % DAY);
    format!("Sun, {day:02} Nov 1994 {:02}:{:02}:{:02} GMT", second / HOUR, second / 60 % 60, second % 60)
}

/// What came of it, beside the promises that were kept.
#[derive(Debug, Default)]
struct Account {
    fetches: u64,
    confirmed: u64,
    accepted: u64,
    /// Tokens whose bearer had to wait, beside those who were sent to fetch.
    not_yet: u64,
    /// Tokens accepted by keys that were due for more than a minute.
    bridged: u64,
    /// Tokens refused while the provider was down.
    missed: u64,
}

/// One verifier. Gives the first promise that was broken.
fn live(scenario: &Scenario) -> Result<Account, String> {
    let mut random = Random(scenario.seed | 1);
    let mut caches = Caches { scenario, copies: [None, None] };
    let address = EndpointUrl::parse("https://op.example/jwks").unwrap();
    let mut keys = KeySource::new(address, KeySourcePolicy::default());
    let mut account = Account::default();
    let mut on_its_way: Option<(u64, Option<Response<Vec<u8>>>)> = None;
    let (mut may_ask_from, mut asked_at) = (0, Vec::new());
    let mut renewed_at = None;
    let mut first_presented = BTreeMap::new();

    for now in 0..scenario.length {
        let clock = at(now, scenario.skew);
        if let Some((_, answer)) = on_its_way.take_if(|(due, _)| *due == now) {
            let answer = answer.filter(|answer| answer.status() != 503 || random.below(2) == 0);
            keys.report(answer.as_ref(), clock);
            let is_answered = answer.as_ref().is_some_and(|answer| answer.status() != 503);
            may_ask_from = now + if is_answered { MIN_INTERVAL } else { RETRY_AFTER };
            account.confirmed += u64::from(answer.is_some_and(|answer| answer.status() == 304));
            if is_answered {
                renewed_at = Some(now);
            }
        }
        // strangers first, then somebody with a token of a key that signed within the last hours
        let signed_at = now.saturating_sub(random.below(scenario.retired_after.max(1)));
        let signer = signed_at / scenario.rotation;
        first_presented.entry(signer).or_insert(now);
        for token in 0..=scenario.forged {
            let is_genuine = token == scenario.forged;
            let kid = if is_genuine { signer.to_string() } else { format!("forged-{now}-{token}") };
            match keys.plan(Some(&kid), clock) {
                KeyPlan::Fetch(fetch) => {
                    if now < may_ask_from {
                        return Err(format!("{now}: asked before {may_ask_from}"));
                    }
                    asked_at.push(now);
                    account.fetches += 1;
                    let lost = random.below(100) < scenario.lost;
                    may_ask_from = now + ANSWER_WITHIN;
                    if !lost {
                        let due = now + 1 + random.below(scenario.latency);
                        let request = fetch.request().unwrap();
                        let etag = request.headers().get("if-none-match").map(|etag| etag.to_str().unwrap());
                        let which = usize::try_from(random.below(2)).unwrap();
                        on_its_way = Some((due, Some(caches.answer(which, now, etag))));
                    }
                }
                KeyPlan::Ready(_) if !is_genuine => return Err(format!("{now}: a forged name found a key")),
                KeyPlan::Ready(_) => {
                    account.accepted += 1;
                    let served_for = renewed_at.map_or(0, |renewed| now - renewed);
                    let fresh_for = scenario.max_age.clamp(MIN_INTERVAL, DAY);
                    account.bridged += u64::from(served_for > fresh_for + 60);
                    if served_for >= fresh_for + STALE_FOR {
                        return Err(format!("{now}: keys of {served_for} seconds ago"));
                    }
                    // a key that was withdrawn is gone when what was known of it has run out
                    let known_for = fresh_for.max(MIN_INTERVAL) + scenario.cached_for + scenario.latency;
                    let last_outage = scenario.outages.iter().any(|(from, to)| {
                        *from <= now && scenario.retired_at(signer) <= to + RETRY_AT_MOST + scenario.latency
                    });
                    let stale_for = if last_outage || scenario.lost > 0 { STALE_FOR } else { 0 };
                    if now > scenario.retired_at(signer) + known_for + stale_for {
                        return Err(format!("{now}: key {signer} serves long after it was withdrawn"));
                    }
                }
                KeyPlan::InFlight { until } | KeyPlan::Wait { until } => {
                    if until <= clock || until > clock.saturating_add(Duration::from_secs(RETRY_AT_MOST)) {
                        return Err(format!("{now}: told to wait until {until:?}"));
                    }
                    let is_down = is_genuine && scenario.is_down(now);
                    account.missed += u64::from(is_down);
                    if !is_genuine || is_down || now >= scenario.retired_at(signer) {
                        continue;
                    }
                    account.not_yet += 1;
                    // named by a token, published at every cache, and the provider back: for longer than it takes to hear
                    let published = scenario.published_since(signer).max(scenario.up_since(now));
                    let available = first_presented[&signer].max(published + scenario.cached_for);
                    let hears_within = RETRY_AT_MOST + MIN_INTERVAL + ANSWER_WITHIN + 2 * scenario.latency;
                    let in_a_row = if scenario.lost > 0 { 4 * ANSWER_WITHIN } else { 0 };
                    if now > available + hears_within + in_a_row {
                        return Err(format!("{now}: key {signer} is refused, available since {available}"));
                    }
                }
            }
        }
    }
    // in no hour were there more requests than pauses leave room for, at worst failing and succeeding in turns
    let most = 2 * HOUR / (MIN_INTERVAL + RETRY_AFTER) + 2;
    for (index, first) in asked_at.iter().enumerate() {
        let within = asked_at[index..].iter().take_while(|at| **at < first + HOUR).count() as u64;
        if within > most {
            return Err(format!("{within} requests in the hour from {first}"));
        }
    }
    Ok(account)
}

fn quiet() -> Scenario {
    Scenario {
        seed: 7,
        length: 4 * DAY,
        rotation: DAY,
        published_ahead: 0,
        retired_after: HOUR,
        max_age: HOUR,
        cached_for: 0,
        latency: 2,
        lost: 0,
        outages: Vec::new(),
        skew: 0,
        forged: 0,
    }
}

/// Proves CORE-10.1.1-01 (a key that signs the moment it is published): one request an hour, and one for each new key; with
/// nobody attacking, hardly anybody waits.
#[test]
fn quiet_days() {
    let account = live(&quiet()).unwrap();
    assert!((4 * 24..=4 * 24 + 4).contains(&account.fetches), "{account:?}");
    // the first set, and those that a key came to or left
    assert_eq!(account.fetches - account.confirmed, 1 + 3 + 3, "{account:?}");
    assert_eq!((account.bridged, account.missed), (0, 0), "{account:?}");
    // the first moments, and those of three rotations
    assert!(account.not_yet <= 4 * 2, "{account:?}");
}

/// Keys that are published before they sign are known when they do.
#[test]
fn keys_published_ahead_keep_nobody_waiting() {
    let account = live(&Scenario { published_ahead: 2 * HOUR, ..quiet() }).unwrap();
    assert!(account.not_yet <= 2, "{account:?}");
}

/// Three strangers a second do not make more of it than one request for each cool-down, and a new key is found all the same.
#[test]
fn days_under_attack() {
    let account = live(&Scenario { forged: 3, length: 2 * DAY, rotation: 6 * HOUR, ..quiet() }).unwrap();
    assert!(account.fetches <= 2 * DAY / MIN_INTERVAL, "{account:?}");
    assert!(account.not_yet <= 8 * (MIN_INTERVAL + 5), "{account:?}");
}

/// An outage of five hours is bridged; of one of eight hours, six.
#[test]
fn days_with_outages() {
    let outages = vec![(DAY / 2, DAY / 2 + 5 * HOUR), (2 * DAY + HOUR, 2 * DAY + 9 * HOUR)];
    let account = live(&Scenario { outages, rotation: 10 * DAY, ..quiet() }).unwrap();
    assert!(account.bridged >= 4 * HOUR + 6 * HOUR - 200, "{account:?}");
    // of the second outage what is left when the held set has been fresh for up to an hour more, and stale for six
    assert!((HOUR - 200..=2 * HOUR).contains(&account.missed), "{account:?}");
    assert!(account.not_yet <= RETRY_AT_MOST + 10, "{account:?}");
}

#[test]
fn days_behind_caches_that_lag() {
    for skew in [-300, 0, 300] {
        let lagging = Scenario { cached_for: 300, max_age: 600, rotation: 3 * HOUR, skew, ..quiet() };
        let account = live(&lagging).unwrap();
        assert!(account.fetches < 4 * DAY / MIN_INTERVAL, "{account:?}");
    }
}

prop_compose! {
    fn scenario()(
        seed in any::<u64>(),
        rotation in HOUR..DAY,
        published_ahead in prop_oneof![Just(0), 0..2 * HOUR],
        retired_after in 0..2 * HOUR,
        max_age in prop_oneof![Just(0), 0..HOUR, HOUR..2 * DAY],
        cached_for in prop_oneof![Just(0), 0..600_u64],
        latency in 1..9_u64,
        lost in prop_oneof![2 => Just(0), 1 => 1..5_u64],
        outages in prop::collection::vec((0..DAY, 1..8 * HOUR), 0..3),
        skew in -600..600_i64,
        forged in prop_oneof![Just(0), 0..3_u64],
    ) -> Scenario {
        let outages = outages.into_iter().map(|(from, length)| (from, from + length)).collect();
        Scenario {
            seed, length: DAY, rotation, published_ahead, retired_after, max_age, cached_for, latency, lost, outages, skew, forged,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Proves CORE-10.1.1-01 and SEL-06: whatever the schedule, requests keep their distance and are few in each hour; a
    /// token is not refused for longer than it takes to hear of its key; no key serves after what was known of it ran out.
    #[test]
    fn any_day(scenario in scenario()) {
        if let Err(broken) = live(&scenario) {
            prop_assert!(false, "{broken}");
        }
    }
}
