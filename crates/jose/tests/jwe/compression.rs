//! Compressed content, where the reader accepts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use avouch_jose::crypto::{KeyDecrypter, KeyOperationError};
use avouch_jose::jwe::{HeaderError, HeaderParameters, InflateLimits, JweError, Reader, dangerous};
use avouch_jose::{DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, Limits, base64url};
use serde_json::json;
use zeroize::Zeroizing;

use crate::support::{CONTENT_KEY, ENC, KEY, SystemRandom, crypto, direct_keys, gcm, jwk, oct};

fn token(deflated: &[u8]) -> String {
    let key = EncryptionKey::direct(&jwk(&oct(&KEY)), ENC, &crypto()).unwrap();
    dangerous::encrypt_deflated(&HeaderParameters::new(), deflated, &key, ENC, &SystemRandom::new()).unwrap()
}

fn open(deflated: &[u8], limits: InflateLimits) -> Result<Vec<u8>, JweError> {
    let reader = Reader::new(Limits::default().with_token_bytes(1 << 20)).inflating(limits);
    Ok(reader.compact(&token(deflated))?.decrypt(&direct_keys())?.plaintext().to_vec())
}

/// Octets as they are, in blocks that are not compressed (RFC 1951, 3.2.4).
fn stored(octets: &[u8]) -> Vec<u8> {
    let mut blocks = Vec::new();
    let mut chunks = octets.chunks(0xffff).peekable();
    while let Some(chunk) = chunks.next() {
        let len = chunk.len() as u16;
        blocks.push(u8::from(chunks.peek().is_none()));
        blocks.extend([len.to_le_bytes(), (!len).to_le_bytes()].concat());
        blocks.extend(chunk);
    }
    blocks
}

/// Proves JWE-06, JWE-30. What was compressed before it was encrypted is inflated after it was decrypted.
#[test]
fn compressed_content_is_read() {
    assert_eq!(open(&stored(b"plaintext"), InflateLimits::default()).unwrap(), b"plaintext");
    // the header says so, and only then
    let reader = Reader::new(Limits::default()).inflating(InflateLimits::default());
    let plain = crate::support::token(r#"{"alg":"dir","enc":"A128GCM"}"#);
    assert_eq!(reader.compact(&plain).unwrap().decrypt(&direct_keys()).unwrap().plaintext(), b"plaintext");
    let refused = Reader::new(Limits::default()).compact(&token(&stored(b"plaintext"))).unwrap_err();
    assert!(matches!(refused, JweError::Header(HeaderError::Compressed)));
}

/// Proves JWE-06. Octets and ratio each have their bound.
#[test]
fn output_is_bounded() {
    let limits = InflateLimits::default();
    let long = stored(&vec![b'a'; 250_000]);
    assert_eq!(open(&long, limits).unwrap().len(), 250_000);
    let longer = stored(&vec![b'a'; 250_001]);
    assert!(matches!(open(&longer, limits), Err(JweError::InflatedTooLong { limit: 250_000 })));
    assert!(open(&longer, limits.with_octets(250_001)).is_ok());

    // 258 times the same octet again, in eight bits and some: a block of fixed codes (RFC 1951, 3.2.6)
    let bomb = bomb(2000);
    let refused = open(&bomb, limits).unwrap_err();
    assert!(
        matches!(refused, JweError::InflatedTooLong { limit } if limit == 10 * bomb.len()),
        "{refused:?}"
    );
    let inflated = open(&bomb, limits.with_ratio(1000).with_octets(1 << 20)).unwrap();
    assert_eq!(inflated.len(), 1 + 258 * 2000);
    // nobody can ask for more than there are octets
    assert!(open(&bomb, limits.with_ratio(usize::MAX)).is_err());
}

/// Proves JWE-06. What has a right tag and does not inflate is refused at once: neither a further recipient nor a further key
/// is asked.
#[test]
fn what_does_not_inflate_is_inflated_once() {
    struct Counted(AtomicUsize);
    impl KeyDecrypter for Counted {
        fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(Zeroizing::new(CONTENT_KEY.to_vec()))
        }
    }
    let protected = base64url::encode(r#"{"alg":"RSA-OAEP","enc":"A128GCM","zip":"DEF"}"#);
    let recipient = json!({"encrypted_key": "AAAA"});
    let reader = Reader::new(Limits::default()).inflating(InflateLimits::default());
    for (deflated, too_long) in [(b"plaintext".to_vec(), false), (bomb(2000), true)] {
        let [iv, ciphertext, tag] = gcm(&CONTENT_KEY, &protected, &deflated);
        let jwe = json!({
            "protected": protected, "iv": iv, "ciphertext": ciphertext, "tag": tag,
            "recipients": [recipient, recipient, recipient],
        });
        let jwe = reader.json(&jwe.to_string()).unwrap();
        let counted = Arc::new(Counted(AtomicUsize::new(0)));
        let alg = JweAlgorithm::RSA_OAEP;
        let key = DecryptionKey::with_decrypter(alg, None, counted.clone(), &[1; 32], &crypto()).unwrap();
        let keys = DecryptionKeys::from_keys(vec![key.clone(), key], &[ENC]).unwrap().with_trial_limit(2);
        let is_expected = |error: &JweError| match error {
            JweError::InflatedTooLong { .. } => too_long,
            JweError::NotDeflate => !too_long,
            _ => false,
        };
        assert!(is_expected(&jwe.decrypt(&keys).unwrap_err()));
        assert_eq!(counted.0.load(Ordering::Relaxed), 1);
        assert!(is_expected(&jwe.outcomes(&keys).unwrap_err()));
        assert_eq!(counted.0.load(Ordering::Relaxed), 2);
    }
}

/// `a`, then so many times the longest match at distance 1.
fn bomb(matches: usize) -> Vec<u8> {
    let mut bits = vec![true, true, false];
    let huffman = |code: u32, len: u32, bits: &mut Vec<bool>| {
        bits.extend((0..len).rev().map(|at| code >> at & 1 == 1));
    };
    huffman(0x30 + u32::from(b'a'), 8, &mut bits);
    for _ in 0..matches {
        huffman(0xc5, 8, &mut bits);
        huffman(0, 5, &mut bits);
    }
    huffman(0, 7, &mut bits);
    bits.chunks(8)
        .map(|byte| byte.iter().enumerate().fold(0, |octet, (at, bit)| octet | u8::from(*bit) << at))
        .collect()
}

/// Proves ERR-04. What is not DEFLATE is no panic.
#[test]
fn malformed_compression() {
    let stored = stored(b"plaintext");
    for deflated in [&b""[..], b"plaintext", &stored[..stored.len() - 1], b"\x07", b"\xff\xff\xff"] {
        assert!(
            matches!(open(deflated, InflateLimits::default()), Err(JweError::NotDeflate)),
            "{deflated:?}"
        );
    }
}
