//! What a hostile or careless sender may write, with all else right.

use avouch_jose::jwe::{
    HeaderError, HeaderParameters, JsonBuilder, JweError, Reader, Segment, encrypt_compact,
};
use avouch_jose::{
    AesKeySize, ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, HashAlgorithm, JweAlgorithm,
    KeyError, Limits, base64url,
};
use serde_json::{Value, json};

use crate::support::{
    CONTENT_KEY, ENC, KEY, SystemRandom, crypto, derived, direct_keys, gcm, jwk, keys, oct, open,
    open_direct, open_json, p256, pair, reader, token, token_with_key, with, without, wrap_keys, wrapped_key,
    x25519,
};

const DIRECT: &str = r#"{"alg":"dir","enc":"A128GCM"}"#;
const WRAPPED: &str = r#"{"alg":"A128KW","enc":"A128GCM"}"#;

fn is_mute(token: &str, keys: &DecryptionKeys) -> bool {
    matches!(open(token, keys), Err(JweError::DecryptionFailed))
}

/// A flattened JWE of these, with a right tag.
fn flattened(header: &str, content_key: &[u8; 16], members: &Value) -> Value {
    let protected = base64url::encode(header);
    let [iv, ciphertext, tag] = gcm(content_key, &protected, b"plaintext");
    let mut jwe = json!({"protected": protected, "iv": iv, "ciphertext": ciphertext, "tag": tag});
    for (name, value) in members.as_object().unwrap() {
        jwe[name] = value.clone();
    }
    jwe
}

/// Proves JWE-27, JWE-20. What is longer than any initialization vector or tag is not cut to one, and is canonical all the same.
#[test]
fn long_vectors_and_tags() {
    let token = token(DIRECT);
    let segments: Vec<&str> = token.split('.').collect();
    for (place, segment) in [(2, Segment::InitializationVector), (4, Segment::Tag)] {
        let octets = base64url::decode(segments[place]).unwrap();
        for more in [1, 20, 24, 30, 64, 10_000] {
            let longer = base64url::encode([&octets[..], &vec![0; more]].concat());
            let mut segments = segments.clone();
            segments[place] = &longer;
            assert!(is_mute(&segments.join("."), &direct_keys()), "{more} octets more");
            let not_canonical = format!("{longer}=");
            segments[place] = &not_canonical;
            let refused = open_direct(&segments.join(".")).unwrap_err();
            assert!(matches!(refused, JweError::Encoding { segment: found, .. } if found == segment));
        }
    }
    // with none at all of the one or the other
    for place in [2, 4] {
        let mut segments = segments.clone();
        segments[place] = "";
        assert!(is_mute(&segments.join("."), &direct_keys()));
    }
}

/// Proves ENC-17, JWE-20. The parameters of AES GCM key wrap have exactly their lengths.
#[test]
fn gcm_key_wrap_parameters_have_their_lengths() {
    let [iv, encrypted, tag] = gcm(&KEY, "", &CONTENT_KEY);
    let (iv, tag) = (base64url::decode(iv).unwrap(), base64url::decode(tag).unwrap());
    let encrypted = base64url::decode(encrypted).unwrap();
    let keys = keys(&oct(&KEY), JweAlgorithm::A128GCMKW, ENC);
    let token = |iv: &[u8], tag: &[u8], encrypted: &[u8]| {
        let [iv, tag] = [iv, tag].map(base64url::encode);
        let header = format!(r#"{{"alg":"A128GCMKW","enc":"A128GCM","iv":"{iv}","tag":"{tag}"}}"#);
        token_with_key(&header, encrypted, &CONTENT_KEY)
    };
    assert!(open(&token(&iv, &tag, &encrypted), &keys).is_ok());
    for other in [&iv[..0], &iv[..11], &[&iv[..], b"\0"].concat(), &[&iv[..], &[0; 4]].concat()] {
        assert!(is_mute(&token(other, &tag, &encrypted), &keys));
    }
    for other in [&tag[..0], &tag[..12], &tag[..15], &[&tag[..], b"\0"].concat(), &[0; 16]] {
        assert!(is_mute(&token(&iv, other, &encrypted), &keys));
    }
    for other in [&encrypted[..0], &encrypted[..15], &[&encrypted[..], b"\0"].concat()] {
        assert!(is_mute(&token(&iv, &tag, other), &keys));
    }
}

/// A token of AES CBC with HMAC whose MAC is right, over whatever content.
fn authenticated(content: &[u8], iv: &[u8; 16]) -> String {
    let header = base64url::encode(r#"{"alg":"dir","enc":"A128CBC-HS256"}"#);
    let bits = (header.len() as u64 * 8).to_be_bytes();
    let mut tag = [0; 16];
    let parts = [header.as_bytes(), iv, content, &bits];
    crypto().encryption.hmac(HashAlgorithm::Sha256, &[3; 16], &parts, &mut tag).unwrap();
    let [iv, content, tag] = [&iv[..], content, &tag].map(base64url::encode);
    format!("{header}..{iv}.{content}.{tag}")
}

/// Proves JWE-11, JWE-20. A wrong padding under a right MAC, whole blocks or not, is the same failure, and no panic.
#[test]
fn paddings() {
    let enc = ContentEncryption::A128CBC_HS256;
    let key = DecryptionKey::direct(&jwk(&oct(&[3; 32])), enc, &crypto()).unwrap();
    let keys = DecryptionKeys::single(key, &[enc]).unwrap();
    let iv = [9; 16];
    let aes = crypto().encryption.aes_cbc(AesKeySize::Aes128, &[3; 16]).unwrap();
    // of what is encrypted and padded, without the padding: so the last block pads as it likes
    let unpadded = |block: [u8; 16]| aes.encrypt(&iv, &block).unwrap()[..16].to_vec();
    let ending = |octets: &[u8]| {
        let mut block = [b'x'; 16];
        block[16 - octets.len()..].copy_from_slice(octets);
        block
    };
    for (block, plaintext) in
        [(ending(&[1]), &[b'x'; 15][..]), (ending(&[2, 2]), &[b'x'; 14]), ([16; 16], b"")]
    {
        assert_eq!(open(&authenticated(&unpadded(block), &iv), &keys).unwrap().plaintext(), plaintext);
    }
    for block in
        [ending(&[0]), ending(&[17]), ending(&[255]), ending(&[1, 2]), ending(&[3, 2, 3]), ending(&[16])]
    {
        assert!(is_mute(&authenticated(&unpadded(block), &iv), &keys), "{block:?}");
    }
    let whole = aes.encrypt(&iv, b"plaintext").unwrap();
    for content in [&b""[..], &whole[..15], &[&whole[..], b"\0"].concat(), &[0; 16]] {
        assert!(is_mute(&authenticated(content, &iv), &keys), "{content:?}");
    }
}

/// An ECDH-ES token from a sender that has the key of RFC 7518, appendix C, derived by the formula.
fn agreed(epk: &Value, apu: Option<&[u8]>, apv: Option<&[u8]>) -> String {
    let alice = x25519_ephemeral();
    let shared = crypto()
        .encryption
        .agreement(avouch_jose::AgreementCurve::X25519, &avouch_jose::SecretOctets::new(alice.to_vec()))
        .unwrap()
        .agree(jwk(&without(x25519(), "d")).material())
        .unwrap();
    let mut header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk});
    for (name, party) in [("apu", apu), ("apv", apv)] {
        if let Some(party) = party {
            header[name] = base64url::encode(party).into();
        }
    }
    let key = derived(shared.expose(), apu.unwrap_or_default(), apv.unwrap_or_default());
    token_with_key(&header.to_string(), b"", &key)
}

fn x25519_ephemeral() -> [u8; 32] {
    [0x77; 32]
}

fn epk() -> Value {
    let secret = avouch_jose::SecretOctets::new(x25519_ephemeral().to_vec());
    let key = crypto().encryption.agreement(avouch_jose::AgreementCurve::X25519, &secret).unwrap();
    serde_json::to_value(avouch_jose::Jwk::new(key.public().unwrap())).unwrap()
}

/// Proves ENC-05, ENC-08. Parties that are absent and parties of no octets are the same; long ones go in whole, and that the two
/// differ is for the sender to see to.
#[test]
fn parties_of_any_length() {
    let keys = keys(&x25519(), JweAlgorithm::ECDH_ES, ENC);
    let long = vec![0xa5; 2000];
    for (apu, apv) in [
        (None, None),
        (Some(&b""[..]), Some(&b""[..])),
        (Some(b"Alice"), None),
        (None, Some(b"Bob")),
        (Some(b"Alice"), Some(b"Bob")),
        (Some(b"\0"), Some(b"\0\0")),
        (Some(b"same"), Some(b"same")),
        (Some(&long), Some(b"Bob")),
    ] {
        assert_eq!(open(&agreed(&epk(), apu, apv), &keys).unwrap().plaintext(), b"plaintext");
    }
    let token = agreed(&epk(), Some(b"Alice"), Some(b"Bob"));
    let (_, rest) = token.split_once('.').unwrap();
    let swapped = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk(), "apu": "Qm9i", "apv": "QWxpY2U"});
    assert!(is_mute(&format!("{}.{rest}", base64url::encode(swapped.to_string())), &keys));
}

/// Proves ENC-02, ENC-03. An ephemeral key is read like any key: it may say more than it needs, and has its curve and its widths.
#[test]
fn ephemeral_keys_are_keys() {
    let own = keys(&x25519(), JweAlgorithm::ECDH_ES, ENC);
    let more = json!({"kid": "1", "use": "sig", "alg": "RS256", "key_ops": ["sign"], "future": {"a": [1]}});
    let mut epk = epk();
    epk.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    assert!(open(&agreed(&epk, None, None), &own).is_ok());

    let with_p256 = |name: &str, value: Value| with(without(p256(), "d"), name, value);
    let x = base64url::decode(p256()["x"].as_str().unwrap()).unwrap();
    for epk in [
        with(epk.clone(), "x", base64url::encode([1; 31])),
        with(epk.clone(), "x", base64url::encode([1; 33])),
        with(epk.clone(), "x", base64url::encode([1; 32]) + "="),
        with(epk.clone(), "x", 1),
        with(epk.clone(), "kid", 1),
        without(epk.clone(), "x"),
        without(epk.clone(), "kty"),
        without(epk.clone(), "crv"),
        with(epk.clone(), "kty", "EC"),
        with(epk.clone(), "crv", "x25519"),
        with_p256("x", base64url::encode([&[0], &x[..]].concat()).into()),
        with_p256("x", base64url::encode(&x[1..]).into()),
        with_p256("crv", "brainpoolP256r1".into()),
        with_p256("crv", "BP-256".into()),
        with_p256("crv", "P-224".into()),
        with_p256("crv", "P-192".into()),
        without(with_p256("x", "".into()), "y"),
        json!({}),
    ] {
        let header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}).to_string();
        let refused = reader().compact(&token_with_key(&header, b"", &KEY)).map(drop).unwrap_err();
        assert!(matches!(refused, JweError::Header(HeaderError::EphemeralKey(_))), "{epk}: {refused:?}");
    }
}

/// Proves JWE-15, JWE-20, B64-01. Texts with more around them, and members that are not there.
#[test]
fn forms() {
    let wrapped = token_with_key(WRAPPED, &wrapped_key(), &CONTENT_KEY);
    assert!(open(&wrapped, &wrap_keys()).is_ok());
    for other in [
        format!(" {wrapped}"),
        format!("\n{wrapped}"),
        format!("{wrapped}\n"),
        format!("{wrapped}\r\n"),
        format!("{wrapped} "),
        wrapped.replacen('.', ".\n", 1),
        wrapped.replacen('.', "\n.", 1),
        format!("\u{feff}{wrapped}"),
        format!("{wrapped}\0"),
    ] {
        assert!(matches!(open(&other, &wrap_keys()), Err(JweError::Encoding { .. })), "{other:?}");
    }
    let members = json!({"encrypted_key": base64url::encode(wrapped_key())});
    let json = flattened(WRAPPED, &CONTENT_KEY, &members);
    let spaced = format!("\r\n {json:#} \t");
    assert!(reader().json(&spaced).unwrap().decrypt(&wrap_keys()).is_ok());
    for name in ["iv", "tag", "encrypted_key"] {
        let refused = open_json(&without(json.clone(), name), &wrap_keys());
        assert!(matches!(refused, Err(JweError::DecryptionFailed)), "{name}");
    }
    assert!(matches!(open_json(&json!({}), &wrap_keys()), Err(JweError::MemberMissing { .. })));
    let refused = open_json(&without(json.clone(), "protected"), &wrap_keys());
    assert!(matches!(refused, Err(JweError::Header(HeaderError::Missing { name: "alg" }))));
    // what is unknown is ignored wherever it stands
    let entry = with(members, "future", 1);
    let general = with(without(json.clone(), "encrypted_key"), "recipients", [entry]);
    assert!(open_json(&general, &wrap_keys()).is_ok());
}

/// Proves JWE-15. A protected header without parameters is absent, and not the encoding of nothing.
#[test]
fn an_empty_protected_header_is_absent() {
    let members = json!({"header": {"alg": "dir", "enc": "A128GCM"}});
    for empty in ["{}", " { } "] {
        let jwe = flattened(empty, &KEY, &members);
        let refused = open_json(&jwe, &direct_keys());
        assert!(matches!(refused, Err(JweError::MemberEmpty { name: "protected" })), "{refused:?}");
    }
    let absent = without(flattened("", &KEY, &members), "protected");
    assert_eq!(open_json(&absent, &direct_keys()).unwrap().plaintext(), b"plaintext");
}

/// Proves JWE-09. With `dir` no key is sent in JSON either, and a recipient beside it cannot have one.
#[test]
fn direct_in_json_sends_no_key() {
    assert!(open_json(&flattened(DIRECT, &KEY, &json!({})), &direct_keys()).is_ok());
    let sent = flattened(DIRECT, &KEY, &json!({"encrypted_key": "AA"}));
    assert!(matches!(open_json(&sent, &direct_keys()), Err(JweError::DecryptionFailed)));
}

/// Proves JWE-09, JSN-12. No content, and much of it, with each content encryption and in each form, where the budget for tokens
/// allows it.
#[test]
fn no_content_and_much() {
    let reader = Reader::new(Limits::default().with_token_bytes(4 << 20));
    for &enc in ContentEncryption::ALL {
        let is_long = [ENC, ContentEncryption::A128CBC_HS256].contains(&enc);
        for plaintext in [vec![], vec![0x5a; if is_long { 1 << 20 } else { 1 << 12 }]] {
            let (key, keys) = pair(JweAlgorithm::A128KW, enc);
            let random = SystemRandom::new();
            let token = encrypt_compact(&HeaderParameters::new(), &plaintext, &key, enc, &random).unwrap();
            assert_eq!(reader.compact(&token).unwrap().decrypt(&keys).unwrap().plaintext(), plaintext);
            let sealed = JsonBuilder::new(enc).recipient(&key, HeaderParameters::new());
            let text = sealed.encrypt(&plaintext, &random).unwrap().flattened().unwrap();
            assert_eq!(reader.json(&text).unwrap().decrypt(&keys).unwrap().plaintext(), plaintext);
        }
    }
}

/// Proves JWE-12. Of recipients that all fail, the one that came farthest tells why: a key that does not answer before a key that is
/// wrong, that before parameters that are, that before a key that is not there, that before an algorithm that is not allowed, and
/// that before one that nobody knows.
#[test]
fn the_farthest_failure_is_told() {
    use avouch_jose::crypto::{KeyDecrypter, KeyOperationError};
    struct Down;
    impl KeyDecrypter for Down {
        fn decrypt(&self, _: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, KeyOperationError> {
            Err(KeyOperationError::Unavailable("sealed".into()))
        }
    }
    let oaep = JweAlgorithm::RSA_OAEP;
    let keys = DecryptionKeys::from_keys(
        vec![
            DecryptionKey::with_decrypter(oaep, Some("1"), std::sync::Arc::new(Down), &[1; 32], &crypto())
                .unwrap(),
            DecryptionKey::prepare(&jwk(&with(oct(&KEY), "kid", "1")), JweAlgorithm::A128KW, &crypto())
                .unwrap(),
            DecryptionKey::prepare(&jwk(&with(oct(&KEY), "kid", "1")), JweAlgorithm::A128GCMKW, &crypto())
                .unwrap(),
        ],
        &[ENC],
    )
    .unwrap();
    let failure = |error: &JweError| match error {
        JweError::UnknownAlgorithm(_) => 0,
        JweError::AlgorithmNotAllowed(_) => 1,
        JweError::NoMatchingKey { .. } => 2,
        JweError::Header(_) => 3,
        JweError::DecryptionFailed => 4,
        JweError::KeyUnavailable(_) => 5,
        other => panic!("{other:?}"),
    };
    let wrong_key = base64url::encode([0; 24]);
    let recipients = [
        json!({"header": {"alg": "future", "kid": "1"}}),
        json!({"header": {"alg": "A256KW", "kid": "1"}}),
        json!({"header": {"alg": "A128KW", "kid": "2"}}),
        json!({"header": {"alg": "A128GCMKW", "kid": "1"}}),
        json!({"header": {"alg": "A128KW", "kid": "1"}, "encrypted_key": wrong_key}),
        json!({"header": {"alg": "RSA-OAEP", "kid": "1"}, "encrypted_key": wrong_key}),
    ];
    for (first, one) in recipients.iter().enumerate() {
        for (second, other) in recipients.iter().enumerate() {
            let recipients = [one.clone(), other.clone()].to_vec();
            let jwe =
                with(flattened(r#"{"enc":"A128GCM"}"#, &CONTENT_KEY, &json!({})), "recipients", recipients);
            let refused = open_json(&jwe, &keys).unwrap_err();
            assert_eq!(failure(&refused), first.max(second), "{jwe}");
        }
    }
    // of two that came as far, the first
    let other = json!({"header": {"alg": "A192KW", "kid": "1"}});
    for recipients in [[&recipients[1], &other], [&other, &recipients[1]]] {
        let jwe = flattened(r#"{"enc":"A128GCM"}"#, &CONTENT_KEY, &json!({"recipients": recipients}));
        let Err(JweError::AlgorithmNotAllowed(told)) = open_json(&jwe, &keys) else { panic!("{jwe}") };
        assert_eq!(told.name(), recipients[0]["header"]["alg"]);
    }
}

/// Proves SEL-02, HDR-11. Where a header has no `kid`, the thumbprint of a certificate names the key; a key that has another
/// certificate is not meant, one that has none may be.
#[test]
fn certificates_name_keys() {
    let thumbprint = |octet: u8| base64url::encode([octet; 32]);
    let prepare = |octets: &[u8; 16], members: Value| {
        let mut key = oct(octets);
        key.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        DecryptionKey::prepare(&jwk(&key), JweAlgorithm::A128KW, &crypto()).unwrap()
    };
    let named = |name: &str, value: &str| {
        let header = format!(r#"{{"alg":"A128KW","enc":"A128GCM",{name:?}:{value:?}}}"#);
        token_with_key(&header, &wrapped_key(), &CONTENT_KEY)
    };
    let (own, other) = (thumbprint(1), thumbprint(2));
    for (name, another_name) in [("x5t#S256", "x5t"), ("x5t", "x5t#S256")] {
        let right = prepare(&KEY, json!({name: own}));
        let wrong = prepare(&[1; 16], json!({name: other}));
        let elsewhere = prepare(&[2; 16], json!({another_name: own}));
        let set = |keys: &[&DecryptionKey]| {
            DecryptionKeys::from_keys(keys.iter().map(|key| (*key).clone()).collect(), &[ENC]).unwrap()
        };
        let keys = set(&[&wrong, &right, &elsewhere]);
        assert!(open(&named(name, &own), &keys).is_ok());
        assert!(is_mute(&named(name, &other), &keys));
        // nobody's: only a key without such a thumbprint can be meant
        let nobodys = thumbprint(3);
        assert!(is_mute(&named(name, &nobodys), &keys));
        let refused = open(&named(name, &nobodys), &set(&[&wrong, &right]));
        assert!(matches!(refused, Err(JweError::NoMatchingKey { kid: None, .. })));
        let unnamed = prepare(&KEY, json!({}));
        assert!(open(&named(name, &nobodys), &set(&[&wrong, &unnamed])).is_ok());
        // without a hint there are several
        let plain = token_with_key(WRAPPED, &wrapped_key(), &CONTENT_KEY);
        assert!(matches!(open(&plain, &keys), Err(JweError::SeveralMatchingKeys { found: 3, .. })));
        // a `kid` decides alone
        let kid = format!(r#"{{"alg":"A128KW","enc":"A128GCM","kid":"1",{name:?}:{other:?}}}"#);
        let kid = token_with_key(&kid, &wrapped_key(), &CONTENT_KEY);
        assert!(open(&kid, &set(&[&wrong, &right.with_kid("1")])).is_ok());
    }
    // a key of another algorithm has no say in it
    let mut key = oct(&KEY);
    key["x5t"] = own.clone().into();
    let gcm = DecryptionKey::prepare(&jwk(&key), JweAlgorithm::A128GCMKW, &crypto()).unwrap();
    let keys = DecryptionKeys::from_keys(vec![gcm, prepare(&KEY, json!({}))], &[ENC]).unwrap();
    assert!(open(&named("x5t", &own), &keys).is_ok());
    // `x5t#S256` goes before `x5t`
    let both = format!(r#"{{"alg":"A128KW","enc":"A128GCM","x5t":"{other}","x5t#S256":"{own}"}}"#);
    let both = token_with_key(&both, &wrapped_key(), &CONTENT_KEY);
    let keys = vec![prepare(&KEY, json!({"x5t#S256": own})), prepare(&[1; 16], json!({"x5t": other}))];
    assert!(open(&both, &DecryptionKeys::from_keys(keys, &[ENC]).unwrap()).is_ok());
}

/// Proves SEL-04. An algorithm that is allowed twice makes no key two.
#[test]
fn what_is_allowed_twice_is_allowed_once() {
    let set = avouch_jose::JwkSet::new(vec![jwk(&oct(&KEY))]);
    let twice = [JweAlgorithm::A128KW; 2];
    let keys = DecryptionKeys::prepare(&set, &twice, &[ENC], &crypto()).unwrap();
    assert_eq!((keys.keys().len(), keys.algorithms().len()), (1, 1));
    assert!(open(&token_with_key(WRAPPED, &wrapped_key(), &CONTENT_KEY), &keys).is_ok());
}

/// Proves ENC-26. What is recommended for passwords, and that it is no rule.
#[test]
fn recommended_passwords() {
    use avouch_jose::jwe::recommended_password_len;
    assert_eq!(recommended_password_len(JweAlgorithm::PBES2_HS256_A128KW), 16..=128);
    for longer in [JweAlgorithm::PBES2_HS384_A192KW, JweAlgorithm::PBES2_HS512_A256KW] {
        assert_eq!(recommended_password_len(longer), 32..=128);
    }
    let short = EncryptionKey::password(b"short", JweAlgorithm::PBES2_HS512_A256KW, 1000, &crypto());
    assert!(matches!(short, Ok(_) | Err(KeyError::Unsupported { .. })));
}
