use std::sync::Arc;

use avouch_jose::crypto::{SecureRandom as _, SignFailed, SignatureInvalid, Signer, Verifier};
use avouch_jose::{JwsAlgorithm, KeyError, KeyMaterial, OkpCurve, OkpKey, SecretOctets};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};

use crate::der;
use crate::error::{rejected, unsupported};
use crate::random::SystemRandom;

struct PublicKey(ParsedPublicKey);

struct PrivateKey(Ed25519KeyPair);

/// AWS-LC finds out whether the octets are a point when it verifies, and then refuses every signature.
pub(crate) fn verifier(algorithm: JwsAlgorithm, key: &OkpKey) -> Result<Arc<dyn Verifier>, KeyError> {
    only_ed25519(algorithm, key)?;
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
