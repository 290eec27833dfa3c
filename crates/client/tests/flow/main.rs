//! The code flow against a small provider made of a key and a few functions: for each check an answer that only that
//! check refuses.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may, and so may their helpers"
)]

mod building;
mod callback;
mod exchange;
mod id_token;
mod keys;
mod op;
mod refresh;
mod sign_in;
mod userinfo;
