//! How a typed claim is read from JSON and written back: the one trait behind every field.

use std::fmt;

use avouch_json::{JsonError, RawValue};
use serde_json::{Map, Number, Value};

use crate::{Address, ClaimRef, JsonType};

/// A claim's Rust type: taken from a JSON value of one type, and written as that type.
pub(crate) trait ClaimValue: Sized {
    const TYPE: JsonType;

    /// Whether nobody else has to compare its numbers with the text: it has none, or does so itself in
    /// [`from_raw`](Self::from_raw).
    const IS_EXACT: bool = true;

    /// # Errors
    ///
    /// Gives the value back untouched when it is of another JSON type.
    fn from_value(value: Value) -> Result<Self, Value>;

    /// As [`from_value`](Self::from_value), of a value where it stands in a document.
    fn from_raw(value: RawValue<'_>) -> Result<Result<Self, Value>, JsonError> {
        value.to_value().map(Self::from_value).map_err(JsonError::Data)
    }

    fn to_value(&self) -> Value;

    fn borrow(&self) -> ClaimRef<'_>;
}

/// A JSON object whose values are not to be shown: `Debug` gives the names.
pub(crate) struct NamesOf<'a>(pub(crate) &'a Map<String, Value>);

impl fmt::Debug for NamesOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl ClaimValue for String {
    const TYPE: JsonType = JsonType::String;

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(other),
        }
    }

    #[inline]
    fn from_raw(value: RawValue<'_>) -> Result<Result<Self, Value>, JsonError> {
        match value.as_str() {
            Some(text) => Ok(Ok(text.into_owned())),
            None => value.to_value().map(Err).map_err(JsonError::Data),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.clone())
    }

    fn borrow(&self) -> ClaimRef<'_> {
        ClaimRef::Text(self)
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

    fn borrow(&self) -> ClaimRef<'_> {
        ClaimRef::Boolean(*self)
    }
}

impl ClaimValue for Number {
    const TYPE: JsonType = JsonType::Number;
    const IS_EXACT: bool = false;

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Number(number) => Ok(number),
            other => Err(other),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(self.clone())
    }

    fn borrow(&self) -> ClaimRef<'_> {
        ClaimRef::Number(self)
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

    fn from_raw(value: RawValue<'_>) -> Result<Result<Self, Value>, JsonError> {
        let Some(members) = value.as_object() else {
            return value.to_value().map(Err).map_err(JsonError::Data);
        };
        let mut address = Self::default();
        address.extend(members.members())?;
        Ok(Ok(address))
    }

    fn to_value(&self) -> Value {
        Value::Object(self.to_members())
    }

    fn borrow(&self) -> ClaimRef<'_> {
        ClaimRef::Address(self)
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
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $object {
            $($(#[$doc])* pub $name: Option<$kind>,)+
            /// Members of the specification that have another JSON type than it gives them, as received.
            /// They are written back, reported by `problems()`, and never released to anybody.
            pub malformed: Map<String, Value>,
            /// All other members, as received.
            pub extra: Map<String, Value>,
            /// The members with a number that is not held as it was received, for it is neither an integer of 64 bits nor
            /// written as an `f64` is: what is written back is another number. Reported by `problems()`. Only a reader that
            /// has the text can tell: `StandardClaims::from_json`, and whoever verifies a token.
            pub inexact: BTreeSet<String>,
        }

        impl $object {
            /// The names of the typed members, in the order of the specification.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// Reads a JSON object's members. It cannot fail: what has the wrong type is kept in `malformed`.
            #[must_use]
            pub fn from_members(members: Map<String, Value>) -> Self {
                let mut object = Self::default();
                for (name, value) in members {
                    object.insert(name.into(), value);
                }
                object
            }

            /// Puts a member, as received, where it belongs: into its field, or into `malformed` when it has another
            /// type, or into `extra`. Says whether it is new; one that was there is replaced.
            pub fn insert(&mut self, name: Cow<'_, str>, value: Value) -> bool {
                self.inexact.remove(&*name);
                match &*name {
                    $(stringify!($name) => {
                        let was_malformed = !self.malformed.is_empty() && self.malformed.remove(&*name).is_some();
                        let was_there = self.$name.take().is_some();
                        match $crate::value::ClaimValue::from_value(value) {
                            Ok(value) => self.$name = Some(value),
                            Err(value) => drop(self.malformed.insert(name.into_owned(), value)),
                        }
                        !was_malformed && !was_there
                    })+
                    _ => self.extra.insert(name.into_owned(), value).is_none(),
                }
            }

            /// Takes in the members of a document, as [`insert`](Self::insert) does, and notes those whose numbers are not held
            /// as they are written. The names of a document occur once; what was there under them is replaced.
            ///
            /// # Errors
            ///
            /// [`JsonError::Data`] for a value that `serde_json` does not hold: one nested deeper than 127 levels. The members
            /// before it have been taken in.
            pub fn extend<'d>(
                &mut self,
                members: impl Iterator<Item = (Cow<'d, str>, RawValue<'d>)>,
            ) -> Result<(), JsonError> {
                for member in members {
                    let (name, value) = (&*member.0, member.1);
                    if !self.malformed.is_empty() {
                        self.malformed.remove(name);
                    }
                    let is_exact = match name {
                        $(stringify!($name) => match <$kind as $crate::value::ClaimValue>::from_raw(value)? {
                            Ok(typed) => {
                                self.$name = Some(typed);
                                <$kind as $crate::value::ClaimValue>::IS_EXACT || value.is_exact()
                            }
                            Err(other) => {
                                self.$name = None;
                                self.malformed.insert(name.to_owned(), other);
                                value.is_exact()
                            }
                        })+
                        _ => {
                            let other = value.to_value().map_err(JsonError::Data)?;
                            self.extra.insert(name.to_owned(), other);
                            value.is_exact()
                        }
                    };
                    if !is_exact {
                        self.inexact.insert(name.to_owned());
                    } else if !self.inexact.is_empty() {
                        self.inexact.remove(name);
                    }
                }
                Ok(())
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

            /// One member by its exact name, language tag included; `None` for one that is absent or malformed.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<$crate::ClaimRef<'_>> {
                match name {
                    $(stringify!($name) => self.$name.as_ref().map($crate::value::ClaimValue::borrow),)+
                    _ => self.extra.get(name).map($crate::ClaimRef::Other),
                }
            }

            /// The JSON type that the specification gives a member, if it knows the member.
            #[must_use]
            pub fn type_of(name: &str) -> Option<$crate::JsonType> {
                match name {
                    $(stringify!($name) => Some(<$kind as $crate::value::ClaimValue>::TYPE),)+
                    _ => None,
                }
            }

            /// The members that stand in `malformed` and have no good one beside them, each with the type it should have.
            fn wrong_types(&self) -> impl Iterator<Item = (&str, $crate::JsonType, &Value)> {
                self.malformed
                    .iter()
                    .filter(|(name, _)| self.get(name).is_none())
                    .filter_map(|(name, value)| Some((name.as_str(), Self::type_of(name)?, value)))
            }
        }

        /// The names of the members only: their values are personal data, and logs are kept for long.
        impl fmt::Debug for $object {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let typed: Vec<_> = Self::NAMES.iter().filter(|name| self.get(name).is_some()).collect();
                f.debug_struct(stringify!($object))
                    .field("typed", &typed)
                    .field("malformed", &$crate::value::NamesOf(&self.malformed))
                    .field("extra", &$crate::value::NamesOf(&self.extra))
                    .finish()
            }
        }

        impl Serialize for $object {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.to_members().serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $object {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> Visitor<'de> for Members {
                    type Value = $object;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<$object, M::Error> {
                        let mut object = $object::default();
                        while let Some(name) = map.next_key::<MemberName<'de>>()? {
                            let $crate::unique::Unique(value) = map.next_value()?;
                            if !object.insert(name.into(), value) {
                                return Err(M::Error::custom($crate::unique::TWICE));
                            }
                        }
                        Ok(object)
                    }
                }

                deserializer.deserialize_map(Members)
            }
        }
    };
}
pub(crate) use claim_object;
