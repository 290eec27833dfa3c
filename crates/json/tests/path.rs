//! Where a document breaks a rule, and which.
#![allow(clippy::unwrap_used)]

use avouch_json::{Limits, check, from_slice, object};
use proptest::prelude::*;

fn limits() -> Limits {
    Limits::default().with_depth(4).with_members(4).with_elements(12).with_bytes(200)
}

/// Each kind of error, with the member that it is in.
#[test]
fn each_error_has_its_path_and_section() {
    for (text, path, section) in [
        (r#"{"a":{"b":1,"\u0062":2}}"#, "a.b", "RFC 8259, 4"),
        (r#"{"a":[0,{"b":1,"b":2}]}"#, "a[1].b", "RFC 8259, 4"),
        (r#"{"a":{"b":1},"a":2}"#, "a", "RFC 8259, 4"),
        (r#"{"a":{"b":[1,"x,]}",-]}}"#, "a.b[2]", "RFC 8259, 6"),
        (r#"{"updated_at":1e999}"#, "updated_at", "RFC 8259, 6"),
        (r#"{"updated_at":01}"#, "updated_at", "RFC 8259, 6"),
        (r#"{"updated_at":NaN}"#, "updated_at", "RFC 8259, 2"),
        (r#"{"updated_at":-Infinity}"#, "updated_at", "RFC 8259, 6"),
        (r#"{"a":[[],[[],[[]]]]}"#, "a[1][1][0]", "RFC 8259, 9"),
        (r#"{"a":{"b":1,"c":1,"d":1,"e":1,"f":1}}"#, "a.f", "RFC 8259, 9"),
        (r#"{"a":[1,2,3,4,5,6,7,8,9,10,11,12]}"#, "a[10]", "RFC 8259, 9"),
        (r#"{"a":["x\qy"]}"#, "a[0]", "RFC 8259, 7"),
        (r#"{"a":{"x\qy":1}}"#, r#"a["\"x\\qy\""]"#, "RFC 8259, 7"),
        ("{\"a\":{\"b\":\"\n\"}}", "a.b", "RFC 8259, 7"),
        (r#"{"a":{"b":"\ud800"}}"#, "a.b", "RFC 8259, 8.2"),
        (r#"{"a":{"b":[1"#, "a.b[0]", "RFC 8259, 2"),
        (r#"{"a":{"b"#, r#"a["\"b"]"#, "RFC 8259, 2"),
        (r#"{"a":1}{"b":2}"#, "", "RFC 8259, 2"),
        (r#"{"a.b":{"":[x]}}"#, r#"["a.b"][""][0]"#, "RFC 8259, 2"),
        (r#"{"a\"{,\\":{"b\"]":[x]}}"#, r#"["a\"{,\\"]["b\"]"][0]"#, "RFC 8259, 2"),
        (r#"{"name#ja-Kana":x}"#, "name#ja-Kana", "RFC 8259, 2"),
        ("", "", "RFC 8259, 2"),
        ("\u{feff}{}", "", "RFC 8259, 8.1"),
    ] {
        let error = check(text.as_bytes(), &limits()).unwrap_err();
        assert_eq!(error.path(text.as_bytes()), path, "{text}: {error}");
        assert_eq!(error.section(), Some(section), "{text}: {error}");
    }
    let not_utf8 = b"{\"a\":{\"b\":\"\xff\"}}";
    let error = check(not_utf8, &limits()).unwrap_err();
    assert_eq!((error.path(not_utf8).as_str(), error.section()), ("a.b", Some("RFC 8259, 8.1")));
    let long = format!("[\"{}\"]", "x".repeat(300));
    let error = check(long.as_bytes(), &limits()).unwrap_err();
    assert_eq!((error.path(long.as_bytes()).as_str(), error.section()), ("", Some("RFC 8259, 9")));
}

/// What is not UTF-8 was not scanned: however much opens before it, the path stays short.
#[test]
fn paths_end() {
    let deep = |levels: usize| [&b"[".repeat(levels)[..], b"\xff"].concat();
    let path = |input: &[u8]| check(input, &Limits::default()).unwrap_err().path(input);
    assert_eq!(path(&deep(127)), "[0]".repeat(127));
    assert_eq!(path(&deep(128)), "[0]".repeat(127));
    assert_eq!(path(&deep(100_000)), "[0]".repeat(127));
}

/// What is JSON and not what the reader asks for breaks no rule of JSON.
#[test]
fn what_the_reader_wants_is_no_rule_of_json() {
    for error in [object(b"[]", &limits()).unwrap_err(), from_slice::<Vec<u8>>(b"{}", &limits()).unwrap_err()]
    {
        assert_eq!((error.path(b"[]").as_str(), error.section(), error.offset()), ("", None, None));
    }
}

proptest! {
    /// Whatever the input, and also when it is not the one that was refused.
    #[test]
    fn any_input_gets_a_path(text in r#"[{}\[\]":,ab01.\\ -]{0,40}"#, other in r#"[{}\[\]":,a\\]{0,20}"#) {
        if let Err(error) = check(text.as_bytes(), &limits()) {
            let _ = error.path(other.as_bytes());
            let path = error.path(text.as_bytes());
            prop_assert!(path.matches('[').count() <= text.len() * 2);
        }
    }

    /// A fault put behind a member is found in that member.
    #[test]
    fn the_path_leads_to_the_fault(names in prop::collection::vec("[a-z]{1,5}", 1..4), index in 0_usize..4) {
        let mut text = format!("[{}]", "0,".repeat(index) + "!");
        for name in names.iter().rev() {
            text = format!("{{\"z{name}\":[],\"{name}\":{text}}}");
        }
        let error = check(text.as_bytes(), &Limits::default()).unwrap_err();
        prop_assert_eq!(error.path(text.as_bytes()), format!("{}[{index}]", names.join(".")));
    }
}
