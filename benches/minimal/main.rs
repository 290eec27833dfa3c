//! Verifies the ID Token in standard input, line 2, by the JWK Set in line 1:
//! `avouch-minimal ISSUER CLIENT_ID NONCE < input`.

use std::error::Error;
use std::io::BufRead as _;
use std::time::SystemTime;

use avouch_jose::{JwkSet, JwsAlgorithm, Limits, NumericDate, VerifyingKeys};
use avouch_jose_ring::VerifyOnly;
use avouch_tokens::{IdTokenExpectations, IdTokenVerifier};
use avouch_types::Nonce;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(issuer), Some(client_id), Some(nonce)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: avouch-minimal ISSUER CLIENT_ID NONCE < JWK Set, newline, ID Token".into());
    };
    let mut lines = std::io::stdin().lock().lines();
    let (Some(key_set), Some(token)) = (lines.next().transpose()?, lines.next().transpose()?) else {
        return Err("a JWK Set and an ID Token are wanted, a line each".into());
    };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let now = NumericDate::from_seconds(i64::try_from(now)?)?;

    let crypto = VerifyOnly::new().rsa().provider();
    let key_set = JwkSet::from_json(key_set.as_bytes(), &Limits::default())?;
    let keys = VerifyingKeys::prepare(&key_set, &[JwsAlgorithm::RS256], &crypto)?;
    let verifier = IdTokenVerifier::new(issuer.parse()?, client_id.parse()?);
    let nonce = Nonce::new(nonce);
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let id_token = verifier.verify(token.trim(), &keys, &expectations, now, &crypto)?;
    println!("{}", id_token.sub.as_str());
    Ok(())
}
