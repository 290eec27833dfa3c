//! What a provider keeps between messages, and the narrow traits through which it is kept.
//!
//! Each trait covers one aggregate and each method is **one atomic act** that answers with a value: a
//! store never reads here and writes there in two steps. The rules that a store must hold are written at
//! the methods; `avouch_testkit::storage::conformance` tries them on any implementation, with threads.
//!
//! Three things hold for all of them:
//!
//! - **Hashes only.** Codes, access and refresh tokens, session and interaction identifiers arrive as
//!   SHA-256 hashes ([`TokenHash`] and its siblings); what was issued cannot be read back from a store.
//! - **Every failure surfaces.** A method that could not do all of its act answers `Err`, and has done
//!   none of it. The provider turns that into `server_error` and hands out nothing.
//! - **Time is an argument.** `now` comes from the caller; an instant `expires_at` is over when
//!   `now >= expires_at`.
//!
//! Records are `Serialize + Deserialize`, so that a store may keep one as a JSON column beside the
//! columns it searches by.

mod code;
mod consent;
mod grant;
mod hash;
mod interaction;
mod replay;
mod session;
mod token;

use std::future::Future;

use avouch_claims::StandardClaims;
use avouch_types::{ClientId, SubjectIdentifier};

pub use code::{CodeRecord, CodeStore, CodeUse, InsertCode};
pub use consent::{Consent, ConsentStore};
pub use grant::{
    AddTokens, Grant, GrantId, GrantStore, NewAccessToken, NewRefreshToken, NewTokens, OpenGrant,
    RevokeGrant, RotateTokens,
};
pub use hash::{BrowserHash, CodeHash, HashLengthError, InteractionHash, SessionHash, TokenHash};
pub use interaction::{Agreed, InteractionStore, LoginDone, PendingInteraction, Progress};
pub use replay::{ReplayKey, ReplayKind, ReplayStore, ReplayUse};
pub use session::{Session, SessionStore};
pub use token::{AccessLookup, AccessRecord, RefreshLookup, RefreshRecord, TokenStore};

use crate::client::Client;

/// What all storage traits of one store share: how it fails.
pub trait Storage: Send + Sync {
    /// Why an act could not be done: the connection, the disk, a record that cannot be read back.
    /// The provider passes it on as the cause, and never shows it to a client.
    type Error: std::error::Error + Send + Sync + 'static;
}

/// The registered clients.
pub trait ClientStore: Storage {
    /// The client registered under exactly this identifier, or `None`.
    ///
    /// # Errors
    /// The store could not be asked.
    fn client(&self, id: &ClientId) -> impl Future<Output = Result<Option<Client>, Self::Error>> + Send;
}

/// What is known about the people who sign in.
pub trait ClaimsSource: Storage {
    /// Everything that could be said about the subject; the provider chooses from it what a request may
    /// see. `None` when there is no such account (any more): nothing is issued for it then.
    ///
    /// # Errors
    /// The source could not be asked.
    fn claims(
        &self,
        subject: &SubjectIdentifier,
    ) -> impl Future<Output = Result<Option<StandardClaims>, Self::Error>> + Send;
}

/// Everything the driver ([`Provider`](crate::Provider)) needs of a store.
///
/// It is implemented by whatever implements the narrow traits; there is nothing to write.
pub trait Store:
    ClientStore
    + InteractionStore
    + SessionStore
    + ConsentStore
    + CodeStore
    + GrantStore
    + TokenStore
    + ReplayStore
    + ClaimsSource
{
}

impl<S> Store for S where
    S: ClientStore
        + InteractionStore
        + SessionStore
        + ConsentStore
        + CodeStore
        + GrantStore
        + TokenStore
        + ReplayStore
        + ClaimsSource
{
}
