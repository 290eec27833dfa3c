//! Which audiences of an assertion an authorization server takes for itself.

use avouch_types::{EndpointUrl, Issuer};

/// Which `aud` of a client assertion an authorization server accepts
/// ([Core 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).
///
/// By errata set 3 it is the issuer identifier, as a sole string: an assertion that names an endpoint, or several
/// audiences, can have been meant for another server, which would replay it here (CVE-2025-27370, CVE-2025-27371).
/// By errata set 2 clients were told to send the token endpoint's URL; what of that is still accepted is said here.
///
/// ```
/// use avouch_tokens::AssertionAudience;
/// use avouch_types::{EndpointUrl, Issuer};
///
/// let strict = AssertionAudience::issuer(&Issuer::parse("https://op.example")?);
/// let errata_2 = strict.clone().or_endpoint(&EndpointUrl::parse("https://op.example/token")?).or_array();
/// assert_ne!(strict, errata_2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionAudience {
    accepted: Vec<String>,
    arrays: bool,
}

impl AssertionAudience {
    /// The issuer identifier, as a sole string.
    #[must_use]
    pub fn issuer(issuer: &Issuer) -> Self {
        Self { accepted: vec![issuer.as_str().to_owned()], arrays: false }
    }

    /// Accepts the URL of one of the server's own endpoints too (errata set 2: the token endpoint).
    #[must_use]
    pub fn or_endpoint(mut self, endpoint: &EndpointUrl) -> Self {
        self.accepted.push(endpoint.as_str().to_owned());
        self
    }

    /// Accepts an array too, if each of its members is accepted as a sole string: a foreign audience never is.
    #[must_use]
    pub fn or_array(mut self) -> Self {
        self.arrays = true;
        self
    }

    pub(super) fn accepts_arrays(&self) -> bool {
        self.arrays
    }

    pub(super) fn accepts(&self, audiences: &[String]) -> bool {
        !audiences.is_empty() && audiences.iter().all(|audience| self.accepted.contains(audience))
    }
}
