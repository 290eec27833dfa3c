//! One member: between a JSON value and its type.

use super::MetadataError;
use avouch_types::{EndpointUrl, Issuer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) trait Member: Sized {
    fn read(value: Value, name: &'static str, issuer: &Issuer) -> Result<Self, MetadataError>;
    /// `None` for what is left out of a document.
    fn write(&self) -> Option<Value>;
}

impl Member for EndpointUrl {
    fn read(value: Value, member: &'static str, issuer: &Issuer) -> Result<Self, MetadataError> {
        let found: String = typed(value, member)?;
        let parsed = if issuer.is_loopback_http() && found.starts_with("http://") {
            avouch_types::dangerous::loopback_http_endpoint(&found)
        } else {
            EndpointUrl::parse(&found)
        };
        parsed.map_err(|source| MetadataError::Endpoint { member, found, source })
    }

    fn write(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl Member for bool {
    fn read(value: Value, member: &'static str, _: &Issuer) -> Result<Self, MetadataError> {
        typed(value, member)
    }

    fn write(&self) -> Option<Value> {
        Some((*self).into())
    }
}

impl Member for String {
    fn read(value: Value, member: &'static str, _: &Issuer) -> Result<Self, MetadataError> {
        typed(value, member)
    }

    fn write(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl<T: DeserializeOwned + Serialize> Member for Vec<T> {
    fn read(value: Value, member: &'static str, _: &Issuer) -> Result<Self, MetadataError> {
        typed(value, member)
    }

    fn write(&self) -> Option<Value> {
        serde_json::to_value(self).ok().filter(|_| !self.is_empty())
    }
}

fn typed<T: DeserializeOwned>(value: Value, member: &'static str) -> Result<T, MetadataError> {
    serde_json::from_value(value).map_err(|source| MetadataError::Malformed { member, source })
}

/// What was wrong with optional members.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Faults {
    pub(super) nulls: Vec<&'static str>,
    /// The values as received.
    pub(super) malformed: BTreeMap<&'static str, Value>,
}

/// Takes a required member out of the document.
pub(super) fn required<T: Member>(
    document: &mut Map<String, Value>,
    member: &'static str,
    issuer: &Issuer,
) -> Result<T, MetadataError> {
    match document.remove(member) {
        None => Err(MetadataError::Missing { member }),
        Some(Value::Null) => Err(MetadataError::Null { member }),
        Some(value) => T::read(value, member, issuer),
    }
}

/// Takes an optional member out of the document; `null` is noted and counts as absent.
pub(super) fn optional<T: Member>(
    document: &mut Map<String, Value>,
    member: &'static str,
    issuer: &Issuer,
    faults: &mut Faults,
) -> Result<Option<T>, MetadataError> {
    match document.remove(member) {
        None => Ok(None),
        Some(Value::Null) => {
            faults.nulls.push(member);
            Ok(None)
        }
        Some(value) => T::read(value, member, issuer).map(Some),
    }
}

/// As [`optional`], and a malformed value is noted and counts as absent too.
pub(super) fn lenient<T: Member>(
    document: &mut Map<String, Value>,
    member: &'static str,
    issuer: &Issuer,
    faults: &mut Faults,
) -> Option<T> {
    let received = document.get(member).cloned();
    let read = optional(document, member, issuer, faults);
    if let (Err(_), Some(value)) = (&read, received) {
        faults.malformed.insert(member, value);
    }
    read.ok().flatten()
}

pub(super) fn print<T: Member>(document: &mut Map<String, Value>, member: &'static str, value: &T) {
    if let Some(value) = value.write() {
        document.insert(member.to_owned(), value);
    }
}
