//! The people who can sign in, and a few settings.

use avouch_claims::StandardClaims;
use avouch_types::SubjectIdentifier;

use super::{SqliteStore, StoreError, read, write};

/// The longest username, in bytes.
pub const MAX_USERNAME: usize = 128;

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub struct Person {
    /// How clients know them.
    pub subject: SubjectIdentifier,
    /// What they type; compared as it is.
    pub username: String,
    /// Their password's argon2 hash, in the PHC format.
    pub password_hash: String,
    /// What is known about them.
    pub claims: StandardClaims,
}

impl SqliteStore {
    /// Adds a person, or replaces the one of the same username, whose subject stays.
    ///
    /// # Errors
    /// [`StoreError`]: nobody was added.
    pub async fn put_person(&self, person: &Person) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO person (subject, username, password_hash, claims) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash, claims = excluded.claims",
        )
        .bind(person.subject.as_str())
        .bind(&person.username)
        .bind(&person.password_hash)
        .bind(write("person", &person.claims)?)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The person of this username.
    ///
    /// # Errors
    /// [`StoreError`]: the file could not be asked.
    pub async fn person_named(&self, username: &str) -> Result<Option<Person>, StoreError> {
        let found: Option<(String, String, String, String)> =
            sqlx::query_as("SELECT subject, username, password_hash, claims FROM person WHERE username = ?1")
                .bind(username)
                .fetch_optional(&self.readers)
                .await?;
        found
            .map(|(subject, username, password_hash, claims)| {
                Ok(Person {
                    subject: read("person", &write("person", &subject)?)?,
                    username,
                    password_hash,
                    claims: read("person", &claims)?,
                })
            })
            .transpose()
    }

    /// Removes a person, with their sessions, their consents, and all that was granted in their name.
    ///
    /// # Errors
    /// [`StoreError`]: nobody was removed.
    pub async fn remove_person(&self, subject: &str) -> Result<(), StoreError> {
        let mut act = self.act().await?;
        for statement in [
            "DELETE FROM session WHERE json_extract(record, '$.subject') = ?1",
            "DELETE FROM consent WHERE subject = ?1",
            "DELETE FROM grant_given WHERE subject = ?1",
            "DELETE FROM person WHERE subject = ?1",
        ] {
            sqlx::query(statement).bind(subject).execute(&mut *act).await?;
        }
        act.commit().await?;
        Ok(())
    }

    /// The setting of this name.
    ///
    /// # Errors
    /// [`StoreError`]: the file could not be asked.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let found: Option<(String,)> = sqlx::query_as("SELECT value FROM setting WHERE name = ?1")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?;
        Ok(found.map(|(value,)| value))
    }

    /// Forgets a setting.
    ///
    /// # Errors
    /// [`StoreError`]: it was not forgotten.
    pub async fn remove_setting(&self, name: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM setting WHERE name = ?1").bind(name).execute(&self.writer).await?;
        Ok(())
    }

    /// Keeps a setting unless there is one of this name, and answers the one that stands.
    ///
    /// # Errors
    /// [`StoreError`]: it was not kept.
    pub async fn setting_or_insert(&self, name: &str, value: &str) -> Result<String, StoreError> {
        let (stands,): (String,) = sqlx::query_as(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value",
        )
        .bind(name)
        .bind(value)
        .fetch_one(&self.writer)
        .await?;
        Ok(stands)
    }
}
