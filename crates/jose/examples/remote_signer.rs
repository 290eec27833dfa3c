//! Signing with a key that is elsewhere: a KMS, an HSM, another process; here, another thread.
//!
//! ```text
//! cargo run -p avouch-jose --example remote_signer
//! ```
//!
//! There are two ways. Where waiting is no trouble, the remote key is a [`Signer`], and [`SigningKey`] hides that it is
//! remote. Where it is, as in an async program, [`SigningInput`] gives out the octets to sign, is kept while they travel,
//! and takes the signature when it comes: nothing in the crate waits, and no runtime is asked for.

#![allow(clippy::print_stdout, reason = "an example shows what it did")]

use std::error::Error;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use avouch_jose::crypto::{SignFailed, Signer};
use avouch_jose::jws::{HeaderParameters, SigningInput, UnverifiedJws};
use avouch_jose::{Jwk, JwkSet, JwsAlgorithm, Limits, SigningKey, VerifyingKeys, jwt};

/// What goes to the remote side: the octets to sign, and where the signature shall go.
struct Request {
    input: Vec<u8>,
    answer: Sender<Vec<u8>>,
}

/// Our end of the wire.
struct Remote(Sender<Request>);

impl Remote {
    /// Sends octets on their way; the signature will come to the receiver.
    fn send(&self, input: &[u8]) -> Result<Receiver<Vec<u8>>, SignFailed> {
        let (answer, signature) = mpsc::channel();
        let request = Request { input: input.to_vec(), answer };
        self.0.send(request).map_err(|_| SignFailed::new("the remote side is gone"))?;
        Ok(signature)
    }
}

/// The first way: send and wait.
impl Signer for Remote {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        self.send(input)?.recv().map_err(SignFailed::new)
    }
}

/// The remote side: makes a key that never leaves it, tells the public half, and answers requests until nobody is left to
/// ask. A KMS would answer with an ECDSA signature in DER; it has to be turned into R and S side by side before it gets
/// here, and one that was not is refused by its length.
fn remote_side(
    requests: &Receiver<Request>,
    public: &Sender<Jwk>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let crypto = avouch_jose_ring::provider();
    let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("remote-1"), &crypto)?;
    public.send(key.public_jwk().cloned().ok_or("ES256 has public keys")?)?;
    for Request { input, answer } in requests {
        answer.send(key.sign(&input)?)?;
    }
    Ok(())
}

/// Signs in both ways and verifies what came of it.
pub(crate) fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let (wire, requests) = mpsc::channel();
    let (told, public) = mpsc::channel();
    let elsewhere = thread::spawn(move || remote_side(&requests, &told));
    let public: Jwk = public.recv()?;

    // what relying parties see: the public half, as of any key
    let published: JwkSet = [public.clone()].into_iter().collect();
    let keys = VerifyingKeys::prepare(&published, &[JwsAlgorithm::ES256], &avouch_jose_ring::provider())?;
    let claims = serde_json::json!({"iss": "https://issuer.example", "sub": "joe"});

    // 1: a signer like any other, wherever a signing key is asked for
    let remote = Arc::new(Remote(wire));
    let key = SigningKey::with_signer(JwsAlgorithm::ES256, Some("remote-1"), remote.clone())
        .with_public_jwk(&public)?;
    let token = jwt::sign_claims(&key, Some("at+jwt"), &claims)?;
    let content = UnverifiedJws::parse(&token, &Limits::default())?.verify(&keys)?;
    println!("signed by {:?}, waiting: {} octets", content.kid(), token.len());

    // 2: in two halves, with several tokens on their way at once
    let mut on_their_way = Vec::new();
    for number in 1..=3 {
        let payload = format!(r#"{{"number":{number}}}"#);
        let input =
            SigningInput::new(&HeaderParameters::new(), payload.as_bytes(), key.algorithm(), key.kid())?;
        let signature = remote.send(input.as_bytes())?;
        on_their_way.push((input, signature));
    }
    for (input, signature) in on_their_way {
        let token = input.finish(&signature.recv()?)?;
        let content = UnverifiedJws::parse(&token, &Limits::default())?.verify(&keys)?;
        println!("signed by {:?}, in halves: {}", content.kid(), String::from_utf8_lossy(content.payload()));
    }

    // when nobody is left to ask, the remote side ends
    drop((key, remote));
    elsewhere.join().map_err(|_| "the remote side panicked")?
}
