//! Reading a claims set in one pass, without a map in between.

use std::borrow::Cow;
use std::fmt;

use avouch_claims::StandardClaims;
use avouch_json::MemberName;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::IdTokenClaims;
use crate::ClaimsError;

/// The claims of the token itself.
const OWN: [&str; 14] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "sid",
];

/// A claims set whose members are where they belong, but for the types of the token's own.
#[derive(Default)]
pub(super) struct SortedClaims {
    /// In the order of [`OWN`].
    own: [Option<Value>; OWN.len()],
    person: StandardClaims,
}

impl SortedClaims {
    /// Puts one member where it belongs. Says whether it is new.
    pub(super) fn insert(&mut self, name: Cow<'_, str>, value: Value) -> bool {
        match OWN.iter().zip(&mut self.own).find(|(own, _)| **own == name) {
            Some((_, slot)) => slot.replace(value).is_none(),
            None => self.person.insert(name, value),
        }
    }

    pub(super) fn typed(self) -> Result<IdTokenClaims, ClaimsError> {
        let [iss, sub, aud, exp, iat, nbf, auth_time, nonce, acr, amr, azp, at_hash, c_hash, sid] = self.own;
        Ok(IdTokenClaims {
            iss: required("iss", iss)?,
            sub: required("sub", sub)?,
            aud: required("aud", aud)?,
            exp: required("exp", exp)?,
            iat: required("iat", iat)?,
            nbf: optional("nbf", nbf)?,
            auth_time: optional("auth_time", auth_time)?,
            nonce: optional("nonce", nonce)?,
            acr: optional("acr", acr)?,
            amr: optional("amr", amr)?,
            azp: optional("azp", azp)?,
            at_hash: optional("at_hash", at_hash)?,
            c_hash: optional("c_hash", c_hash)?,
            sid: optional("sid", sid)?,
            claims: self.person,
        })
    }
}

fn required<T: DeserializeOwned>(claim: &'static str, value: Option<Value>) -> Result<T, ClaimsError> {
    optional(claim, value)?.ok_or(ClaimsError::Missing { claim })
}

/// Absent is fine; present with a wrong type is not, and `null` is no value.
fn optional<T: DeserializeOwned>(
    claim: &'static str,
    value: Option<Value>,
) -> Result<Option<T>, ClaimsError> {
    value.map(T::deserialize).transpose().map_err(|source| ClaimsError::Invalid { claim, source })
}

impl<'de> Deserialize<'de> for SortedClaims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = SortedClaims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a claims set")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<SortedClaims, M::Error> {
                let mut claims = SortedClaims::default();
                while let Some(name) = map.next_key::<MemberName<'de>>()? {
                    if !claims.insert(name.into(), map.next_value()?) {
                        return Err(M::Error::custom("a claim stands there twice"));
                    }
                }
                Ok(claims)
            }
        }

        deserializer.deserialize_map(Members)
    }
}
