mod candidates;
mod method;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use super::encryption_rules::{self as rules, Purpose, lacking};
use super::error::KeyError;
use super::prepared::Prepared;
use crate::algorithm::{ContentEncryption, JweAlgorithm, RSA1_5};
use crate::certificates;
use crate::crypto::{CryptoProvider, EncryptionFailed, SecureRandom};
use crate::jwe::agreement::Parties;
use crate::jwe::content::ContentCipher;
use crate::jwe::password::MINIMUM_ITERATIONS;
use crate::jwk::{Jwk, SecretOctets};

pub use candidates::{EncryptionCandidates, RejectedEncryptionKey};
use method::Method;
pub(crate) use method::{Fresh, Management};

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
pub struct EncryptionKey(Prepared<Arc<Method>>);

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
        let fitting = rules::check(jwk, algorithm, Purpose::Encrypt)?;
        certificates::check(jwk, crypto)?;
        let method = Method::of(fitting, crypto).map_err(lacking(algorithm))?;
        Ok(Self::new(algorithm, jwk.kid(), method, crypto))
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
        let method = |cipher| Arc::new(Method::Direct(cipher));
        Prepared::direct(jwk, encryption, Purpose::Encrypt, crypto, method).map(Self)
    }

    /// Prepares a password, as UTF-8 octets, for one of the PBES2 algorithms; see
    /// [`recommended_iterations`](crate::jwe::recommended_iterations).
    ///
    /// How long a password should be, [`recommended_password_len`](crate::jwe::recommended_password_len) says; that it is
    /// hard to guess nobody can check.
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

    fn new(algorithm: JweAlgorithm, kid: Option<&str>, method: Method, crypto: &CryptoProvider) -> Self {
        Self(Prepared::new(algorithm, kid, Arc::new(method), crypto))
    }

    /// Sets the `kid` that goes into headers.
    #[must_use]
    pub fn with_kid(mut self, kid: &str) -> Self {
        self.0.kid = Some(kid.into());
        self
    }

    /// The one algorithm it encrypts with.
    pub fn algorithm(&self) -> JweAlgorithm {
        self.0.algorithm
    }

    /// For `dir`, the one content encryption it is for.
    pub fn encryption(&self) -> Option<ContentEncryption> {
        self.0.encryption
    }

    /// The `kid` that goes into headers.
    pub fn kid(&self) -> Option<&str> {
        self.0.kid.as_deref()
    }

    /// The AES GCM that is as strong as the key, or the weakest that is stronger: what suits the content where nothing else
    /// decides ([RFC 7516 §11.3](https://www.rfc-editor.org/rfc/rfc7516#section-11.3)). For `dir`, the one the key is for.
    ///
    /// ```
    /// use avouch_jose::{ContentEncryption, EncryptionKey, Jwk, JweAlgorithm, Limits};
    ///
    /// let crypto = avouch_jose_aws_lc::provider();
    /// let jwk = Jwk::from_json(
    ///     br#"{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#,
    ///     &Limits::default(),
    /// )?;
    /// // a longer wrapping key makes no stronger agreement
    /// let key = EncryptionKey::prepare(&jwk, JweAlgorithm::ECDH_ES_A256KW, &crypto)?;
    /// assert_eq!(key.matching_encryption(), ContentEncryption::A128GCM);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn matching_encryption(&self) -> ContentEncryption {
        self.0.encryption.unwrap_or(match self.0.method.strength() {
            ..=128 => ContentEncryption::A128GCM,
            129..=192 => ContentEncryption::A192GCM,
            _ => ContentEncryption::A256GCM,
        })
    }

    pub(crate) fn crypto(&self) -> &CryptoProvider {
        &self.0.crypto
    }

    /// Whether the key, or what is agreed with it, encrypts the content, so that there is no key to send.
    pub(crate) fn sends_no_key(&self) -> bool {
        matches!(*self.0.method, Method::Direct(_) | Method::Agreement { wrap: None, .. })
    }

    /// The first step: what this message alone has.
    pub(crate) fn draw(&self, random: &dyn SecureRandom) -> Result<Fresh, KeyError> {
        self.0.draw(random)
    }

    /// The cipher where no key is sent: that of the key, or of what was agreed.
    pub(crate) fn own_cipher(
        &self,
        fresh: &Fresh,
        parties: &Parties,
        encryption: ContentEncryption,
    ) -> Result<ContentCipher, KeyError> {
        self.0.own_cipher(fresh, parties, encryption)
    }

    /// The second step: encrypts the content key.
    pub(crate) fn encrypt_key(
        &self,
        fresh: &Fresh,
        parties: &Parties,
        content_key: &[u8],
    ) -> Result<(Management, Vec<u8>), EncryptionFailed> {
        self.0.encrypt_key(fresh, parties, content_key)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt("EncryptionKey", f)
    }
}
