//! One link of a JRD.

use super::ISSUER_REL;
use avouch_types::Issuer;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A link of a JRD ([RFC 7033 §4.4.4]). URIs and languages are kept as they were written.
///
/// ```
/// use avouch_discovery::webfinger::{Jrd, Link};
/// let page = Link::new("http://webfinger.example/rel/profile-page")
///     .with_href("https://www.example.com/~bob/")
///     .with_type("text/html")
///     .with_title("und", "Bob");
/// assert_eq!(
///     Jrd::default().with_link(page).to_json(),
///     concat!(
///         r#"{"links":[{"href":"https://www.example.com/~bob/","rel":"http://webfinger.example/rel/profile-page","#,
///         r#""titles":{"und":"Bob"},"type":"text/html"}]}"#,
///     ),
/// );
/// ```
///
/// [RFC 7033 §4.4.4]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4.4
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Link {
    /// What kind of link it is: one URI or one registered word, compared character by character.
    pub rel: String,
    /// Whereto it leads.
    pub href: Option<String>,
    /// The media type of what is there.
    pub media_type: Option<String>,
    /// What to call it, by language tag or `und`.
    pub titles: BTreeMap<String, String>,
    /// What else is said of it, by URI.
    pub properties: BTreeMap<String, Option<String>>,
    /// Members that RFC 7033 does not define, which have no meaning here.
    pub extra: Map<String, Value>,
}

impl Link {
    /// A link of this kind that leads nowhere yet.
    #[must_use]
    pub fn new(rel: impl Into<String>) -> Self {
        Self {
            rel: rel.into(),
            href: None,
            media_type: None,
            titles: BTreeMap::new(),
            properties: BTreeMap::new(),
            extra: Map::new(),
        }
    }

    /// The link to a person's provider ([Discovery §2]).
    ///
    /// [Discovery §2]: https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery
    #[must_use]
    pub fn issuer(issuer: &Issuer) -> Self {
        Self::new(ISSUER_REL).with_href(issuer.as_str())
    }

    /// Sets whereto it leads.
    #[must_use]
    pub fn with_href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Sets the media type of what is there.
    #[must_use]
    pub fn with_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Adds what to call it in a language; the tag is `und` where the language is not known.
    #[must_use]
    pub fn with_title(mut self, language: impl Into<String>, title: impl Into<String>) -> Self {
        self.titles.insert(language.into(), title.into());
        self
    }

    /// Adds something said of it; `None` is written as `null`.
    #[must_use]
    pub fn with_property(mut self, uri: impl Into<String>, value: Option<&str>) -> Self {
        self.properties.insert(uri.into(), value.map(str::to_owned));
        self
    }

    pub(super) fn to_value(&self) -> Value {
        let mut members = self.extra.clone();
        members.insert("rel".to_owned(), Value::from(self.rel.as_str()));
        super::jrd::insert(&mut members, "href", self.href.as_deref());
        super::jrd::insert(&mut members, "type", self.media_type.as_deref());
        super::jrd::insert_map(&mut members, "titles", &self.titles);
        super::jrd::insert_map(&mut members, "properties", &self.properties);
        Value::Object(members)
    }
}
