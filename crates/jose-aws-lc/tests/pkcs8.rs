//! Private keys in PKCS#8, as OpenSSL writes them and as they are put together here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_jose::jws::{HeaderParameters, UnverifiedJws, sign_compact};
use avouch_jose::{
    JwsAlgorithm as A, KeyError, KeyMaterial, Limits, MlDsaParameters, SigningKey, VerifyingKey,
    VerifyingKeys,
};

const RSA_2048: &[u8] = include_bytes!("data/rsa-2048.pk8");
const RSA_1024: &[u8] = include_bytes!("data/rsa-1024.pk8");
const P_256: &[u8] = include_bytes!("data/p-256.pk8");
const P_256_WITHOUT_PUBLIC: &[u8] = include_bytes!("data/p-256-without-public.pk8");
const P_384: &[u8] = include_bytes!("data/p-384.pk8");
const P_521: &[u8] = include_bytes!("data/p-521.pk8");
const SECP256K1: &[u8] = include_bytes!("data/secp256k1.pk8");
const ED25519: &[u8] = include_bytes!("data/ed25519.pk8");

const RSA: [A; 6] = [A::RS256, A::RS384, A::RS512, A::PS256, A::PS384, A::PS512];
const ML_DSA: [(A, MlDsaParameters); 3] = [
    (A::ML_DSA_44, MlDsaParameters::MlDsa44),
    (A::ML_DSA_65, MlDsaParameters::MlDsa65),
    (A::ML_DSA_87, MlDsaParameters::MlDsa87),
];

fn import(der: &[u8], algorithm: A) -> Result<SigningKey, KeyError> {
    SigningKey::from_pkcs8(der, algorithm, None, &avouch_jose_aws_lc::provider())
}

/// A seed of ML-DSA in its PKCS#8 (RFC 9881, section 6): the last octet of its object identifier tells the set.
fn ml_dsa_seed(parameters: MlDsaParameters, seed: [u8; 32]) -> Vec<u8> {
    let last = match parameters {
        MlDsaParameters::MlDsa44 => 17,
        MlDsaParameters::MlDsa65 => 18,
        MlDsaParameters::MlDsa87 => 19,
    };
    let head = [
        0x30, 0x34, 0x02, 0x01, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03,
    ];
    [&head[..], &[last, 0x04, 0x22, 0x80, 0x20], &seed].concat()
}

/// Signs with the imported key and verifies with the public half it tells.
#[test]
fn import_sign_publish_verify() {
    let crypto = avouch_jose_aws_lc::provider();
    let ml_dsa = ML_DSA.map(|(algorithm, parameters)| (algorithm, ml_dsa_seed(parameters, [7; 32])));
    let mut keys: Vec<(&[u8], &[A])> = vec![
        (RSA_2048, &RSA),
        (P_256, &[A::ES256]),
        (P_256_WITHOUT_PUBLIC, &[A::ES256]),
        (P_384, &[A::ES384]),
        (P_521, &[A::ES512]),
        (SECP256K1, &[A::ES256K]),
        (ED25519, &[A::EDDSA, A::ED25519]),
    ];
    keys.extend(ml_dsa.iter().map(|(algorithm, der)| (&der[..], std::slice::from_ref(algorithm))));
    for (der, algorithms) in keys {
        for &algorithm in algorithms {
            let key = import(der, algorithm).unwrap();
            let jwk = key.public_jwk().unwrap();
            assert!(!jwk.is_private());
            assert_eq!(jwk.alg(), Some(algorithm.name()));
            let token = sign_compact(&HeaderParameters::new(), b"payload", &key).unwrap();
            let keys = VerifyingKeys::single(VerifyingKey::prepare(jwk, algorithm, &crypto).unwrap());
            let content = UnverifiedJws::parse(&token, &Limits::default()).unwrap().verify(&keys).unwrap();
            assert_eq!(content.payload(), b"payload");
        }
    }
    let public = |der| import(der, A::ES256).unwrap().public_jwk().unwrap().material().clone();
    assert_eq!(public(P_256), public(P_256_WITHOUT_PUBLIC));
}

/// The other backend reads the same keys out of the same documents.
#[test]
fn as_ring_reads_them() {
    let ring = avouch_jose_ring::provider().signatures;
    let aws_lc = avouch_jose_aws_lc::provider().signatures;
    for (der, algorithm) in
        [(RSA_2048, A::RS256), (P_256, A::ES256), (P_384, A::ES384), (ED25519, A::ED25519)]
    {
        let (_, theirs) = ring.prepare_signer_pkcs8(algorithm, der).unwrap();
        let (_, ours) = aws_lc.prepare_signer_pkcs8(algorithm, der).unwrap();
        assert_eq!(ours, theirs, "{algorithm}");
        assert!(!ours.is_private());
    }
}

/// A seed in PKCS#8 is the key that the same seed makes as a JWK.
#[test]
fn ml_dsa_seeds() {
    let signatures = avouch_jose_aws_lc::provider().signatures;
    for (algorithm, parameters) in ML_DSA {
        let made = signatures.generate(algorithm).unwrap();
        let KeyMaterial::Akp(key) = &made else { panic!("{made:?}") };
        let seed = key.seed().unwrap().expose().try_into().unwrap();
        let (_, public) = signatures.prepare_signer_pkcs8(algorithm, &ml_dsa_seed(parameters, seed)).unwrap();
        assert_eq!(Some(public), made.public(), "{algorithm}");
    }
}

/// The expanded key of ML-DSA, alone or beside its seed, is the same key; beside another seed it is refused.
#[test]
fn ml_dsa_expanded_keys() {
    use aws_lc_rs::encoding::AsRawBytes as _;
    use aws_lc_rs::signature::{ML_DSA_65_SIGNING, PqdsaKeyPair};

    let length = |length: usize| [0x82, (length >> 8) as u8, length as u8];
    let document = |key: &[u8]| {
        let algorithm = [0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 18];
        let key = [&[0x04][..], &length(key.len()), key].concat();
        let content = [&[0x02, 0x01, 0x00][..], &algorithm, &key].concat();
        [&[0x30][..], &length(content.len()), &content].concat()
    };
    let pair = PqdsaKeyPair::from_seed(&ML_DSA_65_SIGNING, &[7; 32]).unwrap();
    let expanded = pair.private_key().as_raw_bytes().unwrap();
    let expanded = [&[0x04][..], &length(expanded.as_ref().len()), expanded.as_ref()].concat();
    let both = |seed: u8| {
        let content = [&[0x04, 0x20][..], &[seed; 32], &expanded].concat();
        document(&[&[0x30][..], &length(content.len()), &content].concat())
    };
    let public = |der: &[u8]| import(der, A::ML_DSA_65).map(|key| key.public_jwk().unwrap().clone());
    let expected = public(&ml_dsa_seed(MlDsaParameters::MlDsa65, [7; 32])).unwrap();
    assert_eq!(public(&document(&expanded)).as_ref(), Ok(&expected));
    assert_eq!(public(&both(7)).as_ref(), Ok(&expected));
    assert!(matches!(public(&both(8)), Err(KeyError::Rejected { .. })));
}

/// Proves ALG-02, ALG-08. Another type, another curve, another parameter set, too small.
#[test]
fn refused_keys() {
    assert!(matches!(
        import(RSA_1024, A::RS256),
        Err(KeyError::Rejected { .. } | KeyError::RsaTooSmall { .. })
    ));
    let ml_dsa_44 = ml_dsa_seed(MlDsaParameters::MlDsa44, [7; 32]);
    for (der, algorithm) in [
        (P_256, A::ES384),
        (P_256, A::ES256K),
        (SECP256K1, A::ES256),
        (P_384, A::ES256),
        (P_521, A::ES384),
        (P_256, A::RS256),
        (RSA_2048, A::ES256),
        (ED25519, A::ES256),
        (P_256, A::ED25519),
        (RSA_2048, A::ML_DSA_44),
        (&ml_dsa_44, A::ML_DSA_65),
        (&ml_dsa_44, A::ED25519),
        (&ml_dsa_44, A::RS256),
    ] {
        assert!(matches!(import(der, algorithm), Err(KeyError::Rejected { .. })), "{algorithm}");
    }
    for algorithm in [A::ED448, A::HS256] {
        assert!(matches!(import(P_256, algorithm), Err(KeyError::Unsupported { .. })));
    }
}

/// Proves ERR-04, JWK-13. Cut anywhere or with any octet changed, a document is refused or is another key, never a
/// panic; and the public key inside belongs to the private one.
#[test]
fn damaged_documents() {
    for (der, algorithm) in [
        (P_256, A::ES256),
        (P_384, A::ES384),
        (P_521, A::ES512),
        (SECP256K1, A::ES256K),
        (ED25519, A::ED25519),
    ] {
        for end in 0..der.len() {
            assert!(import(&der[..end], algorithm).is_err());
        }
        assert!(import(&[der, &[0]].concat(), algorithm).is_err(), "{algorithm}");
        let accepted: Vec<_> = (0..der.len())
            .filter(|at| {
                let mut damaged = der.to_vec();
                damaged[*at] ^= 1;
                import(&damaged, algorithm).is_ok()
            })
            .collect();
        // the second version of the format, which is read too; and an Ed25519 document of OpenSSL has no public key in it
        let version = der.windows(3).position(|octets| octets == [2, 1, 0]).unwrap() + 2;
        let seed = if algorithm == A::ED25519 { der.len() - 32..der.len() } else { 0..0 };
        assert_eq!(accepted, [version].into_iter().chain(seed).collect::<Vec<_>>(), "{algorithm}");
    }
    let ml_dsa = ml_dsa_seed(MlDsaParameters::MlDsa65, [7; 32]);
    for end in 0..ml_dsa.len() {
        assert!(import(&ml_dsa[..end], A::ML_DSA_65).is_err());
    }
    assert!(import(&[&ml_dsa[..], &[0]].concat(), A::ML_DSA_65).is_err());
}

/// Proves ERR-04, JWK-13. Of the kilobyte of an RSA key, any octet: no document but the whole one is a key.
#[test]
fn damaged_rsa_documents() {
    for end in 0..RSA_2048.len() {
        assert!(import(&RSA_2048[..end], A::RS256).is_err());
    }
    assert!(import(&[RSA_2048, &[0]].concat(), A::RS256).is_err());
    for at in 0..RSA_2048.len() {
        let mut damaged = RSA_2048.to_vec();
        damaged[at] ^= 1;
        assert!(import(&damaged, A::RS256).is_err(), "octet {at}");
    }
    // as ring says it
    let mut damaged = RSA_2048.to_vec();
    *damaged.last_mut().unwrap() ^= 2;
    assert!(matches!(import(&damaged, A::RS256), Err(KeyError::PrivateDoesNotMatchPublic)));
}

/// A document is read in one encoding only, and nothing stands in it that is not read; but for attributes, which say
/// nothing of the key.
#[test]
fn other_encodings_of_rsa_keys() {
    let value = |tag: u8, content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], &length[..], content].concat()
    };
    let document = |sequence: &[u8], after: &[u8]| {
        let head = &RSA_2048[4..22];
        value(0x30, &[head, &value(0x04, sequence), after].concat())
    };
    let integers = &RSA_2048[30..];
    let is_read = |document: &[u8]| match import(document, A::RS256) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error, KeyError::Rejected { reason: "it is not encoded as it must be" });
            false
        }
    };
    let whole = value(0x30, integers);
    assert_eq!(document(&whole, &[]), RSA_2048);
    assert!(is_read(&document(&whole, &[0xa0, 0x00])));

    assert!(!is_read(&document(&value(0x30, &[integers, &[2, 1, 5]].concat()), &[])), "another integer");
    assert!(!is_read(&document(&[&whole[..], &[5, 0]].concat(), &[])), "more than a key");
    let exponent = [2, 3, 1, 0, 1];
    let at = integers.windows(5).position(|octets| octets == exponent).unwrap();
    for written in [
        // a zero octet that no sign needs; lengths that are longer than they must be; no integer; a negative one
        &[2, 4, 0, 1, 0, 1][..],
        &[2, 0x81, 3, 1, 0, 1],
        &[2, 0x82, 0, 3, 1, 0, 1],
        &[2, 0],
        &[2, 1, 0],
        &[2, 3, 0x81, 0, 1],
        &[4, 3, 1, 0, 1],
    ] {
        let integers = [&integers[..at], written, &integers[at + 5..]].concat();
        assert!(!is_read(&document(&value(0x30, &integers), &[])), "{written:?}");
    }
}

/// Proves JWK-13. The public key that an Ed25519 document may hold is that of its seed.
#[test]
fn ed25519_with_public_key() {
    let seed = &ED25519[ED25519.len() - 32..];
    let jwk = import(ED25519, A::ED25519).unwrap().public_jwk().unwrap().clone();
    let KeyMaterial::Okp(public) = jwk.material() else { panic!("{jwk:?}") };
    let document = |public: &[u8]| {
        let head =
            [0x30, 0x51, 0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        [&head[..], seed, &[0x81, 0x21, 0x00], public].concat()
    };
    assert!(import(&document(public.x()), A::ED25519).is_ok());
    let mut other = public.x().to_vec();
    other[0] ^= 1;
    assert!(import(&document(&other), A::ED25519).is_err());
}
