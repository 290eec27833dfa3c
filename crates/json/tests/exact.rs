//! Whether a number is held as it is written.
#![allow(clippy::unwrap_used)]

use avouch_json::{Limits, ObjectView};
use proptest::prelude::*;

fn is_exact(value: &str) -> bool {
    let document = format!("{{\"a\":{value}}}");
    ObjectView::read(document.as_bytes(), &Limits::default()).unwrap().get("a").unwrap().is_exact()
}

#[test]
fn numbers_are_compared_as_decimals() {
    for exact in [
        "0",
        "-0",
        "-0.0",
        "0e5",
        "0E-999999999999999999999",
        "1.50",
        "2e3",
        "1E+2",
        "0.1",
        "-12.5e-1",
        "1e300",
        "5e-324",
        "18446744073709551615",
        "-9223372036854775808",
        "1311280970.123",
        "9007199254740992.0",
        r#"{"x":["18446744073709551616","\"18446744073709551616",1,true]}"#,
    ] {
        assert!(is_exact(exact), "{exact}");
    }
    for inexact in [
        "18446744073709551616",
        "-9223372036854775809",
        "9007199254740993.0",
        "0.1000000000000000055",
        "1e-400",
        "1e-99999999999999999999",
        "100000000000000000000000000000000001",
        r#"{"x":["\\",0.30000000000000001]}"#,
    ] {
        assert!(!is_exact(inexact), "{inexact}");
    }
}

proptest! {
    /// So many digits always fit, and the integers of 64 bits.
    #[test]
    fn short_numbers_are_exact(whole in -9_999_999..=9_999_999_i32, fraction in "[0-9]{1,8}", integer in any::<i64>()) {
        let short = format!("{whole}.{fraction}");
        prop_assert!(is_exact(&short), "{}", short);
        prop_assert!(is_exact(&integer.to_string()));
    }
}
