//! The rules of tokens, keys and claims, one by one, with an input for each that only that rule refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod backend;
mod base64url;
mod claims;
mod compact;
mod header;
mod jwk;
mod keys;
mod properties;
mod secrets;
mod selection;
mod support;
