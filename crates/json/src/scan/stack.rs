/// A stack whose first `N` entries need no allocation.
#[derive(Clone)]
pub(crate) struct Stack<T, const N: usize> {
    inline: [T; N],
    inline_len: usize,
    /// All entries, once there have been more than `N`.
    spilled: Vec<T>,
}

impl<T: Copy + Default, const N: usize> Stack<T, N> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { inline: [T::default(); N], inline_len: 0, spilled: Vec::new() }
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        if self.spilled.is_empty() {
            self.inline.get(..self.inline_len).unwrap_or_default()
        } else {
            &self.spilled
        }
    }

    #[inline]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        if self.spilled.is_empty() {
            self.inline.get_mut(..self.inline_len).unwrap_or_default()
        } else {
            &mut self.spilled
        }
    }

    #[inline]
    pub(crate) fn last_mut(&mut self) -> Option<&mut T> {
        self.as_mut_slice().last_mut()
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.as_slice().len()
    }

    #[inline]
    pub(crate) fn push(&mut self, entry: T) {
        self.push_with(|new| *new = entry);
    }

    /// Pushes an entry that is put together where it stays: one that is put together elsewhere, copied and looked at soon
    /// makes the processor wait until its parts have arrived. An earlier entry may have left its parts there: whatever is
    /// looked at is to be filled in.
    #[inline(always)]
    pub(crate) fn push_with(&mut self, fill: impl FnOnce(&mut T)) {
        match self.inline.get_mut(self.inline_len) {
            Some(entry) if self.spilled.is_empty() => {
                fill(entry);
                self.inline_len += 1;
            }
            _ => {
                if self.spilled.is_empty() {
                    self.spill();
                }
                let mut entry = T::default();
                fill(&mut entry);
                self.spilled.push(entry);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn spill(&mut self) {
        self.spilled.reserve(2 * N);
        self.spilled.extend_from_slice(&self.inline);
        self.inline_len = 0;
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<T> {
        let last = self.as_slice().last().copied()?;
        self.truncate(self.len() - 1);
        Some(last)
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        self.spilled.clear();
        self.inline_len = 0;
    }

    #[inline]
    pub(crate) fn truncate(&mut self, len: usize) {
        if self.spilled.is_empty() {
            self.inline_len = self.inline_len.min(len);
        } else {
            self.spilled.truncate(len);
        }
    }
}
