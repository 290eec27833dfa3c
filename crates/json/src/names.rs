use std::fmt;

use crate::scan::{PREFIX, hash, prefix};

/// A power of two, and at least twice as many as there are names at most: few of them meet.
const SLOTS: usize = 64;

/// The names that a reader looks for, found by a few steps each: [`ObjectView::select`](crate::ObjectView::select).
///
/// ```
/// use avouch_json::Names;
///
/// static TIMES: Names<3> = Names::new(["exp", "nbf", "iat"]);
/// assert_eq!(TIMES.place("iat"), Some(2));
/// assert_eq!(TIMES.place("IAT"), None);
/// ```
#[derive(Clone)]
pub struct Names<const N: usize> {
    names: [&'static str; N],
    prefixes: [u64; N],
    /// At the hash of a name or in the next slots after it, one more than its place. Zero where there is none.
    slots: [u8; SLOTS],
}

impl<const N: usize> Names<N> {
    /// These names, at most 32. Of two equal ones the first is found.
    #[must_use]
    pub const fn new(names: [&'static str; N]) -> Self {
        const { assert!(N <= SLOTS / 2, "too many names") }
        let (mut prefixes, mut slots) = ([0; N], [0; SLOTS]);
        let mut place = 0;
        while place < N {
            #[allow(clippy::indexing_slicing, reason = "when the program is compiled")]
            {
                prefixes[place] = prefix(names[place].as_bytes());
                let mut slot = slot(prefixes[place], names[place].len());
                while slots[slot] != 0 {
                    slot = (slot + 1) % SLOTS;
                }
                place += 1;
                slots[slot] = place as u8;
            }
        }
        Self { names, prefixes, slots }
    }

    /// Where a name stands among these.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.place_of(prefix(name.as_bytes()), name.len(), || name)
    }

    /// The same with the [`prefix`] and the length at hand. Only a name that is longer than its prefix is looked at.
    #[inline]
    pub(crate) fn place_of<'n>(&self, prefix: u64, len: usize, name: impl Fn() -> &'n str) -> Option<usize> {
        let mut slot = slot(prefix, len);
        loop {
            // there is always an empty slot
            let place = usize::from(*self.slots.get(slot)?).checked_sub(1)?;
            let (known, known_prefix) = (self.names.get(place)?, self.prefixes.get(place)?);
            if *known_prefix == prefix && known.len() == len && (len <= PREFIX || name() == *known) {
                return Some(place);
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

const fn slot(prefix: u64, len: usize) -> usize {
    (hash(prefix, len) >> (u64::BITS - SLOTS.ilog2())) as usize
}

impl<const N: usize> fmt::Debug for Names<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names).finish()
    }
}
