use std::sync::Arc;

use avouch_jose::crypto::{SignatureBackend, Signer, Verifier};
use avouch_jose::{EcCurve, JwsAlgorithm, KeyError, KeyMaterial, SignatureScheme};

use crate::{VerifyOnly, ec, hmac, okp, rsa};

/// Chooses the file that knows the kind of key.
pub(crate) struct Ring;

impl SignatureBackend for Ring {
    fn supports(&self, algorithm: JwsAlgorithm) -> bool {
        supports(algorithm)
    }

    fn prepare_verifier(
        &self,
        algorithm: JwsAlgorithm,
        key: &KeyMaterial,
    ) -> Result<Arc<dyn Verifier>, KeyError> {
        VerifyOnly::ALL.prepare_verifier(algorithm, key)
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
            _ => Err(unsupported(algorithm, "a key in PKCS#8")),
        }
    }

    fn generate(&self, algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
        match algorithm.scheme() {
            SignatureScheme::Hmac(hash) => hmac::generate(hash),
            SignatureScheme::Ecdsa(..) => ec::generate(algorithm),
            SignatureScheme::Ed25519 => okp::generate(),
            _ => Err(unsupported(algorithm, "making keys")),
        }
    }
}

pub(crate) fn supports(algorithm: JwsAlgorithm) -> bool {
    match algorithm.scheme() {
        SignatureScheme::Hmac(hash) | SignatureScheme::RsaPkcs1(hash) | SignatureScheme::RsaPss(hash) => {
            hmac::algorithm(hash).is_some()
        }
        SignatureScheme::Ecdsa(curve, _) => matches!(curve, EcCurve::P256 | EcCurve::P384),
        SignatureScheme::Ed25519 => true,
        _ => false,
    }
}

pub(crate) fn unsupported(algorithm: JwsAlgorithm, what: &'static str) -> KeyError {
    KeyError::Unsupported { algorithm: algorithm.into(), what }
}

/// What ring says of a key, as the error that names the broken rule.
pub(crate) fn rejected(error: &ring::error::KeyRejected) -> KeyError {
    // ring tells its reasons apart by text only
    match error.to_string().as_str() {
        "InconsistentComponents" => KeyError::PrivateDoesNotMatchPublic,
        "InvalidEncoding" => KeyError::Rejected { reason: "it is not encoded as it must be" },
        "WrongAlgorithm" => KeyError::Rejected { reason: "it is for another algorithm" },
        "PublicKeyIsMissing" => KeyError::Rejected { reason: "the public key is not inside" },
        "VersionNotSupported" => KeyError::Rejected { reason: "it is of a version that is not supported" },
        "TooSmall" => KeyError::Rejected { reason: "it is too small" },
        "TooLarge" => KeyError::Rejected { reason: "it is too large" },
        _ => KeyError::Rejected { reason: "one of its components is not valid" },
    }
}
