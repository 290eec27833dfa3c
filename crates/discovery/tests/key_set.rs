//! Published JWK Sets judged (Discovery §3).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_discovery::{KeySetFinding, key_set_findings};
use avouch_jose::{JwkSet, JwsAlgorithm, Limits, SigningKey};
use proptest::prelude::*;

const ED: &str = r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;
const ED_PRIVATE: &str = r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A""#;
const X: &str = r#""kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08""#;
const OCT: &str = r#""kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0""#;
/// RFC 8705, appendix A.
const EC: &str = r#""kty":"EC","crv":"P-256","x":"1yfLHCpXqFjxCeHHHMVDTcLscpb07KUxudBmOMn8C7Q","y":"8_coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8""#;
const CERTIFICATE: &str = "MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=";

/// The findings of a set with these keys, each given as its base members and more of them.
fn findings(keys: &[(&str, &str)]) -> Vec<KeySetFinding> {
    let comma = |more: &str| if more.is_empty() { "" } else { "," };
    let keys: Vec<_> = keys.iter().map(|(base, more)| format!("{{{base}{}{more}}}", comma(more))).collect();
    let text = format!(r#"{{"keys":[{}]}}"#, keys.join(","));
    key_set_findings(&JwkSet::from_json(text.as_bytes(), &Limits::default()).unwrap())
}

fn told(keys: &[(&str, &str)]) -> Vec<(String, &'static str)> {
    findings(keys).iter().map(|finding| (finding.path(), finding.section())).collect()
}

const DISCOVERY: &str = "OpenID Connect Discovery 1.0, 3";

fn paths(keys: &[(&str, &str)]) -> Vec<String> {
    told(keys).into_iter().map(|(path, _)| path).collect()
}

/// Proves DISC-3-05: when both kinds are there, every key says what it is for, however it is known that
/// both are there.
#[test]
fn use_is_there_when_both_kinds_are() {
    let sig = r#""kid":"s","use":"sig""#;
    let enc = r#""kid":"e","use":"enc""#;
    assert!(told(&[(ED, sig), (X, enc)]).is_empty());
    assert_eq!(told(&[(ED, r#""kid":"s""#), (X, enc)]), [("keys[0].use".to_owned(), DISCOVERY)]);
    assert_eq!(
        told(&[(ED, sig), (EC, r#""kid":"e","alg":"ECDH-ES""#)]),
        [("keys[1].use".to_owned(), DISCOVERY)]
    );
    let wraps = r#""kid":"e","key_ops":["deriveKey"]"#;
    assert_eq!(paths(&[(ED, sig), (EC, wraps)]), ["keys[1].use"]);
    assert_eq!(paths(&[(ED, sig), (EC, r#""kid":"?""#), (X, enc)]), ["keys[1].use"], "of which nobody knows");
    // of one kind, nobody needs it
    assert!(told(&[(ED, r#""kid":"1""#), (EC, r#""kid":"2","alg":"ES256""#)]).is_empty());
    assert!(told(&[(X, r#""kid":"1""#)]).is_empty());
}

/// Proves DISC-3-06: private and symmetric keys are told of.
#[test]
fn secrets_are_told_of() {
    let both = [(ED_PRIVATE, r#""kid":"a""#), (OCT, r#""kid":"b","use":"sig""#)];
    assert!(matches!(
        &findings(&both)[..],
        [KeySetFinding::NoKey, KeySetFinding::Private { index: 0 }, KeySetFinding::Symmetric { index: 1 }]
    ));
    assert_eq!(told(&both)[1], ("keys[0]".to_owned(), DISCOVERY));
    assert!(matches!(
        &findings(&[(ED, r#""kid":"a""#), (OCT, r#""kid":"b""#)])[..],
        [KeySetFinding::Symmetric { index: 1 }]
    ));
    assert!(matches!(&findings(&[])[..], [KeySetFinding::NoKey]));
}

/// Proves DISC-3-07: with `x5c` the bare members are there and those of the certificate.
#[test]
fn certificates_are_of_their_keys() {
    let chain = |certificate: &str| format!(r#""x5c":["{certificate}"]"#);
    assert!(told(&[(EC, &chain(CERTIFICATE))]).is_empty());
    assert_eq!(told(&[(ED, &chain(CERTIFICATE))]), [("keys[0].x5c".to_owned(), DISCOVERY)]);
    assert_eq!(told(&[(EC, &chain("MIIB"))]), [("keys[0].x5c".to_owned(), "RFC 7517, 4.7")]);
    let bare = r#""kty":"EC","crv":"P-256""#;
    let found = findings(&[(bare, &chain(CERTIFICATE)), (ED, "")]);
    assert!(matches!(&found[..], [KeySetFinding::Unreadable { index: 0, .. }]), "{found:?}");
}

/// Proves DISC-3-08: one key is not for both.
#[test]
fn one_key_is_not_for_both() {
    let found = findings(&[
        (EC, r#""kid":"s","use":"sig""#),
        (ED, r#""kid":"o","use":"sig""#),
        (EC, r#""kid":"e","use":"enc""#),
    ]);
    assert!(matches!(&found[..], [KeySetFinding::BothUses { index: 2, first: 0 }]), "{found:?}");
    assert_eq!((found[0].path().as_str(), found[0].section()), ("keys[2].use", DISCOVERY));
    // the same key for the same use, under two names, is no such thing
    assert!(told(&[(EC, r#""kid":"1","use":"sig""#), (EC, r#""kid":"2","use":"sig""#)]).is_empty());

    for (key, more, path) in [
        (EC, r#""use":"sig","key_ops":["deriveKey"]"#, "keys[0].key_ops"),
        (EC, r#""key_ops":["verify","deriveBits"]"#, "keys[0].key_ops"),
        (EC, r#""use":"sig","alg":"ECDH-ES""#, "keys[0].alg"),
        (EC, r#""use":"enc","alg":"ES256""#, "keys[0].alg"),
        (ED, r#""use":"enc""#, "keys[0].crv"),
    ] {
        let found = findings(&[(key, more)]);
        assert!(
            found.iter().any(|found| matches!(found, KeySetFinding::UseContradicted { .. })),
            "{more}: {found:?}"
        );
        assert!(found.iter().any(|found| found.path() == path), "{more}: {found:?}");
    }
    for consistent in [
        r#""use":"sig","key_ops":["verify"],"alg":"ES256""#,
        r#""use":"enc","alg":"ECDH-ES+A128KW""#,
        r#""use":"other""#,
    ] {
        assert!(told(&[(EC, consistent)]).is_empty(), "{consistent}");
    }
}

/// Names tell keys apart where there are several (RFC 7517 §4.5, Core §10.1).
#[test]
fn names_tell_keys_apart() {
    let named = r#""kid":"a""#;
    let found = findings(&[(ED, named), (EC, named), (ED, named)]);
    assert!(
        matches!(&found[..], [KeySetFinding::KidRepeated { index: 2, first: 0 }]),
        "of another type it may be: {found:?}"
    );
    assert_eq!(told(&[(ED, named), (ED, named)]), [("keys[1].kid".to_owned(), "RFC 7517, 4.5")]);

    assert_eq!(told(&[(ED, named), (EC, "")]), [("keys[1].kid".to_owned(), "OpenID Connect Core 1.0, 10.1")]);
    assert!(told(&[(ED, "")]).is_empty(), "a lone key needs none");
    assert!(
        told(&[(ED, r#""use":"sig","kid":"a""#), (X, r#""use":"enc""#)]).is_empty(),
        "nor does one that signs nothing"
    );
}

/// Places count the entries that cannot be read.
#[test]
fn places_are_those_of_the_document() {
    let broken = r#""kty":"EC","crv":"P-256""#;
    let future = r#""kty":"FUTURE""#;
    let found = findings(&[
        (future, ""),
        (ED, r#""kid":"a""#),
        (broken, ""),
        (broken, ""),
        (OCT, r#""kid":"b""#),
        (ED, r#""kid":"a""#),
    ]);
    let places: Vec<_> = found.iter().map(|found| found.index().unwrap()).collect();
    assert_eq!(places, [0, 2, 3, 4, 5], "{found:?}");
    assert!(matches!(found.last(), Some(KeySetFinding::KidRepeated { index: 5, first: 1 })));
    assert_eq!(found[0].path(), "keys[0]");
    assert_eq!(found[0].section(), "RFC 7517, 5");
}

#[test]
fn what_is_made_for_publication_is_in_order() {
    let crypto = avouch_jose_ring::provider();
    let (_, now) = SigningKey::generate(JwsAlgorithm::ES256, Some("now"), &crypto).unwrap();
    let (_, next) = SigningKey::generate(JwsAlgorithm::ES256, Some("next"), &crypto).unwrap();
    assert_eq!(
        key_set_findings(&JwkSet::new(vec![now.clone(), next.clone()])).len(),
        3,
        "private, and none public"
    );
    assert!(key_set_findings(&JwkSet::to_publish([&now, &next]).unwrap()).is_empty());
}

proptest! {
    /// Each finding has a place that is there, and they come in order.
    #[test]
    fn findings_point_into_the_set(keys in prop::collection::vec((prop::sample::select(vec![ED, ED_PRIVATE, X, OCT, EC, r#""kty":"X""#]), prop::sample::select(vec!["", r#""kid":"a""#, r#""use":"sig""#, r#""use":"enc","kid":"a""#])), 0..6)) {
        let found = findings(&keys);
        prop_assert!(found.iter().all(|finding| finding.index().is_none_or(|index| index < keys.len())));
        prop_assert!(found.windows(2).all(|pair| pair[0].index() <= pair[1].index()));
        prop_assert_eq!(found.iter().any(|finding| matches!(finding, KeySetFinding::Private { .. })), keys.iter().any(|(base, _)| *base == ED_PRIVATE));
    }
}

/// Each key is compared with all before it, in a set as long as a stranger likes to make it.
#[test]
fn long_sets_are_judged_too() {
    let keys: Vec<_> = (0..1000).map(|number| format!(r#""kid":"{number}","use":"sig""#)).collect();
    let mut keys: Vec<_> = keys.iter().map(|more| (ED, more.as_str())).collect();
    assert!(told(&keys).is_empty());
    keys.push((ED, r#""kid":"7","use":"enc""#));
    assert!(matches!(
        &findings(&keys)[..],
        [
            KeySetFinding::UseContradicted { index: 1000, .. },
            KeySetFinding::KidRepeated { index: 1000, first: 7 },
            KeySetFinding::BothUses { index: 1000, first: 0 },
        ]
    ));
}
