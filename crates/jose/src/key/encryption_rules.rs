//! Which keys may encrypt and decrypt with which algorithm, as `rules` says it of signatures.

use super::error::KeyError;
use super::rules;
use crate::algorithm::{
    AesKeySize, AgreementCurve, AlgorithmName, ContentEncryption, JweAlgorithm, KeyManagement, RsaPadding,
};
use crate::crypto::{CryptoProvider, EncryptionBackend, EncryptionPrimitive};
use crate::hash::HashAlgorithm;
use crate::jwe::content::{ContentCipher, check_supported};
use crate::jwk::{Jwk, KeyMaterial, KeyOp, KeyType, KeyUse, RsaKey, SecretOctets};

/// Bits of the smallest public exponent that RSAES-PKCS1-v1_5 may be used with, that of 65537
/// ([RFC 7518 §8.3](https://www.rfc-editor.org/rfc/rfc7518#section-8.3)).
const PKCS1_MINIMUM_EXPONENT_BITS: usize = 17;

const WRAP_KEY: &[KeyOp] = &[KeyOp::WRAP_KEY];
const UNWRAP_KEY: &[KeyOp] = &[KeyOp::UNWRAP_KEY];
/// Of a key that can encrypt other things than keys, and may say so.
const WRAP_OR_ENCRYPT: &[KeyOp] = &[KeyOp::WRAP_KEY, KeyOp::ENCRYPT];
const UNWRAP_OR_DECRYPT: &[KeyOp] = &[KeyOp::UNWRAP_KEY, KeyOp::DECRYPT];
const ENCRYPT: &[KeyOp] = &[KeyOp::ENCRYPT];
const DECRYPT: &[KeyOp] = &[KeyOp::DECRYPT];
/// Of a private key that is agreed with. Some software names what the recipient does with the content key in the end.
const DERIVE: &[KeyOp] = &[KeyOp::DERIVE_KEY, KeyOp::DERIVE_BITS, KeyOp::UNWRAP_KEY];
/// Of a public key that is agreed with: what its owner does, or what others do in the end.
const DERIVE_OR_WRAP: &[KeyOp] = &[KeyOp::DERIVE_KEY, KeyOp::DERIVE_BITS, KeyOp::WRAP_KEY, KeyOp::ENCRYPT];
/// Of a public key that names no operation at all, as browsers write it: it is the owner of the private one who derives.
const NONE_NEEDED: &[KeyOp] = &[];

/// What a key is to do.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Encrypt,
    Decrypt,
}

/// A key that fits its algorithm, and for what.
pub(super) enum Fitting<'k> {
    Rsa(RsaPadding, &'k RsaKey),
    KeyWrap(AesKeySize, &'k SecretOctets),
    GcmKeyWrap(AesKeySize, &'k SecretOctets),
    /// An EC or OKP key on this curve; and the wrap that follows, if one does.
    Agreement(&'k KeyMaterial, AgreementCurve, Option<AesKeySize>),
}

/// Checks a key that is encrypted to, wrapped with or agreed with: itself, then what it says about its purpose.
pub(super) fn check(jwk: &Jwk, algorithm: JweAlgorithm, purpose: Purpose) -> Result<Fitting<'_>, KeyError> {
    let fitting = fitting(jwk.material(), algorithm)?;
    let ops = match (&fitting, purpose) {
        (Fitting::Rsa(..) | Fitting::GcmKeyWrap(..), Purpose::Encrypt) => WRAP_OR_ENCRYPT,
        (Fitting::Rsa(..) | Fitting::GcmKeyWrap(..), Purpose::Decrypt) => UNWRAP_OR_DECRYPT,
        (Fitting::KeyWrap(..), Purpose::Encrypt) => WRAP_KEY,
        (Fitting::KeyWrap(..), Purpose::Decrypt) => UNWRAP_KEY,
        (Fitting::Agreement(..), Purpose::Encrypt) if jwk.key_ops().is_some_and(<[_]>::is_empty) => {
            NONE_NEEDED
        }
        (Fitting::Agreement(..), Purpose::Encrypt) => DERIVE_OR_WRAP,
        (Fitting::Agreement(..), Purpose::Decrypt) => DERIVE,
    };
    about_itself(jwk, ops, algorithm.into(), &[algorithm.name()])?;
    Ok(fitting)
}

/// Checks a key that encrypts the content itself. Its `alg` may name `dir` or the content encryption
/// ([RFC 7520 §5.6](https://www.rfc-editor.org/rfc/rfc7520#section-5.6) has the latter).
fn check_direct(
    jwk: &Jwk,
    encryption: ContentEncryption,
    purpose: Purpose,
) -> Result<&SecretOctets, KeyError> {
    let secret = secret(jwk.material(), encryption.into(), encryption.key_len())?;
    let ops = match purpose {
        Purpose::Encrypt => ENCRYPT,
        Purpose::Decrypt => DECRYPT,
    };
    about_itself(jwk, ops, encryption.into(), &[encryption.name(), JweAlgorithm::DIR.name()])?;
    Ok(secret)
}

/// `use`, `key_ops` (one of `ops`, if there are any) and `alg`.
fn about_itself(jwk: &Jwk, ops: &[KeyOp], algorithm: AlgorithmName, names: &[&str]) -> Result<(), KeyError> {
    if let Some(key_use) = jwk.key_use().filter(|key_use| **key_use != KeyUse::ENCRYPTION) {
        return Err(KeyError::Use(key_use.clone()));
    }
    if let Some(found) = jwk.key_ops() {
        if let Some(needed) = ops.first().filter(|_| !ops.iter().any(|op| found.contains(op))) {
            return Err(KeyError::KeyOps(needed.clone()));
        }
        let is_signature = |op: &&KeyOp| [KeyOp::SIGN, KeyOp::VERIFY].contains(op);
        if let (Some(key_use), Some(op)) = (jwk.key_use(), found.iter().find(is_signature)) {
            return Err(KeyError::UseContradictsKeyOps { key_use: key_use.clone(), op: op.clone() });
        }
    }
    match jwk.alg() {
        Some(found) if !names.contains(&found) => {
            Err(KeyError::Algorithm { algorithm, found: found.to_owned() })
        }
        _ => Ok(()),
    }
}

fn fitting(material: &KeyMaterial, algorithm: JweAlgorithm) -> Result<Fitting<'_>, KeyError> {
    let name = AlgorithmName::from(algorithm);
    Ok(match algorithm.scheme() {
        KeyManagement::Rsa(padding) => match material {
            KeyMaterial::Rsa(key) => {
                rsa(key, padding)?;
                Fitting::Rsa(padding, key)
            }
            other => return Err(key_type(other, name, KeyType::Rsa)),
        },
        KeyManagement::KeyWrap(size) => Fitting::KeyWrap(size, secret(material, name, size.key_len())?),
        KeyManagement::GcmKeyWrap(size) => Fitting::GcmKeyWrap(size, secret(material, name, size.key_len())?),
        KeyManagement::Agreement => Fitting::Agreement(material, agreement_curve(material, name)?, None),
        KeyManagement::AgreementWithKeyWrap(size) => {
            Fitting::Agreement(material, agreement_curve(material, name)?, Some(size))
        }
        KeyManagement::Direct => {
            return Err(KeyError::OtherConstructor { algorithm: name, constructor: "direct" });
        }
        KeyManagement::Password(..) => {
            return Err(KeyError::OtherConstructor { algorithm: name, constructor: "password" });
        }
    })
}

fn rsa(key: &RsaKey, padding: RsaPadding) -> Result<(), KeyError> {
    rules::rsa(key)?;
    if padding == RsaPadding::Pkcs1v15 && key.exponent_bits() < PKCS1_MINIMUM_EXPONENT_BITS {
        return Err(KeyError::RsaExponent);
    }
    Ok(())
}

/// The curve of a key that is to be agreed with.
pub(super) fn agreement_curve(
    material: &KeyMaterial,
    algorithm: AlgorithmName,
) -> Result<AgreementCurve, KeyError> {
    AgreementCurve::of(material).ok_or_else(|| match material.curve_name() {
        Some(found) => KeyError::NotForAgreement { algorithm, found },
        None => key_type(material, algorithm, KeyType::Ec),
    })
}

/// A symmetric key of exactly so many octets.
fn secret(
    material: &KeyMaterial,
    algorithm: AlgorithmName,
    expected: usize,
) -> Result<&SecretOctets, KeyError> {
    match material {
        KeyMaterial::Oct(secret) if secret.len() == expected => Ok(secret),
        KeyMaterial::Oct(secret) => Err(KeyError::SecretLength { algorithm, expected, found: secret.len() }),
        other => Err(key_type(other, algorithm, KeyType::Oct)),
    }
}

/// Says which type of key the algorithm has, and which was found.
fn key_type(material: &KeyMaterial, algorithm: AlgorithmName, expected: KeyType) -> KeyError {
    KeyError::KeyType { algorithm, expected, found: material.key_type() }
}

/// Says of which algorithm the backend lacks a primitive.
pub(crate) fn lacking(algorithm: impl Into<AlgorithmName>) -> impl FnOnce(KeyError) -> KeyError {
    let algorithm = algorithm.into();
    |error| match error {
        KeyError::Lacking(primitive) => KeyError::Unsupported { algorithm, what: primitive.name() },
        error => error,
    }
}

/// An error unless the backend has a primitive.
pub(crate) fn require(
    backend: &dyn EncryptionBackend,
    primitive: EncryptionPrimitive,
) -> Result<(), KeyError> {
    if backend.supports(primitive) { Ok(()) } else { Err(KeyError::Lacking(primitive)) }
}

/// The cipher of a key that encrypts the content itself.
pub(super) fn direct_cipher(
    jwk: &Jwk,
    encryption: ContentEncryption,
    purpose: Purpose,
    crypto: &CryptoProvider,
) -> Result<ContentCipher, KeyError> {
    let secret = check_direct(jwk, encryption, purpose)?;
    check_supported(encryption, &*crypto.encryption)?;
    ContentCipher::prepare(encryption, secret.expose(), &crypto.encryption)
}

/// What an algorithm for passwords is made of.
pub(super) fn password(
    password: &[u8],
    algorithm: JweAlgorithm,
    crypto: &CryptoProvider,
) -> Result<(HashAlgorithm, AesKeySize), KeyError> {
    let KeyManagement::Password(hash, size) = algorithm.scheme() else {
        return Err(KeyError::OtherConstructor { algorithm: algorithm.into(), constructor: "prepare" });
    };
    if password.is_empty() {
        return Err(KeyError::PasswordEmpty);
    }
    require(&*crypto.encryption, EncryptionPrimitive::Pbkdf2(hash))
        .and_then(|()| require(&*crypto.encryption, EncryptionPrimitive::AesKeyWrap(size)))
        .map_err(lacking(algorithm))?;
    Ok((hash, size))
}
