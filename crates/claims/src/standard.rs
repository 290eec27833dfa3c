//! The standard claims.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use avouch_json::{JsonError, Limits, MemberName, ObjectView, RawValue};
use avouch_types::{LanguageTag, SubjectIdentifier};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::value::claim_object;
use crate::{Address, Birthdate, ClaimProblem, JsonType, PROTOCOL_CLAIMS, TakenClaims};

mod check;
mod languages;

/// Claims of which the second says that the first was verified.
const HALVES: [(&str, &str); 2] = [("email", "email_verified"), ("phone_number", "phone_number_verified")];

claim_object! {
    /// What is said about a person
    /// ([Core 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)), but for `sub`.
    ///
    /// `sub` stands beside these claims, strict and typed, in the document that carries them.
    /// Every claim here is optional, and a bad one never spoils the rest: a member with the wrong JSON type is kept in
    /// `malformed` and reported by [`problems`](Self::problems); a value in the wrong format is kept in its field and
    /// reported likewise. Claims in a language (`family_name#ja-Kana-JP`) and all unknown ones are in `extra`.
    ///
    /// A bad claim is one of another type or format. What is no JSON within the limits is refused as a whole, and so is a
    /// number beyond `f64` (`1e999`), in whichever claim it stands: nobody could read it. A number that is neither an integer
    /// of 64 bits nor written as an `f64` is (`18446744073709551616`) is written back as another number;
    /// [`from_json`](Self::from_json) and [`extend`](Self::extend), which have the text, list such claims in `inexact`, and
    /// `problems` reports them.
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
        /// E-mail address (RFC 5322 `addr-spec`). Not unique: never a key for the person (Core 5.7). As received, and not fit
        /// for the header of a mail as it stands: an `addr-spec` may have comments, quotes and folding space, line ends
        /// among it, and this may not even be one.
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
    /// [`JsonError`] if the input is not one JSON object within the limits, or has a number beyond `f64`
    /// ([`JsonError::NumberTooLarge`], of which [`path`](JsonError::path) and [`section`](JsonError::section) say the rest).
    pub fn from_json(input: &[u8], limits: &Limits) -> Result<Self, JsonError> {
        let members = ObjectView::read(input, limits)?;
        let mut claims = Self::default();
        claims.extend(members.members())?;
        Ok(claims)
    }

    /// `sub`, where these claims were read from a document that has it among its members: the one claim that is required
    /// of every document about a person, and strict.
    ///
    /// # Errors
    ///
    /// [`ClaimProblem::Missing`], [`ClaimProblem::WrongType`] or [`ClaimProblem::SubFormat`].
    pub fn sub(&self) -> Result<SubjectIdentifier, ClaimProblem> {
        let path = || "sub".to_owned();
        let value = self.extra.get("sub").ok_or_else(|| ClaimProblem::Missing { path: path() })?;
        let text = value.as_str().ok_or_else(|| ClaimProblem::WrongType {
            path: path(),
            expected: JsonType::String,
            found: JsonType::of(value),
        })?;
        SubjectIdentifier::parse(text).map_err(|error| ClaimProblem::SubFormat { error })
    }

    /// Says a claim in a language: `insert_in_language("website", &tag, value)`. What was said in that language is replaced,
    /// in whichever casing its tag is written.
    pub fn insert_in_language(&mut self, name: &str, language: &LanguageTag, value: impl Into<Value>) {
        let same = |member: &str| {
            let tagged = member.split_once('#');
            tagged.is_some_and(|(base, tag)| base == name && tag.eq_ignore_ascii_case(language.as_str()))
        };
        self.extra.retain(|member, _| !same(member));
        self.inexact.retain(|member| !same(member));
        self.extra.insert(format!("{name}#{}", language.as_str()), value.into());
    }

    /// Takes in what a verified answer of a Claims Provider gave, and hands back what is in conflict with these claims.
    ///
    /// What the sender asserts itself is not overwritten, be it in a wrong type or in another casing of the language tag.
    /// `email` and `email_verified` are one assertion, and so are `phone_number` and `phone_number_verified`: of a sender
    /// who makes half of it, the other half is not taken from somebody else, who may have verified another value. Claims that
    /// make the token or message itself are never taken. What says the same as is there already is no conflict.
    ///
    /// ```
    /// use avouch_claims::{ExternalClaims, SourceLocation, StandardClaims};
    /// use avouch_types::Secret;
    ///
    /// let received = br#"{"name": "Jane", "_claim_names": {"name": "src1", "address": "src1"}, "_claim_sources": {"src1": {"JWT": "a.b.c"}}}"#;
    /// let mut claims = StandardClaims::from_json(received, &avouch_json::Limits::default())?;
    /// let verified = serde_json::json!({"iss": "https://bank.example", "name": "J. Doe", "address": {"country": "US"}});
    /// for source in ExternalClaims::read(&claims).sources() {
    ///     let taken = source.take(verified.as_object().ok_or("no object")?); // after the JWT was verified
    ///     let conflicts = claims.merge(taken);
    ///     assert_eq!(conflicts["name"], "J. Doe"); // for the host to decide on
    /// }
    /// assert_eq!(claims.name.as_deref(), Some("Jane"));
    /// assert!(claims.address.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn merge(&mut self, taken: TakenClaims) -> Map<String, Value> {
        let asserted = |name: &str| {
            PROTOCOL_CLAIMS.contains(&name)
                || self.asserts(name)
                || HALVES
                    .iter()
                    .any(|&(a, b)| (name == a && self.asserts(b)) || (name == b && self.asserts(a)))
        };
        let differs = |name: &str, value: &Value| self.get(name).is_none_or(|own| own != *value);
        let (conflicts, news): (Vec<_>, Vec<_>) = taken
            .claims
            .into_iter()
            .filter(|(name, value)| differs(name, value))
            .partition(|(name, _)| asserted(name));
        for (name, value) in news {
            self.insert(name.into(), value);
        }
        conflicts.into_iter().collect()
    }

    /// Whether anything is said under this name, whatever it is, or under the same name in another casing of its tag.
    fn asserts(&self, name: &str) -> bool {
        let same = |member: &str| match (member.split_once('#'), name.split_once('#')) {
            (Some((own, own_tag)), Some((base, tag))) => own == base && own_tag.eq_ignore_ascii_case(tag),
            _ => member == name,
        };
        self.get(name).is_some()
            || self.malformed.contains_key(name)
            || self.extra.keys().any(|key| same(key))
    }

    /// The birthday, if it is one.
    #[must_use]
    pub fn parsed_birthdate(&self) -> Option<Birthdate> {
        self.birthdate.as_deref().and_then(Birthdate::parse)
    }

    /// The locale as a language tag, also where it is written with underscores.
    #[must_use]
    pub fn parsed_locale(&self) -> Option<LanguageTag> {
        self.locale.as_deref().and_then(|locale| LanguageTag::parse_locale(locale).ok())
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
    pub fn additional<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.extra)
    }

    /// Adds the members of a type of the host's own, the counterpart of [`additional`](Self::additional). Each replaces
    /// what stood under its name.
    ///
    /// ```
    /// # use avouch_claims::StandardClaims;
    /// # use std::collections::BTreeMap;
    /// let mut claims = StandardClaims::default();
    /// claims.insert_additional(&BTreeMap::from([("groups", ["staff"])]))?;
    /// assert_eq!(claims.extra["groups"][0], "staff");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the type says while it is written, and where it is not written as an object.
    pub fn insert_additional<T: Serialize>(&mut self, additional: &T) -> Result<(), serde_json::Error> {
        let members: Map<String, Value> = serde_json::from_value(serde_json::to_value(additional)?)?;
        for (name, value) in members {
            self.insert(name.into(), value);
        }
        Ok(())
    }
}
