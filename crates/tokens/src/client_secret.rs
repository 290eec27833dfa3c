//! Keys for tokens under a MAC with the client secret.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{JwsAlgorithm, KeyError, SigningKey, VerifyingKey, VerifyingKeys};
use avouch_types::ClientSecret;

/// The key to verify tokens that are signed with a client secret (HS256, HS384, HS512): the octets of its UTF-8 text,
/// neither decoded nor hashed
/// ([Core 10.1](https://openid.net/specs/openid-connect-core-1_0.html#SigEnc)).
///
/// ```
/// use avouch_jose::JwsAlgorithm;
/// use avouch_tokens::client_secret_keys;
/// use avouch_types::ClientSecret;
///
/// let crypto = avouch_jose_ring::provider();
/// let secret = ClientSecret::new("cf136dc3c1fc93f31185e5885805d-cf136dc3c1");
/// assert!(client_secret_keys(&secret, JwsAlgorithm::HS256, &crypto).is_ok());
/// assert!(client_secret_keys(&secret, JwsAlgorithm::HS512, &crypto).is_err()); // needs 64 octets
/// assert!(client_secret_keys(&secret, JwsAlgorithm::RS256, &crypto).is_err());
/// ```
///
/// # Errors
///
/// [`KeyError`] if the algorithm is no MAC, or the secret is shorter than its hash value
/// ([Core 16.19](https://openid.net/specs/openid-connect-core-1_0.html#SymmetricKeyEntropy)).
pub fn client_secret_keys(
    secret: &ClientSecret,
    algorithm: JwsAlgorithm,
    crypto: &CryptoProvider,
) -> Result<VerifyingKeys, KeyError> {
    VerifyingKey::hmac_secret(secret.expose().as_bytes(), algorithm, crypto).map(VerifyingKeys::single)
}

/// The key to sign tokens with a client secret; see [`client_secret_keys`].
///
/// # Errors
///
/// As [`client_secret_keys`].
pub fn client_secret_signing_key(
    secret: &ClientSecret,
    algorithm: JwsAlgorithm,
    crypto: &CryptoProvider,
) -> Result<SigningKey, KeyError> {
    SigningKey::hmac_secret(secret.expose().as_bytes(), algorithm, crypto)
}
