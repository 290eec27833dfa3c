//! The `address` claim.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use avouch_json::{JsonError, MemberName, RawValue};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::value::claim_object;
use crate::{ClaimProblem, ClaimRef, JsonType, path};

claim_object! {
    /// A postal address ([Core 5.1.1](https://openid.net/specs/openid-connect-core-1_0.html#AddressClaim)).
    ///
    /// Every member is optional; lines are separated by `\r\n` or `\n`.
    ///
    /// ```
    /// use avouch_claims::Address;
    ///
    /// let address = Address {
    ///     street_address: Some("1234 Hollywood Blvd.\nApt. 5".to_owned()),
    ///     country: Some("US".to_owned()),
    ///     ..Address::default()
    /// };
    /// assert_eq!(Address::lines(address.street_address.as_deref().unwrap_or_default()).count(), 2);
    /// ```
    pub struct Address {
        /// The full address, formatted for display or a mailing label; may have several lines.
        formatted: String,
        /// House number, street, post office box; may have several lines.
        street_address: String,
        /// City or locality.
        locality: String,
        /// State, province, prefecture or region.
        region: String,
        /// Zip code or postal code.
        postal_code: String,
        /// Country name.
        country: String,
    }
}

impl Address {
    /// The lines of a multi-line member, whichever of the two line ends its sender uses.
    pub fn lines(text: &str) -> impl Iterator<Item = &str> {
        text.lines()
    }

    /// The members that say something: neither empty nor of another type than the specification gives them.
    pub(crate) fn said(&self) -> impl Iterator<Item = (&str, ClaimRef<'_>)> {
        let typed = Self::NAMES.iter().filter_map(|name| Some((*name, self.get(name)?)));
        let extra = self.extra.iter().map(|(name, value)| (name.as_str(), ClaimRef::Other(value)));
        typed
            .chain(extra.filter(|(name, _)| Self::type_of(name).is_none()))
            .filter(|(_, value)| !value.is_empty())
    }

    /// Whether an address in a JSON value, which goes out as it stands, has members that say something and no other.
    pub(crate) fn is_all_said(members: &Map<String, Value>) -> bool {
        let fits =
            |name: &str, value: &Value| Self::type_of(name).is_none_or(|kind| kind == JsonType::of(value));
        !members.is_empty()
            && members.iter().all(|(name, value)| fits(name, value) && !ClaimRef::Other(value).is_empty())
    }

    /// What is wrong with the members that were kept as received; paths start with `address.`.
    #[must_use]
    pub fn problems(&self) -> Vec<ClaimProblem> {
        self.problems_at("address")
    }

    /// The same for an address that stands under another name: `address#de`.
    pub(crate) fn problems_at(&self, parent: &str) -> Vec<ClaimProblem> {
        let path = |name: &str| path::member(parent, name);
        let mut problems: Vec<_> = self
            .wrong_types()
            .map(|(name, expected, value)| ClaimProblem::WrongType {
                path: path(name),
                expected,
                found: JsonType::of(value),
            })
            .collect();
        let formatted = self.formatted.as_deref().map(plain);
        for name in Self::NAMES {
            let Some(text) = self.get(name).and_then(ClaimRef::as_str) else { continue };
            if text.is_empty() {
                problems.push(ClaimProblem::Empty { path: path(name) });
            } else if has_stray_line_break(name, text) {
                problems.push(ClaimProblem::LineBreak { path: path(name) });
            }
            if formatted.as_deref().is_some_and(|formatted| contradicts(name, text, formatted)) {
                problems.push(ClaimProblem::NotInFormatted { path: path(name) });
            }
        }
        problems.extend(self.inexact.iter().map(|name| ClaimProblem::InexactNumber { path: path(name) }));
        problems
    }
}

/// Lines end in `\r\n` or `\n`, and only the two members that may have several lines have ends of lines.
fn has_stray_line_break(name: &str, text: &str) -> bool {
    if matches!(name, "formatted" | "street_address") {
        text.replace("\r\n", "\n").contains('\r')
    } else {
        text.contains(['\r', '\n'])
    }
}

/// Whether a part does not stand in the formatted address, which should be the same one. Spacing and case do not count.
/// Region and country are written in too many ways to say (`CA` and `California`, or left out at home).
fn contradicts(name: &str, part: &str, formatted: &str) -> bool {
    matches!(name, "street_address" | "locality" | "postal_code")
        && !Address::lines(part).take(MOST_LINES).all(|line| formatted.contains(&plain(line)))
}

/// How many lines of a part are looked for, each in the whole formatted address: no address has more, and a peer chooses both.
const MOST_LINES: usize = 32;

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
