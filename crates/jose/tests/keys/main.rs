//! Keys of every type, what stands beside them, and the tokens that have none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod akp;
mod certificates;
mod confirmation;
mod der;
mod error_texts;
mod properties;
mod publication;
mod registry;
mod remote;
mod string_or_uri;
mod support;
mod thumbprints;
mod unsecured;
