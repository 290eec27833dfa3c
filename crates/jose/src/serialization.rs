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
