//! Holds the layers of `docs/architecture.md` against the resolved dependency graph.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Published crates and the crates of ours that each may depend on. An edge that is not here fails the test.
const ALLOWED: &[(&str, &[&str])] = &[
    ("avouch-json", &[]),
    ("avouch-types", &[]),
    ("avouch-jose", &["avouch-json"]),
    ("avouch-jose-ring", &["avouch-jose"]),
    ("avouch-jose-aws-lc", &["avouch-jose"]),
    ("avouch-claims", &["avouch-json", "avouch-types"]),
    ("avouch-tokens", &["avouch-json", "avouch-types", "avouch-jose", "avouch-claims"]),
    ("avouch-discovery", &["avouch-json", "avouch-types", "avouch-jose"]),
    ("avouch-messages", &["avouch-json", "avouch-types", "avouch-claims"]),
    ("avouch-client", FACADE),
    ("avouch-provider", FACADE),
];
const FACADE: &[&str] = &[
    "avouch-json",
    "avouch-types",
    "avouch-jose",
    "avouch-claims",
    "avouch-tokens",
    "avouch-discovery",
    "avouch-messages",
];
/// Crates of ours that are no layer: helpers of tests, programs, measurements.
const BESIDE_THE_LAYERS: &[&str] =
    &["avouch-testkit", "avouch-reference", "avouch-interop", "avouch-benches"];

/// What a published crate must not bring into its users' trees, through whatever path.
const NEVER: &[&str] = &["tokio", "hyper", "reqwest", "rand", "chrono", "openssl", "rustls", "sqlx"];

/// Parts of names of crates that the claims model must come without: cryptography, signed tokens, HTTP.
const CRYPTO: &[&str] = &[
    "ring", "aws-lc", "crypt", "digest", "hmac", "sha", "rsa", "p256", "ed25519", "jose", "jwt", "tls",
    "http", "url",
];

struct Graph {
    names: BTreeMap<String, String>,
    normal: BTreeMap<String, Vec<String>>,
    members: BTreeSet<String>,
}

fn graph() -> Graph {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(manifest)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let names = list(&metadata["packages"]).iter().map(|p| (text(&p["id"]), text(&p["name"]))).collect();
    let members = list(&metadata["workspace_members"]).iter().map(text).collect();
    let normal = list(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| {
            let edges = list(&node["deps"])
                .iter()
                .filter(|dep| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()))
                .map(|dep| text(&dep["pkg"]))
                .collect();
            (text(&node["id"]), edges)
        })
        .collect();
    Graph { names, normal, members }
}

impl Graph {
    fn ours(&self) -> impl Iterator<Item = (&String, &str)> {
        self.members.iter().map(|id| (id, self.names[id].as_str()))
    }

    fn everything_below(&self, id: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            for below in &self.normal[id] {
                if seen.insert(below.as_str()) {
                    open.push(below);
                }
            }
        }
        seen.iter().map(|id| self.names[*id].as_str()).collect()
    }
}

#[test]
fn no_crate_depends_on_its_own_layer_or_above() {
    let graph = graph();
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    for (id, name) in graph.ours() {
        let Some(allowed) = allowed.get(name) else {
            assert!(BESIDE_THE_LAYERS.contains(&name), "{name} has no place in the layers");
            continue;
        };
        for below in graph.normal[id].iter().map(|id| graph.names[id].as_str()) {
            assert!(
                !below.starts_with("avouch-") || allowed.contains(&below),
                "{name} must not depend on {below}: see docs/architecture.md",
            );
        }
    }
    let present: BTreeSet<&str> = graph.ours().map(|(_, name)| name).collect();
    for name in allowed.keys() {
        assert!(present.contains(name), "{name} is in the table and not in the workspace");
    }
}

#[test]
fn published_crates_bring_no_runtime_socket_clock_or_dice() {
    let graph = graph();
    for (id, name) in graph.ours().filter(|(_, name)| ALLOWED.iter().any(|(layer, _)| layer == name)) {
        let below = graph.everything_below(id);
        for never in NEVER {
            assert!(!below.contains(never), "{name} brings {never}");
        }
        assert!(
            !below.contains("ring") || name == "avouch-jose-ring",
            "{name} names a crypto backend: only avouch-jose-ring may",
        );
    }
}

/// The crates in a user's tree who takes only these packages: `cargo tree` resolves the features of the chosen
/// packages alone, while the graph above has them unified over the workspace.
fn tree(packages: &[&str]) -> BTreeSet<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--offline",
            "--manifest-path",
        ])
        .arg(manifest)
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// People who take the claims model alone, and those who only verify tokens, get a small tree.
#[test]
fn small_trees_stay_small() {
    let claims = tree(&["avouch-claims", "avouch-types"]);
    assert!(claims.contains("avouch-claims") && claims.contains("serde_json"), "{claims:?}");
    assert!(claims.len() <= 12, "claims and types bring {} crates: {claims:?}", claims.len());
    for crypto in CRYPTO {
        assert!(
            !claims.iter().any(|name| name.contains(crypto)),
            "the claims model brings {crypto}: {claims:?}"
        );
    }
    let verifier = tree(&["avouch-tokens", "avouch-jose-ring"]);
    assert!(verifier.contains("ring"), "{verifier:?}");
    assert!(verifier.len() <= 25, "a minimal verifier brings {} crates: {verifier:?}", verifier.len());
}
