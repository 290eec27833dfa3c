//! Where documents are, and that every address is one an HTTP client can be given.
#![allow(clippy::unwrap_used, clippy::panic)]

use avouch_discovery::{KeyPlan, KeySource, KeySourcePolicy, ProviderMetadata, well_known};
use avouch_jose::NumericDate;
use avouch_types::{EndpointUrl, Issuer};
use proptest::prelude::*;

/// Proves DISC-4-01, DISC-4.1-02, RFC8414-3-01 and RFC8414-3.1-01.
#[test]
fn the_well_known_string_is_appended_or_inserted() {
    for (issuer, appended, inserted) in [
        (
            "https://example.com",
            "https://example.com/.well-known/openid-configuration",
            "https://example.com/.well-known/oauth-authorization-server",
        ),
        (
            "https://example.com/",
            "https://example.com/.well-known/openid-configuration",
            "https://example.com/.well-known/oauth-authorization-server",
        ),
        (
            "https://example.com:8443/issuer1/",
            "https://example.com:8443/issuer1/.well-known/openid-configuration",
            "https://example.com:8443/.well-known/oauth-authorization-server/issuer1",
        ),
        (
            "https://example.com/a/b",
            "https://example.com/a/b/.well-known/openid-configuration",
            "https://example.com/.well-known/oauth-authorization-server/a/b",
        ),
    ] {
        let issuer = Issuer::parse(issuer).unwrap();
        assert_eq!(well_known::openid_configuration(&issuer), appended);
        assert_eq!(well_known::oauth_authorization_server(&issuer), inserted);
        assert_eq!(ProviderMetadata::fetch(&issuer).request().unwrap().uri(), appended);
        assert_eq!(ProviderMetadata::fetch_authorization_server(&issuer).request().unwrap().uri(), inserted);
    }
}

/// Proves RFC8414-5-01: inserted first, appended if that fails; one address for an issuer without a path.
#[test]
fn the_configuration_is_looked_for_in_order() {
    for (issuer, candidates) in [
        ("https://example.com", &["https://example.com/.well-known/openid-configuration"][..]),
        ("https://example.com/", &["https://example.com/.well-known/openid-configuration"]),
        (
            "https://example.com/issuer1",
            &[
                "https://example.com/.well-known/openid-configuration/issuer1",
                "https://example.com/issuer1/.well-known/openid-configuration",
            ],
        ),
        (
            "https://example.com:8443/a/b/",
            &[
                "https://example.com:8443/.well-known/openid-configuration/a/b",
                "https://example.com:8443/a/b/.well-known/openid-configuration",
            ],
        ),
    ] {
        assert_eq!(well_known::candidates(&Issuer::parse(issuer).unwrap()), candidates, "{issuer}");
    }
}

/// Proves DISC-4.1-01: it is a GET, and asks for JSON.
#[test]
fn documents_are_fetched_by_get() {
    let request = ProviderMetadata::fetch(&Issuer::parse("https://example.com").unwrap()).request().unwrap();
    assert_eq!(request.method(), http::Method::GET);
    assert_eq!(request.headers()["accept"], "application/json");
    assert!(request.body().is_empty());
}

fn requested(endpoint: EndpointUrl) -> http::Uri {
    let mut keys = KeySource::new(endpoint, KeySourcePolicy::default());
    let KeyPlan::Fetch(fetch) = keys.plan(None, NumericDate::EPOCH) else { panic!("nothing is known yet") };
    fetch.request().unwrap().uri().clone()
}

proptest! {
    /// The request for an address is for that address: none is lost on the way into `http::Uri`.
    #[test]
    fn every_address_is_a_uri(text in "https://[ -~]{1,30}|https://[a-z]{1,9}(:[0-9]{1,6})?(/[!-~]{0,9}){0,3}") {
        if let Ok(issuer) = Issuer::parse(&text) {
            let address = well_known::openid_configuration(&issuer);
            let uri = ProviderMetadata::fetch(&issuer).request().unwrap().uri().to_string();
            prop_assert!(uri.eq_ignore_ascii_case(&address), "{uri} for {address}");
        }
        if let Ok(endpoint) = EndpointUrl::parse(&text) {
            // `Uri` writes the path of an origin, where there is none, as a slash
            let authority_end = text[8..].find(['/', '?']).map_or(text.len(), |at| at + 8);
            let (origin, rest) = text.split_at(authority_end);
            let slash = if rest.starts_with('/') { "" } else { "/" };
            let expected = format!("{origin}{slash}{rest}");
            let uri = requested(endpoint).to_string();
            prop_assert!(uri.eq_ignore_ascii_case(&expected), "{uri} for {text}");
        }
    }
}
