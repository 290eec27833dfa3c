use avouch_jose::crypto::{CryptoProvider, EncryptionPrimitive};
use avouch_jose::jwe::{self, encrypt_compact};
use avouch_jose::jws::{HeaderParameters, JsonBuilder, JwsError, Reader, sign_compact};
use avouch_jose::{AgreementCurve, HashAlgorithm, JwsAlgorithm, KeyManagement, SecretOctets, base64url};
use serde_json::{Value, json};

use crate::jose::data::{algorithm, entries, hex, jwk, keys, text, vector_file, verify};
use crate::jose::jwe::{Secret, content_encryption, decrypt, decrypting, encrypting, management};
use crate::jose::run::{Tally, prepared, signing};
use crate::jose::script::ScriptedRandom;

/// [RFC 8037](https://www.rfc-editor.org/rfc/rfc8037), appendix A, and the cookbook's examples of it: Ed25519 under both of
/// its names, which do not stand for each other; X25519 and X448.
pub fn rfc8037(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(vector_file!("rfc8037-okp.json")) {
        tally.count(match text(&vector, "id") {
            "A.1-A.5" | "fully-specified-Ed25519" => ed25519(&vector, crypto),
            "A.6" | "A.7" => agreement(&vector, crypto),
            "cookbook/curve25519-jws" => ed25519(&flat(&vector["data"]), crypto),
            "cookbook/curve25519-ecdh-es" => encrypted(&vector["data"], crypto),
            id => panic!("RFC 8037 {id}: nothing runs it"),
        });
    }
    tally
}

/// An example of the cookbook with the names of the RFC's.
fn flat(data: &Value) -> Value {
    let (input, output) = (&data["input"], &data["output"]);
    json!({
        "alg": input["alg"], "jwk": input["key"], "payload_utf8": input["payload"],
        "compact": output["compact"], "json": output["json"], "json_flat": output["json_flat"],
    })
}

fn ed25519(vector: &Value, crypto: &CryptoProvider) -> bool {
    let (key, algorithm, token) = (jwk(&vector["jwk"]), algorithm(vector, "alg"), text(vector, "compact"));
    if let Some(thumbprint) = vector["thumbprint"].as_str() {
        assert_eq!(key.thumbprint(HashAlgorithm::Sha256, crypto), thumbprint);
    }
    let other = [JwsAlgorithm::EDDSA, JwsAlgorithm::ED25519].into_iter().find(|name| *name != algorithm);
    let (Some(ours), Some(other), Some(signer)) =
        (keys(&key, algorithm, crypto), keys(&key, other.unwrap(), crypto), signing(&key, algorithm, crypto))
    else {
        return false;
    };
    let content = verify(token, &ours).unwrap();
    assert_eq!(content.payload(), text(vector, "payload_utf8").as_bytes());
    let none = HeaderParameters::new();
    assert_eq!(sign_compact(&none, content.payload(), &signer).unwrap(), token);
    let json = || JsonBuilder::new(content.payload()).sign(&none, &signer).unwrap();
    for (form, text) in [("json", json().general()), ("json_flat", json().flattened())] {
        let text = text.unwrap();
        assert!(Reader::default().json(&text).unwrap().verify(&ours).is_ok());
        if let Some(printed) = vector.get(form) {
            assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), printed);
        }
    }
    assert!(matches!(verify(token, &other), Err(JwsError::AlgorithmNotAllowed(name)) if name == algorithm));
    true
}

/// X25519 and X448: the shared secret, and the key that wraps, seen from outside: what we encrypt with the published
/// ephemeral key is unwrapped by hand with the key computed from it.
fn agreement(vector: &Value, crypto: &CryptoProvider) -> bool {
    let recipient = jwk(&vector["recipient_jwk"]);
    let (algorithm, encryption) = (management(vector, "alg"), content_encryption(vector, "enc"));
    let curve = AgreementCurve::of(recipient.material()).unwrap();
    let scalar = hex(vector, "ephemeral_private_hex");
    let ephemeral = crypto.encryption.agreement(curve, &SecretOctets::new(scalar.clone()));
    let supported = crypto.encryption.supports(EncryptionPrimitive::Agreement(curve));
    let ephemeral = prepared(supported, ephemeral, algorithm.name());
    let key = encrypting(&Secret::Key(recipient.clone()), algorithm, encryption, crypto);
    let (Some(ephemeral), Some(key)) = (ephemeral, key) else { return false };
    assert_eq!(&ephemeral.public().unwrap(), jwk(&vector["epk"]).material());
    assert_eq!(ephemeral.agree(recipient.material()).unwrap().expose(), hex(vector, "z_hex"));

    let content_key = vec![9; encryption.key_len()];
    let random = ScriptedRandom::new([scalar, content_key.clone(), vec![7; encryption.iv_len()]]);
    let token = encrypt_compact(&jwe::HeaderParameters::new(), b"", &key, encryption, &random).unwrap();
    let parts: Vec<Vec<u8>> = token.split('.').map(|part| base64url::decode(part).unwrap()).collect();
    assert_eq!(serde_json::from_slice::<Value>(&parts[0]).unwrap(), vector["protected_header"]);
    let KeyManagement::AgreementWithKeyWrap(size) = algorithm.scheme() else { panic!("{algorithm}") };
    let wrap = crypto.encryption.aes_key_wrap(size, &hex(vector, "kek_hex_no_apu_apv")).unwrap();
    assert_eq!(*wrap.unwrap_key(&parts[1]).unwrap(), content_key);
    true
}

/// The example prints another ephemeral private key than that of its `epk`, so that it can only be read.
fn encrypted(data: &Value, crypto: &CryptoProvider) -> bool {
    let input = &data["input"];
    let (algorithm, encryption) = (management(input, "alg"), content_encryption(input, "enc"));
    let Some(keys) = decrypting(&Secret::Key(jwk(&input["key"])), algorithm, encryption, crypto) else {
        return false;
    };
    for (form, printed) in data["output"].as_object().unwrap() {
        let decrypted = decrypt(printed, &keys).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!(decrypted.plaintext(), text(input, "plaintext").as_bytes());
    }
    true
}
