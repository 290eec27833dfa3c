//! Published vectors, one loop each, over the ring backend.

mod data;
mod rfc7515;
mod rfc7517;
mod rfc7519;
mod rfc7520;
mod rfc7638;
mod rfc7797;
mod rfc8037;
mod wycheproof;
