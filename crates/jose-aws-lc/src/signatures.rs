use std::sync::Arc;

use avouch_jose::crypto::{SignatureBackend, Signer, Verifier};
use avouch_jose::{JwsAlgorithm, KeyError, KeyMaterial, SignatureScheme};

use crate::error::unsupported;
use crate::{AwsLc, akp, ec, hmac, okp, rsa};

/// Chooses the file that knows the kind of key.
impl SignatureBackend for AwsLc {
    fn supports(&self, algorithm: JwsAlgorithm) -> bool {
        match algorithm.scheme() {
            SignatureScheme::Hmac(hash) | SignatureScheme::RsaPkcs1(hash) | SignatureScheme::RsaPss(hash) => {
                hmac::algorithm(hash).is_some()
            }
            SignatureScheme::Ecdsa(curve, hash) => ec::supports(curve, hash),
            SignatureScheme::Ed25519 | SignatureScheme::MlDsa(_) => true,
            _ => false,
        }
    }

    fn prepare_verifier(
        &self,
        algorithm: JwsAlgorithm,
        key: &KeyMaterial,
    ) -> Result<Arc<dyn Verifier>, KeyError> {
        // the algorithm decides: a secret under the name of a signature would make a MAC pass for one
        match (algorithm.scheme(), key) {
            (SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_), KeyMaterial::Rsa(key)) => {
                rsa::verifier(algorithm, key)
            }
            (SignatureScheme::Ecdsa(..), KeyMaterial::Ec(key)) => ec::verifier(algorithm, key),
            (SignatureScheme::Ed25519, KeyMaterial::Okp(key)) => okp::verifier(algorithm, key),
            (SignatureScheme::MlDsa(_), KeyMaterial::Akp(key)) => akp::verifier(algorithm, key),
            (SignatureScheme::Hmac(hash), KeyMaterial::Oct(secret)) => {
                hmac::key(algorithm, hash, secret).map(|key| Arc::new(key) as Arc<dyn Verifier>)
            }
            _ => Err(unsupported(algorithm, "the key type")),
        }
    }

    fn prepare_signer(
        &self,
        algorithm: JwsAlgorithm,
        key: &KeyMaterial,
    ) -> Result<Arc<dyn Signer>, KeyError> {
        // the algorithm decides: a secret under the name of a signature would make a MAC pass for one
        match (algorithm.scheme(), key) {
            (SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_), KeyMaterial::Rsa(key)) => {
                rsa::signer(algorithm, key)
            }
            (SignatureScheme::Ecdsa(..), KeyMaterial::Ec(key)) => ec::signer(algorithm, key),
            (SignatureScheme::Ed25519, KeyMaterial::Okp(key)) => okp::signer(algorithm, key),
            (SignatureScheme::MlDsa(_), KeyMaterial::Akp(key)) => akp::signer(algorithm, key),
            (SignatureScheme::Hmac(hash), KeyMaterial::Oct(secret)) => {
                hmac::key(algorithm, hash, secret).map(|key| Arc::new(key) as Arc<dyn Signer>)
            }
            _ => Err(unsupported(algorithm, "the key type")),
        }
    }

    fn prepare_signer_pkcs8(
        &self,
        algorithm: JwsAlgorithm,
        der: &[u8],
    ) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
        match algorithm.scheme() {
            SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => rsa::signer_pkcs8(algorithm, der),
            SignatureScheme::Ecdsa(..) => ec::signer_pkcs8(algorithm, der),
            SignatureScheme::Ed25519 => okp::signer_pkcs8(der),
            SignatureScheme::MlDsa(parameters) => akp::signer_pkcs8(parameters, der),
            _ => Err(unsupported(algorithm, "a key in PKCS#8")),
        }
    }

    fn generate(&self, algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
        match algorithm.scheme() {
            SignatureScheme::Hmac(hash) => hmac::generate(hash),
            SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => rsa::generate(),
            SignatureScheme::Ecdsa(..) => ec::generate(algorithm),
            SignatureScheme::Ed25519 => okp::generate(),
            SignatureScheme::MlDsa(parameters) => akp::generate(parameters),
            _ => Err(unsupported(algorithm, "making keys")),
        }
    }
}
