//! Where an issuer publishes its documents.
//!
//! The two specifications put the well-known string in different places, and both remove a slash that ends the
//! issuer first. For an issuer without a path the two forms differ in the suffix only.

use crate::webfinger::Identifier;
use avouch_types::Issuer;

/// Appends `/.well-known/openid-configuration` to the issuer ([Discovery §4.1]).
///
/// ```
/// # use avouch_types::Issuer;
/// let issuer = Issuer::parse("https://example.com/issuer1/")?;
/// assert_eq!(
///     avouch_discovery::well_known::openid_configuration(&issuer),
///     "https://example.com/issuer1/.well-known/openid-configuration"
/// );
/// # Ok::<(), avouch_types::UriError>(())
/// ```
///
/// [Discovery §4.1]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
#[must_use]
pub fn openid_configuration(issuer: &Issuer) -> String {
    let issuer = issuer.as_str();
    format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer))
}

/// Inserts `/.well-known/oauth-authorization-server` between host and path of the issuer ([RFC 8414 §3.1]).
///
/// ```
/// # use avouch_types::Issuer;
/// let issuer = Issuer::parse("https://example.com/issuer1")?;
/// assert_eq!(
///     avouch_discovery::well_known::oauth_authorization_server(&issuer),
///     "https://example.com/.well-known/oauth-authorization-server/issuer1"
/// );
/// # Ok::<(), avouch_types::UriError>(())
/// ```
///
/// [RFC 8414 §3.1]: https://www.rfc-editor.org/rfc/rfc8414#section-3.1
#[must_use]
pub fn oauth_authorization_server(issuer: &Issuer) -> String {
    inserted(issuer, "/.well-known/oauth-authorization-server")
}

/// Where the configuration of an OpenID Provider may be, in the order in which to ask ([RFC 8414 §5]): first with
/// `/.well-known/openid-configuration` inserted before the path of the issuer, and only if the retrieval fails there,
/// [appended](openid_configuration) to it. For an issuer without a path the two are one address.
///
/// Discovery alone knows the appended form only, and most providers publish only that one: who asks in this order asks twice
/// of them. Whatever is served, its issuer must be exactly the one asked for.
///
/// ```
/// # use avouch_types::Issuer;
/// # use avouch_discovery::well_known;
/// assert_eq!(
///     well_known::candidates(&Issuer::parse("https://example.com/issuer1")?),
///     [
///         "https://example.com/.well-known/openid-configuration/issuer1",
///         "https://example.com/issuer1/.well-known/openid-configuration",
///     ]
/// );
/// assert_eq!(
///     well_known::candidates(&Issuer::parse("https://example.com")?),
///     ["https://example.com/.well-known/openid-configuration"]
/// );
/// # Ok::<(), avouch_types::UriError>(())
/// ```
///
/// [RFC 8414 §5]: https://www.rfc-editor.org/rfc/rfc8414#section-5
#[must_use]
pub fn candidates(issuer: &Issuer) -> Vec<String> {
    let mut candidates =
        vec![inserted(issuer, "/.well-known/openid-configuration"), openid_configuration(issuer)];
    candidates.dedup();
    candidates
}

/// Where to ask about an identifier ([RFC 7033 §4]); the query is added by
/// [`Query`](crate::webfinger::Query).
///
/// ```
/// # use avouch_discovery::{webfinger::Identifier, well_known};
/// let identifier = Identifier::parse("example.com:8080")?;
/// assert_eq!(well_known::webfinger(&identifier), "https://example.com:8080/.well-known/webfinger");
/// # Ok::<(), avouch_discovery::webfinger::IdentifierError>(())
/// ```
///
/// [RFC 7033 §4]: https://www.rfc-editor.org/rfc/rfc7033#section-4
#[must_use]
pub fn webfinger(identifier: &Identifier) -> String {
    format!("https://{}/.well-known/webfinger", identifier.host())
}

fn inserted(issuer: &Issuer, well_known: &str) -> String {
    let path = issuer.path();
    format!("{}{well_known}{}", issuer.origin(), path.strip_suffix('/').unwrap_or(path))
}
