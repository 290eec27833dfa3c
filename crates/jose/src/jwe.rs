//! JSON Web Encryption ([RFC 7516](https://www.rfc-editor.org/rfc/rfc7516)).
//!
//! Reading goes in steps: [`Reader::compact`], [`Reader::json`] or [`UnverifiedJwe::parse`] takes the JWE apart and checks its
//! header, [`UnverifiedJwe::decrypt`] selects a key and gives [`DecryptedContent`], which nobody has signed;
//! [`DecryptedContent::nested_jws`] is the way to what somebody has. Writing is [`encrypt_compact`], or [`JsonBuilder`] for
//! several recipients.
//!
//! How the backend's primitives are put together is stated here and nowhere else: `content` (AES CBC with HMAC, AES GCM),
//! `agreement` (Concat KDF), `password` (PBES2), and with the keys what each way of key management does.
//!
//! What a sender can learn from a failure: that the JWE is malformed, that its algorithms are not allowed, that no key is
//! for it, that it asks for too much. Once a key operation was tried, [`JweError::DecryptionFailed`] is all, but for two
//! things that tell nothing about a key: that whoever holds a key did not answer ([`JweError::KeyUnavailable`]), and, after
//! the tag was right, that the content does not inflate ([`JweError::InflatedTooLong`], [`JweError::NotDeflate`]). An
//! RSA-encrypted key that cannot be decrypted is replaced by one that decrypts nothing, so that not even the time tells; a
//! backend or a KMS whose own time tells cannot be helped.

pub(crate) mod agreement;
mod builder;
pub(crate) mod content;
mod decrypted;
mod encrypt;
mod error;
mod header;
mod inflate;
mod json;
mod parameters;
pub(crate) mod password;
mod reader;
mod unverified;
mod wiped;

pub use builder::{EncryptedJson, JsonBuilder};
pub use decrypted::DecryptedContent;
pub use encrypt::{EncryptError, encrypt_compact};
pub use error::{JweError, Segment};
pub(crate) use header::Management;
pub use header::{Header, HeaderError};
pub use inflate::InflateLimits;
pub use parameters::HeaderParameters;
pub use password::{PasswordLimits, recommended_iterations, recommended_password_len};
pub use reader::Reader;
pub use unverified::{Recipient, UnverifiedJwe};

/// What RFC 7516 and RFC 7518 still define and nobody should offer.
pub mod dangerous {
    use super::encrypt::{self, EncryptError};
    use super::parameters::HeaderParameters;
    use crate::algorithm::{self, ContentEncryption, JweAlgorithm};
    use crate::crypto::{CryptoProvider, SecureRandom};
    use crate::jwk::Jwk;
    use crate::key::{EncryptionKey, KeyError};

    /// RSAES-PKCS1-v1_5 ([RFC 7518 §4.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.2)): whoever learns by the
    /// slightest difference whether a key could be decrypted, can decrypt with it
    /// ([RFC 3218](https://www.rfc-editor.org/rfc/rfc3218)).
    pub const RSA1_5: JweAlgorithm = algorithm::RSA1_5;

    /// Prepares a key to encrypt with [`RSA1_5`].
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks.
    pub fn rsa1_5_encryption_key(jwk: &Jwk, crypto: &CryptoProvider) -> Result<EncryptionKey, KeyError> {
        EncryptionKey::prepare_any(jwk, RSA1_5, crypto)
    }

    /// Encrypts what the caller has compressed with DEFLATE (`zip`). If somebody else chose a part of it, the length of
    /// the token tells about the rest ([RFC 8725 §3.6](https://www.rfc-editor.org/rfc/rfc8725#section-3.6)).
    ///
    /// # Errors
    ///
    /// As [`encrypt_compact`](super::encrypt_compact).
    pub fn encrypt_deflated(
        parameters: &HeaderParameters,
        deflated: &[u8],
        key: &EncryptionKey,
        encryption: ContentEncryption,
        random: &dyn SecureRandom,
    ) -> Result<String, EncryptError> {
        encrypt::compact(parameters, deflated, key, encryption, random, true)
    }
}
