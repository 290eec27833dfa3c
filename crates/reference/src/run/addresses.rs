//! Addresses as browsers see them. Plain http is for loopback, and goes through the one door for it.

use std::net::{IpAddr, SocketAddr};

use avouch_types::{Issuer, RedirectUri, UriError, dangerous};

/// Where a program is, as browsers see it.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// Scheme, host and port, and nothing after them.
    pub(super) url: String,
    /// Whether nobody but this machine can reach it.
    pub(super) is_loopback: bool,
}

/// Why a program cannot be at an address.
#[derive(Debug, thiserror::Error)]
pub(super) enum AddressError {
    #[error(
        "{0} is not a loopback address, and plain http is for loopback only: give --tls-cert and --tls-key or \
         --self-signed, or {1} with the https address of the proxy in front"
    )]
    PlainHttp(SocketAddr, &'static str),
    #[error("{flag} {url}: give scheme, host and port only, https unless it is loopback")]
    Url {
        flag: &'static str,
        url: String,
        #[source]
        source: Option<UriError>,
    },
}

impl Address {
    /// The address of a socket, or what `url` says it is seen as.
    pub(super) fn of(
        socket: SocketAddr,
        url: Option<&str>,
        https: bool,
        flag: &'static str,
    ) -> Result<Self, AddressError> {
        let is_loopback = match socket.ip() {
            IpAddr::V4(ip) => ip.is_loopback(),
            IpAddr::V6(ip) => ip.is_loopback(),
        };
        let Some(url) = url else {
            if !https && !is_loopback {
                return Err(AddressError::PlainHttp(socket, flag));
            }
            let scheme = if https { "https" } else { "http" };
            return Ok(Self { url: format!("{scheme}://{socket}"), is_loopback });
        };
        let url = url.strip_suffix('/').unwrap_or(url).to_owned();
        let refused = |source| AddressError::Url { flag, url: url.clone(), source };
        // An address has the form of an issuer without a path.
        let issuer = issuer(&url).map_err(|source| refused(Some(source)))?;
        if issuer.origin() != url {
            return Err(refused(None));
        }
        let host = url.split_once("://").map_or("", |(_, rest)| rest);
        let is_loopback = is_loopback
            && ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
                host.strip_prefix(name).is_some_and(|port| port.is_empty() || port.starts_with(':'))
            });
        Ok(Self { url, is_loopback })
    }

    pub(super) fn is_https(&self) -> bool {
        self.url.starts_with("https://")
    }

    pub(super) fn issuer(&self) -> Result<Issuer, UriError> {
        issuer(&self.url)
    }

    pub(super) fn redirect_uri(&self, path: &str) -> Result<RedirectUri, UriError> {
        RedirectUri::parse(&format!("{}{path}", self.url))
    }
}

/// An issuer: https, or plain http on loopback.
pub(super) fn issuer(text: &str) -> Result<Issuer, UriError> {
    if text.starts_with("http://") { dangerous::loopback_http_issuer(text) } else { Issuer::parse(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(socket: &str, url: Option<&str>, https: bool) -> Result<Address, AddressError> {
        Address::of(socket.parse().unwrap(), url, https, "--op-url")
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        assert_eq!(at("127.0.0.1:9400", None, false).unwrap().url, "http://127.0.0.1:9400");
        assert_eq!(at("[::1]:9400", None, false).unwrap().url, "http://[::1]:9400");
        assert!(matches!(at("192.0.2.1:80", None, false), Err(AddressError::PlainHttp(..))));
        assert!(matches!(at("0.0.0.0:80", None, false), Err(AddressError::PlainHttp(..))));
        assert!(matches!(
            at("127.0.0.1:80", Some("http://op.example"), false),
            Err(AddressError::Url { .. })
        ));
        assert_eq!(at("192.0.2.1:443", None, true).unwrap().url, "https://192.0.2.1:443");
    }

    #[test]
    fn what_others_reach_is_no_place_for_a_known_password() {
        assert!(at("127.0.0.1:9400", None, false).unwrap().is_loopback);
        assert!(at("127.0.0.1:9400", Some("http://localhost:9400/"), false).unwrap().is_loopback);
        assert!(!at("127.0.0.1:9400", Some("https://op.example"), false).unwrap().is_loopback);
        assert!(!at("127.0.0.1:9400", Some("https://localhost.example"), false).unwrap().is_loopback);
        assert!(!at("0.0.0.0:9400", Some("https://localhost:9400"), true).unwrap().is_loopback);
        assert!(!at("0.0.0.0:9400", None, true).unwrap().is_loopback);
    }

    #[test]
    fn an_address_has_no_path() {
        for url in ["https://op.example/op", "https://op.example?x", "op.example", "ftp://op.example"] {
            assert!(matches!(at("127.0.0.1:9400", Some(url), false), Err(AddressError::Url { .. })), "{url}");
        }
    }
}
