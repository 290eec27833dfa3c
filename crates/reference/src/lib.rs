//! The reference programs: a real OpenID Provider and a real client, made only of the Avouch crates.
//!
//! Everything here is what the published crates leave to a host: sockets, a clock, randomness, SQL, pages, cookies.

pub mod causes;
pub mod cli;
pub mod clock;
pub mod op;
pub mod pages;
pub mod rp;
pub mod run;
pub mod web;
