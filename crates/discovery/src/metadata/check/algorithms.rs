//! Lists of algorithms.

use avouch_jose::{AlgorithmName, JwsAlgorithm};
use avouch_types::{ClientAuthMethod, Scope};

use crate::metadata::finding::{MetadataFinding, MetadataRule};
use crate::metadata::members::Members;

/// What every OpenID Provider supports.
pub(super) fn openid(members: &Members, findings: &mut Vec<MetadataFinding>) {
    let signed_by = members.id_token_signing_alg_values_supported.as_deref().unwrap_or_default();
    if !signed_by.iter().any(|alg| alg.as_str() == "RS256") {
        let others = signed_by.iter().filter_map(|alg| JwsAlgorithm::from_name(alg.as_str()));
        let stronger = others.filter(|alg| !alg.is_symmetric()).any(|alg| !alg.name().starts_with("RS"));
        let rule = MetadataRule::Rs256Missing { stronger };
        findings.push(MetadataFinding::about("id_token_signing_alg_values_supported", rule));
    }
    if members.scopes_supported.as_ref().is_some_and(|scopes| !scopes.contains(&Scope::OPENID)) {
        findings.push(MetadataFinding::about("scopes_supported", MetadataRule::OpenidScopeMissing));
    }
}

/// Client authentication by JWT: its algorithms are listed, and `none` is not among them.
pub(super) fn assertions(members: &Members, findings: &mut Vec<MetadataFinding>) {
    let by_jwt = [ClientAuthMethod::PRIVATE_KEY_JWT, ClientAuthMethod::CLIENT_SECRET_JWT];
    for (methods, algorithms, member) in [
        (
            &members.token_endpoint_auth_methods_supported,
            &members.token_endpoint_auth_signing_alg_values_supported,
            "token_endpoint_auth_signing_alg_values_supported",
        ),
        (
            &members.revocation_endpoint_auth_methods_supported,
            &members.revocation_endpoint_auth_signing_alg_values_supported,
            "revocation_endpoint_auth_signing_alg_values_supported",
        ),
        (
            &members.introspection_endpoint_auth_methods_supported,
            &members.introspection_endpoint_auth_signing_alg_values_supported,
            "introspection_endpoint_auth_signing_alg_values_supported",
        ),
    ] {
        none_listed(member, algorithms.as_deref(), findings);
        if algorithms.is_none() && methods.iter().flatten().any(|method| by_jwt.contains(method)) {
            findings.push(MetadataFinding::about(member, MetadataRule::AssertionAlgorithmsMissing));
        }
    }
}

/// Other signatures that must be there, and of some of them that anybody can check them.
pub(super) fn signatures(members: &Members, findings: &mut Vec<MetadataFinding>) {
    let jarm = members.authorization_signing_alg_values_supported.as_deref();
    none_listed("authorization_signing_alg_values_supported", jarm, findings);
    for (member, algorithms) in [
        ("dpop_signing_alg_values_supported", &members.dpop_signing_alg_values_supported),
        (
            "backchannel_authentication_request_signing_alg_values_supported",
            &members.backchannel_authentication_request_signing_alg_values_supported,
        ),
    ] {
        none_listed(member, algorithms.as_deref(), findings);
        for (index, name) in algorithms.iter().flatten().enumerate() {
            if JwsAlgorithm::from_name(name.as_str()).is_some_and(JwsAlgorithm::is_symmetric) {
                findings.push(MetadataFinding::element(member, index, MetadataRule::SymmetricListed));
            }
        }
    }
}

fn none_listed(
    member: &'static str,
    algorithms: Option<&[AlgorithmName]>,
    findings: &mut Vec<MetadataFinding>,
) {
    let none = |(index, name): (usize, &AlgorithmName)| (*name == AlgorithmName::NONE).then_some(index);
    for index in algorithms.unwrap_or_default().iter().enumerate().filter_map(none) {
        findings.push(MetadataFinding::element(member, index, MetadataRule::NoneListed));
    }
}

/// Key management and content encryption go together.
pub(super) fn encryption(members: &Members, findings: &mut Vec<MetadataFinding>) {
    macro_rules! pairs {
        ($($alg:ident $enc:ident)+) => { [ $(
            (stringify!($alg), members.$alg.is_some(), stringify!($enc), members.$enc.is_some()),
        )+ ] };
    }
    for (alg, has_alg, enc, has_enc) in pairs! {
        id_token_encryption_alg_values_supported id_token_encryption_enc_values_supported
        userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported
        request_object_encryption_alg_values_supported request_object_encryption_enc_values_supported
        introspection_encryption_alg_values_supported introspection_encryption_enc_values_supported
        authorization_encryption_alg_values_supported authorization_encryption_enc_values_supported
    } {
        match (has_alg, has_enc) {
            (true, false) => {
                findings.push(MetadataFinding::about(alg, MetadataRule::EncryptionIncomplete { lacks: enc }));
            }
            (false, true) => {
                findings.push(MetadataFinding::about(enc, MetadataRule::EncryptionIncomplete { lacks: alg }));
            }
            _ => {}
        }
    }
}
