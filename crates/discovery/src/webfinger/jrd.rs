//! The answer to a query: a JSON Resource Descriptor ([RFC 7033 §4.4]).
//!
//! [RFC 7033 §4.4]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4

use super::{ISSUER_REL, JrdError, JrdLimits, Link, read};
use avouch_types::{Issuer, UriError};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a server tells of a resource ([RFC 7033 §4.4]). URIs are kept as they were written, and none is compared with what
/// was asked: a server may answer under another name ([RFC 7033 §4.4.1]).
///
/// ```
/// use avouch_discovery::webfinger::{Jrd, JrdLimits};
/// use avouch_types::Issuer;
///
/// let jrd = Jrd::about("acct:joe@example.com").with_issuer(&Issuer::parse("https://server.example.com")?);
/// let read = Jrd::from_json(jrd.to_json().as_bytes(), &JrdLimits::default())?;
/// assert_eq!(read, jrd);
/// assert_eq!(read.issuer()?.as_str(), "https://server.example.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7033 §4.4]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4
/// [RFC 7033 §4.4.1]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4.1
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Jrd {
    /// Whom or what it is about.
    pub subject: Option<String>,
    /// Other URIs of the same.
    pub aliases: Vec<String>,
    /// What is said of the subject, by URI.
    pub properties: BTreeMap<String, Option<String>>,
    /// The links; of those with the same `rel`, the preferred ones first.
    pub links: Vec<Link>,
    /// Members that RFC 7033 does not define, which have no meaning here.
    pub extra: Map<String, Value>,
}

/// Why a JRD names no issuer ([Discovery §2]).
///
/// ```
/// use avouch_discovery::webfinger::{ISSUER_REL, Jrd, Link};
/// let jrd = Jrd::default().with_link(Link::new(ISSUER_REL).with_href("http://op.example"));
/// let Err(error) = jrd.issuer() else { panic!() };
/// assert_eq!((error.path(), error.section()), ("links[0].href", "OpenID Connect Discovery 1.0, 2"));
/// ```
///
/// [Discovery §2]: https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerLinkError {
    /// No link has the relation [`ISSUER_REL`].
    #[error("the answer has no link to an issuer")]
    NoLink,
    /// The link leads nowhere.
    #[error("{path} is missing")]
    NoHref {
        /// The member, as `links[2].href`.
        path: String,
    },
    /// The link leads to something that is no issuer.
    #[error("{path} {} is no issuer", read::Shown(found))]
    NoIssuer {
        /// The member, as `links[2].href`.
        path: String,
        /// What it holds.
        found: String,
        /// The rule it breaks.
        source: UriError,
    },
}

impl IssuerLinkError {
    /// The member at fault.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::NoLink => "links",
            Self::NoHref { path } | Self::NoIssuer { path, .. } => path,
        }
    }

    /// The rule that is broken.
    #[must_use]
    pub fn section(&self) -> &'static str {
        "OpenID Connect Discovery 1.0, 2"
    }
}

impl Jrd {
    /// An answer about this URI that says nothing yet.
    #[must_use]
    pub fn about(subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..Self::default() }
    }

    /// Adds another URI of the subject.
    #[must_use]
    pub fn with_alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Adds something said of the subject; `None` is written as `null`.
    #[must_use]
    pub fn with_property(mut self, uri: impl Into<String>, value: Option<&str>) -> Self {
        self.properties.insert(uri.into(), value.map(str::to_owned));
        self
    }

    /// Adds a link.
    #[must_use]
    pub fn with_link(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }

    /// Adds the link to the person's provider.
    #[must_use]
    pub fn with_issuer(self, issuer: &Issuer) -> Self {
        self.with_link(Link::issuer(issuer))
    }

    /// Reads a JRD: strict JSON, with members of the types that RFC 7033 gives them. All but `rel` may be absent. Titles in
    /// the same language are no error, and the first stands ([RFC 7033 §4.4.4.4]).
    ///
    /// [RFC 7033 §4.4.4.4]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4.4.4
    ///
    /// # Errors
    /// [`JrdError`] names the member and the rule.
    pub fn from_json(document: &[u8], limits: &JrdLimits) -> Result<Self, JrdError> {
        read::jrd(document, limits, &[])
    }

    /// The document as JSON text; what has no value is left out.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut members = self.extra.clone();
        insert(&mut members, "subject", self.subject.as_deref());
        if !self.aliases.is_empty() {
            members.insert("aliases".to_owned(), self.aliases.iter().map(String::as_str).collect());
        }
        insert_map(&mut members, "properties", &self.properties);
        if !self.links.is_empty() {
            members.insert("links".to_owned(), self.links.iter().map(Link::to_value).collect());
        }
        Value::Object(members).to_string()
    }

    /// The person's provider: the first link with the relation [`ISSUER_REL`] ([Discovery §2]). If that one leads to no
    /// issuer, no other is tried: the first is the one preferred.
    ///
    /// [Discovery §2]: https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery
    ///
    /// # Errors
    /// [`IssuerLinkError`]: there is no such link, or it leads to no issuer.
    pub fn issuer(&self) -> Result<Issuer, IssuerLinkError> {
        self.issuer_by(Issuer::parse)
    }

    pub(super) fn issuer_by(
        &self,
        parse: fn(&str) -> Result<Issuer, UriError>,
    ) -> Result<Issuer, IssuerLinkError> {
        let mut links = self.links.iter().enumerate();
        let (index, link) = links.find(|(_, link)| link.rel == ISSUER_REL).ok_or(IssuerLinkError::NoLink)?;
        let path = || format!("links[{index}].href");
        let href = link.href.as_deref().ok_or_else(|| IssuerLinkError::NoHref { path: path() })?;
        let refused = |source| IssuerLinkError::NoIssuer { path: path(), found: href.to_owned(), source };
        parse(href).map_err(refused)
    }

    /// The same with only the links of these kinds, or with all where none is named ([RFC 7033 §4.3]).
    ///
    /// [RFC 7033 §4.3]: https://www.rfc-editor.org/rfc/rfc7033#section-4.3
    #[must_use]
    pub fn filtered(&self, rels: &[String]) -> Self {
        let mut filtered = self.clone();
        filtered.links.retain(|link| rels.is_empty() || rels.contains(&link.rel));
        filtered
    }
}

pub(super) fn insert(members: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), Value::from(value));
    }
}

pub(super) fn insert_map<V: Clone + Into<Value>>(
    members: &mut Map<String, Value>,
    name: &str,
    map: &BTreeMap<String, V>,
) {
    if !map.is_empty() {
        let map = map.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        members.insert(name.to_owned(), Value::Object(map));
    }
}
