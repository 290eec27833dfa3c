//! The strict scan against serde_json: what the scan accepts is JSON, and what it refuses although serde_json would not is
//! refused for a rule of its own.
#![no_main]

use avouch_json::{JsonError, Limits, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let lenient = serde_json::from_slice::<serde_json::Value>(input);
    match check(input, &Limits::default()) {
        Ok(()) => {
            if let Err(error) = lenient {
                // a number beyond f64 is JSON, and only out of range for serde_json
                assert!(error.to_string().contains("number out of range"), "{error}");
            }
        }
        // rules beyond RFC 8259's grammar: budgets, duplicates, the byte order mark, lone surrogates
        Err(
            JsonError::TooLong { .. }
            | JsonError::TooDeep { .. }
            | JsonError::TooManyMembers { .. }
            | JsonError::TooManyValues { .. }
            | JsonError::DuplicateMember { .. }
            | JsonError::ByteOrderMark
            | JsonError::LoneSurrogate { .. },
        ) => {}
        Err(error) => assert!(lenient.is_err(), "{error}: but serde_json reads it"),
    }
});
