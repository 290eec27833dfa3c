use avouch_jose::jwt::{Carrier, Confirmation, ConfirmationError, ProofKey};
use avouch_jose::{JwkError, JwkSet, Limits, certificate_thumbprint};
use serde_json::{Value, json};

use crate::support::{crypto, ed25519, jwk, oct, p256, rsa, vectors, with, without};

use ConfirmationError as E;

const HASH: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

fn read(cnf: &Value, carrier: Carrier) -> Result<Confirmation, ConfirmationError> {
    let claims = json!({"iss": "https://server.example.com", "cnf": cnf});
    Confirmation::from_claims(claims.as_object().unwrap(), carrier).map(Option::unwrap)
}

fn refused(cnf: Value) -> ConfirmationError {
    read(&cnf, Carrier::Signed).err().unwrap_or_else(|| panic!("{cnf} was accepted"))
}

fn public() -> Value {
    without(p256(), "d")
}

/// The examples of RFC 7800 §3 in form, and the two hashes: read, and written as they were.
#[test]
fn every_member_round_trips() {
    for (cnf, built) in [
        (json!({"jwk": public()}), Confirmation::jwk(jwk(public()))),
        (
            json!({"jwe": "eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d"}),
            Confirmation::jwe("eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d"),
        ),
        (json!({"kid": "dfd1aa97"}), Confirmation::kid("dfd1aa97")),
        (
            json!({"jku": "https://keys.example.net/pop-keys.json", "kid": "2015-08-28"}),
            Confirmation::jku("https://keys.example.net/pop-keys.json").with_kid("2015-08-28"),
        ),
        (json!({"jkt": HASH}), Confirmation::thumbprint(HASH)),
        (json!({"x5t#S256": HASH}), Confirmation::certificate(HASH)),
        (json!({"jkt": HASH, "jwk": public(), "kid": "1"}), {
            let claims = json!({"sub": "1", "cnf": {"jkt": HASH, "jwk": public(), "kid": "1"}});
            Confirmation::from_claims(claims.as_object().unwrap(), Carrier::Signed).unwrap().unwrap()
        }),
    ] {
        for carrier in [Carrier::Signed, Carrier::Encrypted] {
            let read = read(&cnf, carrier).unwrap();
            assert_eq!(read, built);
            assert_eq!(read.to_value(carrier).unwrap(), cnf);
            assert!(!read.is_empty());
        }
    }
    let full = read(&json!({"jku": "https://a.example", "kid": "k", "jkt": HASH}), Carrier::Signed).unwrap();
    assert!(matches!(full.key(), Some(ProofKey::Jku(url)) if url == "https://a.example"));
    assert_eq!((full.key_id(), full.jkt(), full.x5t_s256()), (Some("k"), Some(HASH), None));
    assert_eq!(
        Confirmation::from_claims(json!({"iss": "a"}).as_object().unwrap(), Carrier::Signed).unwrap(),
        None
    );
}

/// RFC 8705, appendix A: the token names the certificate by the hash that we compute of it.
#[test]
fn certificate_bound() {
    let vector = &vectors("rfc8705-certificate-thumbprint.json")[0];
    let read = read(&vector["cnf"], Carrier::Signed).unwrap();
    let chain = jwk(vector["jwk"].clone()).certificates().unwrap();
    assert_eq!(read.x5t_s256(), Some(&*certificate_thumbprint(chain.leaf(), &crypto())));
}

/// Proves JWT-34. One proof key, by each pair and all three; what is not known is left out.
#[test]
fn one_proof_key() {
    let all = json!({"jwk": public(), "jwe": "a.b.c.d.e", "jku": "https://a.example"});
    assert!(matches!(refused(all.clone()), E::SeveralKeys));
    for name in ["jwk", "jwe", "jku"] {
        assert!(matches!(refused(without(all.clone(), name)), E::SeveralKeys), "without {name}");
    }
    let unknown = read(&json!({"kid": "1", "future": {"a": [1]}}), Carrier::Signed).unwrap();
    assert_eq!(unknown, Confirmation::kid("1"));
    assert!(read(&json!({"future": 1}), Carrier::Signed).unwrap().is_empty());
}

/// Proves JWT-34. A token that names neither issuer nor subject says nothing about who presents it.
#[test]
fn presenter_is_named() {
    for (claims, named) in [
        (json!({"cnf": {"kid": "1"}}), false),
        (json!({"aud": "a", "cnf": {"kid": "1"}}), false),
        (json!({"iss": "a", "cnf": {"kid": "1"}}), true),
        (json!({"sub": "a", "cnf": {"kid": "1"}}), true),
    ] {
        let read = Confirmation::from_claims(claims.as_object().unwrap(), Carrier::Signed);
        assert!(if named { read.is_ok() } else { matches!(read, Err(E::PresenterUnnamed)) }, "{claims}");
    }
}

/// Proves JWT-35. A secret stands in encrypted tokens only, read or written; a private key in none.
#[test]
fn secrets_are_not_disclosed() {
    let cnf = json!({"jwk": oct()});
    assert!(matches!(refused(cnf.clone()), E::SecretDisclosed));
    let encrypted = read(&cnf, Carrier::Encrypted).unwrap();
    assert_eq!(encrypted.to_value(Carrier::Encrypted).unwrap(), cnf);
    assert!(matches!(encrypted.to_value(Carrier::Signed), Err(E::SecretDisclosed)));
    assert!(!format!("{encrypted:?}").contains(oct()["k"].as_str().unwrap()));
    let akp = vectors("rfc9964-ml-dsa.json")[0]["jwk"].clone();
    for private in [p256(), rsa(), ed25519(), akp] {
        let public = jwk(private.clone()).public().unwrap();
        for carrier in [Carrier::Signed, Carrier::Encrypted] {
            assert!(matches!(read(&json!({"jwk": private}), carrier), Err(E::PrivateKey)));
            assert!(matches!(Confirmation::jwk(jwk(private.clone())).to_value(carrier), Err(E::PrivateKey)));
            assert!(Confirmation::jwk(public.clone()).to_value(carrier).is_ok());
        }
    }
}

/// Proves ERR-03. What a value shows of itself has neither a secret nor a token.
#[test]
fn nothing_secret_is_shown() {
    let jwe = Confirmation::jwe("eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d");
    assert!(!format!("{jwe:?} {jwe:#?}").contains("eyJ"));
    let secret = Confirmation::jwk(jwk(oct()));
    assert!(!format!("{secret:?} {secret:#?}").contains(oct()["k"].as_str().unwrap()));
    assert!(format!("{:?}", Confirmation::jku("https://a.example")).contains("https://a.example"));
}

/// Proves JWT-35. `jku` is fetched over TLS, and of several keys there `kid` names one.
#[test]
fn keys_elsewhere() {
    for url in [
        "http://a.example",
        "a.example",
        "ftp://a.example",
        "",
        "https://",
        "https:a.example",
        "httpss://a.example",
    ] {
        assert!(matches!(refused(json!({"jku": url})), E::NotHttps), "{url}");
        assert!(matches!(Confirmation::jku(url).to_value(Carrier::Signed), Err(E::NotHttps)));
    }
    assert!(read(&json!({"jku": "HTTPS://a.example"}), Carrier::Signed).is_ok());

    let set = |keys: Value| JwkSet::from_value(json!({"keys": keys}), &Limits::default()).unwrap();
    let (a, b) = (with(public(), "kid", "a"), with(without(ed25519(), "d"), "kid", "b"));
    let nameless = Confirmation::jku("https://a.example");
    let named = |kid: &str| nameless.clone().with_kid(kid);
    let two = set(json!([a, b]));
    assert!(matches!(nameless.choose(&two), Err(E::KidMissing)));
    assert_eq!(named("b").choose(&two).unwrap(), &jwk(b.clone()));
    assert!(matches!(named("c").choose(&two), Err(E::NoSuchKey)));
    assert!(matches!(named("B").choose(&two), Err(E::NoSuchKey)));
    assert_eq!(nameless.choose(&set(json!([a]))).unwrap(), &jwk(a.clone()));
    assert!(matches!(named("b").choose(&set(json!([a]))), Err(E::NoSuchKey)));
    assert!(matches!(named("a").choose(&set(json!([a, with(b, "kid", "a")]))), Err(E::NoSuchKey)));
    assert!(matches!(nameless.choose(&set(json!([]))), Err(E::NoSuchKey)));
    // a key that cannot be read is a key all the same
    let future = json!({"kty": "FUTURE"});
    assert!(matches!(nameless.choose(&set(json!([a, future]))), Err(E::KidMissing)));
}

/// Types and widths of every member.
#[test]
fn members_have_their_types() {
    for name in ["jwe", "jku", "kid", "jkt", "x5t#S256"] {
        for value in [json!(1), json!(null), json!([]), json!({})] {
            let refused = refused(json!({name: value}));
            assert!(matches!(refused, E::WrongType { name: found } if found == name), "{name}");
        }
    }
    for cnf in [json!("x"), json!([]), json!(null)] {
        assert!(matches!(refused(cnf), E::WrongType { name: "cnf" }));
    }
    assert!(matches!(refused(json!({"jwk": 1})), E::Jwk(JwkError::NotAnObject)));
    assert!(matches!(refused(json!({"jwk": {"kty": "EC"}})), E::Jwk(JwkError::Missing { name: "crv" })));
    for name in ["jkt", "x5t#S256"] {
        for bad in
            ["", "AAAA", &HASH[1..], &format!("{HASH}="), &format!("{HASH}AAAA"), &HASH.replace('-', "+")]
        {
            assert!(
                matches!(refused(json!({name: bad})), E::NotAHash { name: found } if found == name),
                "{bad}"
            );
        }
    }
    assert!(matches!(Confirmation::thumbprint("AAAA").to_value(Carrier::Signed), Err(E::NotAHash { .. })));
}
