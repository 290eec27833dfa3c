use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderParameters, sign_compact};
use avouch_jose::{
    Jwk, JwsAlgorithm, KeyError, Limits, SignatureScheme, SigningKey, VerifyingKey, VerifyingKeys,
};

use crate::jose::data::verify;
use crate::jose::keys::signing_key;
use crate::jose::run::{Tally, prepared, signing, verifying};

/// Payloads of these lengths: none, one, around a block of the hashes, and some.
const LENGTHS: [usize; 12] = [0, 1, 2, 3, 55, 56, 64, 111, 112, 128, 129, 1000];

/// The keys of the kit for one algorithm, prepared; `None` if the backend lacks it.
fn pair(algorithm: JwsAlgorithm, crypto: &CryptoProvider) -> Option<(SigningKey, VerifyingKey)> {
    let jwk = signing_key(algorithm);
    // a private key verifies by its public half; the public half alone must do as well
    let public = jwk.public().unwrap_or_else(|| jwk.clone());
    let signer = signing(&jwk, algorithm, crypto);
    let verifier = verifying(&public, algorithm, crypto);
    assert_eq!(signer.is_some(), verifier.is_some(), "{algorithm}");
    signer.zip(verifier)
}

/// Whether equal inputs give equal signatures.
fn is_deterministic(algorithm: JwsAlgorithm) -> bool {
    matches!(
        algorithm.scheme(),
        SignatureScheme::Hmac(_)
            | SignatureScheme::RsaPkcs1(_)
            | SignatureScheme::Ed25519
            | SignatureScheme::Ed448
    )
}

fn payload(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 % 251) as u8).collect()
}

/// What is signed verifies and is what was signed, for every algorithm and many lengths; with a signature as long as the
/// algorithm's are; the same again where the algorithm is deterministic. Counts algorithms.
pub fn signatures_round_trip(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for &algorithm in JwsAlgorithm::ALL {
        let Some((signer, verifier)) = pair(algorithm, crypto) else {
            tally.count(false);
            continue;
        };
        let keys = VerifyingKeys::single(verifier);
        for length in LENGTHS {
            let payload = payload(length);
            let token = sign_compact(&HeaderParameters::new(), &payload, &signer).unwrap();
            let content =
                verify(&token, &keys).unwrap_or_else(|error| panic!("{algorithm} {length}: {error}"));
            assert_eq!((content.payload(), content.algorithm()), (&payload[..], algorithm));
            assert!(algorithm.signature_len().contains(&signer.sign(&payload).unwrap().len()), "{algorithm}");
            if is_deterministic(algorithm) {
                assert_eq!(sign_compact(&HeaderParameters::new(), &payload, &signer).unwrap(), token);
            }
        }
        tally.count(true);
    }
    tally
}

/// One bit of the signature or of what was signed is another, and it does not verify; nor does a shorter or a longer
/// signature, nor one of zeros. Counts algorithms.
pub fn every_bit_of_a_signature_counts(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for &algorithm in JwsAlgorithm::ALL {
        let Some((signer, verifier)) = pair(algorithm, crypto) else {
            tally.count(false);
            continue;
        };
        let input = payload(40);
        let signature = signer.sign(&input).unwrap();
        assert!(verifier.verify(&input, &signature).is_ok(), "{algorithm}");
        // every bit of a short one, and of a long one (ML-DSA) one bit of each octet
        let step = if signature.len() > 300 { 8 } else { 1 };
        for bit in (0..signature.len() * 8).step_by(step) {
            let mut other = signature.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(verifier.verify(&input, &other).is_err(), "{algorithm}: bit {bit} of the signature");
        }
        for bit in 0..input.len() * 8 {
            let mut other = input.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(verifier.verify(&other, &signature).is_err(), "{algorithm}: bit {bit} of the input");
        }
        let longer = [&signature[..], &[0]].concat();
        let led_by_zero = [&[0], &signature[..]].concat();
        for other in [&signature[1..], &signature[..signature.len() - 1], &longer, &led_by_zero, &[]] {
            assert!(verifier.verify(&input, other).is_err(), "{algorithm}: {} octets", other.len());
        }
        assert!(verifier.verify(&input, &vec![0; signature.len()]).is_err(), "{algorithm}: zeros");
        tally.count(true);
    }
    tally
}

/// A key that the backend makes signs, is no other key's, and survives as a JWK. Where it cannot make keys it says so; for
/// what it lacks altogether it must. Counts algorithms.
pub fn generated_keys_sign(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for &algorithm in JwsAlgorithm::ALL {
        let (signer, jwk) = match SigningKey::generate(algorithm, Some("made"), crypto) {
            Ok(made) => made,
            Err(KeyError::Unsupported { .. }) => {
                tally.count(false);
                continue;
            }
            Err(other) => panic!("{algorithm}: {other}"),
        };
        assert!(crypto.signatures.supports(algorithm), "{algorithm} is made, and not supported");
        let (_, other) = SigningKey::generate(algorithm, Some("made"), crypto).unwrap();
        assert_ne!(jwk, other, "{algorithm}: two keys are one");
        let again = Jwk::from_json(jwk.to_private_json().as_bytes(), &Limits::default()).unwrap();
        assert_eq!(again, jwk);
        let again = prepared(true, SigningKey::prepare(&again, algorithm, crypto), algorithm.name()).unwrap();
        let public = jwk.public().unwrap_or_else(|| jwk.clone());
        let keys = |jwk: &Jwk| VerifyingKeys::single(VerifyingKey::prepare(jwk, algorithm, crypto).unwrap());
        for signer in [signer, again] {
            let token = sign_compact(&HeaderParameters::new(), b"payload", &signer).unwrap();
            assert_eq!(verify(&token, &keys(&public)).unwrap().payload(), b"payload");
            assert!(verify(&token, &keys(&other)).is_err(), "{algorithm}: another key verifies");
        }
        tally.count(true);
    }
    tally
}
