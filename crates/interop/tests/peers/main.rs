//! Other people's software agrees. What is missing here fails; nothing is skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests may, and so may their helpers"
)]

mod browser_walks_the_pages;
mod chromium_stays_here;
mod node;
mod openid_client_at_our_provider;
mod our_client_at_oidc_provider;
mod reference;
mod relying_party;
