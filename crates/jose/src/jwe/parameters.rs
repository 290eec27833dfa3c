use serde_json::Value;

use super::encrypt::EncryptError;
use crate::base64url;

/// Parameters that only encrypting itself may set.
const RESERVED: [&str; 7] = ["epk", "iv", "tag", "p2s", "p2c", "zip", "crit"];

/// What goes into a header beside what the keys decide, in this order.
///
/// What the keys and the content encryption decide (`alg`, `kid`, `enc`) is written by itself. It may be set here to the
/// value it gets anyway, and then stands where it was set: that is how it comes into another header than the protected one.
///
/// ```
/// use avouch_jose::jwe::HeaderParameters;
///
/// let parameters = HeaderParameters::new().cty("JWT").apu(b"Alice").apv(b"Bob").parameter("example", 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct HeaderParameters {
    parameters: Vec<(String, Value)>,
    critical: Vec<String>,
}

impl HeaderParameters {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `typ`, best without `application/` before it.
    #[must_use]
    pub fn typ(self, typ: &str) -> Self {
        self.parameter("typ", typ)
    }

    /// Sets `cty`, best without `application/` before it: `JWT` for a nested token.
    #[must_use]
    pub fn cty(self, cty: &str) -> Self {
        self.parameter("cty", cty)
    }

    /// Sets `kid`: that of the key, or any for a key without one.
    #[must_use]
    pub fn kid(self, kid: &str) -> Self {
        self.parameter("kid", kid)
    }

    /// Sets `apu`: what says who encrypts, with ECDH-ES
    /// ([RFC 7518 §4.6.1.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.6.1.2)).
    #[must_use]
    pub fn apu(self, party: &[u8]) -> Self {
        self.parameter("apu", base64url::encode(party))
    }

    /// Sets `apv`: what says for whom it is encrypted, with ECDH-ES. It differs from `apu`.
    #[must_use]
    pub fn apv(self, party: &[u8]) -> Self {
        self.parameter("apv", base64url::encode(party))
    }

    /// Sets any parameter. One that is not the caller's to set makes encrypting fail.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        match self.parameters.iter_mut().find(|(set, _)| set == name) {
            Some((_, old)) => *old = value,
            None => self.parameters.push((name.to_owned(), value)),
        }
        self
    }

    /// Sets a parameter that the recipient must understand (`crit`); only in a protected header.
    #[must_use]
    pub fn critical(mut self, name: &str, value: impl Into<Value>) -> Self {
        if !self.critical.iter().any(|set| set == name) {
            self.critical.push(name.to_owned());
        }
        self.parameter(name, value)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.parameters.iter().find(|(set, _)| set == name).map(|(_, value)| value)
    }

    pub(super) fn check(&self) -> Result<(), EncryptError> {
        match RESERVED.into_iter().find(|name| self.get(name).is_some()) {
            Some(name) => Err(EncryptError::ReservedParameter { name }),
            None => Ok(()),
        }
    }

    /// The parameters as members of a JSON object, the critical ones listed.
    pub(super) fn write_onto(&self, header: &mut HeaderText) {
        for (name, value) in &self.parameters {
            header.push(name, value);
        }
        if !self.critical.is_empty() {
            header.push("crit", &self.critical.clone().into());
        }
    }
}

/// A JSON object whose members stand in the order in which they were written.
pub(super) struct HeaderText(String);

impl HeaderText {
    pub(super) fn new() -> Self {
        Self(String::new())
    }

    pub(super) fn push(&mut self, name: &str, value: &Value) {
        self.push_json(name, &value.to_string());
    }

    pub(super) fn push_json(&mut self, name: &str, json: &str) {
        let before = if self.0.is_empty() { "{" } else { "," };
        self.0.extend([before, &Value::from(name).to_string(), ":", json]);
    }

    pub(super) fn push_encoded(&mut self, name: &str, octets: &[u8]) {
        self.push(name, &base64url::encode(octets).into());
    }

    /// The object; `None` if nothing was written, since an empty header is not sent.
    pub(super) fn finish(mut self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        self.0.push('}');
        Some(self.0)
    }
}
