//! The key source over simulated time.
#![allow(clippy::unwrap_used, clippy::panic)]

use avouch_discovery::{KeyPlan, KeySetError, KeySource, KeySourcePolicy};
use avouch_jose::{JwsAlgorithm, KeyError, NumericDate};
use avouch_types::EndpointUrl;
use http::Response;
use proptest::prelude::*;
use std::sync::Arc;
use std::time::Duration;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const COOL_DOWN: u64 = 30;
const RETRY: u64 = 5;
const RETRY_AT_MOST: u64 = 60;
const ANSWER_WITHIN: u64 = 10;

/// After so many failures in a row.
fn pause(failures: u32) -> u64 {
    [RETRY, 2 * RETRY, 4 * RETRY, 8 * RETRY].get(failures as usize - 1).copied().unwrap_or(RETRY_AT_MOST)
}

fn source() -> KeySource {
    KeySource::new(EndpointUrl::parse("https://op.example/jwks").unwrap(), KeySourcePolicy::default())
}

fn at(seconds: u64) -> NumericDate {
    NumericDate::EPOCH.saturating_add(Duration::from_secs(1_700_000_000 + seconds))
}

/// A set with one Ed25519 key per identifier.
fn served(kids: &[&str]) -> Response<Vec<u8>> {
    let keys: Vec<String> = kids
        .iter()
        .map(|kid| {
            format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#)
        })
        .collect();
    set(&keys.join(","))
}

fn set(keys: &str) -> Response<Vec<u8>> {
    let body = format!(r#"{{"keys":[{keys}]}}"#).into_bytes();
    Response::builder().header("content-type", "application/json").body(body).unwrap()
}

fn cached(cache_control: &str) -> Response<Vec<u8>> {
    let mut response = served(&["a"]);
    response.headers_mut().insert("cache-control", cache_control.parse().unwrap());
    response
}

#[derive(Debug, PartialEq)]
enum Planned {
    Ready,
    Fetch,
    InFlight(u64),
    Wait(u64),
}

fn plan(keys: &mut KeySource, kid: &str, seconds: u64) -> Planned {
    planned(keys.plan(Some(kid), at(seconds)))
}

fn planned(plan: KeyPlan<'_>) -> Planned {
    match plan {
        KeyPlan::Ready(_) => Planned::Ready,
        KeyPlan::Fetch(_) => Planned::Fetch,
        KeyPlan::InFlight { until } => Planned::InFlight(until.saturating_since(at(0)).as_secs()),
        KeyPlan::Wait { until } => Planned::Wait(until.saturating_since(at(0)).as_secs()),
    }
}

/// Proves CORE-10.1.1-01 (conformance modules discovery-jwks-uri-keys, signing-key-rotation and
/// signing-key-rotation-just-before-signing).
#[test]
fn an_unknown_kid_is_asked_for_once() {
    let mut keys = source();
    assert_eq!(plan(&mut keys, "a", 0), Planned::Fetch);
    keys.accept(&served(&["a"]), at(0)).unwrap();
    assert_eq!(plan(&mut keys, "a", HOUR), Planned::Ready);
    // the provider rotates and signs at once
    assert_eq!(plan(&mut keys, "b", HOUR), Planned::Fetch);
    keys.accept(&served(&["a", "b"]), at(HOUR)).unwrap();
    assert_eq!(plan(&mut keys, "b", HOUR), Planned::Ready);
    assert_eq!(plan(&mut keys, "a", HOUR), Planned::Ready);
    // and a name that is still unknown after asking fails, for the length of the cool-down
    assert_eq!(plan(&mut keys, "c", HOUR), Planned::Wait(HOUR + COOL_DOWN));
    assert_eq!(plan(&mut keys, "c", HOUR + COOL_DOWN - 1), Planned::Wait(HOUR + COOL_DOWN));
    assert_eq!(plan(&mut keys, "c", HOUR + COOL_DOWN), Planned::Fetch);
}

/// Proves SEL-06: no key fits although the set is fresh; once per cool-down.
#[test]
fn a_set_without_a_fitting_key_is_refreshed_once_per_cool_down() {
    let mut keys = source();
    keys.accept(&served(&["a"]), at(0)).unwrap();
    assert_eq!(planned(keys.plan(None, at(HOUR))), Planned::Ready);
    assert_eq!(planned(keys.refresh(at(HOUR))), Planned::Fetch);
    keys.accept(&served(&["a"]), at(HOUR + 1)).unwrap();
    assert_eq!(planned(keys.refresh(at(HOUR + 2))), Planned::Wait(HOUR + 1 + COOL_DOWN));
    assert_eq!(planned(keys.plan(None, at(HOUR + 2))), Planned::Ready);
}

#[test]
fn of_many_callers_one_fetches() {
    let mut keys = source();
    assert_eq!(plan(&mut keys, "a", 0), Planned::Fetch);
    assert_eq!(plan(&mut keys, "a", 1), Planned::InFlight(ANSWER_WITHIN));
    assert_eq!(planned(keys.refresh(at(1))), Planned::InFlight(ANSWER_WITHIN));
    // the one that fetches is lost: soon the next one may
    assert_eq!(plan(&mut keys, "a", ANSWER_WITHIN), Planned::Fetch);
    // and it is answered at last
    keys.accept(&served(&["a"]), at(ANSWER_WITHIN + 1)).unwrap();
    assert_eq!(plan(&mut keys, "a", ANSWER_WITHIN + 1), Planned::Ready);
}

/// A timeout at the first start is no reason to refuse everybody for half a minute.
#[test]
fn after_a_failure_the_pause_is_short() {
    let broken = Response::builder().status(500).body(Vec::new()).unwrap();
    for answer in [None, Some(&broken)] {
        let mut keys = source();
        assert_eq!(plan(&mut keys, "a", 0), Planned::Fetch);
        keys.report(answer, at(1));
        assert_eq!(keys.fault().is_some(), answer.is_some());
        assert_eq!(plan(&mut keys, "a", 1 + RETRY - 1), Planned::Wait(1 + RETRY));
        assert_eq!(plan(&mut keys, "a", 1 + RETRY), Planned::Fetch);
        keys.report(Some(&served(&["a"])), at(1 + RETRY));
        assert!(keys.fault().is_none());
        assert_eq!(plan(&mut keys, "a", 1 + RETRY), Planned::Ready);
    }
}

/// An outage is not hammered on, and its end is noticed within a minute.
#[test]
fn pauses_grow_with_failures_in_a_row() {
    let mut keys = source();
    let mut now = 0;
    for failures in 1..10 {
        assert_eq!(plan(&mut keys, "a", now), Planned::Fetch, "{failures}");
        keys.failed(at(now));
        assert_eq!(plan(&mut keys, "a", now), Planned::Wait(now + pause(failures)), "{failures}");
        now += pause(failures);
    }
    assert_eq!(pause(9), RETRY_AT_MOST);
    keys.accept(&served(&["a"]), at(now)).unwrap();
    assert_eq!(plan(&mut keys, "a", now + DAY), Planned::Fetch);
    keys.failed(at(now + DAY));
    assert_eq!(plan(&mut keys, "b", now + DAY), Planned::Wait(now + DAY + RETRY), "from the beginning");
}

/// What serves no token is a fault of the provider, not a rotation.
#[test]
fn a_set_without_a_key_replaces_none() {
    let oct = r#"{"kty":"oct","kid":"a","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}"#;
    for empty in ["", oct, r#"{"kty":"new"}"#] {
        let mut keys = source();
        keys.accept(&served(&["a"]), at(0)).unwrap();
        let refused = keys.accept(&set(empty), at(HOUR));
        assert!(matches!(refused, Err(KeySetError::NoKey)), "{empty}: {refused:?}");
        assert_eq!(plan(&mut keys, "a", HOUR), Planned::Ready);
        assert_eq!(keys.generation(), 1);
    }
}

/// The plan and the prepared keys agree on which key a `kid` selects.
#[test]
fn a_lone_key_without_kid_stands_for_every_kid() {
    let crypto = avouch_jose_ring::provider();
    let nameless = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let header = |keys: &mut KeySource| {
        let token = format!("{}.e30.AA", avouch_jose::base64url::encode(br#"{"alg":"Ed25519","kid":"a"}"#));
        let jws = avouch_jose::jws::UnverifiedJws::parse(&token, &Default::default()).unwrap();
        let selected = keys.verifying_keys(&[JwsAlgorithm::ED25519], &crypto).unwrap();
        matches!(selected.select(jws.header()), avouch_jose::Selection::One(_))
    };
    let mut keys = source();
    keys.accept(&set(nameless), at(0)).unwrap();
    assert_eq!(plan(&mut keys, "a", 1), Planned::Ready);
    assert!(header(&mut keys));
    // a second entry counts, also one that is skipped or dropped: the token may be of that one
    let unknown = r#"{"kty":"FUTURE","kid":"b"}"#;
    let symmetric = r#"{"kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}"#;
    for (second, skipped) in [(nameless, 0), (unknown, 1), (symmetric, 0), ("1", 1)] {
        let mut keys = source();
        keys.accept(&set(&format!("{nameless},{second}")), at(0)).unwrap();
        assert_eq!(keys.jwks().unwrap().skipped().len(), skipped, "{second}");
        assert_eq!(plan(&mut keys, "a", 1), Planned::Wait(COOL_DOWN), "{second}");
        assert!(!header(&mut keys), "{second}");
        // and when it is gone, no keys that were prepared before are in the way
        keys.accept(&set(nameless), at(HOUR)).unwrap();
        assert_eq!(plan(&mut keys, "a", HOUR), Planned::Ready, "{second}");
        assert!(header(&mut keys), "{second}");
    }
}

#[test]
fn freshness_follows_the_provider_within_the_bounds() {
    for (response, fresh_for) in [
        (served(&["a"]), DAY),
        (cached("public, max-age=3600"), HOUR),
        (cached("max-age=1"), COOL_DOWN),
        (cached("no-store"), COOL_DOWN),
        (cached("max-age=31536000"), DAY),
    ] {
        let mut keys = source();
        keys.accept(&response, at(0)).unwrap();
        assert_eq!(plan(&mut keys, "a", fresh_for - 1), Planned::Ready, "{fresh_for}");
        assert_eq!(plan(&mut keys, "a", fresh_for), Planned::Fetch, "{fresh_for}");
    }
}

#[test]
fn old_keys_serve_while_the_provider_fails_but_not_for_ever() {
    let mut keys = source();
    keys.accept(&served(&["a"]), at(0)).unwrap();
    assert_eq!(plan(&mut keys, "a", DAY), Planned::Fetch);
    keys.failed(at(DAY));
    assert_eq!(plan(&mut keys, "a", DAY), Planned::Ready);
    assert_eq!(plan(&mut keys, "b", DAY + 1), Planned::Wait(DAY + RETRY));
    assert_eq!(plan(&mut keys, "a", DAY + RETRY), Planned::Fetch);
    assert_eq!(plan(&mut keys, "a", DAY + RETRY), Planned::Ready, "while somebody fetches, too");
    let broken = Response::builder().status(500).body(Vec::new()).unwrap();
    assert!(keys.accept(&broken, at(DAY + RETRY)).is_err());
    assert_eq!(plan(&mut keys, "a", DAY + RETRY + 1), Planned::Ready);

    let end = DAY + 6 * HOUR;
    assert_eq!(plan(&mut keys, "a", end - 1), Planned::Fetch);
    keys.failed(at(end - 1));
    assert_eq!(plan(&mut keys, "a", end - 1), Planned::Ready);
    // the third failure in a row
    assert_eq!(plan(&mut keys, "a", end), Planned::Wait(end - 1 + 4 * RETRY));
}

#[test]
fn a_withdrawn_key_is_gone_with_the_next_set() {
    let mut keys = source();
    keys.accept(&served(&["a"]), at(0)).unwrap();
    keys.accept(&served(&["b"]), at(HOUR)).unwrap();
    assert_eq!(plan(&mut keys, "a", HOUR + 1), Planned::Wait(HOUR + COOL_DOWN));
    assert_eq!(keys.generation(), 2);
}

#[test]
fn a_clock_that_is_set_back_does_not_silence_the_source() {
    let mut keys = source();
    keys.accept(&served(&["a"]), at(365 * DAY)).unwrap();
    assert_eq!(plan(&mut keys, "a", 0), Planned::Fetch);
    keys.failed(at(0));
    assert_eq!(plan(&mut keys, "a", 1), Planned::Ready);
    // nor do old keys serve until it has caught up
    let mut now = 0;
    while now < 6 * HOUR {
        match plan(&mut keys, "a", now) {
            Planned::Fetch => keys.failed(at(now)),
            other => assert_eq!(other, Planned::Ready, "{now}"),
        }
        now += 10;
    }
    assert!(matches!(plan(&mut keys, "a", 6 * HOUR), Planned::Fetch | Planned::Wait(_)));
    keys.failed(at(6 * HOUR));
    assert!(matches!(plan(&mut keys, "a", 6 * HOUR), Planned::Wait(_)));
}

/// Callers read the clock at different moments, and the one who is behind by less than the pause asks not again.
#[test]
fn a_caller_who_is_a_moment_behind_does_not_ask_again() {
    for behind in [1, COOL_DOWN] {
        let mut keys = source();
        keys.accept(&served(&["a"]), at(HOUR)).unwrap();
        assert_eq!(plan(&mut keys, "a", HOUR - behind), Planned::Ready);
        assert_eq!(plan(&mut keys, "b", HOUR - behind), Planned::Wait(HOUR + COOL_DOWN));
    }
    let mut keys = source();
    keys.accept(&served(&["a"]), at(HOUR)).unwrap();
    assert_eq!(plan(&mut keys, "b", HOUR - COOL_DOWN - 1), Planned::Fetch, "that is a clock set back");
}

/// Proves DISC-3-06: neither private nor symmetric keys come from a published set.
#[test]
fn private_and_symmetric_keys_are_dropped() {
    let mut keys = source();
    keys.accept(
        &set(r#"{"kty":"oct","kid":"a","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"},
                {"kty":"OKP","crv":"Ed25519","kid":"b","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                 "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"},
                {"kty":"OKP","crv":"Ed25519","kid":"c","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#),
        at(0),
    )
    .unwrap();
    let kept: Vec<_> = keys.jwks().unwrap().keys().iter().map(|key| key.kid()).collect();
    assert_eq!(kept, [Some("c")]);
}

#[test]
fn keys_are_prepared_once_per_generation() {
    let crypto = avouch_jose_ring::provider();
    let mut keys = source();
    assert!(keys.verifying_keys(&[JwsAlgorithm::ED25519], &crypto).unwrap().keys().is_empty());
    keys.accept(&served(&["a"]), at(0)).unwrap();
    let first = keys.verifying_keys(&[JwsAlgorithm::ED25519], &crypto).unwrap();
    assert_eq!(first.keys().len(), 1);
    assert!(Arc::ptr_eq(&first, &keys.verifying_keys(&[JwsAlgorithm::ED25519], &crypto).unwrap()));

    let other = keys.verifying_keys(&[JwsAlgorithm::ES256], &crypto).unwrap();
    assert!(other.keys().is_empty(), "another algorithm is another preparation");
    keys.accept(&served(&["a", "b"]), at(HOUR)).unwrap();
    assert_eq!(keys.verifying_keys(&[JwsAlgorithm::ED25519], &crypto).unwrap().keys().len(), 2);

    let refused = keys.verifying_keys(&[JwsAlgorithm::HS256], &crypto);
    assert!(matches!(refused, Err(KeyError::SymmetricAlgorithm(_))));
}

#[derive(Debug, Clone)]
enum Event {
    Token { kid: &'static str, provider_is_up: bool },
    Rotate,
}

fn event() -> impl Strategy<Value = (u64, Event)> {
    let kid = prop_oneof![6 => Just("current"), 1 => Just("forged")];
    let token = (kid, proptest::bool::weighted(0.8))
        .prop_map(|(kid, provider_is_up)| Event::Token { kid, provider_is_up });
    let pause = prop_oneof![4 => 0..5u64, 4 => 0..600u64, 1 => 0..DAY];
    (pause, prop_oneof![20 => token, 1 => Just(Event::Rotate)])
}

proptest! {
    /// Proves CORE-10.1.1-01 and SEL-06 over days of tokens, rotations, outages and forged key identifiers:
    /// requests keep their distance; the current key is found at once when the provider is up and was not asked a
    /// moment ago; keys serve no longer than freshness and staleness allow.
    #[test]
    fn days_of_traffic(events in proptest::collection::vec(event(), 1..300)) {
        const NAMES: [&str; 2] = ["even", "odd"];
        let (mut keys, mut now, mut rotations) = (source(), 0, 0usize);
        let (mut pause_until, mut failures, mut accepted): (u64, u32, Option<(u64, &str)>) = (0, 0, None);
        for (elapsed, event) in events {
            now += elapsed;
            let Event::Token { kid, provider_is_up } = event else {
                rotations += 1;
                continue;
            };
            let current = NAMES[rotations % 2];
            let kid = if kid == "current" { current } else { kid };
            let mut outcome = plan(&mut keys, kid, now);
            if outcome == Planned::Fetch {
                prop_assert!(now >= pause_until, "asked before {pause_until}, at {now}");
                failures = if provider_is_up { 0 } else { failures + 1 };
                pause_until = now + if provider_is_up { COOL_DOWN } else { pause(failures) };
                if provider_is_up {
                    keys.accept(&served(&[current]), at(now)).unwrap();
                    accepted = Some((now, current));
                } else {
                    keys.failed(at(now));
                }
                outcome = plan(&mut keys, kid, now);
                prop_assert_ne!(&outcome, &Planned::Fetch);
            }
            let held = accepted.filter(|(since, held)| *held == kid && now < since + DAY + 6 * HOUR);
            prop_assert_eq!(outcome == Planned::Ready, held.is_some(), "{} at {}: {:?}", kid, now, accepted);
            if let Planned::Wait(until) = outcome {
                prop_assert!(until > now && until <= now + RETRY_AT_MOST);
            }
        }
    }
}
