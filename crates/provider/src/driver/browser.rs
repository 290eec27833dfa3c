//! What the host tells browsers and people apart by.

use avouch_jose::crypto::{CryptoProvider, RandomError, SecureRandom, random_token};
use avouch_types::Secret;

use crate::storage::{BrowserHash, InteractionHash, SessionHash};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $hash:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(Secret);

        impl $name {
            /// A new one, of 256 random bits.
            ///
            /// # Errors
            /// The source of randomness failed.
            pub fn generate(rng: &dyn SecureRandom) -> Result<Self, RandomError> {
                Ok(Self(Secret::new(random_token(rng, 32)?)))
            }

            /// The one that a browser sent. Any text will do; one that was never given out is not known.
            pub fn received(text: impl Into<String>) -> Self {
                Self(Secret::new(text))
            }

            /// The text, for the cookie or URL.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose()
            }

            /// What is stored instead of it.
            #[must_use]
            pub fn hash(&self, crypto: &CryptoProvider) -> $hash {
                $hash::of(self.0.expose(), crypto)
            }
        }
    };
}

identifier! {
    /// Tells browsers apart: a long-lived cookie, set before a request can wait for a person. A waiting
    /// request goes on only in the browser it came from.
    BrowserId, BrowserHash
}
identifier! {
    /// Who is signed in: a cookie. It changes with every login ([`NewSession`](crate::NewSession)).
    SessionId, SessionHash
}
identifier! {
    /// A request that waits for a person: goes into the URL of the page. It changes with every step.
    InteractionId, InteractionHash
}

/// The browser that a request came from, by its cookies.
#[derive(Debug, Clone, Copy)]
pub struct Browser<'a> {
    /// Which browser it is.
    pub id: &'a BrowserId,
    /// Who is signed in, if the cookie is there; whether it is still good is found out.
    pub session: Option<&'a SessionId>,
}
