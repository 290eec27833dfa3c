use avouch_jose::crypto::HashBackend;
use aws_lc_rs::digest;

use crate::AwsLc;

impl HashBackend for AwsLc {
    fn sha256(&self, input: &[u8]) -> [u8; 32] {
        octets(&digest::SHA256, input)
    }

    fn sha384(&self, input: &[u8]) -> [u8; 48] {
        octets(&digest::SHA384, input)
    }

    fn sha512(&self, input: &[u8]) -> [u8; 64] {
        octets(&digest::SHA512, input)
    }
}

fn octets<const N: usize>(algorithm: &'static digest::Algorithm, input: &[u8]) -> [u8; N] {
    let mut value = [0; N];
    value.copy_from_slice(digest::digest(algorithm, input).as_ref());
    value
}
