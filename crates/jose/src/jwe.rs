//! JSON Web Encryption ([RFC 7516](https://www.rfc-editor.org/rfc/rfc7516)).

/// What RFC 7518 still registers and nobody should offer.
pub mod dangerous {
    use crate::algorithm::{self, JweAlgorithm};

    /// RSAES-PKCS1-v1_5 ([RFC 7518 §4.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.2)): whoever learns by the
    /// slightest difference whether a key could be decrypted, can decrypt with it
    /// ([RFC 3218](https://www.rfc-editor.org/rfc/rfc3218)).
    pub const RSA1_5: JweAlgorithm = algorithm::RSA1_5;
}
