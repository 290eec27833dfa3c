use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::curve::{EcCurve, OkpCurve};
use super::error::JwkError;
use super::material::{AkpKey, EcKey, KeyMaterial, OkpKey, RsaCrt, RsaKey, RsaPrivate, UNCOMPRESSED};
use super::members::{Member, Members};
use super::name::Name;
use super::{Jwk, KeyOp, KeyUse, SecretOctets};
use crate::algorithm::{JwsAlgorithm, SignatureScheme};
use crate::certificates::{ChainError, check_chain};

/// Operations that one key may name. Eight are registered; each is compared with each.
const MAXIMUM_KEY_OPS: usize = 16;

/// Reads a key and takes what it has from `members`. A key of a type or curve that is not known leaves its public members
/// where they are; any other mistake leaves nothing to rely on but the `kid`.
pub(super) fn jwk(members: &mut Members<'_>) -> Result<Jwk, JwkError> {
    let kty = peek(members, Name::Kty)?;
    let material = match &*kty {
        "RSA" => rsa(members)?,
        "EC" => ec(members)?,
        "OKP" => okp(members)?,
        "oct" => oct(members)?,
        "AKP" => akp(members)?,
        _ => return Err(JwkError::UnknownKeyType(kty.into_owned())),
    };
    members.take(Name::Kty);
    let key_use = key_use(members)?;
    let key_ops = key_ops(members)?;
    let alg = string(members, Name::Alg, algorithm_name)?;
    let chain = certificates(members)?;
    // last, so that a key that was refused still has its name
    let kid = string(members, Name::Kid, |kid| Arc::from(kid))?;
    let mut extra = members.rest()?;
    if let Some(chain) = chain {
        extra.insert(Name::X5c.as_str().to_owned(), chain);
    }
    Ok(Jwk { material, kid, key_use, key_ops, alg, extra })
}

fn rsa(members: &mut Members<'_>) -> Result<KeyMaterial, JwkError> {
    octets(members, Name::N, &[])?;
    let e_len = more_octets(members, Name::E)?;
    let private = if members.are_private() { rsa_private(members)? } else { None };
    RsaKey::of_integers(members.octets(), e_len, private).map(KeyMaterial::Rsa)
}

fn rsa_private(members: &Members<'_>) -> Result<Option<RsaPrivate>, JwkError> {
    if members.get(Name::Oth).is_some() {
        return Err(JwkError::MultiPrime);
    }
    let mut crt = Vec::new();
    let mut missing = None;
    for name in [Name::P, Name::Q, Name::Dp, Name::Dq, Name::Qi] {
        match members.secret(name)? {
            Some(value) => crt.push(value),
            None => missing = missing.or(Some(name.as_str())),
        }
    }
    let crt = match (<[SecretOctets; 5]>::try_from(crt), missing) {
        (Ok([p, q, dp, dq, qi]), _) => Some(RsaCrt { p, q, dp, dq, qi }),
        (Err(some), Some(missing)) if !some.is_empty() => return Err(JwkError::IncompleteCrt { missing }),
        _ => None,
    };
    match members.secret(Name::D)? {
        Some(d) => Ok(Some(RsaPrivate { d, crt })),
        None if crt.is_some() => Err(JwkError::Missing { name: Name::D.as_str() }),
        None => Ok(None),
    }
}

fn ec(members: &mut Members<'_>) -> Result<KeyMaterial, JwkError> {
    let crv = peek(members, Name::Crv)?;
    let curve = EcCurve::from_name(&crv).ok_or_else(|| JwkError::UnknownCurve(crv.into_owned()))?;
    members.take(Name::Crv);
    let x_len = octets(members, Name::X, &[UNCOMPRESSED])?;
    more_octets(members, Name::Y)?;
    EcKey::of_point(curve, members.octets(), x_len, members.secret(Name::D)?).map(KeyMaterial::Ec)
}

fn okp(members: &mut Members<'_>) -> Result<KeyMaterial, JwkError> {
    let crv = peek(members, Name::Crv)?;
    let curve = OkpCurve::from_name(&crv).ok_or_else(|| JwkError::UnknownCurve(crv.into_owned()))?;
    members.take(Name::Crv);
    octets(members, Name::X, &[])?;
    OkpKey::of_octets(curve, members.octets(), members.secret(Name::D)?).map(KeyMaterial::Okp)
}

fn oct(members: &Members<'_>) -> Result<KeyMaterial, JwkError> {
    let name = Name::K;
    members.secret(name)?.map(KeyMaterial::Oct).ok_or(JwkError::Missing { name: name.as_str() })
}

/// `alg` stays: it is a member of every key as well.
fn akp(members: &mut Members<'_>) -> Result<KeyMaterial, JwkError> {
    let alg = peek(members, Name::Alg)?;
    let Some(SignatureScheme::MlDsa(parameters)) = JwsAlgorithm::from_name(&alg).map(JwsAlgorithm::scheme)
    else {
        return Err(JwkError::UnknownKeyPairAlgorithm(alg.into_owned()));
    };
    octets(members, Name::Pub, &[])?;
    AkpKey::new(parameters, members.octets().to_vec(), members.secret(Name::Priv)?).map(KeyMaterial::Akp)
}

/// Most keys have the one use, which needs no copy of its name.
fn key_use(members: &mut Members<'_>) -> Result<Option<KeyUse>, JwkError> {
    let Some(member) = members.take(Name::Use) else { return Ok(None) };
    match text(member, Name::Use)? {
        name if name == KeyUse::SIGNATURE.as_str() => Ok(Some(KeyUse::SIGNATURE)),
        name => Ok(Some(KeyUse::from(name.into_owned()))),
    }
}

fn key_ops(members: &mut Members<'_>) -> Result<Option<Vec<KeyOp>>, JwkError> {
    let Some(member) = members.take(Name::KeyOps) else { return Ok(None) };
    let wrong_type = || JwkError::WrongType { name: Name::KeyOps.as_str() };
    let Value::Array(values) = member.to_value()? else { return Err(wrong_type()) };
    if values.len() > MAXIMUM_KEY_OPS {
        return Err(JwkError::TooManyKeyOps { found: values.len(), limit: MAXIMUM_KEY_OPS });
    }
    let mut ops: Vec<KeyOp> = Vec::with_capacity(values.len());
    for value in values {
        let Value::String(op) = value else { return Err(wrong_type()) };
        if ops.iter().any(|seen| seen.as_str() == op) {
            return Err(JwkError::DuplicateKeyOp(op));
        }
        ops.push(op.into());
    }
    Ok(Some(ops))
}

/// The certificate members stay as they are; here only their form is checked. The thumbprints are no more than hints, and
/// large providers publish malformed ones (the hash in hexadecimal, encoded again): that spoils no key. Gives the chain.
fn certificates(members: &mut Members<'_>) -> Result<Option<Value>, JwkError> {
    for name in [Name::X5u, Name::X5t, Name::X5tS256] {
        if members.get(name).is_some_and(|member| member.as_str().is_none()) {
            return Err(JwkError::WrongType { name: name.as_str() });
        }
    }
    let Some(chain) = members.take(Name::X5c) else { return Ok(None) };
    let (chain, name) = (chain.to_value()?, Name::X5c.as_str());
    match check_chain(&chain) {
        Ok(()) => Ok(Some(chain)),
        Err(ChainError::WrongType) => Err(JwkError::WrongType { name }),
        Err(ChainError::Encoding(source)) => Err(JwkError::Encoding { name, source }),
    }
}

fn peek<'a>(members: &Members<'a>, name: Name) -> Result<Cow<'a, str>, JwkError> {
    let Some(member) = members.get(name) else { return Err(JwkError::Missing { name: name.as_str() }) };
    text(member, name)
}

/// No error is made where there is none: it would have to be dropped, for each member of each key.
fn text(member: Member<'_>, name: Name) -> Result<Cow<'_, str>, JwkError> {
    let Some(text) = member.as_str() else { return Err(JwkError::WrongType { name: name.as_str() }) };
    Ok(text)
}

fn string<T>(
    members: &mut Members<'_>,
    name: Name,
    keep: impl FnOnce(&str) -> T,
) -> Result<Option<T>, JwkError> {
    let Some(member) = members.take(name) else { return Ok(None) };
    text(member, name).map(|text| Some(keep(&text)))
}

/// Most algorithms of keys are signature algorithms, whose names are at hand.
fn algorithm_name(name: &str) -> Cow<'static, str> {
    match JwsAlgorithm::from_name(name) {
        Some(known) => Cow::Borrowed(known.name()),
        None => Cow::Owned(name.to_owned()),
    }
}

/// Decodes a member behind these octets and tells how many octets it has.
fn octets(members: &mut Members<'_>, name: Name, before: &[u8]) -> Result<usize, JwkError> {
    members.begin_octets(before);
    more_octets(members, name)
}

/// Decodes a member behind what was decoded last.
fn more_octets(members: &mut Members<'_>, name: Name) -> Result<usize, JwkError> {
    let Some(member) = members.take(name) else { return Err(JwkError::Missing { name: name.as_str() }) };
    let text = text(member, name)?;
    members.decode(&text).map_err(|source| JwkError::Encoding { name: name.as_str(), source })
}
