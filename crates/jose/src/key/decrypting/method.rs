//! What each way of key management does to decrypt.

use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::algorithm::{AesKeySize, AgreementCurve, ContentEncryption};
use crate::crypto::{
    AesGcm, CryptoProvider, DecryptionFailed, EncryptionPrimitive, KeyAgreement, KeyDecrypter,
    KeyOperationError, KeyWrap,
};
use crate::hash::HashAlgorithm;
use crate::jwe::agreement::{Parties, check_shared, concat_kdf};
use crate::jwe::content::ContentCipher;
use crate::jwe::password::{self, PasswordLimits};
use crate::jwe::{Header, Management};
use crate::jwk::{KeyMaterial, SecretOctets};
use crate::key::encryption_rules::{Fitting, require};
use crate::key::error::KeyError;
use crate::key::prepared::Prepared;

/// The hash of the MAC by which a key takes the place of one that could not be decrypted.
pub(in crate::key) const FALLBACK_HASH: HashAlgorithm = HashAlgorithm::Sha256;

/// Octets a fallback secret must have at least.
pub(in crate::key) const FALLBACK_SECRET_LEN: usize = 32;

/// How a key decrypts.
pub(in crate::key) enum Method {
    Direct(ContentCipher),
    /// The public half is known of a key that is here, and not of one that somebody else holds.
    Rsa {
        decrypter: Arc<dyn KeyDecrypter>,
        fallback: SecretOctets,
        public: Option<KeyMaterial>,
    },
    KeyWrap(Arc<dyn KeyWrap>),
    GcmKeyWrap(Arc<dyn AesGcm>),
    Agreement {
        private: Arc<dyn KeyAgreement>,
        curve: AgreementCurve,
        wrap: Option<AesKeySize>,
    },
    Password {
        password: SecretOctets,
        limits: PasswordLimits,
        hash: HashAlgorithm,
        size: AesKeySize,
    },
}

/// The cipher of one content: that of the key, or one whose key came with the message.
pub(crate) enum Cipher<'k> {
    Kept(&'k ContentCipher),
    Made(ContentCipher),
}

impl Deref for Cipher<'_> {
    type Target = ContentCipher;

    fn deref(&self) -> &ContentCipher {
        match self {
            Self::Kept(cipher) => cipher,
            Self::Made(cipher) => cipher,
        }
    }
}

impl Method {
    pub(super) fn of(key: Fitting<'_>, crypto: &CryptoProvider) -> Result<Self, KeyError> {
        let backend = &crypto.encryption;
        Ok(match key {
            Fitting::Rsa(padding, key) => {
                let d = &key.private().ok_or(KeyError::NotPrivate)?.d;
                let mut fallback = Zeroizing::new(vec![0; FALLBACK_SECRET_LEN]);
                backend.hmac(FALLBACK_HASH, d.expose(), &[b"avouch fallback"], &mut fallback)?;
                let public = Some(KeyMaterial::Rsa(key.public()));
                Self::Rsa {
                    decrypter: backend.rsa_decrypter(padding, key)?,
                    fallback: fallback.into(),
                    public,
                }
            }
            Fitting::KeyWrap(size, secret) => Self::KeyWrap(backend.aes_key_wrap(size, secret.expose())?),
            Fitting::GcmKeyWrap(size, secret) => Self::GcmKeyWrap(backend.aes_gcm(size, secret.expose())?),
            Fitting::Agreement(key, curve, wrap) => {
                let d = match key {
                    KeyMaterial::Ec(key) => key.d(),
                    KeyMaterial::Okp(key) => key.d(),
                    _ => None,
                };
                let private = backend.agreement(curve, d.ok_or(KeyError::NotPrivate)?)?;
                if Some(private.public()?) != key.public() {
                    return Err(KeyError::PrivateDoesNotMatchPublic);
                }
                Self::agreement(private, curve, wrap, crypto)?
            }
        })
    }

    pub(in crate::key) fn agreement(
        private: Arc<dyn KeyAgreement>,
        curve: AgreementCurve,
        wrap: Option<AesKeySize>,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        if let Some(size) = wrap {
            require(&*crypto.encryption, EncryptionPrimitive::AesKeyWrap(size))?;
        }
        Ok(Self::Agreement { private, curve, wrap })
    }
}

impl Prepared<Arc<Method>> {
    /// The cipher of the content: that of a direct key, else one with the key that the header and the encrypted key give.
    pub(super) fn cipher(
        &self,
        header: &Header,
        encrypted_key: &[u8],
        encryption: ContentEncryption,
    ) -> Result<Cipher<'_>, KeyOperationError> {
        let management = header.management().ok_or(DecryptionFailed)?;
        let content_key = match (&*self.method, management) {
            (Method::Direct(cipher), Management::Plain) => {
                // nothing may stand where nothing is looked at; that the encryption is the key's, selected it
                return if encrypted_key.is_empty() {
                    Ok(Cipher::Kept(cipher))
                } else {
                    Err(KeyOperationError::Failed)
                };
            }
            (Method::Rsa { decrypter, fallback, .. }, Management::Plain) => {
                self.rsa_key(&**decrypter, fallback, encrypted_key, encryption.key_len())?
            }
            (Method::KeyWrap(wrap), Management::Plain) => {
                check_wrapped_len(encrypted_key, encryption)?;
                wrap.unwrap_key(encrypted_key)?
            }
            (Method::GcmKeyWrap(aes), Management::GcmKeyWrap { iv, tag }) => {
                let iv = iv.as_slice().try_into().map_err(|_| DecryptionFailed)?;
                let tag = tag.as_slice().try_into().map_err(|_| DecryptionFailed)?;
                let mut key = Zeroizing::new(encrypted_key.to_vec());
                aes.decrypt(iv, &[], &mut key, tag)?;
                key
            }
            (Method::Agreement { private, curve, wrap }, Management::Agreement { ephemeral, parties }) => {
                if AgreementCurve::of(ephemeral) != Some(*curve) {
                    return Err(KeyOperationError::Failed);
                }
                let shared = private.agree(ephemeral)?;
                check_shared(*curve, &shared)?;
                self.agreed_key(&shared, *wrap, parties, encrypted_key, encryption)?
            }
            (Method::Password { password, hash, size, .. }, Management::Password { salt, iterations }) => {
                let rounds = NonZeroU32::try_from(*iterations).map_err(|_| DecryptionFailed)?;
                let of = (*hash, *size);
                let backend = &*self.crypto.encryption;
                let key = password::derive(self.algorithm, of, password.expose(), salt, rounds, backend)
                    .map_err(|_| DecryptionFailed)?;
                self.unwrap_with(*size, &key, encrypted_key, encryption)?
            }
            _ => return Err(KeyOperationError::Failed),
        };
        // a key of another length is no better than none
        ContentCipher::prepare(encryption, &content_key, &self.crypto.encryption)
            .map(Cipher::Made)
            .map_err(|_| KeyOperationError::Failed)
    }

    /// Whether the key could be decrypted shows in nothing but that the content can
    /// ([RFC 7516 §11.5](https://www.rfc-editor.org/rfc/rfc7516#section-11.5)): the key that takes its place is made in
    /// any case, and depends on the input alone, so that it stays the same when it is asked for again.
    fn rsa_key(
        &self,
        decrypter: &dyn KeyDecrypter,
        fallback: &SecretOctets,
        encrypted_key: &[u8],
        len: usize,
    ) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
        let mut made_up = Zeroizing::new(vec![0; len]);
        for (counter, octets) in (0_u8..).zip(made_up.chunks_mut(FALLBACK_HASH.output_len())) {
            let parts = [&[counter][..], encrypted_key];
            self.crypto
                .encryption
                .hmac(FALLBACK_HASH, fallback.expose(), &parts, octets)
                .map_err(|_| KeyOperationError::Failed)?;
        }
        match decrypter.decrypt(encrypted_key) {
            Ok(key) if key.len() == len => Ok(key),
            Ok(_) | Err(KeyOperationError::Failed) => Ok(made_up),
            Err(unavailable) => Err(unavailable),
        }
    }

    fn agreed_key(
        &self,
        shared: &SecretOctets,
        wrap: Option<AesKeySize>,
        parties: &Parties,
        encrypted_key: &[u8],
        encryption: ContentEncryption,
    ) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
        let hashes = &*self.crypto.hashes;
        match wrap {
            Some(size) => {
                let name = self.algorithm.name();
                let key = concat_kdf(shared, name, parties, size.key_len(), hashes);
                self.unwrap_with(size, &key, encrypted_key, encryption)
            }
            None if encrypted_key.is_empty() => {
                Ok(concat_kdf(shared, encryption.name(), parties, encryption.key_len(), hashes))
            }
            None => Err(KeyOperationError::Failed),
        }
    }

    fn unwrap_with(
        &self,
        size: AesKeySize,
        key: &[u8],
        encrypted_key: &[u8],
        encryption: ContentEncryption,
    ) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
        check_wrapped_len(encrypted_key, encryption)?;
        let wrap = self.crypto.encryption.aes_key_wrap(size, key).map_err(|_| KeyOperationError::Failed)?;
        Ok(wrap.unwrap_key(encrypted_key)?)
    }
}

/// A wrapped key is 8 octets longer than the key; to unwrap another costs as much as it is long
/// ([RFC 3394 §2.2.1](https://www.rfc-editor.org/rfc/rfc3394#section-2.2.1)).
fn check_wrapped_len(encrypted_key: &[u8], encryption: ContentEncryption) -> Result<(), DecryptionFailed> {
    if encrypted_key.len() == encryption.key_len() + 8 { Ok(()) } else { Err(DecryptionFailed) }
}
