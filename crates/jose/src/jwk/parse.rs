use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::curve::{EcCurve, OkpCurve};
use super::error::JwkError;
use super::material::{AkpKey, EcKey, KeyMaterial, OkpKey, RsaCrt, RsaKey, RsaPrivate, UNCOMPRESSED};
use super::members::{Member, Members};
use super::private::PrivateMembers;
use super::{Jwk, KeyOp, KeyUse, SecretOctets};
use crate::algorithm::{JwsAlgorithm, SignatureScheme};
use crate::certificates::{ChainError, check_chain};

/// Operations that one key may name. Eight are registered; each is compared with each.
const MAXIMUM_KEY_OPS: usize = 16;

/// What reading a key came to, beside the key itself.
pub(super) struct Refused {
    pub(super) reason: JwkError,
    /// Whether there was a private member.
    pub(super) is_private: bool,
}

/// Reads a key and takes what it has from `members`. A key of a type or curve that is not known leaves its public members
/// where they are; any other mistake leaves nothing to rely on.
pub(super) fn jwk(members: &mut Members<'_>) -> Result<Jwk, Refused> {
    let private = PrivateMembers::take_from(members);
    read(members, &private).map_err(|reason| Refused { reason, is_private: !private.is_empty() })
}

fn read(members: &mut Members<'_>, private: &PrivateMembers<'_>) -> Result<Jwk, JwkError> {
    let kty = peek(members, "kty")?;
    let read: fn(&mut Members<'_>, &PrivateMembers<'_>) -> Result<KeyMaterial, JwkError> = match &*kty {
        "RSA" => rsa,
        "EC" => ec,
        "OKP" => okp,
        "oct" => oct,
        "AKP" => akp,
        _ => return Err(JwkError::UnknownKeyType(kty.into_owned())),
    };
    drop(kty);
    let material = read(members, private)?;
    members.take("kty");
    let key_use = key_use(members)?;
    let key_ops = key_ops(members)?;
    let alg = string(members, "alg", algorithm_name)?;
    certificates(members)?;
    // last, so that a key that was refused still has its name
    let kid = string(members, "kid", |kid| Arc::from(kid))?;
    let extra = members.read_rest()?;
    Ok(Jwk { material, kid, key_use, key_ops, alg, extra })
}

fn rsa(members: &mut Members<'_>, private: &PrivateMembers<'_>) -> Result<KeyMaterial, JwkError> {
    octets(members, "n", &[])?;
    let e_len = more_octets(members, "e")?;
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
    RsaKey::of_integers(members.octets(), e_len, private).map(KeyMaterial::Rsa)
}

fn ec(members: &mut Members<'_>, private: &PrivateMembers<'_>) -> Result<KeyMaterial, JwkError> {
    let crv = peek(members, "crv")?;
    let curve = EcCurve::from_name(&crv).ok_or_else(|| JwkError::UnknownCurve(crv.to_string()))?;
    members.take("crv");
    let x_len = octets(members, "x", &[UNCOMPRESSED])?;
    more_octets(members, "y")?;
    EcKey::of_point(curve, members.octets(), x_len, private.octets("d")?).map(KeyMaterial::Ec)
}

fn okp(members: &mut Members<'_>, private: &PrivateMembers<'_>) -> Result<KeyMaterial, JwkError> {
    let crv = peek(members, "crv")?;
    let curve = OkpCurve::from_name(&crv).ok_or_else(|| JwkError::UnknownCurve(crv.to_string()))?;
    members.take("crv");
    octets(members, "x", &[])?;
    OkpKey::of_octets(curve, members.octets(), private.octets("d")?).map(KeyMaterial::Okp)
}

fn oct(_: &mut Members<'_>, private: &PrivateMembers<'_>) -> Result<KeyMaterial, JwkError> {
    private.octets("k")?.map(KeyMaterial::Oct).ok_or(JwkError::Missing { name: "k" })
}

/// `alg` stays: it is a member of every key as well.
fn akp(members: &mut Members<'_>, private: &PrivateMembers<'_>) -> Result<KeyMaterial, JwkError> {
    let alg = peek(members, "alg")?;
    let Some(SignatureScheme::MlDsa(parameters)) = JwsAlgorithm::from_name(&alg).map(JwsAlgorithm::scheme)
    else {
        return Err(JwkError::UnknownKeyPairAlgorithm(alg.into_owned()));
    };
    drop(alg);
    octets(members, "pub", &[])?;
    AkpKey::new(parameters, members.octets().to_vec(), private.octets("priv")?).map(KeyMaterial::Akp)
}

/// Most keys have the one use, which needs no copy of its name.
fn key_use(members: &mut Members<'_>) -> Result<Option<KeyUse>, JwkError> {
    let Some(member) = members.take("use") else { return Ok(None) };
    match member.as_str().ok_or(JwkError::WrongType { name: "use" })? {
        name if name == KeyUse::SIGNATURE.as_str() => Ok(Some(KeyUse::SIGNATURE)),
        name => Ok(Some(KeyUse::from(name.into_owned()))),
    }
}

fn key_ops(members: &mut Members<'_>) -> Result<Option<Vec<KeyOp>>, JwkError> {
    let Some(member) = members.take("key_ops") else { return Ok(None) };
    let Value::Array(values) = member.into_value()? else {
        return Err(JwkError::WrongType { name: "key_ops" });
    };
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
fn certificates(members: &mut Members<'_>) -> Result<(), JwkError> {
    for name in ["x5u", "x5t", "x5t#S256"] {
        if members.get(name).is_some_and(|member| member.as_str().is_none()) {
            return Err(JwkError::WrongType { name });
        }
    }
    if let Some(chain) = members.take("x5c") {
        let chain = chain.into_value()?;
        check_chain(&chain).map_err(|error| match error {
            ChainError::WrongType => JwkError::WrongType { name: "x5c" },
            ChainError::Encoding(source) => JwkError::Encoding { name: "x5c", source },
        })?;
        members.put("x5c", chain);
    }
    Ok(())
}

fn peek<'m>(members: &'m Members<'_>, name: &'static str) -> Result<Cow<'m, str>, JwkError> {
    let Some(member) = members.get(name) else { return Err(JwkError::Missing { name }) };
    text(member, name)
}

/// No error is made where there is none: it would have to be dropped, for each member of each key.
fn text<'m>(member: &'m Member<'_>, name: &'static str) -> Result<Cow<'m, str>, JwkError> {
    let Some(text) = member.as_str() else { return Err(JwkError::WrongType { name }) };
    Ok(text)
}

fn string<T>(
    members: &mut Members<'_>,
    name: &'static str,
    keep: impl FnOnce(&str) -> T,
) -> Result<Option<T>, JwkError> {
    let Some(member) = members.take(name) else { return Ok(None) };
    text(&member, name).map(|text| Some(keep(&text)))
}

/// Most algorithms of keys are signature algorithms, whose names are at hand.
fn algorithm_name(name: &str) -> Cow<'static, str> {
    match JwsAlgorithm::from_name(name) {
        Some(known) => Cow::Borrowed(known.name()),
        None => Cow::Owned(name.to_owned()),
    }
}

/// Decodes a member behind these octets and tells how many octets it has.
fn octets(members: &mut Members<'_>, name: &'static str, before: &[u8]) -> Result<usize, JwkError> {
    members.begin_octets(before);
    more_octets(members, name)
}

/// Decodes a member behind what was decoded last.
fn more_octets(members: &mut Members<'_>, name: &'static str) -> Result<usize, JwkError> {
    let Some(member) = members.take(name) else { return Err(JwkError::Missing { name }) };
    let text = text(&member, name)?;
    members.decode(&text).map_err(|source| JwkError::Encoding { name, source })
}
