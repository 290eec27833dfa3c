use super::{Parts, UriError, with_query};
use crate::Form;
use crate::word::string_traits;

/// The URL of an endpoint or published document: https, absolute, without fragment; a query is allowed and kept
/// ([RFC 6749 §3.1, §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)). The text is kept exactly. Plain http on
/// loopback comes in only by [`dangerous::loopback_http_endpoint`](crate::dangerous::loopback_http_endpoint).
///
/// ```
/// use avouch_types::{EndpointUrl, Form};
/// let endpoint = EndpointUrl::parse("https://op.example/authorize?tenant=1")?;
/// let request = Form::new().with("client_id", "s6BhdRkqt3");
/// assert_eq!(endpoint.with_query(&request), "https://op.example/authorize?tenant=1&client_id=s6BhdRkqt3");
/// # Ok::<(), avouch_types::UriError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointUrl(String);

impl EndpointUrl {
    /// Reads an endpoint URL.
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
        parts.refuse_fragment()?;
        Ok(Self(text.to_owned()))
    }

    /// The host as it is written.
    #[must_use]
    pub fn host(&self) -> &str {
        Parts::parse(&self.0).ok().and_then(|parts| parts.host).unwrap_or_default()
    }

    /// Whether this URL came through the door for plain http on loopback.
    #[must_use]
    pub fn is_loopback_http(&self) -> bool {
        self.0.starts_with("http://")
    }

    /// This URL with the parameters added to its query; see [`with_query`].
    #[must_use]
    pub fn with_query(&self, parameters: &Form) -> String {
        with_query(&self.0, parameters)
    }
}

string_traits!(EndpointUrl, UriError);
