//! What is asserted about a person, or asked to be: standard claims, the `claims` parameter, scopes to claims.
//!
#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! - [`StandardClaims`], [`Address`]: the claims of Core 5.1, read forgivingly and written back without loss
//! - [`ClaimProblem`]: what is wrong with a claim that was kept as received
//! - [`ClaimsRequest`], [`RequestedClaims`], [`ClaimRequest`]: the `claims` parameter of Core 5.5
//! - [`ScopeClaims`]: which scope value asks for which claims (Core 5.4)
//! - [`ReleasePolicy`], [`ReleasePlan`], [`ClaimSet`]: which claims go into the ID Token and which to UserInfo
//!
//! # Not here
//!
//! - tokens and the claims that make one (`iss`, `aud`, `exp`, ...): `avouch-tokens`
//! - keys, signatures, HTTP, endpoints
//! - identifiers and registered words, `sub` among them: `avouch-types`

mod address;
mod problem;
mod release;
mod request;
mod scope;
mod standard;
mod value;

pub use address::Address;
pub use problem::{ClaimProblem, JsonType};
pub use release::{
    ClaimSet, PROTOCOL_CLAIMS, PlannedClaim, ReleasePlan, ReleasePolicy, ScopeClaimsIn, UserInfoReach,
};
pub use request::{ClaimRequest, ClaimsRequest, ClaimsRequestError, RequestedClaims};
pub use scope::ScopeClaims;
pub use standard::StandardClaims;
