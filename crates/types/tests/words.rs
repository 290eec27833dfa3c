//! Words, lists and secrets: what each may hold, and what equals what.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::collections::HashSet;

use avouch_types::{
    AccessToken, Acr, AcrValues, AuthorizationCode, ClientId, ClientSecret, CodeChallengeMethod,
    CodeVerifier, ErrorCode, ErrorDescription, ErrorUri, GrantType, LanguageTag, Nonce, Prompts,
    RefreshToken, ResponseMode, ResponseType, Scope, Scopes, Secret, State, SubjectIdentifier, TokenType,
    WordError,
};

/// Those of RFC 6749, appendix A, but for `client_secret`, which may be any text.
#[test]
fn each_word_has_its_characters() {
    for outside in ["a\u{1f}", "a\u{7f}", "a\n", "a\0", "\u{e4}"] {
        assert!(ClientId::parse(outside).is_err(), "{outside:?}");
        assert!(State::parse(outside).is_err(), "{outside:?}");
        assert!(AuthorizationCode::parse(outside).is_err(), "{outside:?}");
        assert!(AccessToken::parse(outside).is_err(), "{outside:?}");
        assert!(RefreshToken::parse(outside).is_err(), "{outside:?}");
        assert!(Scope::parse(outside).is_err(), "{outside:?}");
        assert!(ErrorCode::parse(outside).is_err(), "{outside:?}");
    }
    let vschars: String = (' '..='~').collect();
    assert_eq!(ClientId::parse(&vschars).unwrap().as_str(), vschars);
    assert_eq!(State::parse(&vschars).unwrap().expose(), vschars);
    assert_eq!(AuthorizationCode::parse(&vschars).unwrap().expose(), vschars);
    assert_eq!(AccessToken::parse(&vschars).unwrap().expose(), vschars);
    for (text, position) in [("a b", 1), ("\"", 0), ("a\\", 1)] {
        assert_eq!(Scope::parse(text), Err(WordError::ForbiddenCharacter { what: "scope", position }));
    }
    assert!(Scope::parse("!#[]~").is_ok());
}

/// Proves CORE-3.1.2.6-06: %x20-21, %x23-5B, %x5D-7E; error_uri without the space.
#[test]
fn errors_and_descriptions_have_no_quote_and_no_backslash() {
    for refused in ["a\"b", "a\\b", "a\tb", "", "\u{201c}"] {
        assert!(ErrorCode::parse(refused).is_err(), "{refused:?}");
        assert!(ErrorDescription::parse(refused).is_err(), "{refused:?}");
        assert!(ErrorUri::parse(refused).is_err(), "{refused:?}");
    }
    assert!(ErrorDescription::parse("say 'a b'!").is_ok());
    assert!(ErrorUri::parse("https://op.example/a b").is_err());
    for text in ["say \"x\" \\ \u{e4}\n", "plain", ""] {
        assert!(ErrorDescription::parse(ErrorDescription::from_text(text).as_str()).is_ok());
    }
}

/// Proves CORE-2-02.
#[test]
fn a_subject_is_at_most_255_ascii_characters() {
    assert_eq!(SubjectIdentifier::parse(&"x".repeat(255)).unwrap().as_str().len(), 255);
    assert_eq!(
        SubjectIdentifier::parse(&"x".repeat(256)),
        Err(WordError::TooLong { what: "sub", len: 256, most: 255 })
    );
    assert!(SubjectIdentifier::parse("").is_err());
    assert!(SubjectIdentifier::parse("\u{e4}").is_err());
    assert_ne!(SubjectIdentifier::parse("abc"), SubjectIdentifier::parse("ABC"));
    assert!(serde_json::from_str::<SubjectIdentifier>("5").is_err());
}

/// Proves MRT-1.2-01, END-07.
#[test]
fn a_response_type_is_a_set() {
    let parse = |text: &str| ResponseType::parse(text).unwrap();
    assert_eq!(parse("id_token code"), parse("code id_token"));
    assert_eq!(parse("token id_token code"), ResponseType::CODE_ID_TOKEN_TOKEN);
    assert_eq!(parse("token id_token"), ResponseType::ID_TOKEN_TOKEN);
    assert_ne!(parse("code"), parse("code token"));
    assert_ne!(parse("Code"), parse("code"));
    let set: HashSet<_> = ["token code", "code token"].map(parse).into();
    assert_eq!(set.len(), 1);
    let set: BTreeSet<_> = ["x_1 code", "code x_1"].map(parse).into();
    assert_eq!(set.len(), 1);
    assert_eq!(serde_json::to_string(&parse("token code")).unwrap(), "\"code token\"");
}

/// Proves MRT-1.2-04.
#[test]
fn a_response_type_has_one_space_between_names_and_each_name_once() {
    let forbidden = |position| WordError::ForbiddenCharacter { what: "response_type", position };
    for (text, error) in [
        ("", WordError::Empty { what: "response_type" }),
        ("code  token", forbidden(5)),
        (" code", forbidden(0)),
        ("code ", forbidden(5)),
        ("code\ttoken", forbidden(4)),
        ("code,token", forbidden(4)),
        ("token co-de", forbidden(8)),
        ("code code", WordError::RepeatedWord { what: "response_type", position: 5 }),
        ("token code token", WordError::RepeatedWord { what: "response_type", position: 11 }),
        ("token token id_token", WordError::RepeatedWord { what: "response_type", position: 6 }),
        ("code token token_x code code", WordError::RepeatedWord { what: "response_type", position: 19 }),
    ] {
        assert_eq!(ResponseType::parse(text), Err(error), "{text:?}");
    }
}

/// Proves MRT-1.2-02, MRT-2.1-06, MRT-4-03.
#[test]
fn the_default_mode_follows_from_the_response_type() {
    for (response_type, mode) in [
        (ResponseType::CODE, ResponseMode::QUERY),
        (ResponseType::NONE, ResponseMode::QUERY),
        (ResponseType::parse("token").unwrap(), ResponseMode::FRAGMENT),
        (ResponseType::ID_TOKEN, ResponseMode::FRAGMENT),
        (ResponseType::ID_TOKEN_TOKEN, ResponseMode::FRAGMENT),
        (ResponseType::CODE_ID_TOKEN, ResponseMode::FRAGMENT),
        (ResponseType::CODE_TOKEN, ResponseMode::FRAGMENT),
        (ResponseType::CODE_ID_TOKEN_TOKEN, ResponseMode::FRAGMENT),
    ] {
        assert_eq!(response_type.default_response_mode(), mode, "{response_type}");
    }
}

/// An unknown type stays unknown, a known one is known in any casing.
#[test]
fn token_types_are_compared_without_case() {
    let parse = |text: &str| TokenType::parse(text).unwrap();
    for text in ["bearer", "BEARER", "Bearer"] {
        assert_eq!(parse(text), TokenType::BEARER);
        assert_eq!(parse(text).as_str(), text);
        assert_eq!(parse(text).cmp(&TokenType::BEARER), std::cmp::Ordering::Equal);
    }
    assert_ne!(parse("DPoP"), TokenType::BEARER);
    let set: HashSet<_> = ["bearer", "Bearer", "mac"].map(parse).into();
    assert_eq!(set.len(), 2);
}

#[test]
fn words_are_compared_with_case() {
    assert_ne!(CodeChallengeMethod::parse("s256").unwrap(), CodeChallengeMethod::S256);
    assert_ne!(GrantType::parse("Authorization_Code").unwrap(), GrantType::AUTHORIZATION_CODE);
    assert_ne!(Scope::parse("OpenID").unwrap(), Scope::OPENID);
}

/// Proves CORE-14-02.
#[test]
fn lists_have_one_space_between_entries() {
    let scopes = Scopes::parse("openid email openid").unwrap();
    assert_eq!(scopes.to_string(), "openid email");
    assert!(Scopes::parse("").unwrap().is_empty());
    for (text, position) in [
        (" openid", 0),
        ("openid ", 7),
        ("openid  email", 7),
        ("openid\temail", 6),
        ("openid\nemail", 6),
        ("a b\u{a0}c", 3),
    ] {
        let error = Scopes::parse(text).unwrap_err();
        assert_eq!(error, WordError::ForbiddenCharacter { what: "scope", position }, "{text:?}");
    }
    assert!(Prompts::parse("login  consent").is_err());
    let acr_values = AcrValues::parse("urn:b urn:a").unwrap();
    assert_eq!(acr_values.iter().map(Acr::as_str).collect::<Vec<_>>(), ["urn:b", "urn:a"]);
}

/// What was read, and which section says how it is written: together the place and the rule.
#[test]
fn each_error_names_its_word_and_its_section() {
    let ascii = "\u{e9}";
    for (error, what, section) in [
        (ClientId::parse(ascii).unwrap_err(), "client_id", "RFC 6749, A.1"),
        (ClientSecret::parse("").unwrap_err(), "client_secret", "RFC 6749, A.2"),
        (ResponseType::parse("code  token").unwrap_err(), "response_type", "RFC 6749, A.3"),
        (Scope::parse(ascii).unwrap_err(), "scope", "RFC 6749, 3.3"),
        (Scopes::parse(" a").unwrap_err(), "scope", "RFC 6749, 3.3"),
        (State::parse(ascii).unwrap_err(), "state", "RFC 6749, A.5"),
        (ErrorCode::parse(ascii).unwrap_err(), "error", "RFC 6749, A.7"),
        (ErrorDescription::parse("\"").unwrap_err(), "error_description", "RFC 6749, A.8"),
        (ErrorUri::parse(" ").unwrap_err(), "error_uri", "RFC 6749, A.9"),
        (GrantType::parse("").unwrap_err(), "grant_type", "RFC 6749, A.10"),
        (AuthorizationCode::parse(ascii).unwrap_err(), "code", "RFC 6749, A.11"),
        (AccessToken::parse(ascii).unwrap_err(), "access_token", "RFC 6749, A.12"),
        (TokenType::parse(" ").unwrap_err(), "token_type", "RFC 6749, A.13"),
        (RefreshToken::parse(ascii).unwrap_err(), "refresh_token", "RFC 6749, A.17"),
        (CodeVerifier::parse("short").unwrap_err(), "code_verifier", "RFC 7636, 4.1"),
        (SubjectIdentifier::parse(ascii).unwrap_err(), "sub", "OpenID Connect Core 1.0, 2"),
        (Nonce::parse("").unwrap_err(), "nonce", "OpenID Connect Core 1.0, 2"),
        (Prompts::parse("a  b").unwrap_err(), "prompt", "OpenID Connect Core 1.0, 3.1.2.1"),
        (AcrValues::parse("a  b").unwrap_err(), "acr_values", "OpenID Connect Core 1.0, 3.1.2.1"),
        (
            ResponseMode::parse("").unwrap_err(),
            "response_mode",
            "OAuth 2.0 Multiple Response Type Encoding Practices, 2.1",
        ),
        (LanguageTag::parse("").unwrap_err(), "language tag", "RFC 5646, 2.1"),
        (LanguageTag::parse("en_US").unwrap_err(), "language tag", "RFC 5646, 2.1"),
    ] {
        assert_eq!((error.what(), error.section()), (what, Some(section)));
    }
    assert_eq!(CodeChallengeMethod::parse("").unwrap_err().section(), None);
}

/// Proves CORE-3.1.2.1-28.
#[test]
fn a_class_that_cannot_be_asked_for_is_found() {
    let of = |texts: &[&str]| texts.iter().map(|text| Acr::parse(text).unwrap()).collect::<AcrValues>();
    assert_eq!(of(&["urn:b", "urn:a"]).check(), Ok(()));
    assert_eq!(of(&["urn:b", ""]).check(), Err(WordError::Empty { what: "acr_values" }));
    let refused = of(&["urn:b", "a b"]).check();
    assert_eq!(refused, Err(WordError::ForbiddenCharacter { what: "acr_values", position: 7 }));
    assert_eq!(refused.unwrap_err().section(), Some("OpenID Connect Core 1.0, 3.1.2.1"));
}

/// Scope is case-sensitive and order-free.
#[test]
fn scopes_are_compared_as_sets_where_it_matters() {
    let parse = |text: &str| Scopes::parse(text).unwrap();
    assert!(parse("email openid").is_subset_of(&parse("openid email phone")));
    assert!(!parse("openid Email").is_subset_of(&parse("openid email")));
    assert!(parse("").is_subset_of(&parse("openid")));
    assert_eq!(
        ["openid", "email", "openid"].map(|s| Scope::parse(s).unwrap()).into_iter().collect::<Scopes>().len(),
        2
    );
}

#[test]
fn a_code_verifier_has_43_to_128_unreserved_characters() {
    assert!(CodeVerifier::parse(&"a".repeat(43)).is_ok());
    assert!(CodeVerifier::parse(&"-._~".repeat(32)).is_ok());
    let too_short = WordError::TooShort { what: "code_verifier", len: 42, least: 43 };
    assert_eq!(CodeVerifier::parse(&"a".repeat(42)), Err(too_short));
    let too_long = WordError::TooLong { what: "code_verifier", len: 129, most: 128 };
    assert_eq!(CodeVerifier::parse(&"a".repeat(129)), Err(too_long));
    for character in ["+", "/", "=", " ", "%", "\u{e4}"] {
        let text = "a".repeat(50) + character;
        assert!(CodeVerifier::parse(&text).is_err(), "{character}");
        assert!(serde_json::from_value::<CodeVerifier>(text.into()).is_err(), "{character}");
    }
}

#[test]
fn secrets_do_not_show_themselves() {
    let text = "hunter2-hunter2";
    let shown = [
        format!("{:?}", Secret::new(text)),
        format!("{:?}", ClientSecret::new(text)),
        format!("{:?}", AccessToken::new(text)),
        format!("{:?}", RefreshToken::new(text)),
        format!("{:?}", AuthorizationCode::new(text)),
        format!("{:?}", CodeVerifier::new(text)),
        format!("{:?}", State::new(text)),
        format!("{:?}", Nonce::new(text)),
        format!("{:?}", avouch_types::Form::new().with("client_secret", text)),
        format!("{:?}", CodeVerifier::parse(&format!("{text}\u{e4}"))),
        CodeVerifier::parse(text).unwrap_err().to_string(),
    ];
    for shown in shown {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    assert_eq!(format!("{:?}", ClientSecret::new(text)), "ClientSecret(..)");
}

/// Wherever the difference stands.
#[test]
fn secrets_are_equal_only_if_every_octet_is() {
    let secret = ClientSecret::new("0123456789abcdef");
    assert_eq!(secret, ClientSecret::new("0123456789abcdef"));
    for at in 0..16 {
        let mut other = b"0123456789abcdef".to_vec();
        other[at] ^= 1;
        assert_ne!(secret, ClientSecret::new(String::from_utf8(other).unwrap()), "{at}");
    }
    for other in ["", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF"] {
        assert_ne!(secret, ClientSecret::new(other));
    }
    // two differences that cancel each other out under addition or exclusive or of the whole
    assert_ne!(ClientSecret::new("ab"), ClientSecret::new("ba"));
}

#[test]
fn secrets_go_to_the_wire_and_back() {
    let json = serde_json::to_string(&RefreshToken::new("8xLOxBtZp8")).unwrap();
    assert_eq!(json, "\"8xLOxBtZp8\"");
    assert_eq!(serde_json::from_str::<RefreshToken>(&json).unwrap(), RefreshToken::new("8xLOxBtZp8"));
    assert!(serde_json::from_str::<RefreshToken>("\"\"").is_err());
}

/// Proves CORE-2-12: a nonce is passed through as it came.
#[test]
fn a_nonce_keeps_every_character() {
    for text in [" a ", "\u{e4}%20", "A\\u0041"] {
        assert_eq!(Nonce::parse(text).unwrap().expose(), text);
    }
    assert!(Nonce::parse("").is_err());
}

/// Proves CORE-5.2-02.
#[test]
fn language_tags_are_compared_without_case_and_written_in_registry_casing() {
    for (text, cased) in [
        ("EN", "en"),
        ("en-us", "en-US"),
        ("JA-KANA-jp", "ja-Kana-JP"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-ROZAJ-biske", "sl-rozaj-biske"),
        ("de-CH-1901", "de-CH-1901"),
        ("zh-cmn-hans-cn", "zh-cmn-Hans-CN"),
        ("en-a-BB-x-Y-QQ-zzzz", "en-a-bb-x-y-qq-zzzz"),
        ("x-US-Abcd", "x-us-abcd"),
        ("I-Klingon", "i-klingon"),
        ("qaa-Qaaa-QM-x-southern", "qaa-Qaaa-QM-x-southern"),
    ] {
        let tag = LanguageTag::parse(text).unwrap();
        assert_eq!(tag.as_str(), cased);
        assert_eq!(tag, LanguageTag::parse(&text.to_ascii_uppercase()).unwrap());
    }
    for (text, position) in [
        ("a", 0),
        ("en_US", 0),
        ("-en", 0),
        ("en-", 3),
        ("en--US", 3),
        ("toolonglang", 0),
        ("en-verylongsubtag", 3),
        ("en-a", 5),
        ("en-x", 5),
        ("de-419-DE", 7),
        ("ar-a-aaa-b", 11),
        ("\u{e4}", 0),
        ("en-US-\u{e4}", 6),
        ("en us", 0),
    ] {
        assert_eq!(LanguageTag::parse(text), Err(WordError::MalformedLanguageTag { position }), "{text}");
    }
    assert_eq!(LanguageTag::parse(""), Err(WordError::Empty { what: "language tag" }));
}

/// Also beyond visible ASCII, as some authorization servers hand them out; but not empty.
#[test]
fn a_client_secret_is_any_text() {
    for text in ["p\u{e4}ss:w%rd+ \u{1f511}", " ", "\n"] {
        assert_eq!(ClientSecret::parse(text).unwrap().expose(), text);
        assert_eq!(serde_json::from_value::<ClientSecret>(text.into()).unwrap().expose(), text);
    }
    assert!(ClientSecret::parse("").is_err());
}

/// Lists are as long as a peer makes them, and what is done with them must not grow with the square of that: this takes
/// milliseconds, and seconds if each entry is compared with each.
#[test]
fn long_lists_are_cheap() {
    let scopes: Scopes = (0..20_000).map(|n| Scope::parse(&n.to_string()).unwrap()).collect();
    let again: Scopes = scopes.iter().rev().chain(scopes.iter()).cloned().collect();
    assert_eq!(again.len(), 20_000);
    assert_eq!(again.iter().next().map(Scope::as_str), Some("19999"));
    assert!(scopes.is_subset_of(&again) && again.is_subset_of(&scopes));
    assert!(!scopes.is_subset_of(&again.iter().skip(1).cloned().collect()));
}
