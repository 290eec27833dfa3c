//! A file of vectors that no check embeds would prove nothing.
#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found
}

/// Every file is named in the sources of the kit; the checks refuse an entry that they do not know how to run.
#[test]
fn every_file_of_vectors_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources: String =
        files(&root.join("src/jose")).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let folder = root.join("vectors/jose");
    let vectors: Vec<String> = files(&folder)
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(vectors.len(), 43);
    for file in vectors {
        assert!(sources.contains(&format!("\"{file}\"")), "{file} is not run");
    }
}
