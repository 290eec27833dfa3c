use avouch_jose::crypto::{CryptoProvider, EncryptionPrimitive};
use avouch_jose::jwe::{HeaderParameters, JsonBuilder, encrypt_compact};
use avouch_jose::{AesKeySize, ContentEncryption, HashAlgorithm, Jwk};
use serde_json::Value;

use crate::jose::data::{entries, entry, hex, jwk, octets, text, vector_file};
use crate::jose::jwe::{
    Sealed, Secret, content_encryption, decrypt, decrypting, encrypting, management, open_by_hand,
};
use crate::jose::run::Tally;
use crate::jose::script::ScriptedRandom;

const FILE: &str = vector_file!("rfc7516-appendix.json");

/// [RFC 7516](https://www.rfc-editor.org/rfc/rfc7516), appendices A.1 to A.5 and B.
pub fn rfc7516(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(FILE) {
        tally.count(match text(&vector, "id") {
            "A.1" | "A.2" | "A.3" => compact(&vector, crypto),
            "A.4" => general(&vector, crypto),
            "A.5" => flattened(&vector, crypto),
            "B" => steps(&vector, crypto),
            id => panic!("RFC 7516 {id}: nothing runs it"),
        });
    }
    tally
}

fn compact(vector: &Value, crypto: &CryptoProvider) -> bool {
    let (algorithm, encryption) = (management(vector, "alg"), content_encryption(vector, "enc"));
    let secret = Secret::Key(jwk(&vector["jwk"]));
    let (Some(keys), Some(key)) = (
        decrypting(&secret, algorithm, encryption, crypto),
        encrypting(&secret, algorithm, encryption, crypto),
    ) else {
        return false;
    };
    let (token, plaintext) = (&vector["compact"], text(vector, "plaintext_utf8").as_bytes());
    assert_eq!(decrypt(token, &keys).unwrap().plaintext(), plaintext);
    // the content apart from the key: what was encrypted to an RSA key cannot be made again
    let sealed = Sealed {
        iv: &hex(vector, "iv_hex"),
        aad: text(vector, "aad_ascii").as_bytes(),
        ciphertext: &hex(vector, "ciphertext_hex"),
        tag: &hex(vector, "tag_hex"),
    };
    let content = open_by_hand(encryption, &hex(vector, "cek_hex"), &sealed, crypto);
    assert_eq!(content.as_deref(), Some(plaintext));
    let random = ScriptedRandom::new([hex(vector, "cek_hex"), hex(vector, "iv_hex")]);
    let ours = encrypt_compact(&HeaderParameters::new(), plaintext, &key, encryption, &random).unwrap();
    assert!(random.is_exhausted());
    if vector.get("deterministic_given").is_some() {
        assert_eq!(Value::from(ours), *token);
    } else {
        let but_the_key = |token: &str| -> Vec<String> {
            token.split('.').enumerate().filter(|(at, _)| *at != 1).map(|(_, part)| part.to_owned()).collect()
        };
        assert_eq!(but_the_key(&ours), but_the_key(token.as_str().unwrap()));
        assert_eq!(decrypt(&ours.into(), &keys).unwrap().plaintext(), plaintext);
    }
    true
}

/// Two recipients, each by its own key; `jku` is shared and not protected, and nobody fetches it.
fn general(vector: &Value, crypto: &CryptoProvider) -> bool {
    let printed = &vector["jwe"];
    let plaintext = text(vector, "plaintext_utf8").as_bytes();
    let mut builder = builder(printed);
    for (place, header) in vector["complete_jose_headers"].as_array().unwrap().iter().enumerate() {
        let (algorithm, encryption) = (management(header, "alg"), content_encryption(header, "enc"));
        let key = jwk(&vector["jwks"]["keys"][place]);
        assert_eq!(key.kid(), header["kid"].as_str());
        let secret = Secret::Key(key);
        let (Some(keys), Some(key)) = (
            decrypting(&secret, algorithm, encryption, crypto),
            encrypting(&secret, algorithm, encryption, crypto),
        ) else {
            return false;
        };
        let decrypted = decrypt(printed, &keys).unwrap();
        assert_eq!((decrypted.plaintext(), decrypted.recipient()), (plaintext, place));
        builder = builder.recipient(&key, HeaderParameters::new());
    }
    let shared = entry(FILE, "A.5");
    let random = ScriptedRandom::new([hex(vector, "cek_hex"), octets(&shared["jwe"], "iv")]);
    let ours = builder.encrypt(plaintext, &random).unwrap().general();
    let mut ours: Value = serde_json::from_str(&ours).unwrap();
    // RSAES-PKCS1-v1_5 is another one each time
    ours["recipients"][0]["encrypted_key"] = printed["recipients"][0]["encrypted_key"].clone();
    assert_eq!(&ours, printed);
    true
}

fn builder(printed: &Value) -> JsonBuilder {
    let jku = printed["unprotected"]["jku"].clone();
    JsonBuilder::new(ContentEncryption::A128CBC_HS256)
        .unprotected(HeaderParameters::new().parameter("jku", jku))
}

/// The second recipient alone, whose `alg` and `kid` are not protected.
fn flattened(vector: &Value, crypto: &CryptoProvider) -> bool {
    let printed = &vector["jwe"];
    let (algorithm, encryption) = (management(&printed["header"], "alg"), ContentEncryption::A128CBC_HS256);
    let plaintext = text(vector, "plaintext_utf8").as_bytes();
    let key: Jwk = jwk(&vector["jwk"]);
    let own = HeaderParameters::new().parameter("alg", algorithm.name()).kid(key.kid().unwrap());
    let secret = Secret::Key(key);
    let (Some(keys), Some(key)) = (
        decrypting(&secret, algorithm, encryption, crypto),
        encrypting(&secret, algorithm, encryption, crypto),
    ) else {
        return false;
    };
    assert_eq!(decrypt(printed, &keys).unwrap().plaintext(), plaintext);
    let random = ScriptedRandom::new([hex(&entry(FILE, "A.4"), "cek_hex"), octets(printed, "iv")]);
    let ours = builder(printed).recipient(&key, own).encrypt(plaintext, &random).unwrap();
    assert_eq!(&serde_json::from_str::<Value>(&ours.flattened().unwrap()).unwrap(), printed);
    true
}

/// The steps of AES-CBC with HMAC, by the backend's primitives.
fn steps(vector: &Value, crypto: &CryptoProvider) -> bool {
    let has = |primitive| crypto.encryption.supports(primitive);
    if !has(EncryptionPrimitive::AesCbc(AesKeySize::Aes128))
        || !has(EncryptionPrimitive::Hmac(HashAlgorithm::Sha256))
    {
        return false;
    }
    let key = hex(vector, "k_hex");
    assert_eq!([hex(vector, "mac_key_hex"), hex(vector, "enc_key_hex")].concat(), key);
    let sealed = Sealed {
        iv: &hex(vector, "iv_hex"),
        aad: text(vector, "aad_ascii").as_bytes(),
        ciphertext: &hex(vector, "ciphertext_hex"),
        tag: &hex(vector, "tag_hex"),
    };
    let parts = [sealed.aad, sealed.iv, sealed.ciphertext, &hex(vector, "al_hex")];
    let mut mac = [0; 32];
    crypto.encryption.hmac(HashAlgorithm::Sha256, &hex(vector, "mac_key_hex"), &parts, &mut mac).unwrap();
    assert_eq!(mac[..], hex(vector, "hmac_full_hex"));
    let content = open_by_hand(ContentEncryption::A128CBC_HS256, &key, &sealed, crypto);
    assert_eq!(content.as_deref(), Some(text(vector, "plaintext_utf8").as_bytes()));
    true
}
