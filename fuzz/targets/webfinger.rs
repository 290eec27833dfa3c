//! WebFinger from both ends: what a person types, the query that a stranger sends, the answer that a stranger gives. No panic;
//! what is accepted can be asked and answered, and comes out on the other side as it went in.
#![no_main]

use avouch_discovery::webfinger::{Identifier, Jrd, JrdLimits, Lookup, Query, Responder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(jrd) = Jrd::from_json(input, &JrdLimits::default()) {
        let _ = jrd.issuer().map_err(|refused| refused.to_string());
        let again = Jrd::from_json(jrd.to_json().as_bytes(), &JrdLimits::default().with_bytes(usize::MAX));
        assert_eq!(known(again.unwrap()), known(jrd.clone()));
        assert!(jrd.filtered(&[String::new()]).links.is_empty());
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(identifier) = Identifier::parse(text) {
        let query = Query::issuer(&identifier);
        let request = query.request().unwrap();
        assert_eq!(request.uri().scheme_str(), Some("https"));
        assert_eq!(request.uri().authority().unwrap().as_str(), identifier.host());
        let lookup = Lookup::parse(request.uri().query().unwrap()).unwrap();
        assert_eq!(lookup.resource(), identifier.resource());
        assert!(lookup.is_about(identifier.resource()));
        assert_eq!(Identifier::parse(identifier.resource()), Ok(identifier));
    }
    match Lookup::parse(text) {
        Ok(lookup) => {
            let jrd = Jrd::about(lookup.resource());
            let answer = Responder::to_anyone().found(&lookup, &jrd);
            assert_eq!(Jrd::from_json(answer.body(), &JrdLimits::default()).unwrap(), jrd);
        }
        Err(refused) => assert_eq!(Responder::to_anyone().refused(&refused).status(), 400),
    }
    // a redirect to wherever the input says leads to https or nowhere
    let moved = http::Response::builder().status(307).header("location", input).body(Vec::new());
    let joe = Query::issuer(&Identifier::parse("joe@example.com").unwrap());
    if let Ok(moved) = moved
        && let Ok(Some(next)) = joe.follow(&moved)
    {
        assert_eq!(next.request().unwrap().uri().scheme_str(), Some("https"));
    }
});

/// Numbers in members that nobody knows may come back in another value.
fn known(mut jrd: Jrd) -> Jrd {
    jrd.extra.clear();
    jrd.links.iter_mut().for_each(|link| link.extra.clear());
    jrd
}
