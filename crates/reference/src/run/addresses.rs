//! Addresses as browsers see them. Plain http is for loopback, where it goes through the one door for it, and for a proxy
//! that speaks TLS to browsers, if told so.

use std::net::SocketAddr;

use avouch_types::{Issuer, RedirectUri, UriError, dangerous};

use crate::web::is_on_loopback;

/// Where a program is, as browsers see it.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// Scheme, host and port, and nothing after them.
    pub(super) url: String,
    /// Whether nobody but this machine can reach it.
    pub(super) is_loopback: bool,
    /// Whether the addresses that connect are those of browsers, as far as can be known.
    pub(super) is_direct: bool,
}

/// How connections to a socket are kept from being read on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    /// By not leaving this machine.
    Plain,
    /// By TLS, which ends here.
    Tls,
    /// By TLS, which ends at a proxy; somebody has said that nobody else can come between it and here.
    BehindTlsProxy,
}

/// Why a program cannot be at an address.
#[derive(Debug, thiserror::Error)]
pub(super) enum AddressError {
    #[error(
        "{0} is not a loopback address, and plain http is for loopback only: give --tls-cert and --tls-key or \
         --self-signed, or --behind-tls-proxy and {1} with the https address of the proxy in front"
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
        transport: Transport,
        flag: &'static str,
    ) -> Result<Self, AddressError> {
        let is_loopback = socket.ip().is_loopback();
        let is_proxied = transport == Transport::BehindTlsProxy && url.is_some_and(is_https);
        if !is_loopback && transport != Transport::Tls && !is_proxied {
            return Err(AddressError::PlainHttp(socket, flag));
        }
        let Some(url) = url else {
            let scheme = if transport == Transport::Tls { "https" } else { "http" };
            return Ok(Self { url: format!("{scheme}://{socket}"), is_loopback, is_direct: true });
        };
        let url = url.strip_suffix('/').unwrap_or(url).to_owned();
        let refused = |source| AddressError::Url { flag, url: url.clone(), source };
        // An address has the form of an issuer without a path.
        let issuer = issuer(&url).map_err(|source| refused(Some(source)))?;
        if issuer.origin() != url || (transport == Transport::Tls && !is_https(&url)) {
            return Err(refused(None));
        }
        let is_loopback = is_loopback && is_on_loopback(&url);
        // whoever speaks TLS here is the browser, whatever name it knows us by
        Ok(Self { url, is_loopback, is_direct: is_loopback || transport == Transport::Tls })
    }

    pub(super) fn is_https(&self) -> bool {
        is_https(&self.url)
    }

    pub(super) fn issuer(&self) -> Result<Issuer, UriError> {
        issuer(&self.url)
    }

    pub(super) fn redirect_uri(&self, path: &str) -> Result<RedirectUri, UriError> {
        RedirectUri::parse(&format!("{}{path}", self.url))
    }
}

fn is_https(url: &str) -> bool {
    url.starts_with("https://")
}

/// An issuer: https, or plain http on loopback.
pub(super) fn issuer(text: &str) -> Result<Issuer, UriError> {
    if text.starts_with("http://") { dangerous::loopback_http_issuer(text) } else { Issuer::parse(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(socket: &str, url: Option<&str>, https: bool) -> Result<Address, AddressError> {
        let transport = if https { Transport::Tls } else { Transport::Plain };
        Address::of(socket.parse().unwrap(), url, transport, "--op-url")
    }

    #[test]
    fn a_url_does_not_make_plain_http_any_safer() {
        for url in ["http://localhost:80", "http://127.0.0.1:80", "https://op.example", "https://localhost"] {
            let refused = at("0.0.0.0:80", Some(url), false);
            assert!(matches!(refused, Err(AddressError::PlainHttp(..))), "{url}: {refused:?}");
        }
        let behind = |socket: &str, url| {
            Address::of(socket.parse().unwrap(), url, Transport::BehindTlsProxy, "--op-url")
        };
        let proxied = behind("0.0.0.0:80", Some("https://op.example")).unwrap();
        assert_eq!(proxied.url, "https://op.example");
        assert!(!proxied.is_loopback && !proxied.is_direct);
        for url in [None, Some("http://localhost:80"), Some("http://127.0.0.1:80")] {
            assert!(matches!(behind("0.0.0.0:80", url), Err(AddressError::PlainHttp(..))), "{url:?}");
        }
        assert!(matches!(
            at("127.0.0.1:80", Some("http://localhost:80"), true),
            Err(AddressError::Url { .. })
        ));
        assert!(!at("127.0.0.1:80", Some("https://op.example"), false).unwrap().is_direct);
        assert!(at("192.0.2.1:443", None, true).unwrap().is_direct);
        assert!(at("192.0.2.1:443", Some("https://op.example"), true).unwrap().is_direct);
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
