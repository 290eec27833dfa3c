//! Prints the table of `docs/performance.md`.
//!
//! `cargo bench -p avouch-benches --features peers --bench table`; without `--features peers` our columns only; with
//! `-- --quick` a look at everything, with `-- HS256` only the rows whose name holds that.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench, not a library"
)]

#[path = "table/figures.rs"]
mod figures;
#[path = "table/measure.rs"]
mod measure;

use avouch_benches::{Contender, Job, Material, Raw, Work, ours, peers, raw};

use measure::{Effort, Measured, measure};

const ON_RING: &str = "avouch on ring";
const ON_AWS_LC: &str = "avouch on aws-lc";

fn main() {
    // cargo adds `--bench`
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let effort = if quick { Effort::QUICK } else { Effort::FULL };

    let material = Material::new();
    let columns: Vec<&str> = [ON_RING, ON_AWS_LC].iter().chain(peers::NAMES).copied().collect();
    println!("| work | target | {} | reached | raw ring, aws-lc |", columns.join(" | "));
    println!("|---{}|", "|---".repeat(columns.len() + 3));
    for job in Job::ALL {
        if wanted.is_empty() || wanted.iter().any(|part| job.to_string().contains(part.as_str())) {
            println!("{}", row(job, &columns, &material, effort));
        }
    }
    if wanted.is_empty() {
        figures::allocations(&columns);
        figures::minimal_program();
    }
}

/// Measures a row and writes it.
fn row(job: Job, columns: &[&str], material: &Material, effort: Effort) -> String {
    let mut contenders: Vec<Contender> = [Raw::Ring, Raw::AwsLc, Raw::Value]
        .into_iter()
        .filter_map(|over| Some(Contender { name: over.name(), over, work: raw::work(over, job, material)? }))
        .collect();
    contenders.extend(ours::contenders(job, material));
    contenders.extend(peers::contenders(job, material));
    for contender in &mut contenders {
        assert!((contender.work)(), "{} does not do as it should: {job}", contender.name);
    }
    let mut works: Vec<&mut Work> = contenders.iter_mut().map(|contender| &mut contender.work).collect();
    let measured = measure(&mut works, effort);

    let figure = |name: &str| -> Option<f64> {
        let place = contenders.iter().position(|contender| contender.name == name)?;
        if job.is_absolute() {
            return Some(measured.nanoseconds(place));
        }
        let base = contenders.iter().position(|raw| raw.name == contenders[place].over.name())?;
        Some(measured.ratio(place, base))
    };
    let print = |figure: Option<f64>| match figure {
        Some(figure) if job.is_absolute() => thousands(figure),
        Some(figure) => format!("{figure:.2}"),
        None => "-".to_owned(),
    };
    let cells: Vec<String> = columns.iter().map(|name| print(figure(name))).collect();
    let ours: Vec<f64> = [ON_RING, ON_AWS_LC].iter().filter_map(|name| figure(name)).collect();
    let verdict = match ours.iter().copied().reduce(f64::max) {
        None => "no such work yet",
        // as exact as it is printed
        Some(worst) if (worst * 100.0).round() <= (job.target() * 100.0).round() => "yes",
        Some(_) => "no",
    };
    let target = if job.is_absolute() { thousands(job.target()) } else { format!("{}", job.target()) };
    format!(
        "| {job} | {target} | {} | {verdict} | {} |",
        cells.join(" | "),
        base_times(&contenders, &measured)
    )
}

fn base_times(contenders: &[Contender], measured: &Measured) -> String {
    let times: Vec<String> = contenders
        .iter()
        .enumerate()
        .filter(|(_, contender)| contender.name == contender.over.name())
        .map(|(place, _)| format!("{:.2} µs", measured.nanoseconds(place) / 1000.0))
        .collect();
    if times.is_empty() { "-".to_owned() } else { times.join(", ") }
}

fn thousands(figure: f64) -> String {
    if figure < 1000.0 { format!("{figure:.0} ns") } else { format!("{:.0} µs", figure / 1000.0) }
}
