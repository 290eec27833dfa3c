//! WebFinger over plain http, which the specification forbids: for a server that runs on this very machine during
//! development ([`avouch_types::dangerous`]).

use super::{Identifier, IssuerLinkError, Jrd, Query};
use avouch_types::{EndpointUrl, Issuer, UriError, dangerous};

/// As [`Query::issuer`], over plain http to `127.0.0.1`, `[::1]` or `localhost`. Its redirects, too, may lead there.
///
/// ```
/// use avouch_discovery::webfinger::{Identifier, dangerous};
/// let query = dangerous::loopback_http_query(&Identifier::parse("joe@localhost")?)?;
/// assert!(query.request()?.uri().to_string().starts_with("http://localhost/.well-known/webfinger?resource=acct%3Ajoe"));
/// assert!(dangerous::loopback_http_query(&Identifier::parse("joe@example.com")?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`UriError::NotLoopbackHttp`] for any other host.
pub fn loopback_http_query(identifier: &Identifier) -> Result<Query, UriError> {
    let address = format!("http://{}/.well-known/webfinger", identifier.host());
    dangerous::loopback_http_endpoint(&address)?;
    Ok(Query::to(address, identifier, loopback_http_or_https).rel(super::ISSUER_REL))
}

/// As [`Jrd::issuer`], where the issuer may be one on plain http to loopback.
///
/// # Errors
/// As [`Jrd::issuer`].
pub fn loopback_http_issuer(jrd: &Jrd) -> Result<Issuer, IssuerLinkError> {
    jrd.issuer_by(|href| dangerous::loopback_http_issuer(href).or_else(|_| Issuer::parse(href)))
}

fn loopback_http_or_https(address: &str) -> Result<EndpointUrl, UriError> {
    dangerous::loopback_http_endpoint(address).or_else(|_| EndpointUrl::parse(address))
}
