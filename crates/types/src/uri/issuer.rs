use super::{Parts, UriError};
use crate::EndpointUrl;
use crate::word::string_traits;

/// An Issuer Identifier: a case-sensitive https URL with host, optional port and path, without query and fragment
/// ([OpenID Connect Core §1.2](https://openid.net/specs/openid-connect-core-1_0.html#Terminology)). The text is kept and
/// compared exactly: a trailing slash makes another issuer. Plain http on loopback comes in only by
/// [`dangerous::loopback_http_issuer`](crate::dangerous::loopback_http_issuer).
///
/// ```
/// use avouch_types::Issuer;
/// let issuer = Issuer::parse("https://op.example/tenant")?;
/// assert_ne!(issuer, Issuer::parse("https://op.example/tenant/")?);
/// assert_eq!(issuer.endpoint("/token")?.as_str(), "https://op.example/tenant/token");
/// # Ok::<(), avouch_types::UriError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issuer(String);

impl Issuer {
    /// Reads an issuer.
    ///
    /// # Errors
    /// A [`UriError`] that names the broken rule.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        Self::check(text, |parts| parts.require_https())
    }

    pub(crate) fn parse_loopback_http(text: &str) -> Result<Self, UriError> {
        Self::check(text, |parts| parts.require_loopback_http())
    }

    fn check(text: &str, require_scheme: fn(&Parts<'_>) -> Result<(), UriError>) -> Result<Self, UriError> {
        let parts = Parts::parse(text)?;
        require_scheme(&parts)?;
        parts.refuse_query()?;
        parts.refuse_fragment().map_err(|_| UriError::IssuerHasFragment)?;
        Ok(Self(text.to_owned()))
    }

    /// The host as it is written.
    #[must_use]
    pub fn host(&self) -> &str {
        Parts::parse(&self.0).ok().and_then(|parts| parts.host).unwrap_or_default()
    }

    /// Whether this issuer came through the door for plain http on loopback.
    #[must_use]
    pub fn is_loopback_http(&self) -> bool {
        self.0.starts_with("http://")
    }

    /// The endpoint whose URL is this issuer followed by `path` (which begins with a slash); a slash that ends the issuer is
    /// not doubled.
    ///
    /// # Errors
    /// A [`UriError`] if `path` makes no acceptable URL of it.
    pub fn endpoint(&self, path: &str) -> Result<EndpointUrl, UriError> {
        let path = path.trim_start_matches('/');
        let url = format!("{}/{path}", self.0.trim_end_matches('/'));
        if self.is_loopback_http() {
            EndpointUrl::parse_loopback_http(&url)
        } else {
            EndpointUrl::parse(&url)
        }
    }

    /// The issuer's scheme, host and port: what begins every URL on the same server.
    #[must_use]
    pub fn origin(&self) -> &str {
        let host = self.0.find("://").map_or(0, |at| at + 3);
        let path = self.0.get(host..).and_then(|rest| rest.find('/')).map_or(self.0.len(), |at| host + at);
        self.0.get(..path).unwrap_or(&self.0)
    }

    /// The issuer's path, empty or beginning with a slash.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.strip_prefix(self.origin()).unwrap_or_default()
    }
}

string_traits!(Issuer, UriError);
