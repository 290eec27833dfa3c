use std::fmt;
use std::sync::Arc;

use super::encryption_rules::{self as rules, Purpose};
use super::error::KeyError;
use crate::algorithm::{ContentEncryption, JweAlgorithm};
use crate::crypto::CryptoProvider;
use crate::jwe::content::ContentCipher;
use crate::jwk::Jwk;

/// A key that has met its algorithm, to encrypt or to decrypt: what both have, beside the method.
#[derive(Clone)]
pub(super) struct Prepared<M> {
    pub(super) algorithm: JweAlgorithm,
    /// Where the key encrypts the content itself: how.
    pub(super) encryption: Option<ContentEncryption>,
    pub(super) kid: Option<Arc<str>>,
    pub(super) method: M,
    pub(super) crypto: CryptoProvider,
}

impl<M> Prepared<M> {
    pub(super) fn new(
        algorithm: JweAlgorithm,
        kid: Option<&str>,
        method: M,
        crypto: &CryptoProvider,
    ) -> Self {
        Self { algorithm, encryption: None, kid: kid.map(Arc::from), method, crypto: crypto.clone() }
    }

    /// A symmetric key that encrypts the content itself.
    pub(super) fn direct(
        jwk: &Jwk,
        encryption: ContentEncryption,
        purpose: Purpose,
        crypto: &CryptoProvider,
        method: impl FnOnce(ContentCipher) -> M,
    ) -> Result<Self, KeyError> {
        let cipher = rules::direct_cipher(jwk, encryption, purpose, crypto)?;
        let key = Self::new(JweAlgorithm::DIR, jwk.kid(), method(cipher), crypto);
        Ok(Self { encryption: Some(encryption), ..key })
    }

    /// What is shown of it.
    pub(super) fn fmt(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("algorithm", &self.algorithm)
            .field("encryption", &self.encryption)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
