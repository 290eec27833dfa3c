use std::sync::Arc;

use avouch_jose::crypto::{RandomError, SignFailed, SignatureInvalid, Signer, Verifier};
use avouch_jose::{
    EcCurve, EcKey, HashAlgorithm, JwsAlgorithm, KeyError, KeyMaterial, SecretOctets, SignatureScheme,
};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED,
    ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    EcdsaVerificationAlgorithm, KeyPair as _, ParsedPublicKey,
};

use crate::der;
use crate::error::{rejected, unsupported};
use crate::parsed::ParsedOnce;

const NOT_A_POINT: KeyError = KeyError::Rejected { reason: "the point is not on the curve" };

struct PublicKey {
    key: EcKey,
    algorithm: &'static EcdsaVerificationAlgorithm,
    parsed: ParsedOnce,
}

struct PrivateKey(EcdsaKeyPair);

type Algorithms = (&'static EcdsaVerificationAlgorithm, &'static EcdsaSigningAlgorithm);

pub(crate) fn supports(curve: EcCurve, hash: HashAlgorithm) -> bool {
    algorithms(curve, hash).is_some()
}

pub(crate) fn verifier(algorithm: JwsAlgorithm, key: &EcKey) -> Result<Arc<dyn Verifier>, KeyError> {
    let (algorithm, _) = algorithms_for(algorithm, key.curve())?;
    // the one way that AWS-LC refuses it: the width is right, and what has both coordinates is a whole point
    if !key.is_on_curve() {
        return Err(NOT_A_POINT);
    }
    Ok(Arc::new(PublicKey { key: key.public(), algorithm, parsed: ParsedOnce::default() }))
}

pub(crate) fn signer(algorithm: JwsAlgorithm, key: &EcKey) -> Result<Arc<dyn Signer>, KeyError> {
    let (_, signing) = algorithms_for(algorithm, key.curve())?;
    let d = key.d().ok_or(KeyError::NotPrivate)?;
    let pair = EcdsaKeyPair::from_private_key_and_public_key(signing, d.expose(), key.point())
        .map_err(|error| rejected(&error))?;
    Ok(Arc::new(PrivateKey(pair)))
}

pub(crate) fn signer_pkcs8(
    algorithm: JwsAlgorithm,
    document: &[u8],
) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
    let curve = curve_of(algorithm)?;
    let (_, signing) = algorithms_for(algorithm, curve)?;
    der::check_end(document)?;
    let pair = EcdsaKeyPair::from_pkcs8(signing, document).map_err(|error| rejected(&error))?;
    let public = material(curve, pair.public_key().as_ref(), None)?;
    Ok((Arc::new(PrivateKey(pair)), public))
}

pub(crate) fn generate(algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
    let curve = curve_of(algorithm)?;
    let (_, signing) = algorithms_for(algorithm, curve)?;
    let pair = EcdsaKeyPair::generate(signing).map_err(|_| RandomError)?;
    let scalar: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().map_err(|_| RandomError)?;
    material(curve, pair.public_key().as_ref(), Some(SecretOctets::new(scalar.as_ref().to_vec())))
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

fn algorithms(curve: EcCurve, hash: HashAlgorithm) -> Option<Algorithms> {
    match (curve, hash) {
        (EcCurve::P256, HashAlgorithm::Sha256) => {
            Some((&ECDSA_P256_SHA256_FIXED, &ECDSA_P256_SHA256_FIXED_SIGNING))
        }
        (EcCurve::P384, HashAlgorithm::Sha384) => {
            Some((&ECDSA_P384_SHA384_FIXED, &ECDSA_P384_SHA384_FIXED_SIGNING))
        }
        (EcCurve::P521, HashAlgorithm::Sha512) => {
            Some((&ECDSA_P521_SHA512_FIXED, &ECDSA_P521_SHA512_FIXED_SIGNING))
        }
        (EcCurve::Secp256k1, HashAlgorithm::Sha256) => {
            Some((&ECDSA_P256K1_SHA256_FIXED, &ECDSA_P256K1_SHA256_FIXED_SIGNING))
        }
        _ => None,
    }
}

/// Of the algorithm, if the key is on its curve.
fn algorithms_for(algorithm: JwsAlgorithm, key: EcCurve) -> Result<Algorithms, KeyError> {
    match algorithm.scheme() {
        SignatureScheme::Ecdsa(curve, hash) if curve == key => algorithms(curve, hash),
        _ => None,
    }
    .ok_or_else(|| unsupported(algorithm, "the curve"))
}

fn curve_of(algorithm: JwsAlgorithm) -> Result<EcCurve, KeyError> {
    match algorithm.scheme() {
        SignatureScheme::Ecdsa(curve, _) => Ok(curve),
        _ => Err(unsupported(algorithm, "the key type")),
    }
}

impl Verifier for PublicKey {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        self.parsed.verify(input, signature, || ParsedPublicKey::new(self.algorithm, self.key.point()).ok())
    }
}

impl Signer for PrivateKey {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        // AWS-LC takes its own randomness; the argument has no effect
        match self.0.sign(&SystemRandom::new(), input) {
            Ok(signature) => Ok(signature.as_ref().to_vec()),
            Err(_) => Err(SignFailed::new("AWS-LC could not sign")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `avouch-jose` says of a point is what AWS-LC says of it, for each curve: a key is prepared by the one and parsed
    /// by the other.
    #[test]
    #[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
    fn agrees_about_points() {
        for algorithm in [JwsAlgorithm::ES256, JwsAlgorithm::ES384, JwsAlgorithm::ES512, JwsAlgorithm::ES256K]
        {
            let KeyMaterial::Ec(key) = generate(algorithm).unwrap() else { panic!("no point") };
            let (verification, _) = algorithms_for(algorithm, key.curve()).unwrap();
            let (mut x, mut y) = (key.x().to_vec(), key.y().to_vec());
            for bit in 0..=x.len() * 8 {
                let key = EcKey::new(key.curve(), x.clone(), y.clone(), None).unwrap();
                assert_eq!(key.is_on_curve(), bit == 0, "bit {bit}");
                assert_eq!(ParsedPublicKey::new(verification, key.point()).is_ok(), bit == 0, "bit {bit}");
                (x, y) = (key.x().to_vec(), key.y().to_vec());
                let flip = |octets: &mut [u8], bit: usize| octets[bit / 8] ^= 1 << (bit % 8);
                // each bit in turn is the wrong one
                if let Some(before) = bit.checked_sub(1) {
                    flip(&mut x, before);
                    flip(&mut y, before);
                }
                if bit < x.len() * 8 {
                    flip(&mut x, bit);
                    flip(&mut y, bit);
                }
            }
        }
    }
}
