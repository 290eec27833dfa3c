// LEAD: read /tmp/avouch/AMENDMENTS.md (5: no public map/try_map; `Checked` trait instead). Remove this line.
use std::ops::Deref;

/// A value that a cryptographic check stands behind.
///
/// Only a check of this crate mints one, so a function that takes `Verified<T>` cannot be handed unverified content.
/// What was minted may be checked further and turned into another type, and stays verified:
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys, jws};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// # let token = jws::sign_compact(&jws::HeaderParameters::new(), b"hello", &key)?;
/// let content = jws::UnverifiedJws::parse(&token, &Limits::default())?.verify(&keys)?;
/// let text = content.try_map(|content| String::from_utf8(content.into_payload()))?;
/// assert_eq!(*text, "hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// Only for code that has just verified a signature over `value`.
    pub(crate) fn mint(value: T) -> Self {
        Self(value)
    }

    /// Gives the value up as an ordinary one.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// Asks one more question of the value.
    ///
    /// # Errors
    ///
    /// Whatever `question` answers with.
    pub fn check<E>(self, question: impl FnOnce(&T) -> Result<(), E>) -> Result<Self, E> {
        question(&self.0)?;
        Ok(self)
    }

    /// Turns the verified value into another, for example bytes into claims.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Verified<U> {
        Verified(convert(self.0))
    }

    /// Turns the verified value into another, if that can be done.
    ///
    /// # Errors
    ///
    /// Whatever `convert` answers with.
    pub fn try_map<U, E>(self, convert: impl FnOnce(T) -> Result<U, E>) -> Result<Verified<U>, E> {
        convert(self.0).map(Verified)
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
