use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jwe::{HeaderParameters, encrypt_compact};
use avouch_jose::{Jwk, JwkSet, JwsAlgorithm, KeyError, KeyManagement, KeyType, Limits, VerifyingKeys};
use serde_json::{Value, json};

use crate::jose::data::{entries, entry, hex, jwk, octets, text, vector_file};
use crate::jose::jwe::{Secret, content_encryption, decrypt, decrypting, encrypting, management};
use crate::jose::run::{Tally, signing};
use crate::jose::script::ScriptedRandom;

const FILE: &str = vector_file!("rfc7517-appendix.json");

/// [RFC 7517](https://www.rfc-editor.org/rfc/rfc7517), appendices A to C: sets, a key with its certificate, and one encrypted
/// with a password.
pub fn rfc7517(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(FILE) {
        tally.count(match text(&vector, "id") {
            "A.1" => public_set(&vector["jwks"], crypto),
            "A.2" => private_set(&vector["jwks"], crypto),
            "A.3" => symmetric_set(&vector["jwks"]),
            "B" => certificate(&vector, crypto),
            "C" => encrypted(&vector, crypto),
            id => panic!("RFC 7517 {id}: nothing runs it"),
        });
    }
    tally
}

fn set(printed: &Value) -> JwkSet {
    JwkSet::from_json(printed.to_string().as_bytes(), &Limits::default()).unwrap()
}

/// An EC key for encryption, which is no key for signatures, and an RSA key.
fn public_set(printed: &Value, crypto: &CryptoProvider) -> bool {
    let set = set(printed);
    assert_eq!(set.keys().iter().map(Jwk::key_type).collect::<Vec<_>>(), [KeyType::Ec, KeyType::Rsa]);
    assert!(set.keys().iter().all(|key| !key.is_private()));
    assert_eq!(&serde_json::to_value(&set).unwrap(), printed);

    let allowed = [JwsAlgorithm::RS256, JwsAlgorithm::ES256];
    let keys = VerifyingKeys::prepare(&set, &allowed, crypto).unwrap();
    let rejected = &keys.rejected()[0];
    assert_eq!((rejected.index, rejected.kid.as_deref()), (0, Some("1")));
    assert!(matches!(&rejected.reasons[1].1, KeyError::Use(key_use) if key_use.as_str() == "enc"));
    if !crypto.signatures.supports(JwsAlgorithm::RS256) {
        assert!(matches!(keys.rejected()[1].reasons[0].1, KeyError::Unsupported { .. }));
        return false;
    }
    assert_eq!(keys.keys().iter().map(|key| key.kid()).collect::<Vec<_>>(), [Some("2011-04-29")]);
    true
}

/// Its private members are printed by the name that says so only, and it is no set of public keys.
fn private_set(printed: &Value, crypto: &CryptoProvider) -> bool {
    let set = set(printed);
    assert!(set.keys().iter().all(Jwk::is_private));
    for (key, printed) in set.keys().iter().zip(printed["keys"].as_array().unwrap()) {
        assert_eq!(&serde_json::from_str::<Value>(&key.to_private_json()).unwrap(), printed);
    }
    assert_eq!(serde_json::to_value(&set).unwrap(), entry(FILE, "A.1")["jwks"]);
    let keys = VerifyingKeys::prepare(&set, &[JwsAlgorithm::RS256], crypto).unwrap();
    assert!(keys.keys().is_empty());
    assert!(keys.rejected().iter().all(|key| key.reasons[0].1 == KeyError::SecretInPublicSet));
    signing(&set.keys()[1], JwsAlgorithm::RS256, crypto).is_some()
}

/// It has nothing to publish.
fn symmetric_set(printed: &Value) -> bool {
    let set = set(printed);
    assert!(set.keys().iter().all(|key| key.key_type() == KeyType::Oct));
    assert_eq!(serde_json::to_value(&set).unwrap(), json!({"keys": []}));
    true
}

/// The chain is carried along, and is of the key; its base64 has padding and slashes.
fn certificate(vector: &Value, crypto: &CryptoProvider) -> bool {
    let printed = &vector["jwk"];
    let key = jwk(printed);
    assert_eq!(&serde_json::to_value(&key).unwrap(), printed);
    let chain = key.certificates().unwrap();
    assert_eq!(chain.leaf_matches(&key), Ok(true));
    assert_eq!(chain.leaf_thumbprint(crypto), text(vector, "x5t#S256"));
    let mut url = printed.clone();
    let encoded = url["x5c"][0].as_str().unwrap().replace('/', "_");
    url["x5c"][0] = encoded.into();
    assert!(Jwk::from_value(url).is_err(), "x5c is not base64url");
    true
}

fn encrypted(vector: &Value, crypto: &CryptoProvider) -> bool {
    let (algorithm, encryption) = (management(vector, "alg"), content_encryption(vector, "enc"));
    let rounds = vector["p2c"].as_u64().unwrap().try_into().unwrap();
    let secret = Secret::Password(text(vector, "password_utf8").as_bytes().to_vec(), rounds);
    let (Some(keys), Some(key)) = (
        decrypting(&secret, algorithm, encryption, crypto),
        encrypting(&secret, algorithm, encryption, crypto),
    ) else {
        return false;
    };
    let decrypted = decrypt(&vector["compact"], &keys).unwrap();
    assert_eq!(decrypted.plaintext(), text(vector, "plaintext_utf8").as_bytes());
    assert_eq!(Jwk::from_json(decrypted.plaintext(), &Limits::default()).unwrap(), jwk(&vector["jwk"]));

    let KeyManagement::Password(hash, size) = algorithm.scheme() else { panic!("{algorithm}") };
    let mut derived = vec![0; size.key_len()];
    let Secret::Password(password, rounds) = secret else { unreachable!() };
    let rounds = rounds.try_into().unwrap();
    crypto.encryption.pbkdf2(hash, &password, &hex(vector, "salt_hex"), rounds, &mut derived).unwrap();
    assert_eq!(derived, hex(vector, "derived_key_hex"));

    // the printed header has `enc` before `cty`
    let parameters = HeaderParameters::new().parameter("enc", encryption.name()).cty("jwk+json");
    let salt = octets(&vector["protected_header"], "p2s");
    let random = ScriptedRandom::new([salt, hex(vector, "cek_hex"), hex(vector, "iv_hex")]);
    let plaintext = decrypted.plaintext();
    let ours = encrypt_compact(&parameters, plaintext, &key, encryption, &random).unwrap();
    assert_eq!(ours, text(vector, "compact"));
    true
}
