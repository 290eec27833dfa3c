//! The compact form, and what every failure after the selection of a key looks like.

use avouch_jose::jwe::{JweError, Segment};
use avouch_jose::{CompactForm, ContentEncryption, DecryptionKey, DecryptionKeys, base64url};

use crate::support::{
    CONTENT_KEY, ENC, KEY, crypto, direct_keys, gcm, jwk, keys, oct, open, open_direct, reader, token,
    token_with_key, wrap_keys, wrapped_key,
};

const DIRECT: &str = r#"{"alg":"dir","enc":"A128GCM"}"#;
const WRAPPED: &str = r#"{"alg":"A128KW","enc":"A128GCM"}"#;

/// Puts another segment in the place of one.
fn replaced(token: &str, place: usize, segment: &str) -> String {
    let mut segments: Vec<&str> = token.split('.').collect();
    segments[place] = segment;
    segments.join(".")
}

fn segment(token: &str, place: usize) -> Vec<u8> {
    base64url::decode(token.split('.').nth(place).unwrap()).unwrap()
}

fn is_mute(token: &str, keys: &DecryptionKeys) -> bool {
    matches!(open(token, keys), Err(JweError::DecryptionFailed))
}

/// Proves JWE-01, JWS-25.
#[test]
fn five_segments() {
    let token = token(DIRECT);
    assert_eq!(CompactForm::of(&token), Some(CompactForm::Jwe));
    for other in
        ["", ".", "....", &token[..token.rfind('.').unwrap()], &format!("{token}."), &format!("{token}.AA")]
    {
        let parsed = reader().compact(other);
        if other == "...." {
            assert!(matches!(parsed, Err(JweError::HeaderJson(_))));
        } else {
            assert!(matches!(parsed, Err(JweError::NotFiveSegments)), "{other}");
        }
    }
    let dots = ".".repeat(1 << 20);
    assert!(matches!(reader().compact(&dots), Err(JweError::TokenTooLong { .. })));
    assert!(matches!(reader().compact(&dots[..60_000]), Err(JweError::NotFiveSegments)));
    assert_eq!(CompactForm::of(&dots), None);
}

/// Proves B64-01, B64-02, B64-03. Each segment is canonical.
#[test]
fn segments_are_canonical() {
    let direct = token(DIRECT);
    let wrapped = token_with_key(WRAPPED, &wrapped_key(), &CONTENT_KEY);
    let (direct_keys, wrap_keys) = (direct_keys(), wrap_keys());
    for (token, keys, place, expected) in [
        (&wrapped, &wrap_keys, 1, Segment::EncryptedKey),
        (&direct, &direct_keys, 2, Segment::InitializationVector),
        (&direct, &direct_keys, 3, Segment::Ciphertext),
        (&direct, &direct_keys, 4, Segment::Tag),
    ] {
        assert!(open(token, keys).is_ok());
        let segment = token.split('.').nth(place).unwrap();
        // `B` ends no octet
        for other in [
            format!("{segment}="),
            format!(" {segment}"),
            format!("{segment}\n"),
            format!("{}+A", &segment[2..]),
        ] {
            let refused = open(&replaced(token, place, &other), keys);
            assert!(
                matches!(refused, Err(JweError::Encoding { segment, .. }) if segment == expected),
                "{other}"
            );
        }
    }
    // an encoding of the same tag that has unused bits set
    let tag = direct.rsplit('.').next().unwrap();
    let last = tag.as_bytes()[tag.len() - 1];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = alphabet.iter().position(|octet| *octet == last).unwrap();
    let other = format!("{}{}", &tag[..tag.len() - 1], char::from(alphabet[value | 1]));
    let refused = open_direct(&replaced(&direct, 4, &other));
    assert!(matches!(refused, Err(JweError::Encoding { segment: Segment::Tag, .. })));
}

/// Proves JWE-09, JWE-20. With `dir`, no key is sent.
#[test]
fn direct_sends_no_key() {
    let sent = token_with_key(DIRECT, b"\0", &KEY);
    assert!(is_mute(&sent, &direct_keys()));
}

/// Proves JWE-11, JWE-20, JWE-27, ERR-01. Initialization vector and tag have exactly their length, and nothing in a token
/// can be changed; whatever it is, the answer is the same.
#[test]
fn every_failure_is_the_same() {
    let wrapped = token_with_key(WRAPPED, &wrapped_key(), &CONTENT_KEY);
    let keys = wrap_keys();
    let mut mute = Vec::new();
    for place in 1..5 {
        let octets = segment(&wrapped, place);
        for other in [
            vec![],
            octets[..octets.len() - 1].to_vec(),
            octets[..octets.len() / 2].to_vec(),
            [&octets[..], b"\0"].concat(),
            [&[octets[0] ^ 1], &octets[1..]].concat(),
            vec![0; octets.len()],
        ] {
            mute.push(replaced(&wrapped, place, &base64url::encode(other)));
        }
    }
    // a wrong key, and a right one of another length
    mute.push(token_with_key(WRAPPED, &wrapped_key(), &[1; 16]));
    let longer = crypto().encryption.aes_key_wrap(avouch_jose::AesKeySize::Aes128, &KEY).unwrap();
    mute.push(token_with_key(WRAPPED, &longer.wrap(&[8; 24]).unwrap(), &CONTENT_KEY));
    let texts: Vec<String> = mute
        .iter()
        .map(|token| {
            let error = open(token, &keys).unwrap_err();
            assert!(matches!(error, JweError::DecryptionFailed), "{token}: {error:?}");
            assert!(std::error::Error::source(&error).is_none());
            error.to_string()
        })
        .collect();
    assert!(texts.iter().all(|text| *text == texts[0]));
}

/// Proves JWE-08. A content key of another length is no key, and no panic: AES GCM wraps keys of any length.
#[test]
fn content_keys_have_their_length() {
    let algorithm = avouch_jose::JweAlgorithm::A128GCMKW;
    for enc in [ENC, ContentEncryption::A128CBC_HS256, ContentEncryption::A256GCM] {
        for len in [0, 8, 15, 17, 24, 31, 33, 64] {
            let [iv, key, tag] = gcm(&KEY, "", &vec![8; len]);
            let header = format!(r#"{{"alg":"A128GCMKW","enc":"{enc}","iv":"{iv}","tag":"{tag}"}}"#);
            let token = token_with_key(&header, &base64url::decode(key).unwrap(), &CONTENT_KEY);
            assert!(is_mute(&token, &keys(&oct(&KEY), algorithm, enc)), "{enc} {len}");
        }
    }
    let [iv, key, tag] = gcm(&KEY, "", &CONTENT_KEY);
    let header = format!(r#"{{"alg":"A128GCMKW","enc":"A128GCM","iv":"{iv}","tag":"{tag}"}}"#);
    let token = token_with_key(&header, &base64url::decode(key).unwrap(), &CONTENT_KEY);
    assert!(open(&token, &keys(&oct(&KEY), algorithm, ENC)).is_ok());
}

/// Proves JWE-27, ENC-15. A shortened tag is refused although its octets are right, with each content encryption.
#[test]
fn shortened_tags_and_other_vectors_are_refused() {
    for &enc in ContentEncryption::ALL {
        let key = jwk(&oct(&vec![3; enc.key_len()]));
        let encrypting = avouch_jose::EncryptionKey::direct(&key, enc, &crypto()).unwrap();
        let random = crate::support::SystemRandom::new();
        let parameters = avouch_jose::jwe::HeaderParameters::new();
        let token =
            avouch_jose::jwe::encrypt_compact(&parameters, b"plaintext", &encrypting, enc, &random).unwrap();
        let decrypting = DecryptionKey::direct(&key, enc, &crypto()).unwrap();
        let keys = DecryptionKeys::single(decrypting, &[enc]).unwrap();
        assert_eq!(open(&token, &keys).unwrap().plaintext(), b"plaintext");
        let (iv, tag) = (segment(&token, 2), segment(&token, 4));
        assert_eq!((iv.len(), tag.len()), (enc.iv_len(), enc.tag_len()));
        for shorter in [&tag[..tag.len() - 1], &tag[..12], &tag[..1], b""] {
            assert!(is_mute(&replaced(&token, 4, &base64url::encode(shorter)), &keys), "{enc}");
        }
        for other in [&iv[..iv.len() - 1], &iv[..8], &[&iv[..], b"\0"].concat(), &[&iv[..], &[0; 4]].concat()]
        {
            assert!(is_mute(&replaced(&token, 2, &base64url::encode(other)), &keys), "{enc}");
        }
    }
}

/// Proves JWE-14, BCP-01. What would decrypt is refused if its algorithms are not on the list, and lists are not empty.
#[test]
fn lists_decide() {
    use avouch_jose::{JweAlgorithm, KeyError};
    let wrapped = token_with_key(WRAPPED, &wrapped_key(), &CONTENT_KEY);
    let key = DecryptionKey::prepare(&jwk(&oct(&KEY)), JweAlgorithm::A128KW, &crypto()).unwrap();
    let other = DecryptionKeys::single(key.clone(), &[ContentEncryption::A256GCM]).unwrap();
    assert!(matches!(open(&wrapped, &other), Err(JweError::EncryptionNotAllowed(found)) if found == ENC));
    let gcm_wrap = DecryptionKey::prepare(&jwk(&oct(&KEY)), JweAlgorithm::A128GCMKW, &crypto()).unwrap();
    let other = DecryptionKeys::single(gcm_wrap, &[ENC]).unwrap();
    assert!(
        matches!(open(&wrapped, &other), Err(JweError::AlgorithmNotAllowed(found)) if found == JweAlgorithm::A128KW)
    );
    assert_eq!(DecryptionKeys::single(key, &[]).unwrap_err(), KeyError::NoAlgorithms);
    assert_eq!(DecryptionKeys::from_keys(vec![], &[ENC]).unwrap_err(), KeyError::NoAlgorithms);
}
