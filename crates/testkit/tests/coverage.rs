//! Reads the requirement lists in `docs/requirements` and the `Proves …` lines of test comments, and writes
//! `docs/coverage.md`. Fails when a test names an identifier that no list has, when something that is not a test
//! claims a proof, and when the written page was out of date (it is rewritten, to be committed). A test inside a macro is one
//! test in each file that calls the macro, and a claim that no file makes run is refused. Where such a file gives an account
//! by which the test is mostly about what is lacking there, it proves nothing there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const LEVELS: [&str; 9] =
    ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "POLICY", "SHALL", "REQUIRED", "RECOMMENDED"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The requirements of one list: identifier and level, in the order of the page.
struct List {
    file: String,
    title: String,
    requirements: Vec<(String, String)>,
}

fn read_list(path: &Path) -> List {
    let text = fs::read_to_string(path).unwrap();
    let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or("").to_owned();
    let requirements = text.lines().filter_map(requirement).collect();
    List { file: path.file_name().unwrap().to_string_lossy().into_owned(), title, requirements }
}

/// A requirement line is `ID | … | level | …`; tables of parameters have no level cell.
fn requirement(line: &str) -> Option<(String, String)> {
    let mut cells = line.split('|').map(str::trim);
    let id = cells.next()?;
    let level = cells.find(|cell| LEVELS.contains(cell))?;
    is_identifier(id).then(|| (id.to_owned(), level.to_owned()))
}

fn is_identifier(word: &str) -> bool {
    let (prefix, rest) = word.split_once('-').unwrap_or(("", ""));
    prefix.starts_with(|c: char| c.is_ascii_uppercase())
        && prefix.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && !rest.is_empty()
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c))
}

/// A claim found in the sources: where, which test, which identifiers.
struct Proof {
    file: String,
    test: String,
    identifiers: Vec<String>,
    /// The macro that it stands in: the test is where that is called.
    in_macro: Option<String>,
}

/// The macros of one file, each with the lines its definition spans, and the macros that it calls.
struct Macros {
    defined: Vec<(String, std::ops::Range<usize>)>,
    called: BTreeSet<String>,
}

fn read_macros(text: &str) -> Macros {
    let mut defined = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut called = BTreeSet::new();
    for (at, line) in text.lines().enumerate() {
        if let Some(rest) = line.strip_prefix("macro_rules! ") {
            open = Some((rest.trim_end_matches(" {").to_owned(), at));
        } else if line == "}"
            && let Some((name, start)) = open.take()
        {
            defined.push((name, start..at));
        } else if !line.trim_start().starts_with("//")
            && let Some((before, _)) = line.split_once("!(")
        {
            let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
            called.extend(name.map(str::to_owned));
        }
    }
    Macros { defined, called }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        if entry.is_dir() && !matches!(name.as_str(), "target" | "node_modules") {
            rust_files(&entry, found);
        } else if name.ends_with(".rs") {
            found.push(entry);
        }
    }
}

fn read_proofs(path: &Path, complaints: &mut Vec<String>) -> Vec<Proof> {
    let text = fs::read_to_string(path).unwrap();
    let shown = path.strip_prefix(root()).unwrap().display().to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let macros = read_macros(&text).defined;
    let mut proofs = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let comment: Vec<&str> =
            lines[at..].iter().map_while(|line| line.strip_prefix("///")).map(str::trim).collect();
        at += comment.len().max(1);
        let comment = comment.join(" ");
        let Some((_, claim)) = comment.split_once("Proves ") else { continue };
        let attributes: Vec<&&str> = lines[at..].iter().take_while(|line| line.starts_with('#')).collect();
        let name =
            lines.get(at + attributes.len()).and_then(|line| line.split_once("fn ")).map(|(_, rest)| rest);
        let name = name.and_then(|rest| rest.split(['(', '<']).next()).unwrap_or("?");
        if !attributes.iter().any(|attribute| attribute.contains("test")) {
            complaints.push(format!("{shown}: `Proves {claim}` does not stand on a test"));
            continue;
        }
        let identifiers = claim
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| ".,;:()`".contains(c)))
            .filter(|word| *word != "and")
            .take_while(|word| is_identifier(word))
            .map(str::to_owned)
            .collect::<Vec<_>>();
        if identifiers.is_empty() {
            complaints.push(format!("{shown}: {name} names no identifier after `Proves`"));
        }
        let in_macro = macros.iter().find(|(_, span)| span.contains(&at)).map(|(name, _)| name.clone());
        proofs.push(Proof { file: shown.clone(), test: name.to_owned(), identifiers, in_macro });
    }
    proofs
}

/// A file of tests that calls a macro.
struct Caller {
    file: String,
    /// The tests that prove nothing there: `("name", ran, lacking)` stands in the file, with as many lacking.
    idle: BTreeSet<String>,
}

/// The callers of each macro, by its name.
fn callers(files: &[PathBuf]) -> BTreeMap<String, Vec<Caller>> {
    let mut callers: BTreeMap<String, Vec<Caller>> = BTreeMap::new();
    for path in files.iter().filter(|path| path.iter().any(|part| part == "tests")) {
        let text = fs::read_to_string(path).unwrap();
        let file = path.strip_prefix(root()).unwrap().display().to_string();
        let idle: BTreeSet<String> = text.lines().filter_map(idle_test).collect();
        for name in read_macros(&text).called {
            callers.entry(name).or_default().push(Caller { file: file.clone(), idle: idle.clone() });
        }
    }
    callers
}

fn idle_test(line: &str) -> Option<String> {
    let row = line.trim().strip_prefix("(\"")?.strip_suffix("),")?;
    let (name, counts) = row.split_once("\", ")?;
    let (ran, lacking) = counts.split_once(", ")?;
    let (ran, lacking): (usize, usize) = (ran.parse().ok()?, lacking.parse().ok()?);
    (lacking >= ran).then(|| name.to_owned())
}

/// `ID | reason` lines of `docs/requirements/not-applicable.md`.
fn read_not_applicable() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join("docs/requirements/not-applicable.md")).unwrap();
    text.lines()
        .filter_map(|line| line.split_once('|'))
        .map(|(id, reason)| (id.trim().to_owned(), reason.trim().to_owned()))
        .filter(|(id, _)| is_identifier(id))
        .collect()
}

fn page(
    lists: &[List],
    proven: &BTreeMap<String, BTreeSet<String>>,
    not_applicable: &BTreeMap<String, String>,
) -> String {
    let mut page = String::from(
        "# Coverage of requirements\n\n\
         Written by `cargo test -p avouch-testkit --test coverage` from the comments of the tests; do not edit.\n\
         *Proven* names at least one test that fails without the rule. *Open* is everything else: not built, or built \
         and not yet proven.\n\n",
    );
    let absent = fs::read_to_string(root().join("docs/requirements/absent.md")).unwrap();
    page.push_str(absent.trim_end());
    page.push_str("\n\n## Summary\n\n| list | requirements | proven | not applicable | open |\n|---|---:|---:|---:|---:|\n");
    for list in lists {
        let total = list.requirements.len();
        let done = list.requirements.iter().filter(|(id, _)| proven.contains_key(id)).count();
        let none = list.requirements.iter().filter(|(id, _)| not_applicable.contains_key(id)).count();
        let open = list
            .requirements
            .iter()
            .filter(|(id, _)| !proven.contains_key(id) && !not_applicable.contains_key(id))
            .count();
        writeln!(page, "| [{0}](requirements/{0}) | {total} | {done} | {none} | {open} |", list.file)
            .unwrap();
    }
    for list in lists {
        writeln!(page, "\n## {} ({})\n", list.title, list.file).unwrap();
        for (id, level) in &list.requirements {
            if let Some(tests) = proven.get(id) {
                let tests: Vec<String> = tests.iter().map(|test| format!("`{test}`")).collect();
                writeln!(page, "- **{id}** ({level}): {}", tests.join(", ")).unwrap();
            }
        }
        for (id, level) in &list.requirements {
            if let Some(reason) = not_applicable.get(id) {
                writeln!(page, "- {id} ({level}) not applicable: {reason}").unwrap();
            }
        }
        let open: Vec<&str> = list
            .requirements
            .iter()
            .map(|(id, _)| id.as_str())
            .filter(|id| !proven.contains_key(*id) && !not_applicable.contains_key(*id))
            .collect();
        if !open.is_empty() {
            writeln!(page, "\nOpen: {}", open.join(", ")).unwrap();
        }
    }
    page
}

#[test]
fn every_claimed_proof_exists_and_the_page_is_current() {
    let mut lists: Vec<List> = fs::read_dir(root().join("docs/requirements"))
        .unwrap()
        .map(|entry| read_list(&entry.unwrap().path()))
        .filter(|list| !list.requirements.is_empty())
        .collect();
    lists.sort_by(|a, b| a.file.cmp(&b.file));
    let known: BTreeSet<&str> =
        lists.iter().flat_map(|list| &list.requirements).map(|(id, _)| id.as_str()).collect();
    assert!(known.len() > 2000, "the requirement lists were not read: {} identifiers", known.len());

    let mut files = Vec::new();
    for folder in ["crates", "benches"] {
        rust_files(&root().join(folder), &mut files);
    }
    files.sort();
    let this_file = Path::new(file!()).file_name().unwrap();
    files.retain(|path| path.file_name() != Some(this_file));
    let callers = callers(&files);
    let mut complaints = Vec::new();
    let mut proven: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in &files {
        for Proof { file, test, identifiers, in_macro } in read_proofs(path, &mut complaints) {
            let places = match in_macro {
                None => vec![file],
                Some(name) => callers
                    .get(&name)
                    .into_iter()
                    .flatten()
                    .filter(|caller| !caller.idle.contains(&test))
                    .map(|caller| caller.file.clone())
                    .collect(),
            };
            if places.is_empty() {
                complaints.push(format!("{test} stands in a macro, and no file of tests makes it run"));
            }
            for id in identifiers {
                if known.contains(id.as_str()) {
                    let tests = places.iter().map(|place| format!("{place}: {test}"));
                    proven.entry(id).or_default().extend(tests);
                } else {
                    complaints.push(format!("{test}: no list has {id}"));
                }
            }
        }
    }
    let not_applicable = read_not_applicable();
    for id in not_applicable.keys() {
        if !known.contains(id.as_str()) {
            complaints.push(format!("not-applicable.md: no list has {id}"));
        }
        if proven.contains_key(id) {
            complaints.push(format!("{id} is both proven and not applicable"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));

    let path = root().join("docs/coverage.md");
    let page = page(&lists, &proven, &not_applicable);
    let current = fs::read_to_string(&path).unwrap_or_default() == page;
    if !current {
        fs::write(&path, &page).unwrap();
    }
    assert!(current, "docs/coverage.md was out of date and has been rewritten: read it and commit it");
}
