use std::fmt;

use crate::{LanguageTag, WordError};

/// A member name that may carry a language: `family_name#ja-Kana-JP`
/// ([OpenID Connect Core §5.2](https://openid.net/specs/openid-connect-core-1_0.html#ClaimsLanguagesAndScripts), and
/// [Registration §2.1](https://openid.net/specs/openid-connect-registration-1_0.html#LanguagesAndScripts) for client
/// metadata). Names are case-sensitive, languages are not.
///
/// ```
/// use avouch_types::TaggedName;
/// let name = TaggedName::parse("family_name#ja-kana-jp")?;
/// assert_eq!((name.name, name.language.as_ref().map(|tag| tag.as_str())), ("family_name", Some("ja-Kana-JP")));
/// assert_eq!(name.to_string(), "family_name#ja-Kana-JP");
/// assert_eq!(TaggedName::parse("family_name")?.language, None);
/// assert!(TaggedName::parse("family_name#en_US").is_err());
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaggedName<'a> {
    /// The name before the `#`.
    pub name: &'a str,
    /// The language after it, if there is one.
    pub language: Option<LanguageTag>,
}

impl<'a> TaggedName<'a> {
    /// Takes a member name apart at its first `#`.
    ///
    /// # Errors
    /// [`WordError::Empty`] without a name or with nothing after the `#`, [`WordError::MalformedLanguageTag`] for what is
    /// no language tag there; its position counts from the `#` on.
    pub fn parse(text: &'a str) -> Result<Self, WordError> {
        let (name, language) = match text.split_once('#') {
            Some((name, tag)) => (name, Some(LanguageTag::parse(tag)?)),
            None => (text, None),
        };
        if name.is_empty() {
            return Err(WordError::Empty { what: "member name" });
        }
        Ok(Self { name, language })
    }
}

impl fmt::Display for TaggedName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        match &self.language {
            Some(language) => write!(f, "#{language}"),
            None => Ok(()),
        }
    }
}
