//! Other people's software agrees. What is missing here fails; nothing is skipped.

mod node;

mod our_client_at_oidc_provider;

mod relying_party;
