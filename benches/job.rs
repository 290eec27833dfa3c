//! The rows of the table and who takes part.

use std::fmt;

use avouch_jose::JwsAlgorithm;

/// One unit of work; whether it went as it should. What is prepared once is captured.
pub type Work = Box<dyn FnMut() -> bool>;

/// The signatures and the MAC that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// RS256, 2048 bits.
    Rs256,
    /// PS256, 2048 bits.
    Ps256,
    /// ES256.
    Es256,
    /// EdDSA with Ed25519.
    EdDsa,
    /// HS256.
    Hs256,
}

impl Signature {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa, Self::Hs256];

    /// Its row in our registry.
    #[must_use]
    pub fn algorithm(self) -> JwsAlgorithm {
        match self {
            Self::Rs256 => JwsAlgorithm::RS256,
            Self::Ps256 => JwsAlgorithm::PS256,
            Self::Es256 => JwsAlgorithm::ES256,
            Self::EdDsa => JwsAlgorithm::EDDSA,
            Self::Hs256 => JwsAlgorithm::HS256,
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.algorithm().name())
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// An ID Token is verified and read into typed claims that own their text.
    Verify(Signature),
    /// An ID Token is verified, and its typed claims are looked at where they are.
    VerifyBorrowed(Signature),
    /// Typed claims become a token.
    Sign(Signature),
    /// The claims are decrypted: A256GCM, the key shared.
    DecryptDirect,
    /// The claims are decrypted: A256GCM, the key wrapped by an agreement on P-256.
    DecryptAgreement,
    /// The claims are decrypted: A256GCM, the key encrypted to an RSA key of 2048 bits with OAEP and SHA-256.
    DecryptRsa,
    /// A JWK Set of 50 keys, RSA and P-256 in turns, is read, and each key prepared.
    KeySet,
    /// As `Verify(HS256)`, with a token of 64 KiB.
    Long,
    /// The same token with a wrong MAC is refused.
    WrongMac,
    /// 1 MiB of periods is refused.
    Dots,
    /// 1 MiB in the shape of a token is refused.
    Garbage,
}

/// What a contender's time is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raw {
    /// ring alone.
    Ring,
    /// aws-lc-rs alone.
    AwsLc,
    /// `serde_json::Value` of the same text.
    Value,
}

/// Somebody who does the work of a row.
pub struct Contender {
    /// What it is called in the table.
    pub name: &'static str,
    /// What its time is divided by, where the row has ratios.
    pub over: Raw,
    /// The work.
    pub work: Work,
}

impl Raw {
    /// What it is called among the contenders.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ring => "raw ring",
            Self::AwsLc => "raw aws-lc",
            Self::Value => "serde_json::Value",
        }
    }
}

impl fmt::Debug for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contender")
            .field("name", &self.name)
            .field("over", &self.over)
            .finish_non_exhaustive()
    }
}

impl Job {
    /// All rows, in the order of the table.
    pub const ALL: [Self; 20] = [
        Self::VerifyBorrowed(Signature::Rs256),
        Self::Verify(Signature::Rs256),
        Self::VerifyBorrowed(Signature::Ps256),
        Self::Verify(Signature::Ps256),
        Self::VerifyBorrowed(Signature::Es256),
        Self::Verify(Signature::Es256),
        Self::VerifyBorrowed(Signature::EdDsa),
        Self::Verify(Signature::EdDsa),
        Self::VerifyBorrowed(Signature::Hs256),
        Self::Verify(Signature::Hs256),
        Self::Sign(Signature::Hs256),
        Self::Sign(Signature::Rs256),
        Self::DecryptDirect,
        Self::DecryptAgreement,
        Self::DecryptRsa,
        Self::KeySet,
        Self::Long,
        Self::WrongMac,
        Self::Dots,
        Self::Garbage,
    ];

    /// Whether the row is a time, not a ratio: the back end has no share in it.
    #[must_use]
    pub fn is_absolute(self) -> bool {
        matches!(self, Self::Dots | Self::Garbage)
    }

    /// What we want to reach: a ratio, or for [`is_absolute`](Self::is_absolute) rows nanoseconds.
    #[must_use]
    pub fn target(self) -> f64 {
        match self {
            Self::VerifyBorrowed(Signature::Hs256) => 3.0,
            Self::Verify(Signature::Hs256) => 3.6,
            Self::VerifyBorrowed(signature) | Self::Verify(signature) => match signature {
                Signature::Rs256 | Signature::Ps256 => 1.07,
                _ => 1.03,
            },
            Self::Sign(Signature::Hs256) => 1.8,
            Self::Sign(_) => 1.01,
            Self::DecryptDirect => 3.0,
            Self::DecryptAgreement => 1.10,
            Self::DecryptRsa => 1.03,
            Self::KeySet => 0.6,
            Self::Long => 2.0,
            Self::WrongMac => 1.5,
            Self::Dots | Self::Garbage => 1000.0,
        }
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verify(algorithm) => write!(f, "verify {algorithm}, owned claims"),
            Self::VerifyBorrowed(algorithm) => write!(f, "verify {algorithm}, borrowed claims"),
            Self::Sign(algorithm) => write!(f, "sign {algorithm}"),
            Self::DecryptDirect => f.write_str("decrypt dir, A256GCM"),
            Self::DecryptAgreement => f.write_str("decrypt ECDH-ES+A256KW, A256GCM"),
            Self::DecryptRsa => f.write_str("decrypt RSA-OAEP-256, A256GCM"),
            Self::KeySet => f.write_str("read 50 keys and prepare them / `Value`"),
            Self::Long => f.write_str("verify HS256, 64 KiB"),
            Self::WrongMac => f.write_str("refuse a wrong MAC"),
            Self::Dots => f.write_str("refuse 1 MiB of dots (ns)"),
            Self::Garbage => f.write_str("refuse 1 MiB of garbage (ns)"),
        }
    }
}
