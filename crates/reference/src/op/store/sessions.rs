//! Sessions, waiting requests, and consents.

use avouch_jose::NumericDate;
use avouch_provider::storage::{
    BrowserHash, Consent, ConsentStore, InteractionHash, InteractionStore, PendingInteraction, Session,
    SessionHash, SessionStore,
};
use avouch_types::{ClientId, SubjectIdentifier};

use super::{SqliteStore, StoreError, is_over, read, write};

/// Requests of one browser that wait at the same time: tabs. One more, and the oldest is forgotten.
const MOST_OF_A_BROWSER: i64 = 20;

/// Requests that wait at the same time, whose ever they are.
const MOST: i64 = 5_000;

impl SessionStore for SqliteStore {
    async fn start(
        &self,
        hash: &SessionHash,
        session: Session,
        replaces: Option<&SessionHash>,
    ) -> Result<(), StoreError> {
        let mut act = self.act().await?;
        if let Some(old) = replaces {
            sqlx::query("DELETE FROM session WHERE hash = ?1")
                .bind(old.as_bytes().as_slice())
                .execute(&mut *act)
                .await?;
        }
        sqlx::query("INSERT INTO session (hash, expires_at, record) VALUES (?1, ?2, ?3)")
            .bind(hash.as_bytes().as_slice())
            .bind(session.expires_at.seconds())
            .bind(write("session", &session)?)
            .execute(&mut *act)
            .await?;
        act.commit().await?;
        Ok(())
    }

    async fn session(&self, hash: &SessionHash, now: NumericDate) -> Result<Option<Session>, StoreError> {
        let found: Option<(String,)> = sqlx::query_as("SELECT record FROM session WHERE hash = ?1")
            .bind(hash.as_bytes().as_slice())
            .fetch_optional(&self.readers)
            .await?;
        let session: Option<Session> = found.map(|(record,)| read("session", &record)).transpose()?;
        Ok(session.filter(|session| !is_over(session.expires_at, now)))
    }

    async fn end(&self, hash: &SessionHash) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE hash = ?1")
            .bind(hash.as_bytes().as_slice())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

impl InteractionStore for SqliteStore {
    async fn put(&self, hash: &InteractionHash, pending: PendingInteraction) -> Result<(), StoreError> {
        let (hash, browser) = (hash.as_bytes().as_slice(), pending.browser.as_bytes().as_slice());
        let mut act = self.act().await?;
        sqlx::query("INSERT INTO interaction (hash, expires_at, record, browser) VALUES (?1, ?2, ?3, ?4)")
            .bind(hash)
            .bind(pending.expires_at.seconds())
            .bind(write("interaction", &pending)?)
            .bind(browser)
            .execute(&mut *act)
            .await?;
        sqlx::query(
            "DELETE FROM interaction WHERE hash IN (SELECT hash FROM interaction
             WHERE browser = ?1 AND hash != ?2 ORDER BY expires_at DESC LIMIT -1 OFFSET ?3)",
        )
        .bind(browser)
        .bind(hash)
        .bind(MOST_OF_A_BROWSER - 1)
        .execute(&mut *act)
        .await?;
        sqlx::query(
            "DELETE FROM interaction WHERE hash IN (SELECT hash FROM interaction
             WHERE hash != ?1 ORDER BY expires_at DESC LIMIT -1 OFFSET ?2)",
        )
        .bind(hash)
        .bind(MOST - 1)
        .execute(&mut *act)
        .await?;
        act.commit().await?;
        Ok(())
    }

    async fn pending(
        &self,
        hash: &InteractionHash,
        now: NumericDate,
    ) -> Result<Option<PendingInteraction>, StoreError> {
        let found: Option<(String,)> = sqlx::query_as("SELECT record FROM interaction WHERE hash = ?1")
            .bind(hash.as_bytes().as_slice())
            .fetch_optional(&self.readers)
            .await?;
        alive(found, now)
    }

    async fn take(
        &self,
        hash: &InteractionHash,
        browser: &BrowserHash,
        now: NumericDate,
    ) -> Result<Option<PendingInteraction>, StoreError> {
        let mut act = self.act().await?;
        let found: Option<(String,)> = sqlx::query_as("SELECT record FROM interaction WHERE hash = ?1")
            .bind(hash.as_bytes().as_slice())
            .fetch_optional(&mut *act)
            .await?;
        let Some(pending) = alive(found, now)?.filter(|pending| pending.browser == *browser) else {
            return Ok(None);
        };
        sqlx::query("DELETE FROM interaction WHERE hash = ?1")
            .bind(hash.as_bytes().as_slice())
            .execute(&mut *act)
            .await?;
        act.commit().await?;
        Ok(Some(pending))
    }
}

fn alive(found: Option<(String,)>, now: NumericDate) -> Result<Option<PendingInteraction>, StoreError> {
    let pending: Option<PendingInteraction> =
        found.map(|(record,)| read("interaction", &record)).transpose()?;
    Ok(pending.filter(|pending| !is_over(pending.expires_at, now)))
}

impl ConsentStore for SqliteStore {
    async fn consent(
        &self,
        subject: &SubjectIdentifier,
        client_id: &ClientId,
    ) -> Result<Option<Consent>, StoreError> {
        let found: Option<(String,)> =
            sqlx::query_as("SELECT record FROM consent WHERE subject = ?1 AND client_id = ?2")
                .bind(subject.as_str())
                .bind(client_id.as_str())
                .fetch_optional(&self.readers)
                .await?;
        found.map(|(record,)| read("consent", &record)).transpose()
    }

    async fn remember(&self, consent: Consent) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO consent (subject, client_id, record) VALUES (?1, ?2, ?3)
             ON CONFLICT (subject, client_id) DO UPDATE SET record = excluded.record",
        )
        .bind(consent.subject.as_str())
        .bind(consent.client_id.as_str())
        .bind(write("consent", &consent)?)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
