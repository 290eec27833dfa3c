//! One key for each way of key management that is fast enough to be tried by the thousand.

use std::sync::LazyLock;

use avouch_jose::crypto::{CryptoProvider, SecureRandom as _};
use avouch_jose::{
    ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, Jwk, JwsAlgorithm, Limits,
    SigningKey, base64url, jwe,
};
use avouch_jose_aws_lc::SystemRandom;

pub(crate) struct Keys {
    pub(crate) decryption: DecryptionKeys,
    #[allow(dead_code, reason = "not every target encrypts")]
    pub(crate) encryption: Vec<EncryptionKey>,
}

pub(crate) static KEYS: LazyLock<Keys> = LazyLock::new(Keys::new);
const ENCRYPTION: ContentEncryption = ContentEncryption::A128CBC_HS256;

impl Keys {
    fn new() -> Self {
        let crypto = avouch_jose_aws_lc::provider();
        let symmetric = |kid: &str| {
            let mut octets = [0; 32];
            SystemRandom::new().fill(&mut octets).unwrap();
            jwk(&format!(r#"{{"kty":"oct","kid":"{kid}","k":"{}"}}"#, base64url::encode(octets)))
        };
        let (direct, wrapping, gcm, agreement) =
            (symmetric("direct"), symmetric("wrapping"), symmetric("gcm"), p256(&crypto));
        let prepared = [
            (&wrapping, JweAlgorithm::A256KW),
            (&gcm, JweAlgorithm::A256GCMKW),
            (&agreement, JweAlgorithm::ECDH_ES_A128KW),
        ];
        let mut encryption = vec![EncryptionKey::direct(&direct, ENCRYPTION, &crypto).unwrap()];
        let mut decryption = vec![DecryptionKey::direct(&direct, ENCRYPTION, &crypto).unwrap()];
        for (jwk, algorithm) in prepared {
            encryption.push(EncryptionKey::prepare(jwk, algorithm, &crypto).unwrap());
            decryption.push(DecryptionKey::prepare(jwk, algorithm, &crypto).unwrap());
        }
        let all = [ENCRYPTION, ContentEncryption::A256GCM];
        Self { decryption: DecryptionKeys::from_keys(decryption, &all).unwrap(), encryption }
    }

    #[allow(dead_code, reason = "not every target encrypts")]
    pub(crate) fn encrypt(&self, plaintext: &[u8], key: &EncryptionKey) -> String {
        let parameters = jwe::HeaderParameters::new();
        jwe::encrypt_compact(&parameters, plaintext, key, ENCRYPTION, &SystemRandom::new()).unwrap()
    }
}

fn jwk(json: &str) -> Jwk {
    Jwk::from_json(json.as_bytes(), &Limits::default()).unwrap()
}

/// A key on P-256, which is none to sign with.
fn p256(crypto: &CryptoProvider) -> Jwk {
    let (_, signing) = SigningKey::generate(JwsAlgorithm::ES256, Some("agreement"), crypto).unwrap();
    Jwk::new(signing.material().clone()).with_kid("agreement")
}
