//! What ring has of encryption, against published values and against what must not pass.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;

use avouch_jose::AesKeySize::{Aes128, Aes192, Aes256};
use avouch_jose::AgreementCurve::{self, P256, P384, P521, X448, X25519};
use avouch_jose::HashAlgorithm::{Sha256, Sha384, Sha512};
use avouch_jose::crypto::{EncryptionBackend, RandomError, SecureRandom};
use avouch_jose::{
    EcCurve, EcKey, KeyError, KeyMaterial, OkpCurve, OkpKey, RsaPadding, SecretOctets, base64url,
};
use proptest::prelude::*;

fn backend() -> Arc<dyn EncryptionBackend> {
    avouch_jose_ring::provider().encryption
}

/// Octets of hexadecimal digits; spaces do not matter.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
}

fn array<const N: usize>(digits: &str) -> [u8; N] {
    hex(digits).try_into().unwrap()
}

/// Test cases 4 and 16 of the specification of GCM by McGrew and Viega, with additional data.
///
/// Proves ENC-15.
#[test]
fn gcm_known_answers() {
    let key = "feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308";
    let iv = array("cafebabefacedbaddecaf888");
    let aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let plaintext = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
                         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    for (size, ciphertext, tag) in [
        (
            Aes128,
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e
             21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
            "5bc94fbc3221a5db94fae95ae7121a47",
        ),
        (
            Aes256,
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b",
        ),
    ] {
        let gcm = backend().aes_gcm(size, &hex(key)[..size.key_len()]).unwrap();
        let mut in_out = plaintext.clone();
        assert_eq!(gcm.encrypt(&iv, &aad, &mut in_out).unwrap(), array(tag), "{size:?}");
        assert_eq!(in_out, hex(ciphertext), "{size:?}");
        gcm.decrypt(&iv, &aad, &mut in_out, &array(tag)).unwrap();
        assert_eq!(in_out, plaintext);
    }
}

/// Test cases 2 and 6 of RFC 4231; as many octets as are asked for, and no more than there are.
#[test]
fn hmac() {
    let short = (&b"Jefe"[..], &b"what do ya want for nothing?"[..]);
    let long = (&[0xaa; 131][..], &b"Test Using Larger Than Block-Size Key - Hash Key First"[..]);
    for (hash, (key, input), begins) in [
        (Sha256, short, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (Sha384, short, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"),
        (Sha512, short, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"),
        (Sha256, long, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        (Sha384, long, "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"),
        (Sha512, long, "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"),
    ] {
        for at in [0, 1, input.len()] {
            let (first, second) = input.split_at(at);
            let mut mac = [0; 32];
            backend().hmac(hash, key, &[first, b"", second], &mut mac).unwrap();
            assert_eq!(mac, array(begins), "{hash:?}");
        }
        let mut all = vec![0; hash.output_len()];
        backend().hmac(hash, key, &[input], &mut all).unwrap();
        assert_eq!(all[..32], hex(begins));
        let mut too_many = vec![0; hash.output_len() + 1];
        let refused = backend().hmac(hash, key, &[input], &mut too_many);
        assert!(matches!(refused, Err(KeyError::Rejected { .. })));
    }
}

/// RFC 7914, section 11, for SHA-256; SHA-384 and SHA-512 as Python's hashlib derives them from the same input.
#[test]
fn pbkdf2() {
    for (hash, begins) in [
        (Sha256, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        (Sha384, "cd3443723a41cf1460cca9efeede428a8898a82d2ad4d1fc5cca08ed3f4d3cb4"),
        (Sha512, "c74319d99499fc3e9013acff597c23c5baf0a0bec5634c46b8352b793e324723"),
    ] {
        for length in [16, 24, 32] {
            let mut derived = vec![0; length];
            let once = 1.try_into().unwrap();
            backend().pbkdf2(hash, b"passwd", b"salt", once, &mut derived).unwrap();
            assert_eq!(derived, hex(begins)[..length], "{hash:?}");
        }
    }
    let mut derived = [0; 32];
    let often = 80_000.try_into().unwrap();
    backend().pbkdf2(Sha256, b"Password", b"NaCl", often, &mut derived).unwrap();
    assert_eq!(derived, array("4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"));
}

/// Proves ENC-19. No key of another length is cut or filled up.
#[test]
fn keys_of_another_length() {
    for size in [Aes128, Aes256] {
        for length in (0..=65).filter(|length| *length != size.key_len()) {
            let refused = backend().aes_gcm(size, &vec![7; length]).err();
            assert!(matches!(refused, Some(KeyError::Rejected { .. })), "{size:?} {length}");
        }
    }
}

fn ec(curve: EcCurve, x: &[u8], y: &[u8]) -> KeyMaterial {
    KeyMaterial::Ec(EcKey::new(curve, x.to_vec(), y.to_vec(), None).unwrap())
}

fn x25519(x: &[u8]) -> KeyMaterial {
    KeyMaterial::Okp(OkpKey::new(OkpCurve::X25519, x.to_vec(), None).unwrap())
}

/// Public keys of RFC 7518, appendix C, and RFC 8037, appendix A.6; of P-384, the generator (FIPS 186-4, D.1.2.4).
fn peers() -> [(AgreementCurve, KeyMaterial); 3] {
    let octets = |text: &str| base64url::decode(text).unwrap();
    let p256 = ec(
        EcCurve::P256,
        &octets("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0"),
        &octets("SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"),
    );
    let p384 = ec(
        EcCurve::P384,
        &hex(
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        ),
        &hex(
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ),
    );
    [(P256, p256), (P384, p384), (X25519, x25519(&octets("3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08")))]
}

/// Randomness that nobody may ask for.
struct Untouched;

impl SecureRandom for Untouched {
    fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
        panic!("ring has its own randomness")
    }
}

/// Proves ENC-01, ENC-10. A new key each time, on the peer's curve, and a secret as wide as the field. That the secret
/// is the right one is shown beside a backend that keeps its keys, in `avouch-jose-aws-lc`.
#[test]
fn ephemeral_agreement() {
    for (curve, peer) in peers() {
        assert_eq!(backend().check_agreement_public(curve, &peer), Ok(()));
        let (public, secret) = backend().agree_ephemeral(curve, &peer, &Untouched).unwrap();
        assert_eq!(AgreementCurve::of(&public), Some(curve));
        assert!(!public.is_private());
        assert_eq!(secret.len(), curve.key_len());
        let (again, another) = backend().agree_ephemeral(curve, &peer, &Untouched).unwrap();
        assert_ne!((public, secret), (again, another));
    }
}

fn refused(curve: AgreementCurve, peer: &KeyMaterial) {
    let agreed = backend().agree_ephemeral(curve, peer, &Untouched).err();
    let checked = backend().check_agreement_public(curve, peer).err();
    for found in [agreed, checked] {
        assert!(matches!(found, Some(KeyError::Rejected { .. })), "{curve:?} {peer:?}: {found:?}");
    }
}

/// Proves ENC-02, ENC-03, ALG-11. Points off the curve, the origin, and keys of another curve or kind.
#[test]
fn peers_that_are_refused() {
    for (curve, peer) in peers() {
        for (other, peer) in peers() {
            if other != curve {
                refused(curve, &peer);
            }
        }
        refused(curve, &KeyMaterial::Oct(SecretOctets::new(vec![1; curve.key_len()])));
        let KeyMaterial::Ec(key) = &peer else { continue };
        for at in [0, curve.key_len() - 1] {
            let flipped = |octets: &[u8]| {
                let mut octets = octets.to_vec();
                octets[at] ^= 1;
                octets
            };
            refused(curve, &ec(key.curve(), &flipped(key.x()), key.y()));
            refused(curve, &ec(key.curve(), key.x(), &flipped(key.y())));
        }
        let zeros = vec![0; curve.key_len()];
        refused(curve, &ec(key.curve(), &zeros, &zeros));
        refused(curve, &ec(key.curve(), &vec![0xff; curve.key_len()], key.y()));
    }
    let ed25519 = OkpKey::new(OkpCurve::Ed25519, vec![9; 32], None).unwrap();
    refused(X25519, &KeyMaterial::Okp(ed25519));
}

/// What ring has not is refused when it is asked for.
#[test]
fn lacking() {
    let key = [1; 32];
    let rsa = avouch_jose::RsaKey::new(vec![0xff; 256], vec![1, 0, 1], None).unwrap();
    let mut found = vec![backend().aes_gcm(Aes192, &key[..24]).err()];
    for size in [Aes128, Aes192, Aes256] {
        found.push(backend().aes_cbc(size, &key[..size.key_len()]).err());
        found.push(backend().aes_key_wrap(size, &key[..size.key_len()]).err());
    }
    for padding in [
        RsaPadding::OaepSha1,
        RsaPadding::OaepSha256,
        RsaPadding::OaepSha384,
        RsaPadding::OaepSha512,
        RsaPadding::Pkcs1v15,
    ] {
        found.push(backend().rsa_encrypter(padding, &rsa).err());
        found.push(backend().rsa_decrypter(padding, &rsa).err());
    }
    for curve in [P256, P384, P521, X25519, X448] {
        found.push(backend().agreement(curve, &SecretOctets::new(vec![1; curve.key_len()])).err());
    }
    for curve in [P521, X448] {
        found.push(backend().agree_ephemeral(curve, &x25519(&[9; 32]), &Untouched).err());
        found.push(backend().check_agreement_public(curve, &x25519(&[9; 32])).err());
    }
    assert!(found.iter().all(|error| matches!(error, Some(KeyError::Lacking(_)))), "{found:?}");
}

proptest! {
    #[test]
    fn gcm_round_trip_and_tampering(
        size in prop_oneof![Just(Aes128), Just(Aes256)],
        seed in any::<[u8; 32]>(),
        iv in any::<[u8; 12]>(),
        aad in prop::collection::vec(any::<u8>(), 0..40),
        plaintext in prop::collection::vec(any::<u8>(), 0..80),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let gcm = backend().aes_gcm(size, &seed[..size.key_len()]).unwrap();
        let mut ciphertext = plaintext.clone();
        let tag = gcm.encrypt(&iv, &aad, &mut ciphertext).unwrap();
        let mut decrypted = ciphertext.clone();
        prop_assert!(gcm.decrypt(&iv, &aad, &mut decrypted, &tag).is_ok());
        prop_assert_eq!(decrypted, plaintext);

        // one bit of any of them
        let mut parts = [iv.to_vec(), aad, ciphertext, tag.to_vec()];
        let at = at.index(parts.iter().map(Vec::len).sum());
        *parts.iter_mut().flatten().nth(at).unwrap() ^= 1 << bit;
        let [iv, aad, mut ciphertext, tag] = parts;
        let refused = gcm.decrypt(&iv.try_into().unwrap(), &aad, &mut ciphertext, &tag.try_into().unwrap());
        prop_assert!(refused.is_err());
    }
}
