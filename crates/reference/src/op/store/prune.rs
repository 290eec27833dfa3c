//! Forgetting what is over.

use avouch_jose::NumericDate;

use super::{SqliteStore, StoreError};

/// How many rows were forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Grants, each with its codes and tokens.
    pub grants: u64,
    /// Access tokens of grants that go on.
    pub access_tokens: u64,
    /// Sessions, waiting requests and marks of things seen.
    pub others: u64,
}

/// Rows of one table per round, so that a long prune does not keep sign-ins waiting.
const ROUND: i64 = 500;

impl SqliteStore {
    /// Forgets what is over. Codes and refresh tokens, spent ones too, live as long as their grant: a second use of
    /// one must be recognised until then.
    ///
    /// # Errors
    /// [`StoreError`]: the rounds done so far stay done.
    pub async fn prune(&self, now: NumericDate) -> Result<Pruned, StoreError> {
        // Columns have whole seconds: what they name is surely over in the second after.
        let mut pruned = Pruned::default();
        for (statement, count) in [
            (
                "DELETE FROM grant_given WHERE id IN
                 (SELECT id FROM grant_given WHERE expires_at < ?1 LIMIT ?2)",
                &mut pruned.grants,
            ),
            (
                "DELETE FROM access_token WHERE hash IN
                 (SELECT hash FROM access_token WHERE expires_at < ?1 LIMIT ?2)",
                &mut pruned.access_tokens,
            ),
        ] {
            *count = self.rounds(statement, now).await?;
        }
        for statement in [
            "DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE expires_at < ?1 LIMIT ?2)",
            "DELETE FROM interaction WHERE hash IN (SELECT hash FROM interaction WHERE expires_at < ?1 LIMIT ?2)",
            "DELETE FROM seen_once WHERE (kind, issuer, id) IN
             (SELECT kind, issuer, id FROM seen_once WHERE expires_at < ?1 LIMIT ?2)",
        ] {
            pruned.others += self.rounds(statement, now).await?;
        }
        sqlx::query("PRAGMA incremental_vacuum").execute(&self.writer).await?;
        Ok(pruned)
    }

    async fn rounds(&self, statement: &'static str, now: NumericDate) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let done = sqlx::query(statement).bind(now.seconds()).bind(ROUND).execute(&self.writer).await?;
            total += done.rows_affected();
            if done.rows_affected() < ROUND.unsigned_abs() {
                return Ok(total);
            }
        }
    }
}
