//! The provider's private keys.

use avouch_jose::NumericDate;

use super::{SqliteStore, StoreError};

/// How a private key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFormat {
    /// A private JWK, as JSON.
    Jwk,
    /// PKCS#8, as DER.
    Pkcs8,
}

/// A private key as it is kept.
pub struct StoredKey {
    /// The algorithm it signs with.
    pub algorithm: String,
    /// How it is written.
    pub format: KeyFormat,
    /// The key.
    pub private: Vec<u8>,
}

impl std::fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// All signing keys.
    ///
    /// # Errors
    /// [`StoreError`]: the file could not be asked.
    pub async fn signing_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        let rows: Vec<(String, String, Vec<u8>)> =
            sqlx::query_as("SELECT algorithm, format, private FROM signing_key ORDER BY algorithm")
                .fetch_all(&self.writer)
                .await?;
        rows.into_iter()
            .map(|(algorithm, format, private)| {
                let format = match format.as_str() {
                    "jwk" => KeyFormat::Jwk,
                    "pkcs8" => KeyFormat::Pkcs8,
                    _ => return Err(StoreError::KeyFormat),
                };
                Ok(StoredKey { algorithm, format, private })
            })
            .collect()
    }

    /// Keeps a signing key unless there is one for its algorithm already: of two processes that start at the same
    /// time, both go on with the key of the first.
    ///
    /// # Errors
    /// [`StoreError`]: it was not kept.
    pub async fn add_signing_key(&self, key: &StoredKey, now: NumericDate) -> Result<(), StoreError> {
        let format = match key.format {
            KeyFormat::Jwk => "jwk",
            KeyFormat::Pkcs8 => "pkcs8",
        };
        sqlx::query(
            "INSERT INTO signing_key (algorithm, format, private, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (algorithm) DO NOTHING",
        )
        .bind(&key.algorithm)
        .bind(format)
        .bind(&key.private)
        .bind(now.seconds())
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
