//! The rules of strict JSON, one refusal at a time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::borrow::Cow;

use avouch_json::{JsonError, Limits, Names, ObjectView, check, from_slice, object};
use serde_json::Value;

fn refused(input: impl AsRef<[u8]>) -> JsonError {
    check(input.as_ref(), &Limits::default()).unwrap_err()
}

fn accepted(input: &str) {
    check(input.as_bytes(), &Limits::default()).unwrap();
    serde_json::from_str::<Value>(input).unwrap();
}

/// Proves JSN-10.
#[test]
fn whitespace_between_tokens_is_accepted() {
    accepted("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
    accepted(" \t\r\n[ 1 , { \"a\" : [ ] } ,\n{ } ] \n");
    assert!(matches!(refused("[1,\u{b}2]"), JsonError::UnexpectedByte { byte: 0x0b, offset: 3 }));
    assert!(matches!(refused("[1,\u{a0}2]"), JsonError::UnexpectedByte { offset: 3, .. }));
}

/// Proves JSN-02.
#[test]
fn data_after_the_value_is_refused() {
    assert!(matches!(refused(r#"{"alg":"HS256"}x"#), JsonError::TrailingData { offset: 15 }));
    assert!(matches!(refused("1 2"), JsonError::TrailingData { offset: 2 }));
    assert!(matches!(refused("{}}"), JsonError::TrailingData { offset: 2 }));
    assert!(matches!(refused("{}\0"), JsonError::TrailingData { offset: 2 }));
    accepted("{} \r\n");
}

/// Proves JSN-03, JSN-04.
#[test]
fn a_member_name_twice_is_refused_after_unescaping_and_when_nested() {
    let duplicate = |input: &str, expected: &str, at: usize| match refused(input) {
        JsonError::DuplicateMember { name, offset } => assert_eq!((name.as_str(), offset), (expected, at)),
        other => panic!("{other:?}"),
    };
    duplicate(r#"{"alg":1,"alg":1}"#, "alg", 9);
    duplicate(r#"{"alg":1,"\u0061lg":2}"#, "alg", 9);
    duplicate(r#"{"a":{"b":[{"c":1,"d":2,"c":3}]}}"#, "c", 24);
    duplicate(r#"{"":1,"":2}"#, "", 6);
    duplicate(r#"{"a/b":1,"a\/b":2}"#, "a/b", 9);
    duplicate(r#"{"😀":1,"\ud83d\ude00":2}"#, "😀", 10);
    // names of inner objects are forgotten when those close, names of the outer one are not
    duplicate(r#"{"a":{"b":1},"a":2}"#, "a", 13);
    accepted(r#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}"#);
    // comparison is exact: no case folding, no normalisation, no trimming
    accepted("{\"alg\":1,\"Alg\":1,\"alg \":1,\"\u{e9}\":1,\"e\u{301}\":1}");
}

/// Proves JSN-04: the sorted comparison of large objects finds what the pairwise one of small objects finds.
#[test]
fn a_member_name_twice_is_found_wherever_it_stands() {
    // 71 is prime, so that each name occurs once before one is written over the last; beyond 64 members they are sorted
    for count in (2..40).chain(63..68) {
        let names: Vec<String> = (0..count).map(|i| format!("member{}", (i * 7) % 71)).collect();
        for twice in 0..count - 1 {
            let mut names = names.clone();
            *names.last_mut().unwrap() = names[twice].clone();
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":0")).collect();
            let input = format!("{{{}}}", members.join(","));
            match refused(&input) {
                JsonError::DuplicateMember { name, offset } => {
                    assert_eq!(name, names[twice]);
                    assert_eq!(offset, input.rfind(&format!("\"{name}\"")).unwrap());
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// Proves JSN-12: an object of very many members costs no quadratic comparison (this would not end otherwise).
#[test]
fn an_object_of_very_many_members_is_scanned() {
    let limits = Limits::default().with_bytes(usize::MAX).with_members(usize::MAX).with_elements(usize::MAX);
    let mut input = String::from("{");
    for i in 0..300_000 {
        input.push_str(&format!("\"aaaaaaaaaaaaaaaa{i}\":0,"));
    }
    input.push_str("\"z\":0}");
    check(input.as_bytes(), &limits).unwrap();
}

/// Proves JSN-07.
#[test]
fn unpaired_surrogates_are_refused_and_pairs_are_kept() {
    for input in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud83dx""#,
        r#""\ud83d\u0041""#,
        r#""\ud83d\n""#,
        r#""\udc00\ud800""#,
    ] {
        assert!(matches!(refused(input), JsonError::LoneSurrogate { offset: 1 }), "{input}");
    }
    assert!(matches!(refused(r#"{"\ud800":1}"#), JsonError::LoneSurrogate { offset: 2 }));
    let text: String = from_slice(br#""\ud83d\ude00\uFFFF""#, &Limits::default()).unwrap();
    assert_eq!(text, "😀\u{ffff}");
}

/// Proves JSN-08.
#[test]
fn only_utf8_is_accepted() {
    assert!(matches!(refused(b"\"\xff\""), JsonError::NotUtf8 { offset: 1 }));
    assert!(matches!(refused(b"\"\xed\xa0\x80\""), JsonError::NotUtf8 { offset: 1 }));
    assert!(matches!(refused(b"\"\xc0\xaf\""), JsonError::NotUtf8 { offset: 1 }));
    assert!(matches!(refused(b"\xfe\xff\0{\0}"), JsonError::NotUtf8 { offset: 0 }));
    assert!(matches!(refused(b"{\0}\0"), JsonError::UnexpectedByte { byte: 0, offset: 1 }));
}

/// Proves JSN-09.
#[test]
fn a_byte_order_mark_is_refused() {
    assert!(matches!(refused("\u{feff}{}"), JsonError::ByteOrderMark));
    accepted("\"\u{feff}\"");
}

/// Proves JSN-01.
#[test]
fn only_an_object_is_an_object() {
    for input in ["[]", "\"alg\"", "1", "null", "true"] {
        assert!(
            matches!(object(input.as_bytes(), &Limits::default()), Err(JsonError::NotAnObject)),
            "{input}"
        );
    }
    assert!(matches!(
        object(b"{\"a\":1e999}", &Limits::default()),
        Err(JsonError::NumberTooLarge { offset: 5 })
    ));
    assert_eq!(object(b"{\"a\":1}", &Limits::default()).unwrap()["a"], 1);
}

/// Proves JSN-01: what RFC 8259 does not allow.
#[test]
fn anything_outside_the_grammar_is_refused() {
    for input in [
        "",
        " ",
        "{",
        "[",
        "\"",
        "\"a",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "[1",
        "[1,",
        "tru",
        "-",
        "\"\\",
    ] {
        let error = refused(input);
        assert!(
            matches!(error, JsonError::UnexpectedEnd | JsonError::MalformedNumber { .. }),
            "{input}: {error:?}"
        );
    }
    for input in [
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{\"a\":1]",
        "+1",
        ".5",
        "NaN",
        "Infinity",
        "True",
        "nulL",
        "//x\n1",
        "{\"a\":1 \"b\":2}",
        "{\"a\"::1}",
        "]",
        "}",
        ",",
        ":",
    ] {
        assert!(matches!(refused(input), JsonError::UnexpectedByte { .. }), "{input}: {:?}", refused(input));
    }
    for input in ["-", "01", "-01", "00", "1.", "1.e1", "1e", "1e+", "1E-", "-a"] {
        assert!(matches!(refused(input), JsonError::MalformedNumber { offset: 0 }), "{input}");
    }
    for input in ["0x10", "1_000", "1.5.5", "1e5e5", "1-1"] {
        assert!(matches!(refused(input), JsonError::TrailingData { .. }), "{input}");
    }
    // digits are looked at eight at a time
    for at in 0..8 {
        for neighbour in ['/', ':', '?', 'p', '\u{10}', '\0', '\u{b0}'] {
            let mut number = "1234567890123".to_owned();
            number.replace_range(at..=at, neighbour.encode_utf8(&mut [0; 4]));
            assert!(check(number.as_bytes(), &Limits::default()).is_err(), "{number}");
        }
    }
    for input in ["\"a\nb\"", "\"a\tb\"", "\"a\0b\"", "\"a\u{1f}b\""] {
        assert!(matches!(refused(input), JsonError::ControlCharacter { offset: 2 }), "{input:?}");
    }
    for input in
        ["\"\\a\"", "\"\\x41\"", "\"\\u00g0\"", "\"\\u004\"", "\"\\U0041\"", "\"\\'\"", "\"\\u+041\""]
    {
        assert!(matches!(refused(input), JsonError::MalformedEscape { offset: 1 }), "{input}");
    }
    for input in
        ["0", "-0", "-0.0e-0", "1E+5", "10.01", "\"\u{7f}\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\"", "null"]
    {
        accepted(input);
    }
}

/// Proves JSN-12: each budget has its own error, and the limit itself is still allowed.
#[test]
fn each_budget_has_its_limit_and_its_error() {
    let limits = Limits::default();
    let within = |input: &str, limits: Limits| check(input.as_bytes(), &limits);

    within("[1]", limits.with_bytes(3)).unwrap();
    assert!(matches!(within("[1] ", limits.with_bytes(3)), Err(JsonError::TooLong { len: 4, limit: 3 })));

    within("[{\"a\":[]}]", limits.with_depth(3)).unwrap();
    assert!(matches!(
        within("[{\"a\":[[]]}]", limits.with_depth(3)),
        Err(JsonError::TooDeep { limit: 3, offset: 7 })
    ));
    within("1", limits.with_depth(0)).unwrap();
    assert!(matches!(within("{}", limits.with_depth(0)), Err(JsonError::TooDeep { limit: 0, offset: 0 })));
    let deep = "[".repeat(200_000);
    assert!(matches!(within(&deep, limits), Err(JsonError::TooDeep { limit: 16, offset: 16 })));

    within("[{\"a\":1,\"b\":2},{\"a\":1,\"b\":2}]", limits.with_members(2)).unwrap();
    assert!(matches!(
        within("{\"a\":{\"x\":1},\"b\":2,\"c\":3}", limits.with_members(2)),
        Err(JsonError::TooManyMembers { limit: 2, offset: 19 })
    ));

    within("[1,[2]]", limits.with_elements(4)).unwrap();
    assert!(matches!(
        within("[1,[2,3]]", limits.with_elements(4)),
        Err(JsonError::TooManyValues { limit: 4, offset: 6 })
    ));
}

/// Proves JSN-04: the readers refuse what the scan refuses, also what serde would read (the last member wins there).
#[test]
fn reading_begins_with_the_scan() {
    let twice = br#"{"alg":"RS256","alg":"none"}"#;
    assert!(serde_json::from_slice::<Value>(twice).is_ok());
    assert!(matches!(object(twice, &Limits::default()), Err(JsonError::DuplicateMember { .. })));
    assert!(matches!(from_slice::<Value>(twice, &Limits::default()), Err(JsonError::DuplicateMember { .. })));
    assert!(matches!(object(b"{}", &Limits::default().with_bytes(1)), Err(JsonError::TooLong { .. })));
    let borrowed: &str = from_slice(b"\"sub\"", &Limits::default()).unwrap();
    assert_eq!(borrowed, "sub");
}

/// Display names the rule and does not repeat the document.
#[test]
fn messages_do_not_quote_values() {
    let error = from_slice::<Vec<u32>>(br#"["s3cret"]"#, &Limits::default()).unwrap_err();
    assert!(!error.to_string().contains("s3cret"));
    let long = format!("{{\"{0}\":1,\"{0}\":1}}", "n".repeat(5000));
    assert!(refused(long).to_string().len() < 200);
}

/// Proves JSN-03: a view finds a member by its name, however either is written; more than fit without allocation too.
#[test]
fn a_view_finds_members_by_name() {
    let limits = Limits::default();
    let document =
        r#" { "iss" : "a" , "\u0073ub" : "b\n" , "issuer_of_all" : 1, "issuer_of_none" : {"iss":[]} } "#;
    let view = ObjectView::read(document.as_bytes(), &limits).unwrap();
    let text = |name| view.get(name).and_then(|value| value.as_str());
    assert!(matches!(text("iss"), Some(Cow::Borrowed("a"))));
    assert_eq!(text("sub").as_deref(), Some("b\n"));
    assert_eq!(view.get("issuer_of_all").unwrap().as_json(), "1");
    assert_eq!(view.get("issuer_of_none").unwrap().as_json(), r#"{"iss":[]}"#);
    for absent in ["", "is", "iss\0", "issuer_o", "issuer_of_al", "\\u0073ub", "\"iss\""] {
        assert!(view.get(absent).is_none(), "{absent}");
    }
    let names: Vec<_> = view.members().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["iss", "sub", "issuer_of_all", "issuer_of_none"]);

    let many: Vec<String> = (0..100).map(|i| format!("\"member{i}\":{{\"x\":{i}}}")).collect();
    let many = format!("{{{}}}", many.join(","));
    let view = ObjectView::read(many.as_bytes(), &limits).unwrap();
    assert_eq!(view.members().len(), 100);
    assert_eq!(view.get("member99").unwrap().as_json(), "{\"x\":99}");
}

/// What a view held before it was filled again leaves no trace, and a selected member is found again.
#[test]
fn a_view_can_be_filled_again() {
    static KNOWN: Names<2> = Names::new(["iss", "exp"]);
    let mut view = ObjectView::default();
    let many: Vec<String> = (0..100).map(|i| format!("\"{i}\":\"\\n\"")).collect();
    let many = format!("{{{}}}", many.join(","));
    for document in [r#"{"iss":"\n","exp":1}"#, &many, r#"{"iss":"joe"}"#] {
        view.refill(document.as_bytes(), &Limits::default()).unwrap();
        let members = serde_json::from_str::<serde_json::Value>(document).unwrap().as_object().unwrap().len();
        assert_eq!((view.members().len(), view.unselected().count()), (members, members));
        let selected = view.select(&KNOWN).into_iter().flatten().count();
        assert_eq!(view.unselected().count(), members - selected);
        assert_eq!(view.select(&KNOWN).into_iter().flatten().count(), selected);
    }
    assert!(matches!(view.get("iss").and_then(|iss| iss.as_str()), Some(Cow::Borrowed("joe"))));
}

/// Integers at the ends of their range, and what is no integer in it.
#[test]
fn integers_are_in_range() {
    let number = |text: &str| {
        let document = format!("{{\"a\":{text}}}");
        let view = ObjectView::read(document.as_bytes(), &Limits::default()).unwrap();
        view.get("a").unwrap().as_i64()
    };
    for whole in [0, 7, -1, 123_456_789_012_345_678, 999_999_999_999_999_999, i64::MAX, i64::MIN] {
        assert_eq!(number(&whole.to_string()), Some(whole));
    }
    assert_eq!(number("-0"), Some(0));
    for other in
        ["9223372036854775808", "-9223372036854775809", "99999999999999999999", "1.0", "1e3", "1E3", "\"1\""]
    {
        assert_eq!(number(other), None, "{other}");
    }
}

/// A value by itself is what `serde_json` reads: also a zero with a sign, which is kept as a fraction.
#[test]
fn values_are_those_of_serde_json() {
    for text in ["0", "-0", "-0.0", "7", "-7", "1.50", "1e3", "9223372036854775807", "18446744073709551615"] {
        let document = format!("{{\"a\":{text}}}");
        let view = ObjectView::read(document.as_bytes(), &Limits::default()).unwrap();
        let value = view.get("a").unwrap().to_value().unwrap();
        assert_eq!(value.to_string(), serde_json::from_str::<Value>(text).unwrap().to_string());
    }
}

/// What a view shows of itself is names and kinds: values may be personal or secret.
#[test]
fn views_do_not_print_values() {
    let document = br#"{"k":"s3cret","d":["s3cret",7777]}"#;
    let view = ObjectView::read(document, &Limits::default()).unwrap();
    let shown = format!("{view:?} {:?} {:?}", view.get("k"), view.get("d").unwrap().elements());
    assert_eq!(shown, r#"{"k", "d"} Some(string) Some([string, number])"#);
}

/// Proves JSN-01: a number that no `f64` holds refuses its document, wherever it stands; the last one that fits does not.
#[test]
fn numbers_out_of_range_are_refused() {
    let digits = |count: usize| "9".repeat(count);
    for number in
        ["1e309", "-1e999", "1E+400", "17976931348623159e292", &digits(309), &format!("{}.5", digits(309))]
    {
        let document = format!("{{\"a\":[{number}]}}");
        assert!(matches!(refused(&document), JsonError::NumberTooLarge { offset: 6 }), "{number}");
        assert!(serde_json::from_str::<Value>(&document).is_err());
    }
    for number in
        ["1e308", "0e999", "1e-999", "17976931348623157e292", &digits(308), &format!("0.{}", digits(400))]
    {
        accepted(number);
    }
}
