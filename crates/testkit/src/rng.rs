//! Randomness that is the same in every run.

use std::sync::Mutex;

use avouch_jose::crypto::{RandomError, SecureRandom};

/// A source of "randomness" that yields the same octets for the same seed, and never the same twice in
/// one run. For tests only: whoever knows the seed knows everything.
///
/// ```
/// use avouch_jose::crypto::{SecureRandom, random_token};
/// use avouch_testkit::FixedRandom;
///
/// let (one, two) = (FixedRandom::new(7), FixedRandom::new(7));
/// let first = random_token(&one, 16)?;
/// assert_eq!(first, random_token(&two, 16)?);
/// assert_ne!(first, random_token(&one, 16)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FixedRandom(Mutex<u64>);

impl FixedRandom {
    /// The sequence of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl SecureRandom for FixedRandom {
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError> {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in octets.chunks_mut(8) {
            // SplitMix64
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            for (octet, random) in chunk.iter_mut().zip(mixed.to_le_bytes()) {
                *octet = random;
            }
        }
        Ok(())
    }
}

/// A source of randomness that always fails.
#[derive(Debug, Clone, Copy)]
pub struct BrokenRandom;

impl SecureRandom for BrokenRandom {
    fn fill(&self, _octets: &mut [u8]) -> Result<(), RandomError> {
        Err(RandomError)
    }
}
