use std::error::Error;

use avouch_jose::jws::{HeaderParameters, SigningInput, UnverifiedJws};
use avouch_jose::{Jwk, JwkSet, JwsAlgorithm, Limits, SecretOctets, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use crate::support::{SECRET, crypto, ed25519, jwk, p256, rsa, token, verify_mac, with};

/// Whatever a value shows of itself.
fn shown(value: &impl std::fmt::Debug) -> String {
    format!("{value:?} {value:#?}")
}

fn chain(error: &dyn Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut next = error.source();
    while let Some(source) = next {
        text += &format!(" {source} {source:?}");
        next = source.source();
    }
    text
}

/// Proves JWK-21, ERR-03. No private member in any text but the one that says so.
#[test]
fn private_members_stay_inside() {
    let oct = json!({"kty": "oct", "k": avouch_jose::base64url::encode(SECRET)});
    for value in [rsa(), p256(), ed25519(), oct] {
        let secrets: Vec<String> = ["d", "p", "q", "dp", "dq", "qi", "k"]
            .iter()
            .filter_map(|name| value[*name].as_str().map(str::to_owned))
            .collect();
        assert!(!secrets.is_empty());
        let key = jwk(value);
        let set = JwkSet::new(vec![key.clone()]);
        let mut texts =
            vec![shown(&key), shown(key.material()), shown(&set), serde_json::to_string(&set).unwrap()];
        texts.extend(serde_json::to_string(&key).ok());
        texts.extend(key.public().map(|public| public.to_private_json().to_string()));
        for algorithm in
            [JwsAlgorithm::RS256, JwsAlgorithm::ES256, JwsAlgorithm::ED25519, JwsAlgorithm::HS256]
        {
            texts.push(shown(&SigningKey::prepare(&key, algorithm, &crypto())));
            texts.push(shown(&VerifyingKey::prepare(&key, algorithm, &crypto())));
        }
        for secret in &secrets {
            assert!(key.to_private_json().contains(secret.as_str()));
            assert!(texts.iter().all(|text| !text.contains(secret.as_str())));
        }
    }
}

/// Proves JWK-21. A private member of another key type is unknown here, and still goes no further.
#[test]
fn foreign_private_members_are_dropped() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        let foreign = if member == "d" { json!({"kty": "oct", "k": "AQID"}) } else { ed25519() };
        let key = jwk(with(foreign, member, "c2VjcmV0"));
        assert!(key.extra().is_empty(), "{member}");
        // nobody knows how secret an unregistered member is, be it of a key, of a set or of a key that cannot be read
        let set = json!({"keys": [{"kty": "AKP", "seed": "c2VjcmV0"}], "unregistered": "c2VjcmV0"});
        assert!(!shown(&JwkSet::from_value(set, &Limits::default()).unwrap()).contains("c2VjcmV0"));
        assert!(!shown(&jwk(with(ed25519(), "unregistered", "c2VjcmV0"))).contains("c2VjcmV0"));
        assert!(!shown(&key).contains("c2VjcmV0") && !key.to_private_json().contains("c2VjcmV0"));
    }
}

/// Proves JWK-21. A private member whose name is written with escapes is as private.
#[test]
fn escaped_private_members() {
    let read = |text: String| Jwk::from_json(text.as_bytes(), &Limits::default()).unwrap();
    let key = read(ed25519().to_string().replace("\"d\":", "\"\\u0064\":"));
    assert!(key.is_private() && !serde_json::to_string(&key).unwrap().contains("\"d\""));
    let foreign = read(with(ed25519(), "k", "c2VjcmV0").to_string().replace("\"k\":", "\"\\u006b\":"));
    assert!(foreign.extra().is_empty() && !foreign.to_private_json().contains("c2VjcmV0"));
}

/// Proves ERR-03. A broken key is reported without what it holds.
#[test]
fn errors_hold_no_secret() {
    let secret = "c2VjcmV0c2VjcmV0c2VjcmV0";
    for name in ["d", "p", "k"] {
        for bad in [format!("{secret}!"), secret.to_owned(), format!("AA{secret}")] {
            for value in [
                with(rsa(), name, bad.clone()),
                with(p256(), name, bad.clone()),
                json!({"kty": "oct", "k": bad}),
            ] {
                if let Err(error) = Jwk::from_value(value) {
                    assert!(!chain(&error).contains("c2VjcmV0"), "{}", chain(&error));
                }
            }
        }
    }
    let short = Jwk::from_value(json!({"kty": "oct", "k": secret})).unwrap();
    let error = VerifyingKey::prepare(&short, JwsAlgorithm::HS256, &crypto()).unwrap_err();
    assert!(!chain(&error).contains(secret));
}

/// Proves ERR-03. Neither a token nor its content shows payload or signature.
#[test]
fn tokens_stay_inside() {
    let token = token(r#"{"alg":"HS256"}"#, b"credential");
    let jws = UnverifiedJws::parse(&token, &Limits::default()).unwrap();
    let (payload, signature) = token.split_once('.').unwrap().1.split_once('.').unwrap();
    let content = verify_mac(&token).unwrap();
    let unsigned =
        SigningInput::new(&HeaderParameters::new(), b"credential", JwsAlgorithm::HS256, None).unwrap();
    for text in [shown(&jws), shown(&content), shown(&unsigned)] {
        assert!(
            !text.contains(payload) && !text.contains(signature) && !text.contains("credential"),
            "{text}"
        );
    }
    let forged = token.replace(signature, &avouch_jose::base64url::encode([0; 32]));
    assert!(!chain(&verify_mac(&forged).unwrap_err()).contains(payload));
}

/// Proves ERR-03. Claims that are looked at show their names, and no value.
#[test]
fn claims_in_place_stay_inside() {
    let claims = json!({"iss": "private", "aud": ["private"], "exp": 1_300_819_380, "email": "private"});
    let token = token(r#"{"alg":"HS256"}"#, claims.to_string().as_bytes());
    let content = verify_mac(&token).unwrap();
    let view = avouch_jose::jwt::view_claims(&content.as_content_ref()).unwrap();
    let text = shown(&view);
    assert!(text.contains("email") && !text.contains("private") && !text.contains("1300819380"), "{text}");
}

/// Proves ERR-03. A peer's text is cut and escaped where an error shows it.
#[test]
fn errors_quote_the_peer() {
    let name = format!("line\nbreak{}", "x".repeat(3000));
    let error = verify_mac(&token(&json!({"alg": name}).to_string(), b"")).unwrap_err();
    assert!(error.to_string().len() < 150 && !error.to_string().contains('\n'), "{error}");
}

/// Proves ERR-03. Secrets are equal or not, and tell nothing else.
#[test]
fn secret_octets() {
    let secret = SecretOctets::new(b"secret".to_vec());
    assert_eq!(shown(&secret), "[redacted] [redacted]");
    assert_eq!(secret, SecretOctets::new(b"secret".to_vec()));
    for other in [&b"secreT"[..], b"Secret", b"secre", b"secrets", b""] {
        assert_ne!(secret, SecretOctets::new(other.to_vec()));
    }
    let value: Value =
        serde_json::from_str(&Jwk::new(avouch_jose::KeyMaterial::Oct(secret)).to_private_json()).unwrap();
    assert_eq!(value, json!({"kty": "oct", "k": "c2VjcmV0"}));
}
