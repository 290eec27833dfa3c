//! What the fields of an answer say about how long it can be used ([RFC 9111 §4.2]), for a cache that serves one user.
//!
//! [RFC 9111 §4.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.2

use super::http_date;
use avouch_jose::NumericDate;
use http::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderName};
use http::{HeaderMap, HeaderValue};
use std::time::Duration;

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Freshness {
    /// How long it is fresh from when it was made; `None` where nothing is said.
    pub(super) lifetime: Option<Duration>,
    /// How old it was when it arrived. From `Age` alone: the difference of two clocks would be as good as its worse one.
    pub(super) age: Duration,
    /// Whether it may be used when it is no longer fresh ([RFC 9111 §4.2.4]).
    ///
    /// [RFC 9111 §4.2.4]: https://www.rfc-editor.org/rfc/rfc9111#section-4.2.4
    pub(super) may_be_stale: bool,
}

impl Freshness {
    /// Where the provider contradicts itself the shorter time counts, and what cannot be read is no time at all
    /// ([RFC 9111 §4.2.1]). `s-maxage` is for shared caches.
    ///
    /// [RFC 9111 §4.2.1]: https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1
    pub(super) fn of(headers: &HeaderMap, now: NumericDate) -> Self {
        let mut forbidden = [false; 3];
        let mut max_age = None;
        for field in headers.get_all(CACHE_CONTROL) {
            for directive in directives(field) {
                let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
                let name = name.trim().to_ascii_lowercase();
                for (forbids, word) in forbidden.iter_mut().zip(["no-store", "no-cache", "must-revalidate"]) {
                    *forbids |= name == word;
                }
                if name == "max-age" {
                    max_age = shorter(max_age, seconds(value));
                }
            }
        }
        let [no_store, no_cache, must_revalidate] = forbidden;
        let lifetime = match max_age {
            _ if no_store || no_cache => Some(Duration::ZERO),
            None => expiry(headers, now),
            max_age => max_age,
        };
        let ages = headers.get_all(AGE).into_iter().filter_map(|age| digits(age.to_str().ok()?));
        Self {
            lifetime,
            age: ages.max().unwrap_or_default(),
            may_be_stale: !(no_store || no_cache || must_revalidate),
        }
    }
}

/// When the answer was made, by the clock of whoever made it.
pub(super) fn date(headers: &HeaderMap) -> Option<NumericDate> {
    date_of(headers, &DATE)
}

fn date_of(headers: &HeaderMap, name: &HeaderName) -> Option<NumericDate> {
    headers.get(name).and_then(|date| http_date::parse(date.to_str().ok()?))
}

/// `Expires` counts from `Date`, and a value that is no date (`0` is usual) is in the past ([RFC 9111 §5.3]).
///
/// [RFC 9111 §5.3]: https://www.rfc-editor.org/rfc/rfc9111#section-5.3
fn expiry(headers: &HeaderMap, now: NumericDate) -> Option<Duration> {
    let made = date(headers).unwrap_or(now);
    let lifetime = |expires: &HeaderValue| {
        let expires = expires.to_str().ok().and_then(http_date::parse);
        expires.map_or(Duration::ZERO, |expires| expires.saturating_since(made))
    };
    headers.get_all(EXPIRES).into_iter().map(lifetime).min()
}

/// The directives of one field: commas in quoted arguments separate none ([RFC 9111 §5.2]).
///
/// [RFC 9111 §5.2]: https://www.rfc-editor.org/rfc/rfc9111#section-5.2
fn directives(field: &HeaderValue) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    let separates = move |letter: char| {
        if letter == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = letter == '\\' && !escaped;
        letter == ',' && !quoted
    };
    field.to_str().unwrap_or_default().split(separates).map(str::trim)
}

fn seconds(value: &str) -> Duration {
    digits(value.trim().trim_matches('"')).unwrap_or_default()
}

/// More seconds than can be counted are as many as can be ([RFC 9111 §1.2.2]).
///
/// [RFC 9111 §1.2.2]: https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2
fn digits(text: &str) -> Option<Duration> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(text.parse().unwrap_or(u32::MAX.into())))
}

fn shorter(one: Option<Duration>, other: Duration) -> Option<Duration> {
    Some(one.map_or(other, |one| one.min(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    fn read(fields: &[(&'static str, &'static str)]) -> Freshness {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        Freshness::of(&headers, NumericDate::from_seconds(784_111_777).unwrap())
    }

    #[test]
    fn directives_are_found_in_any_spelling_and_any_field() {
        for (fields, lifetime, may_be_stale) in [
            (&["public, max-age=300"][..], Some(300), true),
            (&["public", "Max-Age=\"300\""], Some(300), true),
            (&["max-age=300, no-cache"], Some(0), false),
            (&["NO-STORE"], Some(0), false),
            (&["no-cache=\"set-cookie\", max-age=300"], Some(0), false),
            (&["max-age=300, Must-Revalidate"], Some(300), false),
            (&["must-revalidate"], None, false),
            (&["s-maxage=300"], None, true),
            (&["s-maxage=1, max-age=300, proxy-revalidate"], Some(300), true),
            // the shorter of two, in whatever order
            (&["max-age=300, max-age=10"], Some(10), true),
            (&["max-age=10", "max-age=300"], Some(10), true),
            // what cannot be read is no time
            (&["max-age=soon"], Some(0), true),
            (&["max-age=-1"], Some(0), true),
            (&["max-age"], Some(0), true),
            (&["max-age=300, max-age="], Some(0), true),
            (&["max-age=99999999999999999999999"], Some(u64::from(u32::MAX)), true),
            // what stands in quotes is an argument
            (&["ext=\"a, no-store, max-age=1\", max-age=300"], Some(300), true),
            (&["ext=\"a\\\", no-store\", max-age=300"], Some(300), true),
            (&["x-max-age=1, max-ages=1"], None, true),
            (&[], None, true),
        ] {
            let fields: Vec<_> = fields.iter().map(|field| ("cache-control", *field)).collect();
            let found = read(&fields);
            assert_eq!(found.lifetime, lifetime.map(Duration::from_secs), "{fields:?}");
            assert_eq!(found.may_be_stale, may_be_stale, "{fields:?}");
        }
    }

    #[test]
    fn expiry_counts_from_the_date_and_only_without_max_age() {
        let later = ("expires", "Sun, 06 Nov 1994 08:54:37 GMT");
        for (fields, lifetime) in [
            (&[("date", MADE), later][..], Some(300)),
            (&[later], Some(300)),
            (&[("date", "Sun, 06 Nov 1994 08:54:36 GMT"), later], Some(1)),
            (&[("date", MADE), later, ("cache-control", "max-age=10")], Some(10)),
            (&[("date", MADE), later, ("cache-control", "max-age=1000")], Some(1000)),
            (&[("date", MADE), ("expires", MADE)], Some(0)),
            (&[("date", later.1), ("expires", MADE)], Some(0)),
            (&[("expires", "0")], Some(0)),
            (&[later, ("expires", "-1")], Some(0)),
            (&[("date", MADE)], None),
        ] {
            assert_eq!(read(fields).lifetime, lifetime.map(Duration::from_secs), "{fields:?}");
        }
    }

    #[test]
    fn the_greatest_age_counts() {
        for (fields, age) in [
            (&[("age", "10")][..], 10),
            (&[("age", "10"), ("age", "20")], 20),
            (&[("age", "x")], 0),
            (&[], 0),
        ] {
            assert_eq!(read(fields).age, Duration::from_secs(age), "{fields:?}");
        }
    }
}
