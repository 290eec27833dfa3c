//! Whether the members of a document fit together.

mod algorithms;
mod extensions;
mod grants;

use super::document::Kind;
use super::finding::{MetadataFinding, MetadataRule};
use super::members::Members;

/// What does not fit together, of values that are well-formed each by itself.
pub(super) fn consistency(members: &Members, kind: Kind) -> Vec<MetadataFinding> {
    let mut findings = Vec::new();
    let empty = members.empty_lists().into_iter();
    findings.extend(empty.map(|member| MetadataFinding::about(member, MetadataRule::EmptyArray)));
    grants::endpoints(members, kind, &mut findings);
    grants::response_types(members, &mut findings);
    if kind == Kind::Provider {
        grants::dynamic_clients(members, &mut findings);
        algorithms::openid(members, &mut findings);
    }
    algorithms::assertions(members, &mut findings);
    algorithms::signatures(members, &mut findings);
    algorithms::encryption(members, &mut findings);
    extensions::demands(members, &mut findings);
    extensions::backchannel(members, &mut findings);
    extensions::logout(members, &mut findings);
    extensions::prompts(members, &mut findings);
    extensions::federation(members, &mut findings);
    findings
}
