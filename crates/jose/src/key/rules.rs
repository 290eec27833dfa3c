use crate::algorithm::{JwsAlgorithm, SignatureScheme};
use crate::crypto::RandomError;
use crate::jwk::{Jwk, KeyMaterial, KeyOp, KeyType, KeyUse, OkpCurve, RsaKey};

/// Bits an RSA modulus needs at least ([RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)).
const RSA_MINIMUM_BITS: usize = 2048;
/// Bits an RSA modulus has at most: verification time grows with their square.
const RSA_MAXIMUM_BITS: usize = 8192;
/// Octets an RSA public exponent has at most; the same reason.
const RSA_MAXIMUM_EXPONENT_LEN: usize = 32;

/// Why a key cannot be used with an algorithm. No variant holds key material.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No algorithm was allowed, so nothing could ever verify.
    #[error("the list of allowed algorithms is empty")]
    NoAlgorithms,
    /// A symmetric algorithm cannot be selected from a set of public keys.
    #[error("{0} is symmetric: its key does not come from a set of public keys")]
    SymmetricAlgorithm(JwsAlgorithm),
    /// An entry of a set of public keys holds a private key or a secret, which is thereby disclosed.
    #[error("a private or symmetric key stands in a set of public keys")]
    SecretInPublicSet,
    /// The key is of another type than the algorithm works with.
    #[error("{algorithm} needs a key of type {expected}, not {found}")]
    KeyType {
        /// The algorithm.
        algorithm: JwsAlgorithm,
        /// The key type it works with.
        expected: KeyType,
        /// The key type it was given.
        found: KeyType,
    },
    /// The key is on another curve than the algorithm's.
    #[error("{algorithm} needs a key on {expected}, not {found}")]
    Curve {
        /// The algorithm.
        algorithm: JwsAlgorithm,
        /// The curve it works on.
        expected: &'static str,
        /// The curve of the key.
        found: &'static str,
    },
    /// The key's own `alg` names another algorithm.
    #[error("the key is for {found:?}, not for {algorithm}")]
    Algorithm {
        /// The algorithm it was to be used with.
        algorithm: JwsAlgorithm,
        /// What its `alg` says.
        found: String,
    },
    /// The key's `use` is not signatures.
    #[error("the key is for use {0:?}, not for signatures")]
    Use(KeyUse),
    /// The key's `key_ops` lack the operation.
    #[error("the key's operations do not include {0:?}")]
    KeyOps(KeyOp),
    /// The key's `use` and `key_ops` contradict each other.
    #[error("the key's use {key_use:?} does not go with its operation {op:?}")]
    UseContradictsKeyOps {
        /// The `use`.
        key_use: KeyUse,
        /// The first operation that does not go with it.
        op: KeyOp,
    },
    /// The RSA modulus is too small to be safe.
    #[error("an RSA key of {bits} bits is smaller than {minimum}")]
    RsaTooSmall {
        /// Bits of the modulus.
        bits: usize,
        /// Bits it needs.
        minimum: usize,
    },
    /// The RSA modulus is so large that checking signatures costs too much.
    #[error("an RSA key of {bits} bits is larger than {maximum}")]
    RsaTooLarge {
        /// Bits of the modulus.
        bits: usize,
        /// Bits it may have.
        maximum: usize,
    },
    /// The RSA public exponent is even, below 3, or longer than 256 bits.
    #[error("the RSA public exponent is not an odd number from 3 up to 256 bits")]
    RsaExponent,
    /// The RSA modulus is even.
    #[error("the RSA modulus is even")]
    RsaModulusEven,
    /// The private RSA key has no prime factors, which the backend needs.
    #[error("the private RSA key lacks its prime factors")]
    RsaPrimesMissing,
    /// The secret is shorter than the output of the hash.
    #[error("a secret of {octets} octets is shorter than {minimum}")]
    SecretTooShort {
        /// Octets of the secret.
        octets: usize,
        /// Octets it needs.
        minimum: usize,
    },
    /// A private key is needed and this one is public.
    #[error("the key has no private part")]
    NotPrivate,
    /// The private part belongs to another public key.
    #[error("the private part does not belong to the public part")]
    PrivateDoesNotMatchPublic,
    /// The backend lacks this algorithm, operation or kind of key.
    #[error("the backend does not support {algorithm}: {what}")]
    Unsupported {
        /// The algorithm.
        algorithm: JwsAlgorithm,
        /// What exactly it lacks.
        what: &'static str,
    },
    /// The backend found that this is no valid key.
    #[error("the key is not valid: {reason}")]
    Rejected {
        /// What it found.
        reason: &'static str,
    },
    /// There is no randomness to generate a key from.
    #[error("no key can be generated")]
    Random(#[from] RandomError),
}

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
        return Err(KeyError::Algorithm { algorithm, found: found.to_owned() });
    }
    Ok(())
}

/// Checks key type, curve and sizes.
pub(super) fn material(material: &KeyMaterial, algorithm: JwsAlgorithm) -> Result<(), KeyError> {
    let curve = |expected: &'static str, found: &'static str| {
        if expected == found { Ok(()) } else { Err(KeyError::Curve { algorithm, expected, found }) }
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
            curve(OkpCurve::Ed25519.name(), key.curve().name())
        }
        (_, other) => {
            Err(KeyError::KeyType { algorithm, expected: algorithm.key_type(), found: other.key_type() })
        }
    }
}

fn rsa(key: &RsaKey) -> Result<(), KeyError> {
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
