use crate::algorithm::{
    AesKeySize, AgreementCurve, ContentEncryption, ContentScheme, JweAlgorithm, KeyManagement, RsaPadding,
};
use crate::crypto::CryptoProvider;
use crate::hash::HashAlgorithm;

/// One thing that a backend can do, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncryptionPrimitive {
    /// [`EncryptionBackend::aes_gcm`](super::EncryptionBackend::aes_gcm).
    AesGcm(AesKeySize),
    /// [`EncryptionBackend::aes_cbc`](super::EncryptionBackend::aes_cbc).
    AesCbc(AesKeySize),
    /// [`EncryptionBackend::aes_key_wrap`](super::EncryptionBackend::aes_key_wrap).
    AesKeyWrap(AesKeySize),
    /// [`EncryptionBackend::rsa_encrypter`](super::EncryptionBackend::rsa_encrypter) and
    /// [`EncryptionBackend::rsa_decrypter`](super::EncryptionBackend::rsa_decrypter).
    Rsa(RsaPadding),
    /// [`EncryptionBackend::agreement`](super::EncryptionBackend::agreement): to agree with a key that is kept.
    Agreement(AgreementCurve),
    /// [`EncryptionBackend::agree_ephemeral`](super::EncryptionBackend::agree_ephemeral): to agree with a key that is made for
    /// it.
    EphemeralAgreement(AgreementCurve),
    /// [`EncryptionBackend::hmac`](super::EncryptionBackend::hmac).
    Hmac(HashAlgorithm),
    /// [`EncryptionBackend::pbkdf2`](super::EncryptionBackend::pbkdf2).
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
            Self::Rsa(RsaPadding::OaepSha384) => "RSAES-OAEP with SHA-384",
            Self::Rsa(RsaPadding::OaepSha512) => "RSAES-OAEP with SHA-512",
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
