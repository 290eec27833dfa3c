//! The claims of an ID Token: no panic, and what was read is written back without loss.
#![no_main]

use avouch_tokens::IdTokenClaims;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(members) = avouch_json::object(input, &avouch_json::Limits::default()) else { return };
    let Ok(claims) = IdTokenClaims::from_members(members) else { return };
    let again = IdTokenClaims::from_members(claims.to_members()).unwrap();
    assert_eq!(again, claims);
    let _ = claims.claims.problems();
});
