//! The `claims` parameter: what is accepted is printed and read back the same, asks for its own values, and each fault has its
//! place and its rule.
#![no_main]

use avouch_claims::{
    ClaimsRequest, ConsentTo, ReleaseInput, ReleasePlan, ReleasePolicy, StandardClaims, UserInfoReach,
};
use avouch_json::Limits;
use avouch_types::Scopes;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let limits = Limits::default();
    let request = match ClaimsRequest::from_json(input, &limits) {
        Ok(request) => request,
        Err(error) => {
            assert!(error.path().starts_with("claims"), "{error}");
            assert!(
                error.section().starts_with("OpenID Connect Core 1.0, 5.5")
                    || error.section().starts_with("RFC 8259, ")
            );
            assert!(error.to_string().bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{error}");
            return;
        }
    };
    assert!(request.check().is_ok(), "what is read may be sent");
    let again = ClaimsRequest::from_json(request.to_json().as_bytes(), &limits).unwrap();
    if !avouch_json::object(input, &limits).unwrap().values().any(has_fraction) {
        assert_eq!(again, request);
    }
    assert_eq!(request.check_reach(UserInfoReach::Beyond).is_err(), request.userinfo.is_some());

    let policy = ReleasePolicy::default();
    let scopes = Scopes::parse("openid email").unwrap();
    let plan = ReleasePlan::new(
        &policy,
        &ReleaseInput::new(&scopes, ConsentTo::Everything).with_request(Some(&request)),
    );
    for (place, set) in [(&request.userinfo, plan.userinfo()), (&request.id_token, plan.id_token())] {
        for (name, asked) in place.iter().flat_map(|claims| claims.iter()) {
            assert_eq!(set.get(name).and_then(|claim| claim.request), Some(asked), "{name}");
            for value in asked.values.iter().flatten().filter(|_| asked.value.is_none()) {
                assert!(asked.accepts(value), "{name}");
            }
            if let (Some(value), None) = (&asked.value, &asked.values) {
                assert!(asked.accepts(value), "{name}");
                // a person of whom just this is known: it goes out, or is missing for a reason
                let mut known = StandardClaims::default();
                known.insert(name.into(), value.clone());
                let release = set.release(&known);
                assert!(
                    release.get(name).is_none_or(|released| asked.accepts(&released.to_value())),
                    "{name}"
                );
            }
        }
    }
});

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(values) => values.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        _ => false,
    }
}
