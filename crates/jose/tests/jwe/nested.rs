//! Signed, then encrypted.

use avouch_jose::jwe::{HeaderParameters, JsonBuilder, Reader, encrypt_compact};
use avouch_jose::jwt::{NestedError, NestedReader, sign_then_encrypt};
use avouch_jose::{
    DecryptionKeys, EncryptionKey, JweAlgorithm, Jwk, JwsAlgorithm, SigningKey, VerifyingKey, VerifyingKeys,
    jws,
};
use serde_json::{Value, json};

use crate::support::{ENC, KEY, SystemRandom, crypto, jwk, keys, oct, text, vectors, wrap_keys};

struct Parties {
    signing: SigningKey,
    verifying: VerifyingKeys,
    encrypting: EncryptionKey,
    decrypting: DecryptionKeys,
}

fn parties() -> Parties {
    let (signing, jwk) = SigningKey::generate(JwsAlgorithm::ED25519, Some("1"), &crypto()).unwrap();
    let verifying = VerifyingKey::prepare(&jwk, JwsAlgorithm::ED25519, &crypto()).unwrap();
    Parties {
        signing,
        verifying: VerifyingKeys::single(verifying),
        encrypting: wrap_key(),
        decrypting: wrap_keys(),
    }
}

fn wrap_key() -> EncryptionKey {
    let jwk: Jwk = jwk(&oct(&KEY));
    EncryptionKey::prepare(&jwk, JweAlgorithm::A128KW, &crypto()).unwrap()
}

fn encrypted(parameters: HeaderParameters, plaintext: &str) -> String {
    encrypt_compact(&parameters, plaintext.as_bytes(), &wrap_key(), ENC, &SystemRandom::new()).unwrap()
}

fn verify(token: &str, parties: &Parties) -> Result<Vec<u8>, NestedError> {
    let content = NestedReader::default().verify(token, &parties.decrypting, &parties.verifying)?;
    Ok(content.payload().to_vec())
}

fn signed(parties: &Parties, claims: &Value) -> String {
    avouch_jose::jwt::sign_claims(&parties.signing, None, claims).unwrap()
}

/// Proves JWT-07, JWT-08, JWT-10, JWT-29. The type of the token is inside, the outer header says what the content is.
#[test]
fn sign_then_encrypt_then_read() {
    let parties = parties();
    let random = SystemRandom::new();
    let claims = json!({"iss": "joe"});
    let token =
        sign_then_encrypt(&parties.signing, Some("at+jwt"), &claims, &parties.encrypting, ENC, &random)
            .unwrap();
    let outer = Reader::default().compact(&token).unwrap();
    assert_eq!((outer.header().cty(), outer.header().typ()), (Some("JWT"), None));
    let decrypted = outer.decrypt(&parties.decrypting).unwrap();
    let inner = decrypted.nested_jws(&jws::Reader::default()).unwrap();
    assert!(inner.header().has_type("at+jwt"));
    assert_eq!(verify(&token, &parties).unwrap(), br#"{"iss":"joe"}"#);
    let refused = sign_then_encrypt(&parties.signing, None, &[1], &parties.encrypting, ENC, &random);
    assert!(refused.is_err(), "claims are an object");
}

/// Proves JWT-07. `cty` is compared as a media type, must be there, and must be protected.
#[test]
fn content_type_says_jwt() {
    let parties = parties();
    let token = signed(&parties, &json!({"iss": "joe"}));
    for cty in ["JWT", "jwt", "application/jwt", "Application/JWT"] {
        assert!(verify(&encrypted(HeaderParameters::new().cty(cty), &token), &parties).is_ok(), "{cty}");
    }
    for parameters in
        [HeaderParameters::new(), HeaderParameters::new().cty("json"), HeaderParameters::new().typ("JWT")]
    {
        assert!(matches!(verify(&encrypted(parameters, &token), &parties), Err(NestedError::ContentType)));
    }
    let none = HeaderParameters::new();
    let json = |protected: HeaderParameters, shared: HeaderParameters| {
        let builder = JsonBuilder::new(ENC)
            .protected(protected)
            .unprotected(shared)
            .recipient(&wrap_key(), none.clone());
        let text = builder.encrypt(token.as_bytes(), &SystemRandom::new()).unwrap().flattened().unwrap();
        let decrypted = Reader::default().json(&text).unwrap().decrypt(&parties.decrypting).unwrap();
        (decrypted.header().cty().is_some(), decrypted.nested_jws(&jws::Reader::default()).unwrap_err())
    };
    // JWT-01: and what came in JSON is no JWT at all
    assert!(matches!(json(none.clone().cty("JWT"), none.clone()), (true, NestedError::NotCompact)));
    assert!(matches!(json(none.clone(), none.clone().cty("JWT")), (false, NestedError::NotCompact)));
}

/// Proves JWT-11. Claims that nobody signed are not taken for a token, whatever the header says of them (CVE-2026-75759).
#[test]
fn unsigned_claims_are_refused() {
    let parties = parties();
    let nested = || HeaderParameters::new().cty("JWT");
    let claims = r#"{"iss":"joe","sub":"ann"}"#;
    assert!(matches!(verify(&encrypted(nested(), claims), &parties), Err(NestedError::Jws(_))));
    // {"alg":"none"}
    let unsecured = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.";
    assert!(matches!(verify(&encrypted(nested(), unsecured), &parties), Err(NestedError::Jws(_))));
    let binary =
        encrypt_compact(&nested(), b"\xff.\xff.\xff", &wrap_key(), ENC, &SystemRandom::new()).unwrap();
    assert!(matches!(verify(&binary, &parties), Err(NestedError::NotText)));
}

/// Proves JWT-08. Each layer has its own keys, and each must hold.
#[test]
fn every_layer_is_checked() {
    let (ours, other) = (parties(), parties());
    let nested = || HeaderParameters::new().cty("JWT");
    let token = encrypted(nested(), &signed(&ours, &json!({"iss": "joe"})));
    assert!(verify(&token, &ours).is_ok());
    let wrong = Parties { verifying: other.verifying, ..parties() };
    assert!(matches!(verify(&token, &wrong), Err(NestedError::Jws(_))));
    let decrypting = keys(&oct(&[1; 16]), JweAlgorithm::A128KW, ENC);
    let wrong = Parties { decrypting, verifying: ours.verifying, ..parties() };
    assert!(matches!(verify(&token, &wrong), Err(NestedError::Jwe(_))));
}

/// Proves JWT-09. Two layers and no more: neither a token in the signed one, nor one encrypted twice.
#[test]
fn two_layers() {
    let parties = parties();
    let nested = || HeaderParameters::new().cty("JWT");
    let innermost = signed(&parties, &json!({"iss": "joe"}));
    for (cty, is_nested) in [("JWT", true), ("application/jwt", true), ("example", false)] {
        let parameters = jws::HeaderParameters::new().cty(cty);
        let middle = jws::sign_compact(&parameters, innermost.as_bytes(), &parties.signing).unwrap();
        let outcome = verify(&encrypted(nested(), &middle), &parties);
        assert_eq!(matches!(outcome, Err(NestedError::TooDeep)), is_nested, "{cty}");
    }
    let twice = encrypted(nested(), &encrypted(nested(), &innermost));
    assert!(matches!(verify(&twice, &parties), Err(NestedError::Jws(_))));
}

/// Proves JWT-12. What the outer header repeats in the clear is what the claims say.
#[test]
fn repeated_claims() {
    let parties = parties();
    let token = signed(&parties, &json!({"iss": "joe", "sub": "ann", "aud": ["a", "b"]}));
    let nested = || HeaderParameters::new().cty("JWT");
    let right = nested().parameter("iss", "joe").parameter("sub", "ann").parameter("aud", json!(["a", "b"]));
    assert!(verify(&encrypted(right, &token), &parties).is_ok());
    for (claim, value) in
        [("iss", json!("Joe")), ("sub", json!("")), ("aud", json!("a")), ("aud", json!(["b", "a"]))]
    {
        let refused = verify(&encrypted(nested().parameter(claim, value), &token), &parties);
        assert!(matches!(refused, Err(NestedError::RepeatedClaim { name }) if name == claim), "{claim}");
    }
    let without = signed(&parties, &json!({"iss": "joe"}));
    let refused = verify(&encrypted(nested().parameter("sub", "ann"), &without), &parties);
    assert!(matches!(refused, Err(NestedError::RepeatedClaim { name: "sub" })));
    let no_claims = jws::sign_compact(&jws::HeaderParameters::new(), b"text", &parties.signing).unwrap();
    let refused = verify(&encrypted(nested().parameter("iss", "joe"), &no_claims), &parties);
    assert!(matches!(refused, Err(NestedError::Claims(_))));
}

/// Proves JWT-08. RFC 7520, 6: PS256 inside RSA-OAEP.
#[test]
fn rfc7520_nested() {
    let example = vectors("rfc7520/6.nesting_signatures_and_encryption.json");
    let (sign, encrypt) = (&example["sign"], &example["encrypt"]);
    let verifying =
        VerifyingKey::prepare(&jwk(&sign["input"]["key"]), JwsAlgorithm::PS256, &crypto()).unwrap();
    let verifying = VerifyingKeys::single(verifying);
    let decrypting = keys(&encrypt["input"]["key"], JweAlgorithm::RSA_OAEP, ENC);
    let token = text(&encrypt["output"]["compact"]);
    let content = NestedReader::default().verify(token, &decrypting, &verifying).unwrap();
    assert_eq!(content.payload(), text(&sign["input"]["payload"]).as_bytes());
}
