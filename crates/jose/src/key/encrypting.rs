use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::encryption_rules::{self as rules, Purpose, lacking, require};
use super::error::KeyError;
use crate::algorithm::{AesKeySize, AgreementCurve, ContentEncryption, JweAlgorithm, KeyManagement, RSA1_5};
use crate::certificates;
use crate::crypto::{
    AesGcm, CryptoProvider, EncryptionFailed, EncryptionPrimitive, KeyEncrypter, KeyWrap, SecureRandom,
};
use crate::hash::HashAlgorithm;
use crate::jwe::agreement::{Parties, check_shared, concat_kdf};
use crate::jwe::content::ContentCipher;
use crate::jwe::password::{self, MINIMUM_ITERATIONS};
use crate::jwk::{Jwk, JwkSet, KeyMaterial, SecretOctets};

/// Octets of a new `p2s`.
const SALT_LEN: usize = 16;

/// A key prepared to encrypt to one recipient with one algorithm. Cloning is cheap.
///
/// The whole is as strong as the weaker of the key and the content encryption
/// ([RFC 7516 §11.3](https://www.rfc-editor.org/rfc/rfc7516#section-11.3)): 256 bits of the one are wasted on 128 of the other.
///
/// With `dir` and with the AES GCM key wraps, one key should not encrypt more than 2^32 messages: their initialization
/// vectors are random, and must not meet ([RFC 7518 §8.4](https://www.rfc-editor.org/rfc/rfc7518#section-8.4)). Whoever
/// shares a key counts, or changes it in time.
///
/// ```
/// use avouch_jose::{EncryptionKey, Jwk, JweAlgorithm, Limits};
///
/// let crypto = avouch_jose_aws_lc::provider();
/// let jwk = Jwk::from_json(
///     br#"{"kty":"OKP","crv":"X25519","use":"enc","kid":"Bob","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#,
///     &Limits::default(),
/// )?;
/// let key = EncryptionKey::prepare(&jwk, JweAlgorithm::ECDH_ES_A128KW, &crypto)?;
/// assert_eq!(key.kid(), Some("Bob"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKey {
    algorithm: JweAlgorithm,
    /// Where the key encrypts the content itself: how.
    encryption: Option<ContentEncryption>,
    kid: Option<Arc<str>>,
    method: Arc<Method>,
    crypto: CryptoProvider,
}

enum Method {
    Direct(ContentCipher),
    Rsa(Arc<dyn KeyEncrypter>),
    KeyWrap(Arc<dyn KeyWrap>),
    GcmKeyWrap(Arc<dyn AesGcm>),
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

impl EncryptionKey {
    /// Checks a key against an algorithm and prepares it: the public key of the recipient, or a symmetric one that is
    /// shared. Of a private key the public half is used.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks; [`KeyError::OtherConstructor`] for `dir`, which needs
    /// [`direct`](Self::direct), for PBES2, which needs [`password`](Self::password), and for `RSA1_5`.
    pub fn prepare(jwk: &Jwk, algorithm: JweAlgorithm, crypto: &CryptoProvider) -> Result<Self, KeyError> {
        if algorithm == RSA1_5 {
            let constructor = "jwe::dangerous::rsa1_5_encryption_key";
            return Err(KeyError::OtherConstructor { algorithm: algorithm.into(), constructor });
        }
        Self::prepare_any(jwk, algorithm, crypto)
    }

    pub(crate) fn prepare_any(
        jwk: &Jwk,
        algorithm: JweAlgorithm,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        rules::check(jwk, algorithm, Purpose::Encrypt)?;
        certificates::check(jwk, crypto)?;
        let method = Self::method(jwk.material(), algorithm, crypto).map_err(lacking(algorithm))?;
        Ok(Self::new(algorithm, jwk.kid(), method, crypto))
    }

    fn method(
        material: &KeyMaterial,
        algorithm: JweAlgorithm,
        crypto: &CryptoProvider,
    ) -> Result<Method, KeyError> {
        let backend = &crypto.encryption;
        Ok(match (algorithm.scheme(), material) {
            (KeyManagement::Rsa(padding), KeyMaterial::Rsa(key)) => {
                Method::Rsa(backend.rsa_encrypter(padding, key)?)
            }
            (KeyManagement::KeyWrap(size), KeyMaterial::Oct(secret)) => {
                Method::KeyWrap(backend.aes_key_wrap(size, secret.expose())?)
            }
            (KeyManagement::GcmKeyWrap(size), KeyMaterial::Oct(secret)) => {
                Method::GcmKeyWrap(backend.aes_gcm(size, secret.expose())?)
            }
            (KeyManagement::Agreement, _) => Self::agreement(material, algorithm, None, crypto)?,
            (KeyManagement::AgreementWithKeyWrap(size), _) => {
                require(&**backend, EncryptionPrimitive::AesKeyWrap(size))?;
                Self::agreement(material, algorithm, Some(size), crypto)?
            }
            _ => {
                let (expected, found) = (material.key_type(), material.key_type());
                return Err(KeyError::KeyType { algorithm: algorithm.into(), expected, found });
            }
        })
    }

    fn agreement(
        material: &KeyMaterial,
        algorithm: JweAlgorithm,
        wrap: Option<AesKeySize>,
        crypto: &CryptoProvider,
    ) -> Result<Method, KeyError> {
        let curve = rules::agreement_curve(material, algorithm)?;
        let public = material.public().ok_or(KeyError::NotPrivate)?;
        require(&*crypto.encryption, EncryptionPrimitive::EphemeralAgreement(curve))?;
        crypto.encryption.check_agreement_public(curve, &public)?;
        Ok(Method::Agreement { public, curve, wrap })
    }

    /// Prepares a symmetric key that encrypts the content itself (`dir`), with this encryption and no other.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks.
    pub fn direct(
        jwk: &Jwk,
        encryption: ContentEncryption,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        let cipher = rules::direct_cipher(jwk, encryption, Purpose::Encrypt, crypto)?;
        let key = Self::new(JweAlgorithm::DIR, jwk.kid(), Method::Direct(cipher), crypto);
        Ok(Self { encryption: Some(encryption), ..key })
    }

    /// Prepares a password, as UTF-8 octets, for one of the PBES2 algorithms; see
    /// [`recommended_iterations`](crate::jwe::recommended_iterations).
    ///
    /// A password should have 16 octets or more, for the longer hashes 32
    /// ([RFC 7518 §8.8](https://www.rfc-editor.org/rfc/rfc7518#section-8.8)); that it is hard to guess nobody can check.
    ///
    /// # Errors
    ///
    /// [`KeyError::PasswordEmpty`]; [`KeyError::PasswordIterations`] for fewer than 1000;
    /// [`KeyError::OtherConstructor`] if the algorithm is none for passwords; [`KeyError::Unsupported`].
    pub fn password(
        password: &[u8],
        algorithm: JweAlgorithm,
        iterations: u32,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        let (hash, size) = rules::password(password, algorithm, crypto)?;
        let (minimum, maximum) = (MINIMUM_ITERATIONS, u32::MAX);
        let iterations = NonZeroU32::new(iterations)
            .filter(|rounds| rounds.get() >= minimum)
            .ok_or(KeyError::PasswordIterations { found: iterations, minimum, maximum })?;
        let password = SecretOctets::new(password.to_vec());
        Ok(Self::new(algorithm, None, Method::Password { password, iterations, hash, size }, crypto))
    }

    /// The keys of a recipient's published set that can be encrypted to with this algorithm: those for `use` `enc` or
    /// without one. Their order means nothing; a set should have one
    /// ([RFC 7515, appendix D](https://www.rfc-editor.org/rfc/rfc7515#appendix-D)).
    ///
    /// # Errors
    ///
    /// [`KeyError::SymmetricAlgorithm`] for an algorithm whose keys are not public.
    pub fn candidates(
        set: &JwkSet,
        algorithm: JweAlgorithm,
        crypto: &CryptoProvider,
    ) -> Result<Vec<Self>, KeyError> {
        match algorithm.scheme() {
            KeyManagement::Rsa(_) | KeyManagement::Agreement | KeyManagement::AgreementWithKeyWrap(_) => {}
            _ => return Err(KeyError::SymmetricAlgorithm(algorithm.into())),
        }
        let public = set.keys().iter().filter(|jwk| !jwk.is_private());
        Ok(public.filter_map(|jwk| Self::prepare(jwk, algorithm, crypto).ok()).collect())
    }

    fn new(algorithm: JweAlgorithm, kid: Option<&str>, method: Method, crypto: &CryptoProvider) -> Self {
        let method = Arc::new(method);
        Self { algorithm, encryption: None, kid: kid.map(Arc::from), method, crypto: crypto.clone() }
    }

    /// Sets the `kid` that goes into headers.
    #[must_use]
    pub fn with_kid(mut self, kid: &str) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// The one algorithm it encrypts with.
    pub fn algorithm(&self) -> JweAlgorithm {
        self.algorithm
    }

    /// For `dir`, the one content encryption it is for.
    pub fn encryption(&self) -> Option<ContentEncryption> {
        self.encryption
    }

    /// The `kid` that goes into headers.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(crate) fn crypto(&self) -> &CryptoProvider {
        &self.crypto
    }

    /// Whether the key, or what is agreed with it, encrypts the content, so that there is no key to send.
    pub(crate) fn sends_no_key(&self) -> bool {
        matches!(*self.method, Method::Direct(_) | Method::Agreement { wrap: None, .. })
    }

    /// The first step: what this message alone has.
    pub(crate) fn draw(&self, random: &dyn SecureRandom) -> Result<Fresh, KeyError> {
        Ok(match &*self.method {
            Method::Direct(_) | Method::Rsa(_) | Method::KeyWrap(_) => Fresh::Nothing,
            Method::GcmKeyWrap(_) => {
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

    /// The cipher where no key is sent: that of the key, or of what was agreed.
    pub(crate) fn own_cipher(
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

    /// The second step: encrypts the content key.
    pub(crate) fn encrypt_key(
        &self,
        fresh: &Fresh,
        parties: &Parties,
        content_key: &[u8],
    ) -> Result<(Management, Vec<u8>), EncryptionFailed> {
        Ok(match (&*self.method, fresh) {
            (Method::Direct(_), Fresh::Nothing) => (Management::Plain, Vec::new()),
            (Method::Rsa(key), Fresh::Nothing) => (Management::Plain, key.encrypt(content_key)?),
            (Method::KeyWrap(wrap), Fresh::Nothing) => (Management::Plain, wrap.wrap(content_key)?),
            (Method::GcmKeyWrap(aes), Fresh::Iv(iv)) => {
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

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKey")
            .field("algorithm", &self.algorithm)
            .field("encryption", &self.encryption)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
