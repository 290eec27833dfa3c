//! Published vectors, one loop each, over the ring backend.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod data;
mod rfc7515;
mod rfc7517;
mod rfc7519;
mod rfc7520;
mod rfc7638;
mod rfc7797;
mod rfc8037;
mod wycheproof;
