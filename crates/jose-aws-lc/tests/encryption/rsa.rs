use avouch_jose::jwe::Reader;
use avouch_jose::{
    AesKeySize, ContentEncryption, DecryptionKey, DecryptionKeys, JweAlgorithm, Jwk, KeyError, KeyMaterial,
    RsaKey, RsaPadding, RsaPrivate, SecretOctets, base64url,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::{backend, hex};

const PADDINGS: [RsaPadding; 5] = [
    RsaPadding::Pkcs1v15,
    RsaPadding::OaepSha1,
    RsaPadding::OaepSha256,
    RsaPadding::OaepSha384,
    RsaPadding::OaepSha512,
];

fn example(id: &str) -> Value {
    let file: Value = serde_json::from_slice(include_bytes!("../data/rfc7516.json")).unwrap();
    file["vectors"].as_array().unwrap().iter().find(|vector| vector["id"] == id).unwrap().clone()
}

fn key(id: &str) -> RsaKey {
    match Jwk::from_value(example(id)["jwk"].clone()).unwrap().material() {
        KeyMaterial::Rsa(key) => key.clone(),
        other => panic!("{other:?}"),
    }
}

/// Octets that the private key made of an example's key must decrypt.
#[test]
fn known_answers() {
    for (id, padding) in [("A.1", RsaPadding::OaepSha1), ("A.2", RsaPadding::Pkcs1v15)] {
        let example = example(id);
        let encrypted = base64url::decode(example["encrypted_key"].as_str().unwrap()).unwrap();
        let decrypter = backend().rsa_decrypter(padding, &key(id)).unwrap();
        let decrypted = decrypter.decrypt(&encrypted).unwrap();
        assert_eq!(*decrypted, hex(example["cek"].as_str().unwrap()), "{id}");
        // each padding is its own
        for other in PADDINGS.into_iter().filter(|other| *other != padding) {
            assert!(
                backend().rsa_decrypter(other, &key(id)).unwrap().decrypt(&encrypted).is_err(),
                "{other:?}"
            );
        }
    }
}

/// A JWE with this content key, which somebody encrypted.
fn jwe(alg: &str, encrypted_key: &[u8], content_key: &[u8]) -> String {
    let header = base64url::encode(format!(r#"{{"alg":"{alg}","enc":"A256GCM"}}"#));
    let (iv, mut in_out) = ([1; 12], *b"plaintext");
    let aes = backend().aes_gcm(AesKeySize::Aes256, content_key).unwrap();
    let tag = aes.encrypt(&iv, header.as_bytes(), &mut in_out).unwrap();
    let [key, iv, text, tag] = [encrypted_key, &iv, &in_out, &tag].map(base64url::encode);
    [header, key, iv, text, tag].join(".")
}

/// Whether the key of example A.1 decrypts it.
fn opens(algorithm: JweAlgorithm, jwe: &str) -> bool {
    let jwk = Jwk::new(KeyMaterial::Rsa(key("A.1")));
    let key = DecryptionKey::prepare(&jwk, algorithm, &avouch_jose_aws_lc::provider()).unwrap();
    let keys = DecryptionKeys::single(key, &[ContentEncryption::A256GCM]).unwrap();
    let content = Reader::default().compact(jwe).unwrap().decrypt(&keys);
    content.is_ok_and(|content| content.plaintext() == b"plaintext")
}

/// As OpenSSL encrypts: OAEP with one hash, that of the algorithm's name, in its mask as well. The second text has the mask
/// with SHA-1, which is another algorithm.
#[test]
fn oaep_of_openssl() {
    for (algorithm, padding, encrypted, mixed) in [
        (
            JweAlgorithm::RSA_OAEP_256,
            RsaPadding::OaepSha256,
            include_bytes!("../data/rfc7516-a1.oaep-sha256"),
            include_bytes!("../data/rfc7516-a1.oaep-sha256-mgf-sha1"),
        ),
        (
            JweAlgorithm::RSA_OAEP_384,
            RsaPadding::OaepSha384,
            include_bytes!("../data/rfc7516-a1.oaep-sha384"),
            include_bytes!("../data/rfc7516-a1.oaep-sha384-mgf-sha1"),
        ),
        (
            JweAlgorithm::RSA_OAEP_512,
            RsaPadding::OaepSha512,
            include_bytes!("../data/rfc7516-a1.oaep-sha512"),
            include_bytes!("../data/rfc7516-a1.oaep-sha512-mgf-sha1"),
        ),
    ] {
        let decrypter = backend().rsa_decrypter(padding, &key("A.1")).unwrap();
        let octets = b"thirty-two octets of another key";
        assert_eq!(**decrypter.decrypt(encrypted).unwrap(), *octets, "{padding:?}");
        assert!(decrypter.decrypt(mixed).is_err(), "{padding:?}");
        assert!(opens(algorithm, &jwe(algorithm.name(), encrypted, octets)), "{algorithm}");
    }
}

#[test]
fn lengths() {
    for (padding, overhead) in [
        (RsaPadding::Pkcs1v15, 11),
        (RsaPadding::OaepSha1, 42),
        (RsaPadding::OaepSha256, 66),
        (RsaPadding::OaepSha384, 98),
        (RsaPadding::OaepSha512, 130),
    ] {
        let encrypter = backend().rsa_encrypter(padding, &key("A.1")).unwrap();
        let decrypter = backend().rsa_decrypter(padding, &key("A.1")).unwrap();
        for length in [0, 1, 16, 64, 256 - overhead] {
            let plaintext = vec![5; length];
            let encrypted = encrypter.encrypt(&plaintext).unwrap();
            assert_eq!(encrypted.len(), 256);
            assert_eq!(*decrypter.decrypt(&encrypted).unwrap(), plaintext, "{padding:?}");
            for cut in [0, 1, 255] {
                assert!(decrypter.decrypt(&encrypted[..cut]).is_err());
            }
            assert!(decrypter.decrypt(&[&[0], &encrypted[..]].concat()).is_err());
            assert!(decrypter.decrypt(&[&encrypted[..], &[0]].concat()).is_err());
        }
        assert!(encrypter.encrypt(&vec![5; 257 - overhead]).is_err(), "{padding:?}");
    }
}

/// Proves JWK-13, JWK-16. A public key, a private one without its primes, one whose parts do not belong together.
#[test]
fn refused_keys() {
    let whole = key("A.1");
    let private = whole.private().unwrap().clone();
    let with =
        |private: Option<RsaPrivate>| RsaKey::new(whole.n().to_vec(), whole.e().to_vec(), private).unwrap();
    let flipped = |octets: &SecretOctets| {
        let mut octets = octets.expose().to_vec();
        octets[20] ^= 1;
        SecretOctets::new(octets)
    };
    for padding in PADDINGS {
        let refused = |key: &RsaKey| backend().rsa_decrypter(padding, key).err();
        assert_eq!(refused(&with(Some(private.clone()))), None);
        assert_eq!(refused(&with(None)), Some(KeyError::NotPrivate));
        let without_primes = RsaPrivate { crt: None, ..private.clone() };
        assert_eq!(refused(&with(Some(without_primes))), Some(KeyError::RsaPrimesMissing));
        for part in 0..6 {
            let mut damaged = private.clone();
            let crt = damaged.crt.as_mut().unwrap();
            let secret = match part {
                0 => &mut damaged.d,
                1 => &mut crt.p,
                2 => &mut crt.q,
                3 => &mut crt.dp,
                4 => &mut crt.dq,
                _ => &mut crt.qi,
            };
            *secret = flipped(secret);
            assert_eq!(refused(&with(Some(damaged))), Some(KeyError::PrivateDoesNotMatchPublic), "{part}");
        }
        let long_exponent =
            RsaKey::new(whole.n().to_vec(), vec![3, 0, 0, 0, 1], Some(private.clone())).unwrap();
        assert!(matches!(refused(&long_exponent), Some(KeyError::Rejected { .. })));
        let refused = backend().rsa_encrypter(padding, &long_exponent).err();
        assert!(matches!(refused, Some(KeyError::Rejected { .. })));
        // the longest that is computed with has 33 bits
        let longest = RsaKey::new(whole.n().to_vec(), vec![1, 0, 0, 0, 1], None).unwrap();
        assert!(backend().rsa_encrypter(padding, &longest).unwrap().encrypt(b"key").is_ok());
        // AWS-LC's own limits, whoever calls
        for octets in [128, 255, 1025] {
            let sized = RsaKey::new(vec![0xff; octets], vec![1, 0, 1], None).unwrap();
            let refused = backend().rsa_encrypter(padding, &sized).err();
            assert!(matches!(refused, Some(KeyError::Rejected { .. })), "{octets}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn tampering(plaintext in any::<[u8; 32]>(), at in 0..256_usize, bit in 0..8_u8) {
        for padding in PADDINGS {
            let mut encrypted = backend().rsa_encrypter(padding, &key("A.1")).unwrap().encrypt(&plaintext).unwrap();
            let decrypter = backend().rsa_decrypter(padding, &key("A.1")).unwrap();
            prop_assert_eq!(&**decrypter.decrypt(&encrypted).unwrap(), &plaintext[..]);
            encrypted[at] ^= 1 << bit;
            // PKCS #1 v1.5 has no integrity: what comes out is another key at best
            prop_assert!(decrypter.decrypt(&encrypted).map_or(true, |found| **found != plaintext[..]));
            if padding != RsaPadding::Pkcs1v15 {
                prop_assert!(decrypter.decrypt(&encrypted).is_err());
            }
            // randomised
            let again = backend().rsa_encrypter(padding, &key("A.1")).unwrap();
            prop_assert_ne!(again.encrypt(&plaintext).unwrap(), again.encrypt(&plaintext).unwrap());
        }
    }
}
