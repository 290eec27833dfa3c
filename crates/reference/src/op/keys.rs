//! The provider's signing keys: made once, kept in the file.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{Jwk, JwsAlgorithm, KeyError, Limits, NumericDate, SigningKey};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};

use super::store::{KeyFormat, SqliteStore, StoreError, StoredKey};

/// What ID Tokens can be signed with; the first is what Core §15.1 asks of every provider.
pub const ALGORITHMS: [JwsAlgorithm; 3] = [JwsAlgorithm::RS256, JwsAlgorithm::ES256, JwsAlgorithm::EDDSA];

/// Why there are no signing keys.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// The file could not be asked.
    #[error("the signing keys could not be read or kept")]
    Store(#[from] StoreError),
    /// An RSA key could not be made.
    #[error("no RSA key could be made")]
    Rsa(#[from] rcgen::Error),
    /// A key cannot be used.
    #[error("the signing key for {algorithm} cannot be used")]
    Key {
        /// Its algorithm.
        algorithm: String,
        /// The rule it breaks.
        source: KeyError,
    },
    /// A kept JWK is none.
    #[error("the signing key for {algorithm} cannot be read")]
    Jwk {
        /// Its algorithm.
        algorithm: String,
        /// What is wrong with it.
        source: avouch_jose::JwkError,
    },
}

/// Reads the signing keys, after making those that are not there yet.
///
/// # Errors
/// [`KeysError`].
pub async fn load_or_make(
    store: &SqliteStore,
    crypto: &CryptoProvider,
    now: NumericDate,
) -> Result<Vec<SigningKey>, KeysError> {
    let kept = store.signing_keys().await?;
    for algorithm in ALGORITHMS {
        if !kept.iter().any(|key| key.algorithm == algorithm.name()) {
            store.add_signing_key(&make(algorithm, crypto)?, now).await?;
        }
    }
    // Read back: another process may have been faster, and its keys are the ones that stand.
    let mut keys = Vec::new();
    let kept = store.signing_keys().await?;
    for algorithm in ALGORITHMS {
        for stored in kept.iter().filter(|key| key.algorithm == algorithm.name()) {
            keys.push(prepare(stored, algorithm, crypto)?);
        }
    }
    Ok(keys)
}

fn make(algorithm: JwsAlgorithm, crypto: &CryptoProvider) -> Result<StoredKey, KeysError> {
    let name = algorithm.name().to_owned();
    if algorithm == JwsAlgorithm::RS256 {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        return Ok(StoredKey { algorithm: name, format: KeyFormat::Pkcs8, private: pair.serialize_der() });
    }
    let (_, jwk) = SigningKey::generate(algorithm, None, crypto)
        .map_err(|source| KeysError::Key { algorithm: name.clone(), source })?;
    Ok(StoredKey {
        algorithm: name,
        format: KeyFormat::Jwk,
        private: jwk.to_private_json().as_bytes().to_vec(),
    })
}

fn prepare(
    stored: &StoredKey,
    algorithm: JwsAlgorithm,
    crypto: &CryptoProvider,
) -> Result<SigningKey, KeysError> {
    let name = || algorithm.name().to_owned();
    let prepared = match stored.format {
        KeyFormat::Pkcs8 => SigningKey::from_pkcs8(&stored.private, algorithm, None, crypto),
        KeyFormat::Jwk => {
            let jwk = Jwk::from_json(&stored.private, &Limits::default())
                .map_err(|source| KeysError::Jwk { algorithm: name(), source })?;
            SigningKey::prepare(&jwk, algorithm, crypto)
        }
    };
    prepared.map_err(|source| KeysError::Key { algorithm: name(), source })
}
