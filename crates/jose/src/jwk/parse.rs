use serde_json::{Map, Value};

use super::curve::{EcCurve, OkpCurve};
use super::error::JwkError;
use super::material::{AkpKey, EcKey, KeyMaterial, OkpKey, RsaCrt, RsaKey, RsaPrivate};
use super::private::PrivateMembers;
use super::{Jwk, KeyOp, KeyUse, SecretOctets};
use crate::algorithm::{JwsAlgorithm, SignatureScheme};
use crate::base64url;
use crate::certificates::{ChainError, check_chain};

/// Operations that one key may name. Eight are registered; each is compared with each.
const MAXIMUM_KEY_OPS: usize = 16;

/// What reading a key came to, beside the key itself.
pub(super) struct Refused {
    pub(super) reason: JwkError,
    /// Whether there was a private member.
    pub(super) is_private: bool,
}

/// Reads a key and empties `members`. A key of a type or curve that is not known leaves its public members where they
/// are; any other mistake leaves nothing to rely on.
pub(super) fn jwk(members: &mut Map<String, Value>) -> Result<Jwk, Refused> {
    let private = PrivateMembers::take_from(members);
    read(members, &private).map_err(|reason| Refused { reason, is_private: !private.is_empty() })
}

fn read(members: &mut Map<String, Value>, private: &PrivateMembers) -> Result<Jwk, JwkError> {
    let kty = peek(members, "kty")?;
    let material = match kty {
        "RSA" => KeyMaterial::Rsa(rsa(members, private)?),
        "EC" => KeyMaterial::Ec(ec(members, private)?),
        "OKP" => KeyMaterial::Okp(okp(members, private)?),
        "oct" => KeyMaterial::Oct(private.octets("k")?.ok_or(JwkError::Missing { name: "k" })?),
        "AKP" => KeyMaterial::Akp(akp(members, private)?),
        _ => return Err(JwkError::UnknownKeyType(kty.to_owned())),
    };
    members.remove("kty");
    let kid = string(members, "kid")?;
    let key_use = string(members, "use")?.map(KeyUse::from);
    let key_ops = key_ops(members)?;
    let alg = string(members, "alg")?;
    certificates(members)?;
    Ok(Jwk { material, kid, key_use, key_ops, alg, extra: std::mem::take(members) })
}

fn rsa(members: &mut Map<String, Value>, private: &PrivateMembers) -> Result<RsaKey, JwkError> {
    let (n, e) = (octets(members, "n")?, octets(members, "e")?);
    if private.contains("oth") {
        return Err(JwkError::MultiPrime);
    }
    let mut crt = Vec::new();
    let mut missing = None;
    for name in ["p", "q", "dp", "dq", "qi"] {
        match private.octets(name)? {
            Some(value) => crt.push(value),
            None => missing = missing.or(Some(name)),
        }
    }
    let crt = match (<[SecretOctets; 5]>::try_from(crt), missing) {
        (Ok([p, q, dp, dq, qi]), _) => Some(RsaCrt { p, q, dp, dq, qi }),
        (Err(some), Some(missing)) if !some.is_empty() => return Err(JwkError::IncompleteCrt { missing }),
        _ => None,
    };
    let private = match private.octets("d")? {
        Some(d) => Some(RsaPrivate { d, crt }),
        None if crt.is_some() => return Err(JwkError::Missing { name: "d" }),
        None => None,
    };
    RsaKey::new(n, e, private)
}

fn ec(members: &mut Map<String, Value>, private: &PrivateMembers) -> Result<EcKey, JwkError> {
    let crv = peek(members, "crv")?;
    let curve = EcCurve::from_name(crv).ok_or_else(|| JwkError::UnknownCurve(crv.to_owned()))?;
    members.remove("crv");
    EcKey::new(curve, octets(members, "x")?, octets(members, "y")?, private.octets("d")?)
}

fn okp(members: &mut Map<String, Value>, private: &PrivateMembers) -> Result<OkpKey, JwkError> {
    let crv = peek(members, "crv")?;
    let curve = OkpCurve::from_name(crv).ok_or_else(|| JwkError::UnknownCurve(crv.to_owned()))?;
    members.remove("crv");
    OkpKey::new(curve, octets(members, "x")?, private.octets("d")?)
}

/// `alg` stays: it is a member of every key as well.
fn akp(members: &mut Map<String, Value>, private: &PrivateMembers) -> Result<AkpKey, JwkError> {
    let alg = peek(members, "alg")?;
    let Some(SignatureScheme::MlDsa(parameters)) = JwsAlgorithm::from_name(alg).map(JwsAlgorithm::scheme)
    else {
        return Err(JwkError::UnknownKeyPairAlgorithm(alg.to_owned()));
    };
    AkpKey::new(parameters, octets(members, "pub")?, private.octets("priv")?)
}

fn key_ops(members: &mut Map<String, Value>) -> Result<Option<Vec<KeyOp>>, JwkError> {
    let Some(value) = members.remove("key_ops") else { return Ok(None) };
    let Value::Array(values) = value else { return Err(JwkError::WrongType { name: "key_ops" }) };
    if values.len() > MAXIMUM_KEY_OPS {
        return Err(JwkError::TooManyKeyOps { found: values.len(), limit: MAXIMUM_KEY_OPS });
    }
    let mut ops: Vec<KeyOp> = Vec::with_capacity(values.len());
    for value in values {
        let Value::String(op) = value else { return Err(JwkError::WrongType { name: "key_ops" }) };
        if ops.iter().any(|seen| seen.as_str() == op) {
            return Err(JwkError::DuplicateKeyOp(op));
        }
        ops.push(op.into());
    }
    Ok(Some(ops))
}

/// The certificate members stay in `extra`; here only their form is checked. The thumbprints are no more than hints, and
/// large providers publish malformed ones (the hash in hexadecimal, encoded again): that spoils no key.
fn certificates(members: &Map<String, Value>) -> Result<(), JwkError> {
    for name in ["x5u", "x5t", "x5t#S256"] {
        if members.get(name).is_some_and(|value| !value.is_string()) {
            return Err(JwkError::WrongType { name });
        }
    }
    if let Some(chain) = members.get("x5c") {
        check_chain(chain).map_err(|error| match error {
            ChainError::WrongType => JwkError::WrongType { name: "x5c" },
            ChainError::Encoding(source) => JwkError::Encoding { name: "x5c", source },
        })?;
    }
    Ok(())
}

fn peek<'m>(members: &'m Map<String, Value>, name: &'static str) -> Result<&'m str, JwkError> {
    let value = members.get(name).ok_or(JwkError::Missing { name })?;
    value.as_str().ok_or(JwkError::WrongType { name })
}

fn string(members: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, JwkError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value)),
        Some(_) => Err(JwkError::WrongType { name }),
    }
}

fn octets(members: &mut Map<String, Value>, name: &'static str) -> Result<Vec<u8>, JwkError> {
    let text = string(members, name)?.ok_or(JwkError::Missing { name })?;
    base64url::decode(text).map_err(|source| JwkError::Encoding { name, source })
}
