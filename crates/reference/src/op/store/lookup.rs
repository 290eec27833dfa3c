//! What is only read: tokens, clients, what is known about people.

use avouch_claims::StandardClaims;
use avouch_jose::NumericDate;
use avouch_provider::Client;
use avouch_provider::storage::{
    AccessLookup, AccessRecord, ClaimsSource, ClientStore, RefreshLookup, RefreshRecord, TokenHash,
    TokenStore,
};
use avouch_types::{ClientId, SubjectIdentifier};

use super::{SqliteStore, StoreError, is_over, read, write};

impl TokenStore for SqliteStore {
    async fn access(&self, hash: &TokenHash, now: NumericDate) -> Result<AccessLookup, StoreError> {
        let found: Option<(String, Option<i64>)> = sqlx::query_as(
            "SELECT access_token.record, revoked_at
             FROM access_token JOIN grant_given ON grant_given.id = grant_id WHERE hash = ?1",
        )
        .bind(hash.as_bytes().as_slice())
        .fetch_optional(&self.readers)
        .await?;
        let Some((record, revoked_at)) = found else {
            return Ok(AccessLookup::Unknown);
        };
        let record: AccessRecord = read("access_token", &record)?;
        Ok(if revoked_at.is_some() {
            AccessLookup::Revoked
        } else if is_over(record.expires_at, now) {
            AccessLookup::Expired
        } else {
            AccessLookup::Active(Box::new(record))
        })
    }

    async fn refresh(&self, hash: &TokenHash, now: NumericDate) -> Result<RefreshLookup, StoreError> {
        let found: Option<(String, Option<i64>, Option<i64>)> = sqlx::query_as(
            "SELECT refresh_token.record, used_at, revoked_at
             FROM refresh_token JOIN grant_given ON grant_given.id = grant_id WHERE hash = ?1",
        )
        .bind(hash.as_bytes().as_slice())
        .fetch_optional(&self.readers)
        .await?;
        let Some((record, used_at, revoked_at)) = found else {
            return Ok(RefreshLookup::Unknown);
        };
        let record: RefreshRecord = read("refresh_token", &record)?;
        Ok(if used_at.is_some() {
            RefreshLookup::Reused { grant: record.grant.id, client_id: record.grant.client_id }
        } else if revoked_at.is_some() {
            RefreshLookup::Revoked
        } else if is_over(record.expires_at, now) {
            RefreshLookup::Expired
        } else {
            RefreshLookup::Active(Box::new(record))
        })
    }
}

impl ClientStore for SqliteStore {
    async fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        let found: Option<(String,)> = sqlx::query_as("SELECT record FROM client WHERE client_id = ?1")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?;
        found.map(|(record,)| read("client", &record)).transpose()
    }
}

impl SqliteStore {
    /// Registers a client, or replaces the one of the same identifier.
    ///
    /// # Errors
    /// [`StoreError`]: it is not registered.
    pub async fn put_client(&self, client: &Client) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO client (client_id, record) VALUES (?1, ?2)
             ON CONFLICT (client_id) DO UPDATE SET record = excluded.record",
        )
        .bind(client.client_id.as_str())
        .bind(write("client", client)?)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Removes a client.
    ///
    /// # Errors
    /// [`StoreError`]: it is still registered.
    pub async fn remove_client(&self, client_id: &str) -> Result<(), StoreError> {
        let mut act = self.act().await?;
        for statement in [
            "DELETE FROM consent WHERE client_id = ?1",
            "DELETE FROM grant_given WHERE client_id = ?1",
            "DELETE FROM client WHERE client_id = ?1",
        ] {
            sqlx::query(statement).bind(client_id).execute(&mut *act).await?;
        }
        act.commit().await?;
        Ok(())
    }
}

impl ClaimsSource for SqliteStore {
    async fn claims(&self, subject: &SubjectIdentifier) -> Result<Option<StandardClaims>, StoreError> {
        let found: Option<(String,)> = sqlx::query_as("SELECT claims FROM person WHERE subject = ?1")
            .bind(subject.as_str())
            .fetch_optional(&self.readers)
            .await?;
        found.map(|(claims,)| read("person", &claims)).transpose()
    }
}
