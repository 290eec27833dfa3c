use std::ops::Deref;

use crate::jws::{ContentRef, JwsContent};

/// A value that a cryptographic check stands behind.
///
/// Only a check mints one: [`UnverifiedJws::verify`](crate::jws::UnverifiedJws::verify) mints verified bytes, and
/// [`check`](Verified::check) turns those into a verified `T` by the rules that `T`'s own crate gives it. A function
/// that takes `Verified<T>` therefore cannot be handed anything else.
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, NumericDate, SigningKey, VerifyingKey, VerifyingKeys, jws::UnverifiedJws, jwt};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// # let claims = serde_json::json!({"iss": "joe", "aud": "ann", "exp": 1_300_819_380});
/// # let token = jwt::sign_claims(&key, None, &claims)?;
/// # let now = NumericDate::from_seconds(1_300_819_000)?;
/// use avouch_jose::{Verified, jws::JwsContent, jwt::RegisteredClaims};
///
/// let content: Verified<JwsContent> = UnverifiedJws::parse(&token, &Limits::default())?.verify(&keys)?;
/// let expected = jwt::Expectations::new("joe", "ann");
/// let claims: Verified<RegisteredClaims> = content.check((&expected, now))?;
/// assert_eq!(claims.iss.as_deref(), Some("joe"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verified<T>(T);

/// A type that says itself what makes it valid, beyond the signature: one kind of token.
///
/// The trait has no type parameter, so only the crate of the type can implement it: nobody else can decide what a
/// verified value of it is. A type that borrows from the content has its lifetime `'a`, one that does not is checked
/// whatever that is.
///
/// ```
/// use avouch_jose::{Checked, jws::ContentRef};
///
/// /// A signed document that is no longer than it may be.
/// struct Note(Vec<u8>);
///
/// impl Checked<'_> for Note {
///     type Rules<'r> = usize;
///     type Error = &'static str;
///
///     fn check(content: &ContentRef<'_>, longest: usize) -> Result<Self, &'static str> {
///         let payload = content.payload();
///         if payload.len() > longest { Err("too long") } else { Ok(Self(payload.to_vec())) }
///     }
/// }
/// ```
pub trait Checked<'a>: Sized {
    /// What the caller expects, and the moment.
    type Rules<'r>;
    /// Why content is refused.
    type Error;

    /// Reads content whose signature has been verified and checks it.
    ///
    /// # Errors
    ///
    /// [`Error`](Self::Error) for the first rule that is broken.
    fn check(content: &ContentRef<'a>, rules: Self::Rules<'_>) -> Result<Self, Self::Error>;
}

impl<T> Verified<T> {
    /// Only for code that has just verified a signature over `value`.
    pub(crate) fn mint(value: T) -> Self {
        Self(value)
    }

    /// Gives the value up as an ordinary one.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl Verified<JwsContent> {
    /// Reads the content as a `T` and checks it by the rules of `T`.
    ///
    /// # Errors
    ///
    /// Those of `T`'s [`Checked::check`].
    pub fn check<'a, T: Checked<'a>>(&'a self, rules: T::Rules<'_>) -> Result<Verified<T>, T::Error> {
        T::check(&self.0.as_content_ref(), rules).map(Verified)
    }
}

impl<'a> Verified<ContentRef<'a>> {
    /// Reads the content as a `T`, which may borrow from it, and checks it by the rules of `T`.
    ///
    /// # Errors
    ///
    /// Those of `T`'s [`Checked::check`].
    pub fn check<T: Checked<'a>>(&self, rules: T::Rules<'_>) -> Result<Verified<T>, T::Error> {
        T::check(&self.0, rules).map(Verified)
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
