use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

/// The last header that was accepted, by the exact text it was read from.
///
/// Most tokens of one issuer have the same header. What a header text is read as depends on that text and on the reader's
/// rules alone, not on what surrounds it, so the memo belongs to one set of rules and goes with it. It is one header, no
/// longer than a header may be, and nobody ever waits for it.
pub(crate) struct Memo<H>(Mutex<Last<H>>);

type Last<H> = Option<(Box<str>, Arc<H>)>;

impl<H> Memo<H> {
    pub(crate) fn get(&self, encoded: &str) -> Option<Arc<H>> {
        let last = self.lock()?;
        let (text, header) = last.as_ref()?;
        (**text == *encoded).then(|| Arc::clone(header))
    }

    pub(crate) fn put(&self, encoded: &str, header: &Arc<H>) {
        let next = Some((encoded.into(), Arc::clone(header)));
        if let Some(mut last) = self.lock() {
            *last = next;
        }
    }

    fn lock(&self) -> Option<MutexGuard<'_, Last<H>>> {
        match self.0.try_lock() {
            Ok(last) => Some(last),
            // it is replaced as a whole, so a panic elsewhere cannot have left half of it
            Err(TryLockError::Poisoned(last)) => Some(last.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl<H> Default for Memo<H> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<H> fmt::Debug for Memo<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Memo;

    /// While another thread is at it, nobody waits: nothing is remembered, and nothing is stored.
    #[test]
    fn never_waits() {
        let memo = Memo::default();
        memo.put("a", &Arc::new(1));
        let taken = memo.0.lock();
        assert_eq!(memo.get("a"), None);
        memo.put("b", &Arc::new(2));
        drop(taken);
        assert_eq!((memo.get("a").as_deref(), memo.get("b")), (Some(&1), None));
    }

    /// A thread that died at it takes nothing with it.
    #[test]
    fn survives_a_panic() {
        let memo = Memo::default();
        memo.put("a", &Arc::new(1));
        let died = std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let _taken = memo.0.lock();
                std::panic::resume_unwind(Box::new(()));
            });
            thread.join()
        });
        assert!(died.is_err() && memo.0.is_poisoned());
        assert_eq!(memo.get("a").as_deref(), Some(&1));
        memo.put("b", &Arc::new(2));
        assert_eq!((memo.get("a"), memo.get("b").as_deref()), (None, Some(&2)));
    }
}
