use serde_json::{Map, Value};
use zeroize::Zeroize;

use super::SecretOctets;
use super::error::JwkError;
use crate::base64url;

/// Members that are private in some key type. They never reach [`Jwk::extra`](super::Jwk::extra), so nothing can print
/// them by accident, and make a `jwk` in a header a disclosed key.
pub(crate) const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// The private members of a key as they were received, wiped when dropped. They are taken out before anything can go
/// wrong with the key, so that no error leaves them behind in freed memory.
pub(super) struct PrivateMembers(Vec<(&'static str, Value)>);

impl PrivateMembers {
    pub(super) fn take_from(members: &mut Map<String, Value>) -> Self {
        Self(PRIVATE_MEMBERS.iter().filter_map(|name| Some((*name, members.remove(*name)?))).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(found, _)| *found == name)
    }

    /// The octets of a member that is base64url.
    pub(super) fn octets(&self, name: &'static str) -> Result<Option<SecretOctets>, JwkError> {
        let Some((_, value)) = self.0.iter().find(|(found, _)| *found == name) else { return Ok(None) };
        let text = value.as_str().ok_or(JwkError::WrongType { name })?;
        match base64url::decode_secret(text) {
            Ok(octets) => Ok(Some(SecretOctets::from(octets))),
            Err(source) => Err(JwkError::Encoding { name, source }),
        }
    }
}

impl Drop for PrivateMembers {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| wipe(value));
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
