use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{
    HeaderError, HeaderParameters, JsonBuilder, JwsError, Reader, Unprotected, UnverifiedJws,
};
use avouch_jose::jwt::dangerous::read_unsecured;
use avouch_jose::{CertificateChain, Jwk, Limits, base64url};
use serde_json::{Map, Value};

use crate::jose::data::{algorithm, entries, entry, hex, jwk, keys, octets, text, vector_file, verify};
use crate::jose::run::{Tally, signing};

const FILE: &str = vector_file!("rfc7515-appendix.json");

/// [RFC 7515](https://www.rfc-editor.org/rfc/rfc7515), appendices A.1 to A.7, B, C and E.
pub fn rfc7515(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(FILE) {
        tally.count(match text(&vector, "id") {
            "A.1" | "A.2" | "A.3" | "A.4" => compact(&vector, crypto),
            "A.5" => unsecured(&vector, crypto),
            "A.6" => general(&vector, crypto),
            "A.7" => flattened(&vector, crypto),
            "B" => certificates(&vector, crypto),
            "C" => {
                assert_eq!(base64url::encode(hex(&vector, "octets_hex")), text(&vector, "encoded"));
                assert_eq!(octets(&vector, "encoded"), hex(&vector, "octets_hex"));
                true
            }
            "E" => critical(&vector),
            id => panic!("RFC 7515 {id}: nothing runs it"),
        });
    }
    tally
}

/// Verifies, and signs the same input again: the octets that were printed, where the algorithm leaves no choice.
fn compact(vector: &Value, crypto: &CryptoProvider) -> bool {
    let (key, algorithm) = (jwk(&vector["jwk"]), algorithm(vector, "alg"));
    let (Some(keys), Some(signer)) = (keys(&key, algorithm, crypto), signing(&key, algorithm, crypto)) else {
        return false;
    };
    let content = verify(text(vector, "compact"), &keys).unwrap();
    assert_eq!(content.payload(), text(vector, "payload_utf8").as_bytes());
    let signing_input = text(vector, "signing_input");
    let signature = signer.sign(signing_input.as_bytes()).unwrap();
    if vector["deterministic"] == true {
        assert_eq!(signature, hex(vector, "signature_hex"), "{algorithm}");
    } else {
        let token = format!("{signing_input}.{}", base64url::encode(signature));
        assert_eq!(verify(&token, &keys).unwrap().payload(), content.payload());
    }
    true
}

/// No key lets an unsecured token pass; only who asks for one by name may read it.
fn unsecured(vector: &Value, crypto: &CryptoProvider) -> bool {
    let token = text(vector, "compact");
    let claims: Map<String, Value> =
        read_unsecured(token, &Limits::default()).unwrap().unverified_claims().unwrap();
    assert_eq!(Value::from(claims), serde_json::from_str::<Value>(text(vector, "payload_utf8")).unwrap());
    let signed = entry(FILE, "A.1");
    let Some(keys) = keys(&jwk(&signed["jwk"]), algorithm(&signed, "alg"), crypto) else { return false };
    assert!(matches!(verify(token, &keys), Err(JwsError::UnknownAlgorithm(name)) if name.as_str() == "none"));
    true
}

/// The private key of another appendix, under the `kid` that the JSON examples give it.
fn named(id: &str, kid: &Value) -> Jwk {
    jwk(&entry(FILE, id)["jwk"]).with_kid(kid.as_str().unwrap())
}

/// Two signatures, each with its `kid` unprotected; the first is deterministic.
fn general(vector: &Value, crypto: &CryptoProvider) -> bool {
    let printed = &vector["jws"];
    // a reader of compact tokens refuses the JSON serialisation instead of guessing
    assert!(UnverifiedJws::parse(&printed.to_string(), &Limits::default()).is_err());
    let jws = Reader::default().json(&printed.to_string()).unwrap();
    let mut builder = JsonBuilder::new(text(vector, "payload_utf8").as_bytes());
    let mut key_sets = Vec::new();
    for (place, id) in ["A.2", "A.3"].into_iter().enumerate() {
        let header = &vector["complete_jose_headers"][place];
        let (key, algorithm) = (named(id, &header["kid"]), algorithm(header, "alg"));
        let (Some(keys), Some(signer)) = (keys(&key, algorithm, crypto), signing(&key, algorithm, crypto))
        else {
            return false;
        };
        let content = jws.verify(&keys).unwrap();
        assert_eq!(content.signature_index(), place);
        assert_eq!(content.payload(), text(vector, "payload_utf8").as_bytes());
        assert_eq!((content.algorithm(), content.kid()), (algorithm, key.kid()));
        assert!(content.protected().get("kid").is_none(), "what is unprotected is told apart");
        let outcomes = jws.outcomes(&keys);
        assert_eq!(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), [place == 0, place == 1]);
        let unprotected = Unprotected::new().kid();
        builder = builder.sign_with_unprotected(&HeaderParameters::new(), &unprotected, &signer).unwrap();
        key_sets.push(keys);
    }
    let all: Vec<_> = key_sets.iter().collect();
    assert_eq!(jws.verify_with_every(&all).unwrap().len(), 2);
    let text = builder.general().unwrap();
    assert_eq!(Reader::default().json(&text).unwrap().verify_with_every(&all).unwrap().len(), 2);
    let mut ours: Value = serde_json::from_str(&text).unwrap();
    // ECDSA is another one each time
    ours["signatures"][1]["signature"] = printed["signatures"][1]["signature"].clone();
    assert_eq!(&ours, printed);
    true
}

/// The second signature alone.
fn flattened(vector: &Value, crypto: &CryptoProvider) -> bool {
    let printed = &vector["jws"];
    assert!(UnverifiedJws::parse(&printed.to_string(), &Limits::default()).is_err());
    let key = named("A.3", &printed["header"]["kid"]);
    assert_eq!(key.public().unwrap(), jwk(&vector["jwk"]));
    let algorithm = algorithm(&entry(FILE, "A.3"), "alg");
    let (Some(keys), Some(signer)) = (keys(&key, algorithm, crypto), signing(&key, algorithm, crypto)) else {
        return false;
    };
    let payload = text(vector, "payload_utf8").as_bytes();
    let ours = JsonBuilder::new(payload)
        .sign_with_unprotected(&HeaderParameters::new(), &Unprotected::new().kid(), &signer)
        .unwrap()
        .flattened()
        .unwrap();
    for text in [printed.to_string(), ours.clone()] {
        assert_eq!(Reader::default().json(&text).unwrap().verify(&keys).unwrap().payload(), payload);
    }
    let mut ours: Value = serde_json::from_str(&ours).unwrap();
    ours["signature"] = printed["signature"].clone();
    assert_eq!(&ours, printed);
    true
}

fn certificates(vector: &Value, crypto: &CryptoProvider) -> bool {
    let chain = CertificateChain::from_value(&vector["x5c"]).unwrap();
    assert_eq!(chain.der().count(), 3);
    assert_eq!(chain.leaf_thumbprint(crypto), text(vector, "x5t#S256_of_leaf"));
    true
}

/// A critical extension that nobody understands, under `none` at that.
fn critical(vector: &Value) -> bool {
    // the token ends where its empty payload begins, so that it has two segments as printed
    let token = format!("{}.", text(vector, "compact"));
    assert!(read_unsecured(&token, &Limits::default()).is_err());
    let refused = UnverifiedJws::parse(&token, &Limits::default());
    assert!(matches!(
        refused,
        Err(JwsError::Header(HeaderError::CriticalNotUnderstood(name))) if name == "http://example.com/UNDEFINED"
    ));
    true
}
