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

const NOT_A_POINT: KeyError = KeyError::Rejected { reason: "the point is not on the curve" };

struct PublicKey(ParsedPublicKey);

struct PrivateKey(EcdsaKeyPair);

type Algorithms = (&'static EcdsaVerificationAlgorithm, &'static EcdsaSigningAlgorithm);

pub(crate) fn supports(curve: EcCurve, hash: HashAlgorithm) -> bool {
    algorithms(curve, hash).is_some()
}

pub(crate) fn verifier(algorithm: JwsAlgorithm, key: &EcKey) -> Result<Arc<dyn Verifier>, KeyError> {
    let (verification, _) = algorithms_for(algorithm, key.curve())?;
    // the one way that this is refused: the width is right, and nothing but a whole point is parsed
    let key = ParsedPublicKey::new(verification, point(key)).map_err(|_| NOT_A_POINT)?;
    Ok(Arc::new(PublicKey(key)))
}

pub(crate) fn signer(algorithm: JwsAlgorithm, key: &EcKey) -> Result<Arc<dyn Signer>, KeyError> {
    let (_, signing) = algorithms_for(algorithm, key.curve())?;
    let d = key.d().ok_or(KeyError::NotPrivate)?;
    let pair = EcdsaKeyPair::from_private_key_and_public_key(signing, d.expose(), &point(key))
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

/// The point uncompressed ([SEC 1 §2.3.3](https://www.secg.org/sec1-v2.pdf)).
pub(crate) fn point(key: &EcKey) -> Vec<u8> {
    [&[4], key.x(), key.y()].concat()
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
        self.0.verify_sig(input, signature).map_err(|_| SignatureInvalid)
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
