//! Encrypting and decrypting with whatever key, and by hand.

use avouch_jose::crypto::{CryptoProvider, EncryptionPrimitive};
use avouch_jose::jwe::{self, DecryptedContent, InflateLimits, JweError, PasswordLimits, Reader};
use avouch_jose::{
    AgreementCurve, ContentEncryption, ContentScheme, DecryptionKey, DecryptionKeys, EncryptionKey,
    JweAlgorithm, Jwk, KeyError, KeyManagement, Limits,
};
use serde_json::Value;

use super::data::text;
use super::run::prepared;

/// What a recipient has: a key, or a password with the rounds it is encrypted with.
#[derive(Clone, Debug)]
pub(super) enum Secret {
    Key(Jwk),
    Password(Vec<u8>, u32),
}

/// Reads the name of a key management algorithm, `RSA1_5` included.
pub(super) fn management(value: &Value, name: &str) -> JweAlgorithm {
    match text(value, name) {
        "RSA1_5" => jwe::dangerous::RSA1_5,
        name => name.parse().unwrap_or_else(|error| panic!("{error}")),
    }
}

pub(super) fn content_encryption(value: &Value, name: &str) -> ContentEncryption {
    text(value, name).parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Whether the backend says that it has all that this takes; on the curve of the key, if it has one.
fn supported(
    algorithm: JweAlgorithm,
    encryption: ContentEncryption,
    secret: &Secret,
    agreement: fn(AgreementCurve) -> EncryptionPrimitive,
    crypto: &CryptoProvider,
) -> bool {
    let has = |primitive| crypto.encryption.supports(primitive);
    let agrees = || match secret {
        Secret::Key(jwk) => AgreementCurve::of(jwk.material()).is_some_and(|curve| has(agreement(curve))),
        Secret::Password(..) => false,
    };
    crypto.supports_content_encryption(encryption)
        && match algorithm.scheme() {
            KeyManagement::Agreement => agrees(),
            KeyManagement::AgreementWithKeyWrap(size) => {
                agrees() && has(EncryptionPrimitive::AesKeyWrap(size))
            }
            KeyManagement::Direct => true,
            _ => crypto.supports_key_management(algorithm),
        }
}

/// A key to encrypt with; `None` if the backend lacks what it takes and had said so.
pub(super) fn encrypting(
    secret: &Secret,
    algorithm: JweAlgorithm,
    encryption: ContentEncryption,
    crypto: &CryptoProvider,
) -> Option<EncryptionKey> {
    if !crypto.supports_content_encryption(encryption) {
        // the key would do with another one; `encryption_round_trip` tries that it is refused with this one
        return None;
    }
    let outcome = match secret {
        Secret::Key(jwk) if algorithm == JweAlgorithm::DIR => EncryptionKey::direct(jwk, encryption, crypto),
        Secret::Key(jwk) if algorithm == jwe::dangerous::RSA1_5 => {
            jwe::dangerous::rsa1_5_encryption_key(jwk, crypto)
        }
        Secret::Key(jwk) => EncryptionKey::prepare(jwk, algorithm, crypto),
        Secret::Password(password, rounds) => EncryptionKey::password(password, algorithm, *rounds, crypto),
    };
    let ephemeral = EncryptionPrimitive::EphemeralAgreement;
    let supported = supported(algorithm, encryption, secret, ephemeral, crypto);
    prepared(supported, outcome, algorithm.name())
}

/// The one key to decrypt with, for this content encryption; `None` if the backend lacks what it takes and had said so.
pub(super) fn decrypting(
    secret: &Secret,
    algorithm: JweAlgorithm,
    encryption: ContentEncryption,
    crypto: &CryptoProvider,
) -> Option<DecryptionKeys> {
    let key = match secret {
        Secret::Key(jwk) if algorithm == JweAlgorithm::DIR => DecryptionKey::direct(jwk, encryption, crypto),
        Secret::Key(jwk) => DecryptionKey::prepare(jwk, algorithm, crypto),
        Secret::Password(password, _) => {
            DecryptionKey::password(password, algorithm, PasswordLimits::default(), crypto)
        }
    };
    let outcome: Result<_, KeyError> = key.and_then(|key| DecryptionKeys::single(key, &[encryption]));
    let supported = supported(algorithm, encryption, secret, EncryptionPrimitive::Agreement, crypto);
    prepared(supported, outcome, algorithm.name())
}

/// A text in compact form, or an object in JSON.
pub(super) fn decrypt(jwe: &Value, keys: &DecryptionKeys) -> Result<DecryptedContent, JweError> {
    let reader = Reader::new(Limits::default()).inflating(InflateLimits::default());
    match jwe.as_str() {
        Some(token) => reader.compact(token)?.decrypt(keys),
        None => reader.json(&jwe.to_string())?.decrypt(keys),
    }
}

/// Content as it was encrypted.
pub(super) struct Sealed<'a> {
    pub(super) iv: &'a [u8],
    pub(super) aad: &'a [u8],
    pub(super) ciphertext: &'a [u8],
    pub(super) tag: &'a [u8],
}

/// Opens content with the backend's primitives alone, so that neither `avouch-jose` nor the backend judges itself. `None` if
/// the tag is wrong.
pub(super) fn open_by_hand(
    encryption: ContentEncryption,
    key: &[u8],
    sealed: &Sealed<'_>,
    crypto: &CryptoProvider,
) -> Option<Vec<u8>> {
    let mut content = sealed.ciphertext.to_vec();
    match encryption.scheme() {
        ContentScheme::Gcm(size) => {
            let cipher = crypto.encryption.aes_gcm(size, key).unwrap();
            let (iv, tag) = (sealed.iv.try_into().unwrap(), sealed.tag.try_into().unwrap());
            cipher.decrypt(iv, sealed.aad, &mut content, tag).ok()?;
        }
        ContentScheme::CbcHmac(size, hash) => {
            let (mac_key, aes_key) = key.split_at(size.key_len());
            let aad_bits = (sealed.aad.len() as u64 * 8).to_be_bytes();
            let mut mac = vec![0; encryption.tag_len()];
            let parts = [sealed.aad, sealed.iv, sealed.ciphertext, &aad_bits];
            crypto.encryption.hmac(hash, mac_key, &parts, &mut mac).unwrap();
            if mac != sealed.tag {
                return None;
            }
            let cipher = crypto.encryption.aes_cbc(size, aes_key).unwrap();
            let length = cipher.decrypt(sealed.iv.try_into().unwrap(), &mut content).unwrap();
            content.truncate(length);
        }
        scheme => panic!("{scheme:?}: the kit cannot open it"),
    }
    Some(content)
}
