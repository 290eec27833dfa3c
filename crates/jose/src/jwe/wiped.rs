use zeroize::Zeroizing;

use crate::base64url::{self, DecodeError};

/// Octets that are wiped when dropped, all at once: [`Zeroizing`] wipes octet by octet, which for a token takes as long
/// as decrypting it.
#[derive(Clone, Default)]
pub(super) struct Wiped(Vec<u8>);

impl Wiped {
    /// Decodes base64url.
    pub(super) fn decode(text: &str) -> Result<Self, DecodeError> {
        let mut octets = Self(vec![0; text.len().div_ceil(4) * 3]);
        let len = base64url::decode_to_slice(text.as_bytes(), &mut octets.0)?;
        octets.0.truncate(len);
        Ok(octets)
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn as_mut_vec(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    pub(super) fn into_zeroizing(mut self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(std::mem::take(&mut self.0))
    }
}

impl From<Zeroizing<Vec<u8>>> for Wiped {
    fn from(mut octets: Zeroizing<Vec<u8>>) -> Self {
        Self(std::mem::take(&mut *octets))
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        // also what lies beyond the length, such as padding
        self.0.clear();
        self.0.resize(self.0.capacity(), 0);
        zeroize::optimization_barrier(self.0.as_slice());
    }
}
