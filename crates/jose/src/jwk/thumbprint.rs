use serde_json::Value;

use super::Jwk;
use super::material::KeyMaterial;
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
        let mut members = self.required_members();
        if let KeyMaterial::Oct(secret) = &self.material {
            members.insert("k".to_owned(), Value::String(base64url::encode(secret)));
        }
        // The order must not hang on how serde_json's map is configured in this build. No name or value needs an escape.
        let mut members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        members.sort_unstable();
        let canonical = zeroize::Zeroizing::new(format!("{{{}}}", members.join(",")));
        base64url::encode(crypto.digest(hash, canonical.as_bytes()))
    }
}
