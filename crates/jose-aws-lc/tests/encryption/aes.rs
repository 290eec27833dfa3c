use avouch_jose::AesKeySize::{self, Aes128, Aes192, Aes256};
use avouch_jose::KeyError;
use proptest::prelude::*;

use crate::{array, backend, hex};

/// Plaintext of the examples in SP 800-38A, appendix F.2: four blocks.
const FOUR_BLOCKS: &str = "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
                           30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710";

fn sizes() -> impl Strategy<Value = AesKeySize> {
    prop_oneof![Just(Aes128), Just(Aes192), Just(Aes256)]
}

/// Test cases 4, 10 and 16 of the specification of GCM by McGrew and Viega, with additional data.
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
            Aes192,
            "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c
             7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
            "2519498e80f1478f37ba55bd6d27618c",
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

/// SP 800-38A, F.2: the blocks of the examples, and after them the block of padding.
#[test]
fn cbc_known_answers() {
    let iv = array("000102030405060708090a0b0c0d0e0f");
    for (size, key, ciphertext) in [
        (
            Aes128,
            "2b7e151628aed2a6abf7158809cf4f3c",
            "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2
             73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7",
        ),
        (
            Aes192,
            "8e73b0f7da0e6452c810f32b809079e5 62f8ead2522c6b7b",
            "4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a
             571b242012fb7ae07fa9baac3df102e0 08b0e27988598881d920a9e64f5615cd",
        ),
        (
            Aes256,
            "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4",
            "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d
             39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b",
        ),
    ] {
        let cbc = backend().aes_cbc(size, &hex(key)).unwrap();
        let mut encrypted = cbc.encrypt(&iv, &hex(FOUR_BLOCKS)).unwrap();
        assert_eq!(encrypted.len(), 80);
        assert_eq!(encrypted[..64], hex(ciphertext), "{size:?}");
        let length = cbc.decrypt(&iv, &mut encrypted).unwrap();
        assert_eq!(encrypted[..length], hex(FOUR_BLOCKS));
    }
}

/// RFC 7516, appendix B: the ciphertext of a message that is no whole number of blocks.
#[test]
fn cbc_of_rfc7516() {
    let cbc = backend().aes_cbc(Aes128, &hex("6b7cd42d6f6b09dbc8b100f08f9c2ccf")).unwrap();
    let encrypted =
        cbc.encrypt(&array("03163c0c2b4368696c6c69636f746865"), b"Live long and prosper.").unwrap();
    assert_eq!(encrypted, hex("283953b577218594c6b9f31898e6064b81df7f13d252b7e6a821d7688f703866"));
}

/// Proves ENC-19. No key of another length is cut or filled up.
#[test]
fn keys_of_another_length() {
    for size in [Aes128, Aes192, Aes256] {
        for length in (0..=65).filter(|length| *length != size.key_len()) {
            let key = vec![7; length];
            let refused = [
                backend().aes_gcm(size, &key).err(),
                backend().aes_cbc(size, &key).err(),
                backend().aes_key_wrap(size, &key).err(),
            ];
            assert!(
                refused.iter().all(|error| matches!(error, Some(KeyError::Rejected { .. }))),
                "{size:?} {length}: {refused:?}"
            );
        }
    }
}

/// The last block decides: with a message of zeros before it, XOR into the ciphertext block before the last changes the
/// padding at will.
#[test]
fn cbc_padding_that_is_wrong() {
    let iv = [0; 16];
    let cbc = backend().aes_cbc(Aes256, &[9; 32]).unwrap();
    let encrypted = cbc.encrypt(&iv, &[0; 16]).unwrap();
    let with_last_octets = |changes: &[(usize, u8)]| {
        let mut damaged = encrypted.clone();
        for (at, change) in changes {
            damaged[*at] ^= change;
        }
        cbc.decrypt(&iv, &mut damaged)
    };
    // the padding is 16 octets of value 16
    assert_eq!(with_last_octets(&[]), Ok(16));
    assert_eq!(with_last_octets(&[(15, 16 ^ 1)]), Ok(31));
    assert!(with_last_octets(&[(15, 16)]).is_err(), "0");
    assert!(with_last_octets(&[(15, 16 ^ 17)]).is_err(), "17");
    assert!(with_last_octets(&[(15, 16 ^ 2)]).is_err(), "an octet 2 alone");
    assert_eq!(with_last_octets(&[(15, 16 ^ 2), (14, 16 ^ 2)]), Ok(30));
    assert!(with_last_octets(&[(0, 1)]).is_err(), "the first of 16");
}

proptest! {
    #[test]
    fn gcm_round_trip_and_tampering(
        size in sizes(),
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
        let mut parts = [iv.to_vec(), aad.clone(), ciphertext, tag.to_vec()];
        let at = at.index(parts.iter().map(Vec::len).sum());
        *parts.iter_mut().flatten().nth(at).unwrap() ^= 1 << bit;
        let [iv, aad, mut ciphertext, tag] = parts;
        let refused = gcm.decrypt(&iv.try_into().unwrap(), &aad, &mut ciphertext, &tag.try_into().unwrap());
        prop_assert!(refused.is_err());
    }

    /// The octets that are moved between additional data and ciphertext are missed.
    #[test]
    fn gcm_truncation(plaintext in prop::collection::vec(any::<u8>(), 1..60), cut in 1..60_usize) {
        let gcm = backend().aes_gcm(Aes192, &[1; 24]).unwrap();
        let mut ciphertext = plaintext.clone();
        let tag = gcm.encrypt(&[0; 12], b"", &mut ciphertext).unwrap();
        let cut = cut.min(ciphertext.len());
        let rest = ciphertext.split_off(ciphertext.len() - cut);
        prop_assert!(gcm.decrypt(&[0; 12], b"", &mut ciphertext.clone(), &tag).is_err());
        prop_assert!(gcm.decrypt(&[0; 12], &rest, &mut ciphertext, &tag).is_err());
    }

    #[test]
    fn cbc_round_trip(
        size in sizes(),
        seed in any::<[u8; 32]>(),
        iv in any::<[u8; 16]>(),
        plaintext in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let cbc = backend().aes_cbc(size, &seed[..size.key_len()]).unwrap();
        let mut encrypted = cbc.encrypt(&iv, &plaintext).unwrap();
        prop_assert_eq!(encrypted.len(), plaintext.len() / 16 * 16 + 16);
        let length = cbc.decrypt(&iv, &mut encrypted).unwrap();
        prop_assert_eq!(&encrypted[..length], &plaintext[..]);
    }

    /// Nothing is decrypted that is no whole number of blocks, nor nothing at all.
    #[test]
    fn cbc_of_odd_lengths(mut octets in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assume!(octets.is_empty() || octets.len() % 16 != 0);
        let cbc = backend().aes_cbc(Aes128, &[1; 16]).unwrap();
        prop_assert!(cbc.decrypt(&[0; 16], &mut octets).is_err());
    }
}
