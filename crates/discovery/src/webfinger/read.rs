//! Reading a JRD ([RFC 7033 §4.4]): strict where a member is defined, blind to all others.
//!
//! [RFC 7033 §4.4]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4

use super::{Jrd, JrdLimits, Link, Tolerated, titles};
use avouch_json::JsonError;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Why a document is no JRD. Paths are as `links[2].properties["http://example.com/role"]`.
///
/// ```
/// use avouch_discovery::webfinger::{Jrd, JrdLimits};
/// let refused = Jrd::from_json(br#"{"links":[{"rel":"author"},{"href":"https://joe.example"}]}"#, &JrdLimits::default());
/// let Err(error) = refused else { panic!() };
/// assert_eq!((error.path(), error.section()), ("links[1].rel", "RFC 7033, 4.4.4.1"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JrdError {
    /// The bytes are not one strict JSON object within the limits.
    #[error("the answer is not a strict JSON object{}", at(path))]
    Json {
        /// The member in which the rule is broken; empty for the document as a whole.
        path: String,
        /// The rule.
        source: JsonError,
    },
    /// A member has another JSON type than RFC 7033 §4.4 gives it.
    #[error("{} is not {expected}", Shown(path))]
    WrongType {
        /// The member.
        path: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A link does not say what kind it is ([RFC 7033 §4.4.4.1]).
    ///
    /// [RFC 7033 §4.4.4.1]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4.4.1
    #[error("{path} is missing")]
    NoRel {
        /// The member, as `links[2].rel`.
        path: String,
    },
    /// A `rel` is not exactly one URI or word: it is empty, or has white space ([RFC 7033 §4.4.4.1]).
    ///
    /// [RFC 7033 §4.4.4.1]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4.4.1
    #[error("{path} is not exactly one relation")]
    MalformedRel {
        /// The member, as `links[2].rel`.
        path: String,
    },
    /// An array has more elements than [`JrdLimits`] allows.
    #[error("{path} has {found} elements, more than {limit}")]
    TooMany {
        /// The member.
        path: &'static str,
        /// How many there are.
        found: usize,
        /// The limit.
        limit: usize,
    },
}

impl JrdError {
    /// The member at fault; empty for the document as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Json { path, .. }
            | Self::WrongType { path, .. }
            | Self::NoRel { path }
            | Self::MalformedRel { path } => path,
            Self::TooMany { path, .. } => path,
        }
    }

    /// The rule that is broken.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Json { source, .. } => source.section().unwrap_or(JRD),
            Self::WrongType { .. } | Self::TooMany { .. } => JRD,
            Self::NoRel { .. } | Self::MalformedRel { .. } => "RFC 7033, 4.4.4.1",
        }
    }
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(", at {}", Shown(path)) }
}

/// Drops these members where they are `null`.
fn drop_nulls(members: &mut Map<String, Value>, optional: &[&str]) {
    members.retain(|name, value| !(value.is_null() && optional.contains(&name.as_str())));
}

pub(super) fn jrd(document: &[u8], limits: &JrdLimits, tolerated: &[Tolerated]) -> Result<Jrd, JrdError> {
    let nulls = tolerated.contains(&Tolerated::Nulls);
    let mut members = match members(document, limits) {
        Err(JrdError::Json { path, source: source @ JsonError::DuplicateMember { .. } }) => {
            match titles::without_repeats(document) {
                Some(document) => members(&document, limits)?,
                None => return Err(JrdError::Json { path, source }),
            }
        }
        read => read?,
    };
    if nulls {
        drop_nulls(&mut members, &["subject", "aliases", "properties", "links"]);
        let links = members.get_mut("links").and_then(Value::as_array_mut);
        for link in links.into_iter().flatten().filter_map(Value::as_object_mut) {
            drop_nulls(link, &["href", "type", "titles", "properties"]);
        }
    }
    let aliases = elements(&mut members, "aliases", limits.aliases)?.into_iter().enumerate();
    let links = elements(&mut members, "links", limits.links)?.into_iter().enumerate();
    Ok(Jrd {
        subject: string(&mut members, "", "subject")?,
        aliases: aliases
            .map(|(index, alias)| text(alias, || format!("aliases[{index}]")))
            .collect::<Result<_, _>>()?,
        properties: properties(&mut members, "")?,
        links: links.map(|(index, value)| link(value, index)).collect::<Result<_, _>>()?,
        extra: members,
    })
}

fn members(document: &[u8], limits: &JrdLimits) -> Result<Map<String, Value>, JrdError> {
    avouch_json::object(document, &limits.json())
        .map_err(|source| JrdError::Json { path: source.path(document), source })
}

fn link(value: Value, index: usize) -> Result<Link, JrdError> {
    let at = format!("links[{index}]");
    let Value::Object(mut members) = value else {
        return Err(JrdError::WrongType { path: at, expected: OBJECT });
    };
    let path = || member(&at, "rel");
    let rel = string(&mut members, &at, "rel")?.ok_or_else(|| JrdError::NoRel { path: path() })?;
    if rel.is_empty() || rel.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Err(JrdError::MalformedRel { path: path() });
    }
    Ok(Link {
        rel,
        href: string(&mut members, &at, "href")?,
        media_type: string(&mut members, &at, "type")?,
        titles: object(&mut members, &at, "titles")?
            .into_iter()
            .map(|(language, title)| {
                let title = text(title, || member(&member(&at, "titles"), &language))?;
                Ok((language, title))
            })
            .collect::<Result<_, JrdError>>()?,
        properties: properties(&mut members, &at)?,
        extra: members,
    })
}

/// `parent.name`, or `parent["name"]` for a name that would not be read back from the former.
fn member(parent: &str, name: &str) -> String {
    let plain =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-#".contains(&byte));
    match (plain, parent.is_empty()) {
        (true, true) => name.to_owned(),
        (true, false) => format!("{parent}.{name}"),
        (false, _) => format!("{parent}[{}]", Value::from(name)),
    }
}

/// A stranger's text in a message: escaped, and not longer than one looks at.
pub(super) struct Shown<'t>(pub(super) &'t str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().take(120).try_for_each(|letter| match letter {
            '"' => f.write_char(letter),
            _ => write!(f, "{}", letter.escape_debug()),
        })
    }
}

const JRD: &str = "RFC 7033, 4.4";
const STRING: &str = "a string";
const OBJECT: &str = "an object";

fn text(value: Value, path: impl Fn() -> String) -> Result<String, JrdError> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(JrdError::WrongType { path: path(), expected: STRING }),
    }
}

fn string(members: &mut Map<String, Value>, at: &str, name: &str) -> Result<Option<String>, JrdError> {
    members.remove(name).map(|value| text(value, || member(at, name))).transpose()
}

fn object(members: &mut Map<String, Value>, at: &str, name: &str) -> Result<Map<String, Value>, JrdError> {
    match members.remove(name) {
        None => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(JrdError::WrongType { path: member(at, name), expected: OBJECT }),
    }
}

/// Names are URIs, which are not looked at; values are strings or `null` (RFC 7033 §4.4.3).
fn properties(
    members: &mut Map<String, Value>,
    at: &str,
) -> Result<BTreeMap<String, Option<String>>, JrdError> {
    let properties = object(members, at, "properties")?.into_iter();
    properties
        .map(|(name, value)| match value {
            Value::Null => Ok((name, None)),
            Value::String(value) => Ok((name, Some(value))),
            _ => Err(JrdError::WrongType {
                path: member(&member(at, "properties"), &name),
                expected: "a string or null",
            }),
        })
        .collect()
}

fn elements(
    members: &mut Map<String, Value>,
    name: &'static str,
    limit: usize,
) -> Result<Vec<Value>, JrdError> {
    match members.remove(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(elements)) if elements.len() <= limit => Ok(elements),
        Some(Value::Array(elements)) => Err(JrdError::TooMany { path: name, found: elements.len(), limit }),
        Some(_) => Err(JrdError::WrongType { path: name.to_owned(), expected: "an array" }),
    }
}
