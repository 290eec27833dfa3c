use avouch_jose::jws::{HeaderParameters, JwsError, SigningInput};
use avouch_jose::{
    Jwk, JwkSet, JwsAlgorithm, KeyError, Limits, Selection, SigningKey, VerifyingKey, VerifyingKeys,
    base64url, jws::UnverifiedJws,
};
use serde_json::{Value, json};

use crate::support::{SECRET, crypto, ed25519, jwk, p256, rsa, token, verify, with, without};

use JwsAlgorithm as A;

/// A key of P-256 with this `kid`, and the public half of it.
fn key(kid: Option<&str>) -> (SigningKey, Value) {
    let (_, jwk) = SigningKey::generate(A::ES256, Some("-"), &crypto()).unwrap();
    let jwk = Jwk::new(jwk.material().clone());
    let jwk = match kid {
        Some(kid) => jwk.with_kid(kid),
        None => jwk,
    };
    (SigningKey::prepare(&jwk, A::ES256, &crypto()).unwrap(), serde_json::to_value(jwk).unwrap())
}

fn set(keys: &[&Value]) -> JwkSet {
    JwkSet::from_json(json!({"keys": keys}).to_string().as_bytes(), &Limits::default()).unwrap()
}

fn prepare(keys: &[&Value]) -> VerifyingKeys {
    VerifyingKeys::prepare(&set(keys), &[A::ES256], &crypto()).unwrap()
}

/// A token of this key that names this `kid`, whatever the key's own is.
fn naming(key: &SigningKey, kid: Option<&str>) -> String {
    let input = SigningInput::new(&HeaderParameters::new(), b"{}", key.algorithm(), kid).unwrap();
    let signature = key.sign(input.as_bytes()).unwrap();
    input.finish(&signature).unwrap()
}

fn count(keys: &VerifyingKeys, token: &str) -> usize {
    match keys.select(UnverifiedJws::parse(token, &Limits::default()).unwrap().header()) {
        Selection::None => 0,
        Selection::One(_) => 1,
        Selection::Several(keys) => keys.len(),
    }
}

/// Proves SEL-03, SEL-06, JWS-13, JSN-06. By `kid`, exactly; no key is an outcome of its own.
#[test]
fn by_kid() {
    let ((a, public_a), (b, public_b)) = (key(Some("a")), key(Some("b")));
    let keys = prepare(&[&public_a, &public_b]);
    for (token, kid) in [(naming(&a, Some("a")), "a"), (naming(&b, Some("b")), "b")] {
        assert_eq!(verify(&token, &keys).unwrap().kid(), Some(kid));
    }
    for kid in ["A", "a ", "", "c", "ａ"] {
        let refused = verify(&naming(&a, Some(kid)), &keys);
        assert!(matches!(refused, Err(JwsError::NoMatchingKey { kid: Some(found), .. }) if found == kid));
    }
    // the other key's name leads to the other key and no further
    assert!(matches!(verify(&naming(&a, Some("b")), &keys), Err(JwsError::SignatureInvalid)));
}

/// Proves SEL-03. A key without `kid` stands for no name, unless it is alone and the caller says so.
#[test]
fn key_without_kid() {
    let ((a, public_a), (_, public_b)) = (key(None), key(Some("b")));
    let token = naming(&a, Some("x"));
    assert!(matches!(verify(&token, &prepare(&[&public_a])), Err(JwsError::NoMatchingKey { .. })));
    assert!(verify(&token, &prepare(&[&public_a]).allowing_lone_key_without_kid()).is_ok());
    let two = prepare(&[&public_a, &public_b]).allowing_lone_key_without_kid();
    assert!(matches!(verify(&token, &two), Err(JwsError::NoMatchingKey { .. })));
    let unusable = prepare(&[&public_a, &rsa_public()]).allowing_lone_key_without_kid();
    assert!(matches!(verify(&token, &unusable), Err(JwsError::NoMatchingKey { .. })), "not alone in its set");
    let of_the_future =
        prepare(&[&public_a, &json!({"kty": "AKP", "kid": "x"})]).allowing_lone_key_without_kid();
    assert!(
        matches!(verify(&token, &of_the_future), Err(JwsError::NoMatchingKey { .. })),
        "not alone either"
    );
    let (named, public_named) = key(Some("n"));
    let lone = prepare(&[&public_named]).allowing_lone_key_without_kid();
    assert!(matches!(verify(&naming(&named, Some("x")), &lone), Err(JwsError::NoMatchingKey { .. })));
}

fn rsa_public() -> Value {
    serde_json::to_value(jwk(rsa())).unwrap()
}

/// Proves SEL-04, JWK-26. Without `kid`: the one candidate, or an error that counts them, or a bounded trial. In the
/// terms of the field's certification: `oidcc-client-test-kid-absent-single-jwks`,
/// `oidcc-client-test-kid-absent-multiple-jwks`.
#[test]
fn header_without_kid() {
    let ((a, public_a), (b, public_b), (c, public_c)) = (key(Some("a")), key(Some("b")), key(None));
    assert!(verify(&naming(&a, None), &prepare(&[&public_a])).is_ok());
    assert!(verify(&naming(&a, None), &prepare(&[&public_a, &rsa_public()])).is_ok(), "one of its algorithm");

    let three = prepare(&[&public_a, &public_b, &public_c]);
    for key in [&a, &b, &c] {
        let refused = verify(&naming(key, None), &three);
        assert!(matches!(refused, Err(JwsError::SeveralMatchingKeys { found: 3, limit: 1, kid: None, .. })));
        assert!(matches!(
            verify(&naming(key, None), &three.clone().with_trial_limit(2)),
            Err(JwsError::SeveralMatchingKeys { found: 3, limit: 2, .. })
        ));
        let tried = verify(&naming(key, None), &three.clone().with_trial_limit(3)).unwrap();
        assert_eq!(tried.kid(), key.kid());
    }
    let (stranger, _) = key(Some("a"));
    let refused = verify(&naming(&stranger, None), &three.with_trial_limit(3));
    assert!(matches!(refused, Err(JwsError::SignatureInvalid)));
}

/// Proves SEL-05. Two keys under one name.
#[test]
fn duplicate_kid() {
    let ((a, public_a), (b, public_b)) = (key(Some("k")), key(Some("k")));
    let keys = prepare(&[&public_a, &public_b]);
    for key in [&a, &b] {
        let token = naming(key, Some("k"));
        assert!(matches!(verify(&token, &keys), Err(JwsError::SeveralMatchingKeys { found: 2, .. })));
        assert!(verify(&token, &keys.clone().with_trial_limit(2)).is_ok());
    }
    // one name for keys of two algorithms is no doubt
    let rsa = with(rsa_public(), "kid", "k");
    assert!(verify(&naming(&a, Some("k")), &prepare(&[&public_a, &rsa])).is_ok());
}

/// Proves SEL-05. Several are tried in the order of the set, whatever order they are kept in.
#[test]
fn several_in_set_order() {
    let ((a, public_a), (_, public_b), (_, public_c)) = (key(Some("k")), key(Some("k")), key(Some("j")));
    let named = |keys: [&Value; 3]| {
        let mark = |(mark, key): (usize, &Value)| with(key.clone(), "x5t", mark.to_string());
        let keys: Vec<Value> = keys.into_iter().enumerate().map(mark).collect();
        prepare(&keys.iter().collect::<Vec<_>>())
    };
    let token = naming(&a, Some("k"));
    let jws = UnverifiedJws::parse(&token, &Limits::default()).unwrap();
    for (keys, expected) in [
        ([&public_a, &public_c, &public_b], ["0", "2"]),
        ([&public_b, &public_a, &public_c], ["0", "1"]),
        ([&public_c, &public_b, &public_a], ["1", "2"]),
    ] {
        let keys = named(keys);
        let Selection::Several(selected) = keys.select(jws.header()) else { panic!("not several") };
        assert_eq!(selected.iter().map(|key| key.x5t().unwrap()).collect::<Vec<_>>(), expected);
    }
}

/// An algorithm that is allowed twice is allowed once: a key is not in doubt with itself.
#[test]
fn algorithm_named_twice() {
    let (a, public) = key(Some("a"));
    let keys = VerifyingKeys::prepare(&set(&[&public]), &[A::ES256, A::ES256], &crypto()).unwrap();
    assert_eq!((keys.allowed(), keys.keys().len()), (&[A::ES256][..], 1));
    assert!(verify(&naming(&a, Some("a")), &keys).is_ok());
}

/// Proves SEL-02. Each filter leaves the right key of two; without it there would be several or the wrong one.
#[test]
fn filters() {
    let (a, public) = key(None);
    let (_, other) = key(None);
    let token = naming(&a, None);
    for excluded in [
        with(other.clone(), "use", "enc"),
        with(other.clone(), "key_ops", json!(["sign"])),
        with(other.clone(), "alg", "ES384"),
        with(other.clone(), "x", public["x"].clone()),
        serde_json::to_value(jwk(ed25519())).unwrap(),
        rsa_public(),
    ] {
        let keys = prepare(&[&excluded, &public]);
        assert_eq!(keys.rejected().len(), 1);
        assert!(verify(&token, &keys).is_ok(), "{excluded}");
    }
    assert_eq!(count(&prepare(&[&other, &public]), &token), 2);
}

/// Proves SEL-07, JWK-27. A set of public keys gives no symmetric key, and none with its private half.
#[test]
fn no_secret_from_a_public_set() {
    let oct = json!({"kty": "oct", "k": base64url::encode(SECRET), "kid": "s"});
    let refused = VerifyingKeys::prepare(&set(&[&oct]), &[A::ES256, A::HS256], &crypto());
    assert_eq!(refused.unwrap_err(), KeyError::SymmetricAlgorithm(A::HS256.into()));

    let private = with(p256(), "kid", "p");
    let keys = prepare(&[&oct, &private]);
    assert!(keys.keys().is_empty());
    assert!(keys.rejected().iter().all(|key| key.reasons == [(A::ES256, KeyError::SecretInPublicSet)]));
    let signer = SigningKey::prepare(&jwk(private.clone()), A::ES256, &crypto()).unwrap();
    assert!(matches!(verify(&naming(&signer, Some("p")), &keys), Err(JwsError::NoMatchingKey { .. })));
    // the rest of the set stays usable
    let (a, public) = key(Some("a"));
    assert!(verify(&naming(&a, Some("a")), &prepare(&[&oct, &private, &public])).is_ok());
}

/// Proves SEL-07. Keys that were prepared one by one are all secrets or none.
#[test]
fn no_mix_of_symmetries() {
    let secret = VerifyingKey::hmac_secret(SECRET, A::HS256, &crypto()).unwrap();
    let public = VerifyingKey::prepare(&jwk(without(p256(), "d")), A::ES256, &crypto()).unwrap();
    let refused = VerifyingKeys::from_keys(vec![secret.clone(), public.clone()]);
    assert_eq!(refused.unwrap_err(), KeyError::SymmetryMixed);
    assert!(VerifyingKeys::from_keys(vec![secret.clone(), secret]).is_ok());
    assert!(VerifyingKeys::from_keys(vec![public]).is_ok());
}

/// Proves BCP-01, BCP-02, JWS-12. An algorithm outside the list is refused, though the key could do it and did.
#[test]
fn algorithm_outside_the_list() {
    let rsa = jwk(rsa());
    let set: JwkSet = rsa.public().into_iter().collect();
    let signer = SigningKey::prepare(&rsa, A::RS384, &crypto()).unwrap();
    let token = naming(&signer, None);
    let refused = verify(&token, &VerifyingKeys::prepare(&set, &[A::RS256, A::PS384], &crypto()).unwrap());
    assert!(matches!(refused, Err(JwsError::AlgorithmNotAllowed(name)) if name == A::RS384));
    let content = verify(&token, &VerifyingKeys::prepare(&set, &[A::RS256, A::RS384], &crypto()).unwrap());
    assert_eq!(content.unwrap().algorithm(), A::RS384);
}

/// Proves BCP-03. A key that fits several algorithms is prepared for each, and each signature is checked by its own.
#[test]
fn one_key_for_two_algorithms() {
    let rsa = jwk(rsa());
    let set: JwkSet = rsa.public().into_iter().collect();
    let keys = VerifyingKeys::prepare(&set, &[A::RS256, A::PS256], &crypto()).unwrap();
    assert_eq!(keys.keys().len(), 2);
    let signed = |algorithm| naming(&SigningKey::prepare(&rsa, algorithm, &crypto()).unwrap(), None);
    let (pkcs1, pss) = (signed(A::RS256), signed(A::PS256));
    assert!(verify(&pkcs1, &keys).is_ok() && verify(&pss, &keys).is_ok());
    let (header, signature) = (pkcs1.rsplit_once('.').unwrap().0, pss.rsplit_once('.').unwrap().1);
    assert!(matches!(verify(&format!("{header}.{signature}"), &keys), Err(JwsError::SignatureInvalid)));
}

/// Proves BCP-03, ALG-12. The classic: a MAC with the public key as its secret, in each form the attacker can get.
#[test]
fn public_key_as_secret() {
    let public = serde_json::to_value(jwk(p256())).unwrap();
    let keys = prepare(&[&public]);
    let point = [
        &[4][..],
        &base64url::decode(public["x"].as_str().unwrap()).unwrap(),
        &base64url::decode(public["y"].as_str().unwrap()).unwrap(),
    ]
    .concat();
    for secret in [public.to_string().into_bytes(), point] {
        let signer = SigningKey::hmac_secret(&secret, A::HS256, &crypto()).unwrap();
        let refused = verify(&naming(&signer, None), &keys);
        assert!(matches!(refused, Err(JwsError::AlgorithmNotAllowed(name)) if name == A::HS256));
    }
}

/// To a key that the caller named, a `kid` in the header means nothing; a `kid` that the key has must agree.
#[test]
fn single_key() {
    let secret = VerifyingKey::hmac_secret(SECRET, A::HS256, &crypto()).unwrap();
    let header = json!({"alg": "HS256", "kid": "any"}).to_string();
    assert!(verify(&token(&header, b""), &VerifyingKeys::single(secret)).is_ok());
    let (a, public) = key(Some("a"));
    let named = VerifyingKeys::single(VerifyingKey::prepare(&jwk(public), A::ES256, &crypto()).unwrap());
    assert!(verify(&naming(&a, Some("a")), &named).is_ok());
    assert!(matches!(verify(&naming(&a, Some("b")), &named), Err(JwsError::NoMatchingKey { .. })));
}

/// Proves SEL-02, HDR-11. Without `kid`, the thumbprint of a certificate chooses among the keys that are trusted anyway; a
/// key of another certificate is no candidate.
#[test]
fn by_certificate() {
    let ((a, public_a), (b, public_b), (c, public_c)) = (key(None), key(None), key(None));
    let naming = |key: &SigningKey, thumbprints: &[(&str, &str)], kid: Option<&str>| {
        let parameters = thumbprints
            .iter()
            .fold(HeaderParameters::new(), |all, (name, thumbprint)| all.parameter(name, *thumbprint));
        let input = SigningInput::new(&parameters, b"{}", key.algorithm(), kid).unwrap();
        let signature = key.sign(input.as_bytes()).unwrap();
        input.finish(&signature).unwrap()
    };
    for name in ["x5t#S256", "x5t"] {
        let (with_a, with_b) = (with(public_a.clone(), name, "A"), with(public_b.clone(), name, "B"));
        let three = prepare(&[&with_a, &with_b, &public_c]);
        for (key, thumbprint) in [(&a, "A"), (&b, "B"), (&c, "C")] {
            assert!(verify(&naming(key, &[(name, thumbprint)], None), &three).is_ok(), "{name} {thumbprint}");
        }
        for (key, thumbprint) in [(&a, "B"), (&a, "C"), (&c, "A"), (&b, "a")] {
            let refused = verify(&naming(key, &[(name, thumbprint)], None), &three);
            assert!(matches!(refused, Err(JwsError::SignatureInvalid)), "{name} {thumbprint}");
        }
        let two = prepare(&[&with_a, &with_b]);
        let refused = verify(&naming(&a, &[(name, "C")], None), &two);
        assert!(matches!(refused, Err(JwsError::NoMatchingKey { kid: None, .. })));
        // a name says more than a certificate
        let named = prepare(&[&with(with_a, "kid", "a"), &with(with_b, "kid", "b")]);
        assert_eq!(verify(&naming(&a, &[(name, "B")], Some("a")), &named).unwrap().kid(), Some("a"));
    }
    // SHA-256 says more than SHA-1, and neither value stands for the other
    let keys = prepare(&[&with(public_a.clone(), "x5t#S256", "A"), &with(public_b.clone(), "x5t", "B")]);
    assert!(verify(&naming(&a, &[("x5t#S256", "A"), ("x5t", "B")], None), &keys).is_ok());
    assert!(verify(&naming(&b, &[("x5t", "B")], None), &keys).is_ok());
    let refused = verify(&naming(&a, &[("x5t", "A")], None), &prepare(&[&with(public_a, "x5t", "Z")]));
    assert!(matches!(refused, Err(JwsError::NoMatchingKey { .. })));
    let refused =
        verify(&naming(&b, &[("x5t#S256", "B")], None), &prepare(&[&with(public_b, "x5t#S256", "Z")]));
    assert!(matches!(refused, Err(JwsError::NoMatchingKey { .. })));
}
