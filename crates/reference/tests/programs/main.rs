//! The reference programs, started for real and used over HTTP; one binary, so that it is linked once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod crash;
mod flow;
mod hostile;
mod methods;
mod starting;
mod storage;
mod support;
