//! The primitives of which JWE is composed.
//!
//! How JOSE puts them together (the order of MAC and decryption, Concat KDF, what is an initial value) is stated once, in
//! [`jwe`](crate::jwe): a backend that lacks one gives an error by the methods' own default.

mod operation;
mod primitive;

use std::num::NonZeroU32;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{RandomError, SecureRandom};
use crate::algorithm::{AesKeySize, AgreementCurve, RsaPadding};
use crate::hash::HashAlgorithm;
use crate::jwe::agreement::check_shared;
use crate::jwk::{KeyMaterial, RsaKey, SecretOctets};
use crate::key::KeyError;

pub use operation::{
    AesCbc, AesGcm, DecryptionFailed, EncryptionFailed, KeyAgreement, KeyDecrypter, KeyEncrypter,
    KeyOperationError, KeyWrap,
};
pub use primitive::EncryptionPrimitive;

/// Octets in a row that are no scalar of the curve, before it is said that they are not random: the chance that they are
/// none is below 2^-32 for each curve.
const SCALAR_TRIALS: usize = 64;

const NOT_AGREED_WITH: KeyError = KeyError::Rejected { reason: "the public key is not to be agreed with" };

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
        let (ephemeral, _) = new_agreement(self, curve, random)?;
        let secret = ephemeral.agree(peer).map_err(|_| NOT_AGREED_WITH)?;
        Ok((ephemeral.public()?, secret))
    }

    /// Checks that a public key is a point that may be agreed with: on the curve, and not of small order.
    ///
    /// By default a key that everybody knows agrees with it. A backend that can look at the point alone does so in less time.
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`], [`KeyError::Rejected`].
    fn check_agreement_public(&self, curve: AgreementCurve, public: &KeyMaterial) -> Result<(), KeyError> {
        // any scalar will do: X25519 makes each a multiple of eight, with which a point of small order gives zeros
        let known = SecretOctets::new(vec![1; curve.key_len()]);
        let shared = self.agreement(curve, &known)?.agree(public).map_err(|_| NOT_AGREED_WITH)?;
        check_shared(curve, &shared).map_err(|_| NOT_AGREED_WITH)
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

/// A new private key to agree with, and its octets.
pub(crate) fn new_agreement<B: EncryptionBackend + ?Sized>(
    backend: &B,
    curve: AgreementCurve,
    random: &dyn SecureRandom,
) -> Result<(Arc<dyn KeyAgreement>, SecretOctets), KeyError> {
    for _ in 0..SCALAR_TRIALS {
        let mut scalar = Zeroizing::new(vec![0; curve.key_len()]);
        random.fill(&mut scalar)?;
        curve.mask(&mut scalar);
        let scalar = SecretOctets::from(scalar);
        match backend.agreement(curve, &scalar) {
            Err(KeyError::Rejected { .. }) => {}
            key => return Ok((key?, scalar)),
        }
    }
    Err(KeyError::Random(RandomError))
}

/// A backend that encrypts nothing.
pub(super) struct NoEncryption;

impl EncryptionBackend for NoEncryption {
    fn supports(&self, _: EncryptionPrimitive) -> bool {
        false
    }
}
