mod pkcs8;

use std::sync::Arc;

use avouch_jose::crypto::{SignFailed, SignatureInvalid, Signer, Verifier};
use avouch_jose::{
    EcCurve, EcKey, HashAlgorithm, JwsAlgorithm, KeyError, KeyMaterial, SecretOctets, SignatureScheme,
};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm,
    KeyPair as _, UnparsedPublicKey,
};

use crate::signatures::{rejected, unsupported};

struct PublicKey {
    key: EcKey,
    algorithm: &'static EcdsaVerificationAlgorithm,
}

struct PrivateKey(EcdsaKeyPair);

type Algorithms = (&'static EcdsaVerificationAlgorithm, &'static EcdsaSigningAlgorithm);

pub(crate) fn verifier(algorithm: JwsAlgorithm, key: &EcKey) -> Result<Arc<dyn Verifier>, KeyError> {
    let (algorithm, _) = algorithms(algorithm, key.curve())?;
    // ring would find out at the first signature; a key set should be judged before there is one
    if !key.is_on_curve() {
        return Err(KeyError::Rejected { reason: "the point is not on the curve" });
    }
    Ok(Arc::new(PublicKey { key: key.public(), algorithm }))
}

pub(crate) fn signer(algorithm: JwsAlgorithm, key: &EcKey) -> Result<Arc<dyn Signer>, KeyError> {
    let (_, signing) = algorithms(algorithm, key.curve())?;
    let d = key.d().ok_or(KeyError::NotPrivate)?;
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(signing, d.expose(), key.point(), &random)
        .map_err(|e| rejected(&e))?;
    Ok(Arc::new(PrivateKey(pair)))
}

pub(crate) fn signer_pkcs8(
    algorithm: JwsAlgorithm,
    der: &[u8],
) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
    let curve = curve_of(algorithm)?;
    let (_, signing) = algorithms(algorithm, curve)?;
    let pair = EcdsaKeyPair::from_pkcs8(signing, der, &SystemRandom::new()).map_err(|e| rejected(&e))?;
    let public = material(curve, pair.public_key().as_ref(), None)?;
    Ok((Arc::new(PrivateKey(pair)), public))
}

/// ring gives a new key as PKCS#8 only, so that the scalar must be read out of it.
pub(crate) fn generate(algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
    let curve = curve_of(algorithm)?;
    let (_, signing) = algorithms(algorithm, curve)?;
    let random = SystemRandom::new();
    let document =
        EcdsaKeyPair::generate_pkcs8(signing, &random).map_err(|_| avouch_jose::crypto::RandomError)?;
    let pair = EcdsaKeyPair::from_pkcs8(signing, document.as_ref(), &random).map_err(|e| rejected(&e))?;
    let scalar = pkcs8::ec_scalar(document.as_ref())
        .ok_or(KeyError::Rejected { reason: "the scalar is not inside" })?;
    material(curve, pair.public_key().as_ref(), Some(SecretOctets::new(scalar.to_vec())))
}

fn algorithms(algorithm: JwsAlgorithm, curve: EcCurve) -> Result<Algorithms, KeyError> {
    match (algorithm.scheme(), curve) {
        (SignatureScheme::Ecdsa(EcCurve::P256, HashAlgorithm::Sha256), EcCurve::P256) => {
            Ok((&ECDSA_P256_SHA256_FIXED, &ECDSA_P256_SHA256_FIXED_SIGNING))
        }
        (SignatureScheme::Ecdsa(EcCurve::P384, HashAlgorithm::Sha384), EcCurve::P384) => {
            Ok((&ECDSA_P384_SHA384_FIXED, &ECDSA_P384_SHA384_FIXED_SIGNING))
        }
        _ => Err(unsupported(algorithm, "the curve")),
    }
}

fn curve_of(algorithm: JwsAlgorithm) -> Result<EcCurve, KeyError> {
    match algorithm.scheme() {
        SignatureScheme::Ecdsa(curve, _) => Ok(curve),
        _ => Err(unsupported(algorithm, "the key type")),
    }
}

pub(crate) fn material(
    curve: EcCurve,
    point: &[u8],
    d: Option<SecretOctets>,
) -> Result<KeyMaterial, KeyError> {
    const REJECTED: KeyError = KeyError::Rejected { reason: "the point is not uncompressed" };
    let coordinates = point.strip_prefix(&[4]).ok_or(REJECTED)?;
    let (x, y) = coordinates.split_at_checked(curve.coordinate_len()).ok_or(REJECTED)?;
    EcKey::new(curve, x.to_vec(), y.to_vec(), d).map(KeyMaterial::Ec).map_err(|_| REJECTED)
}

impl Verifier for PublicKey {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        UnparsedPublicKey::new(self.algorithm, self.key.point())
            .verify(input, signature)
            .map_err(|_| SignatureInvalid)
    }
}

impl Signer for PrivateKey {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        match self.0.sign(&SystemRandom::new(), input) {
            Ok(signature) => Ok(signature.as_ref().to_vec()),
            Err(_) => Err(SignFailed::new("ring could not sign")),
        }
    }
}

#[cfg(test)]
mod tests {
    use ring::agreement::{
        Algorithm, ECDH_P256, ECDH_P384, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral,
    };
    use ring::rand::SystemRandom;

    use super::*;

    fn new_key(algorithm: &'static Algorithm) -> EphemeralPrivateKey {
        EphemeralPrivateKey::generate(algorithm, &SystemRandom::new()).unwrap()
    }

    /// Points of ring's making are on the curve, and no longer with any one bit changed: as we say, and as ring does.
    #[test]
    fn agrees_with_ring() {
        for (curve, algorithm, width) in [(EcCurve::P256, &ECDH_P256, 32), (EcCurve::P384, &ECDH_P384, 48)] {
            let public = new_key(algorithm).compute_public_key().unwrap();
            let check = |coordinates: &[u8], is_sound: bool| {
                let (x, y) = coordinates.split_at(width);
                let key = EcKey::new(curve, x.to_vec(), y.to_vec(), None).unwrap();
                assert_eq!(key.is_on_curve(), is_sound, "{coordinates:?}");
                let peer = UnparsedPublicKey::new(algorithm, key.point());
                assert_eq!(
                    agree_ephemeral(new_key(algorithm), &peer, |_| ()).is_ok(),
                    is_sound,
                    "{coordinates:?}"
                );
            };
            let mut coordinates = public.as_ref()[1..].to_vec();
            check(&coordinates, true);
            for bit in 0..coordinates.len() * 8 {
                coordinates[bit / 8] ^= 1 << (bit % 8);
                check(&coordinates, false);
                coordinates[bit / 8] ^= 1 << (bit % 8);
            }
        }
    }
}
