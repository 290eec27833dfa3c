//! What stands in which header of a new JWE.

use serde_json::{Map, Value};

use super::{EncryptError, Plan};
use crate::jwe::header::{Header, Parts};
use crate::jwe::parameters::{HeaderParameters, HeaderText};
use crate::jwk::{EcKey, KeyMaterial, OkpKey};
use crate::key::NewManagement;

impl Plan<'_> {
    /// The protected header, the shared one and the recipients', as JSON, read again as any reader does.
    #[allow(clippy::type_complexity, reason = "three headers, each of which may be absent")]
    pub(super) fn headers<'m>(
        &self,
        managed: impl Iterator<Item = &'m NewManagement>,
    ) -> Result<(Option<String>, Option<String>, Vec<Option<String>>), EncryptError> {
        let is_lone = self.recipients.len() == 1;
        let (mut protected, mut shared) = (HeaderText::new(), HeaderText::new());
        let mut own = Vec::with_capacity(self.recipients.len());
        for ((key, parameters), management) in self.recipients.iter().zip(managed) {
            let mut text = HeaderText::new();
            let is_set = |name| {
                [self.protected, self.shared, parameters].into_iter().any(|part| part.get(name).is_some())
            };
            // what belongs to a key is protected if there is one key, or stands where `alg` was set
            let place = if !is_lone || parameters.get("alg").is_some() {
                &mut text
            } else if self.shared.get("alg").is_some() {
                &mut shared
            } else {
                &mut protected
            };
            if !is_set("alg") {
                place.push("alg", &key.algorithm().name().into());
            }
            if let Some(kid) = key.kid().filter(|_| !is_set("kid")) {
                place.push("kid", &kid.into());
            }
            write_management(management, place);
            parameters.write_onto(&mut text);
            own.push(text.finish());
        }
        self.protected.write_onto(&mut protected);
        self.shared.write_onto(&mut shared);
        let is_enc_set = |part: &HeaderParameters| part.get("enc").is_some();
        let mut parts = [self.protected, self.shared].into_iter();
        if !parts.any(is_enc_set) && !self.recipients.iter().any(|(_, own)| is_enc_set(own)) {
            protected.push("enc", &self.encryption.name().into());
        }
        if self.compressed {
            protected.push("zip", &"DEF".into());
        }
        let (protected, shared) = (protected.finish(), shared.finish());
        for own in &own {
            let [protected, shared, recipient] =
                [&protected, &shared, own].map(|part| parse(part.as_deref()));
            Header::join(Parts { protected: protected?, shared: shared?, recipient: recipient? })?;
        }
        Ok((protected, shared, own))
    }
}

fn write_management(management: &NewManagement, header: &mut HeaderText) {
    match management {
        NewManagement::Plain => {}
        NewManagement::Agreement { ephemeral } => header.push_json("epk", &public_jwk(ephemeral)),
        NewManagement::GcmKeyWrap { iv, tag } => {
            header.push_encoded("tag", tag);
            header.push_encoded("iv", iv);
        }
        NewManagement::Password { salt, iterations } => {
            header.push_encoded("p2s", salt);
            header.push("p2c", &iterations.get().into());
        }
    }
}

/// An ephemeral key, with its members in the order that RFC 7518 and RFC 8037 show.
fn public_jwk(key: &KeyMaterial) -> String {
    let mut jwk = HeaderText::new();
    jwk.push("kty", &key.key_type().name().into());
    if let Some(curve) = key.curve_name() {
        jwk.push("crv", &curve.into());
    }
    let (x, y) = match key {
        KeyMaterial::Ec(key) => (Some(EcKey::x(key)), Some(EcKey::y(key))),
        KeyMaterial::Okp(key) => (Some(OkpKey::x(key)), None),
        _ => (None, None),
    };
    for (name, octets) in [("x", x), ("y", y)] {
        octets.into_iter().for_each(|octets| jwk.push_encoded(name, octets));
    }
    jwk.finish().unwrap_or_default()
}

fn parse(header: Option<&str>) -> Result<Map<String, Value>, EncryptError> {
    match header {
        None => Ok(Map::new()),
        Some(json) => avouch_json::object(json.as_bytes(), &avouch_json::Limits::default())
            .map_err(EncryptError::HeaderJson),
    }
}
