//! Keys, tokens and randomness in a line.

use std::sync::Mutex;

use avouch_jose::crypto::{CryptoProvider, RandomError, SecureRandom};
use avouch_jose::jwe::{DecryptedContent, JweError, Reader};
use avouch_jose::{
    AesKeySize, AgreementCurve, ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey,
    JweAlgorithm, Jwk, Limits, base64url,
};
use serde_json::{Value, json};

pub(crate) use avouch_jose_aws_lc::SystemRandom;

/// The key of all symmetric tokens that are made by hand, whatever it encrypts.
pub(crate) const KEY: [u8; 16] = [7; 16];
/// The content key of those whose key is sent.
pub(crate) const CONTENT_KEY: [u8; 16] = [8; 16];
pub(crate) const ENC: ContentEncryption = ContentEncryption::A128GCM;
const IV: [u8; 12] = [9; 12];

pub(crate) fn crypto() -> CryptoProvider {
    avouch_jose_aws_lc::provider()
}

pub(crate) fn jwk(value: &Value) -> Jwk {
    Jwk::from_value(value.clone()).unwrap()
}

pub(crate) fn oct(octets: &[u8]) -> Value {
    json!({"kty": "oct", "k": base64url::encode(octets)})
}

/// The recipient's key of RFC 7518, appendix C.
pub(crate) fn p256() -> Value {
    vectors("rfc7518-appendix-c-concat-kdf.json")["vectors"][0]["recipient_jwk"].clone()
}

/// The key of RFC 7516, A.1.
pub(crate) fn rsa() -> Value {
    vectors("rfc7516-appendix.json")["vectors"][0]["jwk"].clone()
}

/// The key of Bob in RFC 8037, A.6.
pub(crate) fn x25519() -> Value {
    json!({
        "kty": "OKP", "crv": "X25519",
        "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08",
        "d": "XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os",
    })
}

/// A member more, or another value for it.
pub(crate) fn with(mut object: Value, name: &str, value: impl Into<Value>) -> Value {
    object[name] = value.into();
    object
}

pub(crate) fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}

/// A published file of the test kit.
pub(crate) fn vectors(file: &str) -> Value {
    let file = format!("{}/../testkit/vectors/jose/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"))).unwrap()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

pub(crate) fn octets(value: &Value) -> Vec<u8> {
    base64url::decode(text(value)).unwrap()
}

pub(crate) fn hex(value: &Value) -> Vec<u8> {
    let digits = text(value);
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// AES-128 GCM by the backend alone: encoded initialization vector, ciphertext, tag.
pub(crate) fn gcm(key: &[u8; 16], aad: &str, plaintext: &[u8]) -> [String; 3] {
    let mut content = plaintext.to_vec();
    let aes = crypto().encryption.aes_gcm(AesKeySize::Aes128, key).unwrap();
    let tag = aes.encrypt(&IV, aad.as_bytes(), &mut content).unwrap();
    [base64url::encode(IV), base64url::encode(content), base64url::encode(tag)]
}

/// A token whose header is exactly this text, with a tag that is right under this content key.
pub(crate) fn token_with_key(header: &str, encrypted_key: &[u8], content_key: &[u8; 16]) -> String {
    let header = base64url::encode(header);
    let [iv, ciphertext, tag] = gcm(content_key, &header, b"plaintext");
    [header, base64url::encode(encrypted_key), iv, ciphertext, tag].join(".")
}

/// The key that `ECDH-ES` with `A128GCM` makes of a secret and the parties (RFC 7518, 4.6.2).
pub(crate) fn derived(shared: &[u8], apu: &[u8], apv: &[u8]) -> [u8; 16] {
    let field = |data: &[u8]| [&(data.len() as u32).to_be_bytes(), data].concat();
    let info = [field(b"A128GCM"), field(apu), field(apv), 128_u32.to_be_bytes().to_vec()].concat();
    crypto().sha256(&[&1_u32.to_be_bytes(), shared, &info].concat())[..16].try_into().unwrap()
}

/// [`token_with_key`] for `dir`.
pub(crate) fn token(header: &str) -> String {
    token_with_key(header, b"", &KEY)
}

/// [`CONTENT_KEY`] under [`KEY`], by the backend alone.
pub(crate) fn wrapped_key() -> Vec<u8> {
    crypto().encryption.aes_key_wrap(AesKeySize::Aes128, &KEY).unwrap().wrap(&CONTENT_KEY).unwrap()
}

pub(crate) fn direct_keys() -> DecryptionKeys {
    let key = DecryptionKey::direct(&jwk(&oct(&KEY)), ENC, &crypto()).unwrap();
    DecryptionKeys::single(key, &[ENC]).unwrap()
}

/// Keys of one that is prepared, whatever its `kid`.
pub(crate) fn keys(key: &Value, algorithm: JweAlgorithm, encryption: ContentEncryption) -> DecryptionKeys {
    DecryptionKeys::single(DecryptionKey::prepare(&jwk(key), algorithm, &crypto()).unwrap(), &[encryption])
        .unwrap()
}

/// `A128KW` with [`KEY`].
pub(crate) fn wrap_keys() -> DecryptionKeys {
    keys(&oct(&KEY), JweAlgorithm::A128KW, ENC)
}

pub(crate) fn reader() -> Reader {
    Reader::new(Limits::default())
}

pub(crate) fn open(token: &str, keys: &DecryptionKeys) -> Result<DecryptedContent, JweError> {
    reader().compact(token)?.decrypt(keys)
}

pub(crate) fn open_direct(token: &str) -> Result<DecryptedContent, JweError> {
    open(token, &direct_keys())
}

pub(crate) fn open_json(json: &Value, keys: &DecryptionKeys) -> Result<DecryptedContent, JweError> {
    reader().json(&json.to_string())?.decrypt(keys)
}

/// A key for both directions and every algorithm, ready to use with the encryption. Each agreement has its own curve.
pub(crate) fn pair(
    algorithm: JweAlgorithm,
    encryption: ContentEncryption,
) -> (EncryptionKey, DecryptionKeys) {
    use avouch_jose::KeyManagement as M;
    let crypto = crypto();
    let secret = |len: usize| jwk(&oct(&vec![5; len]));
    let (encrypting, decrypting) = match algorithm.scheme() {
        M::Direct => {
            let key = secret(encryption.key_len());
            (
                EncryptionKey::direct(&key, encryption, &crypto),
                DecryptionKey::direct(&key, encryption, &crypto),
            )
        }
        M::Password(..) => (
            EncryptionKey::password(b"a password", algorithm, 1000, &crypto),
            DecryptionKey::password(b"a password", algorithm, Default::default(), &crypto),
        ),
        scheme => {
            let curve = |curve| Jwk::generate_agreement(curve, &SystemRandom::new(), &crypto).unwrap();
            let key = match scheme {
                M::KeyWrap(size) | M::GcmKeyWrap(size) => secret(size.key_len()),
                M::Agreement => curve(AgreementCurve::P521),
                M::AgreementWithKeyWrap(AesKeySize::Aes128) => curve(AgreementCurve::X25519),
                M::AgreementWithKeyWrap(AesKeySize::Aes192) => curve(AgreementCurve::P384),
                M::AgreementWithKeyWrap(AesKeySize::Aes256) => curve(AgreementCurve::P256),
                _ => jwk(&rsa()),
            };
            let encrypting = if algorithm == avouch_jose::jwe::dangerous::RSA1_5 {
                avouch_jose::jwe::dangerous::rsa1_5_encryption_key(&key, &crypto)
            } else {
                EncryptionKey::prepare(&key, algorithm, &crypto)
            };
            (encrypting, DecryptionKey::prepare(&key, algorithm, &crypto))
        }
    };
    (encrypting.unwrap(), DecryptionKeys::single(decrypting.unwrap(), &[encryption]).unwrap())
}

/// Gives known octets, in pieces exactly as they are asked for, and then no more.
pub(crate) struct Script(Mutex<Vec<Vec<u8>>>);

impl Script {
    pub(crate) fn new(pieces: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut pieces: Vec<_> = pieces.into_iter().collect();
        pieces.reverse();
        Self(Mutex::new(pieces))
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }
}

impl SecureRandom for Script {
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError> {
        let piece = self.0.lock().unwrap().pop().ok_or(RandomError)?;
        assert_eq!(piece.len(), octets.len(), "another piece was asked for");
        octets.copy_from_slice(&piece);
        Ok(())
    }
}
