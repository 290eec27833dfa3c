mod aes;
mod agreement;
mod key_wrap;
mod rsa;

use std::num::NonZeroU32;
use std::sync::Arc;

use avouch_jose::crypto::{
    AesCbc, AesGcm, EncryptionBackend, EncryptionPrimitive, KeyAgreement, KeyDecrypter, KeyEncrypter, KeyWrap,
};
use avouch_jose::{
    AesKeySize, AgreementCurve, HashAlgorithm, KeyError, KeyMaterial, RsaKey, RsaPadding, SecretOctets,
};

use crate::{AwsLc, hmac, pbkdf2};

/// Chooses the file that knows the primitive.
impl EncryptionBackend for AwsLc {
    fn supports(&self, primitive: EncryptionPrimitive) -> bool {
        match primitive {
            EncryptionPrimitive::AesGcm(_)
            | EncryptionPrimitive::AesCbc(_)
            | EncryptionPrimitive::AesKeyWrap(_) => true,
            EncryptionPrimitive::Rsa(padding) => rsa::supports(padding),
            EncryptionPrimitive::Agreement(curve) | EncryptionPrimitive::EphemeralAgreement(curve) => {
                agreement::algorithm(curve).is_some()
            }
            EncryptionPrimitive::Hmac(hash) => hmac::algorithm(hash).is_some(),
            EncryptionPrimitive::Pbkdf2(hash) => pbkdf2::algorithm(hash).is_some(),
            _ => false,
        }
    }

    fn aes_gcm(&self, size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesGcm>, KeyError> {
        aes::gcm(size, key)
    }

    fn aes_cbc(&self, size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesCbc>, KeyError> {
        aes::cbc(size, key)
    }

    fn aes_key_wrap(&self, size: AesKeySize, key: &[u8]) -> Result<Arc<dyn KeyWrap>, KeyError> {
        key_wrap::prepare(size, key)
    }

    fn rsa_encrypter(&self, padding: RsaPadding, key: &RsaKey) -> Result<Arc<dyn KeyEncrypter>, KeyError> {
        rsa::encrypter(padding, key)
    }

    fn rsa_decrypter(&self, padding: RsaPadding, key: &RsaKey) -> Result<Arc<dyn KeyDecrypter>, KeyError> {
        rsa::decrypter(padding, key)
    }

    fn agreement(
        &self,
        curve: AgreementCurve,
        private: &SecretOctets,
    ) -> Result<Arc<dyn KeyAgreement>, KeyError> {
        agreement::prepare(curve, private)
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
        let algorithm =
            pbkdf2::algorithm(hash).ok_or(KeyError::Lacking(EncryptionPrimitive::Pbkdf2(hash)))?;
        aws_lc_rs::pbkdf2::derive(algorithm, iterations, salt, password, derived);
        Ok(())
    }
}

/// The callers keep to the sizes of the trait; AWS-LC checks them again.
const WRONG_SIZE: KeyError = KeyError::Rejected { reason: "it has another length than its algorithm's keys" };
