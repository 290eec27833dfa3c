use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{self, Serialize, Serializer};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::material::{KeyMaterial, RsaCrt};
use super::{Jwk, SecretOctets};
use crate::base64url;

/// The value of a member that identifies a key. No name and no encoded octets need an escape in JSON.
enum Member<'a> {
    Name(&'static str),
    Octets(&'a [u8]),
}

impl Member<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Name(text) => text.len(),
            Self::Octets(octets) => octets.len(),
        }
    }
}

/// The most that a member with a value of so many octets takes, quotes and separators included.
fn member_len(name: &str, value_len: usize) -> usize {
    name.len() + value_len.div_ceil(3) * 4 + 6
}

fn push_member(json: &mut String, before: &str, name: &str, value: &Member<'_>) {
    json.extend([before, "\"", name, "\":\""]);
    match value {
        Member::Name(text) => json.push_str(text),
        Member::Octets(octets) => base64url::encode_onto(octets, json),
    }
    json.push('"');
}

impl Jwk {
    /// The key with its private members, as JSON text that is wiped when dropped: for a vault, never for a peer.
    pub fn to_private_json(&self) -> Zeroizing<String> {
        let public = Value::Object(self.public_members()).to_string();
        let private = self.private_members();
        let private_len: usize = private.iter().map(|(name, value)| member_len(name, value.len())).sum();
        // never grows, so that no part of it is left behind
        let mut json = Zeroizing::new(String::with_capacity(public.len() + private_len));
        json.push_str(public.strip_suffix('}').unwrap_or(&public));
        for (name, value) in private {
            // `kty` stands before it
            push_member(&mut json, ",", name, &Member::Octets(value.expose()));
        }
        json.push('}');
        json
    }

    fn private_members(&self) -> Vec<(&'static str, &SecretOctets)> {
        let (d, crt) = match &self.material {
            KeyMaterial::Rsa(key) => (
                key.private().map(|private| &private.d),
                key.private().and_then(|private| private.crt.as_ref()),
            ),
            KeyMaterial::Ec(key) => (key.d(), None),
            KeyMaterial::Okp(key) => (key.d(), None),
            KeyMaterial::Akp(key) => {
                return key.seed().map(|seed| ("priv", seed)).into_iter().collect();
            }
            KeyMaterial::Oct(secret) => return vec![("k", secret)],
        };
        let crt =
            crt.map(|RsaCrt { p, q, dp, dq, qi }| [("p", p), ("q", q), ("dp", dp), ("dq", dq), ("qi", qi)]);
        d.map(|d| ("d", d)).into_iter().chain(crt.into_iter().flatten()).collect()
    }

    /// The members that identify the key, in lexicographic order, as JSON text without spaces ([RFC 7638 §3]).
    ///
    /// [RFC 7638 §3]: https://www.rfc-editor.org/rfc/rfc7638#section-3
    pub(super) fn canonical_json(&self) -> Zeroizing<String> {
        let mut members = self.required_members();
        if let KeyMaterial::Oct(secret) = &self.material {
            members.insert(0, ("k", Member::Octets(secret.expose())));
        }
        let len: usize = members.iter().map(|(name, value)| member_len(name, value.len())).sum();
        let mut json = Zeroizing::new(String::with_capacity(len + 2));
        let mut before = "{";
        for (name, value) in &members {
            push_member(&mut json, before, name, value);
            before = ",";
        }
        json.push('}');
        json
    }

    /// The members that name the public key and nothing else ([RFC 7638 §3.2]), in lexicographic order; none but `kty`
    /// for `oct`.
    ///
    /// [RFC 7638 §3.2]: https://www.rfc-editor.org/rfc/rfc7638#section-3.2
    fn required_members(&self) -> Vec<(&'static str, Member<'_>)> {
        let kty = ("kty", Member::Name(self.key_type().name()));
        match &self.material {
            KeyMaterial::Rsa(key) => {
                vec![("e", Member::Octets(key.e())), kty, ("n", Member::Octets(key.n()))]
            }
            KeyMaterial::Ec(key) => vec![
                ("crv", Member::Name(key.curve().name())),
                kty,
                ("x", Member::Octets(key.x())),
                ("y", Member::Octets(key.y())),
            ],
            KeyMaterial::Okp(key) => {
                vec![("crv", Member::Name(key.curve().name())), kty, ("x", Member::Octets(key.x()))]
            }
            KeyMaterial::Oct(_) => vec![kty],
            KeyMaterial::Akp(key) => vec![
                ("alg", Member::Name(key.parameters().algorithm().name())),
                kty,
                ("pub", Member::Octets(key.public())),
            ],
        }
    }

    fn public_members(&self) -> Map<String, Value> {
        let mut members = self.extra.clone();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        for (name, value) in self.required_members() {
            match value {
                Member::Name(text) => put(name, text.into()),
                Member::Octets(octets) => put(name, base64url::encode(octets).into()),
            };
        }
        if let Some(kid) = &self.kid {
            put("kid", (**kid).into());
        }
        if let Some(key_use) = &self.key_use {
            put("use", key_use.as_str().into());
        }
        if let Some(key_ops) = &self.key_ops {
            put("key_ops", key_ops.iter().map(|op| op.as_str()).collect());
        }
        if let Some(alg) = self.alg() {
            put("alg", alg.into());
        }
        members
    }
}

/// Writes the public half; fails for `oct`, which has none.
impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.public() {
            Some(public) => public.public_members().serialize(serializer),
            None => Err(ser::Error::custom("a symmetric key has no public half")),
        }
    }
}

/// For a key inside a larger document that has been read strictly; a key of its own is read with
/// [`from_json`](Jwk::from_json), which also refuses duplicate members.
impl<'de> Deserialize<'de> for Jwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
