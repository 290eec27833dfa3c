//! A claim's value, borrowed from where it is known.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

use crate::{Address, JsonType};

/// A claim's value, borrowed from the claims it is part of. `Debug` shows its JSON type and not the value.
///
/// ```
/// use avouch_claims::{ClaimRef, StandardClaims};
/// let claims = StandardClaims { email_verified: Some(true), ..StandardClaims::default() };
/// assert_eq!(claims.get("email_verified"), Some(ClaimRef::Boolean(true)));
/// assert_eq!(claims.get("email_verified").map(ClaimRef::to_value), Some(true.into()));
/// assert_eq!(claims.get("email_verified").and_then(ClaimRef::as_bool), Some(true));
/// assert_eq!(claims.get("email"), None);
/// ```
#[derive(Clone, Copy)]
pub enum ClaimRef<'a> {
    /// A string.
    Text(&'a str),
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(&'a Number),
    /// An address. As a JSON value it has those members that say something: not the empty ones, and none of another
    /// type than the specification gives it.
    Address(&'a Address),
    /// A claim without a type of its own here.
    Other(&'a Value),
}

impl<'a> ClaimRef<'a> {
    /// The text, if it is one.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(value) => value.as_str(),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Self::Boolean(truth) => Some(truth),
            Self::Other(value) => value.as_bool(),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(self) -> Option<&'a Number> {
        match self {
            Self::Number(number) => Some(number),
            Self::Other(value) => value.as_number(),
            _ => None,
        }
    }

    /// The value of its own.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Boolean(truth) => truth.into(),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Address(address) => Value::Object(
                address.said().map(|(name, value)| (name.to_owned(), value.to_value())).collect(),
            ),
            Self::Other(value) => value.clone(),
        }
    }

    /// The JSON type.
    #[must_use]
    pub fn json_type(self) -> JsonType {
        match self {
            Self::Text(_) => JsonType::String,
            Self::Boolean(_) => JsonType::Boolean,
            Self::Number(_) => JsonType::Number,
            Self::Address(_) => JsonType::Object,
            Self::Other(value) => JsonType::of(value),
        }
    }

    /// Whether it says nothing: null, an empty text, an address without members
    /// ([Core 5.3.2](https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse) wants such claims left out).
    #[must_use]
    pub fn is_empty(self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Boolean(_) | Self::Number(_) => false,
            Self::Address(address) => address.said().next().is_none(),
            Self::Other(value) => value.is_null() || value == "",
        }
    }
}

impl fmt::Debug for ClaimRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimRef({})", self.json_type())
    }
}

/// Equality of what is said: a text is one text, whether its claim has a type of its own here or not.
impl PartialEq for ClaimRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (claim, Self::Other(value)) | (Self::Other(value), claim) => claim == *value,
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Boolean(one), Self::Boolean(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => same_number(one, other),
            (Self::Address(_), Self::Address(_)) => same_value(&self.to_value(), &other.to_value()),
            _ => false,
        }
    }
}

/// Equality of JSON values, as a request with `value` or `values` asks for it. `1` and `1.0` are one number.
impl PartialEq<Value> for ClaimRef<'_> {
    fn eq(&self, other: &Value) -> bool {
        match self {
            Self::Text(text) => other.as_str() == Some(text),
            Self::Boolean(truth) => other.as_bool() == Some(*truth),
            Self::Number(number) => other.as_number().is_some_and(|other| same_number(number, other)),
            Self::Address(_) => same_value(&self.to_value(), other),
            Self::Other(value) => same_value(value, other),
        }
    }
}

impl Serialize for ClaimRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Boolean(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => number.serialize(serializer),
            Self::Address(address) => serializer.collect_map(address.said()),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

/// Whether two JSON values say the same, whichever way their numbers are written. As deep as the values, whose depth the
/// reader of the JSON bounds.
fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => same_number(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_value(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same_value(one, other)))
        }
        _ => one == other,
    }
}

/// Integers are compared exactly, and with a number that has a fraction or exponent as that one is kept.
fn same_number(one: &Number, other: &Number) -> bool {
    one == other || ((one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64())
}
