use avouch_jose::crypto::{SecureRandom as _, SignFailed, SignatureInvalid, Signer, Verifier};
use avouch_jose::{HashAlgorithm, JwsAlgorithm, KeyError, KeyMaterial, SecretOctets};
use ring::hmac;

use crate::random::SystemRandom;
use crate::signatures::unsupported;

pub(crate) struct Key(hmac::Key);

pub(crate) fn algorithm(hash: HashAlgorithm) -> Option<hmac::Algorithm> {
    match hash {
        HashAlgorithm::Sha256 => Some(hmac::HMAC_SHA256),
        HashAlgorithm::Sha384 => Some(hmac::HMAC_SHA384),
        HashAlgorithm::Sha512 => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

pub(crate) fn key(jws: JwsAlgorithm, hash: HashAlgorithm, secret: &SecretOctets) -> Result<Key, KeyError> {
    let hash = algorithm(hash).ok_or_else(|| unsupported(jws, "the hash"))?;
    Ok(Key(hmac::Key::new(hash, secret.expose())))
}

pub(crate) fn generate(hash: HashAlgorithm) -> Result<KeyMaterial, KeyError> {
    let mut secret = vec![0; hash.output_len()];
    SystemRandom::new().fill(&mut secret)?;
    Ok(KeyMaterial::Oct(SecretOctets::new(secret)))
}

/// Fills `mac` with the first octets of the MAC of the concatenated parts.
pub(crate) fn of_parts(
    algorithm: hmac::Algorithm,
    key: &[u8],
    parts: &[&[u8]],
    mac: &mut [u8],
) -> Result<(), KeyError> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(algorithm, key));
    parts.iter().for_each(|part| context.update(part));
    let tag = context.sign();
    let first = tag.as_ref().get(..mac.len());
    mac.copy_from_slice(first.ok_or(KeyError::Rejected { reason: "the MAC has fewer octets" })?);
    Ok(())
}

impl Verifier for Key {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        // compares in constant time
        hmac::verify(&self.0, input, signature).map_err(|_| SignatureInvalid)
    }
}

impl Signer for Key {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        Ok(hmac::sign(&self.0, input).as_ref().to_vec())
    }
}
