//! Whether a redirect URI is one of the client's.

use avouch_types::{ApplicationType, RedirectUri};

use super::Client;

/// Why a response must not go to a redirect URI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectUriRefused {
    /// It equals none of the registered ones ([RFC 9700 §2.1]).
    ///
    /// [RFC 9700 §2.1]: https://www.rfc-editor.org/rfc/rfc9700#section-2.1
    #[error("the redirect URI is not registered for this client")]
    NotRegistered,
    /// It is registered, but is plain http to another machine ([RFC 9700 §2.6]).
    ///
    /// [RFC 9700 §2.6]: https://www.rfc-editor.org/rfc/rfc9700#section-2.6
    #[error("the redirect URI is plain http and not on this machine")]
    PlainHttp,
}

impl Client {
    /// Whether a response may go to this redirect URI.
    ///
    /// It must be one of the registered ones, byte for byte: no normalisation of any kind. For a native
    /// client with an `http` loopback URI any port will do ([RFC 8252 §7.3]). Plain http is for loopback
    /// only, whatever is registered.
    ///
    /// [RFC 8252 §7.3]: https://www.rfc-editor.org/rfc/rfc8252#section-7.3
    ///
    /// # Errors
    /// [`RedirectUriRefused`] says which rule it breaks.
    pub fn check_redirect_uri(&self, presented: &RedirectUri) -> Result<(), RedirectUriRefused> {
        let native = self.application_type == ApplicationType::NATIVE;
        let registered = self
            .redirect_uris
            .iter()
            .any(|registered| presented == registered || (native && presented.matches_loopback(registered)));
        if !registered {
            return Err(RedirectUriRefused::NotRegistered);
        }
        if presented.scheme().eq_ignore_ascii_case("http") && !presented.is_loopback_http() {
            return Err(RedirectUriRefused::PlainHttp);
        }
        Ok(())
    }
}
