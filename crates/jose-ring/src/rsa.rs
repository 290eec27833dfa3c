use std::sync::Arc;

use avouch_jose::crypto::{SignFailed, SignatureInvalid, Signer, Verifier};
use avouch_jose::{HashAlgorithm, JwsAlgorithm, KeyError, KeyMaterial, RsaKey, SignatureScheme};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use ring::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaParameters,
};

use crate::signatures::{rejected, unsupported};

/// Bits of the longest public exponent ring computes with.
const MAXIMUM_EXPONENT_BITS: usize = 33;

struct PublicKey {
    key: RsaKey,
    parameters: &'static RsaParameters,
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
    if key.exponent_bits() > MAXIMUM_EXPONENT_BITS {
        return Err(unsupported(algorithm, "an RSA public exponent of more than 33 bits"));
    }
    Ok(Arc::new(PublicKey { key: key.public(), parameters }))
}

pub(crate) fn signer(algorithm: JwsAlgorithm, key: &RsaKey) -> Result<Arc<dyn Signer>, KeyError> {
    let private = key.private().ok_or(KeyError::NotPrivate)?;
    let crt = private.crt.as_ref().ok_or(KeyError::RsaPrimesMissing)?;
    let components = KeyPairComponents {
        public_key: PublicKeyComponents { n: key.n(), e: key.e() },
        d: private.d.expose(),
        p: crt.p.expose(),
        q: crt.q.expose(),
        dP: crt.dp.expose(),
        dQ: crt.dq.expose(),
        qInv: crt.qi.expose(),
    };
    check(algorithm, KeyPair::from_components(&components)).map(|key| Arc::new(key) as Arc<dyn Signer>)
}

pub(crate) fn signer_pkcs8(
    algorithm: JwsAlgorithm,
    der: &[u8],
) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
    let key = check(algorithm, KeyPair::from_pkcs8(der))?;
    let PublicKeyComponents::<Vec<u8>> { n, e } = key.pair.public().into();
    let public =
        RsaKey::new(n, e, None).map_err(|_| KeyError::Rejected { reason: "the modulus is not minimal" })?;
    Ok((Arc::new(key), KeyMaterial::Rsa(public)))
}

/// ring compares the exponents with the modulus only when it signs; so it has to sign once.
fn check(
    algorithm: JwsAlgorithm,
    pair: Result<KeyPair, ring::error::KeyRejected>,
) -> Result<PrivateKey, KeyError> {
    let encoding: &'static dyn RsaEncoding = match algorithm.scheme() {
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha256) => &RSA_PKCS1_SHA256,
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha384) => &RSA_PKCS1_SHA384,
        SignatureScheme::RsaPkcs1(HashAlgorithm::Sha512) => &RSA_PKCS1_SHA512,
        SignatureScheme::RsaPss(HashAlgorithm::Sha256) => &RSA_PSS_SHA256,
        SignatureScheme::RsaPss(HashAlgorithm::Sha384) => &RSA_PSS_SHA384,
        SignatureScheme::RsaPss(HashAlgorithm::Sha512) => &RSA_PSS_SHA512,
        _ => return Err(unsupported(algorithm, "the hash")),
    };
    let key = PrivateKey { pair: pair.map_err(|e| rejected(&e))?, encoding };
    key.sign(b"").map_err(|_| KeyError::PrivateDoesNotMatchPublic)?;
    Ok(key)
}

impl Verifier for PublicKey {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        let key = PublicKeyComponents { n: self.key.n(), e: self.key.e() };
        key.verify(self.parameters, input, signature).map_err(|_| SignatureInvalid)
    }
}

impl Signer for PrivateKey {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        let mut signature = vec![0; self.pair.public_key().modulus_len()];
        self.pair
            .sign(self.encoding, &SystemRandom::new(), input, &mut signature)
            .map_err(|_| SignFailed::new("ring could not sign"))?;
        Ok(signature)
    }
}
