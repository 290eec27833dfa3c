use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{self, Serialize, Serializer};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::Jwk;
use super::material::{KeyMaterial, RsaCrt};
use crate::base64url;

impl Jwk {
    /// The key with its private members, as JSON text that is wiped when dropped: for a vault, never for a peer.
    pub fn to_private_json(&self) -> Zeroizing<String> {
        let mut members = self.public_members();
        let mut put = |name: &str, value: &[u8]| {
            members.insert(name.to_owned(), Value::String(base64url::encode(value)));
        };
        match &self.material {
            KeyMaterial::Rsa(key) => {
                if let Some(private) = key.private() {
                    put("d", private.d.expose());
                    if let Some(RsaCrt { p, q, dp, dq, qi }) = &private.crt {
                        for (name, value) in [("p", p), ("q", q), ("dp", dp), ("dq", dq), ("qi", qi)] {
                            put(name, value.expose());
                        }
                    }
                }
            }
            KeyMaterial::Ec(key) => key.d().into_iter().for_each(|d| put("d", d.expose())),
            KeyMaterial::Okp(key) => key.d().into_iter().for_each(|d| put("d", d.expose())),
            KeyMaterial::Oct(secret) => put("k", secret.expose()),
        }
        Zeroizing::new(Value::Object(members).to_string())
    }

    /// The members that name the public key and nothing else ([RFC 7638 §3.2]); none but `kty` for `oct`.
    ///
    /// [RFC 7638 §3.2]: https://www.rfc-editor.org/rfc/rfc7638#section-3.2
    pub(super) fn required_members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut put = |name: &str, value: String| members.insert(name.to_owned(), Value::String(value));
        put("kty", self.key_type().name().to_owned());
        if let Some(curve) = self.material.curve_name() {
            put("crv", curve.to_owned());
        }
        match &self.material {
            KeyMaterial::Rsa(key) => {
                put("n", base64url::encode(key.n()));
                put("e", base64url::encode(key.e()));
            }
            KeyMaterial::Ec(key) => {
                put("x", base64url::encode(key.x()));
                put("y", base64url::encode(key.y()));
            }
            KeyMaterial::Okp(key) => {
                put("x", base64url::encode(key.x()));
            }
            KeyMaterial::Oct(_) => {}
        }
        members
    }

    fn public_members(&self) -> Map<String, Value> {
        let mut members = self.extra.clone();
        members.append(&mut self.required_members());
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        if let Some(kid) = &self.kid {
            put("kid", kid.as_str().into());
        }
        if let Some(key_use) = &self.key_use {
            put("use", key_use.as_str().into());
        }
        if let Some(key_ops) = &self.key_ops {
            put("key_ops", key_ops.iter().map(|op| op.as_str()).collect());
        }
        if let Some(alg) = &self.alg {
            put("alg", alg.as_str().into());
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
