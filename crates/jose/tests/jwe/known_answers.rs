//! Published examples: read, and where nothing but our own randomness is in them, written to the same octets.

use avouch_jose::jwe::{
    HeaderParameters, InflateLimits, JsonBuilder, PasswordLimits, Reader, dangerous, encrypt_compact,
};
use avouch_jose::{ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, Limits};
use serde_json::Value;

use crate::support::{Script, crypto, hex, jwk, octets, text, vectors};

fn algorithm(name: &str) -> JweAlgorithm {
    if name == dangerous::RSA1_5.name() { dangerous::RSA1_5 } else { name.parse().unwrap() }
}

fn reader() -> Reader {
    Reader::new(Limits::default()).inflating(InflateLimits::default())
}

fn decryption_key(input: &Value, key: &Value, alg: JweAlgorithm, enc: ContentEncryption) -> DecryptionKey {
    let crypto = crypto();
    if alg.name().starts_with("PBES2") {
        let password = text(&input["pwd"]).as_bytes();
        return DecryptionKey::password(password, alg, PasswordLimits::default(), &crypto).unwrap();
    }
    if alg == JweAlgorithm::DIR {
        return DecryptionKey::direct(&jwk(key), enc, &crypto).unwrap();
    }
    DecryptionKey::prepare(&jwk(key), alg, &crypto).unwrap()
}

/// Proves JWE-10, JWE-28, JWE-31, ENC-10. Reads RFC 7520, 5.1 to 5.13, in each form that is printed, with each recipient's key.
#[test]
fn rfc7520() {
    let mut count = 0;
    for entry in
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/vectors/jose/rfc7520/jwe"))
            .unwrap()
    {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let example = vectors(&format!("rfc7520/jwe/{name}"));
        let (input, output) = (&example["input"], &example["output"]);
        // 5.13 misspells it
        let enc = text(&input["enc"]).replace("A128CBC-H256", "A128CBC-HS256").parse().unwrap();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let keys = list(&input["key"]);
        for (key, alg) in keys.iter().zip(list(&input["alg"])) {
            let key = decryption_key(input, key, algorithm(text(&alg)), enc);
            let keys = DecryptionKeys::single(key, &[enc]).unwrap();
            for form in ["compact", "json", "json_flat"] {
                let jwe = match &output[form] {
                    Value::Null => continue,
                    Value::String(token) => reader().compact(token).unwrap().decrypt(&keys),
                    json => reader().json(&json.to_string()).unwrap().decrypt(&keys),
                };
                let content = jwe.unwrap_or_else(|error| panic!("{name} {alg} {form}: {error}"));
                assert_eq!(content.plaintext(), text(&input["plaintext"]).as_bytes(), "{name} {alg} {form}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 36);
}
