//! Encryption: published examples, and the rules of tokens and keys one by one, with an input for each that only that rule
//! refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod agreement;
mod compact;
mod compression;
mod header;
mod hostile;
mod json;
mod keys;
mod known_answers;
mod nested;
mod password;
mod properties;
mod remote;
mod rsa;
mod secrets;
mod selection;
mod support;
mod writing;
