//! The primitives of which JWE is composed.
//!
//! How JOSE puts them together (the order of MAC and decryption, Concat KDF, what is an initial value) is stated once, in
//! [`jwe`](crate::jwe): a backend that lacks one gives an error by the methods' own default.

use std::error::Error;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{CryptoProvider, RandomError, SecureRandom};
use crate::algorithm::{
    AesKeySize, AgreementCurve, ContentEncryption, ContentScheme, JweAlgorithm, KeyManagement, RsaPadding,
};
use crate::hash::HashAlgorithm;
use crate::jwk::{KeyMaterial, RsaKey, SecretOctets};
use crate::key::KeyError;

/// One thing that a backend can do, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncryptionPrimitive {
    /// [`EncryptionBackend::aes_gcm`].
    AesGcm(AesKeySize),
    /// [`EncryptionBackend::aes_cbc`].
    AesCbc(AesKeySize),
    /// [`EncryptionBackend::aes_key_wrap`].
    AesKeyWrap(AesKeySize),
    /// [`EncryptionBackend::rsa_encrypter`] and [`EncryptionBackend::rsa_decrypter`].
    Rsa(RsaPadding),
    /// [`EncryptionBackend::agreement`]: to agree with a key that is kept.
    Agreement(AgreementCurve),
    /// [`EncryptionBackend::agree_ephemeral`]: to agree with a key that is made for it.
    EphemeralAgreement(AgreementCurve),
    /// [`EncryptionBackend::hmac`].
    Hmac(HashAlgorithm),
    /// [`EncryptionBackend::pbkdf2`].
    Pbkdf2(HashAlgorithm),
}

impl EncryptionPrimitive {
    /// What it is called in errors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AesGcm(AesKeySize::Aes128) => "AES-128 GCM",
            Self::AesGcm(AesKeySize::Aes192) => "AES-192 GCM",
            Self::AesGcm(AesKeySize::Aes256) => "AES-256 GCM",
            Self::AesCbc(AesKeySize::Aes128) => "AES-128 CBC",
            Self::AesCbc(AesKeySize::Aes192) => "AES-192 CBC",
            Self::AesCbc(AesKeySize::Aes256) => "AES-256 CBC",
            Self::AesKeyWrap(AesKeySize::Aes128) => "AES-128 Key Wrap",
            Self::AesKeyWrap(AesKeySize::Aes192) => "AES-192 Key Wrap",
            Self::AesKeyWrap(AesKeySize::Aes256) => "AES-256 Key Wrap",
            Self::Rsa(RsaPadding::Pkcs1v15) => "RSAES-PKCS1-v1_5",
            Self::Rsa(RsaPadding::OaepSha1) => "RSAES-OAEP with SHA-1",
            Self::Rsa(RsaPadding::OaepSha256) => "RSAES-OAEP with SHA-256",
            Self::Agreement(AgreementCurve::P256) => "agreement with a kept key on P-256",
            Self::Agreement(AgreementCurve::P384) => "agreement with a kept key on P-384",
            Self::Agreement(AgreementCurve::P521) => "agreement with a kept key on P-521",
            Self::Agreement(AgreementCurve::X25519) => "agreement with a kept key on X25519",
            Self::Agreement(AgreementCurve::X448) => "agreement with a kept key on X448",
            Self::EphemeralAgreement(AgreementCurve::P256) => "agreement on P-256",
            Self::EphemeralAgreement(AgreementCurve::P384) => "agreement on P-384",
            Self::EphemeralAgreement(AgreementCurve::P521) => "agreement on P-521",
            Self::EphemeralAgreement(AgreementCurve::X25519) => "agreement on X25519",
            Self::EphemeralAgreement(AgreementCurve::X448) => "agreement on X448",
            Self::Hmac(_) => "HMAC",
            Self::Pbkdf2(_) => "PBKDF2",
        }
    }
}

impl CryptoProvider {
    /// Whether a key management algorithm can be used in both directions: agreement, on one curve at least; `dir`, with one
    /// content encryption at least. A key says more when it is prepared.
    ///
    /// ```
    /// use avouch_jose::{ContentEncryption, JweAlgorithm};
    ///
    /// let crypto = avouch_jose_aws_lc::provider();
    /// assert!(crypto.supports_key_management(JweAlgorithm::ECDH_ES_A192KW));
    /// assert!(crypto.supports_content_encryption(ContentEncryption::A256CBC_HS512));
    /// assert!(!avouch_jose_ring::provider().supports_key_management(JweAlgorithm::ECDH_ES_A192KW));
    /// ```
    pub fn supports_key_management(&self, algorithm: JweAlgorithm) -> bool {
        use EncryptionPrimitive::{AesGcm, AesKeyWrap, Agreement, EphemeralAgreement, Hmac, Pbkdf2, Rsa};

        let has = |primitive| self.encryption.supports(primitive);
        let agrees = || {
            AgreementCurve::ALL.iter().any(|curve| has(Agreement(*curve)) && has(EphemeralAgreement(*curve)))
        };
        match algorithm.scheme() {
            // the MAC makes the key that takes the place of one that cannot be decrypted
            KeyManagement::Rsa(padding) => has(Rsa(padding)) && has(Hmac(HashAlgorithm::Sha256)),
            KeyManagement::KeyWrap(size) => has(AesKeyWrap(size)),
            KeyManagement::GcmKeyWrap(size) => has(AesGcm(size)),
            KeyManagement::Direct => {
                ContentEncryption::ALL.iter().any(|encryption| self.supports_content_encryption(*encryption))
            }
            KeyManagement::Agreement => agrees(),
            KeyManagement::AgreementWithKeyWrap(size) => agrees() && has(AesKeyWrap(size)),
            KeyManagement::Password(hash, size) => has(Pbkdf2(hash)) && has(AesKeyWrap(size)),
        }
    }

    /// Whether a content encryption algorithm can be used.
    pub fn supports_content_encryption(&self, encryption: ContentEncryption) -> bool {
        match encryption.scheme() {
            ContentScheme::Gcm(size) => self.encryption.supports(EncryptionPrimitive::AesGcm(size)),
            ContentScheme::CbcHmac(size, hash) => {
                self.encryption.supports(EncryptionPrimitive::AesCbc(size))
                    && self.encryption.supports(EncryptionPrimitive::Hmac(hash))
            }
        }
    }
}

/// The primitives of encryption of one backend. Keys have the right type, curve and size when they get here.
///
/// Each method but the first has a default that refuses with [`KeyError::Lacking`], so that a backend states what it has
/// and nothing else.
pub trait EncryptionBackend: Send + Sync {
    /// Whether it has a primitive.
    fn supports(&self, primitive: EncryptionPrimitive) -> bool;

    /// Prepares AES GCM with a key of 16, 24 or 32 octets.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`].
    fn aes_gcm(&self, size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesGcm>, KeyError> {
        let _ = key;
        Err(KeyError::Lacking(EncryptionPrimitive::AesGcm(size)))
    }

    /// Prepares AES CBC with a key of 16, 24 or 32 octets.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`].
    fn aes_cbc(&self, size: AesKeySize, key: &[u8]) -> Result<Arc<dyn AesCbc>, KeyError> {
        let _ = key;
        Err(KeyError::Lacking(EncryptionPrimitive::AesCbc(size)))
    }

    /// Prepares AES Key Wrap with a key of 16, 24 or 32 octets.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`].
    fn aes_key_wrap(&self, size: AesKeySize, key: &[u8]) -> Result<Arc<dyn KeyWrap>, KeyError> {
        let _ = key;
        Err(KeyError::Lacking(EncryptionPrimitive::AesKeyWrap(size)))
    }

    /// Prepares a public RSA key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`], or what is wrong with the key.
    fn rsa_encrypter(&self, padding: RsaPadding, key: &RsaKey) -> Result<Arc<dyn KeyEncrypter>, KeyError> {
        let _ = key;
        Err(KeyError::Lacking(EncryptionPrimitive::Rsa(padding)))
    }

    /// Prepares a private RSA key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`], or what is wrong with the key.
    fn rsa_decrypter(&self, padding: RsaPadding, key: &RsaKey) -> Result<Arc<dyn KeyDecrypter>, KeyError> {
        let _ = key;
        Err(KeyError::Lacking(EncryptionPrimitive::Rsa(padding)))
    }

    /// Prepares a private key to agree with, as long as [`AgreementCurve::key_len`] says. Octets that are no valid scalar
    /// are refused with [`KeyError::Rejected`].
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`], [`KeyError::Rejected`].
    fn agreement(
        &self,
        curve: AgreementCurve,
        private: &SecretOctets,
    ) -> Result<Arc<dyn KeyAgreement>, KeyError> {
        let _ = private;
        Err(KeyError::Lacking(EncryptionPrimitive::Agreement(curve)))
    }

    /// Makes a key for this one agreement and gives its public half and the shared secret.
    ///
    /// By default the private key is what `random` gives, so that one that gives known octets makes a known key. A backend
    /// that cannot import private keys makes one with its own randomness instead, and says so.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`], [`KeyError::Random`], and [`KeyError::Rejected`] if the peer's key is not to be agreed with.
    fn agree_ephemeral(
        &self,
        curve: AgreementCurve,
        peer: &KeyMaterial,
        random: &dyn SecureRandom,
    ) -> Result<(KeyMaterial, SecretOctets), KeyError> {
        // the chance that octets are no scalar is below 2^-32 for each curve: so many in a row are not random
        for _ in 0..64 {
            let mut scalar = Zeroizing::new(vec![0; curve.key_len()]);
            random.fill(&mut scalar)?;
            curve.mask(&mut scalar);
            let ephemeral = match self.agreement(curve, &scalar.into()) {
                Err(KeyError::Rejected { .. }) => continue,
                ephemeral => ephemeral?,
            };
            let secret = ephemeral
                .agree(peer)
                .map_err(|_| KeyError::Rejected { reason: "the public key is not to be agreed with" })?;
            return Ok((ephemeral.public()?, secret));
        }
        Err(KeyError::Random(RandomError))
    }

    /// Checks that a public key is a point that may be agreed with: on the curve, and not of small order.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`], [`KeyError::Rejected`].
    fn check_agreement_public(&self, curve: AgreementCurve, public: &KeyMaterial) -> Result<(), KeyError> {
        let _ = public;
        Err(KeyError::Lacking(EncryptionPrimitive::Agreement(curve)))
    }

    /// The HMAC of the concatenated parts under a key of any length; fills `mac` with its first octets.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`].
    fn hmac(&self, hash: HashAlgorithm, key: &[u8], parts: &[&[u8]], mac: &mut [u8]) -> Result<(), KeyError> {
        let _ = (key, parts, mac);
        Err(KeyError::Lacking(EncryptionPrimitive::Hmac(hash)))
    }

    /// PBKDF2 with HMAC ([RFC 8018 §5.2](https://www.rfc-editor.org/rfc/rfc8018#section-5.2)); fills `derived`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`].
    fn pbkdf2(
        &self,
        hash: HashAlgorithm,
        password: &[u8],
        salt: &[u8],
        iterations: NonZeroU32,
        derived: &mut [u8],
    ) -> Result<(), KeyError> {
        let _ = (password, salt, iterations, derived);
        Err(KeyError::Lacking(EncryptionPrimitive::Pbkdf2(hash)))
    }
}

/// AES GCM with a prepared key, an initialization vector of 96 bits and a tag of 128
/// ([RFC 7518 §5.3](https://www.rfc-editor.org/rfc/rfc7518#section-5.3)).
pub trait AesGcm: Send + Sync {
    /// Encrypts in place and gives the tag.
    ///
    /// # Errors
    ///
    /// [`EncryptionFailed`] for more octets than the mode can take.
    fn encrypt(&self, iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], EncryptionFailed>;

    /// Checks the tag and decrypts in place. If it fails, the octets are of no use and must not be looked at.
    ///
    /// # Errors
    ///
    /// [`DecryptionFailed`].
    fn decrypt(
        &self,
        iv: &[u8; 12],
        aad: &[u8],
        in_out: &mut [u8],
        tag: &[u8; 16],
    ) -> Result<(), DecryptionFailed>;
}

/// AES CBC with PKCS #7 padding and a prepared key. Whoever calls [`decrypt`](Self::decrypt) has checked a MAC before.
pub trait AesCbc: Send + Sync {
    /// Pads and encrypts.
    ///
    /// # Errors
    ///
    /// [`EncryptionFailed`].
    fn encrypt(&self, iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, EncryptionFailed>;

    /// Decrypts in place and says how many of the octets are no padding.
    ///
    /// # Errors
    ///
    /// [`DecryptionFailed`] if the octets are no whole number of blocks, or the padding is wrong.
    fn decrypt(&self, iv: &[u8; 16], in_out: &mut [u8]) -> Result<usize, DecryptionFailed>;
}

/// AES Key Wrap with the default initial value ([RFC 3394 §2.2.3](https://www.rfc-editor.org/rfc/rfc3394#section-2.2.3)).
pub trait KeyWrap: Send + Sync {
    /// Wraps a key: 8 octets more.
    ///
    /// # Errors
    ///
    /// [`EncryptionFailed`] unless the key is two or more blocks of 8 octets.
    fn wrap(&self, key: &[u8]) -> Result<Vec<u8>, EncryptionFailed>;

    /// Unwraps a key: 8 octets less.
    ///
    /// # Errors
    ///
    /// [`DecryptionFailed`].
    fn unwrap_key(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptionFailed>;
}

/// A prepared public RSA key. Randomness for the padding is the backend's own.
pub trait KeyEncrypter: Send + Sync {
    /// Encrypts a key.
    ///
    /// # Errors
    ///
    /// [`EncryptionFailed`].
    fn encrypt(&self, key: &[u8]) -> Result<Vec<u8>, EncryptionFailed>;
}

/// A prepared private RSA key, here or in a KMS.
pub trait KeyDecrypter: Send + Sync {
    /// Decrypts a key.
    ///
    /// A wrong padding must not be told from a right one by the time this takes: what comes after cannot hide it.
    ///
    /// # Errors
    ///
    /// [`KeyOperationError`].
    fn decrypt(&self, encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyOperationError>;
}

/// A prepared private key to agree with, here or in a KMS.
pub trait KeyAgreement: Send + Sync {
    /// The public half.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`].
    fn public(&self) -> Result<KeyMaterial, KeyError>;

    /// The shared secret: the x coordinate as wide as the field, or what X25519 gives.
    ///
    /// # Errors
    ///
    /// [`KeyOperationError::Failed`] for a peer's key that is on another curve, or no point of it, and for a secret of
    /// zeros; [`KeyOperationError::Unavailable`].
    fn agree(&self, peer: &KeyMaterial) -> Result<SecretOctets, KeyOperationError>;
}

/// Why a private key gave nothing.
#[derive(Debug)]
pub enum KeyOperationError {
    /// The input is not for this key. There is no more to say.
    Failed,
    /// Whoever holds the key did not answer: an outage, not an attack.
    Unavailable(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for KeyOperationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed => DecryptionFailed.fmt(f),
            Self::Unavailable(_) => f.write_str("the key is not available"),
        }
    }
}

impl Error for KeyOperationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed => None,
            Self::Unavailable(source) => Some(&**source),
        }
    }
}

impl From<DecryptionFailed> for KeyOperationError {
    fn from(DecryptionFailed: DecryptionFailed) -> Self {
        Self::Failed
    }
}

/// It could not be decrypted. There is no more to say, and nobody is told why
/// ([RFC 7516 §11.4](https://www.rfc-editor.org/rfc/rfc7516#section-11.4)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecryptionFailed;

impl fmt::Display for DecryptionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it could not be decrypted")
    }
}

impl Error for DecryptionFailed {}

/// The backend could not encrypt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncryptionFailed;

impl fmt::Display for EncryptionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the backend could not encrypt")
    }
}

impl Error for EncryptionFailed {}

/// A backend that encrypts nothing.
pub(super) struct NoEncryption;

impl EncryptionBackend for NoEncryption {
    fn supports(&self, _: EncryptionPrimitive) -> bool {
        false
    }
}
