use crate::jws::same_media_type;

/// Which of the two compact serialisations a text has the form of
/// ([RFC 7516 §9](https://www.rfc-editor.org/rfc/rfc7516#section-9)): told by its segments, before anything is read.
///
/// ```
/// use avouch_jose::CompactForm;
///
/// assert_eq!(CompactForm::of("header.payload.signature"), Some(CompactForm::Jws));
/// assert_eq!(CompactForm::of("header.key.iv.ciphertext.tag"), Some(CompactForm::Jwe));
/// assert_eq!(CompactForm::of("a.b"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompactForm {
    /// Three segments: signed. A header with `enc` in it will be refused.
    Jws,
    /// Five segments: encrypted.
    Jwe,
}

impl CompactForm {
    /// The form of a text; `None` if it has neither. Looks no further than the fifth period.
    pub fn of(text: &str) -> Option<Self> {
        match text.bytes().filter(|octet| *octet == b'.').take(5).count() {
            2 => Some(Self::Jws),
            4 => Some(Self::Jwe),
            _ => None,
        }
    }
}

/// The two ways of writing a JWS or a JWE, as `typ` may tell them apart
/// ([RFC 7515 §4.1.9](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9)). Nothing here asks for one: it is for
/// applications whose own types do not say which it is.
///
/// ```
/// use avouch_jose::{Serialization, jws::HeaderParameters};
///
/// let parameters = HeaderParameters::new().typ(Serialization::Json.typ());
/// assert_eq!(Serialization::named_by("application/jose"), Some(Serialization::Compact));
/// assert_eq!(Serialization::named_by("at+jwt"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Serialization {
    /// Segments with periods between them.
    Compact,
    /// A JSON object, general or flattened.
    Json,
}

impl Serialization {
    /// The value of `typ`, which is the media type as well, less `application/`.
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Compact => "JOSE",
            Self::Json => "JOSE+JSON",
        }
    }

    /// The one that a `typ` or a media type names, if it names one.
    pub fn named_by(typ: &str) -> Option<Self> {
        [Self::Compact, Self::Json].into_iter().find(|each| same_media_type(typ, each.typ()))
    }
}
