//! Just enough DER to find the scalar in an EC private key.

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// The scalar of `OneAsymmetricKey { version, algorithm, ECPrivateKey { version, scalar, .. } }`
/// ([RFC 5958 §2](https://www.rfc-editor.org/rfc/rfc5958#section-2),
/// [RFC 5915 §3](https://www.rfc-editor.org/rfc/rfc5915#section-3)).
pub(super) fn ec_scalar(der: &[u8]) -> Option<&[u8]> {
    let (one_asymmetric_key, _) = value(der, SEQUENCE)?;
    let (_version, rest) = value(one_asymmetric_key, INTEGER)?;
    let (_algorithm, rest) = value(rest, SEQUENCE)?;
    let (private_key, _) = value(rest, OCTET_STRING)?;
    let (ec_private_key, _) = value(private_key, SEQUENCE)?;
    let (_version, rest) = value(ec_private_key, INTEGER)?;
    let (scalar, _) = value(rest, OCTET_STRING)?;
    Some(scalar)
}

/// Takes one value with this tag off the front: its content, and what follows.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0x81 => rest.split_first().map(|(&length, rest)| (length, rest))?,
        short if short < 0x80 => (short, rest),
        _ => return None,
    };
    if first == tag { rest.split_at_checked(length.into()) } else { None }
}
