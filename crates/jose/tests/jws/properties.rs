//! What holds for every input.

use avouch_jose::base64url;
use avouch_jose::jws::{
    HeaderParameters, JsonBuilder, Reader, Unprotected, sign_compact, sign_detached, sign_unencoded_detached,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use crate::support::{compact, encode, keys, mac, reader, signing_key};

/// A reader that refuses as little as it can.
fn open() -> Reader {
    reader().unencoded_payloads().unprotected_algorithm().understanding(["x", "exp"]).unwrap()
}

/// Texts that look like a JWS in JSON, or like parts of one.
fn hostile() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("payload"),
        Just("signatures"),
        Just("signature"),
        Just("protected"),
        Just("header"),
        Just("ciphertext"),
        Just("alg"),
        Just("crit"),
        Just("b64"),
        Just("x"),
    ];
    let leaf = prop_oneof![
        Just(json!("e30")),
        Just(json!("")),
        Just(json!(null)),
        Just(json!(false)),
        Just(json!("HS256")),
        Just(json!(encode(&json!({"alg": "HS256"})))),
        Just(json!(encode(&json!({"alg": "HS256", "b64": false, "crit": ["b64"]})))),
        Just(json!(mac("eyJhbGciOiJIUzI1NiJ9.e30"))),
        any::<String>().prop_map(|text| json!(text)),
    ];
    let value = leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            vec((name.clone(), inner), 0..5).prop_map(|members| members.into_iter().collect()),
        ]
    });
    prop_oneof![
        4 => value.prop_map(|value| value.to_string()),
        1 => "[{}\\[\\]:,\"a-z.\\\\]{0,60}",
        1 => any::<String>(),
    ]
}

/// Headers of which about half are accepted by a reader that understands `x`.
fn header() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{0,2}".prop_map(|kid| json!({"alg": "HS256", "kid": kid}).to_string()),
        Just(r#"{"alg":"HS256","crit":["x"],"x":1}"#.to_owned()),
        Just(r#"{"alg":"HS256","crit":["y"],"y":1}"#.to_owned()),
        Just(r#"{"alg":"HS256","crit":["b64"],"b64":true}"#.to_owned()),
        Just(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#.to_owned()),
        Just(r#"{"alg":1}"#.to_owned()),
        Just(r#"{"alg":"HS256","alg":"HS256"}"#.to_owned()),
        Just("{}".to_owned()),
    ]
}

proptest! {
    /// Proves ERR-04. No text brings a reader down, and without the key there is no verifying it.
    #[test]
    fn readers_never_panic(text in hostile(), payload in vec(any::<u8>(), 0..20)) {
        for reader in [reader(), open()] {
            let stranger = keys(&["stranger"]);
            for jws in [reader.json(&text), reader.json_detached(&text, &payload)].into_iter().flatten() {
                prop_assert!(jws.signatures().len() > 0);
                let _ = jws.unverified_payload();
                prop_assert!(jws.verify(&stranger).is_err());
                prop_assert!(jws.verify_with_every(&[&stranger]).is_err());
                prop_assert_eq!(jws.outcomes(&stranger).len(), jws.signatures().len());
            }
            for token in [text.clone(), format!("{}.{text}.AA", encode(&json!({"alg": "HS256"})))] {
                for jws in [reader.attached(&token), reader.detached(&token, &payload)].into_iter().flatten() {
                    prop_assert!(jws.verify(&stranger).is_err());
                }
                if let Ok(jws) = reader.compact(&token) {
                    let mut buffer = payload.clone();
                    prop_assert!(jws.verify_into(&stranger, &mut buffer).is_err());
                    prop_assert!(buffer.is_empty());
                }
            }
        }
    }

    /// Proves JWS-27, JWS-23. What is signed comes back in every form, and nothing else does.
    #[test]
    fn forms_round_trip(payload in vec(any::<u8>(), 0..100), value in any::<String>(), other in vec(any::<u8>(), 0..4)) {
        let (key, keys, reader) = (signing_key("1"), keys(&["1"]), open());
        let parameters = HeaderParameters::new().parameter("n", value.clone());
        let unprotected = Unprotected::new().kid().parameter("u", value.clone());
        let altered = [&payload[..], &other, b"!"].concat();

        let token = sign_compact(&parameters, &payload, &key).unwrap();
        let content = reader.compact(&token).unwrap().verify(&keys).unwrap();
        prop_assert_eq!(content.payload(), &payload[..]);
        let content = reader.attached(&token).unwrap().verify(&keys).unwrap();
        prop_assert_eq!(content.payload(), &payload[..]);

        for sign in [sign_detached, sign_unencoded_detached] {
            let token = sign(&parameters, &payload, &key).unwrap();
            let content = reader.detached(&token, &payload).unwrap().verify(&keys).unwrap();
            prop_assert_eq!(content.payload(), &payload[..]);
            prop_assert_eq!(&content.protected()["n"], &json!(value));
            prop_assert!(reader.detached(&token, &altered).unwrap().verify(&keys).is_err());
        }

        let text_payload = value.as_bytes();
        for builder in [JsonBuilder::new(text_payload), JsonBuilder::unencoded(text_payload)] {
            let one = builder.sign_with_unprotected(&parameters, &unprotected, &key).unwrap();
            let two = one.clone().sign(&parameters, &key).unwrap();
            for text in [one.clone().flattened().unwrap(), one.clone().general().unwrap(), two.clone().general().unwrap()] {
                let jws = reader.json(&text).unwrap();
                prop_assert_eq!(jws.unverified_payload().unwrap(), text_payload);
                for outcome in jws.outcomes(&keys) {
                    let content = outcome.unwrap();
                    prop_assert_eq!(content.payload(), text_payload);
                }
                let content = jws.verify(&keys).unwrap();
                prop_assert_eq!(&content.unprotected()["u"], &json!(value));
            }
            for text in [one.detached().flattened().unwrap(), two.detached().general().unwrap()] {
                let jws = reader.json_detached(&text, text_payload).unwrap();
                let content = jws.verify(&keys).unwrap();
                prop_assert_eq!(content.payload(), text_payload);
                let changed = [text_payload, b"!"].concat();
                prop_assert!(reader.json_detached(&text, &changed).unwrap().verify(&keys).is_err());
            }
        }
    }

    /// With a memory and without, whatever came before: the same header or the same refusal.
    #[test]
    fn memo_changes_nothing(headers in vec((header(), any::<bool>()), 1..12)) {
        let reader = reader().understanding(["x"]).unwrap().unencoded_payloads();
        for (header, attached) in headers {
            let encoded = base64url::encode(&header);
            let token = format!("{encoded}.e30.{}", mac(format!("{encoded}.e30")));
            let fresh = reader.clone();
            let describe = |reader: &Reader| if attached {
                format!("{:?}", reader.attached(&token).map(|jws| jws.verify(&keys(&["1"]))))
            } else {
                format!("{:?}", reader.compact(&token).map(|jws| jws.verify(&keys(&["1"]))))
            };
            prop_assert_eq!(describe(&reader), describe(&fresh));
        }
    }

    /// Proves BCP-06. Every octet of a JWS in JSON that is signed counts.
    #[test]
    fn each_part_is_signed(at in any::<prop::sample::Index>(), bit in 0..7_u8) {
        let header = json!({"alg": "HS256"});
        let token = compact(&header, "e30");
        let mut altered = token.clone().into_bytes();
        let at = at.index(altered.len());
        altered[at] ^= 1 << bit;
        let altered = String::from_utf8(altered).unwrap();
        let segments: Vec<_> = altered.splitn(3, '.').collect();
        if let [protected, payload, signature] = segments[..] {
            let jws = json!({"payload": payload, "protected": protected, "signature": signature}).to_string();
            let outcome = open().json(&jws).and_then(|jws| jws.verify(&keys(&["1"])));
            prop_assert!(outcome.is_err());
        }
    }
}
