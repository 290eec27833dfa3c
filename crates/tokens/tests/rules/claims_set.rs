//! What the claims sets of tokens look like on the wire.

use avouch_jose::NumericDate;
use avouch_jose::jwt::Audience;
use avouch_tokens::{ClaimsError, IdTokenClaims};
use avouch_types::{Acr, Amr, ClientId, Nonce, SubjectIdentifier};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::*;

fn read(claim: &str, value: Value) -> Result<IdTokenClaims, ClaimsError> {
    IdTokenClaims::from_members(with(claim, value))
}

/// Each claim of the token itself has its JSON type; a string is no number, a bare string no array, null no value.
///
/// Proves CORE-2-01, CORE-2-05, CORE-2-06, CORE-2-08, CORE-2-15, JWT-15, JWT-17, JWT-20, JWT-24.
#[test]
fn claims_of_the_token_itself_are_strict() {
    let wrong: [(&str, &[Value]); 14] = [
        ("iss", &[json!(1), json!(null), json!([ISSUER])]),
        ("sub", &[json!(248_289_761_001_u64), json!(null), json!("")]),
        ("aud", &[json!(1), json!(null), json!({"0": CLIENT}), json!([CLIENT, 1]), json!([[CLIENT]])]),
        (
            "exp",
            &[
                json!("1311281970"),
                json!(null),
                json!(true),
                json!(-1),
                json!(253_402_300_800_i64),
                json!(1e300),
            ],
        ),
        ("iat", &[json!("1311280970"), json!(null), json!(1_311_280_970_000_i64)]),
        ("nbf", &[json!("1311280970"), json!(null)]),
        ("auth_time", &[json!("1311280970"), json!(null)]),
        ("nonce", &[json!(1), json!(null), json!([NONCE]), json!("")]),
        ("acr", &[json!(0), json!(null), json!(["0"])]),
        ("amr", &[json!("pwd"), json!(null), json!([1])]),
        ("azp", &[json!(1), json!(null), json!([CLIENT]), json!(""), json!("a\u{e9}")]),
        ("at_hash", &[json!(1), json!(null)]),
        ("c_hash", &[json!(1), json!(null)]),
        ("sid", &[json!(1), json!(null)]),
    ];
    for (claim, values) in wrong {
        for value in values {
            match read(claim, value.clone()) {
                Err(ClaimsError::Invalid { claim: found, .. }) => assert_eq!(found, claim),
                other => panic!("{claim} = {value}: {other:?}"),
            }
        }
    }
    // Milliseconds taken for seconds would make a token live for ever.
    assert!(read("exp", json!(1_311_281_970.5)).is_ok());
}

/// It names the claim; so does the report of a rule, which is the error's text.
#[test]
fn an_error_does_not_show_the_value() {
    for (claim, value) in [("nonce", json!(8_675_309)), ("sid", json!(8_675_309)), ("amr", json!("8675309"))]
    {
        let error = read(claim, value).unwrap_err();
        assert_eq!(error.to_string(), format!("the claim {claim} is not valid"));
        let error = avouch_tokens::IdTokenError::Claims(error);
        assert!(!error.to_string().contains("8675309"));
    }
}

/// Members were read as JSON before, within whatever limits that reader had: none is held here.
#[test]
fn members_are_held_to_no_limits() {
    let many = vec!["pwd"; 20_000];
    assert_eq!(read("amr", json!(many)).unwrap().amr.map(|amr| amr.len()), Some(20_000));
    assert!(read("sid", json!("x".repeat(300_000))).is_ok());
}

/// 255 ASCII characters and not one more.
///
/// Proves CORE-2-02.
#[test]
fn sub_has_at_most_255_ascii_characters() {
    assert!(read("sub", json!("x".repeat(255))).is_ok());
    assert!(read("sub", json!("x".repeat(256))).is_err());
    assert!(read("sub", json!("j\u{e4}ne")).is_err());
}

/// A claim about the person may be wrong without costing the token.
#[test]
fn claims_about_the_person_are_forgiving() {
    let claims = read("email_verified", json!("true")).unwrap();
    assert_eq!(claims.claims.email_verified, None);
    assert_eq!(claims.claims.problems().len(), 1);
    assert_eq!(claims.to_members(), with("email_verified", json!("true")));
}

/// Proves CORE-2-24, CORE-2-05.
#[test]
fn absent_claims_are_not_written() {
    let claims = IdTokenClaims::new(&issuer(), "jane".parse().unwrap(), &client(), now(), seconds(600));
    assert_eq!(
        Value::Object(claims.to_members()),
        json!({"iss": ISSUER, "sub": "jane", "aud": CLIENT, "exp": NOW + 600, "iat": NOW})
    );
}

/// What is known of the person cannot speak for the token.
#[test]
fn claims_about_the_person_never_write_claims_of_the_token() {
    let mut claims = IdTokenClaims::new(&issuer(), "jane".parse().unwrap(), &client(), now(), seconds(600));
    let plain = claims.to_members();
    for name in [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "nbf",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "azp",
        "at_hash",
        "c_hash",
        "sid",
    ] {
        claims.claims.extra.insert(name.to_owned(), json!("forged"));
    }
    assert_eq!(claims.to_members(), plain);
}

#[test]
fn a_nonce_is_not_shown() {
    let claims = IdTokenClaims::from_members(good()).unwrap();
    assert!(!format!("{claims:?}").contains(NONCE));
}

fn date() -> impl Strategy<Value = NumericDate> {
    (0..253_402_300_799_i64).prop_map(at)
}

fn word() -> impl Strategy<Value = String> {
    "[!-~]{1,20}"
}

prop_compose! {
    fn claims()(
        sub in word(), aud in prop::collection::vec(word(), 0..4), exp in date(), iat in date(),
        nbf in prop::option::of(date()), auth_time in prop::option::of(date()), nonce in prop::option::of(".{1,20}"),
        acr in prop::option::of(".*"), amr in prop::option::of(prop::collection::vec(".*", 0..3)),
        azp in prop::option::of(word()), hash in prop::option::of(".*"), sid in prop::option::of(".*"),
        email in prop::option::of(".*"), extra in prop::collection::btree_map("x_[a-z]{0,6}", ".*", 0..3),
    ) -> IdTokenClaims {
        let sub = SubjectIdentifier::parse(&sub).unwrap();
        let mut claims = IdTokenClaims::new(&issuer(), sub, &client(), iat, seconds(0));
        claims.aud = Audience::from(aud);
        claims.exp = exp;
        claims.nbf = nbf;
        claims.auth_time = auth_time;
        claims.nonce = nonce.map(Nonce::new);
        claims.acr = acr.map(|acr| Acr::parse(&acr).unwrap());
        claims.amr = amr.map(|amr| amr.iter().map(|amr| Amr::parse(amr).unwrap()).collect());
        claims.azp = azp.map(|azp| ClientId::parse(&azp).unwrap());
        claims.at_hash = hash.clone();
        claims.c_hash = hash;
        claims.sid = sid;
        claims.claims.email = email;
        claims.claims.extra = extra.into_iter().map(|(name, value)| (name, value.into())).collect();
        claims
    }
}

proptest! {
    /// Nothing is lost between two parties.
    #[test]
    fn round_trip(claims in claims()) {
        let text = Value::Object(claims.to_members()).to_string();
        let read = avouch_json::object(text.as_bytes(), &avouch_json::Limits::default()).unwrap();
        prop_assert_eq!(IdTokenClaims::from_members(read).unwrap(), claims);
    }

    /// No claims set makes reading panic.
    #[test]
    fn any_claim_may_be_anything(claim in prop::sample::select(vec!["iss", "sub", "aud", "exp", "amr", "nonce"]), text in ".*") {
        for value in [json!(text), json!([text]), json!({"a": text}), json!(f64::MAX), json!(i64::MIN)] {
            let _ = read(claim, value);
        }
    }
}
