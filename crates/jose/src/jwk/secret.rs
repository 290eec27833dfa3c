use std::fmt;

use zeroize::Zeroizing;

/// Octets that stay secret: no `Display`, redacted `Debug`, compared in constant time, wiped when dropped.
#[derive(Clone)]
pub struct SecretOctets(Zeroizing<Vec<u8>>);

impl SecretOctets {
    /// Takes charge of these octets.
    pub fn new(octets: Vec<u8>) -> Self {
        Self(Zeroizing::new(octets))
    }

    /// The octets, for the one who computes with them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// How many octets.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for SecretOctets {
    fn from(octets: Vec<u8>) -> Self {
        Self::new(octets)
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretOctets {
    fn from(octets: Zeroizing<Vec<u8>>) -> Self {
        Self(octets)
    }
}

impl AsRef<[u8]> for SecretOctets {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for SecretOctets {
    fn eq(&self, other: &Self) -> bool {
        same_secret(&self.0, &other.0)
    }
}

/// Compares in a time that depends on the lengths alone.
pub(crate) fn same_secret(a: &[u8], b: &[u8]) -> bool {
    // every octet is looked at, wherever the first difference is; `black_box` keeps it so
    let difference = a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b));
    a.len() == b.len() && std::hint::black_box(difference) == 0
}

impl Eq for SecretOctets {}

impl fmt::Debug for SecretOctets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
