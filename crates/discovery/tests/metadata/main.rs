//! The metadata documents: what is read, what is refused, what is told, what is printed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may, and so may their helpers"
)]

mod building;
mod consistency;
mod defaults;
mod golden;
mod hostile;
mod published;
mod quirks;
mod reading;
mod signed;
mod support;
