//! Other people's JOSE agrees: what `jose` (npm) and `joserfc` (PyPI) make we read, and what we make they read, for every
//! algorithm that both have. What is missing here fails; nothing is skipped, and every test says how much it has checked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may, and so may their helpers"
)]

mod encryption;
mod keys;
mod nested;
mod peer;
mod signatures;
