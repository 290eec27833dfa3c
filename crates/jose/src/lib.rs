#![doc = include_str!("../README.md")]
//!
//! # The room
//!
//! A JOSE object's bytes, its header, the keys and the policy under which it is believed; true without OAuth.
//!
//! | to | look in |
//! |---|---|
//! | name an algorithm | [`JwsAlgorithm`], [`AlgorithmName`], [`SignatureScheme`] |
//! | read and write keys | [`Jwk`], [`JwkSet`], [`KeyMaterial`] |
//! | compare certificates, name a key by its hash | [`CertificateChain`], [`ThumbprintUri`] |
//! | prepare keys once | [`VerifyingKey`], [`VerifyingKeys`], [`SigningKey`] |
//! | verify and sign bytes | [`jws`] |
//! | decrypt and encrypt bytes | [`jwe`], [`DecryptionKeys`], [`EncryptionKey`] |
//! | verify and sign claims | [`jwt`], [`NumericDate`] |
//! | know that something was checked | [`Verified`], [`Checked`] |
//! | write a backend | [`crypto`] |
//!
//! # Not here
//!
//! - A backend: `avouch-jose-ring` is one; [`crypto`] says how to write another.
//! - Issuers of tokens as OpenID providers, scopes, clients, ID Tokens: `avouch-tokens` and above.
//! - A clock, a socket, a source of randomness: `now`, fetched bytes and [`crypto::SecureRandom`] are arguments.
//! - Trust in certificates: they are carried and matched, never a source of keys.
//! - The algorithm `none`: it has no row in the registry, so nothing can select it. Unsecured JWTs go through
//!   [`jwt::dangerous`] alone.

mod algorithm;
pub mod base64url;
mod certificates;
pub mod crypto;
mod hash;
pub mod jwe;
mod jwk;
pub mod jws;
pub mod jwt;
mod key;
mod limits;
mod name;
mod numeric_date;
mod serialization;
mod verified;

pub use algorithm::{
    AesKeySize, AgreementCurve, AlgorithmName, ContentEncryption, ContentScheme, JweAlgorithm, JwsAlgorithm,
    KeyManagement, MlDsaParameters, RsaPadding, SignatureScheme, UnknownAlgorithm,
};
pub use certificates::{CertificateChain, CertificateError, certificate_thumbprint};
pub use hash::{HashAlgorithm, HashValue, left_half_hash};
pub use jwk::{
    AkpKey, EcCurve, EcKey, Jwk, JwkError, JwkSet, JwkSetError, KeyMaterial, KeyOp, KeyType, KeyUse,
    OkpCurve, OkpKey, PublicationError, RsaCrt, RsaKey, RsaPrivate, SecretOctets, SkippedKey, ThumbprintUri,
    ThumbprintUriError,
};
pub use key::{
    DecryptionKey, DecryptionKeys, EncryptionCandidates, EncryptionKey, KeyError, RejectedDecryptionKey,
    RejectedEncryptionKey, RejectedKey, Selection, SigningKey, VerifyingKey, VerifyingKeys,
};
pub use limits::Limits;
pub use numeric_date::{NumericDate, NumericDateError};
pub use serialization::{CompactForm, Serialization};
pub use verified::{Checked, Verified};
