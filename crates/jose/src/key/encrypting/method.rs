//! What each way of key management does to encrypt.

use std::num::NonZeroU32;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::algorithm::{AesKeySize, AgreementCurve, ContentEncryption};
use crate::crypto::{
    AesGcm, CryptoProvider, EncryptionFailed, EncryptionPrimitive, KeyEncrypter, KeyWrap, SecureRandom,
};
use crate::hash::HashAlgorithm;
use crate::jwe::agreement::{Parties, check_shared, concat_kdf};
use crate::jwe::content::ContentCipher;
use crate::jwe::password;
use crate::jwk::{KeyMaterial, SecretOctets};
use crate::key::encryption_rules::{Fitting, require};
use crate::key::error::KeyError;
use crate::key::prepared::Prepared;

/// Octets of a new `p2s`.
const SALT_LEN: usize = 16;

/// How a key encrypts.
pub(super) enum Method {
    Direct(ContentCipher),
    Rsa { encrypter: Arc<dyn KeyEncrypter>, bits: usize },
    KeyWrap(Arc<dyn KeyWrap>, AesKeySize),
    GcmKeyWrap(Arc<dyn AesGcm>, AesKeySize),
    Agreement { public: KeyMaterial, curve: AgreementCurve, wrap: Option<AesKeySize> },
    Password { password: SecretOctets, iterations: NonZeroU32, hash: HashAlgorithm, size: AesKeySize },
}

/// What one message to this key has that no other has, drawn before its content key.
pub(crate) enum Fresh {
    Nothing,
    Agreement { ephemeral: KeyMaterial, shared: SecretOctets },
    Iv([u8; 12]),
    Salt([u8; SALT_LEN]),
}

/// What goes into the header with `alg`.
pub(crate) enum Management {
    Plain,
    Agreement { ephemeral: KeyMaterial },
    GcmKeyWrap { iv: [u8; 12], tag: [u8; 16] },
    Password { salt: [u8; SALT_LEN], iterations: NonZeroU32 },
}

impl Method {
    pub(super) fn of(key: Fitting<'_>, crypto: &CryptoProvider) -> Result<Self, KeyError> {
        let backend = &crypto.encryption;
        Ok(match key {
            Fitting::Rsa(padding, key) => {
                let encrypter = backend.rsa_encrypter(padding, key)?;
                Self::Rsa { encrypter, bits: key.modulus_bits() }
            }
            Fitting::KeyWrap(size, secret) => {
                Self::KeyWrap(backend.aes_key_wrap(size, secret.expose())?, size)
            }
            Fitting::GcmKeyWrap(size, secret) => {
                Self::GcmKeyWrap(backend.aes_gcm(size, secret.expose())?, size)
            }
            Fitting::Agreement(key, curve, wrap) => {
                if let Some(size) = wrap {
                    require(&**backend, EncryptionPrimitive::AesKeyWrap(size))?;
                }
                require(&**backend, EncryptionPrimitive::EphemeralAgreement(curve))?;
                let public = key.public().ok_or(KeyError::NotPrivate)?;
                backend.check_agreement_public(curve, &public)?;
                Self::Agreement { public, curve, wrap }
            }
        })
    }

    /// Bits of strength: of an RSA key as NIST SP 800-57 part 1 compares them, of an agreement no more than of what follows.
    pub(super) fn strength(&self) -> usize {
        let bits = |size: &AesKeySize| size.key_len() * 8;
        match self {
            Self::Rsa { bits: ..7680, .. } => 128,
            Self::Rsa { .. } => 192,
            Self::KeyWrap(_, size) | Self::GcmKeyWrap(_, size) | Self::Password { size, .. } => bits(size),
            Self::Agreement { curve, wrap, .. } => {
                let agreed = match curve {
                    AgreementCurve::P256 | AgreementCurve::X25519 => 128,
                    AgreementCurve::P384 => 192,
                    AgreementCurve::P521 | AgreementCurve::X448 => 256,
                };
                wrap.as_ref().map_or(agreed, |size| bits(size).min(agreed))
            }
            // whose key says itself what it is for
            Self::Direct(_) => 256,
        }
    }
}

impl Prepared<Arc<Method>> {
    pub(super) fn draw(&self, random: &dyn SecureRandom) -> Result<Fresh, KeyError> {
        Ok(match &*self.method {
            Method::Direct(_) | Method::Rsa { .. } | Method::KeyWrap(..) => Fresh::Nothing,
            Method::GcmKeyWrap(..) => {
                let mut iv = [0; 12];
                random.fill(&mut iv)?;
                Fresh::Iv(iv)
            }
            Method::Agreement { public, curve, .. } => {
                let (ephemeral, shared) = self.crypto.encryption.agree_ephemeral(*curve, public, random)?;
                check_shared(*curve, &shared)
                    .map_err(|_| KeyError::Rejected { reason: "the public key is not to be agreed with" })?;
                Fresh::Agreement { ephemeral, shared }
            }
            Method::Password { .. } => {
                let mut salt = [0; SALT_LEN];
                random.fill(&mut salt)?;
                Fresh::Salt(salt)
            }
        })
    }

    pub(super) fn own_cipher(
        &self,
        fresh: &Fresh,
        parties: &Parties,
        encryption: ContentEncryption,
    ) -> Result<ContentCipher, KeyError> {
        match (&*self.method, fresh) {
            (Method::Direct(cipher), _) if self.encryption == Some(encryption) => Ok(cipher.clone()),
            (_, Fresh::Agreement { shared, .. }) => {
                let len = encryption.key_len();
                let key = concat_kdf(shared, encryption.name(), parties, len, &*self.crypto.hashes);
                ContentCipher::prepare(encryption, &key, &self.crypto.encryption)
            }
            _ => Err(KeyError::EncryptionNotAllowed(encryption.into())),
        }
    }

    pub(super) fn encrypt_key(
        &self,
        fresh: &Fresh,
        parties: &Parties,
        content_key: &[u8],
    ) -> Result<(Management, Vec<u8>), EncryptionFailed> {
        Ok(match (&*self.method, fresh) {
            (Method::Direct(_), Fresh::Nothing) => (Management::Plain, Vec::new()),
            (Method::Rsa { encrypter, .. }, Fresh::Nothing) => {
                (Management::Plain, encrypter.encrypt(content_key)?)
            }
            (Method::KeyWrap(wrap, _), Fresh::Nothing) => (Management::Plain, wrap.wrap(content_key)?),
            (Method::GcmKeyWrap(aes, _), Fresh::Iv(iv)) => {
                let mut encrypted = Zeroizing::new(content_key.to_vec());
                let tag = aes.encrypt(iv, &[], &mut encrypted)?;
                (Management::GcmKeyWrap { iv: *iv, tag }, encrypted.to_vec())
            }
            (Method::Agreement { wrap, .. }, Fresh::Agreement { ephemeral, shared }) => {
                let encrypted = match wrap {
                    None => Vec::new(),
                    Some(size) => {
                        let name = self.algorithm.name();
                        let key = concat_kdf(shared, name, parties, size.key_len(), &*self.crypto.hashes);
                        self.wrap_with(*size, &key, content_key)?
                    }
                };
                (Management::Agreement { ephemeral: ephemeral.clone() }, encrypted)
            }
            (Method::Password { password, iterations, hash, size }, Fresh::Salt(salt)) => {
                let (of, backend) = ((*hash, *size), &*self.crypto.encryption);
                let key = password::derive(self.algorithm, of, password.expose(), salt, *iterations, backend)
                    .map_err(|_| EncryptionFailed)?;
                let encrypted = self.wrap_with(*size, &key, content_key)?;
                (Management::Password { salt: *salt, iterations: *iterations }, encrypted)
            }
            _ => return Err(EncryptionFailed),
        })
    }

    fn wrap_with(
        &self,
        size: AesKeySize,
        key: &[u8],
        content_key: &[u8],
    ) -> Result<Vec<u8>, EncryptionFailed> {
        self.crypto.encryption.aes_key_wrap(size, key).map_err(|_| EncryptionFailed)?.wrap(content_key)
    }
}
