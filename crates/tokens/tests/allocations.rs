//! What verifying an ID Token allocates: counted, so that no clock is needed to see a loss.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::alloc::System;

use avouch_jose::jws::{HeaderParameters, UnverifiedJws, sign_compact};
use avouch_jose::{
    Jwk, JwkSet, JwsAlgorithm, Limits, NumericDate, Selection, SigningKey, VerifyingKey, VerifyingKeys,
};
use avouch_tokens::{IdTokenError, IdTokenExpectations, IdTokenVerifier};
use avouch_types::Nonce;
use serde_json::{Map, Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SECRET: &[u8] = b"a shared secret of forty-eight octets, no fewer!";
const NOW: i64 = 1_790_000_000;

/// The least of several runs: whatever else the process does in the meantime only adds.
fn allocated(mut work: impl FnMut()) -> Stats {
    work();
    let runs = (0..8).map(|_| {
        let region = Region::new(ALLOCATOR);
        work();
        region.change()
    });
    runs.min_by_key(|stats| stats.allocations + stats.reallocations).unwrap()
}

fn count(work: impl FnMut()) -> usize {
    let stats = allocated(work);
    stats.allocations + stats.reallocations
}

/// Twenty claims as a large provider sends them.
fn claims() -> Map<String, Value> {
    let claims = json!({
        "iss": "https://op.example.com", "sub": "248289761001-5f3c", "aud": "s6BhdRkqt3", "exp": NOW + 600, "iat": NOW,
        "auth_time": NOW - 60, "nonce": "n-0S6_WzA2Mj", "acr": "urn:mace:incommon:iap:silver", "amr": ["pwd", "otp"],
        "sid": "08a5019c-17e1-4977-8f42-65a12843ea02", "name": "Jane Doe", "given_name": "Jane", "family_name": "Doe",
        "preferred_username": "j.doe", "email": "janedoe@example.com", "email_verified": true,
        "picture": "https://example.com/janedoe/me.jpg", "locale": "en-US", "zoneinfo": "Europe/Zurich",
        "updated_at": NOW - 86_400
    });
    claims.as_object().unwrap().clone()
}

fn with_more(count: usize) -> Map<String, Value> {
    let mut claims = claims();
    claims.extend((0..count).map(|i| (format!("https://example.com/claim/{i}"), json!(i))));
    claims
}

struct Case {
    verifier: IdTokenVerifier,
    keys: VerifyingKeys,
    token: String,
    nonce: Nonce,
}

impl Case {
    fn new(claims: Map<String, Value>) -> Self {
        let (crypto, algorithm) = (avouch_jose_ring::provider(), JwsAlgorithm::HS256);
        let key = SigningKey::hmac_secret(SECRET, algorithm, &crypto).unwrap();
        let payload = Value::Object(claims).to_string();
        let verifier =
            IdTokenVerifier::new("https://op.example.com".parse().unwrap(), "s6BhdRkqt3".parse().unwrap());
        let limits = Limits::default().with_token_bytes(1 << 20);
        Self {
            verifier: verifier.algorithm(algorithm).limits(limits),
            keys: VerifyingKeys::single(VerifyingKey::hmac_secret(SECRET, algorithm, &crypto).unwrap()),
            token: sign_compact(&HeaderParameters::new().typ("JWT"), payload.as_bytes(), &key).unwrap(),
            nonce: Nonce::new("n-0S6_WzA2Mj"),
        }
    }

    fn borrowed(&self) -> Stats {
        let (crypto, now) = (avouch_jose_ring::provider(), NumericDate::from_seconds(NOW).unwrap());
        let expectations = IdTokenExpectations::for_nonce(&self.nonce);
        let mut buffer = Vec::new();
        allocated(|| {
            let verified =
                self.verifier.verify_into(&self.token, &self.keys, &expectations, now, &crypto, &mut buffer);
            assert_eq!(verified.unwrap().sub(), "248289761001-5f3c");
        })
    }

    fn owned(&self) -> Stats {
        let (crypto, now) = (avouch_jose_ring::provider(), NumericDate::from_seconds(NOW).unwrap());
        let expectations = IdTokenExpectations::for_nonce(&self.nonce);
        allocated(|| {
            let verified = self.verifier.verify(&self.token, &self.keys, &expectations, now, &crypto);
            assert_eq!(verified.unwrap().sub.as_str(), "248289761001-5f3c");
        })
    }
}

/// One test, since the counter is the whole process's.
#[test]
fn allocations() {
    borrowed_claims_allocate_nothing();
    owned_claims_allocate_what_they_keep();
    refusals_allocate_no_more();
    growth_is_linear();
    one_key_of_a_thousand_is_selected_without_allocation();
}

fn borrowed_claims_allocate_nothing() {
    for more in [0, 12] {
        let stats = Case::new(with_more(more)).borrowed();
        assert_eq!((stats.allocations, stats.reallocations), (0, 0), "{} claims", 20 + more);
    }
    // beyond 32 claims, the scan keeps them on the heap and sorts their names
    let stats = Case::new(with_more(13)).borrowed();
    assert!((1..=4).contains(&(stats.allocations + stats.reallocations)), "{stats:?}");
}

/// Sixteen for the claims: 14 texts, the list of `amr`, whose two are registered words, and the list of `aud`; one for the
/// payload.
fn owned_claims_allocate_what_they_keep() {
    let stats = Case::new(claims()).owned();
    assert_eq!((stats.allocations, stats.reallocations), (17, 0), "{stats:?}");
}

fn refusals_allocate_no_more() {
    let mut case = Case::new(claims());
    let last = if case.token.ends_with('A') { "E" } else { "A" };
    case.token.replace_range(case.token.len() - 1.., last);
    let (crypto, now) = (avouch_jose_ring::provider(), NumericDate::from_seconds(NOW).unwrap());
    let expectations = IdTokenExpectations::for_nonce(&case.nonce);
    let mut buffer = Vec::new();
    let refused = count(|| {
        let refused =
            case.verifier.verify_into(&case.token, &case.keys, &expectations, now, &crypto, &mut buffer);
        assert!(matches!(refused, Err(IdTokenError::Signature(_))));
    });
    assert_eq!(refused, 0);
    let dots = ".".repeat(2 << 20);
    let refused = count(|| {
        let refused = case.verifier.verify(&dots, &case.keys, &expectations, now, &crypto);
        assert!(matches!(refused, Err(IdTokenError::Malformed(_))));
    });
    assert_eq!(refused, 0);
}

/// Twice as much more to read costs twice as much more.
fn growth_is_linear() {
    let long = |len: usize| {
        let mut claims = claims();
        claims.insert("profile".to_owned(), "x".repeat(len).into());
        Case::new(claims)
    };
    let [small, middle, large] = [16 << 10, 32 << 10, 64 << 10].map(|len| long(len).owned());
    assert_eq!((small.allocations, large.allocations), (18, 18), "a longer text is no further allocation");
    let (first, second) =
        (middle.bytes_allocated - small.bytes_allocated, large.bytes_allocated - middle.bytes_allocated);
    assert!(second <= 2 * first + 64, "{first} bytes more, then {second}");
    assert_eq!(long(64 << 10).borrowed().bytes_allocated, 0);

    let [few, some, many] = [100, 200, 400].map(|count| Case::new(with_more(count)).owned());
    let (first, second) = (some.allocations - few.allocations, many.allocations - some.allocations);
    assert!(second <= 2 * first + 16, "{first} allocations more, then {second}");
    let (first, second) =
        (some.bytes_allocated - few.bytes_allocated, many.bytes_allocated - some.bytes_allocated);
    assert!(second <= 5 * first / 2, "{first} bytes more, then {second}: lists double");
}

fn one_key_of_a_thousand_is_selected_without_allocation() {
    let crypto = avouch_jose_ring::provider();
    let (_, key) = SigningKey::generate(JwsAlgorithm::ED25519, None, &crypto).unwrap();
    let named = |n: usize| Jwk::new(key.material().clone()).public().unwrap().with_kid(format!("key-{n}"));
    let set: JwkSet = (0..1000).map(named).collect();
    let keys = VerifyingKeys::prepare(&set, &[JwsAlgorithm::ED25519], &crypto).unwrap();
    // {"alg":"Ed25519","kid":"key-777"}
    let token = "eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoia2V5LTc3NyJ9.e30.AA";
    let jws = UnverifiedJws::parse(token, &Limits::default()).unwrap();
    let selecting = count(|| {
        let Selection::One(key) = keys.select(jws.header()) else { panic!("not one") };
        assert_eq!(key.kid(), Some("key-777"));
    });
    assert_eq!(selecting, 0);
}
