//! Published vectors, one check for each specification: each runs every vector of its file on the backend.

mod rfc7515;
mod rfc7516;
mod rfc7517;
mod rfc7518;
mod rfc7519;
mod rfc7520;
mod rfc7520_jwe;
mod rfc7638;
mod rfc7797;
mod rfc8037;
mod rfc8705;
mod rfc9964;
mod wycheproof;

use super::VectorCheck;

pub use rfc7515::rfc7515;
pub use rfc7516::rfc7516;
pub use rfc7517::rfc7517;
pub use rfc7518::{rfc7518_cbc_hmac, rfc7518_concat_kdf};
pub use rfc7519::rfc7519;
pub use rfc7520::{rfc7520_keys, rfc7520_signatures};
pub use rfc7520_jwe::{rfc7520_encryption, rfc7520_nesting};
pub use rfc7638::rfc7638;
pub use rfc7797::rfc7797;
pub use rfc8037::rfc8037;
pub use rfc8705::rfc8705;
pub use rfc9964::rfc9964;
pub use wycheproof::{wycheproof_confusion, wycheproof_keys, wycheproof_signatures};

/// Every check of this module by its name, so that a backend's tests can hold its whole account against what is expected.
pub const ALL: &[(&str, VectorCheck)] = &[
    ("rfc7515", rfc7515),
    ("rfc7516", rfc7516),
    ("rfc7517", rfc7517),
    ("rfc7518_cbc_hmac", rfc7518_cbc_hmac),
    ("rfc7518_concat_kdf", rfc7518_concat_kdf),
    ("rfc7519", rfc7519),
    ("rfc7520_keys", rfc7520_keys),
    ("rfc7520_signatures", rfc7520_signatures),
    ("rfc7520_encryption", rfc7520_encryption),
    ("rfc7520_nesting", rfc7520_nesting),
    ("rfc7638", rfc7638),
    ("rfc7797", rfc7797),
    ("rfc8037", rfc8037),
    ("rfc8705", rfc8705),
    ("rfc9964", rfc9964),
    ("wycheproof_signatures", wycheproof_signatures),
    ("wycheproof_keys", wycheproof_keys),
    ("wycheproof_confusion", wycheproof_confusion),
];
