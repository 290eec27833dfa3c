//! The form codec: no panic; the readings agree with each other and with those of another codec; what is accepted is
//! printed and read back the same.
#![no_main]

use avouch_types::form::{Form, FormLimits, decode, encode};
use avouch_types::with_query;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let limits = FormLimits::default();
    let noting = Form::parse_noting_repeats(input, &limits);
    let strict = Form::parse(input, &limits);
    let Ok(form) = noting else {
        assert_eq!(strict, noting);
        return;
    };
    assert_eq!(strict.is_ok(), form.repeated().is_empty());
    if let Ok(strict) = strict {
        assert_eq!(strict, form);
    }

    let theirs: Vec<_> = form_urlencoded::parse(input).collect();
    assert!(form.iter().eq(theirs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))));

    let printed = form.to_urlencoded();
    let mut serializer = form_urlencoded::Serializer::new(String::new());
    assert_eq!(printed, serializer.extend_pairs(form.iter()).finish());
    assert_eq!(
        Form::parse_noting_repeats(printed.as_bytes(), &limits.with_bytes(printed.len())).unwrap(),
        form
    );

    let mut names: Vec<&str> = form.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    for name in &names {
        let values: Vec<&str> = form.get_all(name).collect();
        let ([value], others) = form.take_apart(&[*name]);
        assert_eq!(value, form.get(name));
        assert_eq!(others, form.without(&[name]));
        assert_eq!(form.repeated().contains(name), values.len() > 1);
        assert_eq!(form.raw(name), values.first().copied().filter(|_| values.len() == 1));
        assert_eq!(decode(&encode(name)).as_deref(), Ok(*name));
    }

    if form.is_empty() {
        return;
    }
    // in a query that has the same parameters already, each stands as often as here
    let url = with_query(&format!("https://op.example/?{printed}"), &form);
    assert_eq!(url, with_query("https://op.example/", &form));
});
