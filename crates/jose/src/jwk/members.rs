use std::borrow::Cow;

use avouch_json::{JsonError, ObjectView, RawValue};
use serde_json::{Map, Value};

use crate::base64url::{self, DecodeError};

/// A value in the text of its document, or read with a larger one before.
pub(super) enum Member<'a> {
    Text(RawValue<'a>),
    Read(Value),
}

impl<'a> Member<'a> {
    /// The text of a string.
    #[inline]
    pub(super) fn as_str(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(value) => value.as_str(),
            Self::Read(value) => value.as_str().map(Cow::Borrowed),
        }
    }

    pub(super) fn into_value(self) -> Result<Value, JsonError> {
        match self {
            Self::Text(value) => value.to_value().map_err(JsonError::Data),
            Self::Read(value) => Ok(value),
        }
    }
}

/// The members of a key. The reader takes those it knows; what is left is kept with the key.
#[derive(Default)]
pub(super) struct Members<'a> {
    members: Vec<(Cow<'a, str>, Member<'a>)>,
    /// Where public members are decoded, one key after the other.
    octets: Vec<u8>,
}

impl<'a> Members<'a> {
    /// The members of another object, in the same room.
    pub(super) fn refill(&mut self, members: impl Iterator<Item = (Cow<'a, str>, RawValue<'a>)>) {
        self.members.clear();
        self.members.extend(members.map(|(name, value)| (name, Member::Text(value))));
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| &**name)
    }

    #[inline]
    pub(super) fn get(&self, name: &str) -> Option<&Member<'a>> {
        self.members.iter().find(|(found, _)| found == name).map(|(_, member)| member)
    }

    #[inline]
    pub(super) fn take(&mut self, name: &str) -> Option<Member<'a>> {
        let place = self.members.iter().position(|(found, _)| found == name)?;
        Some(self.members.swap_remove(place).1)
    }

    pub(super) fn put(&mut self, name: &'static str, value: Value) {
        self.members.push((name.into(), Member::Read(value)));
    }

    /// What was decoded last.
    pub(super) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Begins to decode, behind these octets.
    pub(super) fn begin_octets(&mut self, before: &[u8]) {
        self.octets.clear();
        self.octets.extend_from_slice(before);
    }

    /// Decodes base64url behind what was decoded last and tells how many octets it is.
    pub(super) fn decode(&mut self, text: &str) -> Result<usize, DecodeError> {
        let before = self.octets.len();
        base64url::decode_onto(text.as_bytes(), &mut self.octets)?;
        Ok(self.octets.len() - before)
    }

    /// What has not been taken.
    pub(super) fn read_rest(&mut self) -> Result<Map<String, Value>, JsonError> {
        self.members.drain(..).map(|(name, member)| Ok((name.into_owned(), member.into_value()?))).collect()
    }
}

impl<'a> From<&ObjectView<'a>> for Members<'a> {
    fn from(object: &ObjectView<'a>) -> Self {
        let mut members = Self::default();
        members.refill(object.members());
        members
    }
}

impl From<Map<String, Value>> for Members<'_> {
    fn from(members: Map<String, Value>) -> Self {
        let members = members.into_iter().map(|(name, value)| (name.into(), Member::Read(value))).collect();
        Self { members, octets: Vec::new() }
    }
}
