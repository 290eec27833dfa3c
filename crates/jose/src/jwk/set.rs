use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use avouch_json::{JsonError, ObjectView};
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};

use super::Jwk;
use super::error::JwkError;
use super::members::Members;
use super::name::Name;
use super::parse;
use super::private::Received;
use crate::limits::Limits;

/// How long a key usually is in JSON, at least.
const USUAL_KEY_LEN: usize = 256;

/// A JWK Set ([RFC 7517 §5](https://www.rfc-editor.org/rfc/rfc7517#section-5)).
///
/// A key that is malformed or of an unknown type does not spoil the others: it is kept aside with the reason.
///
/// ```
/// use avouch_jose::{JwkSet, Limits};
///
/// let set = JwkSet::from_json(br#"{"keys":[
///     {"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
///     {"kty":"FUTURE","kid":"b"}
/// ]}"#, &Limits::default())?;
/// assert_eq!(set.keys().len(), 1);
/// assert_eq!(set.skipped()[0].kid.as_deref(), Some("b"));
/// # Ok::<(), avouch_jose::JwkSetError>(())
/// ```
#[derive(Clone, Default)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    skipped: Vec<SkippedKey>,
    extra: Map<String, Value>,
}

/// An entry of a JWK Set that is not a key this crate can read.
#[derive(Clone)]
#[non_exhaustive]
pub struct SkippedKey {
    /// Its place among all entries of the set.
    pub index: usize,
    /// Its `kid`, if it has one that is a string.
    pub kid: Option<String>,
    /// What is wrong with it.
    pub reason: Arc<JwkError>,
    /// The entry as it was received: only where its type or curve is unknown and nothing in it is known to be private.
    entry: Option<Map<String, Value>>,
}

/// Why a document is not a JWK Set.
#[derive(Debug)]
#[non_exhaustive]
pub enum JwkSetError {
    /// The document is not strict JSON or not an object. A duplicate member anywhere in it counts.
    Json(avouch_json::JsonError),
    /// Not a JSON object.
    NotAnObject,
    /// There is no member `keys`.
    KeysMissing,
    /// `keys` is not an array.
    KeysNotAnArray,
    /// There are more keys than [`Limits::keys`].
    TooManyKeys {
        /// Keys in the set.
        found: usize,
        /// The limit.
        limit: usize,
    },
}

impl fmt::Display for JwkSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => f.write_str("the key set is not a valid JSON object"),
            Self::NotAnObject => f.write_str("the key set is not a JSON object"),
            Self::KeysMissing => f.write_str("member \"keys\" is missing"),
            Self::KeysNotAnArray => f.write_str("member \"keys\" is not an array"),
            Self::TooManyKeys { found, limit } => {
                write!(f, "{found} keys are more than the limit of {limit}")
            }
        }
    }
}

impl Error for JwkSetError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Json(source) => Some(source),
            _ => None,
        }
    }
}

impl From<avouch_json::JsonError> for JwkSetError {
    fn from(source: avouch_json::JsonError) -> Self {
        Self::Json(source)
    }
}

impl JwkSet {
    /// A set of these keys.
    pub fn new(keys: Vec<Jwk>) -> Self {
        Self { keys, ..Self::default() }
    }

    /// Reads a set.
    ///
    /// # Errors
    ///
    /// [`JwkSetError`] if the document as a whole is no set; never for one of its keys.
    pub fn from_json(json: &[u8], limits: &Limits) -> Result<Self, JwkSetError> {
        let (set, found) = Self::read(json, limits)?;
        check_count(found, limits)?;
        Ok(set)
    }

    /// Reads a set, of its keys no more than the limit, and counts them all.
    fn read(json: &[u8], limits: &Limits) -> Result<(Self, usize), JwkSetError> {
        // about as many as there will be, since large lists are costly to move
        let mut set = Self::new(Vec::with_capacity(limits.keys.min(json.len() / USUAL_KEY_LEN)));
        let mut found = 0;
        // one list for the members of all keys, one after the other
        let mut members = Members::default();
        let document = ObjectView::read_list(json, &limits.json, "keys", &mut |entry| {
            if found < limits.keys {
                members.refill(entry);
                set.insert(found, entry.value().is_object().then_some(&mut members));
            }
            found += 1;
        })?;
        let keys = document.get("keys").ok_or(JwkSetError::KeysMissing)?;
        if !keys.is_array() {
            return Err(JwkSetError::KeysNotAnArray);
        }
        for (name, value) in document.members().filter(|(name, _)| name != "keys") {
            set.extra.insert(name.into_owned(), value.to_value().map_err(JsonError::Data)?);
        }
        Ok((set, found))
    }

    /// Reads a set that is a member of a document which has already been read strictly (`jwks` in metadata).
    ///
    /// # Errors
    ///
    /// [`JwkSetError`] if the value as a whole is no set; never for one of its keys.
    pub fn from_value(value: Value, limits: &Limits) -> Result<Self, JwkSetError> {
        match value {
            Value::Object(members) => Self::from_members(members, limits),
            _ => Err(JwkSetError::NotAnObject),
        }
    }

    fn from_members(mut members: Map<String, Value>, limits: &Limits) -> Result<Self, JwkSetError> {
        let entries = match members.remove("keys") {
            None => return Err(JwkSetError::KeysMissing),
            Some(Value::Array(entries)) => entries,
            Some(_) => return Err(JwkSetError::KeysNotAnArray),
        };
        check_count(entries.len(), limits)?;
        let mut set = Self { extra: members, ..Self::default() };
        for (index, mut entry) in entries.into_iter().enumerate() {
            let received = Received(&mut entry);
            set.insert(index, received.0.as_object().map(Members::of_values).as_mut());
        }
        Ok(set)
    }

    /// Reads an entry and puts it where it belongs; what is no object has no members.
    fn insert(&mut self, index: usize, members: Option<&mut Members<'_>>) {
        let Some(members) = members else {
            let reason = Arc::new(JwkError::NotAnObject);
            return self.skipped.push(SkippedKey { index, kid: None, reason, entry: None });
        };
        match parse::jwk(members) {
            Ok(key) => self.keys.push(key),
            Err(reason) => self.skipped.push(skipped(index, members, reason)),
        }
    }

    /// The keys that could be read, in the order of the set. The order says nothing about preference.
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// The entries that could not be read.
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }

    /// The members of the set beside `keys`.
    pub fn extra(&self) -> &Map<String, Value> {
        &self.extra
    }

    /// The public halves of the keys, for publication; symmetric keys are left out.
    ///
    /// Skipped keys of an unknown type or curve stay where all keys are public, as in the set of another party. In a set
    /// with a private key they may be private too, in a manner not known here: there they are left out.
    #[must_use]
    pub fn public(&self) -> Self {
        let skipped = if self.keys.iter().any(Jwk::is_private) { Vec::new() } else { self.skipped.clone() };
        Self { keys: self.keys.iter().filter_map(Jwk::public).collect(), skipped, extra: self.extra.clone() }
    }
}

impl FromIterator<Jwk> for JwkSet {
    fn from_iter<I: IntoIterator<Item = Jwk>>(keys: I) -> Self {
        Self::new(keys.into_iter().collect())
    }
}

fn check_count(found: usize, limits: &Limits) -> Result<(), JwkSetError> {
    let limit = limits.keys;
    if found > limit { Err(JwkSetError::TooManyKeys { found, limit }) } else { Ok(()) }
}

fn skipped(index: usize, members: &Members<'_>, reason: JwkError) -> SkippedKey {
    let kid = members.get(Name::Kid).and_then(|kid| kid.as_str().map(Cow::into_owned));
    let is_of_the_future = matches!(
        reason,
        JwkError::UnknownKeyType(_) | JwkError::UnknownCurve(_) | JwkError::UnknownKeyPairAlgorithm(_)
    );
    let entry = (is_of_the_future && !members.are_private()).then(|| members.rest().ok()).flatten();
    SkippedKey { index, kid, reason: Arc::new(reason), entry }
}

/// What a set holds beside its keys is shown by name only: nobody knows how secret it is.
impl fmt::Debug for JwkSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwkSet")
            .field("keys", &self.keys)
            .field("skipped", &self.skipped)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish()
    }
}

impl fmt::Debug for SkippedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SkippedKey")
            .field("index", &self.index)
            .field("kid", &self.kid)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Writes what [`public`](JwkSet::public) gives: the keys, then the skipped entries that were kept, as received.
impl Serialize for JwkSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let public = self.public();
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &public.extra {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("keys", &Entries(&public))?;
        map.end()
    }
}

struct Entries<'a>(&'a JwkSet);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_seq(None)?;
        self.0.keys.iter().try_for_each(|key| entries.serialize_element(key))?;
        let kept = self.0.skipped.iter().filter_map(|skipped| skipped.entry.as_ref());
        kept.into_iter().try_for_each(|entry| entries.serialize_element(entry))?;
        entries.end()
    }
}

/// For a set inside a larger document that has been read strictly, with the default limits; a set of its own is read
/// with [`from_json`](JwkSet::from_json), which also refuses duplicate members.
impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?, &Limits::default()).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves JSN-12. Keys beyond the limit are counted, and not read.
    #[test]
    fn keys_beyond_the_limit_are_not_read() {
        let (limit, found) = (4, 40);
        for key in [r#"{"kty":"oct","k":"AQIDBA"}"#, r#"{"kty":"FUTURE"}"#, "1"] {
            let json = format!(r#"{{"keys":[{}]}}"#, vec![key; found].join(","));
            let (set, counted) = JwkSet::read(json.as_bytes(), &Limits::default().with_keys(limit)).unwrap();
            assert_eq!((set.keys.len() + set.skipped.len(), counted), (limit, found), "{key}");
        }
    }
}
