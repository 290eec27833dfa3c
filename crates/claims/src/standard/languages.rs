//! Claims in a language: finding the one that somebody wants.

use avouch_types::LanguageTag;

use super::StandardClaims;
use crate::{Address, ClaimRef, JsonType};

impl StandardClaims {
    /// The name and value of a claim in a language ([Core 5.2]).
    ///
    /// Tags are compared without regard to case. Where the very language is missing, a more specific one will do:
    /// `de` is met by `family_name#de-CH`. The untagged claim is never the answer.
    ///
    /// ```
    /// use avouch_claims::StandardClaims;
    /// let json = br#"{"family_name#de-CH": "M\u00fcller"}"#;
    /// let claims = StandardClaims::from_json(json, &avouch_json::Limits::default())?;
    /// let (name, value) = claims.in_language("family_name", &"de".parse()?).ok_or("no German name")?;
    /// assert_eq!((name, value.as_str()), ("family_name#de-CH", Some("Müller")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [Core 5.2]: https://openid.net/specs/openid-connect-core-1_0.html#ClaimsLanguagesAndScripts
    #[must_use]
    pub fn in_language(&self, name: &str, language: &LanguageTag) -> Option<(&str, ClaimRef<'_>)> {
        let found =
            self.tagged(name).filter(|(_, tag, _)| language.covers(tag)).min_by_key(|(_, tag, _)| tag.len());
        found.map(|(member, _, value)| (member, value))
    }

    /// The name and value of a claim in the language that suits these preferences best, such as `claims_locales`.
    ///
    /// For each preference in turn: what Lookup finds ([RFC 4647 §3.4], the very language or a less specific one), else
    /// a more specific one, as Core 5.2 suggests (`de` is met by `de-CH`). `None` where no preference is met; then the
    /// untagged claim is what there is.
    ///
    /// ```
    /// use avouch_claims::StandardClaims;
    /// let json = br#"{"name": "Sato", "name#ja": "\u4f50\u85e4", "name#ja-Kana": "\u30b5\u30c8\u30a6"}"#;
    /// let claims = StandardClaims::from_json(json, &avouch_json::Limits::default())?;
    /// let best = |languages: &[&str]| {
    ///     let languages: Vec<_> = languages.iter().filter_map(|tag| tag.parse().ok()).collect();
    ///     claims.in_best_language("name", &languages).map(|(name, _)| name)
    /// };
    /// assert_eq!(best(&["fr", "ja-Kana-JP"]), Some("name#ja-Kana"));
    /// assert_eq!(best(&["ja-Hani-JP"]), Some("name#ja"));
    /// assert_eq!(best(&["fr"]), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [RFC 4647 §3.4]: https://www.rfc-editor.org/rfc/rfc4647#section-3.4
    #[must_use]
    pub fn in_best_language(&self, name: &str, preferences: &[LanguageTag]) -> Option<(&str, ClaimRef<'_>)> {
        // The preferences are a peer's list, so each is looked at for the few members of this name, not the reverse.
        let rank = |tag: &str| {
            preferences.iter().enumerate().find_map(|(index, wanted)| {
                if is_fallback(tag, wanted) {
                    Some((index, 0, usize::MAX - tag.len()))
                } else {
                    wanted.covers(tag).then_some((index, 1, tag.len()))
                }
            })
        };
        let ranked = self.tagged(name).filter_map(|(member, tag, value)| Some((rank(tag)?, member, value)));
        ranked.min_by_key(|(rank, ..)| *rank).map(|(_, member, value)| (member, value))
    }

    /// The members that say `name` in a language and have the type of that claim: name, tag, value.
    fn tagged<'a>(&'a self, name: &str) -> impl Iterator<Item = (&'a str, &'a str, ClaimRef<'a>)> {
        let expected = Self::type_of(name);
        self.extra.iter().filter_map(move |(member, value)| {
            let (base, tag) = member.split_once('#')?;
            let usable = base == name
                && LanguageTag::check(tag).is_ok()
                && expected.is_none_or(|kind| kind == JsonType::of(value));
            // an address in a language goes out as it stands, so it has to be in order
            let in_order = name != "address" || value.as_object().is_some_and(Address::is_all_said);
            (usable && in_order).then_some((member.as_str(), tag, ClaimRef::Other(value)))
        })
    }
}

/// Whether Lookup comes from `wanted` to `tag`: the same, or cut off before a hyphen.
fn is_fallback(tag: &str, wanted: &LanguageTag) -> bool {
    wanted.as_str().split_at_checked(tag.len()).is_some_and(|(head, tail)| {
        head.eq_ignore_ascii_case(tag) && (tail.is_empty() || tail.starts_with('-'))
    })
}
