use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jwe::{HeaderParameters, JsonBuilder, dangerous::encrypt_deflated, encrypt_compact};
use avouch_jose::jwt::NestedReader;
use avouch_jose::{ContentEncryption, DecryptionKeys, EncryptionKey, JweAlgorithm};
use serde_json::{Map, Value};

use crate::FixedRandom;
use crate::jose::data::{algorithm, json, jwk, keys, octets, text, vector_file};
use crate::jose::jwe::{Secret, content_encryption, decrypt, decrypting, encrypting, management};
use crate::jose::run::{Tally, signing};
use crate::jose::script::ScriptedRandom;

const ENCRYPTION: [&str; 13] = [
    vector_file!("rfc7520/jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json"),
    vector_file!("rfc7520/jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm.json"),
    vector_file!("rfc7520/jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2.json"),
    vector_file!(
        "rfc7520/jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm.json"
    ),
    vector_file!("rfc7520/jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2.json"),
    vector_file!("rfc7520/jwe/5_6.direct_encryption_using_aes-gcm.json"),
    vector_file!("rfc7520/jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2.json"),
    vector_file!("rfc7520/jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm.json"),
    vector_file!("rfc7520/jwe/5_9.compressed_content.json"),
    vector_file!("rfc7520/jwe/5_10.including_additional_authentication_data.json"),
    vector_file!("rfc7520/jwe/5_11.protecting_specific_header_fields.json"),
    vector_file!("rfc7520/jwe/5_12.protecting_content_only.json"),
    vector_file!("rfc7520/jwe/5_13.encrypting_to_multiple_recipients.json"),
];

/// Parameters that are decided by key and algorithm, or by the builder.
const DECIDED: [&str; 9] = ["alg", "kid", "enc", "epk", "iv", "tag", "p2s", "p2c", "zip"];

/// [RFC 7520](https://www.rfc-editor.org/rfc/rfc7520) section 5: every example is decrypted in every form, and made again
/// from the randomness that is printed: the same octets, except what was encrypted to an RSA key.
pub fn rfc7520_encryption(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for example in ENCRYPTION.map(json) {
        tally.count(encryption(&example, crypto));
    }
    tally
}

struct Recipient {
    keys: DecryptionKeys,
    key: EncryptionKey,
}

/// Each member of what may be a list.
fn each(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |list| list.iter().collect())
}

fn encryption(example: &Value, crypto: &CryptoProvider) -> bool {
    let (input, content) = (&example["input"], &example["encrypting_content"]);
    // 5.13 misspells it in its input
    let header = if content["protected"].get("enc").is_some() { &content["protected"] } else { input };
    let encryption = content_encryption(header, "enc");
    let mut recipients = Vec::new();
    for (place, name) in each(&input["alg"]).into_iter().enumerate() {
        let secret = match input["pwd"].as_str() {
            Some(password) => {
                let rounds = content["protected"]["p2c"].as_u64().unwrap();
                Secret::Password(password.as_bytes().to_vec(), rounds.try_into().unwrap())
            }
            None => Secret::Key(jwk(each(&input["key"])[place])),
        };
        let algorithm = management(&serde_json::json!({"alg": name}), "alg");
        let keys = decrypting(&secret, algorithm, encryption, crypto);
        let key = encrypting(&secret, algorithm, encryption, crypto);
        let (Some(keys), Some(key)) = (keys, key) else { return false };
        recipients.push(Recipient { keys, key });
    }
    decrypts(example, &recipients);
    encrypts(example, encryption, &recipients);
    true
}

fn decrypts(example: &Value, recipients: &[Recipient]) {
    for (form, printed) in example["output"].as_object().unwrap() {
        for (place, recipient) in recipients.iter().enumerate() {
            let decrypted = decrypt(printed, &recipient.keys)
                .unwrap_or_else(|error| panic!("{} {form}: {error}", example["title"]));
            let expected = text(&example["input"], "plaintext").as_bytes();
            assert_eq!((decrypted.plaintext(), decrypted.recipient()), (expected, place));
        }
    }
}

fn encrypts(example: &Value, encryption: ContentEncryption, recipients: &[Recipient]) {
    let (input, content) = (&example["input"], &example["encrypting_content"]);
    let plaintext = text(input, "plaintext").as_bytes();
    let rsa = |recipient: &Recipient| recipient.key.algorithm().name().starts_with("RSA");
    for (form, printed) in example["output"].as_object().unwrap() {
        let random = ScriptedRandom::new(script(example, recipients));
        let ours = if content["protected"].get("zip").is_some() {
            // of what we compress ourselves nobody can say how; and in JSON we do not
            let deflated = octets(&example["generated"], "plaintext_c");
            let key = &recipients[0].key;
            let token =
                encrypt_deflated(&HeaderParameters::new(), &deflated, key, encryption, &random).unwrap();
            if form == "compact" { token.into() } else { in_json(&token, printed) }
        } else if form == "compact" {
            let parameters = parameters(&content["protected"]);
            encrypt_compact(&parameters, plaintext, &recipients[0].key, encryption, &random).unwrap().into()
        } else {
            let mut builder = JsonBuilder::new(encryption).protected(parameters(&content["protected"]));
            let shared = content["unprotected"].as_object().cloned().unwrap_or_default();
            builder = builder.unprotected(
                shared
                    .iter()
                    .fold(HeaderParameters::new(), |set, (name, value)| set.parameter(name, value.clone())),
            );
            if let Some(aad) = input["aad"].as_str() {
                builder = builder.aad(aad.as_bytes());
            }
            for recipient in recipients {
                builder = builder.recipient(&recipient.key, HeaderParameters::new());
            }
            let encrypted = builder.encrypt(plaintext, &random).unwrap();
            // without any member for recipients it is the flattened form, whatever it is called
            let general = printed.get("recipients").is_some();
            let text = if general { encrypted.general() } else { encrypted.flattened().unwrap() };
            serde_json::from_str(&text).unwrap()
        };
        assert!(random.is_exhausted(), "{}", example["title"]);
        if recipients.iter().any(rsa) {
            for recipient in recipients {
                assert_eq!(decrypt(&ours, &recipient.keys).unwrap().plaintext(), plaintext);
            }
        }
        assert_eq!(
            without_rsa_keys(ours, recipients, rsa),
            without_rsa_keys(printed.clone(), recipients, rsa),
            "{} {form}",
            example["title"]
        );
    }
}

/// What the example drew, in our order: what each recipient needs, then the content key, then the initialization vector.
fn script(example: &Value, recipients: &[Recipient]) -> Vec<Vec<u8>> {
    let mut script = Vec::new();
    for step in each(&example["encrypting_key"]) {
        for (holder, name) in [(step, "salt"), (&step["epk"], "d"), (step, "iv")] {
            script.extend(holder.get(name).map(|_| octets(holder, name)));
        }
    }
    if ![JweAlgorithm::DIR, JweAlgorithm::ECDH_ES].contains(&recipients[0].key.algorithm()) {
        script.push(octets(&example["generated"], "cek"));
    }
    script.push(octets(&example["generated"], "iv"));
    script
}

/// What is left to the caller of a protected header.
fn parameters(protected: &Value) -> HeaderParameters {
    let members: Map<String, Value> = protected.as_object().cloned().unwrap_or_default();
    let own = members.into_iter().filter(|(name, _)| !DECIDED.contains(&&**name));
    own.fold(HeaderParameters::new(), |set, (name, value)| set.parameter(&name, value))
}

/// A compact token of ours in the form of the printed one.
fn in_json(token: &str, printed: &Value) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    let mut json = printed.clone();
    for (at, name) in [(0, "protected"), (2, "iv"), (3, "ciphertext"), (4, "tag")] {
        json[name] = parts[at].into();
    }
    match json.get("recipients") {
        Some(_) => json["recipients"][0]["encrypted_key"] = parts[1].into(),
        None => json["encrypted_key"] = parts[1].into(),
    }
    json
}

/// An RSA-encrypted key is another one each time.
fn without_rsa_keys(mut jwe: Value, recipients: &[Recipient], rsa: impl Fn(&Recipient) -> bool) -> Value {
    for (place, _) in recipients.iter().enumerate().filter(|(_, recipient)| rsa(recipient)) {
        if let Some(token) = jwe.as_str() {
            let parts = token.split('.').enumerate().filter(|(at, _)| *at != 1).map(|(_, part)| part);
            jwe = parts.collect::<Vec<_>>().join(".").into();
        } else if jwe.get("recipients").is_some() {
            jwe["recipients"][place]["encrypted_key"] = Value::Null;
        } else {
            jwe["encrypted_key"] = Value::Null;
        }
    }
    jwe
}

/// [RFC 7520](https://www.rfc-editor.org/rfc/rfc7520) section 6: signed, then encrypted.
pub fn rfc7520_nesting(crypto: &CryptoProvider) -> Tally {
    let example = json(vector_file!("rfc7520/6.nesting_signatures_and_encryption.json"));
    let mut tally = Tally::default();
    tally.count(nesting(&example, crypto));
    tally
}

fn nesting(example: &Value, crypto: &CryptoProvider) -> bool {
    let (inner, outer) = (&example["sign"], &example["encrypt"]);
    let (signing_jwk, name) = (jwk(&inner["input"]["key"]), algorithm(&inner["input"], "alg"));
    let (management, encryption) =
        (management(&outer["input"], "alg"), content_encryption(&outer["input"], "enc"));
    let secret = Secret::Key(jwk(&outer["input"]["key"]));
    let verifying = keys(&signing_jwk, name, crypto);
    let signer = signing(&signing_jwk, name, crypto);
    let decrypting = decrypting(&secret, management, encryption, crypto);
    let key = encrypting(&secret, management, encryption, crypto);
    let (Some(verifying), Some(signer), Some(decrypting), Some(key)) = (verifying, signer, decrypting, key)
    else {
        return false;
    };
    let claims = text(&inner["input"], "payload").as_bytes();
    for form in ["compact", "json", "json_flat"] {
        let decrypted = decrypt(&outer["output"][form], &decrypting).unwrap();
        assert_eq!(decrypted.plaintext(), text(&inner["output"], "compact").as_bytes());
    }
    let nested = NestedReader::default();
    let token = text(&outer["output"], "compact");
    assert_eq!(nested.verify(token, &decrypting, &verifying).unwrap().payload(), claims);
    let claims: Value = serde_json::from_slice(claims).unwrap();
    let ours = avouch_jose::jwt::sign_then_encrypt(
        &signer,
        Some("JWT"),
        &claims,
        &key,
        encryption,
        &FixedRandom::new(6),
    );
    let content = nested.verify(&ours.unwrap(), &decrypting, &verifying).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(content.payload()).unwrap(), claims);
    true
}
