//! How a typed claim is read from JSON and written back: the one trait behind every field.

use serde_json::{Map, Number, Value};

use crate::{Address, JsonType};

/// A claim's Rust type: taken from a JSON value of one type, and written as that type.
pub(crate) trait ClaimValue: Sized {
    const TYPE: JsonType;

    /// # Errors
    ///
    /// Gives the value back untouched when it is of another JSON type.
    fn from_value(value: Value) -> Result<Self, Value>;

    fn to_value(&self) -> Value;
}

impl ClaimValue for String {
    const TYPE: JsonType = JsonType::String;

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(other),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.clone())
    }
}

impl ClaimValue for bool {
    const TYPE: JsonType = JsonType::Boolean;

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Bool(truth) => Ok(truth),
            other => Err(other),
        }
    }

    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl ClaimValue for Number {
    const TYPE: JsonType = JsonType::Number;

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Number(number) => Ok(number),
            other => Err(other),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(self.clone())
    }
}

impl ClaimValue for Address {
    const TYPE: JsonType = JsonType::Object;

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(members) => Ok(Self::from_members(members)),
            other => Err(other),
        }
    }

    fn to_value(&self) -> Value {
        Value::Object(self.to_members())
    }
}

/// Takes a member out of `members`: into the typed field, or into `malformed` when its type is another.
pub(crate) fn take<T: ClaimValue>(
    members: &mut Map<String, Value>,
    name: &str,
    malformed: &mut Map<String, Value>,
) -> Option<T> {
    match T::from_value(members.remove(name)?) {
        Ok(value) => Some(value),
        Err(value) => {
            malformed.insert(name.to_owned(), value);
            None
        }
    }
}

/// A struct of optional typed members that keeps what it does not know or cannot read.
///
/// One list makes the fields, the reading, the writing and the report, so that none of them can miss a member.
macro_rules! claim_object {
    (
        $(#[$struct_doc:meta])*
        pub struct $object:ident { $($(#[$doc:meta])* $name:ident: $kind:ty),+ $(,)? }
    ) => {
        $(#[$struct_doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $object {
            $($(#[$doc])* pub $name: Option<$kind>,)+
            /// Members of the specification that have another JSON type than it gives them, as received.
            /// They are written back, reported by `problems()`, and never released to anybody.
            pub malformed: Map<String, Value>,
            /// All other members, as received.
            pub extra: Map<String, Value>,
        }

        impl $object {
            /// The names of the typed members, in the order of the specification.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// Reads a JSON object's members. It cannot fail: what has the wrong type is kept in `malformed`.
            #[must_use]
            pub fn from_members(mut members: Map<String, Value>) -> Self {
                let mut object = Self::default();
                $(object.$name = $crate::value::take(&mut members, stringify!($name), &mut object.malformed);)+
                object.extra = members;
                object
            }

            /// All members, those in `malformed` and `extra` included. A typed member wins over both.
            #[must_use]
            pub fn to_members(&self) -> Map<String, Value> {
                let mut members = self.malformed.clone();
                members.extend(self.extra.iter().map(|(name, value)| (name.clone(), value.clone())));
                $(if let Some(value) = &self.$name {
                    members.insert(stringify!($name).to_owned(), $crate::value::ClaimValue::to_value(value));
                })+
                members
            }

            fn typed(&self, name: &str) -> Option<Value> {
                match name {
                    $(stringify!($name) => self.$name.as_ref().map($crate::value::ClaimValue::to_value),)+
                    _ => None,
                }
            }

            fn wrong_types<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = $crate::ClaimProblem> + 'a {
                self.malformed.iter().filter_map(move |(name, value)| {
                    let expected = match name.as_str() {
                        $(stringify!($name) => <$kind as $crate::value::ClaimValue>::TYPE,)+
                        _ => return None,
                    };
                    let path = format!("{prefix}{name}");
                    Some($crate::ClaimProblem::WrongType { path, expected, found: $crate::JsonType::of(value) })
                })
            }
        }

        impl Serialize for $object {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.to_members().serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $object {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Map::deserialize(deserializer).map(Self::from_members)
            }
        }
    };
}
pub(crate) use claim_object;
