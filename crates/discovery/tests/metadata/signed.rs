//! Signed metadata (RFC 8414 §2.1).

use avouch_discovery::{
    MetadataError, MetadataReader, MetadataRule, ProviderMetadata, Quirk, SignedMetadata,
    SignedMetadataError, SignedMetadataVerifier,
};
use avouch_jose::jwt::sign_claims;
use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, Verified, VerifyingKey, VerifyingKeys};
use avouch_types::{Issuer, UriError};
use serde_json::{Value, json};

use crate::support::*;

struct Attester {
    key: SigningKey,
    trusted: VerifyingKeys,
}

const NAME: &str = "https://attester.example";

impl Attester {
    fn new() -> Self {
        let crypto = avouch_jose_ring::provider();
        let (key, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto).unwrap();
        let trusted =
            VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto).unwrap());
        Self { key, trusted }
    }

    fn states(&self, claims: &Value) -> String {
        sign_claims(&self.key, None, claims).unwrap()
    }

    fn verify(&self, claims: &Value) -> Result<Verified<SignedMetadata>, SignedMetadataError> {
        verifier().verify(&self.states(claims), &self.trusted, now())
    }
}

fn verifier() -> SignedMetadataVerifier {
    SignedMetadataVerifier::new(&issuer()).attested_by(NAME)
}

fn now() -> NumericDate {
    NumericDate::from_seconds(1_700_000_000).unwrap()
}

fn claims(changes: Value) -> Value {
    let mut claims = json!({ "iss": NAME, "issuer": "https://op.example" });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// Proves RFC8414-2.1-03 and MET-06: the values win, each whole, and the others stay.
#[test]
fn signed_values_win() {
    let attester = Attester::new();
    let signed = attester
        .verify(&claims(json!({
            "token_endpoint": "https://op.example/signed",
            "scopes_supported": ["openid"],
            "x": "signed",
            "iat": 1_600_000_000, "jti": "1", "sub": "https://op.example",
        })))
        .unwrap();
    assert_eq!((signed.attester(), signed.issuer().as_str()), (NAME, "https://op.example"));
    let plain = with(
        json!({ "scopes_supported": ["openid", "email", 7], "x": "plain", "y": "plain", "ui_locales_supported": [7] }),
    );
    let metadata = parse(&plain).unwrap().with_signed(&signed).unwrap();
    assert_eq!(metadata.token_endpoint.as_ref().unwrap().as_str(), "https://op.example/signed");
    assert_eq!(metadata.authorization_endpoint.as_str(), "https://op.example/authorize?tenant=1");
    assert_eq!(metadata.scopes_supported.as_ref().unwrap().len(), 1);
    assert_eq!((&metadata.extra["x"], &metadata.extra["y"]), (&json!("signed"), &json!("plain")));
    for of_the_jwt in ["iss", "iat", "jti", "sub"] {
        assert!(!metadata.extra.contains_key(of_the_jwt), "{of_the_jwt}");
    }
    // what was wrong with values that count no more is not told, what was wrong with the others is
    let paths: Vec<_> = metadata.findings().iter().map(|finding| finding.path()).collect();
    assert_eq!(paths, ["ui_locales_supported[0]"]);
    // an authorization server's document too
    let server = parse_server(&plain).unwrap().with_signed(&signed).unwrap();
    assert_eq!(server.token_endpoint, metadata.token_endpoint);
}

/// Proves RFC8414-2.1-03: a signature makes no value acceptable.
#[test]
fn signed_values_are_judged_like_any_other() {
    let attester = Attester::new();
    for (changes, path, rule) in [
        (
            json!({ "jwks_uri": "http://op.example/jwks" }),
            "jwks_uri",
            MetadataRule::Url { found: "http://op.example/jwks".to_owned(), error: UriError::NotHttps },
        ),
        (json!({ "subject_types_supported": null }), "subject_types_supported", MetadataRule::Null),
    ] {
        let signed = attester.verify(&claims(changes)).unwrap();
        assert_eq!(stops(parse(&minimal()).unwrap().with_signed(&signed)), [(path.to_owned(), rule)]);
    }
    let signed = attester.verify(&claims(json!({ "require_pushed_authorization_requests": true }))).unwrap();
    let metadata = parse(&minimal()).unwrap().with_signed(&signed).unwrap();
    assert_eq!(metadata.findings()[0].path(), "require_pushed_authorization_requests");
    // by the quirks the document was read with
    let reader = MetadataReader::new().quirk(Quirk::NoSubjectTypes);
    let metadata: ProviderMetadata = reader.read(minimal().to_string().as_bytes(), &issuer()).unwrap();
    let signed = attester.verify(&claims(json!({ "subject_types_supported": null }))).unwrap();
    assert!(metadata.with_signed(&signed).is_ok());
}

/// Proves RFC8414-2.1-02 and MET-06: one rule after the other, each with a statement that only it refuses.
#[test]
fn signed_metadata_is_checked() {
    let attester = Attester::new();
    assert!(attester.verify(&claims(json!({}))).is_ok());

    let stranger = Attester::new().states(&claims(json!({})));
    let refused = verifier().verify(&stranger, &attester.trusted, now());
    assert!(matches!(refused, Err(SignedMetadataError::Signature(_))), "{refused:?}");
    let unsigned = "eyJhbGciOiJub25lIn0.e30.";
    assert!(matches!(
        verifier().verify(unsigned, &attester.trusted, now()),
        Err(SignedMetadataError::Signature(_))
    ));

    for found in [Value::Null, json!("https://attester.example/"), json!("https://op.example")] {
        let mut statement = claims(json!({ "iss": found }));
        if found.is_null() {
            statement.as_object_mut().unwrap().remove("iss");
        }
        let refused = attester.verify(&statement);
        assert!(matches!(refused, Err(SignedMetadataError::Attester { .. })), "{refused:?}");
    }

    let refused = attester.verify(&claims(json!({ "signed_metadata": "a.b.c" })));
    assert!(matches!(refused, Err(SignedMetadataError::Nested)), "{refused:?}");

    let refused = attester.verify(&claims(json!({ "aud": "client-1" })));
    assert!(matches!(refused, Err(SignedMetadataError::Audience)), "{refused:?}");
    let addressed = attester.states(&claims(json!({ "aud": ["client-1", "client-2"] })));
    assert!(verifier().audience("client-2").verify(&addressed, &attester.trusted, now()).is_ok());
    let refused = verifier().audience("client-3").verify(&addressed, &attester.trusted, now());
    assert!(matches!(refused, Err(SignedMetadataError::Audience)), "{refused:?}");

    let refused = attester.verify(&claims(json!({ "exp": 1_700_000_000 })));
    assert!(matches!(refused, Err(SignedMetadataError::Expired { .. })), "{refused:?}");
    assert!(attester.verify(&claims(json!({ "exp": 1_700_000_001, "nbf": 1_700_000_000 }))).is_ok());
    let refused = attester.verify(&claims(json!({ "nbf": 1_700_000_001 })));
    assert!(matches!(refused, Err(SignedMetadataError::NotYetValid { .. })), "{refused:?}");
    let refused = attester.verify(&claims(json!({ "exp": "soon" })));
    assert!(matches!(refused, Err(SignedMetadataError::Claims(_))), "{refused:?}");

    for (typ, good) in [("JWT", true), ("at+jwt", false), ("logout+jwt", false)] {
        let statement = sign_claims(&attester.key, Some(typ), &claims(json!({}))).unwrap();
        let read = verifier().verify(&statement, &attester.trusted, now());
        assert_eq!(read.is_ok(), good, "{typ}: {read:?}");
    }
}

/// What one attester states of one server is good for no other, also where it does not name the server.
#[test]
fn signed_metadata_is_about_one_issuer() {
    let attester = Attester::new();
    for found in [json!("https://other.example"), json!("https://op.example/"), json!(7)] {
        let refused = attester.verify(&claims(json!({ "issuer": found })));
        assert!(matches!(refused, Err(SignedMetadataError::Issuer { .. })), "{refused:?}");
    }
    let anonymous = json!({ "iss": NAME, "token_endpoint": "https://op.example/token" });
    let refused = attester.verify(&anonymous);
    assert!(matches!(refused, Err(SignedMetadataError::Issuer { found: None, .. })), "{refused:?}");
    // who vouches for itself need not say so twice
    let own = attester.states(&json!({ "iss": "https://op.example" }));
    let signed = SignedMetadataVerifier::new(&issuer()).verify(&own, &attester.trusted, now()).unwrap();
    assert!(parse(&minimal()).unwrap().with_signed(&signed).is_ok());

    let other = Issuer::parse("https://other.example").unwrap();
    let document = with(json!({ "issuer": "https://other.example" })).to_string();
    let stranger = ProviderMetadata::parse(document.as_bytes(), &other).unwrap();
    let refused = stranger.with_signed(&signed);
    assert!(matches!(refused, Err(MetadataError::IssuerMismatch { .. })), "{refused:?}");
}

/// Proves RFC8414-2.1-01: it is carried as it is, and nobody has to look at it.
#[test]
fn signed_metadata_may_be_ignored() {
    let document = with(json!({ "signed_metadata": "not even a JWT" }));
    let metadata = parse(&document).unwrap();
    assert_eq!(metadata.findings(), []);
    assert_eq!(Value::Object(metadata.to_members()), document);
}

/// Proves RFC8414-2.1-02: what is signed here has an issuer and nothing signed inside.
#[test]
fn metadata_is_signed() {
    let attester = Attester::new();
    let mut metadata =
        parse(&with(json!({ "x": 1, "iss": "https://evil.example", "signed_metadata": "old" }))).unwrap();
    let statement = metadata.sign(NAME, now(), &attester.key).unwrap();
    let input = metadata.unsigned(NAME, now(), JwsAlgorithm::ES256, attester.key.kid()).unwrap();
    assert!(statement.as_bytes().starts_with(input.as_bytes()));
    let signed = verifier().verify(&statement, &attester.trusted, now()).unwrap();
    let mut expected = minimal();
    expected["x"] = json!(1);
    assert_eq!(Value::Object(signed.values().clone()), expected);
    metadata.signed_metadata = Some(statement);
    assert_eq!(metadata.clone().with_signed(&signed).unwrap(), metadata);
}

#[test]
fn a_refusal_names_the_section() {
    let attester = Attester::new();
    let other = Attester::new();
    let section = |changes| attester.verify(&claims(changes)).unwrap_err().section();
    assert_eq!(section(json!({ "iss": "https://other.example" })), "RFC 8414, 2.1");
    assert_eq!(section(json!({ "signed_metadata": "x" })), "RFC 8414, 2.1");
    assert_eq!(section(json!({ "aud": "somebody" })), "RFC 7519, 4.1.3");
    assert_eq!(section(json!({ "exp": 1 })), "RFC 7519, 4.1.4");
    assert_eq!(section(json!({ "nbf": 1_800_000_000 })), "RFC 7519, 4.1.5");
    assert_eq!(section(json!({ "exp": "soon" })), "RFC 7519, 7.2");
    let forged = verifier().verify(&other.states(&claims(json!({}))), &attester.trusted, now());
    assert_eq!(forged.unwrap_err().section(), "RFC 7515, 5.2");
}
