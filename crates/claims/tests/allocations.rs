//! How often the heap is asked for memory, counted in a process of its own.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use std::alloc::System;

use avouch_claims::{
    ClaimRequest, ClaimsRequest, ConsentTo, ReleaseInput, ReleasePlan, ReleasePolicy, StandardClaims,
};
use avouch_types::{LanguageTag, Scopes};
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// "Which claims go where" for 20 claims and more: one list for each place, then two for each answer, and nothing for
/// each claim. One test function, since another thread would be counted too.
#[test]
fn no_claim_has_an_allocation_of_its_own() {
    let wire = json!({
        "name": "Jane Doe", "family_name": "Doe", "given_name": "Jane", "middle_name": "Q", "nickname": "J",
        "preferred_username": "j", "profile": "https://example.com", "picture": "https://example.com/j.png",
        "website": "https://j.example", "website#de": "https://j.example/de", "gender": "female", "birthdate": "1970",
        "zoneinfo": "Europe/Paris", "locale": "en", "updated_at": 1, "email": "j@example.com", "email_verified": true,
        "address": {"country": "CH", "locality": "Bern"}, "phone_number": "+41 31", "phone_number_verified": false,
        "groups": ["staff"], "department": "R"
    });
    let person: StandardClaims = serde_json::from_value(wire).unwrap();
    let policy = ReleasePolicy::default();
    let scopes = Scopes::parse("openid profile email address phone").unwrap();
    let request = ClaimsRequest::new()
        .with_userinfo("groups", ClaimRequest::essential())
        .with_userinfo("department", ClaimRequest::voluntary().with_values(["Q", "R"]))
        .with_userinfo("email", ClaimRequest::essential().with_value("j@example.com"))
        .with_id_token("nickname", ClaimRequest::essential())
        .with_id_token("role", ClaimRequest::essential());
    let locales = [LanguageTag::parse("de-CH").unwrap()];
    let input = ReleaseInput::new(&scopes, ConsentTo::Everything)
        .with_request(Some(&request))
        .with_claims_locales(&locales);
    let mut answer = Vec::with_capacity(4096);

    let heap = Region::new(HEAP);
    let plan = ReleasePlan::new(&policy, &input);
    let planned = heap.change();
    let (userinfo, id_token) = (plan.userinfo().release(&person), plan.id_token().release(&person));
    let released = heap.change();
    serde_json::to_writer(&mut answer, &userinfo).unwrap();
    let written = heap.change();

    let count = |stats: stats_alloc::Stats| (stats.allocations, stats.reallocations);
    assert_eq!(plan.userinfo().iter().count(), 21);
    assert_eq!(userinfo.iter().count(), 21, "{:?}", userinfo.missing());
    assert_eq!((id_token.iter().count(), id_token.missing().len()), (1, 1));
    assert_eq!(count(planned), (2, 0), "one list for each place");
    assert_eq!(count(released), (2 + 4, 0), "two lists for each answer");
    assert_eq!(count(written), count(released), "and none to write it");
    let text = String::from_utf8(answer).unwrap();
    assert!(
        text.contains(r#""website":"https://j.example/de""#)
            && text.contains(r#""address":{"locality":"Bern","country":"CH"}"#)
    );
}
