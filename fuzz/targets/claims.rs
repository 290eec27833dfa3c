//! Claims about a person: whatever they are, nothing is lost, what is written is read back, each fault has its place and its
//! rule, and nothing goes out that is not as it should be.
#![no_main]

use avouch_claims::{
    ClaimNaming, ClaimSet, ConsentTo, ExternalClaims, JsonType, LanguageNaming, RequestedClaims, ScopeClaims,
    StandardClaims,
};
use avouch_json::Limits;
use avouch_types::{Issuer, LanguageTag, Scopes, SubjectIdentifier};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let limits = Limits::default();
    let claims = match StandardClaims::from_json(input, &limits) {
        Ok(claims) => claims,
        Err(error) => {
            assert!(error.offset().is_none_or(|offset| offset <= input.len()));
            let _ = error.path(input);
            return;
        }
    };
    let members = avouch_json::object(input, &limits).unwrap();
    assert_eq!(claims.to_members(), members, "nothing that was read is lost");
    let written = serde_json::to_vec(&claims).unwrap();
    // a number with a fraction may be read one bit off
    if !members.values().any(has_fraction) {
        assert_eq!(StandardClaims::from_json(&written, &limits).unwrap(), claims);
    }

    let problems = claims.problems();
    for problem in &problems {
        let inexact = matches!(problem, avouch_claims::ClaimProblem::InexactNumber { .. });
        let document = if inexact { "RFC 8259, 6" } else { "OpenID Connect Core 1.0, " };
        assert!(!problem.path().is_empty() && problem.section().starts_with(document));
        assert!(problem.to_string().bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{problem}");
    }
    for name in StandardClaims::NAMES {
        let good = claims.require(&[name]).is_ok();
        assert!(!good || claims.get(name).is_some_and(|value| !value.is_empty()), "{name}");
        assert_eq!(
            claims.malformed.contains_key(*name),
            problems.iter().any(|problem| {
                problem.path() == *name && matches!(problem, avouch_claims::ClaimProblem::WrongType { .. })
            })
        );
    }
    let _ = (claims.sub(), claims.parsed_locale());
    if let Some(birthdate) = claims.parsed_birthdate() {
        assert_eq!(Some(birthdate.to_string().as_str()), claims.birthdate.as_deref());
    }
    for name in claims.private_names() {
        assert_eq!(ClaimNaming::of(name), ClaimNaming::Private);
    }
    external(&members);
    release(&claims);
});

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(values) => values.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        _ => false,
    }
}

/// What is left after faults is written without them and read back the same.
fn external(members: &serde_json::Map<String, Value>) {
    let read = ExternalClaims::from_members(members);
    let again = ExternalClaims::from_members(&read.to_members());
    assert_eq!(again.problems(), []);
    assert!(again.sources().eq(read.sources()));
    for source in read.sources() {
        let taken = source.take(members);
        assert_eq!(taken.claims.len() + taken.not_returned.len(), source.claims().count());
    }
    let (iss, sub) =
        (Issuer::parse("https://op.example").unwrap(), SubjectIdentifier::parse("248289761001").unwrap());
    let _ = ExternalClaims::check_provided(members, &iss, &sub);
}

/// All members asked for, by name and by scope, in two languages: what goes out is known, says something, and is of its type.
fn release(claims: &StandardClaims) {
    let table = ScopeClaims::standard();
    let scopes = Scopes::parse("profile email address phone").unwrap();
    let wanted: RequestedClaims =
        claims.extra.keys().map(|name| (name.clone(), Default::default())).collect();
    let locales = ["de-CH", "ja"].map(|tag| LanguageTag::parse(tag).unwrap());
    for locales in [&locales[..0], &locales[..1], &locales[..]] {
        let set = ClaimSet::new(&table, &scopes, Some(&wanted), ConsentTo::Everything)
            .with_locales(locales, LanguageNaming::PlainIfOne);
        let release = set.release(claims);
        assert!(release.iter().is_sorted_by(|one, next| one.name < next.name), "each member once");
        for claim in release.iter() {
            assert!(!claim.value.is_empty(), "{}", claim.name);
            let base = claim.name.split('#').next().unwrap_or_default();
            let tag = claim.name.split_once('#').map(|(_, tag)| tag);
            if tag.is_none_or(|tag| LanguageTag::parse(tag).is_ok()) {
                let kind = StandardClaims::type_of(base);
                assert!(kind.is_none_or(|kind| kind == claim.value.json_type()), "{}", claim.name);
            }
            if base == "address" && claim.value.json_type() == JsonType::Object {
                let address =
                    avouch_claims::Address::from_members(claim.value.to_value().as_object().unwrap().clone());
                assert!(address.malformed.is_empty());
            }
        }
        for missing in release.missing() {
            assert!(release.get(missing.name).is_none());
        }
        assert_eq!(serde_json::to_value(&release).unwrap(), Value::Object(release.to_members()));
    }
}
