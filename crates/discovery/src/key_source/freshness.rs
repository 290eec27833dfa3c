//! What `Cache-Control` says about the freshness of an answer (RFC 9111 §5.2.2).

use http::HeaderMap;
use http::header::CACHE_CONTROL;
use std::time::Duration;

/// The lifetime given by `Cache-Control`; zero for `no-store` and `no-cache`, `None` where nothing is said.
pub(super) fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let directives = || {
        let values = headers.get_all(CACHE_CONTROL).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(str::trim)
    };
    if directives().any(|name| name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache"))
    {
        return Some(Duration::ZERO);
    }
    directives().find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        let seconds = value.trim().trim_matches('"').parse().ok()?;
        name.trim().eq_ignore_ascii_case("max-age").then_some(Duration::from_secs(seconds))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn directives_are_found_in_any_spelling_and_any_field() {
        for (fields, expected) in [
            (&["public, max-age=300"][..], Some(300)),
            (&["public", "Max-Age=\"300\""], Some(300)),
            (&["max-age=300, no-cache"], Some(0)),
            (&["NO-STORE"], Some(0)),
            (&["s-maxage=300"], None),
            (&["max-age=soon"], None),
            (&["max-age=-1"], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for field in fields {
                headers.append(CACHE_CONTROL, HeaderValue::from_static(field));
            }
            assert_eq!(max_age(&headers), expected.map(Duration::from_secs), "{fields:?}");
        }
    }
}
