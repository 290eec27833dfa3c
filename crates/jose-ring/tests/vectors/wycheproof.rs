//! Project Wycheproof: what has broken other libraries.

use std::collections::BTreeMap;

use avouch_jose::{Jwk, KeyError, VerifyingKey, VerifyingKeys};
use serde_json::Value;

use crate::data::{read, verify};

/// Tests that come out otherwise here than upstream says, beyond the contradictions listed in `overrides.json`. A test
/// that stops to deviate fails the run.
const DEVIATIONS: [(&str, u64, &str); 2] = [
    (
        "json_web_key_test.json",
        7,
        "the ROCA weakness of the modulus is not looked for; the signature is valid",
    ),
    ("json_web_crypto_jws_only.json", 46, "the same key"),
];

/// The key or keys of a group, each with the algorithm it names itself; the header never chooses.
fn keys(group: &Value) -> Result<VerifyingKeys, String> {
    let given = group.get("public").unwrap_or(&group["private"]);
    let entries = given["keys"].as_array().cloned().unwrap_or_else(|| vec![given.clone()]);
    let keys = entries.into_iter().map(|entry| {
        let jwk = Jwk::from_value(entry).map_err(|error| error.to_string())?;
        // groups without `alg` are about `use` and `key_ops`
        let algorithm = jwk.alg().unwrap_or(if jwk.key_type().name() == "EC" { "ES256" } else { "RS256" });
        let algorithm = algorithm.parse().map_err(|error| format!("{error}"))?;
        VerifyingKey::prepare(&jwk, algorithm, &avouch_jose_ring::provider())
            .map_err(|error| error.to_string())
    });
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    VerifyingKeys::from_keys(keys).map_err(|error: KeyError| error.to_string())
}

fn overrides(file: &str) -> BTreeMap<u64, String> {
    let all = read("wycheproof/overrides.json");
    let entries = all["overrides"].as_array().unwrap().iter().filter(|entry| entry["file"] == file);
    entries
        .flat_map(|entry| {
            let expected = entry["expected"].as_str().unwrap();
            let ids = entry["tcIds"].as_array().unwrap();
            ids.iter().map(move |id| (id.as_u64().unwrap(), expected.to_owned()))
        })
        .collect()
}

fn run(file: &str) -> usize {
    let suite = read(&format!("wycheproof/{file}"));
    let overrides = overrides(file);
    let mut wrong = Vec::new();
    let mut ran = 0;
    for group in suite["testGroups"].as_array().unwrap() {
        let keys = keys(group);
        for test in group["tests"].as_array().unwrap() {
            let id = test["tcId"].as_u64().unwrap();
            let expected = overrides.get(&id).map_or(test["result"].as_str().unwrap(), String::as_str);
            if expected == "skip" {
                continue;
            }
            let json = test["jws"].to_string();
            let token = test["jws"].as_str().unwrap_or(&json);
            let outcome =
                keys.clone().and_then(|keys| verify(token, &keys).map_err(|error| error.to_string()));
            let deviates = DEVIATIONS.iter().any(|(name, test, _)| (*name, *test) == (file, id));
            if (outcome.is_ok() == (expected == "valid")) == deviates {
                wrong.push(format!("{id} {} expected {expected}: {outcome:?}", test["comment"]));
            }
            ran += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    ran
}

/// Proves B64-01, B64-03, ALG-05, ALG-07, ALG-09, BCP-07. Signatures and MACs altered in every part, padding
/// and stray characters, special values of ECDSA and PSS.
#[test]
fn signatures() {
    assert_eq!(run("json_web_signature_test.json"), 399);
}

/// Proves ALG-01, ALG-02, ALG-03, ALG-08, JWK-09, JWK-12, SEL-05. Keys that are too small, off their curve, for
/// another use, of another type, twice in one set.
#[test]
fn keys_and_sets() {
    assert_eq!(run("json_web_key_test.json"), 26);
}

/// Proves ALG-12, BCP-03. Keys of one kind used as another.
#[test]
fn confusion() {
    assert_eq!(run("json_web_crypto_jws_only.json"), 49);
}
