//! What an answer must be before its body is read.
#![allow(clippy::unwrap_used, clippy::panic)]

use avouch_discovery::{
    KeySetError, KeySource, KeySourcePolicy, MetadataFetchError, ProviderMetadata, ResponseError,
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
    for content_type in
        ["application/json", "Application/JSON; charset=utf-8", "application/json ;x; charset=\"UTF-8\""]
    {
        assert!(metadata(&answer(200, Some(content_type), METADATA)).is_ok(), "{content_type}");
    }
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
        Some("application/json; charset=utf-16"),
        Some("application/json; charset=utf8"),
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
    assert!(matches!(keys(&answer(200, Some("application/json"), "{}")), Err(KeySetError::JwkSet(_))));
}
