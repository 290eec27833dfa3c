//! The registry of signature and MAC algorithms: one row each ([RFC 7518 §3.1], [RFC 8037], [RFC 9864]).
//!
//! Nothing outside this file knows an `alg` string; a backend matches on [`SignatureScheme`].
//!
//! `docs/add-an-algorithm.md` tells how a row is added.
//!
//! [RFC 7518 §3.1]: https://www.rfc-editor.org/rfc/rfc7518#section-3.1
//! [RFC 8037]: https://www.rfc-editor.org/rfc/rfc8037
//! [RFC 9864]: https://www.rfc-editor.org/rfc/rfc9864

mod encryption;

use std::error::Error;
use std::fmt;
use std::ops::RangeInclusive;

use crate::hash::HashAlgorithm;
use crate::jwk::{EcCurve, KeyType};
use crate::name::{Quoted, open_name};

pub(crate) use encryption::RSA1_5;
pub use encryption::{
    AesKeySize, AgreementCurve, ContentEncryption, ContentScheme, JweAlgorithm, KeyManagement, RsaPadding,
};

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
    }, and those of registered
}

/// The name as the program has it, if one of the registries has it.
fn registered(name: &str) -> Option<&'static str> {
    let signs = || JwsAlgorithm::from_name(name).map(JwsAlgorithm::name);
    let encrypts = || ContentEncryption::from_name(name).map(ContentEncryption::name);
    let manages = || JweAlgorithm::from_name(name).map(JweAlgorithm::name);
    signs().or_else(encrypts).or_else(manages)
}

impl AlgorithmName {
    /// A name that is part of the program.
    const fn from_static(name: &'static str) -> Self {
        Self(std::borrow::Cow::Borrowed(name))
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
    /// Pure Ed448 ([RFC 8037 §3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1)).
    Ed448,
    /// Pure ML-DSA with an empty context ([RFC 9964](https://www.rfc-editor.org/rfc/rfc9964)).
    MlDsa(MlDsaParameters),
}

/// The parameter sets of ML-DSA ([FIPS 204 §4](https://doi.org/10.6028/NIST.FIPS.204)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MlDsaParameters {
    /// `ML-DSA-44`.
    MlDsa44,
    /// `ML-DSA-65`.
    MlDsa65,
    /// `ML-DSA-87`.
    MlDsa87,
}

impl MlDsaParameters {
    /// Octets of the seed from which a private key is made: the private key of a JWK.
    pub const SEED_LEN: usize = 32;

    /// The algorithm with this parameter set.
    pub const fn algorithm(self) -> JwsAlgorithm {
        match self {
            Self::MlDsa44 => JwsAlgorithm::ML_DSA_44,
            Self::MlDsa65 => JwsAlgorithm::ML_DSA_65,
            Self::MlDsa87 => JwsAlgorithm::ML_DSA_87,
        }
    }

    /// Octets of a public key.
    pub const fn public_len(self) -> usize {
        match self {
            Self::MlDsa44 => 1312,
            Self::MlDsa65 => 1952,
            Self::MlDsa87 => 2592,
        }
    }

    /// Octets of a signature.
    pub const fn signature_len(self) -> usize {
        match self {
            Self::MlDsa44 => 2420,
            Self::MlDsa65 => 3309,
            Self::MlDsa87 => 4627,
        }
    }
}

/// A row of the registry: how one algorithm is called and what it does.
#[derive(Debug)]
struct Row<S> {
    name: &'static str,
    scheme: S,
}

/// Declares one registry: a handle that is copied freely, a constant per row, and reading and writing by name.
macro_rules! registry_handle {
    ($(#[$meta:meta])* $handle:ident, $scheme:ty {
        $($(#[$cmeta:meta])* $constant:ident = $name:literal, $value:expr;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy)]
        pub struct $handle(&'static $crate::algorithm::Row<$scheme>);

        impl $handle {
            $($(#[$cmeta])*
            pub const $constant: Self = Self(&$crate::algorithm::Row { name: $name, scheme: $value });)*

            /// Every algorithm of the registry. A backend may support fewer.
            pub const ALL: &'static [Self] = &[$(Self::$constant,)*];

            /// The algorithm of that exact name, if the registry has it.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$constant),)*
                    _ => None,
                }
            }

            /// The name as it is spelt on the wire.
            pub const fn name(self) -> &'static str {
                self.0.name
            }

            /// What the algorithm does.
            pub const fn scheme(self) -> $scheme {
                self.0.scheme
            }
        }

        impl PartialEq for $handle {
            fn eq(&self, other: &Self) -> bool {
                self.name() == other.name()
            }
        }

        impl Eq for $handle {}

        impl std::hash::Hash for $handle {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.name().hash(state);
            }
        }

        impl std::fmt::Debug for $handle {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::fmt::Display for $handle {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl From<$handle> for $crate::algorithm::AlgorithmName {
            fn from(algorithm: $handle) -> Self {
                Self::from_static(algorithm.name())
            }
        }

        impl std::str::FromStr for $handle {
            type Err = $crate::algorithm::UnknownAlgorithm;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name).ok_or_else(|| $crate::algorithm::UnknownAlgorithm(name.to_owned()))
            }
        }

        impl serde::Serialize for $handle {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $handle {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = $crate::algorithm::AlgorithmName::deserialize(deserializer)?;
                name.as_str().parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

use registry_handle;

use HashAlgorithm::{Sha256, Sha384, Sha512};
use SignatureScheme::{Ecdsa, Ed448, Ed25519, Hmac, MlDsa, RsaPkcs1, RsaPss};

registry_handle! {
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
    JwsAlgorithm, SignatureScheme {
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
        /// ECDSA on secp256k1 with SHA-256 (RFC 8812). The ring backend does not have it.
        ES256K = "ES256K", Ecdsa(EcCurve::Secp256k1, Sha256);
        /// Ed25519 under the older, polymorphic name of RFC 8037, which RFC 9864 deprecates: for peers that know no other.
        /// New deployments use and announce [`ED25519`](Self::ED25519).
        EDDSA = "EdDSA", Ed25519;
        /// Ed25519 under the fully-specified name of RFC 9864.
        ED25519 = "Ed25519", Ed25519;
        /// Ed448 under the fully-specified name of RFC 9864. No backend of ours has it.
        ED448 = "Ed448", Ed448;
        /// ML-DSA with the parameter set 44. The ring backend does not have it.
        ML_DSA_44 = "ML-DSA-44", MlDsa(MlDsaParameters::MlDsa44);
        /// ML-DSA with the parameter set 65. The ring backend does not have it.
        ML_DSA_65 = "ML-DSA-65", MlDsa(MlDsaParameters::MlDsa65);
        /// ML-DSA with the parameter set 87. The ring backend does not have it.
        ML_DSA_87 = "ML-DSA-87", MlDsa(MlDsaParameters::MlDsa87);
    }
}

impl JwsAlgorithm {
    /// The hash inside the algorithm (SHA-512 for Ed25519), which also decides `at_hash` and its kin.
    /// `None` for an algorithm that fixes none.
    pub const fn hash(self) -> Option<HashAlgorithm> {
        match self.0.scheme {
            Hmac(hash) | RsaPkcs1(hash) | RsaPss(hash) | Ecdsa(_, hash) => Some(hash),
            Ed25519 => Some(Sha512),
            // Ed448 has SHAKE256 inside, which is none of SHA-2; ML-DSA fixes none that could serve here
            Ed448 | MlDsa(_) => None,
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
            Ed25519 | Ed448 => KeyType::Okp,
            MlDsa(_) => KeyType::Akp,
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
            Ed448 => 114,
            MlDsa(parameters) => parameters.signature_len(),
        };
        RangeInclusive::new(exactly, exactly)
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

/// The page that tells how to add one: its code is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/add-an-algorithm.md")]
struct AddAnAlgorithm;
