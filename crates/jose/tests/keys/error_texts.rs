use std::collections::BTreeSet;
use std::error::Error;

use avouch_jose::crypto::RandomError;
use avouch_jose::{
    CertificateError, ContentEncryption, JweAlgorithm, JwsAlgorithm, KeyError, KeyOp, KeyType, KeyUse,
};

use JwsAlgorithm as A;

/// Proves ERR-04. What a caller reads of each broken rule: the rule, and the values that break it.
#[test]
fn key_errors() {
    let texts = [
        (KeyError::NoAlgorithms, "the list of allowed algorithms is empty"),
        (
            KeyError::SymmetricAlgorithm(A::HS256.into()),
            "HS256 is symmetric: its key does not come from a set of public keys",
        ),
        (KeyError::SymmetryMixed, "symmetric and asymmetric keys are mixed"),
        (KeyError::SecretInPublicSet, "a private or symmetric key stands in a set of public keys"),
        (
            KeyError::KeyType { algorithm: A::ES256.into(), expected: KeyType::Ec, found: KeyType::Oct },
            "ES256 needs a key of type EC, not oct",
        ),
        (
            KeyError::Curve { algorithm: A::ES256.into(), expected: "P-256", found: "secp256k1" },
            "ES256 needs a key on P-256, not secp256k1",
        ),
        (
            KeyError::Algorithm { algorithm: A::RS256.into(), found: "RSA\n".to_owned() },
            "the key is for \"RSA\\n\", not for RS256",
        ),
        (KeyError::Use(KeyUse::ENCRYPTION), "the key is for use \"enc\", which is not what it was to do"),
        (KeyError::KeyOps(KeyOp::VERIFY), "the key's operations do not include \"verify\""),
        (
            KeyError::UseContradictsKeyOps { key_use: KeyUse::SIGNATURE, op: KeyOp::ENCRYPT },
            "the key's use \"sig\" does not go with its operation \"encrypt\"",
        ),
        (KeyError::RsaTooSmall { bits: 1024, minimum: 2048 }, "an RSA key of 1024 bits is smaller than 2048"),
        (KeyError::RsaTooLarge { bits: 9000, maximum: 8192 }, "an RSA key of 9000 bits is larger than 8192"),
        (KeyError::RsaExponent, "the RSA public exponent is not an odd number from 3 up to 256 bits"),
        (KeyError::RsaModulusEven, "the RSA modulus is even"),
        (KeyError::RsaPrimesMissing, "the private RSA key lacks its prime factors"),
        (KeyError::SecretTooShort { octets: 8, minimum: 32 }, "a secret of 8 octets is shorter than 32"),
        (
            KeyError::Certificate(CertificateError::Malformed { field: "issuer" }),
            "the key's certificate cannot be read",
        ),
        (KeyError::CertificateOfAnotherKey, "the certificate beside the key is of another key"),
        (
            KeyError::CertificateThumbprint,
            "the key's \"x5t#S256\" is not of the first certificate in its \"x5c\"",
        ),
        (
            KeyError::SecretLength { algorithm: JweAlgorithm::A128KW.into(), expected: 16, found: 32 },
            "A128KW needs a key of 16 octets, not 32",
        ),
        (
            KeyError::NotForAgreement { algorithm: JweAlgorithm::ECDH_ES.into(), found: "Ed25519" },
            "ECDH-ES needs a key to agree with, which one on Ed25519 is not",
        ),
        (
            KeyError::OtherConstructor { algorithm: JweAlgorithm::DIR.into(), constructor: "direct" },
            "keys for dir are made with direct",
        ),
        (
            KeyError::EncryptionNotAllowed(ContentEncryption::A128GCM.into()),
            "the key is for A128GCM, which is not allowed",
        ),
        (KeyError::RsaPaddingsMixed, "one RSA key is to decrypt with RSA1_5 and with another padding"),
        (KeyError::PasswordEmpty, "the password is empty"),
        (
            KeyError::PasswordIterations { found: 1, minimum: 1000, maximum: 1_000_000 },
            "1 rounds of PBES2 are not between 1000 and 1000000",
        ),
        (KeyError::NotPrivate, "the key has no private part"),
        (KeyError::PrivateDoesNotMatchPublic, "the private part does not belong to the public part"),
        (
            KeyError::Unsupported { algorithm: JweAlgorithm::A192KW.into(), what: "AES-192" },
            "the backend does not support A192KW: AES-192",
        ),
        (
            KeyError::Rejected { reason: "a point off its curve" },
            "the key is not valid: a point off its curve",
        ),
        (KeyError::Random(RandomError), "no key can be generated"),
    ];
    for (error, text) in &texts {
        assert_eq!(error.to_string(), *text);
    }
    assert_eq!(texts.iter().map(|(_, text)| text).collect::<BTreeSet<_>>().len(), texts.len());
    let long = KeyError::Algorithm { algorithm: A::RS256.into(), found: "x".repeat(10_000) };
    assert!(long.to_string().len() < 200, "a peer's text is cut");
}

/// The cause is told on, where there is one.
#[test]
fn sources() {
    let certificate = CertificateError::TooLong { octets: 70_000, limit: 65_536 };
    let source = |error: &KeyError| error.source().map(ToString::to_string);
    assert_eq!(
        source(&KeyError::Certificate(certificate)).as_deref(),
        Some("a certificate of 70000 octets exceeds the limit of 65536")
    );
    let malformed = CertificateError::Malformed { field: "subject" };
    assert_eq!(malformed.to_string(), "not a certificate in DER: its subject cannot be read");
    assert!(source(&KeyError::Random(RandomError)).is_some());
    assert_eq!(source(&KeyError::NotPrivate), None);
}
