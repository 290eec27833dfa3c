//! A scope string: the list is its words, each once, whatever they are; and asks for claims of the table only.
#![no_main]

use std::collections::BTreeSet;

use avouch_claims::{ClaimSet, ConsentTo, ScopeClaims, StandardClaims};
use avouch_types::{Scope, Scopes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let words = || text.split(' ');
    let good = text.is_empty() || words().all(|word| Scope::parse(word).is_ok());
    let scopes = match Scopes::parse(text) {
        Ok(scopes) => scopes,
        Err(error) => {
            assert!(!good, "{error}");
            return;
        }
    };
    assert!(good);
    let distinct: BTreeSet<_> = words().filter(|word| !word.is_empty()).collect();
    assert_eq!(scopes.iter().map(Scope::as_str).collect::<BTreeSet<_>>(), distinct);
    assert_eq!(scopes.len(), distinct.len());
    assert_eq!(Scopes::parse(&scopes.to_string()).unwrap(), scopes);
    assert_eq!(scopes.iter().cloned().collect::<Scopes>(), scopes);
    assert!(scopes.is_subset_of(&scopes) && Scopes::default().is_subset_of(&scopes));

    let table = ScopeClaims::standard();
    let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
    assert!(set.iter().is_sorted_by(|one, next| one.name < next.name));
    assert!(set.iter().all(|claim| StandardClaims::type_of(claim.name).is_some()));
    for (scope, claim) in
        [("profile", "name"), ("email", "email"), ("address", "address"), ("phone", "phone_number")]
    {
        assert_eq!(set.contains(claim), distinct.contains(scope), "{scope}");
    }
});
