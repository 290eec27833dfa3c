//! What a crypto backend provides, and how one is handed around.
//!
//! A [`CryptoProvider`] is a value: there is no process-wide default and no feature that picks one. A backend is a
//! crate of its own that implements [`SignatureBackend`] and [`HashBackend`], and [`EncryptionBackend`] if it encrypts, and
//! offers a function that returns the provider. It matches on [`SignatureScheme`](crate::SignatureScheme) and reads
//! [`KeyMaterial`]; every rule about keys that can be stated without cryptography has been checked before it is called.
//!
//! A key in a KMS or HSM needs no backend: implement [`Signer`] for it
//! ([`SigningKey::with_signer`](crate::SigningKey::with_signer)), or take the bytes to sign out and put the signature
//! in with [`jws::SigningInput`](crate::jws::SigningInput). To decrypt, implement [`KeyDecrypter`] for an RSA key
//! ([`DecryptionKey::with_decrypter`](crate::DecryptionKey::with_decrypter)) and [`KeyAgreement`] for one to agree with
//! ([`DecryptionKey::with_agreement`](crate::DecryptionKey::with_agreement)).

mod encryption;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::algorithm::JwsAlgorithm;
use crate::base64url;
use crate::hash::{HashAlgorithm, HashValue};
use crate::jwk::KeyMaterial;
use crate::key::KeyError;

pub(crate) use encryption::new_agreement;
pub use encryption::{
    AesCbc, AesGcm, DecryptionFailed, EncryptionBackend, EncryptionFailed, EncryptionPrimitive, KeyAgreement,
    KeyDecrypter, KeyEncrypter, KeyOperationError, KeyWrap,
};

/// The operations of one backend, as a plain value that is cloned cheaply.
///
/// ```
/// use avouch_jose::JwsAlgorithm;
///
/// let crypto = avouch_jose_ring::provider();
/// assert!(crypto.signatures.supports(JwsAlgorithm::ES256));
/// assert_eq!(crypto.sha256(b"abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct CryptoProvider {
    /// Signatures and MACs.
    pub signatures: Arc<dyn SignatureBackend>,
    /// Hash functions.
    pub hashes: Arc<dyn HashBackend>,
    /// Primitives of encryption; none, unless [`with_encryption`](Self::with_encryption) gave some.
    pub encryption: Arc<dyn EncryptionBackend>,
}

impl CryptoProvider {
    /// A provider of these operations, which encrypts nothing.
    pub fn new(signatures: Arc<dyn SignatureBackend>, hashes: Arc<dyn HashBackend>) -> Self {
        Self { signatures, hashes, encryption: Arc::new(encryption::NoEncryption) }
    }

    /// Gives it primitives of encryption.
    #[must_use]
    pub fn with_encryption(mut self, encryption: Arc<dyn EncryptionBackend>) -> Self {
        self.encryption = encryption;
        self
    }

    /// The SHA-256 hash of `input`.
    pub fn sha256(&self, input: &[u8]) -> [u8; 32] {
        self.hashes.sha256(input)
    }

    /// The hash of `input`.
    pub fn digest(&self, algorithm: HashAlgorithm, input: &[u8]) -> HashValue {
        match algorithm {
            HashAlgorithm::Sha256 => HashValue::Sha256(self.hashes.sha256(input)),
            HashAlgorithm::Sha384 => HashValue::Sha384(self.hashes.sha384(input)),
            HashAlgorithm::Sha512 => HashValue::Sha512(self.hashes.sha512(input)),
        }
    }
}

impl fmt::Debug for CryptoProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CryptoProvider").finish_non_exhaustive()
    }
}

/// Prepares keys for signatures and MACs.
///
/// The material of each call has the key type and curve of the algorithm, sizes included.
pub trait SignatureBackend: Send + Sync {
    /// Whether keys for this algorithm can be prepared at all.
    fn supports(&self, algorithm: JwsAlgorithm) -> bool;

    /// Prepares a public key, or for a MAC the secret, for any number of verifications.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] for an algorithm or key the backend lacks, [`KeyError::Rejected`] for a key that is
    /// not valid, such as a point off its curve.
    fn prepare_verifier(
        &self,
        algorithm: JwsAlgorithm,
        key: &KeyMaterial,
    ) -> Result<Arc<dyn Verifier>, KeyError>;

    /// Prepares a private key, or for a MAC the secret, for any number of signatures.
    ///
    /// # Errors
    ///
    /// As [`prepare_verifier`](Self::prepare_verifier), and [`KeyError::PrivateDoesNotMatchPublic`].
    fn prepare_signer(&self, algorithm: JwsAlgorithm, key: &KeyMaterial)
    -> Result<Arc<dyn Signer>, KeyError>;

    /// Prepares a private key in PKCS#8 DER ([RFC 5958](https://www.rfc-editor.org/rfc/rfc5958)) and tells its public
    /// half.
    ///
    /// # Errors
    ///
    /// As [`prepare_signer`](Self::prepare_signer).
    fn prepare_signer_pkcs8(
        &self,
        algorithm: JwsAlgorithm,
        der: &[u8],
    ) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError>;

    /// Makes a new private key or secret with the backend's own randomness.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] where the backend cannot, [`KeyError::Random`] if randomness fails.
    fn generate(&self, algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError>;
}

/// A prepared key that verifies signatures of one algorithm.
pub trait Verifier: Send + Sync {
    /// Checks `signature` over `input`; a MAC in constant time.
    ///
    /// # Errors
    ///
    /// [`SignatureInvalid`], whatever is wrong.
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid>;
}

/// A prepared key that makes signatures of one algorithm.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, SigningKey, crypto::{SignFailed, Signer}, jws};
///
/// /// A key that never leaves its vault.
/// struct Vault;
///
/// impl Signer for Vault {
///     fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
///         // send `input` to the vault, wait for its answer
///         Err(SignFailed::new("the vault is sealed"))
///     }
/// }
///
/// let key = SigningKey::with_signer(JwsAlgorithm::ES256, Some("vault-1"), std::sync::Arc::new(Vault));
/// assert!(jws::sign_compact(&jws::HeaderParameters::new(), b"{}", &key).is_err());
/// ```
pub trait Signer: Send + Sync {
    /// Signs `input`. An ECDSA signature is R then S, each as wide as the curve's field; never DER.
    ///
    /// # Errors
    ///
    /// [`SignFailed`] with the cause.
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed>;
}

/// Hash functions. They cannot fail.
pub trait HashBackend: Send + Sync {
    /// SHA-256.
    fn sha256(&self, input: &[u8]) -> [u8; 32];
    /// SHA-384.
    fn sha384(&self, input: &[u8]) -> [u8; 48];
    /// SHA-512.
    fn sha512(&self, input: &[u8]) -> [u8; 64];
}

/// A cryptographically secure source of randomness, given to every operation that needs one.
pub trait SecureRandom: Send + Sync {
    /// Fills `octets` completely.
    ///
    /// # Errors
    ///
    /// [`RandomError`] if there is no randomness; `octets` must then not be used.
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError>;
}

/// The fewest octets of a [`random_token`]: 128 bits cannot be guessed
/// ([RFC 6749 §10.10](https://www.rfc-editor.org/rfc/rfc6749#section-10.10)).
pub const MIN_TOKEN_OCTETS: usize = 16;

/// A random token of so many octets, base64url encoded: a state, a nonce, a code. 32 octets are 43 characters. It never
/// has fewer than [`MIN_TOKEN_OCTETS`], even if fewer are asked for.
///
/// # Errors
///
/// [`RandomError`] from the source.
pub fn random_token(random: &dyn SecureRandom, octets: usize) -> Result<String, RandomError> {
    let mut token = zeroize::Zeroizing::new(vec![0; octets.max(MIN_TOKEN_OCTETS)]);
    random.fill(&mut token)?;
    Ok(base64url::encode(&token))
}

/// The signature is not this key's over this input. There is no more to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureInvalid;

impl fmt::Display for SignatureInvalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signature is not valid")
    }
}

impl Error for SignatureInvalid {}

/// The source of randomness gave none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomError;

impl fmt::Display for RandomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no randomness is available")
    }
}

impl Error for RandomError {}

/// A signer could not sign.
#[derive(Debug)]
pub struct SignFailed(Box<dyn Error + Send + Sync>);

impl fmt::Display for SignFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signer failed")
    }
}

impl Error for SignFailed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

impl SignFailed {
    /// With its cause.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}
