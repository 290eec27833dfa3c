//! Keys to decrypt with that somebody else holds.

use std::sync::Arc;

use super::decrypting::{DecryptionKey, FALLBACK_HASH, FALLBACK_SECRET_LEN, Method};
use super::encryption_rules::{self as rules, lacking, require};
use super::error::KeyError;
use crate::algorithm::{AgreementCurve, JweAlgorithm, KeyManagement};
use crate::crypto::{
    CryptoProvider, EncryptionBackend, EncryptionPrimitive, KeyAgreement, KeyDecrypter, KeyOperationError,
};
use crate::jwk::{KeyMaterial, SecretOctets};

/// Keys that somebody else holds. A certificate they have is told with [`with_x5t_s256`](DecryptionKey::with_x5t_s256).
impl DecryptionKey {
    /// An RSA key that somebody else holds: a KMS, an HSM. Whoever holds it answers for the key rules.
    ///
    /// If it cannot decrypt a key, a key made of `fallback_secret` and what it was given takes its place, so that nobody
    /// learns where the failure was ([RFC 7516 §11.5](https://www.rfc-editor.org/rfc/rfc7516#section-11.5)). The secret
    /// has 32 octets or more, is the same wherever the key is used, and is known to nobody else.
    ///
    /// That one key decrypts with RSAES-PKCS1-v1_5 and with another padding is refused
    /// ([`KeyError::RsaPaddingsMixed`]) where the same `Arc` stands for both; of two, nobody here can tell.
    ///
    /// # Errors
    ///
    /// [`KeyError::OtherConstructor`] if the algorithm is not RSA, [`KeyError::SecretTooShort`] for the fallback secret,
    /// [`KeyError::Unsupported`] if the backend has no HMAC.
    pub fn with_decrypter(
        algorithm: JweAlgorithm,
        kid: Option<&str>,
        decrypter: Arc<dyn KeyDecrypter>,
        fallback_secret: &[u8],
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        if !matches!(algorithm.scheme(), KeyManagement::Rsa(_)) {
            return Err(KeyError::OtherConstructor { algorithm: algorithm.into(), constructor: "prepare" });
        }
        let octets = fallback_secret.len();
        if octets < FALLBACK_SECRET_LEN {
            return Err(KeyError::SecretTooShort { octets, minimum: FALLBACK_SECRET_LEN });
        }
        require(&*crypto.encryption, EncryptionPrimitive::Hmac(FALLBACK_HASH)).map_err(lacking(algorithm))?;
        let fallback = SecretOctets::new(fallback_secret.to_vec());
        Ok(Self::new(algorithm, kid, Method::Rsa { decrypter, fallback, public: None }, crypto))
    }

    /// A key to agree with that somebody else holds: a KMS, an HSM. Nobody is asked to agree with what is not a point of the
    /// curve, or one of small order: the backend looks at it before.
    ///
    /// # Errors
    ///
    /// [`KeyError::OtherConstructor`] if the algorithm agrees on nothing, [`KeyError::NotForAgreement`] if the key does
    /// not, [`KeyError::Unsupported`] if the backend cannot check points of its curve or lacks what follows the agreement,
    /// [`KeyError::Rejected`] if the public half is not a point to agree with.
    pub fn with_agreement(
        algorithm: JweAlgorithm,
        kid: Option<&str>,
        private: Arc<dyn KeyAgreement>,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        let wrap = match algorithm.scheme() {
            KeyManagement::Agreement => None,
            KeyManagement::AgreementWithKeyWrap(size) => Some(size),
            _ => {
                return Err(KeyError::OtherConstructor {
                    algorithm: algorithm.into(),
                    constructor: "prepare",
                });
            }
        };
        let public = private.public()?;
        let curve = rules::agreement_curve(&public, algorithm.into())?;
        crypto.encryption.check_agreement_public(curve, &public).map_err(lacking(algorithm))?;
        let private = Arc::new(Guarded { private, curve, backend: Arc::clone(&crypto.encryption) });
        let method = Method::agreement(private, curve, wrap, crypto).map_err(lacking(algorithm))?;
        Ok(Self::new(algorithm, kid, method, crypto))
    }
}

/// A key elsewhere, which is asked to agree with sound points alone.
struct Guarded {
    private: Arc<dyn KeyAgreement>,
    curve: AgreementCurve,
    backend: Arc<dyn EncryptionBackend>,
}

impl KeyAgreement for Guarded {
    fn public(&self) -> Result<KeyMaterial, KeyError> {
        self.private.public()
    }

    fn agree(&self, peer: &KeyMaterial) -> Result<SecretOctets, KeyOperationError> {
        self.backend.check_agreement_public(self.curve, peer).map_err(|_| KeyOperationError::Failed)?;
        self.private.agree(peer)
    }
}
