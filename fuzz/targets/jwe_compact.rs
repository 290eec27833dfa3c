//! A compact JWE from anybody: no panic, nothing decrypts that was not encrypted with the key. The first octet says what the
//! rest is: a token, or a plaintext that is encrypted, read back, and then changed in one character.
#![no_main]

#[path = "shared/jwe_keys.rs"]
mod jwe_keys;

use avouch_jose::{Limits, jwe};
use jwe_keys::KEYS;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&how, rest)) = input.split_first() else { return };
    let keys = &*KEYS;
    if how & 1 == 0 {
        let Ok(token) = std::str::from_utf8(rest) else { return };
        let Ok(jwe) = jwe::UnverifiedJwe::parse(token, &Limits::default()) else { return };
        assert_eq!(token.matches('.').count(), 4);
        // the keys were made in this process: only a broken check could decrypt
        assert!(jwe.decrypt(&keys.decryption).is_err());
        return;
    }
    let [place_high, place_low, plaintext @ ..] = rest else { return };
    let key = &keys.encryption[usize::from(how >> 1) % keys.encryption.len()];
    let token = keys.encrypt(plaintext, key);
    let decrypt =
        |token: &str| jwe::UnverifiedJwe::parse(token, &Limits::default())?.decrypt(&keys.decryption);
    assert_eq!(decrypt(&token).unwrap().plaintext(), plaintext);

    let place = usize::from(u16::from_be_bytes([*place_high, *place_low])) % token.len();
    let mut changed = token.clone().into_bytes();
    changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    assert!(decrypt(&changed).is_err(), "changed at {place}: {token}");
});
