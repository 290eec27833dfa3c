use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// The name of a member, for visitors that read objects: borrowed from the document where no escape stands in it.
/// (`Cow<str>` itself is always read as an owned text.)
///
/// ```
/// let names: Vec<avouch_json::MemberName<'_>> = serde_json::from_str(r#"["iss", "\u0069ss"]"#)?;
/// assert!(names.iter().all(|name| &**name == "iss"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberName<'de>(Cow<'de, str>);

impl<'de> From<MemberName<'de>> for Cow<'de, str> {
    fn from(name: MemberName<'de>) -> Self {
        name.0
    }
}

impl Deref for MemberName<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for MemberName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl<'de> Visitor<'de> for Name {
            type Value = MemberName<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<MemberName<'de>, E> {
                Ok(MemberName(Cow::Borrowed(name)))
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<MemberName<'de>, E> {
                Ok(MemberName(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E: de::Error>(self, name: String) -> Result<MemberName<'de>, E> {
                Ok(MemberName(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_str(Name)
    }
}
