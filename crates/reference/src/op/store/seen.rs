//! What may be seen once only.

use avouch_jose::NumericDate;
use avouch_provider::storage::{ReplayKey, ReplayStore, ReplayUse};

use super::{SqliteStore, StoreError};

impl ReplayStore for SqliteStore {
    async fn insert_if_absent(
        &self,
        key: &ReplayKey,
        expires_at: NumericDate,
        now: NumericDate,
    ) -> Result<ReplayUse, StoreError> {
        // The column has whole seconds: a mark is surely over in the second after its own.
        let done = sqlx::query(
            "INSERT INTO seen_once (kind, issuer, id, expires_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (kind, issuer, id) DO UPDATE SET expires_at = excluded.expires_at
             WHERE seen_once.expires_at < ?5",
        )
        .bind(key.kind.as_str())
        .bind(&key.issuer)
        .bind(&key.id)
        .bind(expires_at.seconds())
        .bind(now.seconds())
        .execute(&self.writer)
        .await?;
        Ok(if done.rows_affected() == 1 { ReplayUse::Fresh } else { ReplayUse::Seen })
    }
}
