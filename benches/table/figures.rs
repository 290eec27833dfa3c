//! The rows that are counted, not timed: each by a program of its own.

use std::path::Path;
use std::process::Command;

/// Heap allocations per verification beyond the back end's, as `allocations` counts them.
pub(crate) fn allocations(columns: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_allocations")).output().unwrap();
    // it fails where we have too many, which is the table's to say
    let text = String::from_utf8(output.stdout).unwrap();
    let counts = |kind: &str, column: &str| -> Option<u64> {
        text.lines().find_map(|line| {
            let mut fields = line.split('\t');
            (fields.next()? == kind && fields.next()? == column).then(|| fields.next()?.parse().ok())?
        })
    };
    for (kind, target) in [("borrowed", 0), ("owned", 20)] {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| counts(kind, column).map_or("-".to_owned(), |count| count.to_string()))
            .collect();
        let ours = columns.iter().take(2).filter_map(|column| counts(kind, column)).max();
        let verdict = match ours {
            None => "no such work yet",
            Some(count) if count <= target => "yes",
            Some(_) => "no",
        };
        println!("| allocations, HS256, {kind} claims | {target} | {} | {verdict} | - |", cells.join(" | "));
    }
}

/// The program in `minimal/`, built as its manifest says: crates in its tree, and bytes.
pub(crate) fn minimal_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("minimal");
    let cargo = |arguments: &[&str]| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("minimal");
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", &target)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (String::from_utf8(output.stdout).unwrap(), target)
    };
    let (tree, _) = cargo(&["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    let mut crates: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    crates.sort_unstable();
    crates.dedup();
    // less the program itself
    let crates = crates.iter().filter(|name| !name.is_empty()).count() - 1;
    let (_, target) = cargo(&["build", "--release", "--locked"]);
    let bytes = std::fs::metadata(target.join("release/avouch-minimal")).unwrap().len();
    let reached = crates <= 25 && bytes <= 800_000;
    println!();
    println!(
        "minimal verifier on ring: {crates} crates (at most 25), {bytes} bytes (at most 800,000): {}",
        if reached { "reached" } else { "not reached" }
    );
}
