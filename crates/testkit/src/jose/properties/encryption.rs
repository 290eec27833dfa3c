use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jwe::{EncryptError, HeaderParameters, JsonBuilder, JweError, Reader, encrypt_compact};
use avouch_jose::{
    ContentEncryption, EncryptionKey, JweAlgorithm, KeyError, KeyManagement, Limits, base64url,
};

use crate::FixedRandom;
use crate::jose::jwe::{Secret, decrypt, decrypting, encrypting};
use crate::jose::keys::encryption_secrets;
use crate::jose::run::Tally;

/// Plaintexts of these lengths: none, one, around a block of AES, and many.
const LENGTHS: [usize; 6] = [0, 1, 15, 16, 17, 1000];

/// What is encrypted is decrypted, in compact form and in JSON with further authenticated data, for every algorithm with
/// every content encryption and on every curve. Counts these combinations.
pub fn encryption_round_trip(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for_each_combination(|algorithm, encryption, secret| {
        let keys = decrypting(secret, algorithm, encryption, crypto);
        let Some(key) = encrypting(secret, algorithm, encryption, crypto) else {
            assert!(keys.is_none(), "{algorithm} {encryption}: decrypts what it cannot encrypt");
            lacks_content_encryption(secret, algorithm, encryption, crypto);
            return tally.count(false);
        };
        // a backend may agree with ephemeral keys alone
        let Some(keys) = keys else { return tally.count(false) };
        let random = FixedRandom::new(1);
        for length in LENGTHS {
            let plaintext: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let what = format!("{algorithm} {encryption} {length}");
            let parameters = HeaderParameters::new().cty("text/plain");
            let token = encrypt_compact(&parameters, &plaintext, &key, encryption, &random).unwrap();
            let decrypted = decrypt(&token.into(), &keys).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(decrypted.plaintext(), plaintext, "{what}");
            assert_eq!((decrypted.algorithm(), decrypted.encryption()), (algorithm, encryption));
            assert_eq!(decrypted.header().parameter("cty").and_then(|cty| cty.as_str()), Some("text/plain"));
            let builder = JsonBuilder::new(encryption).aad(b"seen by all");
            let builder = builder.recipient(&key, HeaderParameters::new());
            let json = builder.encrypt(&plaintext, &random).unwrap();
            for text in [json.general(), json.flattened().unwrap()] {
                let decrypted = Reader::new(Limits::default()).json(&text).unwrap().decrypt(&keys).unwrap();
                assert_eq!(decrypted.plaintext(), plaintext, "{what}");
            }
            // the rounds of a password are dear
            if matches!(algorithm.scheme(), KeyManagement::Password(..)) {
                break;
            }
        }
        tally.count(true);
    });
    tally
}

/// A key that would do with another content encryption says so with this one, before it asks for randomness.
fn lacks_content_encryption(
    secret: &Secret,
    algorithm: JweAlgorithm,
    encryption: ContentEncryption,
    crypto: &CryptoProvider,
) {
    let Secret::Key(jwk) = secret else { return };
    if algorithm == JweAlgorithm::DIR || crypto.supports_content_encryption(encryption) {
        return;
    }
    let Ok(key) = EncryptionKey::prepare(jwk, algorithm, crypto) else { return };
    let refused = encrypt_compact(&HeaderParameters::new(), b"", &key, encryption, &crate::BrokenRandom);
    assert!(
        matches!(refused, Err(EncryptError::Key(KeyError::Unsupported { .. }))),
        "{algorithm} {encryption}: {refused:?}"
    );
}

fn for_each_combination(mut act: impl FnMut(JweAlgorithm, ContentEncryption, &Secret)) {
    for &algorithm in JweAlgorithm::ALL {
        for &encryption in ContentEncryption::ALL {
            for secret in encryption_secrets(algorithm, encryption) {
                act(algorithm, encryption, &secret);
            }
        }
    }
}

/// One bit of any segment is another, or a segment is cut or longer by an octet, and nothing is decrypted; behind the
/// header, nobody is told more than that. Counts combinations, of which each algorithm is tried with one content encryption
/// and each content encryption with a shared key.
pub fn every_bit_of_a_ciphertext_counts(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for_each_combination(|algorithm, encryption, secret| {
        let direct = algorithm == JweAlgorithm::DIR;
        // GCM of 128 bits is what most backends have
        if !direct && encryption != ContentEncryption::A128GCM {
            return;
        }
        let keys = decrypting(secret, algorithm, encryption, crypto);
        let (Some(keys), Some(key)) = (keys, encrypting(secret, algorithm, encryption, crypto)) else {
            return tally.count(false);
        };
        let random = FixedRandom::new(2);
        let token = encrypt_compact(&HeaderParameters::new(), &[5; 20], &key, encryption, &random).unwrap();
        let segments: Vec<Vec<u8>> =
            token.split('.').map(|segment| base64url::decode(segment).unwrap()).collect();
        // every bit; where a trial costs much, one of several
        let step = match algorithm.scheme() {
            KeyManagement::Rsa(_) | KeyManagement::Password(..) => 61,
            KeyManagement::Agreement | KeyManagement::AgreementWithKeyWrap(_) => 7,
            _ => 1,
        };
        for (place, segment) in segments.iter().enumerate() {
            let mut others = vec![[&segment[..], &[0]].concat()];
            if let Some((_, shorter)) = segment.split_last() {
                others.push(shorter.to_vec());
            }
            for bit in (0..segment.len() * 8).step_by(step) {
                let mut other = segment.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                others.push(other);
            }
            for other in others {
                let mut changed: Vec<String> = segments.iter().map(base64url::encode).collect();
                changed[place] = base64url::encode(&other);
                match decrypt(&changed.join(".").into(), &keys) {
                    Ok(_) => panic!("{algorithm} {encryption}: segment {place} may be {other:?}"),
                    Err(JweError::DecryptionFailed) => {}
                    // what is wrong with a header is no secret
                    Err(error) => assert_eq!(place, 0, "{algorithm} {encryption}: {error}"),
                }
            }
        }
        tally.count(true);
    });
    tally
}
