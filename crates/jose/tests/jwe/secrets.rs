//! What nobody gets to see.

use avouch_jose::jwe::{DecryptedContent, HeaderParameters, JweError, PasswordLimits, encrypt_compact};
use avouch_jose::{DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, base64url};

use crate::support::{
    ENC, KEY, SystemRandom, crypto, direct_keys, jwk, oct, open, open_direct, pair, reader, token, with,
};

const HEADER: &str = r#"{"alg":"dir","enc":"A128GCM"}"#;

fn reveals(shown: &str, secret: &[u8]) -> bool {
    let text = String::from_utf8_lossy(secret).into_owned();
    shown.contains(&text)
        || shown.contains(&base64url::encode(secret))
        || shown.contains(&format!("{secret:?}"))
}

/// Proves ERR-03, JWK-21. Neither keys nor passwords nor plaintext nor tokens are shown.
#[test]
fn debug_shows_no_secret() {
    let token = token(HEADER);
    let content: DecryptedContent = open_direct(&token).unwrap();
    let secret = jwk(&with(oct(&KEY), "kid", "1"));
    let decrypting = DecryptionKey::direct(&secret, ENC, &crypto()).unwrap();
    let encrypting = EncryptionKey::direct(&secret, ENC, &crypto()).unwrap();
    let alg = JweAlgorithm::PBES2_HS256_A128KW;
    let password = DecryptionKey::password(b"plaintext", alg, PasswordLimits::default(), &crypto()).unwrap();
    let jwe = reader().compact(&token).unwrap();
    let shown = format!("{content:?} {decrypting:?} {encrypting:?} {password:?} {jwe:?} {:?}", direct_keys());
    // the name of a field
    let shown = shown.replace("plaintext_len", "");
    assert!(shown.contains("A128GCM") && shown.contains("kid: Some(\"1\")"));
    for secret in [&KEY[..], b"plaintext"] {
        assert!(!reveals(&shown, secret), "{shown}");
    }
    for segment in token.split('.').filter(|segment| !segment.is_empty()) {
        assert!(!shown.contains(segment));
    }
}

/// Proves ERR-01, ERR-03. An error has neither a cause nor a detail beyond what the sender could see himself.
#[test]
fn errors_show_no_secret() {
    let (_, keys) = pair(JweAlgorithm::A128KW, ENC);
    let (encrypting, _) = pair(JweAlgorithm::A128KW, ENC);
    let written =
        encrypt_compact(&HeaderParameters::new(), b"plaintext", &encrypting, ENC, &SystemRandom::new())
            .unwrap();
    let mut broken = written.clone();
    broken.replace_range(
        written.len() - 4..written.len() - 3,
        if &written[written.len() - 4..written.len() - 3] == "A" { "B" } else { "A" },
    );
    let error = open(&broken, &keys).unwrap_err();
    assert!(matches!(error, JweError::DecryptionFailed));
    assert_eq!(format!("{error:?} {error}"), "DecryptionFailed it could not be decrypted");
    let other =
        DecryptionKey::prepare(&jwk(&with(oct(&KEY), "kid", "1")), JweAlgorithm::A128KW, &crypto()).unwrap();
    let other = DecryptionKeys::from_keys(vec![other.clone(), other.with_kid("2")], &[ENC]).unwrap();
    let error = open(&written, &other).unwrap_err();
    assert!(matches!(error, JweError::SeveralMatchingKeys { .. }));
    let shown = format!("{error:?} {error}");
    assert!(!reveals(&shown, &KEY) && !written.split('.').any(|segment| shown.contains(segment)));
}

/// Keys and readers go to other threads.
#[test]
fn shared_between_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    shared(&direct_keys());
    shared(&reader());
    shared(&EncryptionKey::direct(&jwk(&oct(&KEY)), ENC, &crypto()).unwrap());
}
