//! What is measured, apart from how: the work of each row of the table, done by us, by the back ends alone, and by the
//! other crates of the field.
//!
//! | to see | look in |
//! |---|---|
//! | the rows | [`Job`] |
//! | the token, the keys | [`Material`], [`Claims`] |
//! | our work | [`ours`] |
//! | the back end's share of it | [`raw`] |
//! | the other crates' work | [`peers`] |
//!
//! `table.rs` measures time, `allocations.rs` counts allocations, `growth.rs` counts instructions.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    reason = "what fails here is the measurement"
)]

mod claims;
mod job;
mod material;
pub mod ours;
pub mod peers;
pub mod raw;

pub use claims::{CLIENT_ID, Claims, ISSUED_AT, ISSUER, NONCE, Rest};
pub use job::{Contender, Job, Raw, Signature, Work};
pub use material::{LONG_TOKEN, Material, SECRET};
