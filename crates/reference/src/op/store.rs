//! The provider's storage traits on one SQLite file.
//!
//! Every act that reads before it writes runs inside `BEGIN IMMEDIATE`, so that between its reading and its writing
//! nobody else writes. One connection writes, a few read; other processes are waited for. What a caller was told is
//! on the disk: the journal is a write-ahead log, synchronised at each commit.

mod codes;
mod grants;
mod keys;
mod lookup;
mod open;
mod people;
mod prune;
mod seen;
mod sessions;

use avouch_jose::NumericDate;
use avouch_provider::storage::Storage;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Sqlite, SqlitePool, Transaction};

pub use keys::{KeyFormat, StoredKey};
pub use open::OpenError;
pub use people::{MAX_USERNAME, Person};
pub use prune::Pruned;

/// One SQLite file, open.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// Why an act on the file could not be done. Nothing of it was done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// SQLite said no.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
    /// A record cannot be read back, or not be written.
    #[error("a record of the table {table} is not what it should be")]
    Record {
        /// Where it is.
        table: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A key is kept in a format that this program does not know.
    #[error("a signing key is kept in an unknown format")]
    KeyFormat,
}

impl Storage for SqliteStore {
    type Error = StoreError;
}

impl SqliteStore {
    /// A transaction that holds the write lock from its beginning on.
    async fn act(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Waits for the readers and the writer, and closes the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn write<T: Serialize>(table: &'static str, record: &T) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|source| StoreError::Record { table, source })
}

fn read<T: DeserializeOwned>(table: &'static str, record: &str) -> Result<T, StoreError> {
    serde_json::from_str(record).map_err(|source| StoreError::Record { table, source })
}

/// Whether something that ends at `expires_at` is over.
fn is_over(expires_at: NumericDate, now: NumericDate) -> bool {
    now >= expires_at
}
