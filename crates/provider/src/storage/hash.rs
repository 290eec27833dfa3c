//! Hashes under which bearer values are kept.

use std::fmt;

use avouch_jose::base64url;
use avouch_jose::crypto::CryptoProvider;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A stored hash has not 32 octets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a stored hash has 32 octets, this one has {found}")]
pub struct HashLengthError {
    /// How many it has.
    pub found: usize,
}

macro_rules! hash_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Equality takes no care of timing: what is compared are hashes of random values of at least
        /// 128 bits, and an attacker chooses neither.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The hash of a presented value.
            #[must_use]
            pub fn of(value: &str, crypto: &CryptoProvider) -> Self {
                Self(crypto.sha256(value.as_bytes()))
            }

            /// The hash that a store kept.
            #[must_use]
            pub const fn from_array(octets: [u8; 32]) -> Self {
                Self(octets)
            }

            /// The 32 octets.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = HashLengthError;

            fn try_from(octets: &[u8]) -> Result<Self, HashLengthError> {
                octets.try_into().map(Self).map_err(|_| HashLengthError { found: octets.len() })
            }
        }

        impl fmt::Display for $name {
            /// Base64url without padding.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base64url::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let octets = base64url::decode(&text).map_err(de::Error::custom)?;
                Self::try_from(octets.as_slice()).map_err(de::Error::custom)
            }
        }
    };
}

hash_newtype! {
    /// SHA-256 of an authorization code.
    ///
    /// ```
    /// use avouch_provider::storage::CodeHash;
    /// let hash = CodeHash::of("SplxlOBeZQQYbYS6WxSbIA", &avouch_jose_ring::provider());
    /// assert_eq!(CodeHash::try_from(hash.as_bytes().as_slice()), Ok(hash));
    /// ```
    CodeHash
}
hash_newtype! {
    /// SHA-256 of an access or refresh token.
    TokenHash
}
hash_newtype! {
    /// SHA-256 of the session identifier in a browser's cookie.
    SessionHash
}
hash_newtype! {
    /// SHA-256 of the identifier of a pending interaction.
    InteractionHash
}
hash_newtype! {
    /// SHA-256 of the value that tells one browser from another.
    BrowserHash
}
