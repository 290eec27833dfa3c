//! A JWE in JSON from anybody: no panic, each recipient has an outcome, and nothing decrypts that was not encrypted with
//! the keys.
#![no_main]

#[path = "shared/jwe_keys.rs"]
mod jwe_keys;

use std::sync::LazyLock;

use avouch_jose::{Limits, jwe};
use jwe_keys::KEYS;
use libfuzzer_sys::fuzz_target;

static READER: LazyLock<jwe::Reader> = LazyLock::new(|| jwe::Reader::new(Limits::default()));

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(jwe) = READER.json(text) else { return };
    assert!(jwe.recipients().count() > 0);
    if let Ok(outcomes) = jwe.outcomes(&KEYS.decryption) {
        assert_eq!(outcomes.len(), jwe.recipients().count());
        assert!(outcomes.iter().all(Result::is_err));
    }
    // the keys were made in this process: only a broken check could decrypt
    assert!(jwe.decrypt(&KEYS.decryption).is_err());
});
