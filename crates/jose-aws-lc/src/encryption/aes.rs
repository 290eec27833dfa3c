use std::sync::Arc;

use avouch_jose::crypto::{AesCbc, AesGcm, DecryptionFailed, EncryptionFailed};
use avouch_jose::{AesKeySize, KeyError};
use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce};
use aws_lc_rs::cipher::{
    self, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;

use super::WRONG_SIZE;

struct Gcm(LessSafeKey);

struct Cbc {
    encrypting: PaddedBlockEncryptingKey,
    decrypting: PaddedBlockDecryptingKey,
}

pub(super) fn gcm(size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesGcm>, KeyError> {
    let algorithm = match size {
        AesKeySize::Aes128 => &aead::AES_128_GCM,
        AesKeySize::Aes192 => &aead::AES_192_GCM,
        AesKeySize::Aes256 => &aead::AES_256_GCM,
    };
    let key = aead::UnboundKey::new(algorithm, key).map_err(|_| WRONG_SIZE)?;
    // "less safe": whoever calls chooses the nonces, as JWE demands
    Ok(Arc::new(Gcm(LessSafeKey::new(key))))
}

pub(super) fn cbc(size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesCbc>, KeyError> {
    let encrypting = PaddedBlockEncryptingKey::cbc_pkcs7(unbound(size, key)?).map_err(|_| WRONG_SIZE)?;
    let decrypting = PaddedBlockDecryptingKey::cbc_pkcs7(unbound(size, key)?).map_err(|_| WRONG_SIZE)?;
    Ok(Arc::new(Cbc { encrypting, decrypting }))
}

pub(super) fn unbound(size: AesKeySize, key: &[u8]) -> Result<UnboundCipherKey, KeyError> {
    let algorithm = match size {
        AesKeySize::Aes128 => &cipher::AES_128,
        AesKeySize::Aes192 => &cipher::AES_192,
        AesKeySize::Aes256 => &cipher::AES_256,
    };
    UnboundCipherKey::new(algorithm, key).map_err(|_| WRONG_SIZE)
}

impl AesGcm for Gcm {
    fn encrypt(&self, iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], EncryptionFailed> {
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::from(iv), Aad::from(aad), in_out)
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
        self.0
            .open_in_place_separate_tag(Nonce::from(iv), Aad::from(aad), tag, in_out)
            .map(|_| ())
            .map_err(|_| DecryptionFailed)
    }
}

impl AesCbc for Cbc {
    fn encrypt(&self, iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, EncryptionFailed> {
        // room for the padding, so that the plaintext is not left behind where a shorter buffer was
        let mut in_out = Vec::with_capacity(plaintext.len() + iv.len());
        in_out.extend_from_slice(plaintext);
        self.encrypting
            .less_safe_encrypt(&mut in_out, EncryptionContext::Iv128(FixedLength::from(iv)))
            .map_err(|_| EncryptionFailed)?;
        Ok(in_out)
    }

    fn decrypt(&self, iv: &[u8; 16], in_out: &mut [u8]) -> Result<usize, DecryptionFailed> {
        self.decrypting
            .decrypt(in_out, DecryptionContext::Iv128(FixedLength::from(iv)))
            .map(|plaintext| plaintext.len())
            .map_err(|_| DecryptionFailed)
    }
}
