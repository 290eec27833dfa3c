use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use crate::WordError;
use crate::word::{each, string_traits};

/// A media type without parameters: `application/jwt`, compared without regard to case
/// ([RFC 9110 §8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1)); its spelling is kept.
///
/// ```
/// use avouch_types::MediaType;
/// assert_eq!(MediaType::parse("Application/JSON")?, MediaType::JSON);
/// assert!(MediaType::JSON.matches("application/json; charset=utf-8"));
/// assert!(!MediaType::JSON.matches("application/jsonp"));
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Clone, Debug)]
pub struct MediaType(std::borrow::Cow<'static, str>);

impl MediaType {
    /// `application/json`
    pub const JSON: Self = Self(std::borrow::Cow::Borrowed("application/json"));
    /// `application/jwt`
    pub const JWT: Self = Self(std::borrow::Cow::Borrowed("application/jwt"));
    /// `application/x-www-form-urlencoded`
    pub const FORM: Self = Self(std::borrow::Cow::Borrowed("application/x-www-form-urlencoded"));

    /// Reads `type/subtype`, each a token of RFC 9110 §5.6.2.
    ///
    /// # Errors
    /// [`WordError::Empty`], or [`WordError::ForbiddenCharacter`] where one of the two is missing or a character stands
    /// that no token has (so also for a parameter).
    pub fn parse(text: &str) -> Result<Self, WordError> {
        let what = "media type";
        let (kind, subtype) =
            text.split_once('/').ok_or(WordError::ForbiddenCharacter { what, position: text.len() })?;
        each(kind, what, is_token)?;
        each(subtype, what, is_token).map_err(|error| match error {
            WordError::ForbiddenCharacter { what, position } => {
                WordError::ForbiddenCharacter { what, position: kind.len() + 1 + position }
            }
            other => other,
        })?;
        Ok(Self(text.to_owned().into()))
    }

    /// Whether a `Content-Type` is of this type, whatever its parameters are.
    #[must_use]
    pub fn matches(&self, content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default();
        essence.trim_matches([' ', '\t']).eq_ignore_ascii_case(&self.0)
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

string_traits!(MediaType);

impl PartialEq for MediaType {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for MediaType {}

impl PartialOrd for MediaType {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MediaType {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for MediaType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        state.write_u8(0xff);
    }
}
