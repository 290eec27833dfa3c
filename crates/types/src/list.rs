use crate::repeats::second_places;
use crate::word::{nqchars, parse_traits, pieces, string_newtype};
use crate::{Acr, Prompt, WordError};

string_newtype!(
/// One scope value: %x21, %x23-5B, %x5D-7E, compared exactly ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
///
/// ```
/// use avouch_types::Scope;
/// assert_eq!(Scope::parse("openid")?, Scope::OPENID);
/// assert_ne!(Scope::parse("OpenID")?, Scope::OPENID);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
Scope, "scope", nqchars, {
    /// Makes an authorization request one of OpenID Connect.
    OPENID = "openid";
    /// The claims about the person in general.
    PROFILE = "profile";
    /// `email` and `email_verified`.
    EMAIL = "email";
    /// `address`.
    ADDRESS = "address";
    /// `phone_number` and `phone_number_verified`.
    PHONE = "phone";
    /// A refresh token for use while the End-User is away (Core §11).
    OFFLINE_ACCESS = "offline_access";
});

/// A space-delimited list: one 0x20 between entries, order kept, each entry once
/// (Core §14: neither tab nor any other whitespace separates).
macro_rules! space_list {
    ($(#[$doc:meta])* $name:ident, $entry:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name(Vec<$entry>);

        impl $name {
            /// Reads the list. The empty text is the empty list; an entry that stands there again is left out.
            ///
            /// # Errors
            /// [`WordError::ForbiddenCharacter`] for a leading, trailing or double space or a character that no entry may
            /// have.
            pub fn parse(text: &str) -> Result<Self, WordError> {
                if text.is_empty() {
                    return Ok(Self::default());
                }
                let mut entries = Vec::new();
                let mut position = 0;
                for word in pieces(text, b' ') {
                    if word.is_empty() {
                        return Err(WordError::ForbiddenCharacter { what: $what, position });
                    }
                    let entry = $entry::parse(word).map_err(|error| match error {
                        WordError::ForbiddenCharacter { what, position: inner } => {
                            WordError::ForbiddenCharacter { what, position: position + inner }
                        }
                        other => other,
                    })?;
                    entries.push(entry);
                    position += word.len() + 1;
                }
                Ok(entries.into_iter().collect())
            }

            /// The entries in their order.
            pub fn iter(&self) -> ::std::slice::Iter<'_, $entry> {
                self.0.iter()
            }

            /// Whether `entry` is in the list.
            #[must_use]
            pub fn contains(&self, entry: &$entry) -> bool {
                self.0.contains(entry)
            }

            /// Whether every entry is also in `other`.
            #[must_use]
            pub fn is_subset_of(&self, other: &Self) -> bool {
                // a peer chooses the length of either list
                let others: ::std::collections::BTreeSet<_> = other.iter().collect();
                self.iter().all(|entry| others.contains(entry))
            }

            /// Number of entries.
            #[must_use]
            pub fn len(&self) -> usize {
                self.0.len()
            }

            /// Whether the list has no entry.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl FromIterator<$entry> for $name {
            fn from_iter<I: IntoIterator<Item = $entry>>(entries: I) -> Self {
                let mut entries: Vec<$entry> = entries.into_iter().collect();
                if !second_places(entries.iter().map($entry::as_str)).is_empty() {
                    let mut seen = ::std::collections::BTreeSet::new();
                    entries.retain(|entry| seen.insert(entry.clone()));
                }
                Self(entries)
            }
        }

        impl<'a> IntoIterator for &'a $name {
            type Item = &'a $entry;
            type IntoIter = ::std::slice::Iter<'a, $entry>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                for (index, entry) in self.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" ")?;
                    }
                    f.write_str(entry.as_str())?;
                }
                Ok(())
            }
        }

        parse_traits!($name);
    };
}

space_list!(
    /// `scope`: a list of [`Scope`] values ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
    ///
    /// ```
    /// use avouch_types::{Scope, Scopes};
    /// let scopes = Scopes::parse("openid email")?;
    /// assert!(scopes.contains(&Scope::OPENID));
    /// assert!(scopes.is_subset_of(&Scopes::parse("email profile openid")?));
    /// assert_eq!(scopes.to_string(), "openid email");
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    Scopes, Scope, "scope");

space_list!(
    /// `prompt`: a list of [`Prompt`] values
    /// ([OpenID Connect Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)).
    ///
    /// ```
    /// use avouch_types::{Prompt, Prompts};
    /// assert!(Prompts::parse("login consent")?.contains(&Prompt::CONSENT));
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    Prompts, Prompt, "prompt");

space_list!(
    /// `acr_values`: [`Acr`] values in order of preference
    /// ([OpenID Connect Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)). A value with a
    /// space in it, which only a claim can have, cannot be asked for like this, for it would be read as two: a list that is
    /// put together of values goes through [`check`](Self::check).
    ///
    /// ```
    /// use avouch_types::AcrValues;
    /// let wanted = AcrValues::parse("urn:gold urn:silver")?;
    /// let possible = ["urn:bronze", "urn:silver"]; // what the host can do
    /// let first = wanted.iter().find(|acr| possible.contains(&acr.as_str()));
    /// assert_eq!(first.map(|acr| acr.as_str()), Some("urn:silver"));
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    AcrValues, Acr, "acr_values");

impl AcrValues {
    /// Whether these values can be asked for: none of them is empty or has a space in it.
    ///
    /// ```
    /// use avouch_types::{Acr, AcrValues};
    /// assert!(AcrValues::from_iter([Acr::parse("urn:gold")?]).check().is_ok());
    /// assert!(AcrValues::from_iter([Acr::parse("urn:gold"), Acr::parse("two words")].into_iter().flatten()).check().is_err());
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    ///
    /// # Errors
    /// [`WordError::Empty`], or [`WordError::ForbiddenCharacter`] with the place of that space in the text of the list.
    pub fn check(&self) -> Result<(), WordError> {
        let mut before = 0;
        for acr in self {
            if acr.as_str().is_empty() {
                return Err(WordError::Empty { what: "acr_values" });
            }
            if let Some(at) = acr.as_str().find(' ') {
                return Err(WordError::ForbiddenCharacter { what: "acr_values", position: before + at });
            }
            before += acr.as_str().len() + 1;
        }
        Ok(())
    }
}
