//! PBES2: salts, rounds, budgets.

use avouch_jose::jwe::{
    HeaderParameters, JsonBuilder, JweError, PasswordLimits, encrypt_compact, recommended_iterations,
};
use avouch_jose::{DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, KeyError, base64url};
use serde_json::{Value, json};

use crate::support::{ENC, Script, SystemRandom, crypto, octets, open, open_json, reader, token_with_key};

const ALG: JweAlgorithm = JweAlgorithm::PBES2_HS256_A128KW;
const PASSWORD: &[u8] = b"Thus from my lips";

fn keys(limits: PasswordLimits) -> DecryptionKeys {
    let key = DecryptionKey::password(PASSWORD, ALG, limits, &crypto()).unwrap();
    DecryptionKeys::single(key, &[ENC]).unwrap()
}

fn written(rounds: u32) -> String {
    let key = EncryptionKey::password(PASSWORD, ALG, rounds, &crypto()).unwrap();
    encrypt_compact(&HeaderParameters::new(), b"plaintext", &key, ENC, &SystemRandom::new()).unwrap()
}

/// A token that asks for so many rounds, and decrypts to nothing.
fn asking_for(rounds: u64) -> String {
    let header = json!({"alg": ALG, "enc": ENC, "p2s": "AAAAAAAAAAAAAAAAAAAAAA", "p2c": rounds}).to_string();
    token_with_key(&header, &[0; 24], &[0; 16])
}

/// Proves ENC-20, ENC-21, ENC-24. Each algorithm round, with a new salt of 16 octets for each message.
#[test]
fn round_trip_with_new_salts() {
    let (one, other) = (written(1000), written(1000));
    let salt = |token: &str| octets(reader().compact(token).unwrap().header().parameter("p2s").unwrap());
    assert_eq!(salt(&one).len(), 16);
    assert_ne!(salt(&one), salt(&other));
    assert_eq!(open(&one, &keys(PasswordLimits::default())).unwrap().plaintext(), b"plaintext");
    let wrong =
        DecryptionKey::password(b"Thus from your lips", ALG, PasswordLimits::default(), &crypto()).unwrap();
    let refused = open(&one, &DecryptionKeys::single(wrong, &[ENC]).unwrap());
    assert!(matches!(refused, Err(JweError::DecryptionFailed)));
    assert_eq!(recommended_iterations(ALG), 600_000);
    assert_eq!(recommended_iterations(JweAlgorithm::PBES2_HS512_A256KW), 210_000);
}

/// Proves ENC-20. The salt begins with the name of the algorithm: with the same password, salt and rounds, another key.
#[test]
fn algorithm_is_part_of_the_salt() {
    let key = EncryptionKey::password(PASSWORD, ALG, 1000, &crypto()).unwrap();
    let random = Script::new([vec![1; 16], vec![2; 16], vec![3; 12]]);
    let token = encrypt_compact(&HeaderParameters::new(), b"", &key, ENC, &random).unwrap();
    let mut derived = [0; 16];
    let salt = [b"PBES2-HS256+A128KW\0", &[1; 16][..]].concat();
    let backend = crypto().encryption;
    let rounds = 1000.try_into().unwrap();
    backend.pbkdf2(avouch_jose::HashAlgorithm::Sha256, PASSWORD, &salt, rounds, &mut derived).unwrap();
    let wrap = backend.aes_key_wrap(avouch_jose::AesKeySize::Aes128, &derived).unwrap();
    assert_eq!(token.split('.').nth(1), Some(base64url::encode(wrap.wrap(&[2; 16]).unwrap()).as_str()));
}

/// Proves ENC-23, JWE-20. Too few rounds and too many are told before the first one: these would take an hour.
#[test]
fn rounds_are_bounded() {
    let open = |rounds, limits| open(&asking_for(rounds), &keys(limits)).unwrap_err();
    let default = PasswordLimits::default();
    for (rounds, limits) in [
        (999, default),
        (1_000_001, default),
        (u64::from(u32::MAX) + 1, default),
        (u64::MAX, default),
        (1001, default.with_maximum(1000)),
        (1999, default.with_minimum(2000)),
        (4_000_000_000, default),
    ] {
        let refused = open(rounds, limits);
        assert!(
            matches!(refused, JweError::PasswordIterations { found, .. } if found == rounds),
            "{rounds}: {refused:?}"
        );
    }
    assert!(matches!(open(1000, default), JweError::DecryptionFailed));
    assert!(matches!(open(1000, default.with_maximum(1000)), JweError::DecryptionFailed));
    assert!(matches!(open(1, default.with_minimum(1)), JweError::DecryptionFailed));
    assert!(matches!(
        open(u64::from(u32::MAX) + 1, default.with_maximum(u32::MAX)),
        JweError::PasswordIterations { .. }
    ));
}

/// Proves ENC-23. The rounds of all recipients count together.
#[test]
fn rounds_of_one_token_count_together() {
    let key = EncryptionKey::password(PASSWORD, ALG, 1000, &crypto()).unwrap();
    let mut builder = JsonBuilder::new(ENC);
    for _ in 0..3 {
        builder = builder.recipient(&key, HeaderParameters::new());
    }
    let jwe: Value =
        serde_json::from_str(&builder.encrypt(b"plaintext", &SystemRandom::new()).unwrap().general())
            .unwrap();
    assert!(open_json(&jwe, &keys(PasswordLimits::default().with_maximum(3000))).is_ok());
    let refused = open_json(&jwe, &keys(PasswordLimits::default().with_maximum(2999)));
    assert!(matches!(refused, Err(JweError::PasswordIterations { found: 3000, maximum: 2999, .. })));
}

/// Proves ENC-24. Fewer than 1000 rounds are not written, nor is anything under an empty password.
#[test]
fn what_is_not_written() {
    let refused = EncryptionKey::password(PASSWORD, ALG, 999, &crypto()).unwrap_err();
    assert!(matches!(refused, KeyError::PasswordIterations { found: 999, minimum: 1000, .. }));
    assert_eq!(EncryptionKey::password(b"", ALG, 1000, &crypto()).unwrap_err(), KeyError::PasswordEmpty);
    let refused = DecryptionKey::password(b"", ALG, PasswordLimits::default(), &crypto()).unwrap_err();
    assert_eq!(refused, KeyError::PasswordEmpty);
}
