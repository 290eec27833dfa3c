//! What a provider says about the freshness of its keys, and what the key source makes of it (RFC 9111).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_discovery::{KeyFetch, KeyPlan, KeySetError, KeySource, KeySourcePolicy, StaleKeys};
use avouch_jose::{JwkSetError, NumericDate};
use avouch_types::EndpointUrl;
use http::Response;
use std::time::Duration;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const COOL_DOWN: u64 = 30;

fn at(seconds: u64) -> NumericDate {
    // Sun, 06 Nov 1994 08:49:37 GMT
    NumericDate::EPOCH.saturating_add(Duration::from_secs(784_111_777 + seconds))
}

/// The same as a field of HTTP, up to an hour.
fn date(seconds: u64) -> String {
    let seconds = 8 * HOUR + 49 * 60 + 37 + seconds;
    format!("Sun, 06 Nov 1994 {:02}:{:02}:{:02} GMT", seconds / HOUR, seconds / 60 % 60, seconds % 60)
}

fn source(policy: KeySourcePolicy) -> KeySource {
    KeySource::new(EndpointUrl::parse("https://op.example/jwks").unwrap(), policy)
}

fn answer(status: u16, fields: &[(&str, &str)], kid: &str) -> Response<Vec<u8>> {
    let key = format!(
        r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#
    );
    let body = if status == 200 { format!(r#"{{"keys":[{key}]}}"#) } else { String::new() };
    let mut response = Response::builder().status(status).header("content-type", "application/json");
    for (name, value) in fields {
        response = response.header(*name, *value);
    }
    response.body(body.into_bytes()).unwrap()
}

fn served(fields: &[(&str, &str)]) -> Response<Vec<u8>> {
    answer(200, fields, "a")
}

fn is_ready(keys: &mut KeySource, kid: &str, seconds: u64) -> bool {
    matches!(keys.plan(Some(kid), at(seconds)), KeyPlan::Ready(_))
}

fn fetch(keys: &mut KeySource, seconds: u64) -> KeyFetch {
    match keys.plan(Some("a"), at(seconds)) {
        KeyPlan::Fetch(fetch) => fetch,
        other => panic!("{other:?}"),
    }
}

/// Fresh until then and no longer.
fn assert_fresh_for(response: &Response<Vec<u8>>, seconds: u64) {
    let mut keys = source(KeySourcePolicy::default());
    keys.accept(response, at(0)).unwrap();
    assert!(is_ready(&mut keys, "a", seconds - 1), "{:?}", response.headers());
    assert!(!is_ready(&mut keys, "a", seconds), "{:?}", response.headers());
}

#[test]
fn the_fields_of_the_answer_count_within_the_bounds() {
    let (now, in_an_hour) = (date(0), date(HOUR));
    for (fields, fresh_for) in [
        (&[][..], DAY),
        (&[("cache-control", "max-age=3600")], HOUR),
        (&[("cache-control", "max-age=3600"), ("age", "600")], HOUR - 600),
        (&[("cache-control", "max-age=3600"), ("age", "3600")], COOL_DOWN),
        (&[("cache-control", "max-age=3600"), ("age", "99999")], COOL_DOWN),
        (&[("age", "600")], DAY - 600),
        // the age is taken off what the provider said, not off the bound
        (&[("cache-control", "max-age=864000"), ("age", "864")], DAY),
        (&[("date", now.as_str()), ("expires", in_an_hour.as_str())], HOUR),
        (&[("expires", "0")], COOL_DOWN),
        (&[("cache-control", "max-age=3600, max-age=60")], 60),
        (&[("cache-control", "s-maxage=60")], DAY),
        (&[("cache-control", "max-age=-1")], COOL_DOWN),
    ] {
        assert_fresh_for(&served(fields), fresh_for);
    }
}

/// RFC 9111 §4.2.4: what the provider forbids to use stale is not, unless the host said so by name.
#[test]
fn stale_keys_serve_as_directed() {
    for (directives, forbidden) in [
        ("max-age=60", false),
        ("max-age=60, proxy-revalidate", false),
        ("max-age=60, must-revalidate", true),
        ("no-cache", true),
        ("no-store", true),
    ] {
        let answer = served(&[("cache-control", directives)]);
        for (policy, forbidden) in [
            (KeySourcePolicy::default(), forbidden),
            (KeySourcePolicy::default().with_stale_keys(StaleKeys::WhileFailing), false),
        ] {
            let mut keys = source(policy);
            keys.accept(&answer, at(0)).unwrap();
            let _ = fetch(&mut keys, 60);
            keys.failed(at(60));
            assert_eq!(is_ready(&mut keys, "a", 60), !forbidden, "{directives}");
        }
    }
}

/// Of a set that has an entity tag only another one is asked for, and 304 makes the held one fresh again.
#[test]
fn a_set_that_did_not_change_is_confirmed() {
    let mut keys = source(KeySourcePolicy::default());
    let first = fetch(&mut keys, 0);
    assert!(!first.request().unwrap().headers().contains_key("if-none-match"));
    keys.accept(&served(&[("etag", "\"v1\""), ("cache-control", "max-age=60")]), at(0)).unwrap();

    let again = fetch(&mut keys, 60);
    assert_eq!(again.request().unwrap().headers()["if-none-match"], "\"v1\"");
    keys.accept(&answer(304, &[("etag", "W/\"v1\"")], ""), at(60)).unwrap();
    assert_eq!(keys.generation(), 1, "what was prepared serves");
    assert!(is_ready(&mut keys, "a", 119), "as long as before");
    let _ = fetch(&mut keys, 120);
    keys.accept(&answer(304, &[("cache-control", "max-age=600")], ""), at(120)).unwrap();
    assert!(is_ready(&mut keys, "a", 719), "as long as it says now");

    // an unknown name is asked for, and 304 says that there is none
    assert!(matches!(keys.plan(Some("b"), at(200)), KeyPlan::Fetch(_)));
    keys.accept(&answer(304, &[], ""), at(200)).unwrap();
    assert!(matches!(keys.plan(Some("b"), at(200)), KeyPlan::Wait { until } if until == at(200 + COOL_DOWN)));

    // the same set again is no other one, whatever its tag, and other keys are
    let _ = fetch(&mut keys, 2000);
    keys.accept(&served(&[("etag", "\"v2\"")]), at(2000)).unwrap();
    assert_eq!(keys.generation(), 1);
    assert_eq!(fetch(&mut keys, 2000 + 2 * DAY).request().unwrap().headers()["if-none-match"], "\"v2\"");
    for (kid, generation) in [("a", 1), ("b", 2), ("b", 2), ("a", 3)] {
        keys.accept(&answer(200, &[], kid), at(2000 + 2 * DAY)).unwrap();
        assert_eq!(keys.generation(), generation, "{kid}");
    }
}

/// It ends a fault, and its directives replace the earlier ones, also where they say nothing of a time (RFC 9111 §3.2).
#[test]
fn a_confirmation_counts_as_an_answer() {
    let tag = ("etag", "\"1\"");
    let mut keys = source(KeySourcePolicy::default());
    keys.accept(&served(&[tag, ("cache-control", "max-age=60")]), at(0)).unwrap();
    let _ = fetch(&mut keys, 60);
    keys.report(Some(&answer(500, &[], "")), at(60));
    assert!(keys.fault().is_some());
    let _ = fetch(&mut keys, 65);
    keys.report(Some(&answer(304, &[tag, ("cache-control", "must-revalidate")], "")), at(65));
    assert!(keys.fault().is_none());

    assert!(is_ready(&mut keys, "a", 65 + DAY - 1));
    let _ = fetch(&mut keys, 65 + DAY);
    keys.failed(at(65 + DAY));
    assert!(!is_ready(&mut keys, "a", 65 + DAY));
}

#[test]
fn nothing_else_is_confirmed() {
    let nothing_held = source(KeySourcePolicy::default());
    let mut without_tag = source(KeySourcePolicy::default());
    without_tag.accept(&served(&[]), at(0)).unwrap();
    let mut another = source(KeySourcePolicy::default());
    another.accept(&served(&[("etag", "\"v2\"")]), at(0)).unwrap();
    for mut keys in [nothing_held, without_tag, another] {
        let refused = keys.accept(&answer(304, &[("etag", "\"v1\"")], ""), at(DAY));
        assert!(matches!(refused, Err(KeySetError::NothingToConfirm)), "{refused:?}");
        // that is a failure: the pause is the short one
        assert!(matches!(keys.plan(Some("b"), at(DAY)), KeyPlan::Wait { until } if until == at(DAY + 5)));
    }
}

#[test]
fn only_sound_entity_tags_are_kept() {
    let long = format!("\"{}\"", "v".repeat(255));
    for etag in ["v1", "\"", "\"v1", "", &long] {
        let mut keys = source(KeySourcePolicy::default());
        keys.accept(&served(&[("etag", etag)]), at(0)).unwrap();
        assert!(!fetch(&mut keys, DAY).request().unwrap().headers().contains_key("if-none-match"), "{etag}");
    }
    for etag in ["\"\"", "W/\"v1\"", &long[1..].replacen('v', "\"", 1)] {
        let mut keys = source(KeySourcePolicy::default());
        keys.accept(&served(&[("etag", etag)]), at(0)).unwrap();
        assert_eq!(fetch(&mut keys, DAY).request().unwrap().headers()["if-none-match"], etag);
    }
}

/// Proves CORE-10.1.1-01: of several caches before the provider, one that lags behind does not take a new key away.
#[test]
fn an_older_set_does_not_replace_a_newer_one() {
    let mut keys = source(KeySourcePolicy::default());
    keys.accept(&answer(200, &[("date", &date(100))], "new"), at(100)).unwrap();
    let older = answer(200, &[("date", &date(50)), ("age", "90")], "old");
    keys.report(Some(&older), at(140));
    assert!(matches!(keys.fault().map(|fault| &**fault), Some(KeySetError::Older)));
    assert!(is_ready(&mut keys, "new", 140));
    // the provider did answer
    assert!(
        matches!(keys.plan(Some("old"), at(140)), KeyPlan::Wait { until } if until == at(140 + COOL_DOWN))
    );

    // of the same second, or newer, or without a date: it counts
    for made in [Some(date(100)), Some(date(101)), None] {
        let mut keys = keys.clone();
        let fields: Vec<_> = made.iter().map(|made| ("date", made.as_str())).collect();
        keys.accept(&answer(200, &fields, "next"), at(200)).unwrap();
        assert!(is_ready(&mut keys, "next", 200), "{made:?}");
    }
    // and a provider whose clock went back is heard when the held set is not fresh any more
    let _ = fetch(&mut keys, 100 + DAY);
    keys.accept(&older, at(100 + DAY)).unwrap();
    assert!(is_ready(&mut keys, "old", 100 + DAY));
}

/// A date in the future is none: the next answer counts.
#[test]
fn a_date_in_the_future_locks_nobody_out() {
    let mut keys = source(KeySourcePolicy::default());
    keys.accept(&answer(200, &[("date", &date(3000))], "a"), at(0)).unwrap();
    keys.accept(&answer(200, &[("date", &date(40))], "b"), at(40)).unwrap();
    assert!(is_ready(&mut keys, "b", 40));
}

#[test]
fn what_is_held_is_bounded() {
    let key = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let set = |count: usize| {
        let body = format!(r#"{{"keys":[{}]}}"#, vec![key; count].join(",")).into_bytes();
        Response::builder().header("content-type", "application/json").body(body).unwrap()
    };
    let limit = avouch_jose::Limits::default().keys;
    let mut keys = source(KeySourcePolicy::default());
    keys.accept(&set(limit), at(0)).unwrap();
    let refused = keys.accept(&set(limit + 1), at(1));
    assert!(
        matches!(refused, Err(KeySetError::JwkSet { source: JwkSetError::TooManyKeys { .. }, .. })),
        "{refused:?}"
    );
    assert_eq!(keys.jwks().unwrap().keys().len(), limit);

    // the host's own bound is the one that counts, up and down
    let small = set(1);
    let exact = KeySourcePolicy::default().with_max_bytes(small.body().len());
    source(exact.clone()).accept(&small, at(0)).unwrap();
    let refused = source(exact).accept(&set(2), at(0));
    assert!(matches!(refused, Err(KeySetError::Response(_))), "{refused:?}");
    let mut padded = set(1);
    padded.body_mut().resize(300 * 1024, b' ');
    source(KeySourcePolicy::default().with_max_bytes(400 * 1024)).accept(&padded, at(0)).unwrap();
}
