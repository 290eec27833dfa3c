//! A key for every algorithm, and another one for each.

use avouch_jose::{
    ContentEncryption, EcCurve, HashAlgorithm, JweAlgorithm, Jwk, JwsAlgorithm, KeyManagement, KeyMaterial,
    MlDsaParameters, SecretOctets, SignatureScheme,
};
use serde_json::{Value, json};

use super::data::{self, entry, vector_file};
use super::jwe::Secret;

/// A private key for the algorithm, from a published vector or, where none is published (secp256k1), made for this kit.
/// Everybody knows it.
pub fn signing_key(algorithm: JwsAlgorithm) -> Jwk {
    let jwk = match algorithm.scheme() {
        SignatureScheme::Hmac(hash) => return Jwk::new(secret(hash, 0x5a)),
        SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => {
            data::json(vector_file!("rfc7520/jwk/3_4.rsa_private_key.json"))
        }
        SignatureScheme::Ecdsa(EcCurve::P256, _) => {
            entry(vector_file!("rfc7515-appendix.json"), "A.3")["jwk"].clone()
        }
        SignatureScheme::Ecdsa(EcCurve::P384, _) => {
            let mut jwk =
                data::json(vector_file!("rfc7520/jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm.json"))
                    ["input"]["key"]
                    .clone();
            jwk["use"] = "sig".into();
            jwk
        }
        SignatureScheme::Ecdsa(EcCurve::P521, _) => {
            data::json(vector_file!("rfc7520/jwk/3_2.ec_private_key.json"))
        }
        SignatureScheme::Ecdsa(EcCurve::Secp256k1, _) => json!({
            "kty": "EC", "crv": "secp256k1",
            "x": "6k_-icjW1NbKGbJVorMuUGwt2aZ539srI3hGJgMO1HQ",
            "y": "SbmD7DwVj9_rdm3Erl7QEYQfa81uT1PPq5f3AHeY-BI",
            "d": "kzWsi6O4b0T6DGxLd89EBCkeo4mdk6_7cyvvYGG2z64",
        }),
        SignatureScheme::Ed25519 => entry(vector_file!("rfc8037-okp.json"), "A.1-A.5")["jwk"].clone(),
        // RFC 8032, section 7.4, "Blank"
        SignatureScheme::Ed448 => json!({
            "kty": "OKP", "crv": "Ed448",
            "x": "X9dEm1m0Yf0s54fsYWrUah2hNCSFpw4fig6nXYDpZ3jt8SR2m0bHBhvWeD3x5Q9s0foavq_oJWGA",
            "d": "bIKlYsuAjRDWMr6JyFE-v2ySnzTd-oyfY8mWDvbjSKNSjIo_zC8ETjmj_FuUSS-PAy51SaIAmPlb",
        }),
        SignatureScheme::MlDsa(parameters) => ml_dsa(parameters),
        scheme => panic!("{scheme:?}: the kit has no key"),
    };
    data::jwk(&jwk)
}

fn secret(hash: HashAlgorithm, octet: u8) -> KeyMaterial {
    KeyMaterial::Oct(SecretOctets::new(vec![octet; hash.output_len()]))
}

fn ml_dsa(parameters: MlDsaParameters) -> Value {
    entry(vector_file!("rfc9964-ml-dsa.json"), parameters.algorithm().name())["jwk"].clone()
}

/// What a recipient may have for the algorithm: one key, or one on each curve that the registry knows and somebody has
/// published a key of.
pub(super) fn encryption_secrets(algorithm: JweAlgorithm, encryption: ContentEncryption) -> Vec<Secret> {
    let oct = |octets: usize| {
        let octets = (0..octets).map(|at| at as u8).collect();
        Jwk::new(KeyMaterial::Oct(SecretOctets::new(octets)))
    };
    match algorithm.scheme() {
        KeyManagement::Rsa(_) => {
            let example = vector_file!("rfc7520/jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json");
            vec![Secret::Key(data::jwk(&data::json(example)["input"]["key"]))]
        }
        KeyManagement::KeyWrap(size) | KeyManagement::GcmKeyWrap(size) => {
            vec![Secret::Key(oct(size.key_len()))]
        }
        KeyManagement::Direct => vec![Secret::Key(oct(encryption.key_len()))],
        KeyManagement::Agreement | KeyManagement::AgreementWithKeyWrap(_) => {
            agreement_keys().into_iter().map(Secret::Key).collect()
        }
        KeyManagement::Password(..) => vec![Secret::Password(b"Thus from my lips, by yours".to_vec(), 1000)],
        scheme => panic!("{scheme:?}: the kit has no key"),
    }
}

/// Private keys to agree with: on P-256, P-384, P-521 and X25519. Everybody knows them.
pub fn agreement_keys() -> [Jwk; 4] {
    let p384 = vector_file!(
        "rfc7520/jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm.json"
    );
    let mut p521 = data::json(vector_file!("rfc7520/jwk/3_2.ec_private_key.json"));
    p521["use"] = "enc".into();
    let x25519 = entry(vector_file!("rfc8037-okp.json"), "cookbook/curve25519-ecdh-es");
    [
        entry(vector_file!("rfc7518-appendix-c-concat-kdf.json"), "C")["recipient_jwk"].clone(),
        data::json(p384)["input"]["key"].clone(),
        p521,
        x25519["data"]["input"]["key"].clone(),
    ]
    .map(|jwk| data::jwk(&jwk))
}
