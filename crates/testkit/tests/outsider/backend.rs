//! The backend: what it has, and an error that says what it lacks for everything else.

use std::sync::Arc;

use aes_gcm::aead::{AeadInOut, KeyInit as _};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use avouch_jose::crypto::{
    AesGcm, CryptoProvider, DecryptionFailed, EncryptionBackend, EncryptionFailed, EncryptionPrimitive,
    HashBackend, KeyAgreement, SignFailed, SignatureBackend, SignatureInvalid, Signer, Verifier,
};
use avouch_jose::{
    AesKeySize, AgreementCurve, HashAlgorithm, JwsAlgorithm, KeyError, KeyMaterial, SecretOctets,
    SignatureScheme,
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::agreement;

pub(crate) fn provider() -> CryptoProvider {
    CryptoProvider::new(Arc::new(Signatures), Arc::new(Hashes)).with_encryption(Arc::new(Encryption))
}

struct Hashes;

impl HashBackend for Hashes {
    fn sha256(&self, input: &[u8]) -> [u8; 32] {
        Sha256::digest(input).into()
    }

    fn sha384(&self, input: &[u8]) -> [u8; 48] {
        Sha384::digest(input).into()
    }

    fn sha512(&self, input: &[u8]) -> [u8; 64] {
        Sha512::digest(input).into()
    }
}

struct Signatures;

impl SignatureBackend for Signatures {
    fn supports(&self, algorithm: JwsAlgorithm) -> bool {
        matches!(algorithm.scheme(), SignatureScheme::Hmac(_))
    }

    fn prepare_verifier(
        &self,
        algorithm: JwsAlgorithm,
        key: &KeyMaterial,
    ) -> Result<Arc<dyn Verifier>, KeyError> {
        Ok(mac_key(algorithm, key)?)
    }

    fn prepare_signer(
        &self,
        algorithm: JwsAlgorithm,
        key: &KeyMaterial,
    ) -> Result<Arc<dyn Signer>, KeyError> {
        Ok(mac_key(algorithm, key)?)
    }

    fn prepare_signer_pkcs8(
        &self,
        algorithm: JwsAlgorithm,
        _der: &[u8],
    ) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
        Err(KeyError::Unsupported { algorithm: algorithm.into(), what: "PKCS #8" })
    }

    fn generate(&self, algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
        Err(KeyError::Unsupported { algorithm: algorithm.into(), what: "making keys" })
    }
}

trait SignsAndVerifies: Signer + Verifier {}

impl<T: Signer + Verifier> SignsAndVerifies for T {}

fn mac_key(algorithm: JwsAlgorithm, key: &KeyMaterial) -> Result<Arc<dyn SignsAndVerifies>, KeyError> {
    let unsupported = KeyError::Unsupported { algorithm: algorithm.into(), what: "anything but HMAC" };
    let (SignatureScheme::Hmac(hash), KeyMaterial::Oct(secret)) = (algorithm.scheme(), key) else {
        return Err(unsupported);
    };
    let secret = secret.expose();
    Ok(match hash {
        HashAlgorithm::Sha256 => Arc::new(MacKey(Hmac::<Sha256>::new_from_slice(secret).unwrap())),
        HashAlgorithm::Sha384 => Arc::new(MacKey(Hmac::<Sha384>::new_from_slice(secret).unwrap())),
        HashAlgorithm::Sha512 => Arc::new(MacKey(Hmac::<Sha512>::new_from_slice(secret).unwrap())),
        _ => return Err(unsupported),
    })
}

struct MacKey<M>(M);

impl<M: Mac + Clone + Send + Sync> Verifier for MacKey<M> {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        // compares in constant time
        self.0.clone().chain_update(input).verify_slice(signature).map_err(|_| SignatureInvalid)
    }
}

impl<M: Mac + Clone + Send + Sync> Signer for MacKey<M> {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        Ok(self.0.clone().chain_update(input).finalize().into_bytes().to_vec())
    }
}

struct Encryption;

impl EncryptionBackend for Encryption {
    fn supports(&self, primitive: EncryptionPrimitive) -> bool {
        use EncryptionPrimitive::{AesGcm, Agreement, EphemeralAgreement};

        let (gcm_128, gcm_256) = (AesGcm(AesKeySize::Aes128), AesGcm(AesKeySize::Aes256));
        let (kept, new) = (Agreement(AgreementCurve::X25519), EphemeralAgreement(AgreementCurve::X25519));
        [gcm_128, gcm_256, kept, new].contains(&primitive)
    }

    fn aes_gcm(&self, size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesGcm>, KeyError> {
        match size {
            AesKeySize::Aes128 => Ok(Arc::new(Gcm(Aes128Gcm::new_from_slice(key).unwrap()))),
            AesKeySize::Aes256 => Ok(Arc::new(Gcm(Aes256Gcm::new_from_slice(key).unwrap()))),
            AesKeySize::Aes192 => Err(KeyError::Lacking(EncryptionPrimitive::AesGcm(size))),
        }
    }

    fn agreement(
        &self,
        curve: AgreementCurve,
        private: &SecretOctets,
    ) -> Result<Arc<dyn KeyAgreement>, KeyError> {
        agreement::prepare(curve, private)
    }
}

struct Gcm<C>(C);

impl<C> AesGcm for Gcm<C>
where
    C: AeadInOut<NonceSize = aes_gcm::aead::consts::U12, TagSize = aes_gcm::aead::consts::U16> + Send + Sync,
{
    fn encrypt(&self, iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], EncryptionFailed> {
        let tag =
            self.0.encrypt_inout_detached(iv.into(), aad, in_out.into()).map_err(|_| EncryptionFailed)?;
        Ok(tag.into())
    }

    fn decrypt(
        &self,
        iv: &[u8; 12],
        aad: &[u8],
        in_out: &mut [u8],
        tag: &[u8; 16],
    ) -> Result<(), DecryptionFailed> {
        self.0.decrypt_inout_detached(iv.into(), aad, in_out.into(), tag.into()).map_err(|_| DecryptionFailed)
    }
}
