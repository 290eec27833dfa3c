//! The registry of signature and MAC algorithms: one row each ([RFC 7518 §3.1], [RFC 8037], [RFC 9864]).
//!
//! Nothing outside this file knows an `alg` string; a backend matches on [`SignatureScheme`].
//!
//! [RFC 7518 §3.1]: https://www.rfc-editor.org/rfc/rfc7518#section-3.1
//! [RFC 8037]: https://www.rfc-editor.org/rfc/rfc8037
//! [RFC 9864]: https://www.rfc-editor.org/rfc/rfc9864

use std::error::Error;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::hash::HashAlgorithm;
use crate::jwk::{EcCurve, KeyType};
use crate::name::{Quoted, open_name};

/// Bits an RSA modulus needs at least ([RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)).
pub(crate) const RSA_MINIMUM_BITS: usize = 2048;

/// Bits an RSA modulus has at most: the time to verify grows with their square
/// ([RFC 7518 §8.6](https://www.rfc-editor.org/rfc/rfc7518#section-8.6)). It cannot be raised, as yet: ring goes no
/// further, and nobody has larger keys.
pub(crate) const RSA_MAXIMUM_BITS: usize = 8192;

open_name! {
    /// The name of any JOSE algorithm, known here or not: what metadata lists and headers carry.
    ///
    /// Compared by code point; `hs256` is not `HS256` ([RFC 7515 §5.3]).
    ///
    /// ```
    /// use avouch_jose::{AlgorithmName, JwsAlgorithm};
    ///
    /// let announced = AlgorithmName::from("ES256");
    /// assert_eq!(announced.as_str().parse(), Ok(JwsAlgorithm::ES256));
    /// assert_eq!(AlgorithmName::from(JwsAlgorithm::ES256), announced);
    /// ```
    ///
    /// [RFC 7515 §5.3]: https://www.rfc-editor.org/rfc/rfc7515#section-5.3
    AlgorithmName {
        /// `none`: an unsecured JWS. A name that metadata may list; no [`JwsAlgorithm`] has it.
        NONE = "none",
    }
}

impl From<JwsAlgorithm> for AlgorithmName {
    fn from(algorithm: JwsAlgorithm) -> Self {
        Self(algorithm.name().into())
    }
}

/// What an algorithm does, without its name: all that a backend needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// HMAC with SHA-2 ([RFC 7518 §3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2)).
    Hmac(HashAlgorithm),
    /// RSASSA-PKCS1-v1_5 ([RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)).
    RsaPkcs1(HashAlgorithm),
    /// RSASSA-PSS, MGF1 with the same hash, salt as long as the hash
    /// ([RFC 7518 §3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.5)).
    RsaPss(HashAlgorithm),
    /// ECDSA, signature as fixed-width R then S
    /// ([RFC 7518 §3.4](https://www.rfc-editor.org/rfc/rfc7518#section-3.4)).
    Ecdsa(EcCurve, HashAlgorithm),
    /// Pure Ed25519 ([RFC 8037 §3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1)).
    Ed25519,
}

/// A row of the registry: how one algorithm is called and what it does.
#[derive(Debug)]
struct Row {
    name: &'static str,
    scheme: SignatureScheme,
}

/// A signature or MAC algorithm this crate knows: a handle to its row in the registry.
///
/// Two handles are equal when their names are. `EdDSA` and `Ed25519` are two names ([RFC 9864 §2]): a list with one
/// does not admit the other. `EdDSA` means Ed25519 here; Ed448 has its own name in RFC 9864.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, KeyType};
///
/// let algorithm: JwsAlgorithm = "PS384".parse()?;
/// assert_eq!(algorithm, JwsAlgorithm::PS384);
/// assert_eq!(algorithm.key_type(), KeyType::Rsa);
/// assert!("none".parse::<JwsAlgorithm>().is_err());
/// # Ok::<(), avouch_jose::UnknownAlgorithm>(())
/// ```
///
/// [RFC 9864 §2]: https://www.rfc-editor.org/rfc/rfc9864#section-2
#[derive(Clone, Copy)]
pub struct JwsAlgorithm(&'static Row);

macro_rules! registry {
    ($($(#[$meta:meta])* $constant:ident = $name:literal, $scheme:expr;)*) => {
        impl JwsAlgorithm {
            $($(#[$meta])* pub const $constant: Self = Self(&Row { name: $name, scheme: $scheme });)*

            /// Every algorithm of the registry. A backend may support fewer:
            /// see [`SignatureBackend::supports`](crate::crypto::SignatureBackend::supports).
            pub const ALL: &'static [Self] = &[$(Self::$constant,)*];
        }
    };
}

use HashAlgorithm::{Sha256, Sha384, Sha512};
use SignatureScheme::{Ecdsa, Ed25519, Hmac, RsaPkcs1, RsaPss};

registry! {
    /// HMAC with SHA-256; key of at least 32 octets.
    HS256 = "HS256", Hmac(Sha256);
    /// HMAC with SHA-384; key of at least 48 octets.
    HS384 = "HS384", Hmac(Sha384);
    /// HMAC with SHA-512; key of at least 64 octets.
    HS512 = "HS512", Hmac(Sha512);
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256 = "RS256", RsaPkcs1(Sha256);
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384 = "RS384", RsaPkcs1(Sha384);
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512 = "RS512", RsaPkcs1(Sha512);
    /// RSASSA-PSS with SHA-256.
    PS256 = "PS256", RsaPss(Sha256);
    /// RSASSA-PSS with SHA-384.
    PS384 = "PS384", RsaPss(Sha384);
    /// RSASSA-PSS with SHA-512.
    PS512 = "PS512", RsaPss(Sha512);
    /// ECDSA on P-256 with SHA-256.
    ES256 = "ES256", Ecdsa(EcCurve::P256, Sha256);
    /// ECDSA on P-384 with SHA-384.
    ES384 = "ES384", Ecdsa(EcCurve::P384, Sha384);
    /// ECDSA on P-521 with SHA-512. The ring backend does not have it.
    ES512 = "ES512", Ecdsa(EcCurve::P521, Sha512);
    /// Ed25519 under the older, polymorphic name of RFC 8037.
    EDDSA = "EdDSA", Ed25519;
    /// Ed25519 under the fully-specified name of RFC 9864.
    ED25519 = "Ed25519", Ed25519;
}

impl JwsAlgorithm {
    /// The algorithm of that exact name, if the registry has it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name)
    }

    /// The value of `alg`.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// What the algorithm does.
    pub const fn scheme(self) -> SignatureScheme {
        self.0.scheme
    }

    /// The hash inside the algorithm (SHA-512 for Ed25519), which also decides `at_hash` and its kin.
    /// `None` for an algorithm that fixes none.
    pub const fn hash(self) -> Option<HashAlgorithm> {
        match self.0.scheme {
            Hmac(hash) | RsaPkcs1(hash) | RsaPss(hash) | Ecdsa(_, hash) => Some(hash),
            Ed25519 => Some(Sha512),
        }
    }

    /// True if one secret both signs and verifies.
    pub const fn is_symmetric(self) -> bool {
        matches!(self.0.scheme, Hmac(_))
    }

    /// The `kty` of the keys it works with.
    pub const fn key_type(self) -> KeyType {
        match self.0.scheme {
            Hmac(_) => KeyType::Oct,
            RsaPkcs1(_) | RsaPss(_) => KeyType::Rsa,
            Ecdsa(..) => KeyType::Ec,
            Ed25519 => KeyType::Okp,
        }
    }

    /// How many octets a signature may have: one number for most, and for RSA those of the keys that are accepted, since
    /// an RSA signature is as long as its key.
    pub const fn signature_len(self) -> RangeInclusive<usize> {
        let exactly = match self.0.scheme {
            RsaPkcs1(_) | RsaPss(_) => {
                return RangeInclusive::new(RSA_MINIMUM_BITS / 8, RSA_MAXIMUM_BITS / 8);
            }
            Hmac(hash) => hash.output_len(),
            Ecdsa(curve, _) => 2 * curve.coordinate_len(),
            Ed25519 => 64,
        };
        RangeInclusive::new(exactly, exactly)
    }
}

impl PartialEq for JwsAlgorithm {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for JwsAlgorithm {}

impl std::hash::Hash for JwsAlgorithm {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Debug for JwsAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for JwsAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No algorithm of the registry has this name. `none` in any spelling ends here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAlgorithm(pub String);

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown algorithm {}", Quoted(&self.0))
    }
}

impl Error for UnknownAlgorithm {}

impl FromStr for JwsAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Self::from_name(name).ok_or_else(|| UnknownAlgorithm(name.to_owned()))
    }
}

impl Serialize for JwsAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for JwsAlgorithm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = AlgorithmName::deserialize(deserializer)?;
        name.as_str().parse().map_err(serde::de::Error::custom)
    }
}
