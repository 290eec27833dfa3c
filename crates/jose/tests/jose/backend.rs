//! A backend by somebody else: nothing in the crate had to be touched for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use avouch_jose::crypto::{CryptoProvider, SignFailed, SignatureBackend, SignatureInvalid, Signer, Verifier};
use avouch_jose::jws::{HeaderParameters, SignError, sign_compact};
use avouch_jose::{
    EcCurve, Jwk, JwsAlgorithm, KeyError, KeyMaterial, RsaKey, SignatureScheme, SigningKey, VerifyingKey,
    VerifyingKeys,
};

use crate::support::{crypto, ed25519, jwk, p256, rsa, verify, without};

/// Knows Ed25519, badly: a signature is sixty-four times the length of the input. With P-256 it believes everything.
#[derive(Default)]
struct Toy {
    prepared: AtomicUsize,
}

struct ToyKey;

struct Gullible;

impl Verifier for Gullible {
    fn verify(&self, _: &[u8], _: &[u8]) -> Result<(), SignatureInvalid> {
        Ok(())
    }
}

impl SignatureBackend for Toy {
    fn supports(&self, algorithm: JwsAlgorithm) -> bool {
        algorithm.scheme() == SignatureScheme::Ed25519
    }

    fn prepare_verifier(
        &self,
        algorithm: JwsAlgorithm,
        _: &KeyMaterial,
    ) -> Result<Arc<dyn Verifier>, KeyError> {
        self.prepared.fetch_add(1, Ordering::Relaxed);
        match algorithm.scheme() {
            SignatureScheme::Ed25519 => Ok(Arc::new(ToyKey)),
            SignatureScheme::Ecdsa(EcCurve::P256, _) => Ok(Arc::new(Gullible)),
            _ => Err(KeyError::Unsupported { algorithm: algorithm.into(), what: "all but Ed25519" }),
        }
    }

    fn prepare_signer(&self, algorithm: JwsAlgorithm, _: &KeyMaterial) -> Result<Arc<dyn Signer>, KeyError> {
        match algorithm.scheme() {
            SignatureScheme::Ed25519 => Ok(Arc::new(ToyKey)),
            _ => Err(KeyError::Unsupported { algorithm: algorithm.into(), what: "all but Ed25519" }),
        }
    }

    fn prepare_signer_pkcs8(
        &self,
        algorithm: JwsAlgorithm,
        _: &[u8],
    ) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
        match algorithm.scheme() {
            // takes a key that no rule allows
            SignatureScheme::RsaPkcs1(_) => {
                let small = RsaKey::new(vec![0xff; 128], vec![1, 0, 1], None);
                Ok((Arc::new(ToyKey), KeyMaterial::Rsa(small.map_err(|_| KeyError::NotPrivate)?)))
            }
            _ => Err(KeyError::Unsupported { algorithm: algorithm.into(), what: "PKCS#8" }),
        }
    }

    fn generate(&self, algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
        Err(KeyError::Unsupported { algorithm: algorithm.into(), what: "making keys" })
    }
}

impl Verifier for ToyKey {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        if self.sign(input).is_ok_and(|ours| ours == signature) { Ok(()) } else { Err(SignatureInvalid) }
    }
}

impl Signer for ToyKey {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        Ok(vec![u8::try_from(input.len()).map_err(SignFailed::new)?; 64])
    }
}

/// Keys are prepared once, however many tokens they verify, and what the backend lacks is said then.
#[test]
fn backend_of_ones_own() {
    let toy = Arc::new(Toy::default());
    let provider = CryptoProvider::new(toy.clone(), crypto().hashes);
    let key = jwk(ed25519());
    let signing = SigningKey::prepare(&key, JwsAlgorithm::ED25519, &provider).unwrap();
    let verifying = VerifyingKey::prepare(&key, JwsAlgorithm::ED25519, &provider).unwrap();
    let keys = VerifyingKeys::single(verifying);
    for payload in [&b""[..], b"a", b"ab"] {
        let token = sign_compact(&HeaderParameters::new(), payload, &signing).unwrap();
        assert_eq!(verify(&token, &keys).unwrap().payload(), payload);
    }
    assert_eq!(toy.prepared.load(Ordering::Relaxed), 1);
    let refused = VerifyingKey::prepare(&jwk(rsa()), JwsAlgorithm::RS256, &provider);
    assert!(matches!(refused, Err(KeyError::Unsupported { .. })));
    // the rules about keys do not hang on the backend
    let refused = SigningKey::prepare(&jwk(without(ed25519(), "d")), JwsAlgorithm::ED25519, &provider);
    assert_eq!(refused.unwrap_err(), KeyError::NotPrivate);
    let refused = SigningKey::from_pkcs8(b"", JwsAlgorithm::RS256, None, &provider);
    assert_eq!(refused.unwrap_err(), KeyError::RsaTooSmall { bits: 1024, minimum: 2048 });
    let refused = VerifyingKey::prepare(&jwk(p256()), JwsAlgorithm::ED25519, &provider);
    assert!(matches!(refused, Err(KeyError::KeyType { .. })));
}

/// Proves ALG-05. A signature of another length does not reach the backend.
#[test]
fn length_is_checked_before_the_backend() {
    let provider = CryptoProvider::new(Arc::new(Toy::default()), crypto().hashes);
    let key = VerifyingKey::prepare(&jwk(p256()), JwsAlgorithm::ES256, &provider).unwrap();
    assert_eq!(key.verify(b"input", &[1; 64]), Ok(()));
    for length in [0, 63, 65, 70, 128] {
        assert_eq!(key.verify(b"input", &vec![1; length]), Err(SignatureInvalid));
    }
}

/// A key on another thread, behind a channel.
struct Vault(mpsc::Sender<(Vec<u8>, mpsc::Sender<Vec<u8>>)>);

impl Signer for Vault {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        let (answer, signature) = mpsc::channel();
        self.0.send((input.to_vec(), answer)).map_err(|_| SignFailed::new("the vault is closed"))?;
        signature.recv().map_err(SignFailed::new)
    }
}

/// What somebody else signs verifies with the public half we publish for it.
#[test]
fn key_that_somebody_else_holds() {
    let (requests, vault) = mpsc::channel::<(Vec<u8>, mpsc::Sender<Vec<u8>>)>();
    let secret = SigningKey::prepare(&jwk(p256()), JwsAlgorithm::ES256, &crypto()).unwrap();
    let thread = std::thread::spawn(move || {
        for (input, answer) in vault.iter().take(1) {
            answer.send(secret.sign(&input).unwrap()).unwrap();
        }
    });
    let public: Jwk = jwk(without(p256(), "d"));
    let key = SigningKey::with_signer(JwsAlgorithm::ES256, Some("vault"), Arc::new(Vault(requests)));
    assert!(key.public_jwk().is_none());
    let key = key.with_public_jwk(&public).unwrap();
    let token = sign_compact(&HeaderParameters::new(), b"{}", &key).unwrap();
    let published = key.public_jwk().cloned().into_iter().collect();
    let keys = VerifyingKeys::prepare(&published, &[JwsAlgorithm::ES256], &crypto()).unwrap();
    assert_eq!(verify(&token, &keys).unwrap().kid(), Some("vault"));

    thread.join().unwrap();
    let refused = sign_compact(&HeaderParameters::new(), b"{}", &key);
    assert!(matches!(refused, Err(SignError::Signer(_))));
    let refused = key.with_public_jwk(&jwk(ed25519()));
    assert!(matches!(refused, Err(KeyError::KeyType { .. })));
}
