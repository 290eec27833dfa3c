//! The parameters that belong to one way of key management ([RFC 7518 §4](https://www.rfc-editor.org/rfc/rfc7518#section-4)).

use std::num::NonZeroU64;

use serde_json::{Map, Value};

use super::HeaderError;
use crate::algorithm::{JweAlgorithm, KeyManagement};
use crate::base64url;
use crate::jwe::agreement::Parties;
use crate::jwe::password::MINIMUM_SALT_LEN;
use crate::jwk::{Jwk, KeyMaterial};

/// What `alg` needs beside the key, decoded. Lengths that could tell something about a key are looked at with the key.
#[derive(Clone, Debug)]
pub(crate) enum Management {
    /// Nothing; also for an algorithm that is not known.
    Plain,
    Agreement {
        ephemeral: KeyMaterial,
        parties: Parties,
    },
    GcmKeyWrap {
        iv: Vec<u8>,
        tag: Vec<u8>,
    },
    Password {
        salt: Vec<u8>,
        iterations: NonZeroU64,
    },
}

impl Management {
    /// Reads what the algorithm needs. That every registered parameter has the right type is checked for any algorithm.
    pub(super) fn read(
        algorithm: Option<JweAlgorithm>,
        parameters: &Map<String, Value>,
    ) -> Result<Self, HeaderError> {
        let octets = |name: &'static str| match parameters.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => {
                base64url::decode(text).map(Some).map_err(|_| HeaderError::Encoding { name })
            }
            Some(_) => Err(HeaderError::WrongType { name }),
        };
        if parameters.get("epk").is_some_and(|epk| !epk.is_object()) {
            return Err(HeaderError::WrongType { name: "epk" });
        }
        let (apu, apv) = (octets("apu")?, octets("apv")?);
        let (iv, tag, p2s) = (octets("iv")?, octets("tag")?, octets("p2s")?);
        let p2c = match parameters.get("p2c") {
            None => None,
            Some(count) => {
                let count = count.as_u64().and_then(NonZeroU64::new);
                Some(count.ok_or(HeaderError::WrongType { name: "p2c" })?)
            }
        };
        let missing = |name| HeaderError::Missing { name };
        Ok(match algorithm.map(JweAlgorithm::scheme) {
            Some(KeyManagement::Agreement | KeyManagement::AgreementWithKeyWrap(_)) => {
                let epk = parameters.get("epk").ok_or(missing("epk"))?;
                let epk = Jwk::from_value(epk.clone()).map_err(HeaderError::EphemeralKey)?;
                let parties = Parties { u: apu.unwrap_or_default(), v: apv.unwrap_or_default() };
                Self::Agreement { ephemeral: epk.material().clone(), parties }
            }
            Some(KeyManagement::GcmKeyWrap(_)) => {
                Self::GcmKeyWrap { iv: iv.ok_or(missing("iv"))?, tag: tag.ok_or(missing("tag"))? }
            }
            Some(KeyManagement::Password(..)) => {
                let salt = p2s.ok_or(missing("p2s"))?;
                if salt.len() < MINIMUM_SALT_LEN {
                    return Err(HeaderError::SaltTooShort { octets: salt.len(), minimum: MINIMUM_SALT_LEN });
                }
                Self::Password { salt, iterations: p2c.ok_or(missing("p2c"))? }
            }
            Some(KeyManagement::Rsa(_) | KeyManagement::KeyWrap(_) | KeyManagement::Direct) | None => {
                Self::Plain
            }
        })
    }

    /// Whether another token of the same sender would have the same parameters.
    pub(in crate::jwe) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }
}
