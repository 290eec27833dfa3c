//! The general and the flattened form.

use avouch_jose::jwe::{EncryptError, HeaderError, HeaderParameters, JsonBuilder, JweError, Segment};
use avouch_jose::{
    DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, Limits, base64url, jwe::Reader,
};
use serde_json::{Value, json};

use crate::support::{
    CONTENT_KEY, ENC, KEY, SystemRandom, crypto, direct_keys, gcm, jwk, keys, oct, open_json, p256, reader,
    rsa, with, without, wrap_keys, wrapped_key,
};

/// A flattened JWE with a right tag, all of it protected unless there are other headers.
fn flattened(protected: &str, members: Value) -> Value {
    let protected = if protected.is_empty() { String::new() } else { base64url::encode(protected) };
    let aad = match members["aad"].as_str() {
        None => protected.clone(),
        Some(aad) => format!("{protected}.{aad}"),
    };
    let [iv, ciphertext, tag] = gcm(&CONTENT_KEY, &aad, b"plaintext");
    let mut jwe = json!({"iv": iv, "ciphertext": ciphertext, "tag": tag, "encrypted_key": base64url::encode(wrapped_key())});
    if !protected.is_empty() {
        jwe["protected"] = protected.into();
    }
    for (name, value) in members.as_object().unwrap() {
        jwe[name] = value.clone();
    }
    jwe
}

const HEADER: &str = r#"{"alg":"A128KW","enc":"A128GCM"}"#;

fn simple() -> Value {
    flattened(HEADER, json!({}))
}

fn open(jwe: &Value) -> Result<Vec<u8>, JweError> {
    open_json(jwe, &wrap_keys()).map(|content| content.plaintext().to_vec())
}

/// Moves what is a recipient's own into `recipients`, beside these others.
fn general(mut jwe: Value, others: &[Value]) -> Value {
    let mut own = json!({});
    for name in ["header", "encrypted_key"] {
        if let Some(value) = jwe.as_object_mut().unwrap().remove(name) {
            own[name] = value;
        }
    }
    with(jwe, "recipients", [&[own], others].concat())
}

/// Proves JWE-10, JWE-15, JWE-16, JWE-19, JWE-28, JWE-31. Headers may be anywhere, unknown members are ignored, and the
/// data that is authenticated begins with a period if there is no protected header.
#[test]
fn forms_that_are_read() {
    let all = json!({"alg": "A128KW", "enc": "A128GCM", "kid": "1"});
    for jwe in [
        simple(),
        flattened(HEADER, json!({"aad": "YWFk"})),
        flattened("", json!({"unprotected": all})),
        flattened("", json!({"unprotected": all, "aad": "YWFk"})),
        flattened("", json!({"header": all, "aad": "YWFk"})),
        flattened(r#"{"enc":"A128GCM"}"#, json!({"header": {"alg": "A128KW"}, "unprotected": {"kid": "1"}})),
        flattened(r#"{"alg":"A128KW"}"#, json!({"header": {"enc": "A128GCM"}})),
        flattened(HEADER, json!({"future": {"a": 1}, "alg": "none"})),
    ] {
        assert_eq!(open(&jwe).unwrap(), b"plaintext", "{jwe}");
        assert_eq!(open(&general(jwe.clone(), &[])).unwrap(), b"plaintext", "{jwe}");
    }
}

/// Proves JWE-03. A name stands in one of the three headers, even where all say the same.
#[test]
fn headers_are_disjoint() {
    let kid = json!({"kid": "1"});
    let protected = r#"{"alg":"A128KW","enc":"A128GCM","kid":"1"}"#;
    for jwe in [
        flattened(protected, json!({"unprotected": kid})),
        flattened(protected, json!({"header": kid})),
        flattened(HEADER, json!({"unprotected": kid, "header": kid})),
        flattened(HEADER, json!({"header": {"\u{61}lg": "A128KW"}})),
    ] {
        let refused = [open(&jwe), open(&general(jwe.clone(), &[]))];
        for refused in refused {
            assert!(matches!(refused, Err(JweError::Header(HeaderError::InSeveralHeaders(_)))), "{jwe}");
        }
    }
    let twice = simple().to_string().replace(r#""iv":"#, r#""iv":"AA","iv":"#);
    assert!(matches!(reader().json(&twice), Err(JweError::Json(_))));
}

/// Proves CRT-06, JWE-04, JWE-28. `crit` and `zip` are protected or refused, also by a reader that accepts both.
#[test]
fn critical_and_compressed_only_if_protected() {
    let reader = Reader::new(Limits::default()).understanding(["exp"]).unwrap().inflating(Default::default());
    for (name, value) in [("crit", json!(["exp"])), ("zip", json!("DEF"))] {
        for part in ["unprotected", "header"] {
            let jwe = flattened(r#"{"alg":"A128KW","enc":"A128GCM","exp":1}"#, json!({part: {name: value}}));
            let refused = reader.json(&jwe.to_string()).unwrap_err();
            assert!(
                matches!(refused, JweError::Header(HeaderError::Unprotected { name: found }) if found == name),
                "{refused:?}"
            );
        }
    }
    // CRT-08: what is on the list is protected as well
    let jwe = flattened(r#"{"alg":"A128KW","enc":"A128GCM","crit":["exp"]}"#, json!({"header": {"exp": 1}}));
    let refused = reader.json(&jwe.to_string()).unwrap_err();
    assert!(matches!(refused, JweError::Header(HeaderError::CriticalAbsent(_))));
}

/// Proves JWE-15, JWE-16, JWS-25, JWS-26. Members have their types, are absent where they are empty, and belong to one form.
#[test]
fn members() {
    for not_json in ["", "[]", "\"a.b.c.d.e\"", "a.b.c.d.e", "{} {}"] {
        assert!(matches!(reader().json(not_json), Err(JweError::Json(_))), "{not_json}");
    }
    let compact = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA..AAAAAAAAAAAAAAAAAAAAAA";
    assert!(reader().json(compact).is_err());
    assert!(matches!(reader().compact(&simple().to_string()), Err(JweError::NotFiveSegments)));

    let refused = open(&without(simple(), "ciphertext"));
    assert!(matches!(refused, Err(JweError::MemberMissing { name: "ciphertext" })));
    for name in [
        "protected",
        "unprotected",
        "header",
        "encrypted_key",
        "iv",
        "ciphertext",
        "tag",
        "aad",
        "recipients",
    ] {
        let refused = open(&with(simple(), name, 1));
        assert!(matches!(refused, Err(JweError::MemberType { name: found }) if found == name), "{name}");
    }
    for name in ["aad", "encrypted_key", "iv", "tag", "protected"] {
        let refused = open(&with(simple(), name, ""));
        assert!(matches!(refused, Err(JweError::MemberEmpty { name: found }) if found == name), "{name}");
    }
    for name in ["unprotected", "header"] {
        let refused = open(&with(simple(), name, json!({})));
        assert!(matches!(refused, Err(JweError::MemberEmpty { name: found }) if found == name), "{name}");
    }
    let refused = open(&with(general(simple(), &[]), "recipients", json!([])));
    assert!(matches!(refused, Err(JweError::MemberEmpty { name: "recipients" })));
    let refused = open(&with(general(simple(), &[]), "recipients", json!([1])));
    assert!(matches!(refused, Err(JweError::MemberType { name: "recipients" })));
    for (name, value) in [("header", json!({"kid": "1"})), ("encrypted_key", json!("AA"))] {
        let refused = open(&with(general(simple(), &[]), name, value));
        assert!(matches!(refused, Err(JweError::MixedForms { name: found }) if found == name), "{name}");
    }
    for name in ["payload", "signatures"] {
        let refused = open(&with(simple(), name, json!([])));
        assert!(matches!(refused, Err(JweError::MixedForms { name: found }) if found == name), "{name}");
    }
}

/// Proves B64-01, JWE-10. Each encoded member is canonical, and `aad` is authenticated as it was received.
#[test]
fn encodings() {
    for (name, expected) in [
        ("iv", Segment::InitializationVector),
        ("tag", Segment::Tag),
        ("ciphertext", Segment::Ciphertext),
        ("encrypted_key", Segment::EncryptedKey),
        ("aad", Segment::AdditionalData),
        ("protected", Segment::Header),
    ] {
        let jwe = with(flattened(HEADER, json!({"aad": "YWFk"})), name, "A=");
        let refused = reader().json(&jwe.to_string());
        assert!(matches!(refused, Err(JweError::Encoding { segment, .. }) if segment == expected), "{name}");
    }
    let other = with(flattened(HEADER, json!({"aad": "YWFk"})), "aad", "YWFl");
    assert!(matches!(open(&other), Err(JweError::DecryptionFailed)));
    assert_eq!(reader().json(&other.to_string()).unwrap().unverified_aad(), Some(&b"aae"[..]));
    let none = without(flattened(HEADER, json!({"aad": "YWFk"})), "aad");
    assert!(matches!(open(&none), Err(JweError::DecryptionFailed)));
}

/// Proves JWE-10, JWE-15. What was authenticated beside the plaintext is given, decoded, with it.
#[test]
fn additional_data_is_given() {
    let jwe = general(flattened(HEADER, json!({"aad": "YWFk"})), &[]);
    assert_eq!(open_json(&jwe, &wrap_keys()).unwrap().aad(), Some(&b"aad"[..]));
    assert_eq!(open_json(&simple(), &wrap_keys()).unwrap().aad(), None);
    assert_eq!(reader().json(&simple().to_string()).unwrap().unverified_aad(), None);
}

/// Proves JWE-12. One recipient's key suffices, whatever becomes of the others, and each has its outcome.
#[test]
fn several_recipients() {
    let broken = json!({"encrypted_key": base64url::encode([0; 24])});
    let strange = json!({"header": {"kid": "9"}, "encrypted_key": base64url::encode(wrapped_key())});
    let jwe = general(flattened(HEADER, json!({})), &[broken, strange]);
    let keys = keys(&with(oct(&KEY), "kid", "9"), JweAlgorithm::A128KW, ENC);
    // the key without `kid` cannot be told by the first two
    let outcomes = reader().json(&jwe.to_string()).unwrap().outcomes(&keys).unwrap();
    assert_eq!(outcomes.len(), 3);
    assert_eq!(outcomes[0].as_ref().unwrap().recipient(), 0);
    assert!(matches!(outcomes[1], Err(JweError::DecryptionFailed)));
    assert_eq!(outcomes[2].as_ref().unwrap().header().kid(), Some("9"));
    assert_eq!(outcomes[2].as_ref().unwrap().recipient(), 2);
    assert_eq!(open_json(&jwe, &keys).unwrap().recipient(), 0);

    // algorithms of others do not disturb, and are not ours
    let theirs = json!({"header": {"alg": "A256KW", "kid": "1"}, "encrypted_key": "AAAA"});
    let ours =
        json!({"header": {"alg": "A128KW", "kid": "9"}, "encrypted_key": base64url::encode(wrapped_key())});
    let unknown = json!({"header": {"alg": "future"}});
    let jwe = flattened(r#"{"enc":"A128GCM"}"#, json!({}));
    let jwe = with(without(jwe, "encrypted_key"), "recipients", [unknown, theirs.clone(), ours]);
    assert_eq!(open_json(&jwe, &keys).unwrap().recipient(), 2);
    // none is for us: the one that came farthest tells why
    let jwe = with(jwe, "recipients", [json!({"header": {"alg": "future"}}), theirs]);
    assert!(
        matches!(open_json(&jwe, &keys), Err(JweError::AlgorithmNotAllowed(found)) if found == JweAlgorithm::A256KW)
    );
}

/// Proves JWE-12. Another recipient's key management may be malformed or of a kind that is not known here; it is the outcome of
/// that one, and refuses the whole only where there is no other.
#[test]
fn malformed_key_management_is_for_its_recipient() {
    let ours = json!({"header": {"alg": "A128KW"}, "encrypted_key": base64url::encode(wrapped_key())});
    let jwe = without(flattened(r#"{"enc":"A128GCM"}"#, json!({})), "encrypted_key");
    let curve = json!({"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"});
    let keys = DecryptionKeys::from_keys(
        vec![
            DecryptionKey::prepare(&jwk(&oct(&KEY)), JweAlgorithm::A128KW, &crypto()).unwrap(),
            DecryptionKey::prepare(&jwk(&oct(&KEY)), JweAlgorithm::A128GCMKW, &crypto()).unwrap(),
            DecryptionKey::prepare(&jwk(&p256()), JweAlgorithm::ECDH_ES_A128KW, &crypto()).unwrap(),
            DecryptionKey::password(
                b"a password",
                JweAlgorithm::PBES2_HS256_A128KW,
                Default::default(),
                &crypto(),
            )
            .unwrap(),
        ],
        &[ENC],
    )
    .unwrap();
    for header in [
        json!({"alg": "ECDH-ES+A128KW", "epk": curve}),
        json!({"alg": "ECDH-ES+A128KW", "epk": {"kty": "future"}}),
        json!({"alg": "ECDH-ES+A128KW", "epk": 1}),
        json!({"alg": "ECDH-ES+A128KW"}),
        json!({"alg": "A128GCMKW", "tag": "AAAAAAAAAAAAAAAAAAAAAA"}),
        json!({"alg": "A128GCMKW", "iv": "AAAAAAAAAAAAAAAA", "tag": "A="}),
        json!({"alg": "PBES2-HS256+A128KW", "p2s": "AAAA", "p2c": 1000}),
        json!({"alg": "PBES2-HS256+A128KW", "p2s": "AAAAAAAAAAAAAAAA", "p2c": 0}),
    ] {
        let theirs = json!({"header": header, "encrypted_key": base64url::encode(wrapped_key())});
        for order in [[&ours, &theirs], [&theirs, &ours]] {
            let place = usize::from(order[1] == &ours);
            let both = with(jwe.clone(), "recipients", order.map(Value::clone).to_vec());
            assert_eq!(open_json(&both, &keys).unwrap().recipient(), place, "{both}");
            let outcomes = reader().json(&both.to_string()).unwrap().outcomes(&keys).unwrap();
            assert!(outcomes[place].is_ok());
            assert!(matches!(outcomes[1 - place], Err(JweError::Header(_))), "{both}");
        }
        let none = with(jwe.clone(), "recipients", vec![theirs.clone(), theirs.clone()]);
        assert!(matches!(open_json(&none, &keys), Err(JweError::Header(_))));
        let alone = with(jwe.clone(), "recipients", vec![theirs.clone()]);
        assert!(matches!(reader().json(&alone.to_string()), Err(JweError::Header(_))));
        let flat = with(jwe.clone(), "header", header);
        assert!(matches!(reader().json(&flat.to_string()), Err(JweError::Header(_))));
    }
    // a disclosed private key is everybody's business
    let private = json!({"header": {"alg": "ECDH-ES+A128KW", "epk": p256()}});
    let refused = reader().json(&with(jwe, "recipients", vec![private, ours]).to_string());
    assert!(matches!(refused, Err(JweError::Header(HeaderError::PrivateKey { name: "epk" }))));
}

/// Proves HDR-04. A private key in what all recipients share is found, and wiped, before any recipient has a copy.
#[test]
fn private_keys_are_not_copied_to_recipients() {
    let key = json!({"kty": "oct", "k": "AA"});
    let shared = flattened(r#"{"typ":"JOSE+JSON"}"#, json!({"unprotected": {"jwk": key}}));
    let protected = flattened(&json!({"jwk": key}).to_string(), json!({}));
    for jwe in [shared, protected] {
        let refused = reader().json(&with(jwe, "recipients", 1).to_string());
        assert!(matches!(refused, Err(JweError::Header(HeaderError::PrivateKey { name: "jwk" }))));
    }
}

/// Proves HDR-04. Nor does a mistake in the whole, or of a recipient before, hide a private key.
#[test]
fn private_keys_are_found_before_other_mistakes() {
    let private = json!({"header": {"alg": "A128KW", "jwk": {"kty": "oct", "k": "AA"}}});
    let jwe = without(flattened(r#"{"enc":"A128GCM"}"#, json!({})), "encrypted_key");
    let is_found = |jwe: &Value| {
        let refused = reader().json(&jwe.to_string());
        matches!(refused, Err(JweError::Header(HeaderError::PrivateKey { name: "jwk" })))
    };
    for mistake in
        [json!(1), json!({"header": 1}), json!({"encrypted_key": 1}), json!({"header": {"alg": 1}})]
    {
        assert!(is_found(&with(jwe.clone(), "recipients", [mistake, private.clone()])));
    }
    let both = with(jwe.clone(), "recipients", [private.clone()]);
    for name in ["payload", "protected", "aad", "iv", "ciphertext"] {
        assert!(is_found(&with(both.clone(), name, 1)), "{name}");
    }
    assert!(is_found(&with(both, "unprotected", "")));
    assert!(is_found(&with(with(jwe, "header", private["header"].clone()), "recipients", 1)));
}

/// Proves JWE-17.
#[test]
fn one_content_encryption() {
    let own = |enc: &str| json!({"header": {"alg": "A128KW", "enc": enc}, "encrypted_key": base64url::encode(wrapped_key())});
    let jwe = without(flattened(r#"{"typ":"JOSE+JSON"}"#, json!({"unprotected": {"x": 1}})), "encrypted_key");
    assert!(open(&with(jwe.clone(), "recipients", [own("A128GCM"), own("A128GCM")])).is_ok());
    let refused = open(&with(jwe, "recipients", [own("A128GCM"), own("A256GCM")]));
    assert!(matches!(refused, Err(JweError::EncryptionsDiffer)));
}

/// Proves JSN-12. Recipients and key operations have their budgets, told before the first operation.
#[test]
fn budgets() {
    let broken = json!({"encrypted_key": base64url::encode([0; 24])});
    let jwe = |count: usize| general(simple(), &vec![broken.clone(); count - 1]).to_string();
    let limits = Limits::default();
    assert!(reader().json(&jwe(16)).is_ok());
    assert!(matches!(reader().json(&jwe(17)), Err(JweError::TooManyRecipients { found: 17, limit: 16 })));
    assert!(reader().json(&jwe(8)).unwrap().decrypt(&wrap_keys()).is_ok());
    let refused = reader().json(&jwe(9)).unwrap().decrypt(&wrap_keys());
    assert!(matches!(refused, Err(JweError::TooManyTrials { found: 9, limit: 8 })));
    let reader = Reader::new(limits.with_key_trials(9).with_recipients(9));
    assert!(reader.json(&jwe(9)).unwrap().decrypt(&wrap_keys()).is_ok());
    assert!(matches!(reader.json(&jwe(10)), Err(JweError::TooManyRecipients { .. })));
    let short = Reader::new(limits.with_token_bytes(100));
    assert!(matches!(short.json(&jwe(1)), Err(JweError::TokenTooLong { .. })));
}

/// Proves JWE-02, JWE-15, JWE-18, ENC-01, ENC-17. Three recipients, each with what its algorithm needs in its own header; `dir`
/// and `ECDH-ES` go with no other.
#[test]
fn writing_for_several() {
    let crypto = crypto();
    let public = without(p256(), "d");
    let ec = |alg| EncryptionKey::prepare(&jwk(&public), alg, &crypto).unwrap().with_kid("ec");
    let wrap = EncryptionKey::prepare(&jwk(&oct(&KEY)), JweAlgorithm::A128GCMKW, &crypto).unwrap();
    let rsa_key = EncryptionKey::prepare(&jwk(&rsa()), JweAlgorithm::RSA_OAEP_256, &crypto).unwrap();
    let none = HeaderParameters::new;
    let builder = JsonBuilder::new(ENC)
        .protected(none().typ("JOSE+JSON"))
        .unprotected(none().parameter("x", 1))
        .aad(b"aad");
    let sealed = builder
        .clone()
        .recipient(&ec(JweAlgorithm::ECDH_ES_A128KW), none())
        .recipient(&ec(JweAlgorithm::ECDH_ES_A128KW), none().kid("ec"))
        .recipient(&wrap, none().parameter("y", 2))
        .recipient(&rsa_key, none())
        .encrypt(b"plaintext", &SystemRandom::new())
        .unwrap();
    let text = sealed.general();
    let members: Value = serde_json::from_str(&text).unwrap();
    let recipients = members["recipients"].as_array().unwrap();
    let epk = |place: usize| &recipients[place]["header"]["epk"];
    assert!(epk(0).is_object() && epk(0) != epk(1), "each agreement has its own ephemeral key");
    assert!(recipients[2]["header"]["tag"].is_string());
    assert_eq!(recipients[2]["header"]["y"], 2);
    let header = base64url::decode(members["protected"].as_str().unwrap()).unwrap();
    assert_eq!(header, br#"{"typ":"JOSE+JSON","enc":"A128GCM"}"#);
    for (key, alg, place) in [
        (p256(), JweAlgorithm::ECDH_ES_A128KW, 0),
        (oct(&KEY), JweAlgorithm::A128GCMKW, 2),
        (rsa(), JweAlgorithm::RSA_OAEP_256, 3),
    ] {
        let content = reader().json(&text).unwrap().decrypt(&keys(&key, alg, ENC)).unwrap();
        assert_eq!((content.plaintext(), content.recipient()), (&b"plaintext"[..], place));
        assert!(!content.header().is_protected("x") && content.header().is_protected("typ"));
    }
    assert!(matches!(sealed.flattened(), Err(EncryptError::NotFlattened { recipients: 4 })));

    // before any randomness is drawn
    let nothing = crate::support::Script::new([]);
    let agreed = builder.clone().recipient(&ec(JweAlgorithm::ECDH_ES), none()).recipient(&wrap, none());
    let refused = agreed.encrypt(b"", &nothing);
    assert!(matches!(refused, Err(EncryptError::SeveralRecipients(found)) if found == JweAlgorithm::ECDH_ES));
    let direct = EncryptionKey::direct(&jwk(&oct(&KEY)), ENC, &crypto).unwrap();
    let refused = builder.clone().recipient(&wrap, none()).recipient(&direct, none()).encrypt(b"", &nothing);
    assert!(matches!(refused, Err(EncryptError::SeveralRecipients(found)) if found == JweAlgorithm::DIR));
    assert!(matches!(builder.clone().encrypt(b"", &nothing), Err(EncryptError::NoRecipient)));
    let alone = builder.recipient(&direct, none()).encrypt(b"plaintext", &SystemRandom::new()).unwrap();
    let alone: Value = serde_json::from_str(&alone.flattened().unwrap()).unwrap();
    assert_eq!(open_json(&alone, &direct_keys()).unwrap().plaintext(), b"plaintext");
    assert!(alone.get("encrypted_key").is_none());
}
