//! The `address` claim.

use std::borrow::Cow;
use std::fmt;

use avouch_json::MemberName;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::ClaimProblem;
use crate::value::claim_object;

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

    /// One member by its name; `None` for one that is absent or malformed.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        self.typed(name).or_else(|| self.extra.get(name).cloned())
    }

    /// The members that say something, as one object; none if there are none.
    pub(crate) fn releasable(&self) -> Option<Value> {
        let mut members = self.to_members();
        let malformed = |name: &str| self.malformed.contains_key(name) && self.typed(name).is_none();
        members.retain(|name, value| !malformed(name) && !value.is_null() && value != "");
        (!members.is_empty()).then_some(Value::Object(members))
    }

    /// What is wrong with the members that were kept as received; paths start with `address.`.
    #[must_use]
    pub fn problems(&self) -> Vec<ClaimProblem> {
        self.wrong_types("address.").collect()
    }
}
