use avouch_jose::base64url::{self, DecodeError};
use avouch_jose::jws::{
    HeaderError, HeaderParameters, JwsError, Segment, SignError, SigningInput, UnverifiedJws, sign_compact,
};
use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys};
use serde_json::json;

use crate::support::{
    SECRET, crypto, ed25519, hmac_keys, jwk, p256, rsa, token, token_of_segments, verify, verify_mac, with,
    without,
};

use JwsAlgorithm as A;

const HEADER: &str = r#"{"alg":"HS256"}"#;

fn parse(token: &str) -> Result<UnverifiedJws<'_>, JwsError> {
    UnverifiedJws::parse(token, &Limits::default())
}

/// Proves JWS-27, JWS-24. Empty, binary and non-JSON payloads are content like any other.
#[test]
fn payload_is_opaque() {
    for payload in [&b""[..], b"\0\xff\x80", b"text", b"[1]", &[b'a'; 10_000]] {
        assert_eq!(verify_mac(&token(HEADER, payload)).unwrap().payload(), payload);
    }
}

/// Proves JWS-01, JWT-02.
#[test]
fn three_segments() {
    let good = token(HEADER, b"{}");
    assert!(verify_mac(&good).is_ok());
    let (input, signature) = good.rsplit_once('.').unwrap();
    for bad in [
        "",
        ".",
        "..",
        "...",
        input,
        "e30",
        &format!("{good}."),
        &format!(".{good}"),
        &format!("{good}.{signature}"),
        &format!("{input}..{signature}"),
    ] {
        let refused = parse(bad);
        // `..` has three segments, and an empty header is no JSON
        assert_eq!(matches!(refused, Err(JwsError::NotThreeSegments)), bad != "..", "{bad}");
        assert!(refused.is_err());
    }
}

/// Proves JWS-01. A fourth segment is seen wherever it begins; the MAC is right over all that stands before the last
/// period.
#[test]
fn period_anywhere() {
    let header = base64url::encode(HEADER);
    for at in 0..200 {
        let mut payload = "A".repeat(200);
        assert!(parse(&token_of_segments(&header, &payload)).is_ok());
        payload.replace_range(at..=at, ".");
        let refused = parse(&token_of_segments(&header, &payload)).map(drop);
        assert!(matches!(refused, Err(JwsError::NotThreeSegments)), "{at}");
    }
}

/// Proves JWS-25, JWS-26. A flattened serialisation with the same content, and five segments.
#[test]
fn other_forms() {
    let good = token(HEADER, b"{}");
    let segments: Vec<_> = good.split('.').collect();
    let flattened = json!({"protected": segments[0], "payload": segments[1], "signature": segments[2]});
    assert!(matches!(parse(&flattened.to_string()), Err(JwsError::NotThreeSegments)));
    assert!(matches!(parse(&format!("{good}.AA.AA")), Err(JwsError::NotThreeSegments)));
}

/// Proves JSN-12. One octet above each budget, and none.
#[test]
fn budgets() {
    let good = token(HEADER, b"{}");
    let limits = Limits::default().with_token_bytes(good.len());
    assert!(UnverifiedJws::parse(&good, &limits).is_ok());
    let refused = UnverifiedJws::parse(&good, &limits.with_token_bytes(good.len() - 1));
    assert!(matches!(refused, Err(JwsError::TokenTooLong { len, limit }) if len == limit + 1));

    let header = good.find('.').unwrap();
    assert!(UnverifiedJws::parse(&good, &Limits::default().with_header_bytes(header)).is_ok());
    let refused = UnverifiedJws::parse(&good, &Limits::default().with_header_bytes(header - 1));
    assert!(matches!(refused, Err(JwsError::HeaderTooLong { len, limit }) if len == limit + 1));

    let deep = format!(r#"{{"alg":"HS256","x":{}{}}}"#, "[".repeat(15), "]".repeat(15));
    assert!(parse(&token(&deep, b"")).is_ok());
    let deeper = format!(r#"{{"alg":"HS256","x":{}{}}}"#, "[".repeat(16), "]".repeat(16));
    assert!(matches!(parse(&token(&deeper, b"")), Err(JwsError::HeaderJson(_))));

    let dots = ".".repeat(1 << 20);
    assert!(matches!(parse(&dots), Err(JwsError::TokenTooLong { .. })));
    assert!(matches!(parse(&dots[..1000]), Err(JwsError::NotThreeSegments)));
}

/// Proves B64-01, B64-02, B64-03. Each segment on its own; the MAC is right over the segments as they stand.
#[test]
fn segments_are_canonical() {
    let (header, payload) = (base64url::encode(HEADER), base64url::encode(b"{}"));
    for bad in ["=", "+", "/", " ", "\n", "%", "é"] {
        let refused = parse(&token_of_segments(&format!("{header}{bad}"), &payload)).map(|_| ());
        assert!(matches!(refused, Err(JwsError::Encoding { segment: Segment::Header, .. })), "{bad:?}");
        let refused = verify_mac(&token_of_segments(&header, &format!("{payload}{bad}"))).map(|_| ());
        assert!(matches!(refused, Err(JwsError::Encoding { segment: Segment::Payload, .. })), "{bad:?}");
        let refused = verify_mac(&format!("{}{bad}", token(HEADER, b"{}"))).map(|_| ());
        assert!(matches!(refused, Err(JwsError::Encoding { segment: Segment::Signature, .. })), "{bad:?}");
    }
    let refused = verify_mac(&token_of_segments(&header, "e31")).map(|_| ());
    assert!(matches!(
        refused,
        Err(JwsError::Encoding { segment: Segment::Payload, source: DecodeError::TrailingBits })
    ));
}

/// Proves JSN-11. The signature is over the header as it was written, with whatever space is in it.
#[test]
fn signing_input_is_not_written_anew() {
    for header in ["{\"alg\":\"HS256\"}", "{ \"alg\" :\r\n\t\"HS256\" }", r#"{"\u0061lg":"HS25\u0036"}"#] {
        assert!(verify_mac(&token(header, b"{}")).is_ok(), "{header}");
    }
    // the same header in other octets under the signature of the first
    let first = token("{\"alg\":\"HS256\"}", b"{}");
    let other = base64url::encode("{ \"alg\":\"HS256\"}");
    let swapped = format!("{other}{}", &first[first.find('.').unwrap()..]);
    assert!(matches!(verify_mac(&swapped), Err(JwsError::SignatureInvalid)));
}

/// Proves BCP-06, ALG-05, ALG-06. Every octet of every segment counts, for every algorithm.
#[test]
fn each_part_is_signed() {
    let secret = json!({"kty": "oct", "k": base64url::encode(SECRET)});
    for (algorithm, key) in [
        (JwsAlgorithm::HS256, secret.clone()),
        (JwsAlgorithm::HS384, secret.clone()),
        (JwsAlgorithm::HS512, secret),
        (JwsAlgorithm::RS256, rsa()),
        (JwsAlgorithm::RS384, rsa()),
        (JwsAlgorithm::RS512, rsa()),
        (JwsAlgorithm::PS256, rsa()),
        (JwsAlgorithm::PS384, rsa()),
        (JwsAlgorithm::PS512, rsa()),
        (JwsAlgorithm::ES256, p256()),
        (JwsAlgorithm::EDDSA, ed25519()),
        (JwsAlgorithm::ED25519, ed25519()),
    ] {
        let key = jwk(key);
        let crypto = crypto();
        let signing = SigningKey::prepare(&key, algorithm, &crypto).unwrap();
        let verifying = VerifyingKey::prepare(&key, algorithm, &crypto).unwrap();
        let keys = VerifyingKeys::single(verifying);
        let parameters = HeaderParameters::new().parameter("x", "0000");
        let token = sign_compact(&parameters, b"0000", &signing).unwrap();
        let content = verify(&token, &keys).unwrap();
        assert_eq!((content.payload(), content.algorithm()), (&b"0000"[..], algorithm));

        let segments: Vec<Vec<u8>> = token.split('.').map(|text| base64url::decode(text).unwrap()).collect();
        for (segment, octets) in segments.iter().enumerate() {
            for at in 0..octets.len() {
                let mut altered = segments.clone();
                altered[segment][at] ^= 1;
                let altered: Vec<_> = altered.iter().map(base64url::encode).collect();
                assert!(
                    verify(&altered.join("."), &keys).is_err(),
                    "{algorithm}: octet {at} of segment {segment}"
                );
            }
        }
        for altered in [
            &segments[2][1..],
            &segments[2][..segments[2].len() - 1],
            &[],
            &[&[0], &segments[2][..]].concat(),
        ] {
            let altered = format!("{}.{}", &token[..token.rfind('.').unwrap()], base64url::encode(altered));
            assert!(matches!(verify(&altered, &keys), Err(JwsError::SignatureInvalid)), "{algorithm}");
        }
    }
}

/// Proves JWS-21, BCP-02. A signature by the same key with another hash or padding than the header names.
#[test]
fn algorithm_of_the_header_is_the_one_used() {
    let (key, crypto) = (jwk(rsa()), crypto());
    let names = [A::RS256, A::RS384, A::RS512, A::PS256, A::PS384, A::PS512];
    for named in names {
        let keys = VerifyingKeys::single(VerifyingKey::prepare(&key, named, &crypto).unwrap());
        for used in names {
            let input = SigningInput::new(&HeaderParameters::new(), b"{}", named, None).unwrap();
            let signature = SigningKey::prepare(&key, used, &crypto).unwrap().sign(input.as_bytes()).unwrap();
            let outcome = verify(&input.finish(&signature).unwrap(), &keys);
            assert_eq!(outcome.is_ok(), named == used, "{used} under the name of {named}");
        }
    }
}

/// Proves ALG-19, ALG-21, JWS-05. There is no way to ask for it, in any spelling.
#[test]
fn none_is_unknown() {
    for name in ["none", "None", "NONE", "nOnE", ""] {
        assert!(JwsAlgorithm::from_name(name).is_none());
        for signature in ["", "AA"] {
            let header = base64url::encode(json!({"alg": name}).to_string());
            let refused = verify_mac(&format!("{header}.e30.{signature}"));
            assert!(matches!(refused, Err(JwsError::UnknownAlgorithm(found)) if found.as_str() == name));
        }
    }
}

/// Proves JSN-06, ALG-25, BCP-02. Names compare by code point, and an unknown name falls back to nothing.
#[test]
fn algorithm_names_are_exact() {
    for name in ["hs256", "HS256 ", " HS256", "HS-256", "ＨS256", "HS2560"] {
        let refused = verify_mac(&token(&json!({"alg": name}).to_string(), b"{}"));
        assert!(matches!(refused, Err(JwsError::UnknownAlgorithm(_))), "{name}");
    }
    let refused = verify_mac(&token(r#"{"alg":"HS512"}"#, b"{}"));
    assert!(matches!(refused, Err(JwsError::AlgorithmNotAllowed(name)) if name == JwsAlgorithm::HS512));
}

/// Proves JWS-04, JSN-05, B64-05, JWS-02. What we write: `alg` and `kid` of the key, each name once, nothing unprotected.
#[test]
fn written_header() {
    let key = SigningKey::prepare(&jwk(with(ed25519(), "kid", "k\"1")), JwsAlgorithm::ED25519, &crypto());
    let parameters = HeaderParameters::new().typ("at+jwt").cty("x").parameter("n", json!([1]));
    let token = sign_compact(&parameters, b"", &key.unwrap()).unwrap();
    let header = base64url::decode(token.split('.').next().unwrap()).unwrap();
    avouch_json::check(&header, &avouch_json::Limits::default()).unwrap();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&header).unwrap(),
        json!({"alg": "Ed25519", "kid": "k\"1", "typ": "at+jwt", "cty": "x", "n": [1]})
    );
}

/// Proves CRT-02, CRT-03, UNP-09, ALG-20. The caller of a signature cannot change how the token is to be read.
#[test]
fn reserved_parameters() {
    let key = SigningKey::hmac_secret(SECRET, JwsAlgorithm::HS256, &crypto()).unwrap();
    for name in ["alg", "kid", "crit", "b64", "enc"] {
        let refused = sign_compact(&HeaderParameters::new().parameter(name, json!([])), b"", &key);
        assert!(matches!(refused, Err(SignError::ReservedParameter { name: found }) if found == name));
    }
}

/// Proves ALG-06. A signature made elsewhere is put in as it is, if it can be one of the algorithm.
#[test]
fn split_signing() {
    let key = SigningKey::prepare(&jwk(p256()), JwsAlgorithm::ES256, &crypto()).unwrap();
    let input =
        SigningInput::new(&HeaderParameters::new(), b"{}", JwsAlgorithm::ES256, Some("vault")).unwrap();
    let signature = key.sign(input.as_bytes()).unwrap();
    let token = input.clone().finish(&signature).unwrap();
    let verifying = VerifyingKey::prepare(&jwk(p256()), JwsAlgorithm::ES256, &crypto()).unwrap();
    let content = verify(&token, &VerifyingKeys::single(verifying)).unwrap();
    assert_eq!(content.header().kid(), Some("vault"));

    let der = [&[0x30, 0x44, 0x02, 0x20], &signature[..32], &[0x02, 0x20], &signature[32..]].concat();
    let refused = input.finish(&der);
    assert!(
        matches!(refused, Err(SignError::SignatureLength { expected, found: 70, .. }) if expected == (64..=64))
    );
}

/// An RSA signature is as long as a key that may be used, neither empty nor cut.
#[test]
fn split_signing_with_rsa() {
    for algorithm in [JwsAlgorithm::RS256, JwsAlgorithm::PS512] {
        let input = SigningInput::new(&HeaderParameters::new(), b"{}", algorithm, None).unwrap();
        for found in [0, 1, 255, 1025] {
            let refused = input.clone().finish(&vec![1; found]);
            assert!(matches!(refused, Err(SignError::SignatureLength { .. })), "{algorithm} {found}");
        }
        assert!(input.clone().finish(&[1; 256]).is_ok());
        assert!(input.finish(&[1; 1024]).is_ok());
    }
}

/// Proves HDR-04, HDR-05, HDR-15: on the signing side as on the other. What would be refused where it is read is not
/// signed.
#[test]
fn headers_that_nobody_would_read_are_not_signed() {
    let key = SigningKey::hmac_secret(SECRET, JwsAlgorithm::HS256, &crypto()).unwrap();
    for (name, value, expected) in [
        ("jwk", ed25519(), HeaderError::PrivateJwk),
        ("jwk", json!({"kty": "oct", "k": "AAAA"}), HeaderError::PrivateJwk),
        ("jwk", json!("x"), HeaderError::WrongType { name: "jwk" }),
        ("typ", json!(5), HeaderError::WrongType { name: "typ" }),
        ("cty", json!(null), HeaderError::WrongType { name: "cty" }),
        ("jku", json!([]), HeaderError::WrongType { name: "jku" }),
        ("x5c", json!("x"), HeaderError::WrongType { name: "x5c" }),
        ("x5c", json!(["_-8"]), HeaderError::CertificateEncoding),
    ] {
        let parameters = HeaderParameters::new().parameter(name, value);
        match sign_compact(&parameters, b"{}", &key) {
            Err(SignError::Header(found)) => assert_eq!(found, expected),
            other => panic!("{name}: {other:?}"),
        }
    }
    let parameters = HeaderParameters::new().parameter("jwk", without(ed25519(), "d"));
    assert!(verify_mac(&sign_compact(&parameters, b"{}", &key).unwrap()).is_ok());
}

/// Proves ERR-02. Before a verification the payload is reachable by one name, which says what it is.
#[test]
fn unverified_payload() {
    let forged = format!("{}AA", &token(HEADER, b"claims")[..token(HEADER, b"claims").len() - 2]);
    let jws = parse(&forged).unwrap();
    assert_eq!(jws.unverified_payload().unwrap(), b"claims");
    assert!(matches!(jws.verify(&hmac_keys()), Err(JwsError::SignatureInvalid)));
}
