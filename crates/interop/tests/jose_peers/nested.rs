use avouch_jose::jwt::{NestedReader, sign_then_encrypt};
use avouch_jose::{
    ContentEncryption, DecryptionKeys, JweAlgorithm, JwsAlgorithm, SigningKey, VerifyingKey, VerifyingKeys,
    base64url,
};
use avouch_testkit::jose::{agreement_keys, signing_key};
use serde_json::{Value, json};

use crate::encryption::{Recipient, rsa};
use crate::peer::{Peer, octets, private, public};

/// Signed, then encrypted, both ways, for each algorithm to sign with and each way to encrypt. How many tokens.
fn both_ways(mut peer: Peer) -> usize {
    let crypto = avouch_jose_aws_lc::provider();
    let claims = json!({"iss": "https://op.example.com", "aud": "client", "name": "Грейс"});
    let [p256, .., x25519] = agreement_keys();
    let outer = [
        (rsa(), JweAlgorithm::RSA_OAEP_256, ContentEncryption::A256GCM),
        (p256, JweAlgorithm::ECDH_ES_A128KW, ContentEncryption::A128CBC_HS256),
        (x25519, JweAlgorithm::ECDH_ES, ContentEncryption::A256CBC_HS512),
    ];
    let mut tokens = 0;
    for signing in [JwsAlgorithm::HS256, JwsAlgorithm::RS256, JwsAlgorithm::ES384, JwsAlgorithm::ED25519] {
        let jwk = signing_key(signing);
        let signer = SigningKey::prepare(&jwk, signing, &crypto).unwrap();
        let verifying = VerifyingKeys::single(VerifyingKey::prepare(&jwk, signing, &crypto).unwrap());
        for (key, algorithm, encryption) in &outer {
            let what = format!("{} {signing} {algorithm}", peer.name());
            let recipient = Recipient::new(key, *algorithm, *encryption);
            let random = avouch_jose_aws_lc::SystemRandom::new();
            let ours =
                sign_then_encrypt(&signer, Some("JWT"), &claims, &recipient.encrypting, *encryption, &random)
                    .unwrap();
            let inner = peer.get(&json!({
                "op": "jwe.decrypt", "alg": algorithm, "enc": encryption, "jwk": recipient.private,
                "form": "compact", "token": ours,
            }));
            let inner = String::from_utf8(octets(&inner["plaintext"])).unwrap();
            let payload = peer.get(&json!({
                "op": "jws.verify", "alg": signing, "jwk": public(&jwk), "form": "compact", "token": inner,
            }));
            let told: Value = serde_json::from_slice(&octets(&payload["payload"])).unwrap();
            assert_eq!(told, claims, "{what}");
            tokens += 1;

            let inner = peer.get(&json!({
                "op": "jws.sign", "alg": signing, "jwk": private(&jwk), "form": "compact",
                "payload": base64url::encode(claims.to_string()), "header": {"typ": "JWT"},
            }));
            let theirs = peer.get(&json!({
                "op": "jwe.encrypt", "alg": algorithm, "enc": encryption, "jwk": recipient.public,
                "form": "compact", "plaintext": base64url::encode(inner.as_str().unwrap()),
                "header": {"cty": "JWT"},
            }));
            let decrypting = DecryptionKeys::single(recipient.decrypting, &[*encryption]).unwrap();
            let content =
                NestedReader::default().verify(theirs.as_str().unwrap(), &decrypting, &verifying).unwrap();
            assert_eq!(serde_json::from_slice::<Value>(content.payload()).unwrap(), claims, "{what}");
            tokens += 1;
        }
    }
    tokens
}

#[test]
fn jose_both_ways() {
    assert_eq!(both_ways(Peer::jose()), 4 * 3 * 2);
}

#[test]
fn joserfc_both_ways() {
    assert_eq!(both_ways(Peer::joserfc()), 4 * 3 * 2);
}
