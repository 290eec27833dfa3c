use std::sync::Arc;

use avouch_jose::crypto::{SecureRandom as _, SignFailed, SignatureInvalid, Signer, Verifier};
use avouch_jose::{JwsAlgorithm, KeyError, KeyMaterial, OkpCurve, OkpKey, SecretOctets};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};

use crate::der;
use crate::error::{rejected, unsupported};
use crate::random::SystemRandom;

/// The y coordinates of the points whose order divides eight, in every encoding of 255 bits. Under such a key one
/// signature is valid for many messages, and AWS-LC takes both.
#[rustfmt::skip]
const SMALL_ORDER: [[u8; 32]; 7] = [
    // 0, of order 4
    [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    // 1, the neutral point
    [0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    // p - 1, of order 2
    [0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    // of order 8
    [0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05],
    // of order 8
    [0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a],
    // p, which is 0
    [0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    // p + 1, which is 1
    [0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
];

struct PublicKey(ParsedPublicKey);

struct PrivateKey(Ed25519KeyPair);

/// AWS-LC finds out whether the octets are a point when it verifies, and then refuses every signature.
pub(crate) fn verifier(algorithm: JwsAlgorithm, key: &OkpKey) -> Result<Arc<dyn Verifier>, KeyError> {
    only_ed25519(algorithm, key)?;
    if is_of_small_order(key.x()) {
        return Err(KeyError::Rejected { reason: "the point is of small order" });
    }
    let key = ParsedPublicKey::new(&ED25519, key.x()).map_err(|error| rejected(&error))?;
    Ok(Arc::new(PublicKey(key)))
}

pub(crate) fn signer(algorithm: JwsAlgorithm, key: &OkpKey) -> Result<Arc<dyn Signer>, KeyError> {
    only_ed25519(algorithm, key)?;
    let seed = key.d().ok_or(KeyError::NotPrivate)?;
    let pair =
        Ed25519KeyPair::from_seed_and_public_key(seed.expose(), key.x()).map_err(|error| rejected(&error))?;
    Ok(Arc::new(PrivateKey(pair)))
}

pub(crate) fn signer_pkcs8(document: &[u8]) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
    der::check_end(document)?;
    let pair = Ed25519KeyPair::from_pkcs8(document).map_err(|error| rejected(&error))?;
    let public = material(pair.public_key().as_ref(), None)?;
    Ok((Arc::new(PrivateKey(pair)), public))
}

pub(crate) fn generate() -> Result<KeyMaterial, KeyError> {
    let mut seed = vec![0; OkpCurve::Ed25519.key_len()];
    SystemRandom::new().fill(&mut seed)?;
    let seed = SecretOctets::new(seed);
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).map_err(|error| rejected(&error))?;
    material(pair.public_key().as_ref(), Some(seed))
}

fn material(public: &[u8], seed: Option<SecretOctets>) -> Result<KeyMaterial, KeyError> {
    OkpKey::new(OkpCurve::Ed25519, public.to_vec(), seed)
        .map(KeyMaterial::Okp)
        .map_err(|_| KeyError::Rejected { reason: "it has another length" })
}

/// Whatever the sign bit says: the points come in pairs.
fn is_of_small_order(point: &[u8]) -> bool {
    let Some((last, rest)) = point.split_last() else { return false };
    SMALL_ORDER.iter().any(|[low @ .., high]| rest == low && last & 0x7f == *high)
}

fn only_ed25519(algorithm: JwsAlgorithm, key: &OkpKey) -> Result<(), KeyError> {
    if key.curve() == OkpCurve::Ed25519 { Ok(()) } else { Err(unsupported(algorithm, "the curve")) }
}

impl Verifier for PublicKey {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        self.0.verify_sig(input, signature).map_err(|_| SignatureInvalid)
    }
}

impl Signer for PrivateKey {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        match self.0.try_sign(input) {
            Ok(signature) => Ok(signature.as_ref().to_vec()),
            Err(_) => Err(SignFailed::new("AWS-LC could not sign")),
        }
    }
}
