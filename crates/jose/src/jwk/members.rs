use std::borrow::Cow;

use avouch_json::{Element, JsonError, RawValue};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::SecretOctets;
use super::error::JwkError;
use super::name::{NAMES, Name};
use crate::base64url::{self, DecodeError};

/// A value in the text of its document, or read with a larger one before.
#[derive(Clone, Copy)]
pub(super) enum Member<'a> {
    Text(RawValue<'a>),
    Read(&'a Value),
}

impl<'a> Member<'a> {
    /// The text of a string.
    #[inline]
    pub(super) fn as_str(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(value) => value.as_str(),
            Self::Read(value) => value.as_str().map(Cow::Borrowed),
        }
    }

    pub(super) fn to_value(self) -> Result<Value, JsonError> {
        match self {
            Self::Text(value) => value.to_value().map_err(JsonError::Data),
            Self::Read(value) => Ok(value.clone()),
        }
    }
}

/// The members of a key. The reader takes those it knows; what is left is kept with the key.
#[derive(Default)]
pub(super) struct Members<'a> {
    known: [Option<Member<'a>>; Name::COUNT],
    others: Vec<(Cow<'a, str>, Member<'a>)>,
    /// Where public members are decoded, one key after the other.
    octets: Vec<u8>,
}

impl<'a> Members<'a> {
    pub(super) fn of_texts(members: impl Iterator<Item = (Cow<'a, str>, RawValue<'a>)>) -> Self {
        let mut all = Self::default();
        members.for_each(|(name, value)| all.insert(NAMES.place(&name).ok_or(name), Member::Text(value)));
        all
    }

    pub(super) fn of_values(members: &'a Map<String, Value>) -> Self {
        let mut all = Self::default();
        for (name, value) in members {
            all.insert(NAMES.place(name).ok_or_else(|| name.into()), Member::Read(value));
        }
        all
    }

    /// The members of an entry of a set, in the same room.
    pub(super) fn refill(&mut self, entry: Element<'a, '_>) {
        self.known = [None; Name::COUNT];
        self.others.clear();
        entry.places(&NAMES).for_each(|(place, value)| self.insert(place, Member::Text(value)));
    }

    /// Puts a member in the place of its name, or, where the name is not known, behind the others.
    #[inline]
    fn insert(&mut self, place: Result<usize, Cow<'a, str>>, member: Member<'a>) {
        match place {
            Ok(place) => {
                if let Some(known) = self.known.get_mut(place) {
                    *known = Some(member);
                }
            }
            Err(name) => self.others.push((name, member)),
        }
    }

    #[inline]
    pub(super) fn get(&self, name: Name) -> Option<Member<'a>> {
        self.known.get(name as usize).copied().flatten()
    }

    #[inline]
    pub(super) fn take(&mut self, name: Name) -> Option<Member<'a>> {
        self.known.get_mut(name as usize).and_then(Option::take)
    }

    /// Whether there is a private member.
    pub(super) fn are_private(&self) -> bool {
        self.known.iter().skip(Name::public().len()).any(Option::is_some)
    }

    /// The octets of a private member, if it is there. They leave no copy behind.
    pub(super) fn secret(&self, name: Name) -> Result<Option<SecretOctets>, JwkError> {
        let Some(member) = self.get(name) else { return Ok(None) };
        let name = name.as_str();
        let octets = match member.as_str().ok_or(JwkError::WrongType { name })? {
            Cow::Borrowed(text) => base64url::decode_secret(text),
            // escapes were undone in a copy
            Cow::Owned(text) => base64url::decode_secret(&Zeroizing::new(text)),
        };
        match octets {
            Ok(octets) => Ok(Some(SecretOctets::from(octets))),
            Err(source) => Err(JwkError::Encoding { name, source }),
        }
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

    /// What has not been taken, but for private members: no key keeps one that it does not know.
    pub(super) fn rest(&self) -> Result<Map<String, Value>, JsonError> {
        let mut rest = Map::new();
        for (name, member) in Name::public().zip(&self.known) {
            if let Some(member) = member {
                rest.insert(name.as_str().to_owned(), member.to_value()?);
            }
        }
        for (name, member) in &self.others {
            rest.insert(name.clone().into_owned(), member.to_value()?);
        }
        Ok(rest)
    }
}
