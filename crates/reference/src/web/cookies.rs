//! Cookies: names that a neighbour on another port does not share, and values that scripts cannot read.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// A cookie of one program.
///
/// Cookies do not know ports: two programs on one host see each other's, so names tell them apart. Over https the
/// name has the prefix `__Host-`, which browsers give to nobody but this very host.
#[derive(Debug, Clone)]
pub struct Cookie {
    name: String,
    secure: bool,
}

impl Cookie {
    /// The cookie of this name.
    pub fn new(name: &str, secure: bool) -> Self {
        Self { name: if secure { format!("__Host-{name}") } else { name.to_owned() }, secure }
    }

    /// Its value in a request. A name that stands twice has none: one of the two is not ours.
    pub fn read<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let mut found = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.name)
            .map(|(_, value)| value);
        let value = found.next()?;
        (found.next().is_none() && !value.is_empty() && value.len() <= 256).then_some(value)
    }

    /// Sets it until the browser is closed.
    pub fn set(&self, headers: &mut HeaderMap, value: &str) {
        self.append(headers, value, "");
    }

    /// Removes it.
    pub fn clear(&self, headers: &mut HeaderMap) {
        self.append(headers, "", "; Max-Age=0");
    }

    fn append(&self, headers: &mut HeaderMap, value: &str, more: &str) {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", self.name);
        if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
            cookie.set_sensitive(true);
            headers.append(SET_COOKIE, cookie);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cookies: &[&'static str]) -> HeaderMap {
        cookies.iter().map(|cookie| (COOKIE, HeaderValue::from_static(cookie))).collect()
    }

    #[test]
    fn a_value_is_found_among_others() {
        let cookie = Cookie::new("op", false);
        assert_eq!(cookie.read(&request(&["a=1; op=x; b=2"])), Some("x"));
        assert_eq!(cookie.read(&request(&["a=1", "op=x"])), Some("x"));
        assert_eq!(cookie.read(&request(&["xop=1"])), None);
    }

    #[test]
    fn a_name_that_stands_twice_has_no_value() {
        assert_eq!(Cookie::new("op", false).read(&request(&["op=x; op=y"])), None);
    }

    #[test]
    fn over_https_only_this_host_sets_it() {
        let mut headers = HeaderMap::new();
        Cookie::new("op", true).set(&mut headers, "x");
        assert_eq!(headers[SET_COOKIE], "__Host-op=x; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
