//! Response types, grant types and the endpoints they need.

use avouch_types::{GrantType, ResponseType};

use crate::metadata::document::Kind;
use crate::metadata::finding::{MetadataFinding, MetadataRule};
use crate::metadata::members::Members;

pub(super) fn endpoints(members: &Members, kind: Kind, findings: &mut Vec<MetadataFinding>) {
    let listed = members.grant_types_supported.as_deref().unwrap_or_default();
    let codes = members.response_types_supported.iter().flatten().any(|of| of.contains("code"));
    if members.token_endpoint.is_none() && (codes || listed.iter().any(|grant| *grant != GrantType::IMPLICIT))
    {
        findings.push(MetadataFinding::about("token_endpoint", MetadataRule::TokenEndpointMissing));
    }
    let in_browser = [GrantType::AUTHORIZATION_CODE, GrantType::IMPLICIT];
    let for_workloads = members.grant_types_supported.is_none()
        && members.response_types_supported.as_deref() == Some(&[ResponseType::ID_TOKEN]);
    if kind == Kind::AuthorizationServer
        && members.authorization_endpoint.is_none()
        && !for_workloads
        && members.grant_types().iter().any(|grant| in_browser.contains(grant))
    {
        let rule = MetadataRule::AuthorizationEndpointMissing;
        findings.push(MetadataFinding::about("authorization_endpoint", rule));
    }
    for (grant, endpoint, is_there) in [
        (
            GrantType::DEVICE_CODE,
            "device_authorization_endpoint",
            members.device_authorization_endpoint.is_some(),
        ),
        (
            GrantType::CIBA,
            "backchannel_authentication_endpoint",
            members.backchannel_authentication_endpoint.is_some() && delivers_by_token_endpoint(members),
        ),
    ] {
        match (listed.iter().position(|listed| *listed == grant), is_there) {
            (Some(index), false) if !asks_by_backchannel(members, &grant) => {
                let rule = MetadataRule::GrantWithoutEndpoint { endpoint };
                findings.push(MetadataFinding::element("grant_types_supported", index, rule));
            }
            (None, true) => {
                findings.push(MetadataFinding::about(endpoint, MetadataRule::EndpointWithoutGrant { grant }));
            }
            _ => {}
        }
    }
}

/// Tokens that are pushed come without a grant at the token endpoint (CIBA §10.3).
fn delivers_by_token_endpoint(members: &Members) -> bool {
    let modes = members.backchannel_token_delivery_modes_supported.iter().flatten();
    modes.map(avouch_types::TokenDeliveryMode::as_str).any(|mode| mode != "push")
}

fn asks_by_backchannel(members: &Members, grant: &GrantType) -> bool {
    *grant == GrantType::CIBA && members.backchannel_authentication_endpoint.is_some()
}

pub(super) fn response_types(members: &Members, findings: &mut Vec<MetadataFinding>) {
    let Some(grants) = &members.grant_types_supported else { return };
    for (index, of) in members.response_types_supported.iter().flatten().enumerate() {
        let code = of.contains("code").then_some(GrantType::AUTHORIZATION_CODE);
        let implicit = (of.contains("id_token") || of.contains("token")).then_some(GrantType::IMPLICIT);
        for grant in [code, implicit].into_iter().flatten().filter(|grant| !grants.contains(grant)) {
            let rule = MetadataRule::ResponseTypeWithoutGrant { grant };
            findings.push(MetadataFinding::element("response_types_supported", index, rule));
        }
    }
}

pub(super) fn dynamic_clients(members: &Members, findings: &mut Vec<MetadataFinding>) {
    if members.registration_endpoint.is_none() {
        return;
    }
    let types = members.response_types_supported.as_deref().unwrap_or_default();
    for (of, lacks) in [
        (ResponseType::CODE, "code"),
        (ResponseType::ID_TOKEN, "id_token"),
        (ResponseType::ID_TOKEN_TOKEN, "id_token token"),
    ] {
        if !types.contains(&of) {
            let rule = MetadataRule::IncompleteForDynamicClients { lacks };
            findings.push(MetadataFinding::about("response_types_supported", rule));
        }
    }
    for (grant, lacks) in
        [(GrantType::AUTHORIZATION_CODE, "authorization_code"), (GrantType::IMPLICIT, "implicit")]
    {
        if !members.grant_types().contains(&grant) {
            let rule = MetadataRule::IncompleteForDynamicClients { lacks };
            findings.push(MetadataFinding::about("grant_types_supported", rule));
        }
    }
}
