use avouch_jose::crypto::{RandomError, SecureRandom};
use aws_lc_rs::rand;

/// AWS-LC's generator, which the operating system seeds.
///
/// ```
/// use avouch_jose::crypto::random_token;
///
/// let state = random_token(&avouch_jose_aws_lc::SystemRandom::new(), 32)?;
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
        rand::fill(octets).map_err(|_| RandomError)
    }
}
