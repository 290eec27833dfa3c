mod edwards;

use super::error::KeyError;
use crate::algorithm::{JwsAlgorithm, RSA_MAXIMUM_BITS, RSA_MINIMUM_BITS, SignatureScheme};
use crate::jwk::{Jwk, KeyMaterial, KeyOp, KeyUse, OkpCurve, RsaKey, SecretOctets};

/// Octets an RSA public exponent has at most: the time to verify grows with them.
const RSA_MAXIMUM_EXPONENT_LEN: usize = 32;

/// Checks what a JWK says about its own purpose, then the key itself.
pub(super) fn check(jwk: &Jwk, algorithm: JwsAlgorithm, op: &KeyOp) -> Result<(), KeyError> {
    material(jwk.material(), algorithm)?;
    if let Some(key_use) = jwk.key_use().filter(|key_use| **key_use != KeyUse::SIGNATURE) {
        return Err(KeyError::Use(key_use.clone()));
    }
    if let Some(ops) = jwk.key_ops() {
        if !ops.contains(op) {
            return Err(KeyError::KeyOps(op.clone()));
        }
        if let (Some(key_use), Some(op)) = (jwk.key_use(), ops.iter().find(|op| is_encryption(op))) {
            return Err(KeyError::UseContradictsKeyOps { key_use: key_use.clone(), op: op.clone() });
        }
    }
    if let Some(found) = jwk.alg().filter(|found| *found != algorithm.name()) {
        return Err(KeyError::Algorithm { algorithm: algorithm.into(), found: found.to_owned() });
    }
    Ok(())
}

/// A shared secret as the key of a MAC, checked.
pub(super) fn shared_secret(secret: &[u8], algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
    let key = KeyMaterial::Oct(SecretOctets::new(secret.to_vec()));
    material(&key, algorithm)?;
    Ok(key)
}

/// Checks key type, curve and sizes.
pub(super) fn material(material: &KeyMaterial, algorithm: JwsAlgorithm) -> Result<(), KeyError> {
    let curve = |expected: &'static str, found: &'static str| {
        if expected == found {
            Ok(())
        } else {
            Err(KeyError::Curve { algorithm: algorithm.into(), expected, found })
        }
    };
    match (algorithm.scheme(), material) {
        (SignatureScheme::Hmac(hash), KeyMaterial::Oct(secret)) => {
            let (octets, minimum) = (secret.len(), hash.output_len());
            if octets < minimum { Err(KeyError::SecretTooShort { octets, minimum }) } else { Ok(()) }
        }
        (SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_), KeyMaterial::Rsa(key)) => rsa(key),
        (SignatureScheme::Ecdsa(expected, _), KeyMaterial::Ec(key)) => {
            curve(expected.name(), key.curve().name())
        }
        (SignatureScheme::Ed25519, KeyMaterial::Okp(key)) => {
            curve(OkpCurve::Ed25519.name(), key.curve().name())?;
            edwards::check(key.x())
        }
        (SignatureScheme::Ed448, KeyMaterial::Okp(key)) => curve(OkpCurve::Ed448.name(), key.curve().name()),
        (SignatureScheme::MlDsa(expected), KeyMaterial::Akp(key)) if key.parameters() == expected => Ok(()),
        (SignatureScheme::MlDsa(_), KeyMaterial::Akp(_)) => {
            let found = material.algorithm_name().unwrap_or_default().to_owned();
            Err(KeyError::Algorithm { algorithm: algorithm.into(), found })
        }
        (_, other) => Err(KeyError::KeyType {
            algorithm: algorithm.into(),
            expected: algorithm.key_type(),
            found: other.key_type(),
        }),
    }
}

pub(super) fn rsa(key: &RsaKey) -> Result<(), KeyError> {
    let bits = key.modulus_bits();
    if bits < RSA_MINIMUM_BITS {
        return Err(KeyError::RsaTooSmall { bits, minimum: RSA_MINIMUM_BITS });
    }
    if bits > RSA_MAXIMUM_BITS {
        return Err(KeyError::RsaTooLarge { bits, maximum: RSA_MAXIMUM_BITS });
    }
    let is_even = |integer: &[u8]| integer.last().is_none_or(|last| last % 2 == 0);
    if is_even(key.n()) {
        return Err(KeyError::RsaModulusEven);
    }
    if is_even(key.e()) || key.e() == [1] || key.e().len() > RSA_MAXIMUM_EXPONENT_LEN {
        return Err(KeyError::RsaExponent);
    }
    Ok(())
}

fn is_encryption(op: &KeyOp) -> bool {
    [
        KeyOp::ENCRYPT,
        KeyOp::DECRYPT,
        KeyOp::WRAP_KEY,
        KeyOp::UNWRAP_KEY,
        KeyOp::DERIVE_KEY,
        KeyOp::DERIVE_BITS,
    ]
    .contains(op)
}
