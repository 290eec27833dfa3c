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
    use ring::agreement::{ECDH_P256, ECDH_P384, EphemeralPrivateKey};
    use ring::rand::SystemRandom;

    use super::*;

    fn contains(curve: EcCurve, x: &[u8], y: &[u8]) -> bool {
        EcKey::new(curve, x.to_vec(), y.to_vec(), None).is_ok_and(|key| key.is_on_curve())
    }

    /// Points of ring's making are on the curve, and no longer with any one bit changed.
    #[test]
    fn agrees_with_ring() {
        for (curve, agreement, width) in [(EcCurve::P256, &ECDH_P256, 32), (EcCurve::P384, &ECDH_P384, 48)] {
            for _ in 0..20 {
                let key = EphemeralPrivateKey::generate(agreement, &SystemRandom::new()).unwrap();
                let public = key.compute_public_key().unwrap();
                let mut point = public.as_ref()[1..].to_vec();
                assert!(contains(curve, &point[..width], &point[width..]));
                for bit in 0..point.len() * 8 {
                    point[bit / 8] ^= 1 << (bit % 8);
                    assert!(!contains(curve, &point[..width], &point[width..]), "bit {bit}");
                    point[bit / 8] ^= 1 << (bit % 8);
                }
            }
        }
    }

    #[test]
    fn refuses_coordinates_that_are_not_reduced() {
        // x = p is x = 0 unreduced, and x = 0 is on the curve with y = sqrt(b)
        let p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        let root_of_b = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
        let octets = |hex: &str| -> Vec<u8> {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
        };
        assert!(contains(EcCurve::P256, &[0; 32], &octets(root_of_b)));
        assert!(!contains(EcCurve::P256, &octets(p), &octets(root_of_b)));
        assert!(!contains(EcCurve::P256, &[0; 32], &[0; 32]), "infinity has no coordinates");
        assert!(!contains(EcCurve::P256, &[0; 31], &[0; 32]));
    }
}
