//! Authorization codes.

use avouch_jose::NumericDate;
use avouch_provider::storage::{CodeHash, CodeRecord, CodeStore, CodeUse, InsertCode};

use super::{SqliteStore, StoreError, is_over, read, write};

impl CodeStore for SqliteStore {
    async fn insert(&self, hash: &CodeHash, record: CodeRecord) -> Result<InsertCode, StoreError> {
        let done = sqlx::query(
            "INSERT INTO code (hash, grant_id, record) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING",
        )
        .bind(hash.as_bytes().as_slice())
        .bind(record.grant.id.as_str())
        .bind(write("code", &record)?)
        .execute(&self.writer)
        .await?;
        Ok(if done.rows_affected() == 1 { InsertCode::Inserted } else { InsertCode::Exists })
    }

    async fn consume(&self, hash: &CodeHash, now: NumericDate) -> Result<CodeUse, StoreError> {
        let mut act = self.act().await?;
        let found: Option<(String, Option<i64>)> =
            sqlx::query_as("SELECT record, used_at FROM code WHERE hash = ?1")
                .bind(hash.as_bytes().as_slice())
                .fetch_optional(&mut *act)
                .await?;
        let Some((record, used_at)) = found else {
            return Ok(CodeUse::Unknown);
        };
        let record: CodeRecord = read("code", &record)?;
        if used_at.is_some() {
            return Ok(CodeUse::Replay { grant: record.grant.id, client_id: record.grant.client_id });
        }
        if is_over(record.expires_at, now) {
            return Ok(CodeUse::Expired);
        }
        sqlx::query("UPDATE code SET used_at = ?2 WHERE hash = ?1")
            .bind(hash.as_bytes().as_slice())
            .bind(now.seconds())
            .execute(&mut *act)
            .await?;
        act.commit().await?;
        Ok(CodeUse::First(Box::new(record)))
    }
}
