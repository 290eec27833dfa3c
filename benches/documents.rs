//! Prints the table of "Documents and requests" in `docs/performance.md`.
//!
//! `cargo bench -p avouch-benches --features documents --bench documents`; without `--features documents` our column only;
//! with `-- --quick` a look at everything; `-- only ROW CONTENDER ROUNDS` does that work and nothing else, to be counted
//! under callgrind.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench, not a library"
)]

#[path = "table/measure.rs"]
mod measure;
#[cfg(feature = "documents")]
#[path = "documents/peers.rs"]
mod peers;
#[path = "documents/provider.rs"]
mod provider;
#[path = "documents/release.rs"]
mod release;
#[path = "documents/requests.rs"]
mod requests;

use avouch_benches::Work;

use measure::{Effort, measure};

/// Who takes part, in the order of the columns.
const COLUMNS: [&str; 6] =
    ["avouch", "url", "form_urlencoded", "oauth2", "openidconnect", "serde_json::Value"];

/// A row: what is done, the greatest ratio we want, whose time all are divided by, and who does it.
struct Row {
    work: &'static str,
    target: Option<f64>,
    base: &'static str,
    contenders: Vec<(&'static str, Work)>,
}

fn rows() -> Vec<Row> {
    let ours = |work| vec![("avouch", work)];
    #[allow(unused_mut, reason = "without peers nothing is added")]
    let mut rows = vec![
        Row {
            work: "read provider metadata, 60 members",
            target: Some(1.0),
            base: "openidconnect",
            contenders: vec![
                ("avouch", provider::avouch_reads()),
                ("serde_json::Value", provider::value_reads()),
            ],
        },
        Row {
            work: "write an authorization request",
            target: Some(0.7),
            base: "url",
            contenders: ours(requests::avouch_writes(false)),
        },
        Row {
            work: "the same with `claims`",
            target: None,
            base: "url",
            contenders: ours(requests::avouch_writes(true)),
        },
        Row {
            work: "put it together and write it",
            target: None,
            base: "url",
            contenders: ours(requests::avouch_puts_together()),
        },
        Row {
            work: "read an authorization request",
            target: Some(0.6),
            base: "url",
            contenders: ours(requests::avouch_reads(false)),
        },
        Row {
            work: "read it with `claims`",
            target: None,
            base: "url",
            contenders: ours(requests::avouch_reads(true)),
        },
        Row {
            work: "which of 20 claims go where",
            target: None,
            base: "avouch",
            contenders: ours(release::avouch_answers()),
        },
    ];
    #[cfg(feature = "documents")]
    {
        rows[0].contenders.push(("openidconnect", provider::openidconnect_reads()));
        rows[1].contenders.push(("url", peers::url_writes(false)));
        rows[2].contenders.push(("url", peers::url_writes(true)));
        rows[3].contenders.extend([
            ("url", peers::url_writes(false)),
            ("oauth2", peers::oauth2_puts_together()),
            ("openidconnect", peers::openidconnect_puts_together()),
        ]);
        for (row, claims) in [(4, false), (5, true)] {
            rows[row].contenders.extend([
                ("form_urlencoded", peers::form_urlencoded_reads(claims)),
                ("url", peers::url_reads(claims)),
            ]);
        }
    }
    rows
}

fn main() {
    // cargo adds `--bench`
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let mut rows = rows();
    if let [only, row, name, rounds] = arguments.as_slice()
        && only == "only"
    {
        let row = rows.iter_mut().find(|own| own.work == row).unwrap();
        let (_, work) = row.contenders.iter_mut().find(|(own, _)| own == name).unwrap();
        for _ in 0..rounds.parse::<u32>().unwrap() {
            assert!(work());
        }
        return;
    }
    let effort =
        if arguments.iter().any(|argument| argument == "--quick") { Effort::QUICK } else { Effort::FULL };
    println!("| work | target | {} | reached | divided by |", COLUMNS.join(" | "));
    println!("|---{}|", "|---".repeat(COLUMNS.len() + 3));
    for row in &mut rows {
        println!("{}", line(row, effort));
    }
}

/// Measures a row and writes it.
fn line(row: &mut Row, effort: Effort) -> String {
    let names: Vec<&str> = row.contenders.iter().map(|(name, _)| *name).collect();
    let mut works: Vec<&mut Work> = row.contenders.iter_mut().map(|(_, work)| work).collect();
    let measured = measure(&mut works, effort);
    let place = |name: &str| names.iter().position(|own| *own == name);
    let base = place(row.base);
    let ratio = |name: &str| Some(measured.ratio(place(name)?, base?));
    let cells: Vec<String> = COLUMNS
        .iter()
        .map(|name| ratio(name).map_or("-".to_owned(), |ratio| format!("{ratio:.2}")))
        .collect();
    let reached = match (row.target, ratio("avouch")) {
        // as exact as it is printed
        (Some(target), Some(ratio)) if (ratio * 100.0).round() <= target * 100.0 => "yes",
        (Some(_), Some(_)) => "no",
        _ => "-",
    };
    let time = match base {
        Some(base) => format!("{}, {:.2} µs", row.base, measured.nanoseconds(base) / 1000.0),
        None => format!("our time: {:.2} µs", measured.nanoseconds(0) / 1000.0),
    };
    let target = row.target.map_or("-".to_owned(), |target| target.to_string());
    format!("| {} | {target} | {} | {reached} | {time} |", row.work, cells.join(" | "))
}
