//! What ECDH-ES makes of a shared secret ([RFC 7518 §4.6](https://www.rfc-editor.org/rfc/rfc7518#section-4.6)).

use zeroize::Zeroizing;

use crate::algorithm::AgreementCurve;
use crate::crypto::{DecryptionFailed, HashBackend};
use crate::jwk::SecretOctets;

/// Who takes part, decoded: `apu` and `apv`, empty where they are absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parties {
    pub(crate) u: Vec<u8>,
    pub(crate) v: Vec<u8>,
}

/// Checks what an agreement gave, whoever computed it: as wide as the field, and on X25519 and X448 not zeros, which a point
/// of small order gives ([RFC 7748 §6](https://www.rfc-editor.org/rfc/rfc7748#section-6)). The P curves have no such point,
/// but a good one whose x coordinate is zero.
pub(crate) fn check_shared(curve: AgreementCurve, shared: &SecretOctets) -> Result<(), DecryptionFailed> {
    let any = shared.expose().iter().fold(0, |any, octet| any | octet);
    let may_be_zeros = !matches!(curve, AgreementCurve::X25519 | AgreementCurve::X448);
    if shared.len() == curve.key_len() && (any != 0 || may_be_zeros) { Ok(()) } else { Err(DecryptionFailed) }
}

/// The Concat KDF with SHA-256 ([RFC 7518 §4.6.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.6.2)): `len` octets for
/// the algorithm of this name, which is `enc` where they encrypt the content and `alg` where they wrap its key.
pub(crate) fn concat_kdf(
    shared: &SecretOctets,
    algorithm: &str,
    parties: &Parties,
    len: usize,
    hashes: &dyn HashBackend,
) -> Zeroizing<Vec<u8>> {
    let fields = [algorithm.as_bytes(), &parties.u, &parties.v];
    let info_len: usize = fields.iter().map(|field| 4 + field.len()).sum();
    // neither ever grows, so that nothing secret is left behind
    let mut input = Zeroizing::new(Vec::with_capacity(4 + shared.len() + info_len + 4));
    let mut derived = Zeroizing::new(Vec::with_capacity(len.next_multiple_of(32)));
    let mut counter = 0_u32;
    while derived.len() < len {
        counter += 1;
        input.clear();
        input.extend_from_slice(&counter.to_be_bytes());
        input.extend_from_slice(shared.expose());
        for field in fields {
            input.extend_from_slice(&length(field.len()));
            input.extend_from_slice(field);
        }
        input.extend_from_slice(&length(len * 8));
        derived.extend_from_slice(&*Zeroizing::new(hashes.sha256(&input)));
    }
    derived.truncate(len);
    derived
}

/// A length of 32 bits. What has a longer one has not passed the limits of a header.
fn length(len: usize) -> [u8; 4] {
    u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves ENC-04, ENC-10. A secret has the width of its field, and may be zeros where no point of small order gives them.
    #[test]
    fn what_may_be_shared() {
        for (curve, zeros_are_a_secret) in [
            (AgreementCurve::P256, true),
            (AgreementCurve::P384, true),
            (AgreementCurve::P521, true),
            (AgreementCurve::X25519, false),
            (AgreementCurve::X448, false),
        ] {
            let is_sound = |octet, len| check_shared(curve, &SecretOctets::new(vec![octet; len])).is_ok();
            let len = curve.key_len();
            assert_eq!(is_sound(0, len), zeros_are_a_secret, "{curve:?}");
            assert!(is_sound(1, len) && !is_sound(1, len - 1) && !is_sound(1, len + 1), "{curve:?}");
        }
    }
}
