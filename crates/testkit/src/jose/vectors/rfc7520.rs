use avouch_jose::Jwk;
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderParameters, sign_compact};
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
        assert_eq!(Jwk::from_json(key.to_private_json().as_bytes(), &Default::default()).unwrap(), key);
        tally.count(true);
    }
    tally
}

/// [RFC 7520](https://www.rfc-editor.org/rfc/rfc7520) section 4: every signature verifies, and where it is deterministic,
/// ours is the printed one.
pub fn rfc7520_signatures(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for example in SIGNATURES.map(json) {
        let Some(token) = example["output"]["compact"].as_str() else { continue };
        let algorithm = algorithm(&example["input"], "alg");
        let key = jwk(&example["input"]["key"]);
        let payload = text(&example["input"], "payload").as_bytes();
        let (Some(keys), Some(signer)) = (keys(&key, algorithm, crypto), signing(&key, algorithm, crypto))
        else {
            tally.count(false);
            continue;
        };
        let title = text(&example, "title");
        if title.contains("Detached") {
            continue;
        }
        assert_eq!(verify(token, &keys).unwrap().payload(), payload, "{title}");
        let ours = sign_compact(&HeaderParameters::new(), payload, &signer).unwrap();
        if example["reproducible"] == true {
            assert_eq!(ours, token, "{title}");
        } else {
            assert_eq!(verify(&ours, &keys).unwrap().payload(), payload, "{title}");
        }
        tally.count(true);
    }
    tally
}
