//! What weakens a MUST, each under a name that says so.

use crate::{EndpointUrl, Issuer, UriError};

/// An issuer on plain http, which the specification forbids: for a provider that runs on this very machine during
/// development. Only the hosts `127.0.0.1`, `[::1]` and `localhost` are accepted, in these spellings.
///
/// # Errors
/// [`UriError::NotLoopbackHttp`] for any other scheme or host; else as [`Issuer::parse`].
///
/// ```
/// use avouch_types::{UriError, dangerous::loopback_http_issuer};
/// assert!(loopback_http_issuer("http://127.0.0.1:8080").is_ok());
/// assert_eq!(loopback_http_issuer("http://127.0.0.1.example"), Err(UriError::NotLoopbackHttp));
/// ```
pub fn loopback_http_issuer(text: &str) -> Result<Issuer, UriError> {
    Issuer::parse_loopback_http(text)
}

/// An endpoint of such an issuer: plain http to `127.0.0.1`, `[::1]` or `localhost`.
///
/// # Errors
/// [`UriError::NotLoopbackHttp`] for any other scheme or host; else as [`EndpointUrl::parse`].
pub fn loopback_http_endpoint(text: &str) -> Result<EndpointUrl, UriError> {
    EndpointUrl::parse_loopback_http(text)
}
