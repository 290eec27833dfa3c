//! Decrypting with keys that are elsewhere: a KMS, an HSM, another process; here, another thread.
//!
//! ```text
//! cargo run -p avouch-jose --example remote_decrypter
//! ```
//!
//! An RSA key elsewhere is a [`KeyDecrypter`], one to agree with a [`KeyAgreement`]: they are sent the encrypted key or the
//! sender's ephemeral key, never the content. What is remote can also be away, and says so: the token is then not called
//! broken, and can be tried again.

#![allow(clippy::print_stdout, reason = "an example shows what it did")]

use std::error::Error;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use avouch_jose::crypto::{KeyAgreement, KeyDecrypter, KeyOperationError};
use avouch_jose::jwe::{self, HeaderParameters, JweError};
use avouch_jose::{
    AgreementCurve, ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, Jwk,
    KeyError, KeyMaterial, SecretOctets,
};
use avouch_jose_aws_lc::SystemRandom;
use zeroize::Zeroizing;

/// What goes to the remote side, and where the answer shall go. No answer is an outage; nothing as an answer, a failure.
enum Request {
    Decrypt(Vec<u8>, Sender<Option<Zeroizing<Vec<u8>>>>),
    Agree(KeyMaterial, Sender<Option<SecretOctets>>),
}

/// Our end of the wire, and what everybody knows of the key to agree with.
struct Remote {
    wire: Sender<Request>,
    public: KeyMaterial,
}

impl Remote {
    fn ask<T>(&self, request: impl FnOnce(Sender<Option<T>>) -> Request) -> Result<T, KeyOperationError> {
        let (answer, answered) = mpsc::channel();
        let away = || KeyOperationError::Unavailable("the remote side is gone".into());
        self.wire.send(request(answer)).map_err(|_| away())?;
        answered.recv().map_err(|_| away())?.ok_or(KeyOperationError::Failed)
    }
}

impl KeyDecrypter for Remote {
    fn decrypt(&self, encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
        self.ask(|answer| Request::Decrypt(encrypted.to_vec(), answer))
    }
}

impl KeyAgreement for Remote {
    fn public(&self) -> Result<KeyMaterial, KeyError> {
        Ok(self.public.clone())
    }

    fn agree(&self, peer: &KeyMaterial) -> Result<SecretOctets, KeyOperationError> {
        self.ask(|answer| Request::Agree(peer.clone(), answer))
    }
}

/// The remote side: has an RSA key and one to agree with, tells the public halves, and answers until nobody is left to ask.
fn remote_side(
    requests: &Receiver<Request>,
    public: &Sender<[Jwk; 2]>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let crypto = avouch_jose_aws_lc::provider();
    let rsa_pair = Jwk::new(crypto.signatures.generate(avouch_jose::JwsAlgorithm::RS256)?);
    let agreeing_pair = Jwk::generate_agreement(AgreementCurve::P256, &SystemRandom::new(), &crypto)?;
    let (KeyMaterial::Rsa(rsa_key), KeyMaterial::Ec(ec_key)) =
        (rsa_pair.material(), agreeing_pair.material())
    else {
        return Err("keys of other types were made".into());
    };
    let padding = avouch_jose::RsaPadding::OaepSha256;
    let decrypter = crypto.encryption.rsa_decrypter(padding, rsa_key)?;
    let scalar = ec_key.d().ok_or("the new key is private")?;
    let agreement = crypto.encryption.agreement(AgreementCurve::P256, scalar)?;
    let (Some(rsa), Some(agreeing)) = (rsa_pair.public(), agreeing_pair.public()) else {
        return Err("both keys have public halves".into());
    };
    public.send([rsa, agreeing])?;
    for request in requests {
        match request {
            Request::Decrypt(encrypted, answer) => answer.send(decrypter.decrypt(&encrypted).ok())?,
            Request::Agree(peer, answer) => answer.send(agreement.agree(&peer).ok())?,
        }
    }
    Ok(())
}

/// Encrypts to both keys, decrypts what came of it, and once more when the remote side is gone.
pub(crate) fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let (wire, requests) = mpsc::channel();
    let (told, public) = mpsc::channel();
    let elsewhere = thread::spawn(move || remote_side(&requests, &told));
    let [rsa, agreeing] = public.recv()?;

    let crypto = avouch_jose_aws_lc::provider();
    let enc = ContentEncryption::A256GCM;
    let write = |jwk: &Jwk, algorithm| -> Result<String, Box<dyn Error + Send + Sync>> {
        let key = EncryptionKey::prepare(jwk, algorithm, &crypto)?;
        let random = SystemRandom::new();
        Ok(jwe::encrypt_compact(&HeaderParameters::new(), b"for the vault", &key, enc, &random)?)
    };
    let (oaep, es) = (JweAlgorithm::RSA_OAEP_256, JweAlgorithm::ECDH_ES_A128KW);
    let tokens = [write(&rsa, oaep)?, write(&agreeing, es)?];

    // the secret that makes a key in place of one that cannot be decrypted is kept with the configuration
    let fallback_secret = [0x5e; 32];
    let remote = Arc::new(Remote { wire, public: agreeing.material().clone() });
    let keys = vec![
        DecryptionKey::with_decrypter(oaep, None, remote.clone(), &fallback_secret, &crypto)?,
        DecryptionKey::with_agreement(es, None, remote, &crypto)?,
    ];
    let keys = DecryptionKeys::from_keys(keys, &[enc])?;
    let reader = jwe::Reader::default();
    for token in &tokens {
        let content = reader.compact(token)?.decrypt(&keys)?;
        println!("{}: {}", content.algorithm(), String::from_utf8_lossy(content.plaintext()));
    }

    // a remote side that ends does not make tokens wrong
    let (closed, _) = mpsc::channel();
    let remote = Arc::new(Remote { wire: closed, public: agreeing.material().clone() });
    let away = DecryptionKey::with_agreement(es, None, remote, &crypto)?;
    let away = DecryptionKeys::single(away, &[enc])?;
    let [_, token] = &tokens;
    match reader.compact(token)?.decrypt(&away) {
        Err(JweError::KeyUnavailable(cause)) => println!("try again later: {cause}"),
        _ => return Err("an outage was taken for something else".into()),
    }

    // when nobody is left to ask, the remote side ends
    drop(keys);
    elsewhere.join().map_err(|_| "the remote side panicked")?
}
