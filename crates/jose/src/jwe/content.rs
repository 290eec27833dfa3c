//! How content is encrypted and authenticated, put together from the backend's primitives.

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::algorithm::{ContentEncryption, ContentScheme};
use crate::crypto::{
    AesCbc, AesGcm, DecryptionFailed, EncryptionBackend, EncryptionFailed, EncryptionPrimitive,
};
use crate::hash::HashAlgorithm;
use crate::jwk::{SecretOctets, same_secret};
use crate::key::{KeyError, lacking, require};

/// Octets of the longest MAC.
const MAXIMUM_MAC_LEN: usize = 64;

/// A content encryption algorithm with its key.
#[derive(Clone)]
pub(crate) enum ContentCipher {
    Gcm(Arc<dyn AesGcm>),
    CbcHmac { aes: Arc<dyn AesCbc>, mac: Mac },
}

/// HMAC, cut to its first half ([RFC 7518 §5.2.2.1](https://www.rfc-editor.org/rfc/rfc7518#section-5.2.2.1)).
#[derive(Clone)]
pub(crate) struct Mac {
    hash: HashAlgorithm,
    key: SecretOctets,
    backend: Arc<dyn EncryptionBackend>,
}

/// Whether the backend has what a content encryption is made of.
pub(crate) fn check_supported(
    encryption: ContentEncryption,
    backend: &dyn EncryptionBackend,
) -> Result<(), KeyError> {
    match encryption.scheme() {
        ContentScheme::Gcm(size) => require(backend, EncryptionPrimitive::AesGcm(size)),
        ContentScheme::CbcHmac(size, hash) => require(backend, EncryptionPrimitive::AesCbc(size))
            .and_then(|()| require(backend, EncryptionPrimitive::Hmac(hash))),
    }
    .map_err(lacking(encryption))
}

impl ContentCipher {
    /// Prepares a content encryption key, which must have exactly the length of the algorithm's.
    pub(crate) fn prepare(
        encryption: ContentEncryption,
        key: &[u8],
        backend: &Arc<dyn EncryptionBackend>,
    ) -> Result<Self, KeyError> {
        let (expected, found) = (encryption.key_len(), key.len());
        if expected != found {
            return Err(KeyError::SecretLength { algorithm: encryption.into(), expected, found });
        }
        match encryption.scheme() {
            ContentScheme::Gcm(size) => backend.aes_gcm(size, key).map(Self::Gcm),
            ContentScheme::CbcHmac(size, hash) => {
                // the MAC key comes first, other than in the name of the algorithm
                let (mac_key, aes_key) = key.split_at(size.key_len());
                let aes = backend.aes_cbc(size, aes_key)?;
                let key = SecretOctets::new(mac_key.to_vec());
                Ok(Self::CbcHmac { aes, mac: Mac { hash, key, backend: Arc::clone(backend) } })
            }
        }
        .map_err(lacking(encryption))
    }

    /// Ciphertext and tag.
    pub(crate) fn encrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>), EncryptionFailed> {
        match self {
            Self::Gcm(aes) => {
                let iv = iv.try_into().map_err(|_| EncryptionFailed)?;
                // wiped unless it has become the ciphertext
                let mut in_out = Zeroizing::new(plaintext.to_vec());
                let tag = aes.encrypt(iv, aad, &mut in_out)?;
                Ok((std::mem::take(&mut *in_out), tag.to_vec()))
            }
            Self::CbcHmac { aes, mac } => {
                let ciphertext = aes.encrypt(iv.try_into().map_err(|_| EncryptionFailed)?, plaintext)?;
                let mut tag = [0; MAXIMUM_MAC_LEN];
                let tag = mac.compute(iv, aad, &ciphertext, &mut tag).map_err(|_| EncryptionFailed)?.to_vec();
                Ok((ciphertext, tag))
            }
        }
    }

    /// Decrypts in place, and says how many of the octets are plaintext. The tag is checked before anything is decrypted; if
    /// it or anything else is wrong, the octets are wiped.
    pub(crate) fn decrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        in_out: &mut [u8],
        tag: &[u8],
    ) -> Result<usize, DecryptionFailed> {
        let outcome = self.decrypt_or_leave(iv, aad, in_out, tag);
        if outcome.is_err() {
            in_out.fill(0);
            zeroize::optimization_barrier(&*in_out);
        }
        outcome
    }

    fn decrypt_or_leave(
        &self,
        iv: &[u8],
        aad: &[u8],
        in_out: &mut [u8],
        tag: &[u8],
    ) -> Result<usize, DecryptionFailed> {
        match self {
            Self::Gcm(aes) => {
                let iv = iv.try_into().map_err(|_| DecryptionFailed)?;
                aes.decrypt(iv, aad, in_out, tag.try_into().map_err(|_| DecryptionFailed)?)?;
                Ok(in_out.len())
            }
            Self::CbcHmac { aes, mac } => {
                let block = iv.try_into().map_err(|_| DecryptionFailed)?;
                let mut expected = [0; MAXIMUM_MAC_LEN];
                if !same_secret(mac.compute(iv, aad, in_out, &mut expected)?, tag) {
                    return Err(DecryptionFailed);
                }
                aes.decrypt(block, in_out)
            }
        }
    }
}

impl Mac {
    fn compute<'m>(
        &self,
        iv: &[u8],
        aad: &[u8],
        ciphertext: &[u8],
        place: &'m mut [u8; MAXIMUM_MAC_LEN],
    ) -> Result<&'m [u8], DecryptionFailed> {
        // no slice has 2^61 octets
        let aad_bits = u64::try_from(aad.len()).map_err(|_| DecryptionFailed)? * 8;
        let mac = place.get_mut(..self.hash.output_len() / 2).ok_or(DecryptionFailed)?;
        let parts = [aad, iv, ciphertext, &aad_bits.to_be_bytes()];
        self.backend.hmac(self.hash, self.key.expose(), &parts, mac).map_err(|_| DecryptionFailed)?;
        Ok(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algorithm::AesKeySize;

    /// Takes any key, writes what looks like plaintext wherever it is asked, and then finds that the tag is wrong.
    struct Hasty;

    impl AesGcm for Hasty {
        fn encrypt(&self, _: &[u8; 12], _: &[u8], _: &mut [u8]) -> Result<[u8; 16], EncryptionFailed> {
            Err(EncryptionFailed)
        }

        fn decrypt(
            &self,
            _: &[u8; 12],
            _: &[u8],
            in_out: &mut [u8],
            tag: &[u8; 16],
        ) -> Result<(), DecryptionFailed> {
            in_out.fill(b'p');
            if *tag == [0; 16] { Ok(()) } else { Err(DecryptionFailed) }
        }
    }

    impl AesCbc for Hasty {
        fn encrypt(&self, _: &[u8; 16], _: &[u8]) -> Result<Vec<u8>, EncryptionFailed> {
            Err(EncryptionFailed)
        }

        fn decrypt(&self, _: &[u8; 16], in_out: &mut [u8]) -> Result<usize, DecryptionFailed> {
            in_out.fill(b'p');
            Err(DecryptionFailed)
        }
    }

    impl EncryptionBackend for Hasty {
        fn supports(&self, _: EncryptionPrimitive) -> bool {
            true
        }

        fn hmac(&self, _: HashAlgorithm, _: &[u8], _: &[&[u8]], mac: &mut [u8]) -> Result<(), KeyError> {
            mac.fill(0);
            Ok(())
        }

        fn aes_gcm(&self, _: AesKeySize, _: &[u8]) -> Result<Arc<dyn AesGcm>, KeyError> {
            Ok(Arc::new(Hasty))
        }

        fn aes_cbc(&self, _: AesKeySize, _: &[u8]) -> Result<Arc<dyn AesCbc>, KeyError> {
            Ok(Arc::new(Hasty))
        }
    }

    /// Proves JWE-08. A content key has the length of its algorithm, whatever a backend would take.
    #[test]
    fn content_keys_have_their_length() {
        let backend: Arc<dyn EncryptionBackend> = Arc::new(Hasty);
        for &encryption in ContentEncryption::ALL {
            for len in (0..=80).chain([128, 256]) {
                let prepared = ContentCipher::prepare(encryption, &vec![1; len], &backend);
                assert_eq!(prepared.is_ok(), len == encryption.key_len(), "{encryption} {len}");
            }
        }
    }

    /// Proves JWE-11. Where anything is wrong, nothing is left: neither what a backend has written before it looked at the
    /// tag, nor the ciphertext.
    #[test]
    fn what_failed_is_wiped() {
        let gcm = ContentCipher::Gcm(Arc::new(Hasty));
        let mut content = *b"ciphertext";
        assert_eq!(gcm.decrypt(&[0; 12], b"", &mut content, &[0; 16]), Ok(10));
        assert_eq!(content, *b"pppppppppp");

        let (hash, key) = (HashAlgorithm::Sha256, SecretOctets::new(vec![1; 16]));
        let mac = Mac { hash, key, backend: Arc::new(Hasty) };
        let cbc = ContentCipher::CbcHmac { aes: Arc::new(Hasty), mac };
        for (cipher, iv, tag) in [
            (&gcm, &[0; 12][..], &[1; 16][..]),
            (&gcm, &[0; 11], &[0; 16]),
            (&gcm, &[0; 12], &[0; 15]),
            (&cbc, &[0; 16], &[1; 16]),
            (&cbc, &[0; 16], &[0; 15]),
            // a right MAC, and the padding is wrong
            (&cbc, &[0; 16], &[0; 16]),
        ] {
            let mut content = *b"ciphertext";
            assert_eq!(cipher.decrypt(iv, b"", &mut content, tag), Err(DecryptionFailed));
            assert_eq!(content, [0; 10]);
        }
    }
}
