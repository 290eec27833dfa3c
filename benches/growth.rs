//! Asserts by counting instructions under callgrind that work grows no faster than its input.
//!
//! `cargo build --release -p avouch-benches --bin growth && target/release/growth`. The program starts itself under
//! valgrind, once per measurement: `growth CASE SIZE ROUNDS` does the work and nothing else. What start-up and
//! preparation cost is taken off by measuring with two numbers of rounds.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a measurement, not a library")]

use std::hint::black_box;
use std::process::{Command, ExitCode};

use avouch_benches::{Material, SECRET, Signature};
use avouch_jose::{JwkSet, JwsAlgorithm, Limits, VerifyingKey, VerifyingKeys, base64url, jwe, jws};

/// The factor that a doubling of the input may cost.
const DOUBLING: f64 = 2.2;

/// One kind of work, by the size of its input.
struct Case {
    name: &'static str,
    sizes: (usize, usize),
    /// How many times the instructions of the first size those of the second may be.
    factor: f64,
    prepare: fn(usize) -> Box<dyn FnMut()>,
}

const CASES: [Case; 8] = [
    Case { name: "verify", sizes: (8 << 10, 16 << 10), factor: DOUBLING, prepare: verify },
    Case { name: "verify-members", sizes: (100, 200), factor: DOUBLING, prepare: verify_members },
    Case { name: "refuse-wrong-mac", sizes: (8 << 10, 16 << 10), factor: DOUBLING, prepare: wrong_mac },
    Case { name: "refuse-bad-header", sizes: (2 << 10, 4 << 10), factor: DOUBLING, prepare: bad_header },
    Case { name: "refuse-json-signatures", sizes: (4, 8), factor: DOUBLING, prepare: json_signatures },
    Case { name: "decrypt", sizes: (8 << 10, 16 << 10), factor: DOUBLING, prepare: decrypt },
    // by `kid`, at the cost of one
    Case { name: "select-among-keys", sizes: (1, 1000), factor: 1.2, prepare: select },
    // past the budget the length does not matter
    Case { name: "refuse-dots", sizes: (1 << 17, 1 << 20), factor: 1.1, prepare: dots },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [name, size, rounds] = arguments.as_slice() {
        let case = CASES.iter().find(|case| case.name == name).unwrap();
        let mut work = (case.prepare)(size.parse().unwrap());
        for _ in 0..rounds.parse().unwrap() {
            work();
        }
        return ExitCode::SUCCESS;
    }
    let mut all_well = true;
    for case in &CASES {
        let (small, large) = (cost(case.name, case.sizes.0), cost(case.name, case.sizes.1));
        let factor = large / small;
        let well = factor <= case.factor;
        all_well &= well;
        println!(
            "{:24} {:>8} -> {:>8}: {small:>10.0} -> {large:>10.0} instructions, {factor:.2} times (at most {}){}",
            case.name,
            case.sizes.0,
            case.sizes.1,
            case.factor,
            if well { "" } else { ": TOO MUCH" },
        );
    }
    if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Instructions of one round.
fn cost(name: &str, size: usize) -> f64 {
    let (few, many) = (1, 11);
    (instructions(name, size, many) - instructions(name, size, few)) / f64::from(many - few)
}

fn instructions(name: &str, size: usize, rounds: u32) -> f64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().unwrap())
        .args([name, &size.to_string(), &rounds.to_string()])
        .output()
        .unwrap_or_else(|error| panic!("valgrind could not be started: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let collected = text.lines().find_map(|line| line.split_once("Collected : ")).unwrap().1;
    collected.trim().parse().unwrap()
}

fn keys() -> VerifyingKeys {
    let crypto = avouch_jose_ring::provider();
    let key = VerifyingKey::hmac_secret(SECRET.as_bytes(), JwsAlgorithm::HS256, &crypto).unwrap();
    VerifyingKeys::single(key)
}

fn signed(payload: &str) -> String {
    let crypto = avouch_jose_ring::provider();
    let key = Material::new().signing_key(Signature::Hs256, &crypto);
    jws::sign_compact(&jws::HeaderParameters::new(), payload.as_bytes(), &key).unwrap()
}

/// Reads a compact token with each check there is, as far as it goes.
fn read(token: String, accepted: bool) -> Box<dyn FnMut()> {
    let (keys, limits) = (keys(), Limits::default());
    Box::new(move || {
        let jws = jws::UnverifiedJws::parse(black_box(&token), &limits);
        let claims = jws.and_then(|jws| jws.verify(&keys)).ok().map(|content| {
            avouch_jose::jwt::read_claims::<serde_json::Map<String, serde_json::Value>>(&content).unwrap()
        });
        assert_eq!(claims.is_some(), accepted);
    })
}

fn verify(size: usize) -> Box<dyn FnMut()> {
    read(signed(&format!(r#"{{"name":"{}"}}"#, "x".repeat(size))), true)
}

fn verify_members(count: usize) -> Box<dyn FnMut()> {
    let members: Vec<String> =
        (0..count).map(|place| format!(r#""claim-{place:05}":"value"#) + "\"").collect();
    read(signed(&format!("{{{}}}", members.join(","))), true)
}

fn wrong_mac(size: usize) -> Box<dyn FnMut()> {
    let token = signed(&format!(r#"{{"name":"{}"}}"#, "x".repeat(size)));
    let (input, _) = token.rsplit_once('.').unwrap();
    read(format!("{input}.{}", base64url::encode([0; 32])), false)
}

fn bad_header(size: usize) -> Box<dyn FnMut()> {
    let header = format!(r#"{{"alg":"HS256","crit":["x"],"x":"{}"}}"#, "x".repeat(size));
    read(format!("{}.e30.{}", base64url::encode(header), base64url::encode([0; 32])), false)
}

fn json_signatures(count: usize) -> Box<dyn FnMut()> {
    let signature =
        r#"{"protected":"eyJhbGciOiJIUzI1NiJ9","signature":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let text = format!(r#"{{"payload":"e30","signatures":[{}]}}"#, vec![signature; count].join(","));
    let (keys, reader) = (keys(), jws::Reader::new(Limits::default()));
    Box::new(move || assert!(reader.json(black_box(&text)).unwrap().verify(&keys).is_err()))
}

fn decrypt(size: usize) -> Box<dyn FnMut()> {
    use avouch_jose::{ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, Jwk};
    let (crypto, enc) = (avouch_jose_ring::provider(), ContentEncryption::A256GCM);
    let json = format!(r#"{{"kty":"oct","k":"{}"}}"#, base64url::encode([7; 32]));
    let jwk = Jwk::from_json(json.as_bytes(), &Limits::default()).unwrap();
    let key = EncryptionKey::direct(&jwk, enc, &crypto).unwrap();
    let (parameters, random) = (jwe::HeaderParameters::new(), avouch_jose_ring::SystemRandom::new());
    let token = jwe::encrypt_compact(&parameters, "x".repeat(size).as_bytes(), &key, enc, &random).unwrap();
    let keys = DecryptionKeys::single(DecryptionKey::direct(&jwk, enc, &crypto).unwrap(), &[enc]).unwrap();
    let reader = jwe::Reader::new(Limits::default());
    Box::new(move || assert!(reader.compact(black_box(&token)).unwrap().decrypt(&keys).is_ok()))
}

fn select(count: usize) -> Box<dyn FnMut()> {
    let (material, crypto) = (Material::new(), avouch_jose_ring::provider());
    let jwk = material.public(Signature::EdDsa).unwrap();
    let set = (0..count).map(|place| jwk.clone().with_kid(format!("key-{place}"))).collect::<JwkSet>();
    let keys = VerifyingKeys::prepare(&set, &[JwsAlgorithm::EDDSA], &crypto).unwrap();
    assert_eq!(keys.keys().len(), count);
    // the last of them, and a signature that is refused for its length: the selection is what is counted
    let header = format!(r#"{{"alg":"EdDSA","kid":"key-{}"}}"#, count - 1);
    let token = format!("{}.e30.AA", base64url::encode(header));
    let limits = Limits::default();
    Box::new(move || {
        let jws = jws::UnverifiedJws::parse(black_box(&token), &limits).unwrap();
        assert!(matches!(jws.verify(&keys), Err(jws::JwsError::SignatureInvalid)));
    })
}

fn dots(size: usize) -> Box<dyn FnMut()> {
    read(".".repeat(size), false)
}
