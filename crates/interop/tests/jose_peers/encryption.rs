use avouch_jose::jwe::dangerous::{RSA1_5, rsa1_5_encryption_key};
use avouch_jose::jwe::{
    HeaderParameters, InflateLimits, JsonBuilder, PasswordLimits, Reader, encrypt_compact,
};
use avouch_jose::{
    ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, Jwk, KeyManagement,
    KeyMaterial, SecretOctets, base64url,
};
use avouch_testkit::jose::{agreement_keys, signing_key};
use serde_json::{Value, json};

use crate::peer::{Peer, octets, private, public};

const PLAINTEXT: &[u8] = "Grüße: a.b".as_bytes();
const AAD: &[u8] = b"seen by all";
const PASSWORD: &[u8] = "Thus from my lips, by yours".as_bytes();

/// Enough for a test, and as much as both peers take.
const ROUNDS: u32 = 2048;

const COMPACT: &str = "compact";
const FLATTENED: &str = "flattened";
const GENERAL: &str = "general";
const FORMS: [&str; 3] = [COMPACT, FLATTENED, GENERAL];

/// One key of ours and what the peer needs to encrypt to it and to decrypt with it.
pub(crate) struct Recipient {
    pub(crate) algorithm: JweAlgorithm,
    pub(crate) encrypting: EncryptionKey,
    pub(crate) decrypting: DecryptionKey,
    pub(crate) public: Value,
    pub(crate) private: Value,
}

fn secret(octets: Vec<u8>) -> Jwk {
    Jwk::new(KeyMaterial::Oct(SecretOctets::new(octets)))
}

/// An RSA key that may encrypt.
pub(crate) fn rsa() -> Jwk {
    Jwk::new(signing_key(avouch_jose::JwsAlgorithm::RS256).material().clone())
}

impl Recipient {
    /// For every algorithm one, for agreement one on each curve: P-256, P-384, P-521, X25519.
    fn all(algorithm: JweAlgorithm, encryption: ContentEncryption) -> Vec<Self> {
        let counting = |length: usize| secret((0..length).map(|at| at as u8).collect());
        let jwks = match algorithm.scheme() {
            KeyManagement::Rsa(_) => vec![rsa()],
            KeyManagement::KeyWrap(size) | KeyManagement::GcmKeyWrap(size) => vec![counting(size.key_len())],
            KeyManagement::Direct => vec![counting(encryption.key_len())],
            KeyManagement::Agreement | KeyManagement::AgreementWithKeyWrap(_) => {
                // no `kid`, so that no peer looks for one
                agreement_keys().into_iter().map(|jwk| Jwk::new(jwk.material().clone())).collect()
            }
            KeyManagement::Password(..) => vec![secret(PASSWORD.to_vec())],
            scheme => unreachable!("{scheme:?}"),
        };
        jwks.iter().map(|jwk| Self::new(jwk, algorithm, encryption)).collect()
    }

    pub(crate) fn new(jwk: &Jwk, algorithm: JweAlgorithm, encryption: ContentEncryption) -> Self {
        let crypto = avouch_jose_aws_lc::provider();
        let (encrypting, decrypting) = match algorithm.scheme() {
            KeyManagement::Direct => (
                EncryptionKey::direct(jwk, encryption, &crypto),
                DecryptionKey::direct(jwk, encryption, &crypto),
            ),
            KeyManagement::Password(..) => (
                EncryptionKey::password(PASSWORD, algorithm, ROUNDS, &crypto),
                DecryptionKey::password(PASSWORD, algorithm, PasswordLimits::default(), &crypto),
            ),
            _ if algorithm == RSA1_5 => {
                (rsa1_5_encryption_key(jwk, &crypto), DecryptionKey::prepare(jwk, algorithm, &crypto))
            }
            _ => (
                EncryptionKey::prepare(jwk, algorithm, &crypto),
                DecryptionKey::prepare(jwk, algorithm, &crypto),
            ),
        };
        Self {
            algorithm,
            encrypting: encrypting.unwrap(),
            decrypting: decrypting.unwrap(),
            public: public(jwk),
            private: private(jwk),
        }
    }

    fn written(&self, encryption: ContentEncryption, form: &str) -> Value {
        let (none, random) = (HeaderParameters::new(), avouch_jose_aws_lc::SystemRandom::new());
        if form == COMPACT {
            return encrypt_compact(&none, PLAINTEXT, &self.encrypting, encryption, &random).unwrap().into();
        }
        let builder = JsonBuilder::new(encryption).aad(AAD).recipient(&self.encrypting, none);
        let json = builder.encrypt(PLAINTEXT, &random).unwrap();
        let text = if form == GENERAL { json.general() } else { json.flattened().unwrap() };
        serde_json::from_str(&text).unwrap()
    }
}

pub(crate) fn read(jwe: &Value, key: &DecryptionKey, encryption: ContentEncryption) -> Vec<u8> {
    let keys = DecryptionKeys::single(key.clone(), &[encryption]).unwrap();
    let reader = Reader::default();
    let decrypted = match jwe.as_str() {
        Some(token) => reader.compact(token).unwrap().decrypt(&keys),
        None => reader.json(&jwe.to_string()).unwrap().decrypt(&keys),
    };
    decrypted.unwrap_or_else(|error| panic!("{jwe}: {error}")).plaintext().to_vec()
}

/// Both ways for every algorithm, curve, content encryption and form; how many combinations that were. `mend` takes from a
/// peer's token what it should not have.
fn both_ways(mut peer: Peer, algorithms: &[JweAlgorithm], mend: fn(&mut Value)) -> usize {
    let mut checked = 0;
    for &algorithm in algorithms {
        for &encryption in ContentEncryption::ALL {
            for recipient in Recipient::all(algorithm, encryption) {
                for form in FORMS {
                    let what = format!("{} {algorithm} {encryption} {form}", peer.name());
                    let names = json!({"alg": algorithm, "enc": encryption, "form": form});
                    let request = |op: &str, more: Value| {
                        let mut request = names.clone();
                        request["op"] = op.into();
                        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                        request
                    };
                    let ours = recipient.written(encryption, form);
                    let answer =
                        peer.get(&request("jwe.decrypt", json!({"jwk": recipient.private, "token": ours})));
                    assert_eq!(octets(&answer["plaintext"]), PLAINTEXT, "{what}");
                    checked += 1;

                    let mut wanted = json!({
                        "jwk": recipient.public, "plaintext": base64url::encode(PLAINTEXT),
                        "recipients": [{"alg": algorithm, "jwk": recipient.public}],
                    });
                    if form != COMPACT {
                        assert_eq!(octets(&answer["aad"]), AAD, "{what}");
                        wanted["aad"] = base64url::encode(AAD).into();
                    }
                    let mut theirs = peer.get(&request("jwe.encrypt", wanted));
                    let as_written = theirs.clone();
                    mend(&mut theirs);
                    if theirs != as_written {
                        assert!(Reader::default().json(&as_written.to_string()).is_err(), "{what}: no need");
                    }
                    assert_eq!(read(&theirs, &recipient.decrypting, encryption), PLAINTEXT, "{what}");
                    checked += 1;
                }
            }
        }
    }
    checked
}

/// RSA-OAEP with four hashes, two kinds of key wrap and PBES2 thrice each, `dir`, and the four ways to agree on four curves.
const KEYS: usize = 4 + 3 + 3 + 3 + 1 + 4 * 4;

#[test]
fn jose_both_ways() {
    assert_eq!(both_ways(Peer::jose(), JweAlgorithm::ALL, |_| {}), KEYS * 6 * FORMS.len() * 2);
}

/// Where no key is sent, `joserfc` writes an empty `encrypted_key` into JSON, which RFC 7516 section 7.2.1 forbids, and which
/// `jose` refuses as we do. It lacks two of RSA-OAEP and has `RSA1_5` besides.
#[test]
fn joserfc_both_ways() {
    let without_empty_keys = |jwe: &mut Value| {
        let remove = |holder: &mut Value| {
            if holder["encrypted_key"] == "" {
                holder.as_object_mut().unwrap().remove("encrypted_key");
            }
        };
        match jwe {
            Value::Object(_) if jwe.get("recipients").is_some() => remove(&mut jwe["recipients"][0]),
            Value::Object(_) => remove(jwe),
            _ => {}
        }
    };
    let mut algorithms = [JweAlgorithm::ALL, &[RSA1_5]].concat();
    algorithms.retain(|alg| ![JweAlgorithm::RSA_OAEP_384, JweAlgorithm::RSA_OAEP_512].contains(alg));
    let checked = both_ways(Peer::joserfc(), &algorithms, without_empty_keys);
    assert_eq!(checked, (KEYS - 2 + 1) * 6 * FORMS.len() * 2);
}

/// Several recipients of one message, each by another way; every one of them reads it. How many readings.
fn several(mut peer: Peer) -> usize {
    let encryption = ContentEncryption::A256CBC_HS512;
    let recipients: Vec<Recipient> = [
        JweAlgorithm::RSA_OAEP_256,
        JweAlgorithm::A192KW,
        JweAlgorithm::A256GCMKW,
        JweAlgorithm::ECDH_ES_A256KW,
        JweAlgorithm::PBES2_HS512_A256KW,
    ]
    .into_iter()
    .flat_map(|algorithm| Recipient::all(algorithm, encryption).into_iter().take(1))
    .collect();
    let mut builder = JsonBuilder::new(encryption).aad(AAD);
    for recipient in &recipients {
        builder = builder.recipient(&recipient.encrypting, HeaderParameters::new());
    }
    let random = avouch_jose_aws_lc::SystemRandom::new();
    let ours = builder.encrypt(PLAINTEXT, &random).unwrap().general();
    let ours: Value = serde_json::from_str(&ours).unwrap();
    let list: Vec<Value> = recipients
        .iter()
        .map(|recipient| json!({"alg": recipient.algorithm, "jwk": recipient.public}))
        .collect();
    let theirs = peer.get(&json!({
        "op": "jwe.encrypt", "alg": "RSA-OAEP-256", "enc": encryption, "jwk": null, "form": GENERAL,
        "plaintext": base64url::encode(PLAINTEXT), "aad": base64url::encode(AAD), "recipients": list,
    }));
    let mut readings = 0;
    for recipient in &recipients {
        let answer = peer.get(&json!({
            "op": "jwe.decrypt", "alg": recipient.algorithm, "enc": encryption, "jwk": recipient.private,
            "form": GENERAL, "token": ours,
        }));
        assert_eq!(octets(&answer["plaintext"]), PLAINTEXT, "{}", recipient.algorithm);
        assert_eq!(read(&theirs, &recipient.decrypting, encryption), PLAINTEXT, "{}", recipient.algorithm);
        readings += 2;
    }
    readings
}

#[test]
fn jose_with_several_recipients() {
    assert_eq!(several(Peer::jose()), 5 * 2);
}

#[test]
fn joserfc_with_several_recipients() {
    assert_eq!(several(Peer::joserfc()), 5 * 2);
}

/// What the peers compress we inflate. We compress nothing ourselves.
#[test]
fn compressed_content() {
    let encryption = ContentEncryption::A256GCM;
    let plaintext = "repeated ".repeat(200);
    for mut peer in [Peer::jose(), Peer::joserfc()] {
        let recipient = Recipient::all(JweAlgorithm::DIR, encryption).remove(0);
        let theirs = peer.get(&json!({
            "op": "jwe.encrypt", "alg": "dir", "enc": encryption, "jwk": recipient.public, "form": COMPACT,
            "plaintext": base64url::encode(&plaintext), "header": {"zip": "DEF"},
        }));
        let token = theirs.as_str().unwrap();
        assert!(token.len() < plaintext.len() / 4, "{}", peer.name());
        let keys = DecryptionKeys::single(recipient.decrypting, &[encryption]).unwrap();
        let reader = Reader::default().inflating(InflateLimits::default().with_ratio(200));
        let decrypted = reader.compact(token).unwrap().decrypt(&keys).unwrap();
        assert_eq!(decrypted.plaintext(), plaintext.as_bytes(), "{}", peer.name());
    }
}
