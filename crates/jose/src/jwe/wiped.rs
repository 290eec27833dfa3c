use zeroize::{Zeroize, Zeroizing};

use crate::base64url::{self, DecodeError};

/// Octets that are wiped when dropped, all at once: [`Zeroizing`] wipes a vector octet by octet, which for a token takes as
/// long as decrypting it.
#[derive(Clone, Default)]
pub(super) struct Wiped(Zeroizing<Octets>);

impl Wiped {
    /// So many zeros, to be written over.
    pub(super) fn zeros(len: usize) -> Self {
        Self(Zeroizing::new(Octets(vec![0; len])))
    }

    /// Decodes base64url.
    pub(super) fn decode(text: &str) -> Result<Self, DecodeError> {
        let mut octets = Self::zeros(text.len().div_ceil(4) * 3);
        let len = base64url::decode_to_slice(text.as_bytes(), octets.as_mut())?;
        octets.truncate(len);
        Ok(octets)
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.0.0
    }

    pub(super) fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0.0
    }

    /// Forgets what comes after, which is wiped with the rest.
    pub(super) fn truncate(&mut self, len: usize) {
        self.0.0.truncate(len);
    }

    pub(super) fn into_zeroizing(mut self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(std::mem::take(&mut self.0.0))
    }
}

#[derive(Clone, Default)]
struct Octets(Vec<u8>);

impl Zeroize for Octets {
    fn zeroize(&mut self) {
        // also what lies beyond the length, such as padding
        self.0.clear();
        self.0.resize(self.0.capacity(), 0);
        zeroize::optimization_barrier(self.0.as_slice());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every octet that the vector holds is a zero after, those beyond its length as well. That it comes to this when they
    /// are dropped is in the type.
    #[test]
    fn all_octets_are_wiped() {
        fn dropped_wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
        let mut wiped = Wiped::decode("c2VjcmV0cw").unwrap();
        assert_eq!(wiped.as_slice(), b"secrets");
        wiped.truncate(2);
        dropped_wiped(&wiped.0);
        let capacity = wiped.0.0.capacity();
        wiped.0.zeroize();
        assert_eq!(wiped.as_slice(), vec![0; capacity]);
    }
}
