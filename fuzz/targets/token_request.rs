//! A token request: the first line is the `Authorization` header, the rest is the body.
#![no_main]

use avouch_messages::TokenRequest;
use avouch_types::form::FormLimits;
use libfuzzer_sys::fuzz_target;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fuzz_target!(|input: &[u8]| {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(header) = std::str::from_utf8(&input[..end]) else { return };
    let authorization = (!header.is_empty()).then_some(header);
    let Ok(request) = TokenRequest::parse(authorization, FORM, &input[end + 1..], &FormLimits::default())
    else {
        return;
    };
    let body = request.to_form().to_urlencoded();
    let again = TokenRequest::parse(
        request.authorization().as_deref(),
        FORM,
        body.as_bytes(),
        &FormLimits::default(),
    );
    assert_eq!(again.unwrap(), request);
});
