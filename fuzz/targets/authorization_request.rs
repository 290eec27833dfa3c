//! The query of an authorization request: no panic; what is accepted is printed and read back the same.
#![no_main]

use avouch_messages::{AuthorizationRequest, RequestEnvelope};
use avouch_types::form::{Form, FormLimits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(form) = Form::parse_noting_repeats(input, &FormLimits::default()) else { return };
    let envelope = RequestEnvelope::read(form);
    let _ = (envelope.client_id(), envelope.redirect_uri(), envelope.state(), envelope.answer_mode());
    let Ok(request) = envelope.parse() else { return };
    let printed = request.to_form().to_urlencoded();
    let form = Form::parse(printed.as_bytes(), &FormLimits::default()).unwrap();
    assert_eq!(AuthorizationRequest::parse(&form).unwrap(), request);
});
