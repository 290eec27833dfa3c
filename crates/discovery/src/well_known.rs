//! Where an issuer publishes its documents.
//!
//! The two specifications put the well-known string in different places, and both remove a slash that ends the
//! issuer first. For an issuer without a path the two forms differ in the suffix only.

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
    let path = issuer.path();
    let path = path.strip_suffix('/').unwrap_or(path);
    format!("{}/.well-known/oauth-authorization-server{path}", issuer.origin())
}
