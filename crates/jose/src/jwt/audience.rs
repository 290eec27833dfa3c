use std::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// `aud`: whom a token is for, one text or a list of them ([RFC 7519 §4.1.3]).
///
/// A single value is written as a string. Reading accepts both forms, and nothing but strings.
///
/// ```
/// use avouch_jose::jwt::Audience;
///
/// let audience: Audience = serde_json::from_str(r#"["client-1","https://api.example"]"#)?;
/// assert!(audience.contains("client-1"));
/// assert_eq!(serde_json::to_string(&Audience::from("client-1"))?, r#""client-1""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [RFC 7519 §4.1.3]: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience(Vec<String>);

impl Audience {
    /// These recipients, in this order.
    pub fn new(recipients: Vec<String>) -> Self {
        Self(recipients)
    }

    /// Whether a recipient is among them, compared exactly.
    pub fn contains(&self, recipient: &str) -> bool {
        self.0.iter().any(|each| each == recipient)
    }

    /// All of them. The list may be empty, and then is for nobody.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// The recipient, if there is exactly one.
    pub fn sole(&self) -> Option<&str> {
        match self.0.as_slice() {
            [recipient] => Some(recipient),
            _ => None,
        }
    }
}

impl From<&str> for Audience {
    fn from(recipient: &str) -> Self {
        Self(vec![recipient.to_owned()])
    }
}

impl From<String> for Audience {
    fn from(recipient: String) -> Self {
        Self(vec![recipient])
    }
}

impl From<Vec<String>> for Audience {
    fn from(recipients: Vec<String>) -> Self {
        Self(recipients)
    }
}

impl Serialize for Audience {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.sole() {
            Some(recipient) => serializer.serialize_str(recipient),
            None => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Recipients;

        impl<'de> Visitor<'de> for Recipients {
            type Value = Audience;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_str<E: de::Error>(self, recipient: &str) -> Result<Audience, E> {
                Ok(recipient.into())
            }

            fn visit_string<E: de::Error>(self, recipient: String) -> Result<Audience, E> {
                Ok(recipient.into())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut recipients: A) -> Result<Audience, A::Error> {
                let mut all = Vec::new();
                while let Some(recipient) = recipients.next_element()? {
                    all.push(recipient);
                }
                Ok(Audience(all))
            }
        }

        deserializer.deserialize_any(Recipients)
    }
}
