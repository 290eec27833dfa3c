use std::sync::Arc;

use avouch_jose::crypto::{CryptoProvider, SignFailed, SignatureBackend, SignatureInvalid, Signer, Verifier};
use avouch_jose::jws::{HeaderParameters, JwsError, Segment, sign_compact};
use avouch_jose::{
    AkpKey, Jwk, JwsAlgorithm, KeyError, KeyMaterial, MlDsaParameters, SigningKey, VerifyingKey,
    VerifyingKeys, base64url,
};
use serde_json::json;

use crate::support::{compact, crypto, encode, keys, mac, reader};

/// The borrowed content is the owned one, and lives in the buffer.
#[test]
fn same_content() {
    let token = compact(&json!({"alg": "HS256", "kid": "1", "typ": "x"}), "e30");
    let keys = keys(&["1"]);
    let mut buffer = b"what was there before".to_vec();
    let jws = reader();
    let jws = jws.compact(&token).unwrap();
    let owned = jws.verify(&keys).unwrap();
    let borrowed = jws.verify_into(&keys, &mut buffer).unwrap();
    drop(jws);
    assert_eq!(*borrowed, owned.as_content_ref());
    assert_eq!(
        (borrowed.payload(), borrowed.kid(), borrowed.header().typ()),
        (&b"{}"[..], Some("1"), Some("x"))
    );
    assert_eq!(borrowed.algorithm(), JwsAlgorithm::HS256);
    assert_eq!(buffer, b"{}");
}

/// Proves ERR-02, BCP-06. Whatever is refused leaves nothing in the buffer, and the payload is not even decoded before
/// the signature is good.
#[test]
fn nothing_unverified_in_the_buffer() {
    let header = encode(&json!({"alg": "HS256"}));
    let wrong_mac = format!("{header}.e30.{}", mac("another text"));
    let wrong_payload = format!("{header}.e31.{}", mac(format!("{header}.e31")));
    let both_wrong = format!("{header}.e31.{}", mac("another text"));
    let no_key = compact(&json!({"alg": "HS512"}), "e30");
    let keys = keys(&["1"]);
    for (token, signature_invalid) in
        [(&wrong_mac, true), (&wrong_payload, false), (&both_wrong, true), (&no_key, false)]
    {
        let mut buffer = b"what was there before".to_vec();
        let reader = reader();
        let jws = reader.compact(token).unwrap();
        let refused = jws.verify_into(&keys, &mut buffer).unwrap_err();
        assert_eq!(matches!(refused, JwsError::SignatureInvalid), signature_invalid, "{refused:?}");
        assert!(buffer.is_empty());
        let mut unused = Vec::new();
        let _ = jws.verify_into(&keys, &mut unused);
        assert_eq!(unused.capacity() == 0, token != &wrong_payload, "the payload was decoded");
    }
    let mut buffer = Vec::new();
    let jws = reader();
    let refused = jws.compact(&wrong_payload).unwrap().verify_into(&keys, &mut buffer).unwrap_err();
    assert!(matches!(refused, JwsError::Encoding { segment: Segment::Payload, .. }));
}

/// A buffer is used again, for shorter and longer payloads.
#[test]
fn buffer_is_used_again() {
    let keys = keys(&["1"]);
    let reader = reader();
    let mut buffer = Vec::with_capacity(64);
    let place = buffer.as_ptr();
    for payload in ["", "shorter", "a longer payload, but not longer than the buffer", "a"] {
        let token = compact(&json!({"alg": "HS256"}), &base64url::encode(payload));
        let content = reader.compact(&token).unwrap().verify_into(&keys, &mut buffer).unwrap();
        assert_eq!(content.payload(), payload.as_bytes());
    }
    assert_eq!(buffer.as_ptr(), place);
}

/// Signs by repeating the last octet of the input, for an algorithm with long signatures.
struct Long(usize);

impl Signer for Long {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        Ok(vec![*input.last().unwrap(); self.0])
    }
}

impl Verifier for Long {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        if signature == vec![*input.last().unwrap(); self.0] { Ok(()) } else { Err(SignatureInvalid) }
    }
}

impl SignatureBackend for Long {
    fn supports(&self, _: JwsAlgorithm) -> bool {
        true
    }

    fn prepare_verifier(&self, _: JwsAlgorithm, _: &KeyMaterial) -> Result<Arc<dyn Verifier>, KeyError> {
        Ok(Arc::new(Long(self.0)))
    }

    fn prepare_signer(&self, _: JwsAlgorithm, _: &KeyMaterial) -> Result<Arc<dyn Signer>, KeyError> {
        Ok(Arc::new(Long(self.0)))
    }

    fn prepare_signer_pkcs8(
        &self,
        _: JwsAlgorithm,
        _: &[u8],
    ) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
        Err(KeyError::NotPrivate)
    }

    fn generate(&self, _: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
        Err(KeyError::NotPrivate)
    }
}

/// A signature is verified whole, whether it is short or long.
#[test]
fn signatures_of_every_length() {
    let parameters = MlDsaParameters::MlDsa87;
    let algorithm = JwsAlgorithm::ML_DSA_87;
    let crypto = CryptoProvider::new(Arc::new(Long(parameters.signature_len())), crypto().hashes);
    let public = AkpKey::new(parameters, vec![7; parameters.public_len()], None).unwrap();
    let key = VerifyingKey::prepare(&Jwk::new(KeyMaterial::Akp(public)), algorithm, &crypto).unwrap();
    let keys = VerifyingKeys::single(key);
    let signer = SigningKey::with_signer(algorithm, None, Arc::new(Long(parameters.signature_len())));
    let token = sign_compact(&HeaderParameters::new(), b"{}", &signer).unwrap();
    let content = reader().compact(&token).unwrap().verify(&keys).unwrap();
    assert_eq!(content.payload(), b"{}");

    let (input, signature) = token.rsplit_once('.').unwrap();
    let mut octets = base64url::decode(signature).unwrap();
    octets[4000] ^= 1;
    for bad in [base64url::encode(&octets), base64url::encode(&octets[..1026]), format!("{signature}=")] {
        assert!(reader().compact(&format!("{input}.{bad}")).unwrap().verify(&keys).is_err());
    }

    let rsa = JwsAlgorithm::RS256;
    for len in [256, 512, 1023, 1024] {
        let signer = SigningKey::with_signer(rsa, None, Arc::new(Long(len)));
        let token = sign_compact(&HeaderParameters::new(), b"{}", &signer).unwrap();
        let crypto = CryptoProvider::new(Arc::new(Long(len)), crypto.hashes.clone());
        let jwk = json!({"kty": "RSA", "n": base64url::encode([0xff; 256]), "e": "AQAB"});
        let key = VerifyingKey::prepare(&Jwk::from_value(jwk).unwrap(), rsa, &crypto).unwrap();
        assert!(reader().compact(&token).unwrap().verify(&VerifyingKeys::single(key)).is_ok(), "{len}");
    }
}

/// Proves ALG-05. A signature of any length but the right one is not valid, and no worse encoded than another.
#[test]
fn signatures_of_no_length() {
    let header = encode(&json!({"alg": "HS256"}));
    for len in (0..36).chain(1020..1040).chain([10_000]) {
        let token = format!("{header}.e30.{}", base64url::encode(vec![1; len]));
        let refused = reader().compact(&token).unwrap().verify(&keys(&["1"])).unwrap_err();
        assert!(matches!(refused, JwsError::SignatureInvalid), "{len}: {refused:?}");
    }
}
