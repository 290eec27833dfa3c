//! The reference programs, started for real and used over HTTP; one binary, so that it is linked once.

mod storage;
mod support;
