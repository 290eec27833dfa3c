//! An address that is shown to people.

use std::fmt;

use avouch_types::{UriError, check_web_url};

/// A page that a person's browser can be sent to: any scheme that does not execute, plain http included; kept as it is
/// written.
///
/// ```
/// # use avouch_discovery::WebUrl;
/// assert_eq!(WebUrl::parse("http://op.example/terms#fees")?.as_str(), "http://op.example/terms#fees");
/// assert!(WebUrl::parse("javascript:alert(1)").is_err());
/// # Ok::<(), avouch_types::UriError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebUrl(String);

impl WebUrl {
    /// Reads an address.
    ///
    /// # Errors
    /// [`UriError`], as [`check_web_url`].
    pub fn parse(text: &str) -> Result<Self, UriError> {
        check_web_url(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
