use std::borrow::Cow;

use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use super::SecretOctets;
use super::error::JwkError;
use super::members::{Member, Members};
use crate::base64url;

/// Members that are private in some key type. They never reach [`Jwk::extra`](super::Jwk::extra), so nothing can print
/// them by accident, and make a `jwk` in a header a disclosed key.
pub(crate) const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// The private members of a key as they were received, wiped when dropped unless they are still in the text of their
/// document, which is the caller's. They are taken out before anything can go wrong with the key, so that no error leaves
/// them behind in freed memory.
pub(super) struct PrivateMembers<'a>(Vec<(&'static str, Member<'a>)>);

impl<'a> PrivateMembers<'a> {
    pub(super) fn take_from(members: &mut Members<'a>) -> Self {
        if !members.names().any(|name| PRIVATE_MEMBERS.contains(&name)) {
            return Self(Vec::new());
        }
        Self(PRIVATE_MEMBERS.iter().filter_map(|name| Some((*name, members.take(name)?))).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(found, _)| *found == name)
    }

    /// The octets of a member that is base64url.
    pub(super) fn octets(&self, name: &'static str) -> Result<Option<SecretOctets>, JwkError> {
        let Some((_, member)) = self.0.iter().find(|(found, _)| *found == name) else { return Ok(None) };
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
}

impl Drop for PrivateMembers<'_> {
    fn drop(&mut self) {
        for (_, member) in &mut self.0 {
            if let Member::Read(value) = member {
                wipe(value);
            }
        }
    }
}

/// Overwrites every text in a value. Numbers stay: no private member is one.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
