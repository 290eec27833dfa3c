//! Counts heap allocations per verification of the HS256 ID Token, less those of the MAC itself (it makes none).
//!
//! Prints one line per contender: kind, name, count. Fails if ours are more than the table allows.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, not a library")]

use std::alloc::System;
use std::process::ExitCode;

use avouch_benches::{Job, Material, Signature, ours, peers, raw};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> ExitCode {
    let material = Material::new();
    let mut too_many = false;
    for (kind, job, most) in
        [("borrowed", Job::VerifyBorrowed(Signature::Hs256), 0), ("owned", Job::Verify(Signature::Hs256), 20)]
    {
        for mut contender in ours::contenders(job, &material) {
            let share = raw::work(contender.over, job, &material).map_or(0, |mut work| count(&mut work));
            let count = count(&mut contender.work) - share;
            println!("{kind}\t{}\t{count}", contender.name);
            too_many |= count > most;
        }
        for mut contender in peers::contenders(job, &material) {
            println!("{kind}\t{}\t{}", contender.name, count(&mut contender.work));
        }
    }
    if too_many { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Allocations and reallocations of one more time, after some.
fn count(work: &mut dyn FnMut() -> bool) -> usize {
    for _ in 0..3 {
        assert!(work());
    }
    let before = ALLOCATOR.stats();
    assert!(work());
    let after = ALLOCATOR.stats();
    (after.allocations - before.allocations) + (after.reallocations - before.reallocations)
}
