mod agreement;
mod gcm;

use std::num::NonZeroU32;
use std::sync::Arc;

use avouch_jose::crypto::{AesGcm, EncryptionBackend, EncryptionPrimitive, SecureRandom};
use avouch_jose::{AesKeySize, AgreementCurve, HashAlgorithm, KeyError, KeyMaterial, SecretOctets};
use ring::pbkdf2;

use crate::hmac;

/// Chooses the file that knows the primitive. What is not here is refused by the trait itself.
pub(crate) struct Ring;

impl EncryptionBackend for Ring {
    fn supports(&self, primitive: EncryptionPrimitive) -> bool {
        match primitive {
            EncryptionPrimitive::AesGcm(size) => gcm::algorithm(size).is_some(),
            EncryptionPrimitive::EphemeralAgreement(curve) => agreement::algorithm(curve).is_some(),
            EncryptionPrimitive::Hmac(hash) => hmac::algorithm(hash).is_some(),
            EncryptionPrimitive::Pbkdf2(hash) => pbkdf2_algorithm(hash).is_some(),
            _ => false,
        }
    }

    fn aes_gcm(&self, size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesGcm>, KeyError> {
        gcm::prepare(size, key)
    }

    /// With ring's own randomness: it makes keys for one agreement, and imports none.
    fn agree_ephemeral(
        &self,
        curve: AgreementCurve,
        peer: &KeyMaterial,
        _: &dyn SecureRandom,
    ) -> Result<(KeyMaterial, SecretOctets), KeyError> {
        agreement::ephemeral(curve, peer)
    }

    fn check_agreement_public(&self, curve: AgreementCurve, public: &KeyMaterial) -> Result<(), KeyError> {
        agreement::check_public(curve, public)
    }

    fn hmac(&self, hash: HashAlgorithm, key: &[u8], parts: &[&[u8]], mac: &mut [u8]) -> Result<(), KeyError> {
        let algorithm = hmac::algorithm(hash).ok_or(KeyError::Lacking(EncryptionPrimitive::Hmac(hash)))?;
        hmac::of_parts(algorithm, key, parts, mac)
    }

    fn pbkdf2(
        &self,
        hash: HashAlgorithm,
        password: &[u8],
        salt: &[u8],
        iterations: NonZeroU32,
        derived: &mut [u8],
    ) -> Result<(), KeyError> {
        let algorithm = pbkdf2_algorithm(hash).ok_or(KeyError::Lacking(EncryptionPrimitive::Pbkdf2(hash)))?;
        pbkdf2::derive(algorithm, iterations, salt, password, derived);
        Ok(())
    }
}

fn pbkdf2_algorithm(hash: HashAlgorithm) -> Option<pbkdf2::Algorithm> {
    match hash {
        HashAlgorithm::Sha256 => Some(pbkdf2::PBKDF2_HMAC_SHA256),
        HashAlgorithm::Sha384 => Some(pbkdf2::PBKDF2_HMAC_SHA384),
        HashAlgorithm::Sha512 => Some(pbkdf2::PBKDF2_HMAC_SHA512),
        _ => None,
    }
}
