use std::borrow::Cow;

use avouch_json::{JsonError, ObjectView, RawValue};
use serde_json::{Map, Value};

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
            Self::Text(value) => value.read().map_err(JsonError::Data),
            Self::Read(value) => Ok(value),
        }
    }
}

/// The members of a key. The reader takes those it knows; what is left is kept with the key.
#[derive(Default)]
pub(super) struct Members<'a>(Vec<(Cow<'a, str>, Member<'a>)>);

impl<'a> Members<'a> {
    /// The members of another object, in the same room.
    pub(super) fn refill(&mut self, members: impl Iterator<Item = (Cow<'a, str>, RawValue<'a>)>) {
        self.0.clear();
        self.0.extend(members.map(|(name, value)| (name, Member::Text(value))));
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }

    #[inline]
    pub(super) fn get(&self, name: &str) -> Option<&Member<'a>> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, member)| member)
    }

    #[inline]
    pub(super) fn take(&mut self, name: &str) -> Option<Member<'a>> {
        let place = self.0.iter().position(|(found, _)| found == name)?;
        Some(self.0.swap_remove(place).1)
    }

    pub(super) fn put(&mut self, name: &'static str, value: Value) {
        self.0.push((name.into(), Member::Read(value)));
    }

    /// What has not been taken.
    pub(super) fn read_rest(&mut self) -> Result<Map<String, Value>, JsonError> {
        self.0.drain(..).map(|(name, member)| Ok((name.into_owned(), member.into_value()?))).collect()
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
        Self(members.into_iter().map(|(name, value)| (name.into(), Member::Read(value))).collect())
    }
}
