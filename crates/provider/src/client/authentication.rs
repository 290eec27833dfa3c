//! How a client proves who it is.

use std::fmt;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{JwkSet, JwsAlgorithm};
use avouch_types::{ClientAuthMethod, ClientSecret, Secret};
use serde::{Deserialize, Serialize};

use crate::storage::TokenHash;

/// The least length of a client secret, in octets: what 128 random bits need in base64url.
pub const MIN_SECRET_OCTETS: usize = 22;

/// The one way in which a client authenticates, with what the provider must know for it ([Core §9]).
///
/// [Core §9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `none`: a public client.
    None,
    /// `client_secret_basic`: the secret comes in the Authorization header.
    ClientSecretBasic {
        /// The hash of the secret.
        secret: ClientSecretHash,
    },
    /// `client_secret_post`: the secret comes in the body.
    ClientSecretPost {
        /// The hash of the secret.
        secret: ClientSecretHash,
    },
    /// `private_key_jwt`: an assertion signed by the client's key.
    PrivateKeyJwt {
        /// The client's public keys.
        keys: JwkSet,
        /// The algorithm it signs with.
        #[serde(with = "super::algorithm_name")]
        algorithm: JwsAlgorithm,
    },
}

impl ClientAuthentication {
    /// The registered word for the method.
    #[must_use]
    pub fn method(&self) -> ClientAuthMethod {
        match self {
            Self::None => ClientAuthMethod::NONE,
            Self::ClientSecretBasic { .. } => ClientAuthMethod::CLIENT_SECRET_BASIC,
            Self::ClientSecretPost { .. } => ClientAuthMethod::CLIENT_SECRET_POST,
            Self::PrivateKeyJwt { .. } => ClientAuthMethod::PRIVATE_KEY_JWT,
        }
    }
}

/// SHA-256 of a client secret: what the provider keeps instead of the secret.
///
/// A fast hash hides only what cannot be guessed. It is for secrets that the provider makes (see
/// [`random_token`](avouch_jose::crypto::random_token)), not for such as a person thinks up; anything
/// shorter than [`MIN_SECRET_OCTETS`] is refused. The price of keeping no secret: `client_secret_jwt` and
/// ID Tokens signed with HS256 cannot be had, since both need it.
///
/// ```
/// use avouch_jose::crypto::random_token;
/// use avouch_provider::{ClientAuthentication, ClientSecretHash};
/// use avouch_types::ClientSecret;
///
/// let crypto = avouch_jose_ring::provider();
/// let secret = ClientSecret::new(random_token(&avouch_jose_ring::SystemRandom::new(), 32)?);
/// let authentication =
///     ClientAuthentication::ClientSecretBasic { secret: ClientSecretHash::of(&secret, &crypto)? };
/// assert!(ClientSecretHash::of(&ClientSecret::new("hunter2"), &crypto).is_err());
/// # let _ = authentication;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientSecretHash(TokenHash);

impl ClientSecretHash {
    /// The hash of a secret that the provider has made.
    ///
    /// # Errors
    /// [`ClientSecretTooShort`]
    pub fn of(secret: &ClientSecret, crypto: &CryptoProvider) -> Result<Self, ClientSecretTooShort> {
        let found = secret.expose().len();
        if found < MIN_SECRET_OCTETS {
            return Err(ClientSecretTooShort { found });
        }
        Ok(Self(TokenHash::of(secret.expose(), crypto)))
    }

    /// Whether the presented secret has this hash; takes the same time wherever the hashes differ.
    pub(crate) fn matches(&self, presented: &ClientSecret, crypto: &CryptoProvider) -> bool {
        let presented = TokenHash::of(presented.expose(), crypto);
        // The comparison of `Secret` takes the same time wherever its texts differ.
        Secret::new(self.0.to_string()) == Secret::new(presented.to_string())
    }
}

impl fmt::Debug for ClientSecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecretHash(..)")
    }
}

/// A client secret that can be guessed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a client secret has at least {MIN_SECRET_OCTETS} octets, this one has {found}")]
pub struct ClientSecretTooShort {
    /// How many it has.
    pub found: usize,
}
