//! What several signatures are worth together.

use avouch_jose::jws::{HeaderError, HeaderParameters, JsonBuilder, JwsError};
use avouch_jose::{Jwk, JwsAlgorithm, SigningKey, VerifyingKey, VerifyingKeys};
use serde_json::{Value, json};

use crate::support::{crypto, keys, read, signature_by, verifying_key, with, without};

fn header(kid: &str) -> Value {
    json!({"alg": "HS256", "kid": kid})
}

fn signed_by(kid: &str) -> Value {
    signature_by(kid, Some(&header(kid)), None, "e30")
}

fn forged(kid: &str) -> Value {
    with(signed_by(kid), "signature", signed_by("forger")["signature"].clone())
}

fn jws(signatures: &[Value]) -> Value {
    json!({"payload": "e30", "signatures": signatures})
}

/// Proves JWS-10. Each outcome with the header it belongs to.
#[test]
fn outcome_of_each_signature() {
    let unknown = signature_by("1", Some(&json!({"alg": "XS1"})), None, "e30");
    let not_allowed = signature_by("1", Some(&json!({"alg": "HS512"})), None, "e30");
    let critical = json!({"alg": "HS256", "kid": "1", "crit": ["x"], "x": 1});
    let critical = signature_by("1", Some(&critical), None, "e30");
    let unprotected = signature_by("1", None, Some(&header("1")), "e30");
    let jws =
        jws(&[forged("1"), unknown, signed_by("1"), not_allowed, signed_by("2"), critical, unprotected]);
    let jws = read(&jws).unwrap();
    let outcomes = jws.outcomes(&keys(&["1"]));

    assert!(matches!(outcomes[0], Err(JwsError::SignatureInvalid)));
    assert!(matches!(&outcomes[1], Err(JwsError::UnknownAlgorithm(name)) if name.as_str() == "XS1"));
    let good = outcomes[2].as_ref().unwrap();
    assert_eq!((good.payload(), good.signature_index(), good.kid()), (&b"{}"[..], 2, Some("1")));
    assert!(matches!(outcomes[3], Err(JwsError::AlgorithmNotAllowed(_))));
    assert!(matches!(&outcomes[4], Err(JwsError::NoMatchingKey { kid, .. }) if kid.as_deref() == Some("2")));
    let not_understood = HeaderError::CriticalNotUnderstood("x".to_owned());
    assert!(matches!(&outcomes[5], Err(JwsError::Header(error)) if *error == not_understood));
    assert!(matches!(&outcomes[6], Err(JwsError::Header(HeaderError::AlgorithmUnprotected))));

    let algs: Vec<_> = jws.signatures().map(|signature| signature.header().alg().to_owned()).collect();
    assert_eq!(algs, ["HS256", "XS1", "HS256", "HS512", "HS256", "HS256", "HS256"]);
}

/// Proves JWS-09, JWS-11, JWS-12. One good signature is enough, and the result says which; one that is good by a key or
/// an algorithm that nobody allowed is none.
#[test]
fn any_signature() {
    let both = read(&jws(&[signed_by("1"), signed_by("2")])).unwrap();
    let content = both.verify(&keys(&["2"])).unwrap();
    assert_eq!((content.signature_index(), content.kid(), content.header().kid()), (1, Some("2"), Some("2")));
    assert_eq!(both.verify(&keys(&["1", "2"])).unwrap().signature_index(), 0);

    match both.verify(&keys(&["3"])).unwrap_err() {
        JwsError::NoGoodSignature(errors) => {
            let kids = errors.iter().map(|error| match error {
                JwsError::NoMatchingKey { kid, .. } => kid.as_deref(),
                other => panic!("{other:?}"),
            });
            assert_eq!(kids.collect::<Vec<_>>(), [Some("1"), Some("2")]);
        }
        other => panic!("{other:?}"),
    }
    let one = read(&jws(&[forged("1")])).unwrap().verify(&keys(&["1"]));
    assert!(matches!(one, Err(JwsError::SignatureInvalid)));
}

/// Proves JWS-11. The caller wants a certain signature and no other.
#[test]
fn named_signature() {
    let jws = read(&jws(&[forged("1"), signed_by("2")])).unwrap();
    let by = |kid: &str| jws.signatures().find(|signature| signature.header().kid() == Some(kid)).unwrap();
    assert!(matches!(by("1").verify(&keys(&["1", "2"])), Err(JwsError::SignatureInvalid)));
    assert_eq!(by("2").verify(&keys(&["1", "2"])).unwrap().signature_index(), 1);
}

/// Proves JWS-11. Every signer, and a signature of its own for each.
#[test]
fn every_signer() {
    let index_of = |jws: &Value, signers: &[&[&str]]| {
        let sets: Vec<_> = signers.iter().map(|kids| keys(kids)).collect();
        let outcome = read(jws).unwrap().verify_with_every(&sets.iter().collect::<Vec<_>>());
        outcome.map(|signed| signed.iter().map(|signed| signed.signature_index()).collect::<Vec<_>>())
    };
    let both = jws(&[signed_by("1"), signed_by("2")]);
    assert_eq!(index_of(&both, &[&["2"], &["1"]]).unwrap(), [1, 0]);
    assert_eq!(index_of(&both, &[&["1"]]).unwrap(), [0]);
    // the first set could take either signature, the second only the first
    assert_eq!(index_of(&both, &[&["1", "2"], &["1"]]).unwrap(), [1, 0]);
    let three = jws(&[signed_by("1"), signed_by("2"), signed_by("3")]);
    assert_eq!(index_of(&three, &[&["1", "2"], &["1", "3"], &["1"]]).unwrap(), [1, 2, 0]);

    let without = |index| move |error: &JwsError| matches!(error, JwsError::NoSignatureFor { index: found } if *found == index);
    // a signature that was left out
    let refused = index_of(&jws(&[signed_by("1")]), &[&["1"], &["2"]]).unwrap_err();
    assert!(without(1)(&refused), "{refused:?}");
    // the last of too many has none, and the others' need not be tried
    let refused = index_of(&jws(&[signed_by("1")]), &[&["2"], &["1"]]).unwrap_err();
    assert!(without(1)(&refused), "{refused:?}");
    // forged
    let refused = index_of(&jws(&[forged("1"), signed_by("2")]), &[&["1"], &["2"]]).unwrap_err();
    assert!(without(0)(&refused), "{refused:?}");
    // one signature does not count for two
    let refused = index_of(&jws(&[signed_by("1"), forged("2")]), &[&["1"], &["1", "2"]]).unwrap_err();
    assert!(without(1)(&refused), "{refused:?}");
    let refused = index_of(&three, &[&["1"], &["2"], &["1", "2"]]).unwrap_err();
    assert!(without(2)(&refused), "{refused:?}");
    // no signer at all is nobody's word
    assert!(without(0)(&index_of(&both, &[]).unwrap_err()));
}

/// Proves JWS-11. A key counts for one signer, however often it signed and whatever it is called: anybody can copy a
/// signature.
#[test]
fn a_key_counts_for_one_signer() {
    let board = keys(&["1", "2"]);
    let again = signature_by("1", Some(&json!({"alg": "HS256", "kid": "1", "n": 2})), None, "e30");
    for second in [signed_by("1"), again] {
        let twice = read(&jws(&[signed_by("1"), second.clone()])).unwrap();
        let refused = twice.verify_with_every(&[&board, &board]);
        assert!(matches!(refused, Err(JwsError::NoSignatureFor { index: 1 })));
        let both = read(&jws(&[signed_by("1"), second, signed_by("2")])).unwrap();
        let signed = both.verify_with_every(&[&board, &board]).unwrap();
        let mut kids: Vec<_> = signed.iter().map(|signed| signed.kid().unwrap()).collect();
        kids.sort_unstable();
        assert_eq!(kids, ["1", "2"]);
        assert!(both.verify_with_every(&[&board, &board, &board]).is_err());
    }
    // the same secret without its name is the same key
    let secret = format!("{:*>40}", "1");
    let nameless =
        VerifyingKey::hmac_secret(secret.as_bytes(), avouch_jose::JwsAlgorithm::HS256, &crypto()).unwrap();
    let nameless = VerifyingKeys::single(nameless);
    let twice = read(&jws(&[signed_by("1"), signed_by("1")])).unwrap();
    assert!(twice.verify_with_every(&[&nameless]).is_ok());
    assert!(twice.verify_with_every(&[&board, &nameless]).is_err());
}

/// Proves JWS-11. A key that is read with its private half is the same as one without, whatever an unprotected `kid` calls
/// either.
#[test]
fn a_private_key_is_the_same_signer() {
    let private = Jwk::new(crypto().signatures.generate(JwsAlgorithm::ES256).unwrap());
    let signer = SigningKey::prepare(&private, JwsAlgorithm::ES256, &crypto()).unwrap();
    let keys = |jwk: &Jwk, kid: &str| {
        let key = VerifyingKey::prepare(&jwk.clone().with_kid(kid), JwsAlgorithm::ES256, &crypto()).unwrap();
        VerifyingKeys::single(key)
    };
    let public = private.public().unwrap();
    assert!(private.is_private() && !public.is_private());
    let (first, second) = (keys(&private, "1"), keys(&public, "2"));
    let signed =
        JsonBuilder::new(b"{}").sign(&HeaderParameters::new(), &signer).unwrap().flattened().unwrap();
    let signed = without(serde_json::from_str(&signed).unwrap(), "payload");
    let named = |kid: &str| with(signed.clone(), "header", json!({"kid": kid}));
    let copied = read(&jws(&[named("1"), named("2")])).unwrap();
    assert!(copied.verify_with_every(&[&first]).is_ok() && copied.verify_with_every(&[&second]).is_ok());
    assert!(copied.verify_with_every(&[&first, &second]).is_err());
}

/// Proves JWS-11. HMAC fills a short key up with zeros (RFC 2104, section 2), so that one signature is good by two secrets;
/// under two names it is still one.
#[test]
fn a_copy_is_no_second_signature() {
    let jwk = |secret: &[u8]| {
        Jwk::from_value(json!({"kty": "oct", "k": avouch_jose::base64url::encode(secret)})).unwrap()
    };
    let keys = |secret: &[u8], kid: &str| {
        let key = jwk(secret).with_kid(kid);
        VerifyingKeys::single(VerifyingKey::prepare(&key, JwsAlgorithm::HS256, &crypto()).unwrap())
    };
    let (first, second) = (keys(&[7; 32], "1"), keys(&[&[7; 32][..], &[0]].concat(), "2"));
    let signer = SigningKey::prepare(&jwk(&[7; 32]), JwsAlgorithm::HS256, &crypto()).unwrap();
    let sign = |typ: &str, kid: &str| {
        let parameters = HeaderParameters::new().typ(typ);
        let signed = JsonBuilder::new(b"{}").sign(&parameters, &signer).unwrap().flattened().unwrap();
        with(without(serde_json::from_str(&signed).unwrap(), "payload"), "header", json!({"kid": kid}))
    };
    let verify = |signatures: &[Value]| {
        let jws = read(&json!({"payload": "e30", "signatures": signatures})).unwrap();
        jws.verify_with_every(&[&first, &second]).is_ok()
    };
    assert!(!verify(&[sign("a", "1"), sign("a", "2")]));
    assert!(verify(&[sign("a", "1"), sign("b", "2")]), "who made both has both");
}

/// Proves JWS-13. The header of the other signature helps nobody.
#[test]
fn each_signature_has_its_own_header() {
    let mut swapped = [signed_by("1"), signed_by("2")];
    let header = swapped[0]["protected"].take();
    swapped[0]["protected"] = swapped[1]["protected"].take();
    swapped[1]["protected"] = header;
    assert!(read(&jws(&swapped)).unwrap().verify(&keys(&["1", "2"])).is_err());
}

/// How many keys may be tried for each signature is said by the keys.
#[test]
fn trials_are_limited() {
    let header = json!({"alg": "HS256"});
    let jws = read(&jws(&[signature_by("3", Some(&header), None, "e30")])).unwrap();
    let keys = || {
        let keys = ["1", "2", "3"].map(verifying_key).to_vec();
        avouch_jose::VerifyingKeys::from_keys(keys).unwrap()
    };
    assert!(matches!(jws.verify(&keys().with_trial_limit(2)), Err(JwsError::SeveralMatchingKeys { .. })));
    assert_eq!(jws.verify(&keys().with_trial_limit(3)).unwrap().kid(), Some("3"));
}
