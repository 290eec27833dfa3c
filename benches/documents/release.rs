//! "Which claims go where" for 20 claims of one person.

use std::hint::black_box;

use avouch_benches::Work;
use avouch_claims::{
    ClaimRequest, ClaimsRequest, ConsentTo, ReleaseInput, ReleasePlan, ReleasePolicy, StandardClaims,
};
use avouch_types::{LanguageTag, Scopes};
use serde_json::json;

/// Plans, and chooses from the person's claims for both places; nothing is written.
pub(crate) fn avouch_answers() -> Work {
    let person: StandardClaims = serde_json::from_value(json!({
        "name": "Jane Doe", "family_name": "Doe", "given_name": "Jane", "middle_name": "Q", "nickname": "J",
        "preferred_username": "j", "profile": "https://example.com", "picture": "https://example.com/j.png",
        "website": "https://j.example", "gender": "female", "birthdate": "1970", "zoneinfo": "Europe/Paris",
        "locale": "en", "updated_at": 1, "email": "j@example.com", "email_verified": true,
        "address": {"country": "CH", "locality": "Bern"}, "phone_number": "+41 31", "phone_number_verified": false,
        "groups": ["staff"]
    }))
    .unwrap();
    let policy = ReleasePolicy::default();
    let scopes = Scopes::parse("openid profile email address phone").unwrap();
    let request = ClaimsRequest::new()
        .with_userinfo("groups", ClaimRequest::essential())
        .with_userinfo("email", ClaimRequest::essential())
        .with_id_token("nickname", ClaimRequest::essential());
    let locales = [LanguageTag::parse("de-CH").unwrap()];
    Box::new(move || {
        let input = ReleaseInput::new(black_box(&scopes), ConsentTo::Everything)
            .with_request(Some(&request))
            .with_claims_locales(&locales);
        let plan = ReleasePlan::new(&policy, &input);
        let (userinfo, id_token) = (plan.userinfo().release(&person), plan.id_token().release(&person));
        black_box((userinfo.iter().count(), id_token.iter().count())) == (20, 1)
    })
}
