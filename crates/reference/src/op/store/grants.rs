//! Grants and their tokens: whatever must be atomic with a revocation.

use avouch_jose::NumericDate;
use avouch_provider::storage::{
    AddTokens, Grant, GrantId, GrantStore, NewTokens, OpenGrant, RefreshRecord, RevokeGrant, RotateTokens,
    TokenHash,
};
use sqlx::SqliteConnection;

use super::{SqliteStore, StoreError, is_over, read, write};

impl GrantStore for SqliteStore {
    async fn open(&self, grant: Grant) -> Result<OpenGrant, StoreError> {
        let done = sqlx::query(
            "INSERT INTO grant_given (id, client_id, subject, expires_at, record) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(grant.id.as_str())
        .bind(grant.client_id.as_str())
        .bind(grant.subject.as_str())
        .bind(grant.expires_at.seconds())
        .bind(write("grant_given", &grant)?)
        .execute(&self.writer)
        .await?;
        Ok(if done.rows_affected() == 1 { OpenGrant::Opened } else { OpenGrant::Exists })
    }

    async fn add_tokens(
        &self,
        grant: &GrantId,
        tokens: NewTokens,
        _now: NumericDate,
    ) -> Result<AddTokens, StoreError> {
        let mut act = self.act().await?;
        let found: Option<(Option<i64>,)> =
            sqlx::query_as("SELECT revoked_at FROM grant_given WHERE id = ?1")
                .bind(grant.as_str())
                .fetch_optional(&mut *act)
                .await?;
        match found {
            None => return Ok(AddTokens::GrantUnknown),
            Some((Some(_),)) => return Ok(AddTokens::GrantRevoked),
            Some((None,)) => insert(&mut act, grant, &tokens).await?,
        }
        act.commit().await?;
        Ok(AddTokens::Stored)
    }

    async fn rotate(
        &self,
        old: &TokenHash,
        tokens: NewTokens,
        now: NumericDate,
    ) -> Result<RotateTokens, StoreError> {
        let mut act = self.act().await?;
        let found: Option<(String, Option<i64>, Option<i64>)> = sqlx::query_as(
            "SELECT refresh_token.record, used_at, revoked_at
             FROM refresh_token JOIN grant_given ON grant_given.id = grant_id WHERE hash = ?1",
        )
        .bind(old.as_bytes().as_slice())
        .fetch_optional(&mut *act)
        .await?;
        let Some((record, used_at, revoked_at)) = found else {
            return Ok(RotateTokens::Unknown);
        };
        let record: RefreshRecord = read("refresh_token", &record)?;
        if used_at.is_some() {
            return Ok(RotateTokens::Reused { grant: record.grant.id, client_id: record.grant.client_id });
        }
        if revoked_at.is_some() {
            return Ok(RotateTokens::Revoked);
        }
        if is_over(record.expires_at, now) {
            return Ok(RotateTokens::Expired);
        }
        sqlx::query("UPDATE refresh_token SET used_at = ?2 WHERE hash = ?1")
            .bind(old.as_bytes().as_slice())
            .bind(now.seconds())
            .execute(&mut *act)
            .await?;
        insert(&mut act, &record.grant.id, &tokens).await?;
        act.commit().await?;
        Ok(RotateTokens::Rotated)
    }

    async fn revoke(&self, grant: &GrantId, now: NumericDate) -> Result<RevokeGrant, StoreError> {
        let mut act = self.act().await?;
        let found: Option<(Option<i64>,)> =
            sqlx::query_as("SELECT revoked_at FROM grant_given WHERE id = ?1")
                .bind(grant.as_str())
                .fetch_optional(&mut *act)
                .await?;
        match found {
            None => return Ok(RevokeGrant::Unknown),
            Some((Some(_),)) => return Ok(RevokeGrant::AlreadyRevoked),
            Some((None,)) => {}
        }
        sqlx::query("UPDATE grant_given SET revoked_at = ?2 WHERE id = ?1")
            .bind(grant.as_str())
            .bind(now.seconds())
            .execute(&mut *act)
            .await?;
        act.commit().await?;
        Ok(RevokeGrant::Revoked)
    }
}

async fn insert(act: &mut SqliteConnection, grant: &GrantId, tokens: &NewTokens) -> Result<(), StoreError> {
    let access = &tokens.access;
    sqlx::query("INSERT INTO access_token (hash, grant_id, expires_at, record) VALUES (?1, ?2, ?3, ?4)")
        .bind(access.hash.as_bytes().as_slice())
        .bind(grant.as_str())
        .bind(access.record.expires_at.seconds())
        .bind(write("access_token", &access.record)?)
        .execute(&mut *act)
        .await?;
    if let Some(refresh) = &tokens.refresh {
        sqlx::query("INSERT INTO refresh_token (hash, grant_id, record) VALUES (?1, ?2, ?3)")
            .bind(refresh.hash.as_bytes().as_slice())
            .bind(grant.as_str())
            .bind(write("refresh_token", &refresh.record)?)
            .execute(&mut *act)
            .await?;
    }
    Ok(())
}
