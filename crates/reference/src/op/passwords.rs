//! Passwords: argon2id hashes, checked a few at a time.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use avouch_jose::crypto::SecureRandom;
use avouch_jose_ring::SystemRandom;
use tokio::sync::Semaphore;

/// Hashes computed at the same time: each needs 19 MiB and a core.
const AT_ONCE: usize = 2;

/// Hashes that are computed or waited for at the same time; who comes then is sent away.
const QUEUE: usize = 32;

/// Makes and checks password hashes, away from the threads that serve.
#[derive(Debug, Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// Checked when there is no such user, so that the answer takes as long as for one there is.
    nobody: Arc<str>,
}

/// A password could not be hashed or checked at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// There is no randomness for a salt.
    #[error("no randomness is available")]
    Random,
    /// argon2 refused.
    #[error("argon2 refused: {0}")]
    Hash(argon2::password_hash::Error),
    /// Too many others wait.
    #[error("too many passwords wait to be checked")]
    Busy,
    /// The program is ending.
    #[error("the program is ending")]
    Ending,
}

impl Passwords {
    /// Ready to check.
    ///
    /// # Errors
    /// [`PasswordError`]: the hash for nobody could not be made.
    pub fn new() -> Result<Self, PasswordError> {
        Ok(Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(QUEUE)),
            nobody: hash("nobody has this password")?.into(),
        })
    }

    /// The hash to keep of a password, in the PHC format.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let password = password.to_owned();
        self.work(move || hash(&password)).await?
    }

    /// Whether the password is the one of this hash. Without a hash the answer is no, and takes as long.
    ///
    /// # Errors
    /// [`PasswordError`]: it could not be checked.
    pub async fn check(&self, password: &str, hash: Option<&str>) -> Result<bool, PasswordError> {
        let password = password.to_owned();
        let known = hash.is_some();
        let hash: Arc<str> = hash.map_or_else(|| Arc::clone(&self.nobody), Arc::from);
        let same = self.work(move || verify(&password, &hash)).await??;
        Ok(same && known)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let queued = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| PasswordError::Ending)?;
        // The work goes on when nobody waits for it any more, and keeps its place until it is done.
        let work = move || {
            let done = work();
            drop((place, queued));
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Ending)
    }
}

fn hash(password: &str) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    SystemRandom::default().fill(&mut salt).map_err(|_| PasswordError::Random)?;
    let hash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: &str) -> Result<bool, PasswordError> {
    match Argon2::default().verify_password(password.as_bytes(), hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError::Hash(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_has_its_own_hash_and_no_other() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("analytical-engine").await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert_ne!(hash, passwords.hash("analytical-engine").await.unwrap());
        assert!(passwords.check("analytical-engine", Some(&hash)).await.unwrap());
        assert!(!passwords.check("analytical-engin", Some(&hash)).await.unwrap());
        assert!(!passwords.check("nobody has this password", None).await.unwrap());
        assert!(passwords.check("x", Some("no hash")).await.is_err());
    }

    #[tokio::test]
    async fn who_goes_away_does_not_make_room_before_the_work_is_done() {
        let passwords = Passwords::new().unwrap();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let ended = Arc::new(std::sync::Mutex::new(ended));
        for _ in 0..AT_ONCE {
            let ended = Arc::clone(&ended);
            let work = passwords.work(move || ended.lock().unwrap().recv().is_err());
            assert!(tokio::time::timeout(std::time::Duration::from_millis(20), work).await.is_err());
        }
        assert_eq!(passwords.places.available_permits(), 0);
        drop(end);
        assert!(passwords.work(|| true).await.unwrap());
    }

    #[tokio::test]
    async fn a_long_queue_is_not_joined() {
        let passwords = Passwords::new().unwrap();
        let _others = Arc::clone(&passwords.queue).try_acquire_many_owned(32).unwrap();
        assert!(matches!(passwords.check("x", None).await, Err(PasswordError::Busy)));
    }
}
