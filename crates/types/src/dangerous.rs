//! What weakens a MUST, each under a name that says so.

use serde::{Deserialize, Deserializer};

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

/// Reads an issuer, https or plain http on loopback, out of a record that this side wrote itself (a session, a row): an
/// issuer that came through [`loopback_http_issuer`] must survive there. Not for documents of a peer.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Session {
///     #[serde(deserialize_with = "avouch_types::dangerous::stored_issuer")]
///     issuer: avouch_types::Issuer,
/// }
/// let session: Session = serde_json::from_str(r#"{"issuer":"http://127.0.0.1:8080"}"#)?;
/// assert!(session.issuer.is_loopback_http());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// As [`Issuer::parse`].
pub fn stored_issuer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Issuer, D::Error> {
    let text = String::deserialize(deserializer)?;
    Issuer::parse_loopback_http(&text).or_else(|_| Issuer::parse(&text)).map_err(serde::de::Error::custom)
}
