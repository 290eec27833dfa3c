//! RSA: what is encrypted, and that nobody learns where a decryption failed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use avouch_jose::crypto::{KeyDecrypter, KeyOperationError};
use avouch_jose::jwe::{HeaderParameters, JweError, dangerous, encrypt_compact};
use avouch_jose::{
    AesKeySize, ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, HashAlgorithm, JweAlgorithm,
    KeyError, base64url,
};
use zeroize::Zeroizing;

use crate::support::{
    CONTENT_KEY, ENC, SystemRandom, crypto, jwk, keys, octets, open, rsa, token_with_key, with,
};

const ALGORITHMS: [JweAlgorithm; 5] = [
    JweAlgorithm::RSA_OAEP,
    JweAlgorithm::RSA_OAEP_256,
    JweAlgorithm::RSA_OAEP_384,
    JweAlgorithm::RSA_OAEP_512,
    dangerous::RSA1_5,
];

fn encrypted(algorithm: JweAlgorithm, key: &[u8]) -> Vec<u8> {
    let padding = match algorithm.scheme() {
        avouch_jose::KeyManagement::Rsa(padding) => padding,
        _ => panic!("{algorithm}"),
    };
    let jwk = jwk(&rsa());
    let avouch_jose::KeyMaterial::Rsa(material) = jwk.material() else { panic!() };
    crypto().encryption.rsa_encrypter(padding, material).unwrap().encrypt(key).unwrap()
}

fn header(algorithm: JweAlgorithm) -> String {
    format!(r#"{{"alg":"{algorithm}","enc":"A128GCM"}}"#)
}

/// Proves JWE-08, JWE-21, JWE-22. A key of another length and one that is none both end where a wrong tag ends.
#[test]
fn failures_of_the_key_are_failures_of_the_content() {
    for alg in ALGORITHMS {
        let keys = keys(&rsa(), alg, ENC);
        let right = token_with_key(&header(alg), &encrypted(alg, &CONTENT_KEY), &CONTENT_KEY);
        assert_eq!(open(&right, &keys).unwrap().plaintext(), b"plaintext", "{alg}");
        let valid = encrypted(alg, &CONTENT_KEY);
        let mut changed = valid.clone();
        changed[100] ^= 1;
        for encrypted_key in [
            encrypted(alg, &CONTENT_KEY[..15]),
            encrypted(alg, &[&CONTENT_KEY[..], b"\0"].concat()),
            encrypted(alg, &[8; 32]),
            encrypted(alg, b""),
            changed,
            vec![],
            vec![0; 256],
            vec![0xff; 256],
            valid[1..].to_vec(),
            [&valid[..], b"\0"].concat(),
        ] {
            // the content is encrypted with what the key begins with, so that nothing else is wrong
            let token = token_with_key(&header(alg), &encrypted_key, &CONTENT_KEY);
            assert!(matches!(open(&token, &keys), Err(JweError::DecryptionFailed)), "{alg}");
        }
    }
}

/// Proves JWE-22. The key that takes the place of one that cannot be decrypted is made with a secret that the sender does not
/// know: neither with none at all, nor with what is public.
#[test]
fn nobody_knows_the_key_that_takes_the_place() {
    for alg in ALGORITHMS {
        for (enc, len) in [(ENC, 16), (ContentEncryption::A256CBC_HS512, 64)] {
            let keys = keys(&rsa(), alg, enc);
            let encrypted_key = [0x55; 256];
            let n = octets(&rsa()["n"]);
            for guess in [&[0; 32][..], &[], b"avouch fallback", &n] {
                let mut content_key = vec![0; len];
                for (counter, part) in (0_u8..).zip(content_key.chunks_mut(32)) {
                    let parts = [&[counter][..], &encrypted_key];
                    crypto().encryption.hmac(HashAlgorithm::Sha256, guess, &parts, part).unwrap();
                }
                let token = sealed(alg, enc, &encrypted_key, &content_key);
                assert!(matches!(open(&token, &keys), Err(JweError::DecryptionFailed)), "{alg} {enc}");
            }
            // the tokens are right but for the key
            let content_key = vec![8; len];
            let token = sealed(alg, enc, &encrypted(alg, &content_key), &content_key);
            assert_eq!(open(&token, &keys).unwrap().plaintext(), b"plaintext", "{alg} {enc}");
        }
    }
}

/// Proves JWE-22. A key that takes the place of a longer one is as long, and no part of it is there twice: each has its counter.
#[test]
fn long_keys_that_take_the_place() {
    let secret = [0x42; 32];
    let alg = JweAlgorithm::RSA_OAEP_256;
    let enc = ContentEncryption::A256CBC_HS512;
    let broken = Arc::new(Broken(AtomicUsize::new(0)));
    let key = DecryptionKey::with_decrypter(alg, None, broken, &secret, &crypto()).unwrap();
    let keys = DecryptionKeys::single(key, &[enc]).unwrap();
    let encrypted_key = [9, 9, 9];
    let half = |counter: u8| {
        let mut half = [0; 32];
        let parts = [&[counter][..], &encrypted_key];
        crypto().encryption.hmac(HashAlgorithm::Sha256, &secret, &parts, &mut half).unwrap();
        half
    };
    let open = |halves: [u8; 2]| {
        let content_key = halves.map(half).concat();
        open(&sealed(alg, enc, &encrypted_key, &content_key), &keys)
    };
    assert_eq!(open([0, 1]).unwrap().plaintext(), b"plaintext");
    for others in [[0, 0], [1, 0], [1, 1], [1, 2]] {
        assert!(matches!(open(others), Err(JweError::DecryptionFailed)), "{others:?}");
    }
}

/// A token with this encrypted key whose content is encrypted with this key.
fn sealed(alg: JweAlgorithm, enc: ContentEncryption, encrypted_key: &[u8], content_key: &[u8]) -> String {
    let header = format!(r#"{{"alg":"{alg}","enc":"{enc}"}}"#);
    if let Ok(key) = content_key.try_into() {
        return token_with_key(&header, encrypted_key, key);
    }
    let header = base64url::encode(header);
    // RFC 7518, 5.2.2.1
    let (mac_key, cipher_key) = content_key.split_at(32);
    let iv = [9; 16];
    let aes = crypto().encryption.aes_cbc(AesKeySize::Aes256, cipher_key).unwrap();
    let content = aes.encrypt(&iv, b"plaintext").unwrap();
    let bits = (header.len() as u64 * 8).to_be_bytes();
    let mut tag = [0; 64];
    let parts = [header.as_bytes(), &iv, &content, &bits];
    crypto().encryption.hmac(HashAlgorithm::Sha512, mac_key, &parts, &mut tag).unwrap();
    let [encrypted_key, iv, content, tag] = [encrypted_key, &iv, &content, &tag[..32]].map(base64url::encode);
    [header, encrypted_key, iv, content, tag].join(".")
}

/// Counts, and cannot decrypt.
struct Broken(AtomicUsize);

impl KeyDecrypter for Broken {
    fn decrypt(&self, encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        match encrypted.first() {
            Some(0) => Err(KeyOperationError::Unavailable("sealed".into())),
            Some(1) => Ok(Zeroizing::new(CONTENT_KEY[..15].to_vec())),
            Some(2) => Ok(Zeroizing::new(CONTENT_KEY.to_vec())),
            _ => Err(KeyOperationError::Failed),
        }
    }
}

/// Proves JWE-22. The key that takes the place of one that cannot be decrypted is made of the secret and the encrypted key:
/// a token whose content is encrypted with just that key opens, so content decryption was reached with it.
#[test]
fn implicit_rejection() {
    let secret = [0x42; 32];
    let broken = Arc::new(Broken(AtomicUsize::new(0)));
    let alg = JweAlgorithm::RSA_OAEP_256;
    let key = DecryptionKey::with_decrypter(alg, None, broken.clone(), &secret, &crypto()).unwrap();
    let keys = DecryptionKeys::single(key, &[ENC]).unwrap();
    let fallback = |encrypted: &[u8]| {
        let mut key = [0; 16];
        let parts = [&[0][..], encrypted];
        crypto().encryption.hmac(avouch_jose::HashAlgorithm::Sha256, &secret, &parts, &mut key).unwrap();
        key
    };
    for encrypted in [&[9, 9, 9][..], &[1, 2, 3]] {
        let token = token_with_key(&header(alg), encrypted, &fallback(encrypted));
        assert!(open(&token, &keys).is_ok(), "the made-up key was used");
        let token = token_with_key(&header(alg), encrypted, &CONTENT_KEY);
        assert!(matches!(open(&token, &keys), Err(JweError::DecryptionFailed)));
    }
    let token = token_with_key(&header(alg), &[2], &CONTENT_KEY);
    assert!(open(&token, &keys).is_ok());
    let token = token_with_key(&header(alg), &[0], &CONTENT_KEY);
    assert!(matches!(open(&token, &keys), Err(JweError::KeyUnavailable(_))), "an outage is no attack");
    assert_eq!(broken.0.load(Ordering::Relaxed), 6);

    let short =
        DecryptionKey::with_decrypter(alg, None, broken.clone(), &secret[..31], &crypto()).unwrap_err();
    assert_eq!(short, KeyError::SecretTooShort { octets: 31, minimum: 32 });
    let other =
        DecryptionKey::with_decrypter(JweAlgorithm::A128KW, None, broken, &secret, &crypto()).unwrap_err();
    assert!(matches!(other, KeyError::OtherConstructor { .. }));
}

/// A key that does not answer does not hide another that decrypts; it is told only if none does.
#[test]
fn an_outage_does_not_hide_another_key() {
    struct Down;
    impl KeyDecrypter for Down {
        fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
            Err(KeyOperationError::Unavailable("sealed".into()))
        }
    }
    let alg = JweAlgorithm::RSA_OAEP_256;
    let held = |decrypter: Arc<dyn KeyDecrypter>| {
        DecryptionKey::with_decrypter(alg, None, decrypter, &[0x42; 32], &crypto()).unwrap()
    };
    let down = held(Arc::new(Down));
    let wrong = held(Arc::new(Broken(AtomicUsize::new(0))));
    let local = DecryptionKey::prepare(&jwk(&rsa()), alg, &crypto()).unwrap();
    let mut encrypted_key = encrypted(alg, &CONTENT_KEY);
    // what the wrong key would take for something else
    while encrypted_key[0] <= 2 {
        encrypted_key = encrypted(alg, &CONTENT_KEY);
    }
    let token = token_with_key(&header(alg), &encrypted_key, &CONTENT_KEY);
    let open = |keys: [&DecryptionKey; 2]| {
        let keys = DecryptionKeys::from_keys(keys.map(Clone::clone).to_vec(), &[ENC]).unwrap();
        open(&token, &keys.with_trial_limit(2))
    };
    assert_eq!(open([&down, &local]).unwrap().plaintext(), b"plaintext");
    assert_eq!(open([&local, &down]).unwrap().plaintext(), b"plaintext");
    for keys in [[&down, &wrong], [&wrong, &down]] {
        assert!(matches!(open(keys), Err(JweError::KeyUnavailable(_))));
    }
    assert!(matches!(open([&wrong, &wrong]), Err(JweError::DecryptionFailed)));
}

/// The inverse of the public exponent modulo the least common multiple of p - 1 and q - 1, for the key of RFC 7516, A.1.
const EXPONENT_MODULO_LAMBDA: &str = "CgB8Ws8dvlOGE4IRGZyfeLcW-hse3ReT2WRpdAEqoVyWc4ROrikUdEj0y6pjM1SUqBswoDtgBBQq2AW-\
    DlRkCBZZV018DcSTlxnKvtoY_ndlBc6Kvt14--kbW0H821PLWYCMYfI4gZeg6S-HqqEGykYTOi7wdcjcyMXqbX8n7iEBssJ8J0SbUaPAOBVwikrx\
    8_PwDabAwGRynyXIPsM66V3eGXKofzAgU45qU0ndYcEsaKo0NLHtZVepq0KICYRSEOTpA8kJer8cHU_Dkr9TdPt4M8lo_XM-dd07z7o-ka4I8UVr\
    1QY9zzHasGriOgJ8EoBUNu4NpOO-Obc8akltXQ";

/// Proves JWE-23, JWE-24, BCP-05. `RSA1_5` is for those who name it, and never for a key that decrypts otherwise as well.
#[test]
fn pkcs1_stands_behind_a_door() {
    let pkcs1 = dangerous::RSA1_5;
    assert_eq!(JweAlgorithm::from_name("RSA1_5"), None);
    let token = token_with_key(&header(pkcs1), &encrypted(pkcs1, &CONTENT_KEY), &CONTENT_KEY);
    let refused = open(&token, &keys(&rsa(), JweAlgorithm::RSA_OAEP, ENC));
    assert!(matches!(refused, Err(JweError::UnknownAlgorithm(_))));
    assert!(open(&token, &keys(&rsa(), pkcs1, ENC)).is_ok());

    let oaep_only = jwk(&with(rsa(), "alg", "RSA-OAEP"));
    let refused = DecryptionKey::prepare(&oaep_only, pkcs1, &crypto()).unwrap_err();
    assert!(matches!(refused, KeyError::Algorithm { .. }));
    let prepare = |alg| DecryptionKey::prepare(&jwk(&rsa()), alg, &crypto()).unwrap();
    let mixed = [prepare(JweAlgorithm::RSA_OAEP_256), prepare(pkcs1)];
    assert_eq!(DecryptionKeys::from_keys(mixed.to_vec(), &[ENC]).unwrap_err(), KeyError::RsaPaddingsMixed);
    let both = [prepare(JweAlgorithm::RSA_OAEP_256), prepare(JweAlgorithm::RSA_OAEP)];
    assert!(DecryptionKeys::from_keys(both.to_vec(), &[ENC]).is_ok());

    // the private exponent modulo lambda(n), as FIPS 186-5 has it: another number, and the same key
    let rewritten = jwk(&with(rsa(), "d", EXPONENT_MODULO_LAMBDA));
    assert_ne!(rsa()["d"], EXPONENT_MODULO_LAMBDA);
    let rewritten = DecryptionKey::prepare(&rewritten, pkcs1, &crypto()).unwrap();
    let token = token_with_key(&header(pkcs1), &encrypted(pkcs1, &CONTENT_KEY), &CONTENT_KEY);
    assert!(open(&token, &DecryptionKeys::single(rewritten.clone(), &[ENC]).unwrap()).is_ok());
    let mixed = vec![prepare(JweAlgorithm::RSA_OAEP_256), rewritten];
    assert_eq!(DecryptionKeys::from_keys(mixed, &[ENC]).unwrap_err(), KeyError::RsaPaddingsMixed);
    // held by somebody else: the decrypter tells, and not the secret, which several keys may share
    let held = |alg, decrypter: &Arc<Broken>| {
        DecryptionKey::with_decrypter(alg, None, decrypter.clone(), &[0x42; 32], &crypto()).unwrap()
    };
    let [one, another] = [(); 2].map(|()| Arc::new(Broken(AtomicUsize::new(0))));
    let mixed = vec![held(pkcs1, &one), held(JweAlgorithm::RSA_OAEP, &one)];
    assert_eq!(DecryptionKeys::from_keys(mixed, &[ENC]).unwrap_err(), KeyError::RsaPaddingsMixed);
    let two = vec![held(pkcs1, &one), held(JweAlgorithm::RSA_OAEP, &another)];
    assert!(DecryptionKeys::from_keys(two, &[ENC]).is_ok());

    let refused = EncryptionKey::prepare(&jwk(&rsa()), pkcs1, &crypto()).unwrap_err();
    assert!(matches!(refused, KeyError::OtherConstructor { .. }));
    let key = dangerous::rsa1_5_encryption_key(&jwk(&rsa()), &crypto()).unwrap();
    let token =
        encrypt_compact(&HeaderParameters::new(), b"plaintext", &key, ENC, &SystemRandom::new()).unwrap();
    assert_eq!(open(&token, &keys(&rsa(), pkcs1, ENC)).unwrap().plaintext(), b"plaintext");
}

/// Proves ALG-04. Exponents below 65537 do not go with PKCS #1 v1.5.
#[test]
fn small_exponents() {
    // 3, 65535 and 65537
    for (e, is_small) in [("Aw", true), ("__8", true), ("AQAB", false)] {
        let key = jwk(&with(rsa_public(), "e", e));
        assert!(EncryptionKey::prepare(&key, JweAlgorithm::RSA_OAEP_256, &crypto()).is_ok());
        let refused = dangerous::rsa1_5_encryption_key(&key, &crypto()).err();
        assert_eq!(refused, is_small.then_some(KeyError::RsaExponent), "{e}");
    }
}

fn rsa_public() -> serde_json::Value {
    serde_json::json!({"kty": "RSA", "n": rsa()["n"], "e": rsa()["e"]})
}
