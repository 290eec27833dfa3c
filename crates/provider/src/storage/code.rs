//! Authorization codes: issued once, consumed once.

use std::future::Future;

use avouch_jose::NumericDate;
use avouch_messages::CodeChallenge;
use avouch_types::{ClientId, RedirectUri};
use serde::{Deserialize, Serialize};

use super::{CodeHash, Grant, GrantId, Storage};

/// What an authorization code stands for ([RFC 6749 §4.1.2]). The code itself is not in it.
///
/// [RFC 6749 §4.1.2]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CodeRecord {
    /// What was granted; its `client_id` is the client that the code was issued to.
    pub grant: Grant,
    /// The redirect URI that the code was sent to, exactly as it stood in the request.
    pub redirect_uri: RedirectUri,
    /// The PKCE challenge of the request with its method, if it had one; the token request has no say in
    /// how it is checked ([RFC 7636 §4.4]).
    ///
    /// [RFC 7636 §4.4]: https://www.rfc-editor.org/rfc/rfc7636#section-4.4
    pub code_challenge: Option<CodeChallenge>,
    /// From this instant on the code is refused.
    pub expires_at: NumericDate,
}

impl CodeRecord {
    /// Puts a record together.
    #[must_use]
    pub fn new(
        grant: Grant,
        redirect_uri: RedirectUri,
        code_challenge: Option<CodeChallenge>,
        expires_at: NumericDate,
    ) -> Self {
        Self { grant, redirect_uri, code_challenge, expires_at }
    }
}

/// The authorization codes.
pub trait CodeStore: Storage {
    /// Keeps the record under the hash of its code. The grant was opened before.
    ///
    /// # Errors
    /// The record was not kept.
    fn insert(
        &self,
        hash: &CodeHash,
        record: CodeRecord,
    ) -> impl Future<Output = Result<InsertCode, Self::Error>> + Send;

    /// Uses the code up and answers what it stood for, in one act: of any number of callers at the same
    /// time exactly one is told [`CodeUse::First`].
    ///
    /// Used beats expired: a spent code answers [`CodeUse::Replay`] for as long as its grant is kept
    /// (until [`Grant::expires_at`] at least), even when the code has also expired or its grant is
    /// revoked.
    ///
    /// # Errors
    /// The code could not be used up; it is as it was.
    fn consume(
        &self,
        hash: &CodeHash,
        now: NumericDate,
    ) -> impl Future<Output = Result<CodeUse, Self::Error>> + Send;
}

/// The answer of [`CodeStore::insert`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum InsertCode {
    /// The code is kept.
    Inserted,
    /// There is a code of this hash already, and it is unchanged. With real randomness that does not happen.
    Exists,
}

/// The answer of [`CodeStore::consume`].
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum CodeUse {
    /// This was the first use; now it is spent.
    First(Box<CodeRecord>),
    /// The code was used before. The provider revokes the grant when the client that presents the code
    /// is the one it was issued to.
    Replay {
        /// The grant that the code gave.
        grant: GrantId,
        /// The client that the code was issued to.
        client_id: ClientId,
    },
    /// The code was never used and is too old. It stays unused.
    Expired,
    /// There is no such code.
    Unknown,
}
