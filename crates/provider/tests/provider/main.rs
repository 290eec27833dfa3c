//! The provider, in memory: each rule by an input that only this rule refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod advisories;
mod authorization_request;
mod by_hand;
mod client_authentication;
mod code_exchange;
mod conformance_modules;
mod discovery;
mod faults;
mod interaction;
mod properties;
mod refresh;
mod support;
mod userinfo;
