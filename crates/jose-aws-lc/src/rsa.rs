use std::sync::Arc;

use avouch_jose::crypto::{SignFailed, SignatureInvalid, Signer, Verifier};
use avouch_jose::{HashAlgorithm, JwsAlgorithm, KeyError, KeyMaterial, RsaKey, SignatureScheme};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeyPairComponents, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaParameters,
};

use crate::der;
use crate::error::{NOT_ENCODED, rejected, unsupported};
use crate::parsed::ParsedOnce;

/// Bits of the longest public exponent AWS-LC computes with.
const MAXIMUM_EXPONENT_BITS: usize = 33;

struct PublicKey {
    key: RsaKey,
    parameters: &'static RsaParameters,
    parsed: ParsedOnce,
}

struct PrivateKey {
    pair: KeyPair,
    encoding: &'static dyn RsaEncoding,
}

pub(crate) fn verifier(algorithm: JwsAlgorithm, key: &RsaKey) -> Result<Arc<dyn Verifier>, KeyError> {
    let parameters: &'static RsaParameters = match algorithm.scheme() {
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha256) => &RSA_PKCS1_2048_8192_SHA256,
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha384) => &RSA_PKCS1_2048_8192_SHA384,
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha512) => &RSA_PKCS1_2048_8192_SHA512,
        SignatureScheme::RsaPss(HashAlgorithm::Sha256) => &RSA_PSS_2048_8192_SHA256,
        SignatureScheme::RsaPss(HashAlgorithm::Sha384) => &RSA_PSS_2048_8192_SHA384,
        SignatureScheme::RsaPss(HashAlgorithm::Sha512) => &RSA_PSS_2048_8192_SHA512,
        _ => return Err(unsupported(algorithm, "the hash")),
    };
    check_exponent(algorithm, key)?;
    Ok(Arc::new(PublicKey { key: key.public(), parameters, parsed: ParsedOnce::default() }))
}

pub(crate) fn signer(algorithm: JwsAlgorithm, key: &RsaKey) -> Result<Arc<dyn Signer>, KeyError> {
    let encoding: &'static dyn RsaEncoding = match algorithm.scheme() {
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha256) => &RSA_PKCS1_SHA256,
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha384) => &RSA_PKCS1_SHA384,
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha512) => &RSA_PKCS1_SHA512,
        SignatureScheme::RsaPss(HashAlgorithm::Sha256) => &RSA_PSS_SHA256,
        SignatureScheme::RsaPss(HashAlgorithm::Sha384) => &RSA_PSS_SHA384,
        SignatureScheme::RsaPss(HashAlgorithm::Sha512) => &RSA_PSS_SHA512,
        _ => return Err(unsupported(algorithm, "the hash")),
    };
    check_exponent(algorithm, key)?;
    Ok(Arc::new(PrivateKey { pair: pair(key)?, encoding }))
}

/// Reads the integers and goes the way of a JWK, so that both are held to the same rules.
pub(crate) fn signer_pkcs8(
    algorithm: JwsAlgorithm,
    document: &[u8],
) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
    let key = der::rsa_key(document).ok_or(NOT_ENCODED)?;
    let signer = signer(algorithm, &key)?;
    let public = KeyMaterial::Rsa(key).public().ok_or(KeyError::NotPrivate)?;
    Ok((signer, public))
}

/// A key of 2048 bits and the exponent 65537.
pub(crate) fn generate() -> Result<KeyMaterial, KeyError> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| avouch_jose::crypto::RandomError)?;
    let document: Option<Pkcs8V1Der<'_>> = pair.as_der().ok();
    document
        .and_then(|document| der::rsa_key(document.as_ref()))
        .map(KeyMaterial::Rsa)
        .ok_or(KeyError::Rejected { reason: "its integers are not inside" })
}

pub(crate) fn exponent_fits(key: &RsaKey) -> bool {
    key.exponent_bits() <= MAXIMUM_EXPONENT_BITS
}

pub(crate) fn public(key: &RsaKey) -> PublicKeyComponents<&[u8]> {
    PublicKeyComponents { n: key.n(), e: key.e() }
}

/// The private key, if all its integers belong together.
pub(crate) fn pair(key: &RsaKey) -> Result<KeyPair, KeyError> {
    let private = key.private().ok_or(KeyError::NotPrivate)?;
    let crt = private.crt.as_ref().ok_or(KeyError::RsaPrimesMissing)?;
    let components = KeyPairComponents {
        public_key: public(key),
        d: private.d.expose(),
        p: crt.p.expose(),
        q: crt.q.expose(),
        dP: crt.dp.expose(),
        dQ: crt.dq.expose(),
        qInv: crt.qi.expose(),
    };
    KeyPair::from_components(&components).map_err(|error| rejected(&error))
}

fn check_exponent(algorithm: JwsAlgorithm, key: &RsaKey) -> Result<(), KeyError> {
    if exponent_fits(key) {
        Ok(())
    } else {
        Err(unsupported(algorithm, "an RSA public exponent of more than 33 bits"))
    }
}

impl Verifier for PublicKey {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        self.parsed.verify(input, signature, || public(&self.key).to_parsed_public_key(self.parameters).ok())
    }
}

impl Signer for PrivateKey {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        // AWS-LC takes its own randomness; the argument has no effect
        self.pair
            .sign(self.encoding, &SystemRandom::new(), input, &mut signature)
            .map_err(|_| SignFailed::new("AWS-LC could not sign"))?;
        Ok(signature)
    }
}
