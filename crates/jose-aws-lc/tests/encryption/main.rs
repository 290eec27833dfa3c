//! Each primitive of encryption against published values, and against what must not pass.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod aes;
mod agreement;
mod derivation;
mod key_wrap;
mod rsa;

use std::sync::Arc;

use avouch_jose::crypto::EncryptionBackend;

fn backend() -> Arc<dyn EncryptionBackend> {
    avouch_jose_aws_lc::provider().encryption
}

/// Octets of hexadecimal digits; spaces do not matter.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
}

fn array<const N: usize>(digits: &str) -> [u8; N] {
    hex(digits).try_into().unwrap()
}
