use std::num::NonZeroU32;

use avouch_jose::crypto::{CryptoProvider, EncryptionPrimitive};
use avouch_jose::{
    AesKeySize, AgreementCurve, HashAlgorithm, JweAlgorithm, Jwk, KeyMaterial, RsaPadding, SecretOctets,
};

use crate::FixedRandom;
use crate::jose::data::{entry, hex, jwk, vector_file};
use crate::jose::jwe::Secret;
use crate::jose::keys::{agreement_keys, encryption_secrets};
use crate::jose::run::{Tally, prepared};

/// Each primitive of encryption can be prepared if and only if the backend says that it has it. Counts primitives, RSA in
/// each direction.
pub fn primitives_are_as_announced(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    let backend = &crypto.encryption;
    let mut check = |primitive: EncryptionPrimitive, outcome: Result<(), _>| {
        tally.count(prepared(backend.supports(primitive), outcome, primitive.name()).is_some());
    };
    for size in [AesKeySize::Aes128, AesKeySize::Aes192, AesKeySize::Aes256] {
        let key = vec![3; size.key_len()];
        check(EncryptionPrimitive::AesGcm(size), backend.aes_gcm(size, &key).map(drop));
        check(EncryptionPrimitive::AesCbc(size), backend.aes_cbc(size, &key).map(drop));
        check(EncryptionPrimitive::AesKeyWrap(size), backend.aes_key_wrap(size, &key).map(drop));
    }
    for hash in [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512] {
        check(EncryptionPrimitive::Hmac(hash), backend.hmac(hash, b"key", &[b"part"], &mut [0; 32]));
        let rounds = NonZeroU32::new(2).expect("not zero");
        let derived = backend.pbkdf2(hash, b"password", b"salt", rounds, &mut [0; 32]);
        check(EncryptionPrimitive::Pbkdf2(hash), derived);
    }
    let rsa = encryption_secrets(JweAlgorithm::RSA_OAEP, avouch_jose::ContentEncryption::A128GCM);
    let [Secret::Key(rsa)] = &rsa[..] else { panic!("one RSA key") };
    let KeyMaterial::Rsa(rsa) = rsa.material() else { panic!("an RSA key") };
    for padding in [
        RsaPadding::Pkcs1v15,
        RsaPadding::OaepSha1,
        RsaPadding::OaepSha256,
        RsaPadding::OaepSha384,
        RsaPadding::OaepSha512,
    ] {
        check(EncryptionPrimitive::Rsa(padding), backend.rsa_encrypter(padding, rsa).map(drop));
        check(EncryptionPrimitive::Rsa(padding), backend.rsa_decrypter(padding, rsa).map(drop));
    }
    for (curve, public, private) in keys_on_every_curve() {
        check(EncryptionPrimitive::Agreement(curve), backend.agreement(curve, &private).map(drop));
        let random = FixedRandom::new(4);
        let ephemeral = backend.agree_ephemeral(curve, &public, &random).map(drop);
        check(EncryptionPrimitive::EphemeralAgreement(curve), ephemeral);
    }
    tally
}

fn keys_on_every_curve() -> Vec<(AgreementCurve, KeyMaterial, SecretOctets)> {
    let mut keys: Vec<_> = agreement_keys().iter().map(key_on_its_curve).collect();
    // no whole pair on X448 is published: the public key of one side and the private of the other
    let example = entry(vector_file!("rfc8037-okp.json"), "A.7");
    let public: Jwk = jwk(&example["recipient_jwk"]);
    let private = SecretOctets::new(hex(&example, "ephemeral_private_hex"));
    keys.push((AgreementCurve::X448, public.material().clone(), private));
    keys
}

fn key_on_its_curve(jwk: &Jwk) -> (AgreementCurve, KeyMaterial, SecretOctets) {
    let curve = AgreementCurve::of(jwk.material()).expect("a curve to agree on");
    let private = match jwk.material() {
        KeyMaterial::Ec(key) => key.d(),
        KeyMaterial::Okp(key) => key.d(),
        _ => None,
    };
    (curve, jwk.material().public().expect("a public half"), private.expect("a private half").clone())
}
