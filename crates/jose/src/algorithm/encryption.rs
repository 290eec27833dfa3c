//! The registry of key management and content encryption algorithms ([RFC 7518 §4.1], [RFC 7518 §5.1], [RFC 8037]).
//!
//! [RFC 7518 §4.1]: https://www.rfc-editor.org/rfc/rfc7518#section-4.1
//! [RFC 7518 §5.1]: https://www.rfc-editor.org/rfc/rfc7518#section-5.1
//! [RFC 8037]: https://www.rfc-editor.org/rfc/rfc8037

use super::registry_handle;
use crate::hash::HashAlgorithm::{self, Sha256, Sha384, Sha512};
use crate::jwk::{EcCurve, KeyMaterial, OkpCurve};

/// How long an AES key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AesKeySize {
    /// 128 bits.
    Aes128,
    /// 192 bits.
    Aes192,
    /// 256 bits.
    Aes256,
}

impl AesKeySize {
    /// Octets of a key.
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }
}

/// How RSA encrypts a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RsaPadding {
    /// RSAES-PKCS1-v1_5 ([RFC 7518 §4.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.2)).
    Pkcs1v15,
    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 ([RFC 7518 §4.3](https://www.rfc-editor.org/rfc/rfc7518#section-4.3)).
    OaepSha1,
    /// RSAES-OAEP with SHA-256 and MGF1 with SHA-256.
    OaepSha256,
    /// RSAES-OAEP with SHA-384 and MGF1 with SHA-384.
    OaepSha384,
    /// RSAES-OAEP with SHA-512 and MGF1 with SHA-512.
    OaepSha512,
}

/// A curve on which keys are agreed ([RFC 7518 §4.6](https://www.rfc-editor.org/rfc/rfc7518#section-4.6),
/// [RFC 8037 §3.2](https://www.rfc-editor.org/rfc/rfc8037#section-3.2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AgreementCurve {
    /// `P-256`.
    P256,
    /// `P-384`.
    P384,
    /// `P-521`.
    P521,
    /// `X25519`.
    X25519,
    /// `X448`.
    X448,
}

impl AgreementCurve {
    pub(crate) const ALL: [Self; 5] = [Self::P256, Self::P384, Self::P521, Self::X25519, Self::X448];

    /// The curve of a key; `None` for keys that agree on nothing, such as Ed25519 keys.
    pub fn of(key: &KeyMaterial) -> Option<Self> {
        match key {
            KeyMaterial::Ec(key) => match key.curve() {
                EcCurve::P256 => Some(Self::P256),
                EcCurve::P384 => Some(Self::P384),
                EcCurve::P521 => Some(Self::P521),
                EcCurve::Secp256k1 => None,
            },
            KeyMaterial::Okp(key) => match key.curve() {
                OkpCurve::X25519 => Some(Self::X25519),
                OkpCurve::X448 => Some(Self::X448),
                OkpCurve::Ed25519 | OkpCurve::Ed448 => None,
            },
            KeyMaterial::Rsa(_) | KeyMaterial::Oct(_) | KeyMaterial::Akp(_) => None,
        }
    }

    /// Takes the bits from random octets that no scalar of the curve has: P-521 uses 521 of 528.
    pub(crate) fn mask(self, scalar: &mut [u8]) {
        if let (Self::P521, Some(first)) = (self, scalar.first_mut()) {
            *first &= 1;
        }
    }

    /// The value of `crv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => EcCurve::P256.name(),
            Self::P384 => EcCurve::P384.name(),
            Self::P521 => EcCurve::P521.name(),
            Self::X25519 => OkpCurve::X25519.name(),
            Self::X448 => OkpCurve::X448.name(),
        }
    }

    /// Octets of a private key, and of the shared secret, in which leading zeros are kept.
    pub const fn key_len(self) -> usize {
        match self {
            Self::P256 => EcCurve::P256.coordinate_len(),
            Self::P384 => EcCurve::P384.coordinate_len(),
            Self::P521 => EcCurve::P521.coordinate_len(),
            Self::X25519 => OkpCurve::X25519.key_len(),
            Self::X448 => OkpCurve::X448.key_len(),
        }
    }
}

/// How the key that encrypts the content comes to the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyManagement {
    /// Encrypted to an RSA key ([RFC 7518 §4.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.2)).
    Rsa(RsaPadding),
    /// Wrapped with AES Key Wrap ([RFC 7518 §4.4](https://www.rfc-editor.org/rfc/rfc7518#section-4.4)).
    KeyWrap(AesKeySize),
    /// Encrypted with AES GCM ([RFC 7518 §4.7](https://www.rfc-editor.org/rfc/rfc7518#section-4.7)).
    GcmKeyWrap(AesKeySize),
    /// Shared beforehand ([RFC 7518 §4.5](https://www.rfc-editor.org/rfc/rfc7518#section-4.5)).
    Direct,
    /// Agreed with an ephemeral key ([RFC 7518 §4.6](https://www.rfc-editor.org/rfc/rfc7518#section-4.6)).
    Agreement,
    /// Wrapped with a key that is agreed with an ephemeral key.
    AgreementWithKeyWrap(AesKeySize),
    /// Wrapped with a key derived from a password ([RFC 7518 §4.8](https://www.rfc-editor.org/rfc/rfc7518#section-4.8)).
    Password(HashAlgorithm, AesKeySize),
}

/// How content is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentScheme {
    /// AES CBC with PKCS #7 padding, then HMAC ([RFC 7518 §5.2](https://www.rfc-editor.org/rfc/rfc7518#section-5.2)).
    CbcHmac(AesKeySize, HashAlgorithm),
    /// AES GCM ([RFC 7518 §5.3](https://www.rfc-editor.org/rfc/rfc7518#section-5.3)).
    Gcm(AesKeySize),
}

registry_handle! {
    /// A key management algorithm this crate knows, the value of `alg` in a JWE: a handle to its row in the registry.
    ///
    /// `RSA1_5` is not among them: it stands behind the door of [`jwe::dangerous`](crate::jwe::dangerous).
    ///
    /// ```
    /// use avouch_jose::JweAlgorithm;
    ///
    /// let algorithm: JweAlgorithm = "ECDH-ES+A256KW".parse()?;
    /// assert_eq!(algorithm, JweAlgorithm::ECDH_ES_A256KW);
    /// assert!("RSA1_5".parse::<JweAlgorithm>().is_err());
    /// # Ok::<(), avouch_jose::UnknownAlgorithm>(())
    /// ```
    JweAlgorithm, KeyManagement {
        /// RSAES-OAEP with SHA-1.
        RSA_OAEP = "RSA-OAEP", KeyManagement::Rsa(RsaPadding::OaepSha1);
        /// RSAES-OAEP with SHA-256.
        RSA_OAEP_256 = "RSA-OAEP-256", KeyManagement::Rsa(RsaPadding::OaepSha256);
        /// RSAES-OAEP with SHA-384, which the Web Cryptography API registered.
        RSA_OAEP_384 = "RSA-OAEP-384", KeyManagement::Rsa(RsaPadding::OaepSha384);
        /// RSAES-OAEP with SHA-512, which the Web Cryptography API registered.
        RSA_OAEP_512 = "RSA-OAEP-512", KeyManagement::Rsa(RsaPadding::OaepSha512);
        /// AES Key Wrap with a key of 128 bits.
        A128KW = "A128KW", KeyManagement::KeyWrap(AesKeySize::Aes128);
        /// AES Key Wrap with a key of 192 bits.
        A192KW = "A192KW", KeyManagement::KeyWrap(AesKeySize::Aes192);
        /// AES Key Wrap with a key of 256 bits.
        A256KW = "A256KW", KeyManagement::KeyWrap(AesKeySize::Aes256);
        /// AES GCM key wrap with a key of 128 bits.
        A128GCMKW = "A128GCMKW", KeyManagement::GcmKeyWrap(AesKeySize::Aes128);
        /// AES GCM key wrap with a key of 192 bits.
        A192GCMKW = "A192GCMKW", KeyManagement::GcmKeyWrap(AesKeySize::Aes192);
        /// AES GCM key wrap with a key of 256 bits.
        A256GCMKW = "A256GCMKW", KeyManagement::GcmKeyWrap(AesKeySize::Aes256);
        /// The shared key encrypts the content itself.
        DIR = "dir", KeyManagement::Direct;
        /// The agreed key encrypts the content itself.
        ECDH_ES = "ECDH-ES", KeyManagement::Agreement;
        /// AES Key Wrap with an agreed key of 128 bits.
        ECDH_ES_A128KW = "ECDH-ES+A128KW", KeyManagement::AgreementWithKeyWrap(AesKeySize::Aes128);
        /// AES Key Wrap with an agreed key of 192 bits.
        ECDH_ES_A192KW = "ECDH-ES+A192KW", KeyManagement::AgreementWithKeyWrap(AesKeySize::Aes192);
        /// AES Key Wrap with an agreed key of 256 bits.
        ECDH_ES_A256KW = "ECDH-ES+A256KW", KeyManagement::AgreementWithKeyWrap(AesKeySize::Aes256);
        /// PBES2 with HMAC SHA-256 and AES Key Wrap of 128 bits; for passwords only.
        PBES2_HS256_A128KW = "PBES2-HS256+A128KW", KeyManagement::Password(Sha256, AesKeySize::Aes128);
        /// PBES2 with HMAC SHA-384 and AES Key Wrap of 192 bits; for passwords only.
        PBES2_HS384_A192KW = "PBES2-HS384+A192KW", KeyManagement::Password(Sha384, AesKeySize::Aes192);
        /// PBES2 with HMAC SHA-512 and AES Key Wrap of 256 bits; for passwords only.
        PBES2_HS512_A256KW = "PBES2-HS512+A256KW", KeyManagement::Password(Sha512, AesKeySize::Aes256);
    }
}

registry_handle! {
    /// A content encryption algorithm this crate knows, the value of `enc`: a handle to its row in the registry.
    ///
    /// ```
    /// use avouch_jose::ContentEncryption;
    ///
    /// assert_eq!(ContentEncryption::A128CBC_HS256.key_len(), 32);
    /// assert_eq!("A256GCM".parse(), Ok(ContentEncryption::A256GCM));
    /// ```
    ContentEncryption, ContentScheme {
        /// AES CBC of 128 bits and HMAC SHA-256; key of 32 octets.
        A128CBC_HS256 = "A128CBC-HS256", ContentScheme::CbcHmac(AesKeySize::Aes128, Sha256);
        /// AES CBC of 192 bits and HMAC SHA-384; key of 48 octets.
        A192CBC_HS384 = "A192CBC-HS384", ContentScheme::CbcHmac(AesKeySize::Aes192, Sha384);
        /// AES CBC of 256 bits and HMAC SHA-512; key of 64 octets.
        A256CBC_HS512 = "A256CBC-HS512", ContentScheme::CbcHmac(AesKeySize::Aes256, Sha512);
        /// AES GCM of 128 bits.
        A128GCM = "A128GCM", ContentScheme::Gcm(AesKeySize::Aes128);
        /// AES GCM of 192 bits.
        A192GCM = "A192GCM", ContentScheme::Gcm(AesKeySize::Aes192);
        /// AES GCM of 256 bits.
        A256GCM = "A256GCM", ContentScheme::Gcm(AesKeySize::Aes256);
    }
}

impl ContentEncryption {
    /// Octets of the content encryption key. That of the CBC composition is the MAC key, then the AES key.
    pub const fn key_len(self) -> usize {
        match self.scheme() {
            ContentScheme::CbcHmac(size, _) => 2 * size.key_len(),
            ContentScheme::Gcm(size) => size.key_len(),
        }
    }

    /// Octets of the initialization vector.
    pub const fn iv_len(self) -> usize {
        match self.scheme() {
            ContentScheme::CbcHmac(..) => 16,
            ContentScheme::Gcm(_) => 12,
        }
    }

    /// Octets of the authentication tag.
    pub const fn tag_len(self) -> usize {
        match self.scheme() {
            ContentScheme::CbcHmac(_, hash) => hash.output_len() / 2,
            ContentScheme::Gcm(_) => 16,
        }
    }
}

/// Not in [`JweAlgorithm::ALL`], so that no name selects it; see [`jwe::dangerous`](crate::jwe::dangerous).
pub(crate) const RSA1_5: JweAlgorithm =
    JweAlgorithm(&super::Row { name: "RSA1_5", scheme: KeyManagement::Rsa(RsaPadding::Pkcs1v15) });
