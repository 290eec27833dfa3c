//! How time is measured: in ratios of batches that stand side by side, since the speed of a machine wanders.

use std::time::{Duration, Instant};

use avouch_benches::Work;

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// One batch.
    batch: Duration,
    rounds: usize,
}

impl Effort {
    pub(crate) const FULL: Self = Self { batch: Duration::from_micros(400), rounds: 400 };
    pub(crate) const QUICK: Self = Self { batch: Duration::from_micros(100), rounds: 15 };
}

/// Nanoseconds of one unit of work, by contender and round.
#[derive(Debug)]
pub(crate) struct Measured(Vec<Vec<f64>>);

/// Lets everybody do a batch of their work per round, each time another one first.
pub(crate) fn measure(works: &mut [&mut Work], effort: Effort) -> Measured {
    let repeats: Vec<u32> = works.iter_mut().map(|work| calibrate(work, effort.batch)).collect();
    let mut times = vec![Vec::with_capacity(effort.rounds); works.len()];
    for round in 0..effort.rounds {
        for step in 0..works.len() {
            let place = (round + step) % works.len();
            // caches and branch predictors still belong to whoever was before
            batch(works[place], repeats[place].div_ceil(4));
            times[place].push(batch(works[place], repeats[place]));
        }
    }
    Measured(times)
}

/// How often the work is done in one batch.
fn calibrate(work: &mut Work, target: Duration) -> u32 {
    let mut repeats = 1;
    loop {
        let time = batch(work, repeats) * f64::from(repeats);
        if time >= target.as_secs_f64() * 5e8 || repeats > 1 << 24 {
            return repeats;
        }
        repeats *= 2;
    }
}

/// Nanoseconds per unit of work.
fn batch(work: &mut Work, repeats: u32) -> f64 {
    let mut went_well = true;
    let start = Instant::now();
    for _ in 0..repeats {
        went_well &= work();
    }
    let time = start.elapsed();
    assert!(went_well, "some work failed");
    time.as_secs_f64() * 1e9 / f64::from(repeats)
}

impl Measured {
    /// How many times as long one took as the other: the median over the rounds.
    pub(crate) fn ratio(&self, place: usize, base: usize) -> f64 {
        median(self.0[place].iter().zip(&self.0[base]).map(|(time, base)| time / base).collect())
    }

    /// Its time: the median over the rounds.
    pub(crate) fn nanoseconds(&self, place: usize) -> f64 {
        median(self.0[place].clone())
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
