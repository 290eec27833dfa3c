use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jwe::{self, HeaderParameters};
use avouch_jose::jws::{self, sign_compact};
use avouch_jose::{ContentEncryption, JweAlgorithm, JwsAlgorithm};

use super::data::{keys, verify};
use super::jwe::{decrypt, decrypting, encrypting};
use super::keys::{encryption_secrets, signing_key};
use super::run::signing;
use crate::FixedRandom;

/// What one backend signs the other verifies, both ways, for every algorithm that both have: how many those are.
pub fn backends_agree_on_signatures(one: &CryptoProvider, other: &CryptoProvider) -> usize {
    let mut algorithms = 0;
    for &algorithm in JwsAlgorithm::ALL {
        let jwk = signing_key(algorithm);
        let mut directions = 0;
        for (signs, verifies) in [(one, other), (other, one)] {
            let (Some(signer), Some(keys)) =
                (signing(&jwk, algorithm, signs), keys(&jwk, algorithm, verifies))
            else {
                continue;
            };
            let token = sign_compact(&jws::HeaderParameters::new(), b"payload", &signer).unwrap();
            assert_eq!(verify(&token, &keys).unwrap().payload(), b"payload", "{algorithm}");
            directions += 1;
        }
        assert_ne!(directions, 1, "{algorithm} goes one way only");
        algorithms += directions / 2;
    }
    algorithms
}

/// What one backend encrypts the other decrypts, for every combination of algorithms and curve that the one can encrypt and
/// the other decrypt: how many these are, from the first to the second and back.
pub fn backends_agree_on_encryption(one: &CryptoProvider, other: &CryptoProvider) -> (usize, usize) {
    (encrypted_for(one, other), encrypted_for(other, one))
}

fn encrypted_for(encrypts: &CryptoProvider, decrypts: &CryptoProvider) -> usize {
    let mut combinations = 0;
    for &algorithm in JweAlgorithm::ALL {
        for &encryption in ContentEncryption::ALL {
            for secret in encryption_secrets(algorithm, encryption) {
                let (Some(key), Some(keys)) = (
                    encrypting(&secret, algorithm, encryption, encrypts),
                    decrypting(&secret, algorithm, encryption, decrypts),
                ) else {
                    continue;
                };
                let (none, random) = (HeaderParameters::new(), FixedRandom::new(3));
                let token = jwe::encrypt_compact(&none, b"plaintext", &key, encryption, &random).unwrap();
                let decrypted = decrypt(&token.into(), &keys);
                assert_eq!(decrypted.unwrap().plaintext(), b"plaintext", "{algorithm} {encryption}");
                combinations += 1;
            }
        }
    }
    combinations
}
