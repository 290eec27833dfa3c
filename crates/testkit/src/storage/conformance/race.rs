//! Many callers at the same time.

use std::sync::Barrier;
use std::thread;

/// How many threads race.
pub(super) const CALLERS: usize = 8;

/// Runs the act on [`CALLERS`] threads that start together, each told its number, and collects the answers.
pub(super) fn race<T: Send>(act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(CALLERS);
    let (act, barrier) = (&act, &barrier);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CALLERS)
            .map(|number| {
                scope.spawn(move || {
                    barrier.wait();
                    act(number)
                })
            })
            .collect();
        threads.into_iter().map(joined).collect()
    })
}

/// The thread's answer; its panic is the caller's.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(answer) => answer,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
