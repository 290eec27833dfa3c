use avouch_jose::HashAlgorithm;
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderParameters, sign_compact};

use crate::jose::data::{algorithm, entries, jwk, keys, text, vector_file, verify};
use crate::jose::run::{Tally, signing};

/// [RFC 9964](https://www.rfc-editor.org/rfc/rfc9964): ML-DSA-44, -65 and -87. The seed of the private key gives the public key
/// that stands beside it, or signing would be refused.
pub fn rfc9964(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(vector_file!("rfc9964-ml-dsa.json")) {
        let (key, algorithm) = (jwk(&vector["jwk"]), algorithm(&vector, "alg"));
        assert_eq!(key.thumbprint(HashAlgorithm::Sha256, crypto), text(&vector, "thumbprint"));
        let (Some(keys), Some(signer)) = (keys(&key, algorithm, crypto), signing(&key, algorithm, crypto))
        else {
            tally.count(false);
            continue;
        };
        let payload = text(&vector, "payload_utf8").as_bytes();
        assert_eq!(verify(text(&vector, "compact"), &keys).unwrap().payload(), payload);
        // a signer may be randomised, so that ours need not be the published one
        let ours = sign_compact(&HeaderParameters::new(), payload, &signer).unwrap();
        assert_eq!(verify(&ours, &keys).unwrap().payload(), payload);
        tally.count(true);
    }
    tally
}
