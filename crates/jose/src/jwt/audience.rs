use std::borrow::Cow;
use std::fmt;

use avouch_json::{Elements, RawValue};
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

/// [`Audience`] as it stands in a payload.
///
/// ```
/// # use avouch_json::{Limits, ObjectView};
/// use avouch_jose::jwt::AudienceView;
///
/// # let claims = ObjectView::read(br#"{"aud":["client-1","https://api.example"]}"#, &Limits::default())?;
/// # let value = claims.get("aud").ok_or("absent")?;
/// let audience = AudienceView::read(value).ok_or("neither a text nor a list of texts")?;
/// assert!(audience.contains("client-1"));
/// assert_eq!(audience.iter().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AudienceView<'a>(Form<'a>);

#[derive(Clone, Debug)]
enum Form<'a> {
    Sole(RawValue<'a>),
    /// Texts without exception.
    List(Elements<'a>),
}

impl<'a> AudienceView<'a> {
    /// Reads a string or an array of strings.
    pub fn read(value: RawValue<'a>) -> Option<Self> {
        if value.is_string() {
            return Some(Self(Form::Sole(value)));
        }
        let list = value.elements()?;
        list.clone().all(RawValue::is_string).then_some(Self(Form::List(list)))
    }

    /// Whether a recipient is among them, compared exactly.
    pub fn contains(&self, recipient: &str) -> bool {
        match &self.0 {
            Form::Sole(sole) => sole.as_str().is_some_and(|sole| sole == recipient),
            Form::List(_) => self.iter().any(|each| each == recipient),
        }
    }

    /// All of them. The list may be empty, and then is for nobody.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'a, str>> {
        let (sole, list) = match &self.0 {
            Form::Sole(value) => (Some(*value), None),
            Form::List(list) => (None, Some(list.clone())),
        };
        sole.into_iter().chain(list.into_iter().flatten()).filter_map(RawValue::as_str)
    }

    /// The recipient, if there is exactly one.
    pub fn sole(&self) -> Option<Cow<'a, str>> {
        match &self.0 {
            Form::Sole(sole) => sole.as_str(),
            Form::List(_) => {
                let mut all = self.iter();
                all.next().filter(|_| all.next().is_none())
            }
        }
    }

    /// Whether they were written as a list, be it of one.
    pub fn is_array(&self) -> bool {
        matches!(self.0, Form::List(_))
    }
}

impl From<&AudienceView<'_>> for Audience {
    fn from(audience: &AudienceView<'_>) -> Self {
        match &audience.0 {
            Form::Sole(sole) => Self(sole.as_str().map(Cow::into_owned).into_iter().collect()),
            Form::List(_) => Self(audience.iter().map(Cow::into_owned).collect()),
        }
    }
}
