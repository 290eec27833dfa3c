//! What aws-lc-rs alone does to decrypt the claims, with its keys loaded beforehand.

use std::hint::black_box;

use avouch_jose::{KeyMaterial, base64url};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap as _};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use serde_json::Value;

use crate::job::{Job, Signature, Work};
use crate::material::{Material, RSA_PKCS8};

const KEY: usize = 32;

/// The five parts of a token, decoded.
struct Parts {
    header: Value,
    /// The text that is authenticated with the content.
    aad: Vec<u8>,
    encrypted_key: Vec<u8>,
    iv: [u8; 12],
    /// Ciphertext and tag.
    sealed: Vec<u8>,
    /// Where it is decrypted, each time anew.
    place: Vec<u8>,
}

impl Parts {
    fn of(token: &str) -> Self {
        let segments: Vec<&str> = token.split('.').collect();
        let decode = |place: usize| base64url::decode(segments.get(place).unwrap()).unwrap();
        let sealed = [decode(3), decode(4)].concat();
        Self {
            header: serde_json::from_slice(&decode(0)).unwrap(),
            aad: segments.first().unwrap().as_bytes().to_vec(),
            encrypted_key: decode(1),
            iv: decode(2).try_into().unwrap(),
            place: sealed.clone(),
            sealed,
        }
    }

    fn open(&mut self, key: &LessSafeKey) -> bool {
        self.place.copy_from_slice(black_box(&self.sealed));
        let nonce = Nonce::assume_unique_for_key(self.iv);
        key.open_in_place(nonce, Aad::from(&self.aad), &mut self.place).is_ok()
    }
}

fn content_key(key: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap())
}

pub(super) fn work(job: Job, material: &Material) -> Option<Work> {
    let mut parts = Parts::of(&material.encrypted(job)?);
    match job {
        Job::DecryptDirect => {
            let key = content_key(material.shared_key());
            Some(Box::new(move || parts.open(&key)))
        }
        Job::DecryptAgreement => {
            let jwk = material.private(Signature::Es256)?;
            let KeyMaterial::Ec(private) = jwk.material() else { return None };
            let private = PrivateKey::from_private_key(&ECDH_P256, private.d()?.expose()).unwrap();
            let coordinate =
                |name: &str| base64url::decode(parts.header["epk"][name].as_str().unwrap()).unwrap();
            let peer =
                UnparsedPublicKey::new(&ECDH_P256, [vec![4], coordinate("x"), coordinate("y")].concat());
            // RFC 7518, 4.6.2: algorithm, no parties, 256 bits
            let algorithm = b"ECDH-ES+A256KW";
            let info = [&[0, 0, 0, 14], &algorithm[..], &[0; 8], &[0, 0, 1, 0]].concat();
            Some(Box::new(move || {
                let mut key = [0; KEY];
                agree(&private, black_box(&peer), (), |secret| {
                    let mut hash = Context::new(&SHA256);
                    hash.update(&[0, 0, 0, 1]);
                    hash.update(secret);
                    hash.update(&info);
                    let kek = AesKek::new(&AES_256, hash.finish().as_ref()).map_err(|_| ())?;
                    kek.unwrap(&parts.encrypted_key, &mut key).map(|_| ()).map_err(|_| ())
                })
                .is_ok()
                    && parts.open(&content_key(&key))
            }))
        }
        Job::DecryptRsa => {
            let private = PrivateDecryptingKey::from_pkcs8(RSA_PKCS8).unwrap();
            let private = OaepPrivateDecryptingKey::new(private).unwrap();
            let mut place = vec![0; private.min_output_size()];
            Some(Box::new(move || {
                let encrypted = black_box(&parts.encrypted_key);
                match private.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut place, None) {
                    Ok(key) => {
                        let key = content_key(key);
                        parts.open(&key)
                    }
                    Err(_) => false,
                }
            }))
        }
        _ => None,
    }
}
