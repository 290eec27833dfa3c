use avouch_jose::AesKeySize::{Aes128, Aes192, Aes256};
use avouch_jose::base64url;
use proptest::prelude::*;

use crate::{backend, hex};

const KEK: &str = "000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f";
const KEY: &str = "00112233445566778899aabbccddeeff 000102030405060708090a0b0c0d0e0f";

/// All six examples of RFC 3394, section 4.
///
/// Proves ENC-18.
#[test]
fn known_answers() {
    for (size, octets, wrapped) in [
        (Aes128, 16, "1fa68b0a8112b447 aef34bd8fb5a7b82 9d3e862371d2cfe5"),
        (Aes192, 16, "96778b25ae6ca435 f92b5b97c050aed2 468ab8a17ad84e5d"),
        (Aes256, 16, "64e8c3f9ce0f5ba2 63e9777905818a2a 93c8191e7d6e8ae7"),
        (Aes192, 24, "031d33264e15d332 68f24ec260743edc e1c6c7ddee725a93 6ba814915c6762d2"),
        (Aes256, 24, "a8f9bc1612c68b3f f6e6f4fbe30e71e4 769c8b80a32cb895 8cd5d17d6b254da1"),
        (Aes256, 32, "28c9f404c4b810f4 cbccb35cfb87f826 3f5786e2d80ed326 cbc7f0e71a99f43b fb988b9b7a02dd21"),
    ] {
        let kek = backend().aes_key_wrap(size, &hex(KEK)[..size.key_len()]).unwrap();
        let key = &hex(KEY)[..octets];
        assert_eq!(kek.wrap(key).unwrap(), hex(wrapped), "{size:?} {octets}");
        assert_eq!(*kek.unwrap_key(&hex(wrapped)).unwrap(), key);
    }
}

/// RFC 7516, appendix A.3.
#[test]
fn of_rfc7516() {
    let kek = backend().aes_key_wrap(Aes128, &base64url::decode("GawgguFyGrWKav7AX4VKUg").unwrap()).unwrap();
    let wrapped = kek.wrap(&hex("04d31fc5549dfcfe0b649dfa3faa6ace6b7cd42d6f6b09dbc8b100f08f9c2ccf")).unwrap();
    assert_eq!(base64url::encode(&wrapped), "6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ");
}

/// Proves ENC-18. Whole blocks of 8 octets, and two of them at least.
#[test]
fn lengths() {
    for size in [Aes128, Aes192, Aes256] {
        let kek = backend().aes_key_wrap(size, &vec![3; size.key_len()]).unwrap();
        for length in 0..100 {
            let whole = length % 8 == 0;
            assert_eq!(kek.wrap(&vec![1; length]).is_ok(), whole && length >= 16, "{length}");
            assert!(kek.unwrap_key(&vec![1; length]).is_err(), "{length}");
        }
        let wrapped = kek.wrap(&[1; 16]).unwrap();
        assert_eq!(wrapped.len(), 24);
        for length in 0..24 {
            assert!(kek.unwrap_key(&wrapped[..length]).is_err());
        }
        assert!(kek.unwrap_key(&[&wrapped[..], &[0; 8]].concat()).is_err());
    }
}

/// RFC 3394, section 2.2.1, from any initial value; one block of AES is the first of CBC under zeros.
fn wrapped_from(initial: u64, kek: &[u8], key: &[u8]) -> Vec<u8> {
    let aes = backend().aes_cbc(Aes128, kek).unwrap();
    let mut check = initial.to_be_bytes();
    let mut registers: Vec<[u8; 8]> = key.chunks(8).map(|octets| octets.try_into().unwrap()).collect();
    let count = registers.len();
    for step in 0..6 * count {
        let register = &mut registers[step % count];
        let block = aes.encrypt(&[0; 16], &[check, *register].concat()).unwrap();
        let high = u64::from_be_bytes(block[..8].try_into().unwrap());
        check = (high ^ (step as u64 + 1)).to_be_bytes();
        *register = block[8..16].try_into().unwrap();
    }
    [check.to_vec(), registers.concat()].concat()
}

/// Proves ENC-18. Each bit of the initial value counts.
#[test]
fn other_initial_values() {
    const INITIAL_VALUE: u64 = 0xa6a6_a6a6_a6a6_a6a6;
    let (kek, key) = ([7; 16], hex(KEY));
    let wrap = backend().aes_key_wrap(Aes128, &kek).unwrap();
    assert_eq!(wrapped_from(INITIAL_VALUE, &kek, &key), wrap.wrap(&key).unwrap());
    for bit in 0..64 {
        let wrapped = wrapped_from(INITIAL_VALUE ^ 1 << bit, &kek, &key);
        assert!(wrap.unwrap_key(&wrapped).is_err(), "{bit}");
    }
}

proptest! {
    /// Proves ENC-18. A key comes back, and not with one bit changed, nor under another key.
    #[test]
    fn round_trip_and_tampering(
        size in prop_oneof![Just(Aes128), Just(Aes192), Just(Aes256)],
        kek in any::<[u8; 32]>(),
        key in prop::collection::vec(any::<[u8; 8]>(), 2..=8),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let key = key.concat();
        let wrap = backend().aes_key_wrap(size, &kek[..size.key_len()]).unwrap();
        let mut wrapped = wrap.wrap(&key).unwrap();
        prop_assert_eq!(wrapped.len(), key.len() + 8);
        prop_assert_eq!(&**wrap.unwrap_key(&wrapped).unwrap(), &key[..]);

        let mut other = kek;
        other[at.index(size.key_len())] ^= 1 << bit;
        let other = backend().aes_key_wrap(size, &other[..size.key_len()]).unwrap();
        prop_assert!(other.unwrap_key(&wrapped).is_err());

        let at = at.index(wrapped.len());
        wrapped[at] ^= 1 << bit;
        prop_assert!(wrap.unwrap_key(&wrapped).is_err());
    }
}
