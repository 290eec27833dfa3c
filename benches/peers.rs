//! The other crates of the field, each used as its own documentation does: keys prepared once, issuer, audience and
//! lifetime checked where it can, claims read into the types it wants.

use crate::job::{Contender, Job};
use crate::material::Material;

#[cfg(feature = "peers")]
mod biscuit;
#[cfg(feature = "peers")]
mod compact_jwt;
#[cfg(feature = "peers")]
mod josekit;
#[cfg(feature = "peers")]
mod jsonwebtoken;
#[cfg(feature = "peers")]
mod jwt_simple;
#[cfg(feature = "peers")]
mod openidconnect;

/// The names, in the order of the table's columns.
#[cfg(feature = "peers")]
pub const NAMES: &[&str] = &[
    jsonwebtoken::ON_AWS_LC,
    jsonwebtoken::ON_RUST_CRYPTO,
    josekit::NAME,
    jwt_simple::NAME,
    biscuit::NAME,
    compact_jwt::NAME,
    openidconnect::NAME,
];
/// The names; none without the feature `peers`.
#[cfg(not(feature = "peers"))]
pub const NAMES: &[&str] = &[];

/// Those who can do the work of a row.
#[must_use]
#[cfg(feature = "peers")]
pub fn contenders(job: Job, material: &Material) -> Vec<Contender> {
    let mut contenders = Vec::new();
    contenders.extend(jsonwebtoken::on_aws_lc(job, material));
    contenders.extend(jsonwebtoken::on_rust_crypto(job, material));
    contenders.extend(josekit::contender(job, material));
    contenders.extend(jwt_simple::contender(job, material));
    contenders.extend(biscuit::contender(job, material));
    contenders.extend(compact_jwt::contender(job, material));
    contenders.extend(openidconnect::contender(job, material));
    contenders
}

/// Nobody, without the feature `peers`.
#[must_use]
#[cfg(not(feature = "peers"))]
pub fn contenders(_: Job, _: &Material) -> Vec<Contender> {
    Vec::new()
}

/// A private key as PEM, for those who take nothing else.
#[cfg(feature = "peers")]
fn pem(pkcs8: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(pkcs8);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}
