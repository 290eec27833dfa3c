//! What other specifications add.

use avouch_jose::{AlgorithmName, Jwk, KeyType};
use avouch_types::{ClientRegistrationType, Prompt};

use crate::key_set::places;
use crate::metadata::finding::{MetadataFinding, MetadataRule};
use crate::metadata::members::Members;

/// What is demanded of every request must be possible.
pub(super) fn demands(members: &Members, findings: &mut Vec<MetadataFinding>) {
    let mut unsupported = |member, lacks| {
        findings.push(MetadataFinding::about(member, MetadataRule::DemandedUnsupported { lacks }));
    };
    let pushed = members.pushed_authorization_request_endpoint.is_some();
    if members.requires_pushed_authorization_requests() && !pushed {
        unsupported("require_pushed_authorization_requests", "pushed_authorization_request_endpoint");
    }
    let by_reference = members.supports_request_uri_parameter();
    if members.requires_request_uri_registration() && !by_reference {
        unsupported("require_request_uri_registration", "request_uri_parameter_supported");
    }
    if members.requires_signed_request_object() {
        if !members.supports_request_parameter() && !by_reference && !pushed {
            unsupported("require_signed_request_object", "request_parameter_supported");
        }
        let algorithms = members.request_object_signing_alg_values_supported.as_ref();
        if algorithms.is_some_and(|list| list.iter().all(|name| *name == AlgorithmName::NONE)) {
            unsupported("require_signed_request_object", "request_object_signing_alg_values_supported");
        }
    }
}

/// Endpoint and delivery modes are both required of who supports CIBA (§4).
pub(super) fn backchannel(members: &Members, findings: &mut Vec<MetadataFinding>) {
    let (endpoint, modes) =
        ("backchannel_authentication_endpoint", "backchannel_token_delivery_modes_supported");
    let mut incomplete = |member, lacks| {
        findings.push(MetadataFinding::about(member, MetadataRule::BackchannelIncomplete { lacks }));
    };
    match (&members.backchannel_authentication_endpoint, &members.backchannel_token_delivery_modes_supported)
    {
        (Some(_), None) => incomplete(endpoint, modes),
        (None, Some(_)) => incomplete(modes, endpoint),
        _ => {}
    }
}

pub(super) fn logout(members: &Members, findings: &mut Vec<MetadataFinding>) {
    for (member, session, lacks, logout) in [
        (
            "frontchannel_logout_session_supported",
            members.supports_frontchannel_logout_session(),
            "frontchannel_logout_supported",
            members.supports_frontchannel_logout(),
        ),
        (
            "backchannel_logout_session_supported",
            members.supports_backchannel_logout_session(),
            "backchannel_logout_supported",
            members.supports_backchannel_logout(),
        ),
    ] {
        if session && !logout {
            findings.push(MetadataFinding::about(member, MetadataRule::SessionWithoutLogout { lacks }));
        }
    }
}

pub(super) fn prompts(members: &Members, findings: &mut Vec<MetadataFinding>) {
    let Some(listed) = &members.prompt_values_supported else { return };
    for lacks in [Prompt::NONE, Prompt::LOGIN] {
        if !listed.contains(&lacks) {
            let rule = MetadataRule::PromptMissing { lacks };
            findings.push(MetadataFinding::about("prompt_values_supported", rule));
        }
    }
}

pub(super) fn federation(members: &Members, findings: &mut Vec<MetadataFinding>) {
    let member = "client_registration_types_supported";
    let types = members.client_registration_types_supported.as_deref().unwrap_or_default();
    let explicit = types.iter().position(|of| *of == ClientRegistrationType::EXPLICIT);
    if let Some(index) = explicit.filter(|_| members.federation_registration_endpoint.is_none()) {
        findings.push(MetadataFinding::element(member, index, MetadataRule::ExplicitWithoutEndpoint));
    }
    let forms = [
        ("signed_jwks_uri", members.signed_jwks_uri.is_some()),
        ("jwks", members.jwks.is_some()),
        ("jwks_uri", members.jwks_uri.is_some()),
    ];
    let mut given = forms.iter().filter(|(_, given)| *given);
    if let (Some((member, _)), Some(_)) = (given.next(), given.next()) {
        findings.push(MetadataFinding::about(member, MetadataRule::SeveralKeySets));
    }
    for (index, key) in members.jwks.iter().flat_map(places) {
        if is_secret(key) {
            findings.push(MetadataFinding::at("jwks", Some("keys"), Some(index), MetadataRule::PrivateKey));
        }
    }
}

fn is_secret(key: &Jwk) -> bool {
    key.is_private() || key.key_type() == KeyType::Oct
}
