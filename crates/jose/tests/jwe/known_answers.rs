//! Published examples: read, and where nothing but our own randomness is in them, written to the same octets.

use avouch_jose::jwe::{
    HeaderParameters, InflateLimits, JsonBuilder, PasswordLimits, Reader, dangerous, encrypt_compact,
};
use avouch_jose::{
    AesKeySize, ContentEncryption, ContentScheme, DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm,
    KeyManagement, Limits, base64url,
};
use serde_json::Value;

use crate::support::{
    Script, crypto, hex, jwk, keys, oct, octets, open, p256, text, vectors, without, x25519,
};

const RFC7520: [&str; 13] = [
    "5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2",
    "5_2.key_encryption_using_rsa-oaep_with_aes-gcm",
    "5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2",
    "5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm",
    "5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2",
    "5_6.direct_encryption_using_aes-gcm",
    "5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2",
    "5_8.key_wrap_using_aes-keywrap_with_aes-gcm",
    "5_9.compressed_content",
    "5_10.including_additional_authentication_data",
    "5_11.protecting_specific_header_fields",
    "5_12.protecting_content_only",
    "5_13.encrypting_to_multiple_recipients",
];

fn rfc7520_example(name: &str) -> Value {
    vectors(&format!("rfc7520/jwe/{name}.json"))
}

fn algorithm(name: &str) -> JweAlgorithm {
    if name == dangerous::RSA1_5.name() { dangerous::RSA1_5 } else { name.parse().unwrap() }
}

fn reader() -> Reader {
    Reader::new(Limits::default()).inflating(InflateLimits::default())
}

fn decryption_key(input: &Value, key: &Value, alg: JweAlgorithm, enc: ContentEncryption) -> DecryptionKey {
    let crypto = crypto();
    match alg.scheme() {
        KeyManagement::Password(..) => {
            let password = text(&input["pwd"]).as_bytes();
            DecryptionKey::password(password, alg, PasswordLimits::default(), &crypto).unwrap()
        }
        KeyManagement::Direct => DecryptionKey::direct(&jwk(key), enc, &crypto).unwrap(),
        _ => DecryptionKey::prepare(&jwk(key), alg, &crypto).unwrap(),
    }
}

fn encryption_key(example: &Value, alg: JweAlgorithm, enc: ContentEncryption) -> EncryptionKey {
    let (crypto, input) = (crypto(), &example["input"]);
    match alg.scheme() {
        KeyManagement::Password(..) => {
            let rounds = example["encrypting_key"]["iteration_count"].as_u64().unwrap();
            let password = text(&input["pwd"]).as_bytes();
            EncryptionKey::password(password, alg, rounds.try_into().unwrap(), &crypto).unwrap()
        }
        KeyManagement::Direct => EncryptionKey::direct(&jwk(&input["key"]), enc, &crypto).unwrap(),
        _ => EncryptionKey::prepare(&jwk(&input["key"]), alg, &crypto).unwrap(),
    }
}

/// Proves JWE-10, JWE-28, JWE-31, ENC-10, ENC-17. Reads RFC 7520, 5.1 to 5.13, in each form that is printed, with each
/// recipient's key.
#[test]
fn rfc7520_is_read() {
    let mut count = 0;
    for name in RFC7520 {
        let example = rfc7520_example(name);
        let (input, output) = (&example["input"], &example["output"]);
        // 5.13 misspells it
        let enc = text(&input["enc"]).replace("A128CBC-H256", "A128CBC-HS256").parse().unwrap();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for (key, alg) in list(&input["key"]).iter().zip(list(&input["alg"])) {
            let key = decryption_key(input, key, algorithm(text(&alg)), enc);
            let keys = DecryptionKeys::single(key, &[enc]).unwrap();
            for form in ["compact", "json", "json_flat"] {
                let content = match &output[form] {
                    Value::Null => continue,
                    Value::String(token) => reader().compact(token).unwrap().decrypt(&keys),
                    json => reader().json(&json.to_string()).unwrap().decrypt(&keys),
                };
                let content = content.unwrap_or_else(|error| panic!("{name} {alg} {form}: {error}"));
                assert_eq!(content.plaintext(), text(&input["plaintext"]).as_bytes(), "{name} {alg} {form}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 36);
}

/// Proves JWE-10, JWE-15, ENC-08, ENC-12, ENC-20. With the same randomness, our own output is what RFC 7520 prints.
#[test]
fn rfc7520_is_written() {
    // 5.1, 5.2 and 5.13 have the randomness of RSA in them
    for name in RFC7520.iter().filter(|name| !["5_1.", "5_2.", "5_13."].iter().any(|no| name.starts_with(no)))
    {
        let example = rfc7520_example(name);
        let (input, output) = (&example["input"], &example["output"]);
        let (generated, printed) = (&example["generated"], &example["encrypting_content"]);
        let alg = algorithm(text(&input["alg"]));
        let enc = text(&input["enc"]).parse().unwrap();
        let key = encryption_key(&example, alg, enc);
        let managing = &example["encrypting_key"];
        let script = || {
            let drawn = [
                &managing["salt"],
                &managing["epk"]["d"],
                &managing["iv"],
                &generated["cek"],
                &generated["iv"],
            ];
            Script::new(drawn.into_iter().filter(|piece| piece.is_string()).map(octets))
        };
        let mut protected = HeaderParameters::new();
        if let Some(cty) = printed["protected"]["cty"].as_str() {
            protected = protected.cty(cty);
        }
        let plaintext = text(&input["plaintext"]).as_bytes();
        if let Value::String(compact) = &output["compact"] {
            let random = script();
            let token = if input["zip"].is_null() {
                encrypt_compact(&protected, plaintext, &key, enc, &random)
            } else {
                dangerous::encrypt_deflated(
                    &protected,
                    &octets(&generated["plaintext_c"]),
                    &key,
                    enc,
                    &random,
                )
            };
            assert_eq!(token.unwrap(), *compact, "{name}");
            assert!(random.is_spent(), "{name}");
        }
        if !input["zip"].is_null() {
            continue;
        }
        let mut shared = HeaderParameters::new();
        for (name, value) in printed["unprotected"].as_object().into_iter().flatten() {
            shared = shared.parameter(name, value.clone());
        }
        let aad =
            printed["protected"].as_object().and_then(|_| generated["aad_b64u"].as_str()).unwrap_or_default();
        let sealed = JsonBuilder::new(enc)
            .protected(protected)
            .unprotected(shared)
            .aad(&base64url::decode(aad).unwrap())
            .recipient(&key, HeaderParameters::new())
            .encrypt(plaintext, &script())
            .unwrap();
        let flattened: Value = serde_json::from_str(&sealed.flattened().unwrap()).unwrap();
        assert_eq!(flattened, output["json_flat"], "{name}");
        // 5.5 and 5.6 print the flattened form under both names
        if output["json"]["recipients"].is_array() {
            let general: Value = serde_json::from_str(&sealed.general()).unwrap();
            assert_eq!(general, output["json"], "{name}");
        }
    }
}

/// Proves JWE-10, JWE-12, ENC-18. RFC 7516, A.1 to A.5, and A.3 written again.
#[test]
fn rfc7516() {
    let examples = vectors("rfc7516-appendix.json");
    let [a1, a2, a3, a4, a5] = [0, 1, 2, 3, 4].map(|place| &examples["vectors"][place]);
    for example in [a1, a2, a3] {
        let enc = text(&example["enc"]).parse().unwrap();
        let keys = keys(&example["jwk"], algorithm(text(&example["alg"])), enc);
        let content = open(text(&example["compact"]), &keys).unwrap();
        assert_eq!(content.plaintext(), text(&example["plaintext_utf8"]).as_bytes());
    }
    let enc = ContentEncryption::A128CBC_HS256;
    let by_rsa = keys(&a4["jwks"]["keys"][0], dangerous::RSA1_5, enc);
    let by_wrap = keys(&a4["jwks"]["keys"][1], JweAlgorithm::A128KW, enc);
    for (example, keys, recipient) in [(a4, by_rsa, 0), (a4, by_wrap.clone(), 1), (a5, by_wrap, 0)] {
        let content = reader().json(&example["jwe"].to_string()).unwrap().decrypt(&keys).unwrap();
        assert_eq!(content.plaintext(), b"Live long and prosper.");
        assert_eq!(content.recipient(), recipient);
    }
    let key = EncryptionKey::prepare(&jwk(&a3["jwk"]), JweAlgorithm::A128KW, &crypto()).unwrap();
    let random = Script::new([hex(&a3["cek_hex"]), hex(&a3["iv_hex"])]);
    let token = encrypt_compact(&HeaderParameters::new(), b"Live long and prosper.", &key, enc, &random);
    assert_eq!(token.unwrap(), text(&a3["compact"]));
}

/// Proves ENC-20, ENC-25. RFC 7517, appendix C, read and written again; it has `enc` before `cty`.
#[test]
fn rfc7517_password() {
    let file = vectors("rfc7517-appendix.json");
    let is_encrypted = |example: &&Value| example["compact"].is_string();
    let example = file["vectors"].as_array().unwrap().iter().find(is_encrypted).unwrap();
    let token = text(&example["compact"]);
    let (alg, enc) = (JweAlgorithm::PBES2_HS256_A128KW, ContentEncryption::A128CBC_HS256);
    let password = b"Thus from my lips, by yours, my sin is purged.";
    let key = DecryptionKey::password(password, alg, PasswordLimits::default(), &crypto()).unwrap();
    let keys = DecryptionKeys::single(key, &[enc]).unwrap();
    let content = open(token, &keys).unwrap();
    assert!(content.header().has_content_type("application/jwk+json"));

    let header = content.header();
    let key = EncryptionKey::password(password, alg, 4096, &crypto()).unwrap();
    let segments: Vec<&str> = token.split('.').collect();
    let salt = octets(header.parameter("p2s").unwrap());
    let content_key = hex(&example["cek_hex"]);
    let random = Script::new([salt, content_key, base64url::decode(segments[2]).unwrap()]);
    let parameters = HeaderParameters::new().parameter("enc", enc.name()).cty("jwk+json");
    assert_eq!(encrypt_compact(&parameters, content.plaintext(), &key, enc, &random).unwrap(), token);
}

/// RFC 7518, 5.2.2.1, written down once more: ciphertext and tag.
fn cbc_hmac(enc: ContentEncryption, key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> [Vec<u8>; 2] {
    let ContentScheme::CbcHmac(size, hash) = enc.scheme() else { panic!("{enc}") };
    let backend = crypto().encryption;
    let (mac_key, aes_key) = key.split_at(key.len() / 2);
    let aes = backend.aes_cbc(size, aes_key).unwrap();
    let ciphertext = aes.encrypt(iv.try_into().unwrap(), plaintext).unwrap();
    let mut tag = vec![0; key.len() / 2];
    let input = [aad, iv, &ciphertext, &(aad.len() as u64 * 8).to_be_bytes()].concat();
    backend.hmac(hash, mac_key, &[&input], &mut tag).unwrap();
    [ciphertext, tag]
}

/// Proves ENC-11, ENC-12, JWE-10. The formula gives what RFC 7518, appendix B prints, and tokens hold what the formula gives.
#[test]
fn rfc7518_cbc_hmac() {
    let examples = vectors("rfc7518-appendix-b-aes-cbc-hmac.json");
    for example in examples["vectors"].as_array().unwrap() {
        let enc: ContentEncryption = text(&example["enc"]).parse().unwrap();
        let [key, iv, aad, plaintext, ciphertext, tag] =
            ["k_hex", "iv_hex", "a_hex", "p_hex", "e_hex", "t_hex"].map(|name| hex(&example[name]));
        assert_eq!(cbc_hmac(enc, &key, &iv, &aad, &plaintext), [ciphertext, tag]);

        let direct = EncryptionKey::direct(&jwk(&oct(&key)), enc, &crypto()).unwrap();
        let random = Script::new([iv.clone()]);
        let token = encrypt_compact(&HeaderParameters::new(), &plaintext, &direct, enc, &random).unwrap();
        let segments: Vec<&str> = token.split('.').collect();
        let [ciphertext, tag] = cbc_hmac(enc, &key, &iv, segments[0].as_bytes(), &plaintext);
        assert_eq!(segments[3..], [base64url::encode(ciphertext), base64url::encode(tag)], "{enc}");
        let opened = DecryptionKey::direct(&jwk(&oct(&key)), enc, &crypto()).unwrap();
        let opened = open(&token, &DecryptionKeys::single(opened, &[enc]).unwrap()).unwrap();
        assert_eq!(opened.plaintext(), plaintext);
    }
}

/// RFC 7518, 4.6.2, written down once more.
fn concat_kdf(z: &[u8], id: &str, apu: &[u8], apv: &[u8], bits: u32) -> Vec<u8> {
    let field = |data: &[u8]| [&(data.len() as u32).to_be_bytes(), data].concat();
    let info = [field(id.as_bytes()), field(apu), field(apv), bits.to_be_bytes().to_vec()].concat();
    let round = |counter: u32| crypto().sha256(&[&counter.to_be_bytes(), z, &info].concat());
    [round(1), round(2)].concat()[..bits as usize / 8].to_vec()
}

/// Proves ENC-05, ENC-07, ENC-08, ENC-09. The formula gives what RFC 7518, appendix C prints and what was computed after it,
/// and content or content keys are encrypted with what the formula gives, with and without party information.
#[test]
fn rfc7518_concat_kdf() {
    let examples = vectors("rfc7518-appendix-c-concat-kdf.json");
    let appendix = &examples["vectors"][0];
    let decode =
        |value: &Value| value.as_str().map(|text| base64url::decode(text).unwrap()).unwrap_or_default();
    let mut count = 0;
    for example in examples["vectors"].as_array().unwrap() {
        let (alg, enc) = (text(&example["alg"]), text(&example["enc"]));
        let z = hex(&example["z_hex"]);
        let party = |name: &str| match &example["header"] {
            Value::Null => decode(&example[format!("{name}_b64u")]),
            header => decode(&header[name]),
        };
        let (apu, apv) = (party("apu"), party("apv"));
        let bits = example["keydatalen_bits"].as_u64().unwrap() as u32;
        let id = if alg == "ECDH-ES" { enc } else { alg };
        let derived = concat_kdf(&z, id, &apu, &apv, bits);
        assert_eq!(derived, hex(&example["derived_key_hex"]), "{alg} {enc}");

        let (alg, enc) = (algorithm(alg), enc.parse::<ContentEncryption>().unwrap());
        let public = jwk(&without(p256(), "d"));
        let key = EncryptionKey::prepare(&public, alg, &crypto()).unwrap();
        let (content_key, iv) = (vec![1; enc.key_len()], vec![2; enc.iv_len()]);
        let mut drawn = vec![octets(&appendix["ephemeral_jwk"]["d"])];
        if alg != JweAlgorithm::ECDH_ES {
            drawn.push(content_key.clone());
        }
        drawn.push(iv.clone());
        let mut parameters = HeaderParameters::new();
        if !apu.is_empty() {
            parameters = parameters.apu(&apu).apv(&apv);
        }
        let token = encrypt_compact(&parameters, b"plaintext", &key, enc, &Script::new(drawn)).unwrap();
        let segments: Vec<&str> = token.split('.').collect();
        let content_key = match alg.scheme() {
            KeyManagement::AgreementWithKeyWrap(size) => {
                let wrapped = crypto().encryption.aes_key_wrap(size, &derived).unwrap().wrap(&content_key);
                assert_eq!(segments[1], base64url::encode(wrapped.unwrap()), "{alg} {enc}");
                content_key
            }
            _ => derived,
        };
        // the content is encrypted with that key, or it would not open directly
        let header = base64url::decode(segments[0]).unwrap();
        assert!(header.starts_with(
            format!(r#"{{"alg":"{alg}","epk":{{"kty":"EC","crv":"P-256","x":"gI0G"#).as_bytes()
        ));
        let [ciphertext, tag] = content(enc, &content_key, &iv, segments[0].as_bytes(), b"plaintext");
        assert_eq!(segments[3..], [base64url::encode(ciphertext), base64url::encode(tag)], "{alg} {enc}");
        let opened = open(&token, &keys(&p256(), alg, enc)).unwrap();
        assert_eq!(opened.plaintext(), b"plaintext");
        count += 1;
    }
    assert_eq!(count, 13);
}

fn content(enc: ContentEncryption, key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> [Vec<u8>; 2] {
    let ContentScheme::Gcm(size) = enc.scheme() else { return cbc_hmac(enc, key, iv, aad, plaintext) };
    let aes = crypto().encryption.aes_gcm(size, key).unwrap();
    let mut content = plaintext.to_vec();
    let tag = aes.encrypt(iv.try_into().unwrap(), aad, &mut content).unwrap();
    [content, tag.to_vec()]
}

/// Proves ENC-07, ENC-10. RFC 8037, A.6: with the published ephemeral key, its public half goes into the header and the
/// content key is wrapped with what was computed of the shared secret.
#[test]
fn rfc8037_x25519() {
    let file = vectors("rfc8037-okp.json");
    let is_a6 = |example: &&Value| example["id"] == "A.6";
    let example = file["vectors"].as_array().unwrap().iter().find(is_a6).unwrap();
    let (alg, enc) = (JweAlgorithm::ECDH_ES_A128KW, ContentEncryption::A128GCM);
    let bob = EncryptionKey::prepare(&jwk(&example["recipient_jwk"]), alg, &crypto()).unwrap();
    let content_key = vec![1; 16];
    let random = Script::new([hex(&example["ephemeral_private_hex"]), content_key.clone(), vec![2; 12]]);
    let token = encrypt_compact(&HeaderParameters::new(), b"plaintext", &bob, enc, &random).unwrap();
    let jwe = reader().compact(&token).unwrap();
    assert_eq!(jwe.header().parameter("epk"), Some(&example["epk"]));
    let backend = crypto().encryption;
    let wrap = backend.aes_key_wrap(AesKeySize::Aes128, &hex(&example["kek_hex_no_apu_apv"])).unwrap();
    let wrapped = base64url::encode(wrap.wrap(&content_key).unwrap());
    assert_eq!(token.split('.').nth(1), Some(wrapped.as_str()));
    // the private key is in RFC 7748, 6.1
    assert_eq!(open(&token, &keys(&x25519(), alg, enc)).unwrap().plaintext(), b"plaintext");
}
