//! Things that may be seen once only.

use std::future::Future;

use avouch_jose::NumericDate;
use serde::{Deserialize, Serialize};

use super::Storage;

/// What must not be seen twice: the `jti` of one issuer, per kind of token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReplayKey {
    /// What kind of token.
    pub kind: ReplayKind,
    /// Who made it; for a client assertion the client's identifier.
    pub issuer: String,
    /// Its `jti`, at most 255 octets.
    pub id: String,
}

/// The kinds of token that may be used once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReplayKind {
    /// A client assertion ([Core §9]).
    ///
    /// [Core §9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
    ClientAssertion,
}

impl ReplayKind {
    /// A fixed name, for a column.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientAssertion => "client_assertion",
        }
    }
}

/// What has been seen.
pub trait ReplayStore: Storage {
    /// Marks the key as seen, in one act: of any number of callers at the same time exactly one is told
    /// [`ReplayUse::Fresh`]. The mark may be forgotten from `expires_at` on, and not before.
    ///
    /// # Errors
    /// The key is not marked.
    fn insert_if_absent(
        &self,
        key: &ReplayKey,
        expires_at: NumericDate,
        now: NumericDate,
    ) -> impl Future<Output = Result<ReplayUse, Self::Error>> + Send;
}

/// The answer of [`ReplayStore::insert_if_absent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum ReplayUse {
    /// Never seen before; now it is marked.
    Fresh,
    /// Seen before.
    Seen,
}
