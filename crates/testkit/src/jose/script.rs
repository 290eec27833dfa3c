use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use avouch_jose::crypto::{RandomError, SecureRandom};

/// "Randomness" that was written down before: each request gets the next octets of the script, which must be exactly as
/// many as it asks for. So a published example is made again. Where the script has ended, there is no randomness.
///
/// ```
/// use avouch_jose::crypto::SecureRandom;
/// use avouch_testkit::jose::ScriptedRandom;
///
/// let random = ScriptedRandom::new([vec![1, 2], vec![3]]);
/// let mut octets = [0; 2];
/// random.fill(&mut octets)?;
/// assert_eq!(octets, [1, 2]);
/// assert!(!random.is_exhausted());
/// assert!(random.fill(&mut octets).is_err(), "one octet is next, not two");
/// # Ok::<(), avouch_jose::crypto::RandomError>(())
/// ```
#[derive(Debug)]
pub struct ScriptedRandom(Mutex<VecDeque<Vec<u8>>>);

impl ScriptedRandom {
    /// A source that yields these, in this order.
    pub fn new(script: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self(Mutex::new(script.into_iter().collect()))
    }

    /// Whether all of the script has been asked for.
    pub fn is_exhausted(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

impl SecureRandom for ScriptedRandom {
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError> {
        let mut script = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = script.pop_front().ok_or(RandomError)?;
        if next.len() != octets.len() {
            return Err(RandomError);
        }
        octets.copy_from_slice(&next);
        Ok(())
    }
}
