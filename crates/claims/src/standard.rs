//! The standard claims.

use std::borrow::Cow;
use std::fmt;

use avouch_json::{JsonError, Limits, MemberName};
use avouch_types::LanguageTag;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::value::claim_object;
use crate::{Address, ClaimProblem};

claim_object! {
    /// What is said about a person
    /// ([Core 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)), but for `sub`.
    ///
    /// `sub` stands beside these claims, strict and typed, in the document that carries them.
    /// Every claim here is optional, and a bad one never spoils the rest: a member with the wrong JSON type is kept in
    /// `malformed` and reported by [`problems`](Self::problems); a value in the wrong format is kept in its field and
    /// reported likewise. Claims in a language (`family_name#ja-Kana-JP`) and all unknown ones are in `extra`.
    ///
    /// ```
    /// use avouch_claims::StandardClaims;
    ///
    /// let received = br#"{"name": "Jane Doe", "email_verified": "true", "https://example.com/role": "admin"}"#;
    /// let claims = StandardClaims::from_json(received, &avouch_json::Limits::default())?;
    ///
    /// assert_eq!(claims.name.as_deref(), Some("Jane Doe"));
    /// assert_eq!(claims.email_verified, None); // a string where a boolean belongs: nothing to rely on
    /// assert_eq!(claims.problems()[0].path(), "email_verified");
    /// assert_eq!(claims.extra["https://example.com/role"], "admin");
    /// # Ok::<(), avouch_json::JsonError>(())
    /// ```
    pub struct StandardClaims {
        /// Full name in displayable form, with titles and suffixes.
        name: String,
        /// Given or first names.
        given_name: String,
        /// Surnames or last names.
        family_name: String,
        /// Middle names.
        middle_name: String,
        /// Casual name.
        nickname: String,
        /// The name the person wants to be called by at the RP; may hold any character, and is not unique.
        preferred_username: String,
        /// URL of the profile page.
        profile: String,
        /// URL of a picture of the person: of an image file, not of a page.
        picture: String,
        /// URL of the person's page or blog.
        website: String,
        /// E-mail address (RFC 5322 `addr-spec`). Not unique: never a key for the person (Core 5.7).
        email: String,
        /// Whether the OP verified that the address was controlled by the person.
        email_verified: bool,
        /// `female`, `male`, or another value.
        gender: String,
        /// `YYYY-MM-DD`, with year `0000` where it is not given, or `YYYY`.
        birthdate: String,
        /// Time zone of the IANA database, such as `Europe/Paris`.
        zoneinfo: String,
        /// Language tag (BCP 47), such as `en-US`; some senders write `en_US`.
        locale: String,
        /// Telephone number; E.164 is recommended, an extension as `;ext=5678`.
        phone_number: String,
        /// Whether the OP verified that the number was controlled by the person.
        phone_number_verified: bool,
        /// Postal address.
        address: Address,
        /// When the information was last updated, in seconds since the epoch; as received, so possibly with a fraction.
        updated_at: Number,
    }
}

impl StandardClaims {
    /// Reads a JSON object strictly as JSON (budgets, duplicate members) and forgivingly as claims.
    ///
    /// # Errors
    ///
    /// [`JsonError`] if the input is not one JSON object within the limits.
    pub fn from_json(input: &[u8], limits: &Limits) -> Result<Self, JsonError> {
        avouch_json::from_object(input, limits)
    }

    /// One claim by its exact name, language tag included; `None` for one that is absent or malformed.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        self.typed(name).or_else(|| self.extra.get(name).cloned())
    }

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
    pub fn in_language(&self, name: &str, language: &LanguageTag) -> Option<(&str, &Value)> {
        self.tagged(name, language.as_str())
    }

    /// What [`get`](Self::get) finds, without the members of an address that are empty or malformed.
    pub(crate) fn releasable(&self, name: &str) -> Option<Value> {
        match (name, &self.address) {
            ("address", Some(address)) => address.releasable(),
            _ => self.get(name),
        }
    }

    pub(crate) fn tagged(&self, name: &str, language: &str) -> Option<(&str, &Value)> {
        let in_language = |exact: bool| {
            self.extra.iter().find(|(member, _)| {
                let Some((base, tag)) = member.split_once('#') else { return false };
                let (head, tail) = tag.split_at_checked(language.len()).unwrap_or((tag, ""));
                let more_specific = !exact && tail.starts_with('-');
                base == name && head.eq_ignore_ascii_case(language) && (tail.is_empty() || more_specific)
            })
        };
        in_language(true).or_else(|| in_language(false)).map(|(member, value)| (member.as_str(), value))
    }

    /// Says a claim in a language: `insert_in_language("website", &tag, value)`.
    pub fn insert_in_language(&mut self, name: &str, language: &LanguageTag, value: impl Into<Value>) {
        self.extra.insert(format!("{name}#{}", language.as_str()), value.into());
    }

    /// The unknown members, read as a type of the host's own; members that it does not ask for are no error.
    ///
    /// ```
    /// # use avouch_claims::StandardClaims;
    /// # use std::collections::BTreeMap;
    /// # let json = br#"{"name": "Jane", "groups": ["staff"]}"#;
    /// # let claims = StandardClaims::from_json(json, &avouch_json::Limits::default())?;
    /// let more: BTreeMap<String, Vec<String>> = claims.additional()?; // or a struct of your own
    /// assert_eq!(more["groups"], ["staff"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the type says about a member that does not fit it.
    pub fn additional<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&Value::Object(self.extra.clone()))
    }

    /// What is wrong with these claims: members of the wrong JSON type, and formats that are checked.
    #[must_use]
    pub fn problems(&self) -> Vec<ClaimProblem> {
        let mut problems: Vec<_> = self.wrong_types("").collect();
        problems.extend(self.address.iter().flat_map(Address::problems));
        if self.birthdate.as_deref().is_some_and(|date| !is_birthdate(date)) {
            problems.push(ClaimProblem::BirthdateFormat);
        }
        problems
    }
}

/// `YYYY-MM-DD` with an existing day, or `YYYY`; year `0000` stands for "not given", so that it has a 29 February.
fn is_birthdate(text: &str) -> bool {
    fn number(digits: &str) -> Option<u32> {
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    }
    let leap = |year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year] => year.len() == 4 && number(year).is_some(),
        [year, month, day] if (year.len(), month.len(), day.len()) == (4, 2, 2) => {
            let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
                return false;
            };
            let days = match month {
                1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
                4 | 6 | 9 | 11 => 30,
                2 if leap(year) => 29,
                2 => 28,
                _ => 0,
            };
            (1..=days).contains(&day)
        }
        _ => false,
    }
}
