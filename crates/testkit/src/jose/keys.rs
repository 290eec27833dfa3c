//! A key for every algorithm, and another one for each.

use avouch_jose::{
    EcCurve, HashAlgorithm, Jwk, JwsAlgorithm, KeyMaterial, MlDsaParameters, SecretOctets, SignatureScheme,
};
use serde_json::{Value, json};

use super::data::{self, entry, vector_file};

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
