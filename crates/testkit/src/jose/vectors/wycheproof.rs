//! Project Wycheproof: what has broken other libraries.

use std::collections::BTreeMap;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{Jwk, JwsAlgorithm, KeyError, VerifyingKey, VerifyingKeys};
use serde_json::Value;

use crate::jose::data::{json, text, vector_file, verify};
use crate::jose::run::Tally;

/// Signatures and MACs altered in every part, padding and stray characters, special values of ECDSA and PSS.
pub fn wycheproof_signatures(crypto: &CryptoProvider) -> Tally {
    run("json_web_signature_test.json", vector_file!("wycheproof/json_web_signature_test.json"), crypto)
}

/// Keys that are too small, off their curve, for another use, of another type, twice in one set.
pub fn wycheproof_keys(crypto: &CryptoProvider) -> Tally {
    run("json_web_key_test.json", vector_file!("wycheproof/json_web_key_test.json"), crypto)
}

/// Keys of one kind used as another.
pub fn wycheproof_confusion(crypto: &CryptoProvider) -> Tally {
    run("json_web_crypto_jws_only.json", vector_file!("wycheproof/json_web_crypto_jws_only.json"), crypto)
}

/// Why there are no keys.
enum NoKeys {
    /// The backend lacks what one of them needs.
    Lacking,
    /// One of them is refused, or all together.
    Refused,
}

/// The key or keys of a group, each with the algorithm it names itself; the header never chooses.
fn keys(group: &Value, crypto: &CryptoProvider) -> Result<VerifyingKeys, NoKeys> {
    let given = group.get("public").unwrap_or(&group["private"]);
    let entries = given["keys"].as_array().cloned().unwrap_or_else(|| vec![given.clone()]);
    let mut lacking = false;
    let mut keys = Vec::new();
    for entry in entries {
        let jwk = Jwk::from_value(entry).map_err(|_| NoKeys::Refused)?;
        // groups without `alg` are about `use` and `key_ops`
        let algorithm = jwk.alg().unwrap_or(if jwk.key_type().name() == "EC" { "ES256" } else { "RS256" });
        let algorithm: JwsAlgorithm = algorithm.parse().map_err(|_| NoKeys::Refused)?;
        match VerifyingKey::prepare(&jwk, algorithm, crypto) {
            Ok(key) => {
                assert!(crypto.signatures.supports(algorithm), "{algorithm}");
                keys.push(key);
            }
            Err(KeyError::Unsupported { .. }) => {
                assert!(!crypto.signatures.supports(algorithm), "{algorithm}");
                lacking = true;
            }
            Err(_) => return Err(NoKeys::Refused),
        }
    }
    if lacking {
        return Err(NoKeys::Lacking);
    }
    VerifyingKeys::from_keys(keys).map_err(|_| NoKeys::Refused)
}

/// What is expected where it is not what upstream says, by file and number.
fn overrides(file: &str) -> BTreeMap<u64, String> {
    let all = json(vector_file!("wycheproof/overrides.json"));
    let entries = all["overrides"].as_array().unwrap().iter().filter(|entry| entry["file"] == file);
    entries
        .flat_map(|entry| {
            assert!(!text(entry, "reason").is_empty());
            let ids = entry["tcIds"].as_array().unwrap();
            ids.iter().map(|id| (id.as_u64().unwrap(), text(entry, "expected").to_owned()))
        })
        .collect()
}

fn run(file: &str, suite: &str, crypto: &CryptoProvider) -> Tally {
    let suite = json(suite);
    let mut overrides = overrides(file);
    let mut wrong = Vec::new();
    let mut tally = Tally::default();
    for group in suite["testGroups"].as_array().unwrap() {
        let keys = keys(group, crypto);
        for test in group["tests"].as_array().unwrap() {
            let id = test["tcId"].as_u64().unwrap();
            let upstream = text(test, "result");
            let expected = overrides.remove(&id);
            // an override that changes nothing would hide that upstream has changed its mind
            assert_ne!(expected.as_deref(), Some(upstream), "{file} {id} needs no override");
            let expected = expected.as_deref().unwrap_or(upstream);
            let json = test["jws"].to_string();
            let token = test["jws"].as_str().unwrap_or(&json);
            let accepted = match &keys {
                Ok(keys) => verify(token, keys).is_ok(),
                Err(NoKeys::Refused) => false,
                Err(NoKeys::Lacking) => {
                    tally.count(false);
                    continue;
                }
            };
            if accepted != (expected == "valid") {
                wrong.push(format!("{id} {}: expected {expected}, accepted {accepted}", test["comment"]));
            }
            tally.count(true);
        }
    }
    assert!(wrong.is_empty(), "{file}:\n{}", wrong.join("\n"));
    assert!(overrides.is_empty(), "{file} has no tests {:?}", overrides.keys());
    assert_eq!(suite["numberOfTests"].as_u64(), Some(tally.total() as u64), "{file}");
    tally
}
