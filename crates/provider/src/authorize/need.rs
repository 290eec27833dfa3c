//! What a person has to do before a request can go on, and why.

use std::collections::BTreeSet;
use std::time::Duration;

use avouch_claims::ClaimRequest;
use avouch_types::{Scopes, SubjectIdentifier};

/// What a person has to do before a request can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// Authenticate, or authenticate again.
    Login(LoginReason),
    /// Choose the account to go on with ([Core §3.1.2.1], `prompt=select_account`).
    ///
    /// [Core §3.1.2.1]: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
    SelectAccount,
    /// Allow the client what it asks for, or part of it.
    Consent {
        /// Why they are asked.
        reason: ConsentReason,
        /// The scopes asked for.
        scopes: Scopes,
        /// Names of claims asked for one by one, beyond what the scopes give.
        claims: BTreeSet<String>,
    },
}

/// Why a person has to authenticate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginReason {
    /// Nobody is signed in.
    NotSignedIn,
    /// The client asks for it (`prompt=login`).
    PromptLogin,
    /// The last login is too long ago for the client (`max_age`).
    TooLongAgo {
        /// How long ago it may be.
        max_age: Duration,
        /// How long ago it is.
        age: Duration,
    },
    /// Somebody else is signed in than the client asks for (`id_token_hint`, or `sub` in `claims`).
    OtherSubject {
        /// Who the hint named, if there was one.
        hinted: Option<SubjectIdentifier>,
    },
    /// The last login was not of a class that the client insists on (an essential `acr`).
    AcrNotMet {
        /// How it asks for `acr`: the classes that would do.
        wanted: ClaimRequest,
    },
}

/// Why a person is asked for consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsentReason {
    /// The client asks for it (`prompt=consent`).
    PromptConsent,
    /// They have not allowed all of this before.
    NotGiven,
    /// They have, but it is not sure that the response reaches the client
    /// ([`Client::is_assured_at`](crate::Client::is_assured_at)).
    ClientNotAssured,
}
