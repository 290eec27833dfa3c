//! The urlencoded form codec.
#![allow(clippy::unwrap_used)]

use avouch_types::form::{FormError, decode, encode};
use avouch_types::{Form, FormLimits};

fn parse(encoded: &str) -> Result<Form, FormError> {
    Form::parse(encoded.as_bytes(), &FormLimits::default())
}

/// Proves MRT-6749-04, CORE-13-01, END-02.
#[test]
fn names_and_values_are_encoded_as_in_appendix_b() {
    let text = " %&+\u{a3}\u{20ac}";
    assert_eq!(encode(text), "+%25%26%2B%C2%A3%E2%82%AC");
    assert_eq!(decode("+%25%26%2B%C2%A3%E2%82%AC").unwrap(), text);
    assert_eq!(decode("%20%2b%c2%a3").unwrap(), " +\u{a3}");
    let form = Form::new().with("a b", "=&#?").with("", "x");
    assert_eq!(form.to_urlencoded(), "a+b=%3D%26%23%3F&=x");
    assert_eq!(parse("a+b=%3D%26%23%3F&=x").unwrap(), form);
}

/// Proves END-02: it does not matter how many plain bytes stand around one that is not.
#[test]
fn an_escape_can_stand_anywhere() {
    for (before, after) in (0..20).flat_map(|before| (0..20).map(move |after| (before, after))) {
        let around = |text: &str| format!("{}{text}{}", "a".repeat(before), "_".repeat(after));
        for (text, encoded) in [("", ""), (" ", "+"), ("~", "%7E"), ("\u{e9}=&", "%C3%A9%3D%26")] {
            assert_eq!(encode(&around(text)), around(encoded));
            assert_eq!(decode(&around(encoded)).unwrap(), around(text));
        }
        for refused in ["%4", "%", " ", "\u{e9}", "%FF"] {
            let refused = around(refused);
            assert!(decode(&refused).is_err(), "{refused}");
        }
    }
}

/// Proves END-04, MRT-6749-02.
#[test]
fn a_parameter_that_stands_twice_is_refused() {
    for encoded in
        ["code=1&code=1", "code=1&state=2&code=3", "code=&code=1", "code&code", "code=1&c%6fde=2", "x=&y=&x="]
    {
        assert!(matches!(parse(encoded), Err(FormError::DuplicateParameter { .. })), "{encoded}");
    }
    assert!(parse("code=1&Code=2&code+=3").is_ok());
}

/// Proves END-04: only what is defined as repeatable may repeat.
#[test]
fn a_repeatable_parameter_may_stand_twice() {
    let limits = FormLimits::default();
    let encoded = b"resource=a&resource=b&x=1";
    let form = Form::parse_allowing_repeats(encoded, &limits, &["resource"]).unwrap();
    assert_eq!(form.get_all("resource").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(form.get("resource"), None);
    assert!(Form::parse_allowing_repeats(encoded, &limits, &["audience"]).is_err());
    assert!(Form::parse(encoded, &limits).is_err());
}

/// Proves END-04: where repeats are only noted, a repeated parameter has no value that could be taken.
#[test]
fn noted_repeats_have_no_value() {
    let form = Form::parse_noting_repeats(b"state=1&x=2&state=3&x=&state=", &FormLimits::default()).unwrap();
    assert_eq!(form.repeated(), ["state", "x"]);
    assert_eq!((form.get("state"), form.raw("x")), (None, None));
}

/// Proves END-03, MRT-6749-02.
#[test]
fn an_empty_value_counts_as_absent() {
    let form = parse("state=&scope&code=1").unwrap();
    assert_eq!((form.get("state"), form.get("scope"), form.get("code")), (None, None, Some("1")));
    assert_eq!((form.raw("state"), form.raw("scope"), form.raw("nonce")), (Some(""), Some(""), None));
}

#[test]
fn empty_pieces_mean_nothing_and_values_may_have_equal_signs() {
    assert_eq!(parse("&&a=1&&").unwrap(), Form::new().with("a", "1"));
    assert!(parse("").unwrap().is_empty());
    assert_eq!(parse("a=b=c==").unwrap().get("a"), Some("b=c=="));
    assert_eq!(parse("a=1;b=2").unwrap().get("a"), Some("1;b=2"));
}

/// Proves CORE-13-01: what no encoder writes is refused, with its place.
#[test]
fn malformed_encodings_are_refused() {
    for (encoded, offset) in
        [("a=%", 2), ("a=%4", 2), ("a=1&b=x%4g", 7), ("%zz=1", 0), ("a=%+1", 2), ("a=%%", 2)]
    {
        assert_eq!(parse(encoded), Err(FormError::MalformedPercentEncoding { offset }), "{encoded}");
    }
    for (encoded, byte, offset) in [
        ("a=b c", b' ', 3),
        ("a=\u{e4}", 0xC3, 2),
        ("a=1&\nb=2", b'\n', 4),
        ("a=\0", 0, 2),
        ("a=\u{7f}", 0x7F, 2),
    ] {
        assert_eq!(parse(encoded), Err(FormError::ForbiddenByte { byte, offset }), "{encoded:?}");
    }
    for (encoded, offset) in [("a=%FF", 2), ("a=1&%C0%AF=1", 4), ("a=%ED%A0%80", 2), ("a=x%C3", 2)] {
        assert_eq!(parse(encoded), Err(FormError::NotUtf8 { offset }), "{encoded}");
    }
}

#[test]
fn each_budget_has_its_error() {
    let limits = FormLimits::default().with_bytes(5).with_parameters(2);
    assert!(Form::parse(b"a&b=1", &limits).is_ok());
    assert_eq!(Form::parse(b"a&b=12", &limits), Err(FormError::TooLong { len: 6, limit: 5 }));
    assert_eq!(Form::parse(b"a&b&c", &limits), Err(FormError::TooManyParameters { limit: 2 }));
    assert_eq!(Form::parse_noting_repeats(b"a&a&a", &limits), Err(FormError::TooManyParameters { limit: 2 }));
}

#[test]
fn parameters_can_be_taken_out() {
    let form = Form::new().with("a", "1").with("b", "2").with("a", "3");
    assert_eq!(form.without(&["a", "c"]), Form::new().with("b", "2"));
    assert_eq!(
        Form::new().with_some("a", None::<String>).with_some("b", Some("2")),
        Form::new().with("b", "2")
    );
}

/// Proves END-03, END-04: a parameter taken by its name has one value and no other, also where many are taken.
#[test]
fn a_form_is_taken_apart() {
    let form = Form::parse_noting_repeats(b"b=2&a=1&x=3&e=&a=1&y=4&y=5", &FormLimits::default()).unwrap();
    let (own, others) = form.take_apart(&["a", "b", "e", "absent"]);
    assert_eq!(own, [None, Some("2"), None, None]);
    assert_eq!(others, Form::new().with("x", "3").with("y", "4").with("y", "5"));
}

#[test]
fn lists_are_one_parameter_and_empty_ones_none() {
    let form =
        Form::with_capacity(2, 16).with_words("scope", ["openid", "email"]).with_words("prompt", [""; 0]);
    assert_eq!(form, Form::new().with("scope", "openid email"));
    assert_eq!(
        Form::new().with_words("acr", ["0"]).with("b", "2"),
        Form::new().with("acr", "0").with("b", "2")
    );
}

/// Proves END-04: also where there are more names than are compared each with each.
#[test]
fn repeats_are_found_among_many() {
    let once: Vec<String> = (0..100).map(|n| format!("name{n}=")).collect();
    let limits = FormLimits::default();
    assert!(Form::parse(once.join("&").as_bytes(), &limits).is_ok());
    let again = format!("{}&name99=&name7=&name99=", once.join("&"));
    let form = Form::parse_noting_repeats(again.as_bytes(), &limits).unwrap();
    assert_eq!(form.repeated(), ["name99", "name7"]);
    let refused = Form::parse(again.as_bytes(), &limits);
    assert_eq!(refused, Err(FormError::DuplicateParameter { name: "name99".to_owned() }));
}

#[test]
fn debug_shows_names_only() {
    assert_eq!(format!("{:?}", Form::new().with("code", "s3cret")), "Form{\"code\"}");
}

#[test]
fn each_error_of_a_form_has_its_section() {
    let limits = FormLimits::default();
    for (form, section) in [
        ("a=1&a=1", Some("RFC 6749, 3.1")),
        ("a=%4", Some("RFC 6749, B")),
        ("a=b c", Some("RFC 6749, B")),
        ("a=%FF", Some("RFC 6749, B")),
    ] {
        assert_eq!(Form::parse(form.as_bytes(), &limits).unwrap_err().section(), section, "{form}");
    }
    assert_eq!(Form::parse(b"a=1", &limits.with_parameters(0)).unwrap_err().section(), None);
    assert_eq!(Form::parse(b"a=1", &limits.with_bytes(2)).unwrap_err().section(), None);
}
