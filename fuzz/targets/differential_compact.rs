//! Our compact reader against `jsonwebtoken` and `josekit`, with the same key: who accepts, and with which payload. A
//! disagreement is a crash unless `differential/explained.rs` explains it; the explanations in prose are in
//! `docs/differential-fuzzing.md`.
//!
//! The first octet says what the rest is. So that headers and payloads of all kinds come with good signatures, the target
//! signs what it is given:
//!
//! - bits 0-1: a token as it is; header and payload, octets with a zero between; the same, as segments that are not
//!   encoded any more; a token as it is
//! - bits 2-3: HS256, ES256, RS256, HS256
//! - bits 4-5: the signature stays, is cut, is lengthened, is changed in a bit
#![no_main]

#[path = "differential/explained.rs"]
mod explained;
#[path = "differential/parties.rs"]
mod parties;

use avouch_jose::base64url;
use explained::{they_accept, they_refuse};
use libfuzzer_sys::fuzz_target;
use parties::{PARTIES, Party};

fuzz_target!(|input: &[u8]| {
    let Some((&how, rest)) = input.split_first() else { return };
    let party = &PARTIES[usize::from(how >> 2 & 3) % PARTIES.len()];
    let Some(token) = token(how, rest, party) else { return };

    let ours = party.ours(&token);
    let josekit = party.josekit(&token);
    match (&ours, &josekit) {
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "josekit reads another payload: {token}"),
        (Err(error), Ok(_)) => {
            assert!(they_accept::josekit(error), "josekit accepts, we refuse ({error:?}): {token}");
        }
        (Ok(_), Err(error)) => {
            assert!(they_refuse::josekit(&token), "josekit refuses ({error:?}), we accept: {token}");
        }
        (Err(_), Err(_)) => {}
    }
    let jsonwebtoken = party.jsonwebtoken(&token);
    match (&ours, &jsonwebtoken) {
        (Ok(ours), Ok(theirs)) => {
            let ours: serde_json::Value = serde_json::from_slice(ours).unwrap();
            assert_eq!(&ours, theirs, "jsonwebtoken reads other claims: {token}");
        }
        (Err(error), Ok(_)) => {
            assert!(they_accept::jsonwebtoken(error), "jsonwebtoken accepts, we refuse ({error:?}): {token}");
        }
        (Ok(payload), Err(error)) => {
            assert!(
                they_refuse::jsonwebtoken(&token, payload),
                "jsonwebtoken refuses ({error:?}), we accept: {token}"
            );
        }
        (Err(_), Err(_)) => {}
    }
});

fn token(how: u8, rest: &[u8], party: &Party) -> Option<String> {
    let signing_input = match how & 3 {
        1 => {
            let place = rest.iter().position(|&octet| octet == 0)?;
            let (header, payload) = (rest.get(..place)?, rest.get(place + 1..)?);
            format!("{}.{}", base64url::encode(header), base64url::encode(payload))
        }
        2 => std::str::from_utf8(rest).ok()?.to_owned(),
        _ => return std::str::from_utf8(rest).ok().map(str::to_owned),
    };
    let mut signature = party.sign(signing_input.as_bytes());
    match how >> 4 & 3 {
        1 => drop(signature.pop()),
        2 => signature.push(0),
        3 => signature.iter_mut().take(1).for_each(|octet| *octet ^= 1),
        _ => {}
    }
    Some(format!("{signing_input}.{}", base64url::encode(signature)))
}
