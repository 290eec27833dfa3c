use avouch_jose::jws::{
    HeaderParameters, JsonBuilder, Reader, sign_compact, sign_detached, sign_unencoded_detached,
};
use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys, base64url};
use avouch_testkit::jose::signing_key;
use serde_json::{Value, json};

use crate::peer::{Peer, octets, private, public};

/// With a period and beyond ASCII: what an unencoded payload may trip over.
const PAYLOAD: &[u8] = "a.b ä".as_bytes();

const COMPACT: &str = "compact";
const FLATTENED: &str = "flattened";
const GENERAL: &str = "general";
const DETACHED: &str = "detached";
const DETACHED_FLATTENED: &str = "detached-flattened";
const UNENCODED_DETACHED: &str = "unencoded-detached";
const UNENCODED_FLATTENED: &str = "unencoded-flattened";

use JwsAlgorithm as A;

/// What `jose` has: ES256K is gone from it, Ed448 was never there, and ML-DSA waits for Node 24.
const JOSE: [A; 14] = [
    A::HS256,
    A::HS384,
    A::HS512,
    A::RS256,
    A::RS384,
    A::RS512,
    A::PS256,
    A::PS384,
    A::PS512,
    A::ES256,
    A::ES384,
    A::ES512,
    A::EDDSA,
    A::ED25519,
];

/// What `joserfc` has, but for Ed448, which our backends lack; it has no ML-DSA.
const JOSERFC: [A; 15] = [
    A::HS256,
    A::HS384,
    A::HS512,
    A::RS256,
    A::RS384,
    A::RS512,
    A::PS256,
    A::PS384,
    A::PS512,
    A::ES256,
    A::ES384,
    A::ES512,
    A::ES256K,
    A::EDDSA,
    A::ED25519,
];

fn written(form: &str, key: &SigningKey) -> Value {
    let none = HeaderParameters::new();
    let json = |builder: JsonBuilder| builder.sign(&none, key).unwrap();
    let token = match form {
        COMPACT => return sign_compact(&none, PAYLOAD, key).unwrap().into(),
        DETACHED => return sign_detached(&none, PAYLOAD, key).unwrap().into(),
        UNENCODED_DETACHED => return sign_unencoded_detached(&none, PAYLOAD, key).unwrap().into(),
        FLATTENED => json(JsonBuilder::new(PAYLOAD)).flattened(),
        GENERAL => json(JsonBuilder::new(PAYLOAD)).general(),
        DETACHED_FLATTENED => json(JsonBuilder::new(PAYLOAD)).detached().flattened(),
        UNENCODED_FLATTENED => json(JsonBuilder::unencoded(PAYLOAD)).flattened(),
        _ => unreachable!("{form}"),
    };
    serde_json::from_str(&token.unwrap()).unwrap()
}

/// The payload, if the signature is good.
fn read(form: &str, token: &Value, keys: &VerifyingKeys) -> Option<Vec<u8>> {
    let mut reader = Reader::new(Limits::default());
    if form.starts_with("unencoded") {
        reader = reader.unencoded_payloads();
    }
    let (text, json) = (token.as_str().unwrap_or_default(), token.to_string());
    let payload = match form {
        COMPACT => reader.compact(text).unwrap().verify(keys).ok()?.into_inner().into_payload(),
        DETACHED | UNENCODED_DETACHED => {
            reader.detached(text, PAYLOAD).unwrap().verify(keys).ok()?.into_inner().into_payload()
        }
        DETACHED_FLATTENED => {
            reader.json_detached(&json, PAYLOAD).unwrap().verify(keys).ok()?.into_inner().into_payload()
        }
        _ => reader.json(&json).unwrap().verify(keys).ok()?.into_inner().into_payload(),
    };
    Some(payload)
}

/// Both ways for every algorithm and form; how many combinations that were.
fn both_ways(mut peer: Peer, algorithms: &[JwsAlgorithm], forms: &[&str]) -> usize {
    let crypto = avouch_jose_aws_lc::provider();
    let mut checked = 0;
    for &algorithm in algorithms {
        let jwk = signing_key(algorithm);
        let other = SigningKey::generate(algorithm, None, &crypto).unwrap().1;
        let signer = SigningKey::prepare(&jwk, algorithm, &crypto).unwrap();
        let keys = |jwk| VerifyingKeys::single(VerifyingKey::prepare(jwk, algorithm, &crypto).unwrap());
        for form in forms {
            let what = format!("{} {algorithm} {form}", peer.name());
            let ours = written(form, &signer);
            let mut request = json!({
                "op": "jws.verify", "alg": algorithm, "jwk": public(&jwk), "token": ours, "form": form,
            });
            if form.contains("detached") {
                request["payload"] = base64url::encode(PAYLOAD).into();
            }
            assert_eq!(octets(&peer.get(&request)["payload"]), PAYLOAD, "{what}");
            // so that its word is worth something
            request["jwk"] = public(&other);
            assert!(peer.ask(&request).is_err(), "{what}: the peer takes another key's signature");
            checked += 1;

            let theirs = peer.get(&json!({
                "op": "jws.sign", "alg": algorithm, "jwk": private(&jwk), "form": form,
                "payload": base64url::encode(PAYLOAD),
            }));
            assert_eq!(read(form, &theirs, &keys(&jwk)).as_deref(), Some(PAYLOAD), "{what}");
            assert_eq!(read(form, &theirs, &keys(&other)), None, "{what}");
            checked += 1;
        }
    }
    checked
}

#[test]
fn jose_both_ways() {
    let forms =
        [COMPACT, FLATTENED, GENERAL, DETACHED, DETACHED_FLATTENED, UNENCODED_DETACHED, UNENCODED_FLATTENED];
    assert_eq!(both_ways(Peer::jose(), &JOSE, &forms), 14 * 7 * 2);
}

/// All forms but JSON without its payload, which `joserfc` cannot verify.
#[test]
fn joserfc_both_ways() {
    let forms = [COMPACT, FLATTENED, GENERAL, DETACHED, UNENCODED_DETACHED, UNENCODED_FLATTENED];
    assert_eq!(both_ways(Peer::joserfc(), &JOSERFC, &forms), 15 * 6 * 2);
}
