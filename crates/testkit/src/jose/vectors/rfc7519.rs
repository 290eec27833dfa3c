use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::JwsError;
use avouch_jose::jwt::dangerous::read_unsecured;
use avouch_jose::jwt::{NestedReader, RegisteredClaims, read_claims};
use avouch_jose::{Limits, VerifyingKeys};
use serde_json::{Map, Value};

use crate::jose::data::{algorithm, entries, entry, jwk, keys, text, vector_file, verify};
use crate::jose::jwe::{Secret, content_encryption, decrypt, decrypting, management};
use crate::jose::run::Tally;

const FILE: &str = vector_file!("rfc7519-examples.json");

/// [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519), examples of sections 3.1 and 6.1 and of appendices A.1 and A.2:
/// signed, unsecured, encrypted, nested.
pub fn rfc7519(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    let signed = entry(FILE, "3.1");
    let keys = keys(&jwk(&signed["jwk"]), algorithm(&signed, "alg"), crypto);
    for vector in entries(FILE) {
        tally.count(match (text(&vector, "kind"), &keys) {
            ("signed", Some(keys)) => self::signed(&vector, keys),
            ("unsecured", Some(keys)) => unsecured(&vector, keys),
            ("encrypted", Some(keys)) => encrypted(&vector, keys, crypto),
            ("nested", Some(_)) => nested(&vector, crypto),
            (_, None) => false,
            (kind, _) => panic!("{kind}: nothing runs it"),
        });
    }
    tally
}

fn signed(vector: &Value, keys: &VerifyingKeys) -> bool {
    let content = verify(text(vector, "compact"), keys).unwrap();
    assert_eq!(Value::from(read_claims::<Map<_, _>>(&content).unwrap()), vector["claims"]);
    let claims: RegisteredClaims = read_claims(&content).unwrap();
    assert_eq!(claims.iss.as_deref(), Some("joe"));
    assert_eq!(claims.exp.unwrap().seconds(), 1_300_819_380);
    true
}

/// Refused, unless somebody asks for it by name.
fn unsecured(vector: &Value, keys: &VerifyingKeys) -> bool {
    let token = text(vector, "compact");
    assert!(matches!(verify(token, keys), Err(JwsError::UnknownAlgorithm(_))));
    let claims: Map<_, _> = read_unsecured(token, &Limits::default()).unwrap().unverified_claims().unwrap();
    assert_eq!(Value::from(claims), vector["claims"]);
    true
}

fn encrypted(vector: &Value, verifying: &VerifyingKeys, crypto: &CryptoProvider) -> bool {
    let token = text(vector, "compact");
    assert!(matches!(verify(token, verifying), Err(JwsError::NotThreeSegments)));
    let secret = Secret::Key(jwk(&vector["jwk"]));
    let (algorithm, encryption) = (management(vector, "alg"), content_encryption(vector, "enc"));
    let Some(keys) = decrypting(&secret, algorithm, encryption, crypto) else { return false };
    let decrypted = decrypt(&vector["compact"], &keys).unwrap();
    assert_eq!(decrypted.plaintext(), text(vector, "plaintext_utf8").as_bytes());
    // nobody signed these claims
    assert!(NestedReader::default().verify(token, &keys, verifying).is_err());
    true
}

fn nested(vector: &Value, crypto: &CryptoProvider) -> bool {
    let (outer, token) = (&vector["outer"], text(vector, "compact"));
    let secret = Secret::Key(jwk(&vector["outer_jwk"]));
    let (management, encryption) = (management(outer, "alg"), content_encryption(outer, "enc"));
    let verifying = keys(&jwk(&vector["inner_jwk"]), algorithm(vector, "inner_alg"), crypto);
    let decrypting = decrypting(&secret, management, encryption, crypto);
    let (Some(verifying), Some(decrypting)) = (verifying, decrypting) else { return false };
    let decrypted = decrypt(&vector["compact"], &decrypting).unwrap();
    assert_eq!(decrypted.plaintext(), text(vector, "inner_compact").as_bytes());
    let content = NestedReader::default().verify(token, &decrypting, &verifying).unwrap();
    assert_eq!(Value::from(read_claims::<Map<_, _>>(&content).unwrap()), vector["claims"]);
    true
}
