//! **Room: what the published crates leave to a host**: sockets, a clock, randomness, SQL, pages, cookies, and two
//! programs in which they come together.
//!
//! Not here: any rule of a protocol (the crates below), the storage contract (provider), what a sign-in must compare
//! (client), tests against other people's software (interop).
#![doc = include_str!("../README.md")]

pub mod causes;
pub mod cli;
pub mod clock;
pub mod op;
pub mod pages;
pub mod rp;
pub mod run;
pub mod web;

/// The examples of the front page.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct FrontPage;
