use avouch_jose::JwsAlgorithm;
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderParameters, sign_compact};

use super::data::{keys, verify};
use super::keys::signing_key;
use super::run::signing;

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
            let token = sign_compact(&HeaderParameters::new(), b"payload", &signer).unwrap();
            assert_eq!(verify(&token, &keys).unwrap().payload(), b"payload", "{algorithm}");
            directions += 1;
        }
        assert_ne!(directions, 1, "{algorithm} goes one way only");
        algorithms += directions / 2;
    }
    algorithms
}
