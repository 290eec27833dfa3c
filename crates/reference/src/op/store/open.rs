//! Opening the file: created when it is not there, brought up to date when it is old.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, SqliteConnection};

use super::SqliteStore;

/// The versions of the schema, oldest first: the file's `user_version` says how many it has.
const MIGRATIONS: &[&str] = &[include_str!("schema.sql"), include_str!("schema2.sql")];

/// Marks the file as ours ("avou").
const APPLICATION_ID: i64 = 0x6176_6f75;

/// How long another process may hold the write lock.
const BUSY: Duration = Duration::from_secs(10);

const READERS: u32 = 4;

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It cannot be made or written.
    #[error("cannot write the database {}: {source}", path.display())]
    NotWritable {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite cannot use it.
    #[error("cannot open the database {}: {source}", path.display())]
    Database {
        /// Where it is.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// It belongs to something else.
    #[error("the database {} belongs to another program", path.display())]
    Foreign {
        /// Where it is.
        path: PathBuf,
    },
    /// A newer version of this program wrote it.
    #[error("the database {} has version {found}, this program knows {}", path.display(), MIGRATIONS.len())]
    TooNew {
        /// Where it is.
        path: PathBuf,
        /// The version it has.
        found: i64,
    },
}

impl SqliteStore {
    /// Opens the file at `path`, which is created, readable for its owner only, when it is not there.
    ///
    /// # Errors
    /// [`OpenError`]: it cannot be written, is no database, not ours, or too new.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Database { path: path.to_owned(), source };
        create(path).map_err(|source| OpenError::NotWritable { path: path.to_owned(), source })?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        // A new file gives what is pruned back to the disk.
        let making = options.clone().auto_vacuum(SqliteAutoVacuum::Incremental);
        let mut connection = SqliteConnection::connect_with(&making).await.map_err(failed)?;
        migrate(&mut connection, path).await?;
        connection.close().await.map_err(failed)?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(BUSY)
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY)
            .connect_with(options.read_only(true))
            .await
            .map_err(failed)?;
        Ok(Self { writer, readers })
    }
}

/// The file holds private keys: nobody else on the machine may read it.
fn create(path: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        std::fs::create_dir_all(directory)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

async fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::Database { path: path.to_owned(), source };
    let mut act = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let application: i64 =
        sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *act).await.map_err(failed)?;
    let found: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *act).await.map_err(failed)?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut *act)
        .await
        .map_err(failed)?;
    let ours = application == APPLICATION_ID || (application == 0 && found == 0 && tables == 0);
    if !ours {
        return Err(OpenError::Foreign { path: path.to_owned() });
    }
    let done = usize::try_from(found).ok().filter(|done| *done <= MIGRATIONS.len());
    let Some(done) = done else {
        return Err(OpenError::TooNew { path: path.to_owned(), found });
    };
    for migration in MIGRATIONS.iter().skip(done) {
        sqlx::raw_sql(*migration).execute(&mut *act).await.map_err(failed)?;
    }
    if done < MIGRATIONS.len() {
        let marks =
            format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}", MIGRATIONS.len());
        sqlx::raw_sql(sqlx::AssertSqlSafe(marks)).execute(&mut *act).await.map_err(failed)?;
    }
    act.commit().await.map_err(failed)
}
