use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::word::{each, pieces, string_traits};
use crate::{ResponseMode, WordError};

/// `response_type`: what the authorization endpoint is to answer with, a set of words
/// ([OAuth 2.0 Multiple Response Types §1.2](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseTypesAndModes)).
///
/// The order of the words means nothing; they are written in alphabetical order, which is the registered spelling.
///
/// ```
/// use avouch_types::ResponseType;
/// let hybrid = ResponseType::parse("token id_token code")?;
/// assert_eq!(hybrid, ResponseType::CODE_ID_TOKEN_TOKEN);
/// assert_eq!(hybrid.as_str(), "code id_token token");
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResponseType(Cow<'static, str>);

impl ResponseType {
    /// A code: the code flow.
    pub const CODE: Self = Self(Cow::Borrowed("code"));
    /// An ID Token: the implicit flow without an access token.
    pub const ID_TOKEN: Self = Self(Cow::Borrowed("id_token"));
    /// An ID Token and an access token: the implicit flow.
    pub const ID_TOKEN_TOKEN: Self = Self(Cow::Borrowed("id_token token"));
    /// A code and an ID Token: the hybrid flow.
    pub const CODE_ID_TOKEN: Self = Self(Cow::Borrowed("code id_token"));
    /// A code and an access token: the hybrid flow.
    pub const CODE_TOKEN: Self = Self(Cow::Borrowed("code token"));
    /// A code, an ID Token and an access token: the hybrid flow.
    pub const CODE_ID_TOKEN_TOKEN: Self = Self(Cow::Borrowed("code id_token token"));
    /// Nothing.
    pub const NONE: Self = Self(Cow::Borrowed("none"));

    /// Reads the words; they may stand in any order, with one space between.
    ///
    /// # Errors
    /// [`WordError::Empty`] for an empty text, [`WordError::ForbiddenCharacter`] for a word that is not made of letters,
    /// digits and underscores or for a space too many, [`WordError::RepeatedWord`] for a word that stands there twice.
    pub fn parse(text: &str) -> Result<Self, WordError> {
        let registered = [Self::CODE, Self::ID_TOKEN, Self::ID_TOKEN_TOKEN, Self::CODE_ID_TOKEN];
        if let Some(known) = registered.into_iter().find(|known| known.as_str() == text) {
            return Ok(known);
        }
        let what = "response_type";
        let mut words = BTreeSet::new();
        let mut position = 0;
        for word in pieces(text, b' ') {
            if word.is_empty() && text.len() > 1 {
                return Err(WordError::ForbiddenCharacter { what, position });
            }
            each(word, what, |byte| byte.is_ascii_alphanumeric() || byte == b'_').map_err(
                |error| match error {
                    WordError::ForbiddenCharacter { what, position: inner } => {
                        WordError::ForbiddenCharacter { what, position: position + inner }
                    }
                    other => other,
                },
            )?;
            if !words.insert(word) {
                return Err(WordError::RepeatedWord { what, position });
            }
            position += word.len() + 1;
        }
        Ok(Self(Cow::Owned(Vec::from_iter(words).join(" "))))
    }

    /// The words in alphabetical order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        pieces(&self.0, b' ')
    }

    /// Whether `word` is one of the words.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.words().any(|own| own == word)
    }

    /// The mode of a request that names none: the fragment as soon as a token comes from the authorization endpoint, else
    /// the query (Multiple Response Types §2.1, §3, §5). A type that nobody registered is judged by the same words.
    #[must_use]
    pub fn default_response_mode(&self) -> ResponseMode {
        if self.contains("token") || self.contains("id_token") {
            ResponseMode::FRAGMENT
        } else {
            ResponseMode::QUERY
        }
    }
}

string_traits!(ResponseType);
