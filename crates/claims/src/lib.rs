//! What is asserted about a person, or asked to be: standard claims, the `claims` parameter, scopes to claims.
//!
#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! - [`StandardClaims`], [`Address`]: the claims of Core 5.1, read forgivingly and written back as received, but for
//!   numbers that neither 64 bits nor `f64` hold, which are named; claims in a language; claims of the host's own
//! - [`ClaimProblem`]: everything that is wrong with claims that were kept as received
//! - [`ClaimNaming`]: whether a name of a host's own may mean something else to others
//! - [`ClaimsRequest`], [`RequestedClaims`], [`ClaimRequest`]: the `claims` parameter of Core 5.5
//! - [`ScopeClaims`]: which scope value asks for which claims (Core 5.4), the host's own scopes among them
//! - [`ReleasePlan`], made of [`ReleasePolicy`] and [`ReleaseInput`]: which claims go into the ID Token and which to UserInfo;
//!   [`ClaimSet`]: the same for one place; [`Release`]: what goes there, and what is missing and why
//! - [`ExternalClaims`]: aggregated and distributed claims (Core 5.6.2), as work to be done and answers to take
//! - [`PairwiseKey`], [`SectorIdentifier`]: pairwise subject identifiers (Core 8.1), the MAC handed in
//!
//! # Not here
//!
//! - tokens and the claims that make one (`iss`, `aud`, `exp`, ...): `avouch-tokens`
//! - keys, signatures, HTTP, endpoints
//! - identifiers and registered words, `sub` among them: `avouch-types`

mod address;
mod claim;
mod external;
mod format;
mod naming;
mod path;
mod problem;
mod release;
mod request;
mod scope;
mod standard;
mod subject;
mod unique;
mod value;

pub use address::Address;
pub use claim::ClaimRef;
pub use external::{ClaimSource, ExternalClaims, ExternalClaimsProblem, SourceLocation, TakenClaims};
pub use format::{Birthdate, PhoneNumberError};
pub use naming::ClaimNaming;
pub use problem::{ClaimProblem, JsonType, ProblemLevel};
pub use release::{
    ClaimSet, ConsentTo, LanguageNaming, MissingClaim, MissingReason, PROTOCOL_CLAIMS, PlannedClaim, Release,
    ReleaseInput, ReleasePlan, ReleasePolicy, ReleasedClaim, ScopeClaimsIn, UserInfoReach,
};
pub use request::{ClaimRequest, ClaimsRequest, ClaimsRequestError, RequestedClaims};
pub use scope::ScopeClaims;
pub use standard::StandardClaims;
pub use subject::{PairwiseKey, SectorError, SectorIdentifier, SubjectError};
