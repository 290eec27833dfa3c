use crate::WordError;
use crate::word::{cut, pieces, string_traits};

/// A language tag that is well-formed by BCP 47 ([RFC 5646 §2.1](https://www.rfc-editor.org/rfc/rfc5646#section-2.1));
/// whether its subtags are registered is not looked up. Tags are compared without regard to case; they are kept in the
/// recommended casing (language lower, script title, region upper case).
///
/// ```
/// use avouch_types::LanguageTag;
/// let tag = LanguageTag::parse("ja-kana-jp")?;
/// assert_eq!(tag.as_str(), "ja-Kana-JP");
/// assert_eq!(tag, LanguageTag::parse("JA-KANA-JP")?);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageTag(String);

/// Tags of the time before RFC 4646 that do not fit the grammar but are valid by name (RFC 5646 §2.1, `irregular` and the
/// `regular` ones whose second subtag fits no place).
const GRANDFATHERED: [&str; 26] = [
    "en-gb-oed",
    "i-ami",
    "i-bnn",
    "i-default",
    "i-enochian",
    "i-hak",
    "i-klingon",
    "i-lux",
    "i-mingo",
    "i-navajo",
    "i-pwn",
    "i-tao",
    "i-tay",
    "i-tsu",
    "sgn-be-fr",
    "sgn-be-nl",
    "sgn-ch-de",
    "art-lojban",
    "cel-gaulish",
    "no-bok",
    "no-nyn",
    "zh-guoyu",
    "zh-hakka",
    "zh-min",
    "zh-min-nan",
    "zh-xiang",
];

impl LanguageTag {
    /// Reads a tag and puts it into the recommended casing.
    ///
    /// # Errors
    /// [`WordError::Empty`], or [`WordError::MalformedLanguageTag`] with the place of the first subtag that does not fit.
    pub fn parse(text: &str) -> Result<Self, WordError> {
        Self::check(text)?;
        Ok(Self(recommended_casing(text)))
    }

    /// Holds a text against the rule of this type, for those who compare and do not keep it.
    ///
    /// # Errors
    /// As [`LanguageTag::parse`].
    pub fn check(text: &str) -> Result<(), WordError> {
        if text.is_empty() {
            return Err(WordError::Empty { what: "language tag" });
        }
        check(text)
            .or_else(|position| {
                let known = GRANDFATHERED.iter().any(|tag| tag.eq_ignore_ascii_case(text));
                if known { Ok(()) } else { Err(position) }
            })
            .map_err(|position| WordError::MalformedLanguageTag { position })
    }

    /// Reads a list of preferences, the best first, as `claims_locales` and `ui_locales` have it: with spaces between. What is
    /// no tag is left out, for in such a list it is no error
    /// ([OpenID Connect Core §5.2](https://openid.net/specs/openid-connect-core-1_0.html#ClaimsLanguagesAndScripts)).
    ///
    /// ```
    /// use avouch_types::LanguageTag;
    /// let preferences = LanguageTag::parse_preferences("fr-CA fr en_US  de");
    /// assert_eq!(preferences.iter().map(LanguageTag::as_str).collect::<Vec<_>>(), ["fr-CA", "fr", "de"]);
    /// ```
    #[must_use]
    pub fn parse_preferences(text: &str) -> Vec<Self> {
        pieces(text, b' ').filter_map(|tag| Self::parse(tag).ok()).collect()
    }

    /// As [`LanguageTag::parse`], but with `_` for `-` too: `en_US`, as some senders write a locale
    /// ([OpenID Connect Core §5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)).
    ///
    /// # Errors
    /// As [`LanguageTag::parse`].
    pub fn parse_locale(text: &str) -> Result<Self, WordError> {
        Self::parse(&text.replace('_', "-"))
    }

    /// This tag and what Lookup falls back to, step by step: the last subtag is cut off, and with it single
    /// characters that would then end the tag ([RFC 4647 §3.4](https://www.rfc-editor.org/rfc/rfc4647#section-3.4)).
    ///
    /// ```
    /// use avouch_types::LanguageTag;
    /// let tag = LanguageTag::parse("zh-Hant-CN-x-private1-private2")?;
    /// let steps: Vec<_> = tag.fallbacks().collect();
    /// assert_eq!(
    ///     steps,
    ///     ["zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x-private1", "zh-Hant-CN", "zh-Hant", "zh"]
    /// );
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    pub fn fallbacks(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.as_str()), |tag| {
            let (mut shorter, _) = tag.rsplit_once('-')?;
            // single characters go with what follows them
            while let Some((before, _)) = shorter.rsplit_once('-').filter(|(_, last)| last.len() == 1) {
                shorter = before;
            }
            Some(shorter).filter(|shorter| shorter.len() > 1)
        })
    }

    /// Whether `tag` is this one or a more specific one, without regard to case: `de` covers `de-CH` and not `den`
    /// (Basic Filtering, [RFC 4647 §3.3.1](https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1)).
    ///
    /// ```
    /// use avouch_types::LanguageTag;
    /// let german = LanguageTag::parse("de")?;
    /// assert!(german.covers("de-CH") && german.covers("DE") && !german.covers("den"));
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    #[must_use]
    pub fn covers(&self, tag: &str) -> bool {
        let Some((head, tail)) = tag.split_at_checked(self.0.len()) else { return false };
        head.eq_ignore_ascii_case(&self.0) && (tail.is_empty() || tail.starts_with('-'))
    }

    /// Which of the `available` languages to use for somebody with these preferences, such as `ui_locales`: the first one
    /// that Lookup finds ([RFC 4647 §3.4](https://www.rfc-editor.org/rfc/rfc4647#section-3.4)). Each preference is tried
    /// in all its [fallbacks](Self::fallbacks) before the next one. `None` stands for the default language.
    ///
    /// ```
    /// use avouch_types::LanguageTag;
    /// let tag = |text: &str| LanguageTag::parse(text);
    /// let pages = [tag("en")?, tag("fr")?, tag("fr-CA")?];
    /// assert_eq!(LanguageTag::lookup(&[tag("de-CH")?, tag("fr-CH")?], &pages), Some(&pages[1]));
    /// assert_eq!(LanguageTag::lookup(&[tag("ja")?], &pages), None);
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    #[must_use]
    pub fn lookup<'a>(preferences: &[Self], available: &'a [Self]) -> Option<&'a Self> {
        preferences
            .iter()
            .flat_map(Self::fallbacks)
            .find_map(|wanted| available.iter().find(|tag| tag.as_str().eq_ignore_ascii_case(wanted)))
    }
}

string_traits!(LanguageTag);

/// `langtag` or `privateuse` of RFC 5646 §2.1; the error is the position of the subtag that does not fit.
fn check(text: &str) -> Result<(), usize> {
    let mut subtags = Subtags { rest: Some(text), position: 0 };
    if subtags.take(|subtag| subtag.eq_ignore_ascii_case("x")) {
        return private_use(&mut subtags);
    }
    if subtags.take(|subtag| alphabetic(subtag, 2..=3)) {
        for _ in 0..3 {
            if !subtags.take(|subtag| alphabetic(subtag, 3..=3)) {
                break;
            }
        }
    } else if !subtags.take(|subtag| alphabetic(subtag, 4..=8)) {
        return Err(subtags.position);
    }
    subtags.take(|subtag| alphabetic(subtag, 4..=4));
    subtags.take(|subtag| {
        alphabetic(subtag, 2..=2) || (subtag.len() == 3 && subtag.bytes().all(|byte| byte.is_ascii_digit()))
    });
    while subtags.take(|subtag| {
        alphanumeric(subtag, 5..=8)
            || (alphanumeric(subtag, 4..=4) && subtag.starts_with(|first: char| first.is_ascii_digit()))
    }) {}
    while subtags.take(|subtag| alphanumeric(subtag, 1..=1) && !subtag.eq_ignore_ascii_case("x")) {
        if !subtags.take(|subtag| alphanumeric(subtag, 2..=8)) {
            return Err(subtags.position);
        }
        while subtags.take(|subtag| alphanumeric(subtag, 2..=8)) {}
    }
    if subtags.take(|subtag| subtag.eq_ignore_ascii_case("x")) {
        return private_use(&mut subtags);
    }
    if subtags.rest.is_some() { Err(subtags.position) } else { Ok(()) }
}

fn private_use(subtags: &mut Subtags<'_>) -> Result<(), usize> {
    loop {
        if !subtags.take(|subtag| alphanumeric(subtag, 1..=8)) {
            return Err(subtags.position);
        }
        if subtags.rest.is_none() {
            return Ok(());
        }
    }
}

struct Subtags<'a> {
    rest: Option<&'a str>,
    position: usize,
}

impl<'a> Subtags<'a> {
    /// Steps over the next subtag if it fits.
    fn take(&mut self, fits: impl Fn(&'a str) -> bool) -> bool {
        let Some(rest) = self.rest else { return false };
        let (subtag, after) = cut(rest, b'-');
        let taken = fits(subtag);
        if taken {
            self.rest = after;
            self.position += subtag.len() + 1;
        }
        taken
    }
}

fn alphabetic(subtag: &str, len: std::ops::RangeInclusive<usize>) -> bool {
    len.contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn alphanumeric(subtag: &str, len: std::ops::RangeInclusive<usize>) -> bool {
    len.contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// RFC 5646 §2.1.1: lower case, but for two-letter subtags (upper) and four-letter ones (title) that neither begin the tag
/// nor follow a singleton.
fn recommended_casing(text: &str) -> String {
    let mut cased = text.to_ascii_lowercase();
    let mut after_singleton = false;
    let mut start = 0;
    for subtag in pieces(text, b'-') {
        let upper = match subtag.len() {
            _ if start == 0 || after_singleton => 0,
            2 => 2,
            4 => 1,
            _ => 0,
        };
        if let Some(letters) = cased.get_mut(start..start + upper) {
            letters.make_ascii_uppercase();
        }
        after_singleton |= subtag.len() == 1;
        start += subtag.len() + 1;
    }
    cased
}
