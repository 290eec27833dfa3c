//! What one kind of signed token must hold, how it is issued and how it is checked: one file per kind.
//!
#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! - ID Token ([Core 2, 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html)): [`IdTokenClaims`] to issue,
//!   [`IdTokenVerifier`] with [`IdTokenExpectations`] to verify, [`IdTokenRule`] and [`Verdict`] to see each rule decided,
//!   [`OriginalIdToken`] for those that come from a refresh
//! - ID Token as a hint to its own issuer: [`IdTokenHintVerifier`], [`IdTokenHint`]
//! - client assertion (RFC 7523): [`ClientAssertion`] to issue, [`ClientAssertionVerifier`] with [`AssertionAudience`] to
//!   verify
//! - keys for tokens under a MAC with the client secret: [`client_secret_keys`], [`client_secret_signing_key`]
//!
//! What was verified is an [`avouch_jose::Verified`]; nothing but these verifiers makes one of these claims.
//!
//! # Not here
//!
//! - HTTP, storage, and what was said in an earlier message: an expectation, or the caller's business
//! - signatures and keys themselves: `avouch-jose`; claims about a person: `avouch-claims`
//! - access tokens, which are opaque to a client, and encrypted tokens, which are refused

mod client_assertion;
mod client_secret;
mod header;
mod id_token;
mod members;

pub use client_assertion::{
    AssertionAudience, ClientAssertion, ClientAssertionError, ClientAssertionRules, ClientAssertionVerifier,
    MAX_JTI_BYTES,
};
pub use client_secret::{client_secret_keys, client_secret_signing_key};
pub use id_token::{
    IdTokenClaims, IdTokenError, IdTokenExpectations, IdTokenHint, IdTokenHintVerifier, IdTokenRule,
    IdTokenRules, IdTokenVerifier, IdTokenView, OriginalIdToken, RuleVerdict, Verdict,
};
pub use members::ClaimsError;

pub use avouch_jose::jws::{SignError, SigningInput};
