//! What an answer must be before its body is read.
#![allow(clippy::unwrap_used, clippy::panic)]

use avouch_discovery::{
    KeySetError, KeySetMediaType, KeySource, KeySourcePolicy, MetadataFetchError, MetadataRule,
    ProviderMetadata, Quirk, ResponseError,
};
use avouch_jose::NumericDate;
use avouch_types::{EndpointUrl, Issuer};
use http::{Response, StatusCode};

const METADATA: &str = r#"{"issuer":"https://op.example","authorization_endpoint":"https://op.example/authorize",
    "token_endpoint":"https://op.example/token","jwks_uri":"https://op.example/jwks",
    "response_types_supported":["code"],"subject_types_supported":["public"],
    "id_token_signing_alg_values_supported":["RS256"]}"#;

fn answer(status: u16, content_type: Option<&str>, body: &str) -> Response<Vec<u8>> {
    let mut response = Response::builder().status(status);
    if let Some(content_type) = content_type {
        response = response.header("content-type", content_type);
    }
    response.body(body.as_bytes().to_vec()).unwrap()
}

fn metadata(answer: &Response<Vec<u8>>) -> Result<ProviderMetadata, MetadataFetchError> {
    ProviderMetadata::fetch(&Issuer::parse("https://op.example").unwrap()).complete(answer)
}

fn keys(answer: &Response<Vec<u8>>) -> Result<(), KeySetError> {
    let policy = KeySourcePolicy::default().with_max_bytes(100);
    KeySource::new(EndpointUrl::parse("https://op.example/jwks").unwrap(), policy)
        .accept(answer, NumericDate::EPOCH)
}

fn refused_response(answer: &Response<Vec<u8>>) -> ResponseError {
    match metadata(answer) {
        Err(MetadataFetchError::Response(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// Proves DISC-4.2-01 and RFC8414-3.2-01 (conformance module discovery-openid-config).
#[test]
fn metadata_comes_with_200_as_json() {
    for content_type in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/json ;x; charset=\"UTF-8\"",
        // a charset means nothing here (RFC 8259 §11)
        "application/json; charset=utf8",
        "application/json;charset=iso-8859-1",
    ] {
        assert!(metadata(&answer(200, Some(content_type), METADATA)).is_ok(), "{content_type}");
    }
    let mut latin = answer(200, Some("application/json; charset=iso-8859-1"), METADATA);
    latin.body_mut().splice(1..1, b"\"x\":\"\xe9\",".to_owned());
    assert!(matches!(metadata(&latin), Err(MetadataFetchError::Metadata(_))), "it is UTF-8 all the same");
    for status in [201, 204, 400, 404, 500] {
        let expected = ResponseError::Status { status: StatusCode::from_u16(status).unwrap() };
        assert_eq!(refused_response(&answer(status, Some("application/json"), METADATA)), expected);
    }
    for content_type in [
        None,
        Some("text/html"),
        Some("application/jwt"),
        Some("application/jsonp"),
        Some(""),
        Some("text/plain"),
        Some("application/octet-stream"),
    ] {
        let refused = refused_response(&answer(200, content_type, METADATA));
        assert!(
            matches!(&refused, ResponseError::ContentType { found, .. } if found.as_deref() == content_type),
            "{refused:?}"
        );
    }
    for body in ["[]", "\"x\"", ""] {
        let refused = metadata(&answer(200, Some("application/json"), body));
        assert!(matches!(refused, Err(MetadataFetchError::Metadata(_))), "{body}");
    }
}

#[test]
fn untyped_documents_are_read_where_that_is_asked_for() {
    let fetch =
        || ProviderMetadata::fetch(&Issuer::parse("https://op.example").unwrap()).quirk(Quirk::Untyped);
    let tolerated = MetadataRule::Tolerated { quirk: Quirk::Untyped };
    for content_type in ["text/plain; charset=us-ascii", "application/octet-stream"] {
        let metadata = fetch().complete(&answer(200, Some(content_type), METADATA)).unwrap();
        let [finding] = metadata.findings() else { panic!("{:?}", metadata.findings()) };
        assert_eq!((finding.rule(), finding.path().as_str()), (&tolerated, ""));
        assert_eq!(finding.to_string(), "the document is read by the quirk Untyped");
        assert_eq!(finding.section(), "OpenID Connect Discovery 1.0, 4.2");
    }
    let typed = fetch().complete(&answer(200, Some("application/json"), METADATA)).unwrap();
    assert_eq!(typed.findings(), []);
    assert!(fetch().complete(&answer(200, Some("text/html"), METADATA)).is_err());
    assert!(fetch().complete(&answer(200, None, METADATA)).is_err());

    let set = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    let policy = KeySourcePolicy::default().with_media_type(KeySetMediaType::OrUntyped);
    for (content_type, is_untyped) in
        [("text/plain", true), ("application/octet-stream", true), ("application/jwk-set+json", false)]
    {
        let mut keys = KeySource::new(EndpointUrl::parse("https://op.example/jwks").unwrap(), policy.clone());
        keys.accept(&answer(200, Some(content_type), set), NumericDate::EPOCH).unwrap();
        assert_eq!(keys.is_untyped(), is_untyped, "{content_type}");
        assert!(keys.accept(&answer(200, Some("text/html"), set), NumericDate::EPOCH).is_err());
    }
}

#[test]
fn a_redirect_is_refused_as_such() {
    for status in [301, 302, 303, 307, 308] {
        let expected = ResponseError::Redirect { status: StatusCode::from_u16(status).unwrap() };
        assert_eq!(refused_response(&answer(status, Some("application/json"), METADATA)), expected);
    }
}

#[test]
fn a_document_beyond_the_budget_is_refused() {
    let fetch = || ProviderMetadata::fetch(&Issuer::parse("https://op.example").unwrap());
    let limits = |bytes| avouch_json::Limits::default().with_bytes(bytes);
    let served = answer(200, Some("application/json"), METADATA);
    assert!(fetch().limits(limits(METADATA.len())).complete(&served).is_ok());
    let refused = fetch().limits(limits(METADATA.len() - 1)).complete(&served).unwrap_err();
    let expected = ResponseError::TooLong { length: METADATA.len(), limit: METADATA.len() - 1 };
    assert!(matches!(refused, MetadataFetchError::Response(error) if error == expected));
}

#[test]
fn a_key_set_comes_with_200_as_json_within_the_budget() {
    let empty = r#"{"keys":[]}"#;
    for content_type in ["application/json", "application/jwk-set+json; charset=UTF-8"] {
        let read = keys(&answer(200, Some(content_type), empty));
        assert!(matches!(read, Err(KeySetError::NoKey)), "{content_type}: {read:?}");
    }
    for (answer, expected) in [
        (answer(302, Some("application/json"), empty), ResponseError::Redirect { status: StatusCode::FOUND }),
        (
            answer(503, Some("application/json"), empty),
            ResponseError::Status { status: StatusCode::SERVICE_UNAVAILABLE },
        ),
        (
            answer(200, Some("application/json"), &format!("{empty}{}", " ".repeat(90))),
            ResponseError::TooLong { length: 101, limit: 100 },
        ),
        (
            answer(200, Some("text/plain"), empty),
            ResponseError::ContentType { found: Some("text/plain".into()), expected: "application/json" },
        ),
    ] {
        assert!(
            matches!(keys(&answer), Err(KeySetError::Response(error)) if error == expected),
            "{expected}"
        );
    }
}

#[test]
fn a_refusal_names_the_member_and_the_section() {
    for (body, path, section) in [
        ("[]", "", "RFC 7517, 5"),
        ("{}", "keys", "RFC 7517, 5"),
        (r#"{"keys":1}"#, "keys", "RFC 7517, 5"),
        (r#"{"keys":[]}"#, "keys", "OpenID Connect Discovery 1.0, 3"),
        (r#"{"keys":[{},{"x":NaN}]}"#, "keys[1].x", "RFC 8259, 2"),
        (r#"{"keys":[{"a":1,"a":2}]}"#, "keys[0].a", "RFC 8259, 4"),
    ] {
        let refused = keys(&answer(200, Some("application/json"), body)).unwrap_err();
        assert_eq!((refused.path(), refused.section()), (path, Some(section)), "{body}");
    }
    for (answer, section) in [
        (answer(302, None, ""), Some("RFC 9110, 15.4")),
        (answer(500, None, ""), Some("RFC 9110, 15")),
        (answer(200, None, ""), Some("RFC 9110, 8.3")),
        (answer(200, Some("application/json"), &" ".repeat(101)), None),
        (answer(304, None, ""), Some("RFC 9110, 15.4.5")),
    ] {
        let refused = keys(&answer).unwrap_err();
        assert_eq!((refused.path(), refused.section()), ("", section), "{refused}");
    }
    let refused = metadata(&answer(200, Some("application/json"), "{\"issuer\":1}")).unwrap_err();
    assert_eq!(refused.section(), Some("OpenID Connect Discovery 1.0, 3"));
    assert_eq!(metadata(&answer(404, None, "")).unwrap_err().section(), Some("RFC 9110, 15"));
}
