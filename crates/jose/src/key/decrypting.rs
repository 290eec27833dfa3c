mod method;

use std::fmt;
use std::sync::Arc;

use super::encryption_rules::{self as rules, Purpose, lacking};
use super::error::KeyError;
use super::prepared::Prepared;
use crate::algorithm::{ContentEncryption, JweAlgorithm};
use crate::certificates;
use crate::crypto::{CryptoProvider, KeyOperationError};
use crate::jwe::Header;
use crate::jwe::password::PasswordLimits;
use crate::jwk::{Jwk, SecretOctets};

pub(crate) use method::Cipher;
pub(super) use method::{FALLBACK_HASH, FALLBACK_SECRET_LEN, Method};

/// A key prepared to decrypt with one algorithm, and no other. Cloning is cheap.
///
/// ```
/// use avouch_jose::{DecryptionKey, Jwk, JweAlgorithm, Limits};
///
/// let crypto = avouch_jose_aws_lc::provider();
/// // RFC 7516, appendix A.3
/// let jwk = Jwk::from_json(br#"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#, &Limits::default())?;
/// let key = DecryptionKey::prepare(&jwk, JweAlgorithm::A128KW, &crypto)?;
/// assert_eq!(key.algorithm(), JweAlgorithm::A128KW);
/// assert!(DecryptionKey::prepare(&jwk, JweAlgorithm::A256KW, &crypto).is_err(), "it is half as long");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct DecryptionKey {
    prepared: Prepared<Arc<Method>>,
    x5t_s256: Option<Arc<str>>,
    x5t: Option<Arc<str>>,
}

impl DecryptionKey {
    /// Checks a private or symmetric key against an algorithm and prepares it.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks; [`KeyError::OtherConstructor`] for `dir`, which needs
    /// [`direct`](Self::direct), and for PBES2, which needs [`password`](Self::password).
    pub fn prepare(jwk: &Jwk, algorithm: JweAlgorithm, crypto: &CryptoProvider) -> Result<Self, KeyError> {
        let fitting = rules::check(jwk, algorithm, Purpose::Decrypt)?;
        let x5t_s256 = certificates::check(jwk, crypto)?.map(Arc::from);
        let method = Method::of(fitting, crypto).map_err(lacking(algorithm))?;
        let key = Self::new(algorithm, jwk.kid(), method, crypto);
        Ok(Self { x5t_s256, x5t: jwk.x5t().map(Arc::from), ..key })
    }

    /// Prepares a symmetric key that encrypts the content itself (`dir`,
    /// [RFC 7518 §4.5](https://www.rfc-editor.org/rfc/rfc7518#section-4.5)), with this encryption and no other.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks.
    pub fn direct(
        jwk: &Jwk,
        encryption: ContentEncryption,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        let method = |cipher| Arc::new(Method::Direct(cipher));
        let prepared = Prepared::direct(jwk, encryption, Purpose::Decrypt, crypto, method)?;
        Ok(Self { prepared, x5t_s256: None, x5t: None })
    }

    /// Prepares a password, as UTF-8 octets, for one of the PBES2 algorithms
    /// ([RFC 7518 §4.8](https://www.rfc-editor.org/rfc/rfc7518#section-4.8)). A key set never contains one: no `oct` key
    /// is taken for a password.
    ///
    /// # Errors
    ///
    /// [`KeyError::PasswordEmpty`]; [`KeyError::OtherConstructor`] if the algorithm is none for passwords;
    /// [`KeyError::Unsupported`].
    pub fn password(
        password: &[u8],
        algorithm: JweAlgorithm,
        limits: PasswordLimits,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        let (hash, size) = rules::password(password, algorithm, crypto)?;
        let password = SecretOctets::new(password.to_vec());
        Ok(Self::new(algorithm, None, Method::Password { password, limits, hash, size }, crypto))
    }

    pub(super) fn new(
        algorithm: JweAlgorithm,
        kid: Option<&str>,
        method: Method,
        crypto: &CryptoProvider,
    ) -> Self {
        let prepared = Prepared::new(algorithm, kid, Arc::new(method), crypto);
        Self { prepared, x5t_s256: None, x5t: None }
    }

    /// Sets the `kid`, by which headers find the key.
    #[must_use]
    pub fn with_kid(mut self, kid: &str) -> Self {
        self.prepared.kid = Some(kid.into());
        self
    }

    /// Sets the SHA-256 thumbprint of the key's certificate, base64url, by which headers may find the key: for one that
    /// somebody else holds, say, of which no JWK tells it.
    #[must_use]
    pub fn with_x5t_s256(mut self, thumbprint: &str) -> Self {
        self.x5t_s256 = Some(thumbprint.into());
        self
    }

    /// The one algorithm it decrypts with.
    pub fn algorithm(&self) -> JweAlgorithm {
        self.prepared.algorithm
    }

    /// For `dir`, the one content encryption it decrypts.
    pub fn encryption(&self) -> Option<ContentEncryption> {
        self.prepared.encryption
    }

    /// The `kid` of the key.
    pub fn kid(&self) -> Option<&str> {
        self.prepared.kid.as_deref()
    }

    /// The SHA-256 thumbprint of the key's certificate: its `x5t#S256`, or computed from its `x5c`, or as it
    /// was [told](Self::with_x5t_s256). A header may name the
    /// key by it ([RFC 7516 §4.1.10](https://www.rfc-editor.org/rfc/rfc7516#section-4.1.10)).
    pub fn x5t_s256(&self) -> Option<&str> {
        self.x5t_s256.as_deref()
    }

    /// The key's `x5t`, as it was told.
    pub fn x5t(&self) -> Option<&str> {
        self.x5t.as_deref()
    }

    pub(crate) fn shared_kid(&self) -> Option<Arc<str>> {
        self.prepared.kid.clone()
    }

    pub(crate) fn crypto(&self) -> &CryptoProvider {
        &self.prepared.crypto
    }

    /// Whether this is the same RSA key as another, with another padding. A key that is here is the same if its modulus and
    /// exponent are, since the private exponent can be written in several ways; of one that somebody else holds, no more is
    /// known than whether the same decrypter stands for it.
    pub(super) fn mixes_paddings_with(&self, other: &Self) -> bool {
        match (&*self.prepared.method, &*other.prepared.method) {
            (
                Method::Rsa { decrypter, public, .. },
                Method::Rsa { decrypter: other_decrypter, public: other_public, .. },
            ) => {
                let is_same =
                    Arc::ptr_eq(decrypter, other_decrypter) || (public.is_some() && public == other_public);
                let is_pkcs1 = |key: &Self| key.algorithm() == crate::algorithm::RSA1_5;
                is_same && is_pkcs1(self) != is_pkcs1(other)
            }
            _ => false,
        }
    }

    /// For a password: what it may cost.
    pub(crate) fn password_limits(&self) -> Option<&PasswordLimits> {
        match &*self.prepared.method {
            Method::Password { limits, .. } => Some(limits),
            _ => None,
        }
    }

    /// The cipher of the content: that of a direct key, else one with the key that the header and the encrypted key give.
    pub(crate) fn cipher(
        &self,
        header: &Header,
        encrypted_key: &[u8],
        encryption: ContentEncryption,
    ) -> Result<Cipher<'_>, KeyOperationError> {
        self.prepared.cipher(header, encrypted_key, encryption)
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.prepared.fmt("DecryptionKey", f)
    }
}
