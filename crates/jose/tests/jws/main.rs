//! Every form of a JWS, read and written, rule by rule, with an input for each that only that rule refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod borrowed;
mod critical;
mod detached;
mod json;
mod json_outcomes;
mod memo;
mod properties;
mod support;
mod unencoded;
mod writing;
