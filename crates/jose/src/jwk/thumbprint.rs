use super::Jwk;
use crate::base64url;
use crate::crypto::CryptoProvider;
use crate::hash::HashAlgorithm;

impl Jwk {
    /// The thumbprint of the key, base64url encoded ([RFC 7638]). A private key has that of its public key.
    ///
    /// It is computed over the decoded key, so one key has one thumbprint however it was written. The thumbprint of a
    /// symmetric key helps to guess it: keep it secret ([RFC 7638 §7]).
    ///
    /// [RFC 7638]: https://www.rfc-editor.org/rfc/rfc7638
    /// [RFC 7638 §7]: https://www.rfc-editor.org/rfc/rfc7638#section-7
    pub fn thumbprint(&self, hash: HashAlgorithm, crypto: &CryptoProvider) -> String {
        base64url::encode(crypto.digest(hash, self.canonical_json().as_bytes()))
    }
}
