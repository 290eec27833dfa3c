use std::fmt;
use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::encryption_rules::{self as rules, Purpose, lacking, require};
use super::error::KeyError;
use crate::algorithm::{AesKeySize, AgreementCurve, ContentEncryption, JweAlgorithm, KeyManagement};
use crate::certificates;
use crate::crypto::{
    AesGcm, CryptoProvider, DecryptionFailed, EncryptionPrimitive, KeyAgreement, KeyDecrypter,
    KeyOperationError, KeyWrap,
};
use crate::hash::HashAlgorithm;
use crate::jwe::agreement::{Parties, check_shared, concat_kdf};
use crate::jwe::content::ContentCipher;
use crate::jwe::password::{self, PasswordLimits};
use crate::jwe::{Header, Management};
use crate::jwk::{Jwk, KeyMaterial, SecretOctets};

/// The hash of the MAC by which a key takes the place of one that could not be decrypted.
const FALLBACK_HASH: HashAlgorithm = HashAlgorithm::Sha256;

/// Octets a fallback secret must have at least.
const FALLBACK_SECRET_LEN: usize = 32;

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
    algorithm: JweAlgorithm,
    /// Where the key encrypts the content itself: how.
    encryption: Option<ContentEncryption>,
    kid: Option<Arc<str>>,
    method: Arc<Method>,
    crypto: CryptoProvider,
}

enum Method {
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

impl DecryptionKey {
    /// Checks a private or symmetric key against an algorithm and prepares it.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks; [`KeyError::OtherConstructor`] for `dir`, which needs
    /// [`direct`](Self::direct), and for PBES2, which needs [`password`](Self::password).
    pub fn prepare(jwk: &Jwk, algorithm: JweAlgorithm, crypto: &CryptoProvider) -> Result<Self, KeyError> {
        rules::check(jwk, algorithm, Purpose::Decrypt)?;
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
        let wrong_type = || KeyError::KeyType {
            algorithm: algorithm.into(),
            expected: material.key_type(),
            found: material.key_type(),
        };
        Ok(match (algorithm.scheme(), material) {
            (KeyManagement::Rsa(padding), KeyMaterial::Rsa(key)) => {
                let d = &key.private().ok_or(KeyError::NotPrivate)?.d;
                let mut fallback = Zeroizing::new(vec![0; FALLBACK_SECRET_LEN]);
                backend.hmac(FALLBACK_HASH, d.expose(), &[b"avouch fallback"], &mut fallback)?;
                let (decrypter, public) = (backend.rsa_decrypter(padding, key)?, material.public());
                Method::Rsa { decrypter, fallback: fallback.into(), public }
            }
            (KeyManagement::KeyWrap(size), KeyMaterial::Oct(secret)) => {
                Method::KeyWrap(backend.aes_key_wrap(size, secret.expose())?)
            }
            (KeyManagement::GcmKeyWrap(size), KeyMaterial::Oct(secret)) => {
                Method::GcmKeyWrap(backend.aes_gcm(size, secret.expose())?)
            }
            (KeyManagement::Agreement | KeyManagement::AgreementWithKeyWrap(_), _) => {
                let curve = rules::agreement_curve(material, algorithm)?;
                let d = match material {
                    KeyMaterial::Ec(key) => key.d(),
                    KeyMaterial::Okp(key) => key.d(),
                    _ => None,
                };
                let private = backend.agreement(curve, d.ok_or(KeyError::NotPrivate)?)?;
                if Some(private.public()?) != material.public() {
                    return Err(KeyError::PrivateDoesNotMatchPublic);
                }
                Self::agreement(private, curve, algorithm, crypto)?
            }
            _ => return Err(wrong_type()),
        })
    }

    fn agreement(
        private: Arc<dyn KeyAgreement>,
        curve: AgreementCurve,
        algorithm: JweAlgorithm,
        crypto: &CryptoProvider,
    ) -> Result<Method, KeyError> {
        let wrap = match algorithm.scheme() {
            KeyManagement::AgreementWithKeyWrap(size) => {
                require(&*crypto.encryption, EncryptionPrimitive::AesKeyWrap(size))?;
                Some(size)
            }
            _ => None,
        };
        Ok(Method::Agreement { private, curve, wrap })
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
        let cipher = rules::direct_cipher(jwk, encryption, Purpose::Decrypt, crypto)?;
        let key = Self::new(JweAlgorithm::DIR, jwk.kid(), Method::Direct(cipher), crypto);
        Ok(Self { encryption: Some(encryption), ..key })
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

    /// An RSA key that somebody else holds: a KMS, an HSM. Whoever holds it answers for the key rules.
    ///
    /// If it cannot decrypt a key, a key made of `fallback_secret` and what it was given takes its place, so that nobody
    /// learns where the failure was ([RFC 7516 §11.5](https://www.rfc-editor.org/rfc/rfc7516#section-11.5)). The secret
    /// has 32 octets or more, is the same wherever the key is used, and is known to nobody else.
    ///
    /// That one key decrypts with RSAES-PKCS1-v1_5 and with another padding is refused
    /// ([`KeyError::RsaPaddingsMixed`]) where the same `Arc` stands for both; of two, nobody here can tell.
    ///
    /// # Errors
    ///
    /// [`KeyError::OtherConstructor`] if the algorithm is not RSA, [`KeyError::SecretTooShort`] for the fallback secret,
    /// [`KeyError::Unsupported`] if the backend has no HMAC.
    pub fn with_decrypter(
        algorithm: JweAlgorithm,
        kid: Option<&str>,
        decrypter: Arc<dyn KeyDecrypter>,
        fallback_secret: &[u8],
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        if !matches!(algorithm.scheme(), KeyManagement::Rsa(_)) {
            return Err(KeyError::OtherConstructor { algorithm: algorithm.into(), constructor: "prepare" });
        }
        let octets = fallback_secret.len();
        if octets < FALLBACK_SECRET_LEN {
            return Err(KeyError::SecretTooShort { octets, minimum: FALLBACK_SECRET_LEN });
        }
        require(&*crypto.encryption, EncryptionPrimitive::Hmac(FALLBACK_HASH)).map_err(lacking(algorithm))?;
        let fallback = SecretOctets::new(fallback_secret.to_vec());
        Ok(Self::new(algorithm, kid, Method::Rsa { decrypter, fallback, public: None }, crypto))
    }

    /// A key to agree with that somebody else holds: a KMS, an HSM.
    ///
    /// # Errors
    ///
    /// [`KeyError::OtherConstructor`] if the algorithm agrees on nothing, [`KeyError::NotForAgreement`] if the key does
    /// not, [`KeyError::Unsupported`] if the backend lacks what follows the agreement.
    pub fn with_agreement(
        algorithm: JweAlgorithm,
        kid: Option<&str>,
        private: Arc<dyn KeyAgreement>,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        if !matches!(algorithm.scheme(), KeyManagement::Agreement | KeyManagement::AgreementWithKeyWrap(_)) {
            return Err(KeyError::OtherConstructor { algorithm: algorithm.into(), constructor: "prepare" });
        }
        let curve = rules::agreement_curve(&private.public()?, algorithm)?;
        let method = Self::agreement(private, curve, algorithm, crypto).map_err(lacking(algorithm))?;
        Ok(Self::new(algorithm, kid, method, crypto))
    }

    fn new(algorithm: JweAlgorithm, kid: Option<&str>, method: Method, crypto: &CryptoProvider) -> Self {
        let method = Arc::new(method);
        Self { algorithm, encryption: None, kid: kid.map(Arc::from), method, crypto: crypto.clone() }
    }

    /// Sets the `kid`, by which headers find the key.
    #[must_use]
    pub fn with_kid(mut self, kid: &str) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// The one algorithm it decrypts with.
    pub fn algorithm(&self) -> JweAlgorithm {
        self.algorithm
    }

    /// For `dir`, the one content encryption it decrypts.
    pub fn encryption(&self) -> Option<ContentEncryption> {
        self.encryption
    }

    /// The `kid` of the key.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(crate) fn shared_kid(&self) -> Option<Arc<str>> {
        self.kid.clone()
    }

    pub(crate) fn crypto(&self) -> &CryptoProvider {
        &self.crypto
    }

    /// Whether this is the same RSA key as another, with another padding. A key that is here is the same if its modulus and
    /// exponent are, since the private exponent can be written in several ways; of one that somebody else holds, no more is
    /// known than whether the same decrypter stands for it.
    pub(super) fn mixes_paddings_with(&self, other: &Self) -> bool {
        match (&*self.method, &*other.method) {
            (
                Method::Rsa { decrypter, public, .. },
                Method::Rsa { decrypter: other_decrypter, public: other_public, .. },
            ) => {
                let is_same =
                    Arc::ptr_eq(decrypter, other_decrypter) || (public.is_some() && public == other_public);
                let is_pkcs1 = |key: &Self| key.algorithm == crate::algorithm::RSA1_5;
                is_same && is_pkcs1(self) != is_pkcs1(other)
            }
            _ => false,
        }
    }

    /// For a password: what it may cost.
    pub(crate) fn password_limits(&self) -> Option<&PasswordLimits> {
        match &*self.method {
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
        let management = header.management().ok_or(DecryptionFailed)?;
        let content_key = match (&*self.method, management) {
            (Method::Direct(cipher), Management::Plain) => {
                // nothing may stand where nothing is looked at
                let is_for_it = self.encryption == Some(encryption) && encrypted_key.is_empty();
                return if is_for_it { Ok(Cipher::Kept(cipher)) } else { Err(KeyOperationError::Failed) };
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

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionKey")
            .field("algorithm", &self.algorithm)
            .field("encryption", &self.encryption)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
