//! What is written, and what is not.

use avouch_jose::jwe::{EncryptError, HeaderError, HeaderParameters, JsonBuilder, Reader, encrypt_compact};
use avouch_jose::{ContentEncryption, EncryptionKey, JweAlgorithm, KeyError, Limits, base64url};
use serde_json::{Value, json};

use crate::support::{
    ENC, KEY, Script, SystemRandom, crypto, direct_keys, jwk, keys, oct, open_direct, open_json, pair, with,
    wrap_keys,
};

fn direct() -> EncryptionKey {
    EncryptionKey::direct(&jwk(&oct(&KEY)), ENC, &crypto()).unwrap()
}

fn wrap() -> EncryptionKey {
    EncryptionKey::prepare(&jwk(&oct(&KEY)), JweAlgorithm::A128KW, &crypto()).unwrap()
}

fn write(parameters: HeaderParameters) -> Result<String, EncryptError> {
    encrypt_compact(&parameters, b"plaintext", &direct(), ENC, &SystemRandom::new())
}

fn header_of(token: &str) -> String {
    String::from_utf8(base64url::decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

/// Proves JSN-05, HDR-13, JWS-14. Each name stands there once, in its order, with the `kid` of the key.
#[test]
fn order_of_the_header() {
    let key = EncryptionKey::direct(&jwk(&with(oct(&KEY), "kid", "1")), ENC, &crypto()).unwrap();
    let parameters = HeaderParameters::new().parameter("z", 1).cty("JWT").typ("a").parameter("z", 2);
    let token = encrypt_compact(&parameters, b"plaintext", &key, ENC, &SystemRandom::new()).unwrap();
    assert_eq!(header_of(&token), r#"{"alg":"dir","kid":"1","z":2,"cty":"JWT","typ":"a","enc":"A128GCM"}"#);
    assert!(open_direct(&token).is_ok());
    let parameters = HeaderParameters::new().parameter("enc", "A128GCM").parameter("alg", "dir").kid("2");
    let token = write(parameters).unwrap();
    assert_eq!(header_of(&token), r#"{"enc":"A128GCM","alg":"dir","kid":"2"}"#);
}

/// Proves CRT-02, CRT-03. What is written as critical is listed, and only what may be.
#[test]
fn critical_parameters() {
    let token = write(HeaderParameters::new().critical("exp", 1).critical("exp", 2)).unwrap();
    assert_eq!(header_of(&token), r#"{"alg":"dir","exp":2,"crit":["exp"],"enc":"A128GCM"}"#);
    let reader = Reader::new(Limits::default()).understanding(["exp"]).unwrap();
    assert!(reader.compact(&token).unwrap().decrypt(&direct_keys()).is_ok());
    let refused = write(HeaderParameters::new().critical("cty", "JWT"));
    assert!(matches!(refused, Err(EncryptError::Header(HeaderError::CriticalRegistered(_)))));
    let unprotected = JsonBuilder::new(ENC)
        .unprotected(HeaderParameters::new().critical("exp", 1))
        .recipient(&wrap(), HeaderParameters::new())
        .encrypt(b"", &SystemRandom::new());
    assert!(matches!(unprotected, Err(EncryptError::Header(HeaderError::Unprotected { name: "crit" }))));
}

/// Proves JWE-03, JWE-04, HDR-04. Nothing is written that would be refused where it is read.
#[test]
fn headers_that_are_not_written() {
    for name in ["epk", "iv", "tag", "p2s", "p2c", "zip", "crit"] {
        let refused = write(HeaderParameters::new().parameter(name, 1));
        assert!(matches!(refused, Err(EncryptError::ReservedParameter { name: found }) if found == name));
        let reserved = HeaderParameters::new().parameter(name, 1);
        let shared =
            JsonBuilder::new(ENC).unprotected(reserved.clone()).recipient(&wrap(), HeaderParameters::new());
        let own = JsonBuilder::new(ENC).recipient(&wrap(), reserved);
        for builder in [shared, own] {
            let refused = builder.encrypt(b"", &SystemRandom::new());
            assert!(matches!(refused, Err(EncryptError::ReservedParameter { name: found }) if found == name));
        }
    }
    for (name, value) in [("alg", "A128KW"), ("enc", "A256GCM")] {
        let refused = write(HeaderParameters::new().parameter(name, value));
        assert!(matches!(refused, Err(EncryptError::Contradiction { name: found }) if found == name));
    }
    let refused = encrypt_compact(
        &HeaderParameters::new().kid("2"),
        b"",
        &direct().with_kid("1"),
        ENC,
        &SystemRandom::new(),
    );
    assert!(matches!(refused, Err(EncryptError::Contradiction { name: "kid" })));
    let refused = write(HeaderParameters::new().parameter("typ", 1));
    assert!(matches!(refused, Err(EncryptError::Header(HeaderError::WrongType { name: "typ" }))));
    let refused = write(HeaderParameters::new().parameter("jwk", oct(&KEY)));
    assert!(matches!(refused, Err(EncryptError::Header(HeaderError::PrivateKey { name: "jwk" }))));
    let disclosing = HeaderParameters::new().parameter("jwk", oct(&KEY));
    let builder = JsonBuilder::new(ENC);
    for builder in [
        builder.clone().unprotected(disclosing.clone()).recipient(&wrap(), HeaderParameters::new()),
        builder.recipient(&wrap(), disclosing),
    ] {
        let refused = builder.encrypt(b"", &SystemRandom::new());
        assert!(matches!(refused, Err(EncryptError::Header(HeaderError::PrivateKey { name: "jwk" }))));
    }
    let twice = JsonBuilder::new(ENC)
        .protected(HeaderParameters::new().cty("a"))
        .unprotected(HeaderParameters::new().cty("a"))
        .recipient(&wrap(), HeaderParameters::new())
        .encrypt(b"", &SystemRandom::new());
    assert!(matches!(twice, Err(EncryptError::Header(HeaderError::InSeveralHeaders(_)))));
}

/// Proves JWE-25, ENC-14. Key and vector are drawn in this order, for each message, as long as they must be.
#[test]
fn what_is_drawn() {
    for &enc in ContentEncryption::ALL {
        for (algorithm, first) in [
            (JweAlgorithm::A128KW, None),
            (JweAlgorithm::A256GCMKW, Some(12)),
            (JweAlgorithm::PBES2_HS384_A192KW, Some(16)),
        ] {
            let (key, keys) = pair(algorithm, enc);
            let sizes = first.into_iter().chain([enc.key_len(), enc.iv_len()]);
            let random = Script::new(sizes.map(|size| vec![1; size]));
            let token = encrypt_compact(&HeaderParameters::new(), b"plaintext", &key, enc, &random).unwrap();
            assert!(random.is_spent());
            assert!(crate::support::open(&token, &keys).is_ok());
            assert_eq!(token.split('.').nth(2), Some(base64url::encode(vec![1; enc.iv_len()]).as_str()));
        }
    }
    let refused = encrypt_compact(&HeaderParameters::new(), b"", &direct(), ENC, &Script::new([]));
    assert!(matches!(refused, Err(EncryptError::Random(_))), "a vector is never made up");
}

/// Proves JWE-09, ENC-19. A direct key goes with no other encryption, and sends nothing.
#[test]
fn direct_keys_are_bound() {
    let other = ContentEncryption::A256GCM;
    let refused = encrypt_compact(&HeaderParameters::new(), b"", &direct(), other, &Script::new([]));
    assert!(matches!(refused, Err(EncryptError::Key(KeyError::EncryptionNotAllowed(_)))));
    assert!(write(HeaderParameters::new()).unwrap().contains(".."));
}

/// Proves JWE-15. Empty members are left out, but for the ciphertext and the entry of a recipient.
#[test]
fn empty_members_are_left_out() {
    let all = HeaderParameters::new().parameter("alg", "dir").parameter("enc", "A128GCM");
    let sealed = JsonBuilder::new(ENC)
        .unprotected(all)
        .aad(b"")
        .recipient(&direct(), HeaderParameters::new())
        .encrypt(b"", &SystemRandom::new())
        .unwrap();
    let general: Value = serde_json::from_str(&sealed.general()).unwrap();
    let names: Vec<_> = general.as_object().unwrap().keys().collect();
    assert_eq!(names, ["ciphertext", "iv", "recipients", "tag", "unprotected"]);
    assert_eq!((&general["ciphertext"], &general["recipients"]), (&json!(""), &json!([{}])));
    assert_eq!(open_json(&general, &direct_keys()).unwrap().plaintext(), b"");
    let sealed = JsonBuilder::new(ENC).recipient(&wrap(), HeaderParameters::new());
    let sealed = sealed.encrypt(b"plaintext", &SystemRandom::new()).unwrap();
    let flattened: Value = serde_json::from_str(&sealed.flattened().unwrap()).unwrap();
    let names: Vec<_> = flattened.as_object().unwrap().keys().collect();
    assert_eq!(names, ["ciphertext", "encrypted_key", "iv", "protected", "tag"]);
    assert!(open_json(&flattened, &wrap_keys()).is_ok());
}

/// Proves JWE-28. For a lone recipient, what belongs to a key stands where `alg` was put, else protected.
#[test]
fn what_belongs_to_a_key_stands_beside_its_algorithm() {
    let jwk = jwk(&with(oct(&KEY), "kid", "1"));
    let key = EncryptionKey::prepare(&jwk, JweAlgorithm::A128GCMKW, &crypto()).unwrap();
    let keys = keys(&with(oct(&KEY), "kid", "1"), JweAlgorithm::A128GCMKW, ENC);
    let none = HeaderParameters::new;
    let named = none().parameter("alg", "A128GCMKW");
    for (place, [protected, shared, own]) in [
        ("protected", [none(), none(), none()]),
        ("protected", [named.clone(), none(), none()]),
        ("unprotected", [none(), named.clone(), none()]),
        ("header", [none(), none(), named.clone()]),
    ] {
        let builder = JsonBuilder::new(ENC).protected(protected).unprotected(shared).recipient(&key, own);
        let jwe = builder.encrypt(b"plaintext", &SystemRandom::new()).unwrap().flattened().unwrap();
        let mut jwe: Value = serde_json::from_str(&jwe).unwrap();
        assert_eq!(open_json(&jwe, &keys).unwrap().plaintext(), b"plaintext");
        let decoded = base64url::decode(jwe["protected"].as_str().unwrap()).unwrap();
        jwe["protected"] = serde_json::from_slice(&decoded).unwrap();
        for name in ["alg", "kid", "iv", "tag"] {
            assert!(jwe[place][name].is_string(), "{name} is not {place}: {jwe}");
        }
        assert_eq!(jwe["protected"]["enc"], "A128GCM");
    }
}

/// Proves JWE-17, JWE-28. `enc` stands where it was put: if in the recipients' own headers, then in each.
#[test]
fn content_encryption_stands_where_it_was_put() {
    let none = HeaderParameters::new;
    let named = none().parameter("enc", "A128GCM");
    let builder = JsonBuilder::new(ENC).protected(none().typ("x")).recipient(&wrap(), named.clone());
    let encrypt = |builder: JsonBuilder| builder.encrypt(b"plaintext", &SystemRandom::new());
    let jwe = encrypt(builder.clone().recipient(&wrap(), named)).unwrap().general();
    let jwe: Value = serde_json::from_str(&jwe).unwrap();
    assert_eq!(jwe["protected"], base64url::encode(r#"{"typ":"x"}"#));
    assert_eq!(open_json(&jwe, &wrap_keys()).unwrap().plaintext(), b"plaintext");
    let refused = encrypt(builder.recipient(&wrap(), none())).map(drop);
    assert!(matches!(refused, Err(EncryptError::Header(HeaderError::Missing { name: "enc" }))));
}
