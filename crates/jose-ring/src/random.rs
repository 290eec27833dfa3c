use avouch_jose::crypto::{RandomError, SecureRandom};
use ring::rand::SecureRandom as _;

/// The operating system's randomness, by way of ring.
///
/// ```
/// use avouch_jose::crypto::random_token;
///
/// let state = random_token(&avouch_jose_ring::SystemRandom::new(), 32)?;
/// assert_eq!(state.len(), 43);
/// # Ok::<(), avouch_jose::crypto::RandomError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct SystemRandom(());

impl SystemRandom {
    /// The one there is.
    pub const fn new() -> Self {
        Self(())
    }
}

impl SecureRandom for SystemRandom {
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError> {
        ring::rand::SystemRandom::new().fill(octets).map_err(|_| RandomError)
    }
}
