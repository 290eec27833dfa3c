//! Just enough DER to find the integers of an RSA key, and to see where a document ends.

use avouch_jose::{KeyError, RsaCrt, RsaKey, RsaPrivate, SecretOctets};

use crate::error::NOT_ENCODED;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// `rsaEncryption` with its parameters, which are NULL ([RFC 8017, A.1](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1)).
const RSA_ENCRYPTION: [u8; 13] =
    [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// The key of `PrivateKeyInfo { 0, rsaEncryption, RSAPrivateKey { 0, n, e, d, p, q, dp, dq, qi } }`
/// ([RFC 5208 §5](https://www.rfc-editor.org/rfc/rfc5208#section-5),
/// [RFC 8017, A.1.2](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2)).
pub(crate) fn rsa_key(document: &[u8]) -> Option<RsaKey> {
    let (private_key_info, []) = value(document, SEQUENCE)? else { return None };
    let (version, rest) = value(private_key_info, INTEGER)?;
    let (algorithm, rest) = value(rest, SEQUENCE)?;
    // attributes may follow, which say nothing of the key
    let (private_key, _attributes) = value(rest, OCTET_STRING)?;
    let (rsa_private_key, []) = value(private_key, SEQUENCE)? else { return None };
    let (inner_version, mut rest) = value(rsa_private_key, INTEGER)?;
    if version != [0] || algorithm != RSA_ENCRYPTION || inner_version != [0] {
        return None;
    }
    let mut integer = || {
        let (integer, after) = positive(rest)?;
        rest = after;
        Some(integer)
    };
    let (n, e) = (integer()?.to_vec(), integer()?.to_vec());
    let mut secret = || integer().map(|octets| SecretOctets::new(octets.to_vec()));
    let d = secret()?;
    let crt = RsaCrt { p: secret()?, q: secret()?, dp: secret()?, dq: secret()?, qi: secret()? };
    if !rest.is_empty() {
        return None;
    }
    RsaKey::new(n, e, Some(RsaPrivate { d, crt: Some(crt) })).ok()
}

/// Checks that the octets are one sequence with nothing after it, which AWS-LC does not ask.
pub(crate) fn check_end(document: &[u8]) -> Result<(), KeyError> {
    if matches!(value(document, SEQUENCE), Some((_, []))) { Ok(()) } else { Err(NOT_ENCODED) }
}

/// Takes one positive integer off the front, without the octet that says that it is positive.
fn positive(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (integer, rest) = value(der, INTEGER)?;
    let magnitude = match integer {
        [0x01..=0x7f, ..] => integer,
        [0, magnitude @ ..] if magnitude.first() >= Some(&0x80) => magnitude,
        _ => return None,
    };
    Some((magnitude, rest))
}

/// Takes one value with this tag off the front: its content, and what follows.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match der {
        [first, length @ ..=0x7f, rest @ ..] if *first == tag => (usize::from(*length), rest),
        [first, 0x81, length @ 0x80..=0xff, rest @ ..] if *first == tag => (usize::from(*length), rest),
        [first, 0x82, high @ 1..=0xff, low, rest @ ..] if *first == tag => {
            (usize::from(u16::from_be_bytes([*high, *low])), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
