use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{
    HeaderParameters, JsonBuilder, JwsError, Reader, Unprotected, sign_compact, sign_detached,
};
use avouch_jose::{Jwk, JwsAlgorithm, Limits, SigningKey, VerifyingKeys};
use serde_json::Value;

use crate::jose::data::{algorithm, json, jwk, keys, text, vector_file, verify};
use crate::jose::run::{Tally, signing};

const KEYS: [&str; 6] = [
    vector_file!("rfc7520/jwk/3_1.ec_public_key.json"),
    vector_file!("rfc7520/jwk/3_2.ec_private_key.json"),
    vector_file!("rfc7520/jwk/3_3.rsa_public_key.json"),
    vector_file!("rfc7520/jwk/3_4.rsa_private_key.json"),
    vector_file!("rfc7520/jwk/3_5.symmetric_key_mac_computation.json"),
    vector_file!("rfc7520/jwk/3_6.symmetric_key_encryption.json"),
];

const SIGNATURES: [&str; 8] = [
    vector_file!("rfc7520/jws/4_1.rsa_v15_signature.json"),
    vector_file!("rfc7520/jws/4_2.rsa-pss_signature.json"),
    vector_file!("rfc7520/jws/4_3.ecdsa_signature.json"),
    vector_file!("rfc7520/jws/4_4.hmac-sha2_integrity_protection.json"),
    vector_file!("rfc7520/jws/4_5.signature_with_detached_content.json"),
    vector_file!("rfc7520/jws/4_6.protecting_specific_header_fields.json"),
    vector_file!("rfc7520/jws/4_7.protecting_content_only.json"),
    vector_file!("rfc7520/jws/4_8.multiple_signatures.json"),
];

/// [RFC 7520](https://www.rfc-editor.org/rfc/rfc7520) section 3: every key is read, and printed as it was.
pub fn rfc7520_keys(_: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for printed in KEYS.map(json) {
        let key = jwk(&printed);
        assert_eq!(serde_json::from_str::<Value>(&key.to_private_json()).unwrap(), printed);
        assert_eq!(Jwk::from_json(key.to_private_json().as_bytes(), &Limits::default()).unwrap(), key);
        tally.count(true);
    }
    tally
}

/// [RFC 7520](https://www.rfc-editor.org/rfc/rfc7520) section 4: every signature verifies in every form, and where it is
/// deterministic, ours is the printed one.
pub fn rfc7520_signatures(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for example in SIGNATURES.map(json) {
        tally.count(signature(&example, crypto));
    }
    tally
}

/// The key of one signature and where its header parameters stand.
struct Part {
    keys: VerifyingKeys,
    signer: SigningKey,
    unprotected: Unprotected,
}

fn part(key: &Value, name: &str, signing_step: &Value, crypto: &CryptoProvider) -> Option<Part> {
    let algorithm: JwsAlgorithm = name.parse().unwrap();
    let protected = &signing_step["protected"];
    let key = jwk(key);
    let mut unprotected = Unprotected::new();
    if protected.get("alg").is_none() {
        unprotected = unprotected.algorithm();
    }
    if protected.get("kid").is_none() {
        unprotected = unprotected.kid();
        assert_eq!(signing_step["unprotected"]["kid"].as_str(), key.kid());
    }
    let keys = keys(&key, algorithm, crypto);
    let signer = signing(&key, algorithm, crypto);
    keys.zip(signer).map(|(keys, signer)| Part { keys, signer, unprotected })
}

fn signature(example: &Value, crypto: &CryptoProvider) -> bool {
    let input = &example["input"];
    let parts: Option<Vec<Part>> = match &input["key"] {
        Value::Array(keys) => keys
            .iter()
            .enumerate()
            .map(|(place, key)| {
                let name = input["alg"][place].as_str().unwrap();
                part(key, name, &example["signing"][place], crypto)
            })
            .collect(),
        key => part(key, algorithm(input, "alg").name(), &example["signing"], crypto).map(|part| vec![part]),
    };
    let Some(parts) = parts else { return false };
    compact(example, &parts);
    let output = &example["output"];
    for form in ["json", "json_flat"] {
        let Some(printed) = output.get(form) else { continue };
        let ours = written(example, &parts, form);
        for text in [printed, &ours] {
            read(example, text, &parts);
        }
        if example["reproducible"] == true {
            assert_eq!(&ours, printed, "{}", example["title"]);
        }
        // else some signatures differ, and nothing more
        assert_eq!(without_signatures(ours), without_signatures(printed.clone()), "{}", example["title"]);
    }
    true
}

fn compact(example: &Value, parts: &[Part]) {
    let payload = text(&example["input"], "payload").as_bytes();
    let (Some(token), [part]) = (example["output"]["compact"].as_str(), parts) else { return };
    let ours = if token.contains("..") {
        let detached = |token: &str| Reader::default().detached(token, payload).unwrap().verify(&part.keys);
        assert_eq!(detached(token).unwrap().payload(), payload);
        // read as a whole token, it is over an empty payload, which was not signed
        assert!(matches!(verify(token, &part.keys), Err(JwsError::SignatureInvalid)));
        let ours = sign_detached(&HeaderParameters::new(), payload, &part.signer).unwrap();
        assert!(detached(&ours).is_ok());
        ours
    } else {
        assert_eq!(verify(token, &part.keys).unwrap().payload(), payload);
        let ours = sign_compact(&HeaderParameters::new(), payload, &part.signer).unwrap();
        assert_eq!(verify(&ours, &part.keys).unwrap().payload(), payload);
        ours
    };
    if example["reproducible"] == true {
        assert_eq!(ours, token);
    }
}

fn written(example: &Value, parts: &[Part], form: &str) -> Value {
    let mut builder = JsonBuilder::new(text(&example["input"], "payload").as_bytes());
    for Part { signer, unprotected, .. } in parts {
        builder = builder.sign_with_unprotected(&HeaderParameters::new(), unprotected, signer).unwrap();
    }
    if example["output"][form].get("payload").is_none() {
        builder = builder.detached();
    }
    let text = if form == "json" { builder.general() } else { builder.flattened() };
    serde_json::from_str(&text.unwrap()).unwrap()
}

/// Each key verifies its own signature, and only where an unprotected algorithm is accepted, one without a protected.
fn read(example: &Value, jws: &Value, parts: &[Part]) {
    let payload = text(&example["input"], "payload").as_bytes();
    let text = jws.to_string();
    let read = |reader: Reader| {
        if jws.get("payload").is_some() { reader.json(&text) } else { reader.json_detached(&text, payload) }
    };
    let (strict, lenient) =
        (read(Reader::default()).unwrap(), read(Reader::default().unprotected_algorithm()).unwrap());
    for (place, part) in parts.iter().enumerate() {
        let content = lenient.verify(&part.keys).unwrap();
        assert_eq!((content.payload(), content.signature_index()), (payload, place));
        let is_protected = content.protected().contains_key("alg");
        assert_eq!(strict.verify(&part.keys).is_ok(), is_protected, "{}", example["title"]);
    }
    let all: Vec<&VerifyingKeys> = parts.iter().map(|part| &part.keys).collect();
    assert_eq!(lenient.verify_with_every(&all).unwrap().len(), parts.len());
}

fn without_signatures(mut jws: Value) -> Value {
    let members = jws.as_object_mut().unwrap();
    members.remove("signature");
    for signature in members.get_mut("signatures").and_then(Value::as_array_mut).into_iter().flatten() {
        signature.as_object_mut().unwrap().remove("signature");
    }
    jws
}
