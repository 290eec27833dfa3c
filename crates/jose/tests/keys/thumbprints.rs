use avouch_jose::base64url::DecodeError;
use avouch_jose::{HashAlgorithm, Jwk, ThumbprintUri, ThumbprintUriError};
use serde_json::Value;

use crate::support::{crypto, ed25519, jwk, oct, p256, rsa, vectors, with, without};

const PREFIX: &str = "urn:ietf:params:oauth:jwk-thumbprint:";

/// Proves THB-08, THB-09. RFC 9278 §6 is the thumbprint of RFC 7638 §3.1.
#[test]
fn published_uri() {
    let vectors = vectors("rfc7638-thumbprints.json");
    let rfc7638 = vectors.iter().find(|vector| vector["jwk"]["kty"] == "RSA").unwrap();
    let key = jwk(rfc7638["jwk"].clone());
    let uri = key.thumbprint_uri(&crypto());
    let published =
        "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    assert_eq!(uri.to_string(), published);
    assert_eq!(ThumbprintUri::parse(published), Ok(uri.clone()));
    assert!(uri.is_of(&key, &crypto()) && !uri.is_of(&jwk(p256()), &crypto()));
    assert_eq!(
        (uri.hash(), uri.thumbprint()),
        (HashAlgorithm::Sha256, rfc7638["thumbprint"].as_str().unwrap())
    );
}

/// Proves THB-08, THB-05. Every hash function that is known, written and read.
#[test]
fn uris_round_trip() {
    for (hash, name, len) in [
        (HashAlgorithm::Sha256, "sha-256", 43),
        (HashAlgorithm::Sha384, "sha-384", 64),
        (HashAlgorithm::Sha512, "sha-512", 86),
    ] {
        for key in [rsa(), p256(), ed25519(), oct()] {
            let key = jwk(key);
            let uri = ThumbprintUri::of(&key, hash, &crypto());
            assert_eq!(uri.to_string(), format!("{PREFIX}{name}:{}", key.thumbprint(hash, &crypto())));
            assert_eq!(uri.thumbprint().len(), len);
            assert_eq!(uri.to_string().parse(), Ok(uri.clone()));
            assert!(uri.is_of(&key, &crypto()));
        }
    }
}

/// Proves THB-08. Another prefix, another hash function, a thumbprint that is none.
#[test]
fn malformed_uris() {
    let value = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    let refused = |uri: &str| ThumbprintUri::parse(uri).unwrap_err();
    for uri in ["", value, "urn:ietf:params:oauth:jwk-thumbprint", "urn:ietf:params:oauth:jwk-thumbprints:"] {
        assert_eq!(refused(uri), ThumbprintUriError::Prefix);
    }
    assert_eq!(refused(&format!("{}sha-256:{value}", PREFIX.to_uppercase())), ThumbprintUriError::Prefix);
    assert_eq!(refused(&format!(" {PREFIX}sha-256:{value}")), ThumbprintUriError::Prefix);
    for rest in ["", "sha-256", value] {
        assert_eq!(refused(&format!("{PREFIX}{rest}")), ThumbprintUriError::ThumbprintMissing);
    }
    for name in ["", "SHA-256", "sha256", "S256", "sha-1", "md5", "sha-256-128", "sha3-256", "sha-256 "] {
        let unknown = ThumbprintUriError::UnknownHash(name.to_owned());
        assert_eq!(refused(&format!("{PREFIX}{name}:{value}")), unknown);
    }
    let encoding = |value: &str| match refused(&format!("{PREFIX}sha-256:{value}")) {
        ThumbprintUriError::Encoding(source) => source,
        other => panic!("{other:?}"),
    };
    assert_eq!(encoding("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xt"), DecodeError::TrailingBits);
    assert_eq!(encoding(&format!("{value}=")), DecodeError::InvalidPadding);
    assert_eq!(encoding(&format!("{value}:{value}")), DecodeError::InvalidCharacter { offset: 43 });
    for (name, value, expected, found) in
        [("sha-256", "", 32, 0), ("sha-256", "AAAA", 32, 3), ("sha-512", value, 64, 32)]
    {
        assert_eq!(
            refused(&format!("{PREFIX}{name}:{value}")),
            ThumbprintUriError::Width { expected, found }
        );
    }
    // a peer's text in a message is cut
    let long = refused(&format!("{PREFIX}{}:{value}", "x".repeat(10_000)));
    assert!(long.to_string().len() < 200);
}

/// Proves THB-04. A member whose value would need an escape belongs to no key that can be read, so none is hashed.
#[test]
fn values_that_need_escapes() {
    let akp = vectors("rfc9964-ml-dsa.json")[0]["jwk"].clone();
    for (key, names) in [
        (rsa(), &["kty", "n", "e"][..]),
        (p256(), &["kty", "crv", "x", "y"]),
        (ed25519(), &["kty", "crv", "x"]),
        (oct(), &["kty", "k"]),
        (akp, &["kty", "alg", "pub"]),
    ] {
        for &name in names {
            for needs_escape in ["\"", "\\", "\n", "\u{1}"] {
                let value = format!("{}{needs_escape}", key[name].as_str().unwrap());
                assert!(Jwk::from_value(with(key.clone(), name, value)).is_err(), "{name}");
            }
        }
    }
}

/// Proves THB-06. One key in two spellings is one key or none: padding, leading zeros and set bits after the last octet
/// never make a second thumbprint.
#[test]
fn one_key_one_thumbprint() {
    let respelt = |key: Value, name: &str, spell: &dyn Fn(&str) -> String| {
        let text = spell(key[name].as_str().unwrap());
        Jwk::from_value(with(key, name, text))
    };
    for (key, name) in [(rsa(), "n"), (rsa(), "e"), (p256(), "x"), (ed25519(), "x"), (oct(), "k")] {
        assert!(respelt(key.clone(), name, &str::to_owned).is_ok());
        assert!(respelt(key.clone(), name, &|text| format!("{text}=")).is_err());
        if name != "k" {
            assert!(respelt(key, name, &|text| format!("AAAA{text}")).is_err());
        }
    }
    // the last character of 32 octets has two bits to spare: U, then V
    assert!(respelt(without(p256(), "d"), "x", &|text| format!("{}V", &text[..42])).is_err());
}
