use std::sync::Arc;

use avouch_jose::crypto::{AesGcm, DecryptionFailed, EncryptionFailed, EncryptionPrimitive};
use avouch_jose::{AesKeySize, KeyError};
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};

struct Gcm(LessSafeKey);

pub(super) fn algorithm(size: AesKeySize) -> Option<&'static Algorithm> {
    match size {
        AesKeySize::Aes128 => Some(&AES_128_GCM),
        AesKeySize::Aes192 => None,
        AesKeySize::Aes256 => Some(&AES_256_GCM),
    }
}

pub(super) fn prepare(size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesGcm>, KeyError> {
    let algorithm = algorithm(size).ok_or(KeyError::Lacking(EncryptionPrimitive::AesGcm(size)))?;
    let key = UnboundKey::new(algorithm, key)
        .map_err(|_| KeyError::Rejected { reason: "it has another length than its algorithm's keys" })?;
    // "less safe": whoever calls chooses the nonces, as JWE demands
    Ok(Arc::new(Gcm(LessSafeKey::new(key))))
}

impl AesGcm for Gcm {
    fn encrypt(&self, iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], EncryptionFailed> {
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(*iv), Aad::from(aad), in_out)
            .map_err(|_| EncryptionFailed)?;
        tag.as_ref().try_into().map_err(|_| EncryptionFailed)
    }

    fn decrypt(
        &self,
        iv: &[u8; 12],
        aad: &[u8],
        in_out: &mut [u8],
        tag: &[u8; 16],
    ) -> Result<(), DecryptionFailed> {
        let nonce = Nonce::assume_unique_for_key(*iv);
        self.0
            .open_in_place_separate_tag(nonce, Aad::from(aad), (*tag).into(), in_out, 0..)
            .map(|_| ())
            .map_err(|_| DecryptionFailed)
    }
}
