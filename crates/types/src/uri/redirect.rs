use super::{Parts, UriError};
use crate::word::string_traits;

/// A redirect URI: absolute, without fragment ([RFC 6749 §3.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2)).
/// The text is kept; equality is equality of the text, as the comparison with registered values has to be.
///
/// Any scheme may be read but those that a browser executes or shows; whether a client may use plain http or a private
/// scheme is the provider's rule.
///
/// ```
/// use avouch_types::RedirectUri;
/// let registered = RedirectUri::parse("http://127.0.0.1/callback")?;
/// let requested = RedirectUri::parse("http://127.0.0.1:51004/callback")?;
/// assert_ne!(requested, registered);
/// assert!(requested.matches_loopback(&registered));
/// # Ok::<(), avouch_types::UriError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RedirectUri(String);

/// Schemes whose URIs act in the page they are opened from, or reach what is no web address.
const DANGEROUS_SCHEMES: [&str; 9] =
    ["javascript", "data", "vbscript", "blob", "file", "filesystem", "about", "view-source", "mailto"];

pub(super) fn is_dangerous(scheme: &str) -> bool {
    DANGEROUS_SCHEMES.iter().any(|dangerous| dangerous.eq_ignore_ascii_case(scheme))
}

impl RedirectUri {
    /// Reads a redirect URI.
    ///
    /// # Errors
    /// A [`UriError`] that names the broken rule.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let parts = Parts::parse(text)?;
        if is_dangerous(parts.scheme) {
            return Err(UriError::DangerousScheme);
        }
        parts.refuse_fragment()?;
        Ok(Self(text.to_owned()))
    }

    /// The scheme as it is written.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    /// The host as it is written; `None` for a URI without one, such as that of a private scheme.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        Parts::parse(&self.0).ok().and_then(|parts| parts.host).filter(|host| !host.is_empty())
    }

    /// Plain http to `127.0.0.1`, `[::1]` or `localhost`, in exactly these spellings.
    #[must_use]
    pub fn is_loopback_http(&self) -> bool {
        Parts::parse(&self.0).is_ok_and(|parts| parts.is_loopback_http())
    }

    /// Whether this is the `registered` loopback URI of a native application, where only the port may differ: it is known
    /// only at the time of the request ([RFC 8252 §7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)). `false` for
    /// everything that is not plain http to a loopback host. Both URIs are taken apart; no text is searched for a port.
    #[must_use]
    pub fn matches_loopback(&self, registered: &Self) -> bool {
        let (Ok(requested), Ok(registered)) = (Parts::parse(&self.0), Parts::parse(&registered.0)) else {
            return false;
        };
        requested.is_loopback_http()
            && registered.is_loopback_http()
            && requested.host == registered.host
            && requested.path == registered.path
            && requested.query == registered.query
    }
}

string_traits!(RedirectUri, UriError);
