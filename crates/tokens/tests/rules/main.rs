//! Each rule of each kind of token: a good token, one thing changed, and the one rule that minds it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may, and so may their helpers"
)]

mod borrowed;
mod claims_set;
mod client_assertion;
mod examples;
mod hint;
mod id_token;
mod id_token_signature;
mod observer;
mod refresh;
mod support;
