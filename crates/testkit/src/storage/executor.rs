//! Runs a future to its end.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// How a store's futures are run to their end: on the calling thread, which waits.
///
/// [`ThisThread`] does for stores that need no async runtime. A store that needs one brings its own, for
/// example `handle.block_on(future)` with a `tokio::runtime::Handle`; it is called from several threads.
pub trait Executor: Sync {
    /// Runs the future to its end.
    fn block_on<F: Future>(&self, future: F) -> F::Output;
}

/// Polls on the calling thread, which sleeps between wake-ups.
///
/// ```
/// use avouch_testkit::storage::{Executor, ThisThread};
/// assert_eq!(ThisThread.block_on(async { 1 + 1 }), 2);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ThisThread;

impl Executor for ThisThread {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        struct Unpark(Thread);

        impl Wake for Unpark {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }

        let mut future = pin!(future);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return output,
                Poll::Pending => thread::park(),
            }
        }
    }
}
