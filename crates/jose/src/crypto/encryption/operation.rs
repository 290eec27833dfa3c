//! What a prepared key does, and how little it says when it cannot.

use std::error::Error;
use std::fmt;

use zeroize::Zeroizing;

use crate::jwk::{KeyMaterial, SecretOctets};
use crate::key::KeyError;

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
    /// [`KeyOperationError::Failed`] for a peer's key that is on another curve, or no point of it, and on X25519 and X448
    /// for a secret of zeros; [`KeyOperationError::Unavailable`].
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
