use avouch_jose::crypto::{CryptoProvider, EncryptionPrimitive};
use avouch_jose::jwe::{HeaderParameters, encrypt_compact};
use avouch_jose::{AgreementCurve, ContentScheme, KeyManagement, base64url};
use serde_json::Value;

use crate::jose::data::{entries, entry, hex, jwk, text, vector_file};
use crate::jose::jwe::{
    Sealed, Secret, content_encryption, decrypt, decrypting, encrypting, management, open_by_hand,
};
use crate::jose::run::{Tally, prepared};
use crate::jose::script::ScriptedRandom;

/// [RFC 7518](https://www.rfc-editor.org/rfc/rfc7518), appendix B: AES-CBC with HMAC, by the backend's primitives.
pub fn rfc7518_cbc_hmac(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(vector_file!("rfc7518-appendix-b-aes-cbc-hmac.json")) {
        tally.count(cbc_hmac(&vector, crypto));
    }
    tally
}

fn cbc_hmac(vector: &Value, crypto: &CryptoProvider) -> bool {
    let encryption = content_encryption(vector, "enc");
    let ContentScheme::CbcHmac(size, hash) = encryption.scheme() else { panic!("{encryption}") };
    let has = |primitive| crypto.encryption.supports(primitive);
    let cipher = crypto.encryption.aes_cbc(size, &hex(vector, "enc_key_hex"));
    let cipher = prepared(has(EncryptionPrimitive::AesCbc(size)), cipher, encryption.name());
    let (iv, ciphertext) = (hex(vector, "iv_hex"), hex(vector, "e_hex"));
    let aad = hex(vector, "a_hex");
    let parts: [&[u8]; 4] = [&aad, &iv, &ciphertext, &hex(vector, "al_hex")];
    let mut mac = hex(vector, "m_hex");
    mac.fill(0);
    let made = crypto.encryption.hmac(hash, &hex(vector, "mac_key_hex"), &parts, &mut mac);
    let made = prepared(has(EncryptionPrimitive::Hmac(hash)), made, encryption.name());
    let (Some(cipher), Some(())) = (cipher, made) else { return false };
    assert_eq!(mac, hex(vector, "m_hex"));
    assert_eq!(cipher.encrypt(iv[..].try_into().unwrap(), &hex(vector, "p_hex")).unwrap(), ciphertext);
    let tag = hex(vector, "t_hex");
    let sealed = Sealed { iv: &iv, aad: &aad, ciphertext: &ciphertext, tag: &tag };
    let content = open_by_hand(encryption, &hex(vector, "k_hex"), &sealed, crypto);
    assert_eq!(content, Some(hex(vector, "p_hex")));
    true
}

/// [RFC 7518](https://www.rfc-editor.org/rfc/rfc7518), appendix C: the keys that Concat KDF derives, seen from outside: what
/// we encrypt with the published ephemeral key is opened by hand with the published derived key. Twelve neighbours of the
/// printed example have other algorithms and lengths, with and without `apu` and `apv`.
pub fn rfc7518_concat_kdf(crypto: &CryptoProvider) -> Tally {
    let file = vector_file!("rfc7518-appendix-c-concat-kdf.json");
    let printed = entry(file, "C");
    let mut tally = Tally::default();
    for vector in entries(file) {
        tally.count(concat_kdf(&vector, &printed, crypto));
    }
    tally
}

fn concat_kdf(vector: &Value, printed: &Value, crypto: &CryptoProvider) -> bool {
    let (ephemeral, recipient) = (jwk(&printed["ephemeral_jwk"]), jwk(&printed["recipient_jwk"]));
    let (algorithm, encryption) = (management(vector, "alg"), content_encryption(vector, "enc"));
    let secret = Secret::Key(recipient.clone());
    let keys = decrypting(&secret, algorithm, encryption, crypto);
    let key = encrypting(&secret, algorithm, encryption, crypto);
    let (Some(keys), Some(key)) = (keys, key) else { return false };

    let agreement = |jwk: &avouch_jose::Jwk| {
        let avouch_jose::KeyMaterial::Ec(key) = jwk.material() else { panic!("an EC key") };
        crypto.encryption.agreement(AgreementCurve::P256, key.d().unwrap()).unwrap()
    };
    for (one, other) in [(&ephemeral, &recipient), (&recipient, &ephemeral)] {
        let shared = agreement(one).agree(&other.material().public().unwrap()).unwrap();
        assert_eq!(shared.expose(), hex(vector, "z_hex"));
    }

    let party = |name: &str| {
        let text = vector["header"][name].as_str().or(vector[format!("{name}_b64u")].as_str());
        text.map(|text| base64url::decode(text).unwrap())
    };
    let mut parameters = HeaderParameters::new();
    if let Some(party) = party("apu") {
        parameters = parameters.apu(&party);
    }
    if let Some(party) = party("apv") {
        parameters = parameters.apv(&party);
    }
    let scalar = base64url::decode(text(&printed["ephemeral_jwk"], "d")).unwrap();
    let content_key: Vec<u8> = (0..encryption.key_len()).map(|at| at as u8).collect();
    let iv = vec![7; encryption.iv_len()];
    let wraps = matches!(algorithm.scheme(), KeyManagement::AgreementWithKeyWrap(_));
    let script = [scalar].into_iter().chain(wraps.then(|| content_key.clone())).chain([iv.clone()]);
    let random = ScriptedRandom::new(script);
    let token = encrypt_compact(&parameters, b"plaintext", &key, encryption, &random).unwrap();
    assert!(random.is_exhausted());

    let parts: Vec<&str> = token.split('.').collect();
    let decoded = |at: usize| base64url::decode(parts[at]).unwrap();
    let header: Value = serde_json::from_slice(&decoded(0)).unwrap();
    assert_eq!(header["epk"], serde_json::to_value(ephemeral.public().unwrap()).unwrap());
    if let Some(printed) = vector.get("header") {
        assert_eq!(&header, printed);
    }
    let derived = hex(vector, "derived_key_hex");
    let content_key = match algorithm.scheme() {
        KeyManagement::AgreementWithKeyWrap(size) => {
            let unwrapped = crypto.encryption.aes_key_wrap(size, &derived).unwrap().unwrap_key(&decoded(1));
            assert_eq!(*unwrapped.unwrap(), content_key);
            content_key
        }
        _ => derived,
    };
    let sealed = Sealed { iv: &iv, aad: parts[0].as_bytes(), ciphertext: &decoded(3), tag: &decoded(4) };
    let content = open_by_hand(encryption, &content_key, &sealed, crypto);
    assert_eq!(content.as_deref(), Some(&b"plaintext"[..]), "{}", vector["id"]);
    assert_eq!(decrypt(&token.into(), &keys).unwrap().plaintext(), b"plaintext");
    true
}
