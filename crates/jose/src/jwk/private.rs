use serde_json::Value;
use zeroize::Zeroize;

use super::name::Name;

/// Members that are private in some key type. They never reach [`Jwk::extra`](super::Jwk::extra), so nothing can print
/// them by accident, and make a `jwk` in a header a disclosed key.
pub(crate) const PRIVATE_MEMBERS: [&str; 9] = [
    Name::D.as_str(),
    Name::P.as_str(),
    Name::Q.as_str(),
    Name::Dp.as_str(),
    Name::Dq.as_str(),
    Name::Qi.as_str(),
    Name::Oth.as_str(),
    Name::K.as_str(),
    Name::Priv.as_str(),
];

/// A key as it was received, whose private members are wiped when this is dropped, whatever has come of it. Those that are
/// still in the text of a document are the caller's.
pub(super) struct Received<'v>(pub(super) &'v mut Value);

impl Drop for Received<'_> {
    fn drop(&mut self) {
        for name in PRIVATE_MEMBERS {
            if let Some(value) = self.0.get_mut(name) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is private here is what is private where names are told apart.
    #[test]
    fn the_names_agree() {
        let public: Vec<_> = Name::public().map(Name::as_str).collect();
        assert_eq!([&public[..], &PRIVATE_MEMBERS].concat(), Name::ALL.map(Name::as_str));
    }

    /// Nothing private of a received key is left in memory that others get.
    #[test]
    fn private_members_are_wiped() {
        for name in PRIVATE_MEMBERS {
            let mut key = json!({ "kty": "FUTURE", "x": "eA", name: [{ "r": "c2VjcmV0" }, "c2VjcmV0"] });
            drop(Received(&mut key));
            assert_eq!(key, json!({ "kty": "FUTURE", "x": "eA", name: [{ "r": "" }, ""] }));
        }
    }
}
