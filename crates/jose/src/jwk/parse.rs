use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::curve::{EcCurve, OkpCurve};
use super::error::JwkError;
use super::material::{EcKey, KeyMaterial, OkpKey, RsaCrt, RsaKey, RsaPrivate};
use super::{Jwk, KeyOp, KeyUse, SecretOctets};
use crate::base64url;

/// Members that are private in some key type. They never reach [`Jwk::extra`], so nothing can print them by accident.
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

pub(super) fn jwk(mut members: Map<String, Value>) -> Result<Jwk, JwkError> {
    let kty = string(&mut members, "kty")?.ok_or(JwkError::Missing { name: "kty" })?;
    let material = match kty.as_str() {
        "RSA" => KeyMaterial::Rsa(rsa(&mut members)?),
        "EC" => KeyMaterial::Ec(ec(&mut members)?),
        "OKP" => KeyMaterial::Okp(okp(&mut members)?),
        "oct" => KeyMaterial::Oct(secret(&mut members, "k")?.ok_or(JwkError::Missing { name: "k" })?),
        _ => return Err(JwkError::UnknownKeyType(kty)),
    };
    let kid = string(&mut members, "kid")?;
    let key_use = string(&mut members, "use")?.map(KeyUse::from);
    let key_ops = key_ops(&mut members)?;
    let alg = string(&mut members, "alg")?;
    certificates(&members)?;
    members.retain(|name, _| !PRIVATE_MEMBERS.contains(&name.as_str()));
    Ok(Jwk { material, kid, key_use, key_ops, alg, extra: members })
}

fn rsa(members: &mut Map<String, Value>) -> Result<RsaKey, JwkError> {
    let (n, e) = (octets(members, "n")?, octets(members, "e")?);
    if members.contains_key("oth") {
        return Err(JwkError::MultiPrime);
    }
    let mut crt = Vec::new();
    let mut missing = None;
    for name in ["p", "q", "dp", "dq", "qi"] {
        match secret(members, name)? {
            Some(value) => crt.push(value),
            None => missing = missing.or(Some(name)),
        }
    }
    let crt = match (<[SecretOctets; 5]>::try_from(crt), missing) {
        (Ok([p, q, dp, dq, qi]), _) => Some(RsaCrt { p, q, dp, dq, qi }),
        (Err(some), Some(missing)) if !some.is_empty() => return Err(JwkError::IncompleteCrt { missing }),
        _ => None,
    };
    let private = match secret(members, "d")? {
        Some(d) => Some(RsaPrivate { d, crt }),
        None if crt.is_some() => return Err(JwkError::Missing { name: "d" }),
        None => None,
    };
    RsaKey::new(n, e, private)
}

fn ec(members: &mut Map<String, Value>) -> Result<EcKey, JwkError> {
    let crv = string(members, "crv")?.ok_or(JwkError::Missing { name: "crv" })?;
    let curve = EcCurve::from_name(&crv).ok_or(JwkError::UnknownCurve(crv))?;
    EcKey::new(curve, octets(members, "x")?, octets(members, "y")?, secret(members, "d")?)
}

fn okp(members: &mut Map<String, Value>) -> Result<OkpKey, JwkError> {
    let crv = string(members, "crv")?.ok_or(JwkError::Missing { name: "crv" })?;
    let curve = OkpCurve::from_name(&crv).ok_or(JwkError::UnknownCurve(crv))?;
    OkpKey::new(curve, octets(members, "x")?, secret(members, "d")?)
}

fn key_ops(members: &mut Map<String, Value>) -> Result<Option<Vec<KeyOp>>, JwkError> {
    let Some(value) = members.remove("key_ops") else { return Ok(None) };
    let Value::Array(values) = value else { return Err(JwkError::WrongType { name: "key_ops" }) };
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

/// The certificate members stay in `extra`; here only their form is checked.
fn certificates(members: &Map<String, Value>) -> Result<(), JwkError> {
    if members.get("x5u").is_some_and(|value| !value.is_string()) {
        return Err(JwkError::WrongType { name: "x5u" });
    }
    for (name, expected) in [("x5t", 20), ("x5t#S256", 32)] {
        let Some(value) = members.get(name) else { continue };
        let text = value.as_str().ok_or(JwkError::WrongType { name })?;
        let found = base64url::decode(text).map_err(|source| JwkError::Encoding { name, source })?.len();
        if found != expected {
            return Err(JwkError::Width { name, expected, found });
        }
    }
    if let Some(value) = members.get("x5c") {
        let wrong_type = JwkError::WrongType { name: "x5c" };
        let Some(chain) = value.as_array().filter(|chain| !chain.is_empty()) else { return Err(wrong_type) };
        for certificate in chain {
            let Some(text) = certificate.as_str() else { return Err(wrong_type) };
            base64url::decode_standard(text).map_err(|source| JwkError::Encoding { name: "x5c", source })?;
        }
    }
    Ok(())
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

fn secret(members: &mut Map<String, Value>, name: &'static str) -> Result<Option<SecretOctets>, JwkError> {
    let Some(text) = string(members, name)?.map(Zeroizing::new) else { return Ok(None) };
    match base64url::decode(text.as_str()) {
        Ok(octets) => Ok(Some(SecretOctets::new(octets))),
        Err(source) => Err(JwkError::Encoding { name, source }),
    }
}
