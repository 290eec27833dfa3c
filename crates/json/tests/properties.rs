//! The scanner beside `serde_json`, on generated documents.
#![allow(clippy::unwrap_used)]

use avouch_json::{JsonError, Limits, check, from_slice};
use proptest::prelude::*;
use serde_json::Value;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..20)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Something near JSON: most of it breaks one rule.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        "[\\[\\]{},:]",
        "(\"(a|b|\\\\u0061|\\\\ud83d|\\\\ude00|\\\\\\\\|\\\\n)?\":)",
        "-?[0-9]{0,2}(\\.[0-9]?)?([eE][+-]?[0-9]?)?",
        "true|false|null| |\"",
    ];
    prop::collection::vec(token, 0..14).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// Proves JSN-01: what serde_json prints is accepted and read back unchanged.
    #[test]
    fn printed_json_is_read_back(value in any_json()) {
        let compact = serde_json::to_vec(&value).unwrap();
        // serde_json reads a float back to the nearest value only, so its own reading is the reference
        let expected: Value = serde_json::from_slice(&compact).unwrap();
        prop_assert_eq!(from_slice::<Value>(&compact, &Limits::default()).unwrap(), expected.clone());
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        prop_assert_eq!(from_slice::<Value>(&pretty, &Limits::default()).unwrap(), expected);
    }

    /// Proves JSN-01: on anything near JSON, the scan refuses what serde_json refuses, and beyond that only duplicates.
    #[test]
    fn the_scan_agrees_with_serde_json(input in nearly_json()) {
        match (check(input.as_bytes(), &Limits::default()), serde_json::from_str::<Value>(&input)) {
            (Ok(()), Ok(_)) | (Err(_), Err(_)) | (Err(JsonError::DuplicateMember { .. }), Ok(_)) => {}
            (Ok(()), Err(error)) if error.to_string().contains("number out of range") => {}
            (ours, theirs) => prop_assert!(false, "{:?} beside {:?}", ours, theirs),
        }
    }

    #[test]
    fn any_bytes_get_an_answer(input in prop::collection::vec(any::<u8>(), 0..64)) {
        if check(&input, &Limits::default()).is_ok() {
            prop_assert!(std::str::from_utf8(&input).is_ok());
        }
    }
}
