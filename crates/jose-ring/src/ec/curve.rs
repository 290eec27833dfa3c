//! Whether a point is on its curve. The point is public, so nothing here needs constant time.

use avouch_jose::EcCurve;

/// y² = x³ - 3x + b modulo p; integers as limbs of 64 bits, the lowest first.
struct Curve<const N: usize> {
    p: [u64; N],
    b: [u64; N],
    /// -1/p modulo 2^64.
    minus_p_inverse: u64,
}

/// [FIPS 186-4, D.1.2.3](https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.186-4.pdf)
const P256: Curve<4> = Curve {
    p: [0xffff_ffff_ffff_ffff, 0x0000_0000_ffff_ffff, 0x0000_0000_0000_0000, 0xffff_ffff_0000_0001],
    b: [0x3bce_3c3e_27d2_604b, 0x651d_06b0_cc53_b0f6, 0xb3eb_bd55_7698_86bc, 0x5ac6_35d8_aa3a_93e7],
    minus_p_inverse: 1,
};

/// [FIPS 186-4, D.1.2.4](https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.186-4.pdf)
const P384: Curve<6> = Curve {
    p: [
        0x0000_0000_ffff_ffff,
        0xffff_ffff_0000_0000,
        0xffff_ffff_ffff_fffe,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
    ],
    b: [
        0x2a85_c8ed_d3ec_2aef,
        0xc656_398d_8a2e_d19d,
        0x0314_088f_5013_875a,
        0x181d_9c6e_fe81_4112,
        0x988e_056b_e3f8_2d19,
        0xb331_2fa7_e23e_e7e4,
    ],
    minus_p_inverse: 0x0000_0001_0000_0001,
};

/// True if both coordinates are below the prime and solve the curve's equation.
pub(super) fn contains(curve: EcCurve, x: &[u8], y: &[u8]) -> bool {
    match curve {
        EcCurve::P256 => P256.contains(x, y),
        EcCurve::P384 => P384.contains(x, y),
        _ => false,
    }
}

impl<const N: usize> Curve<N> {
    fn contains(&self, x: &[u8], y: &[u8]) -> bool {
        let (Some(x), Some(y)) = (limbs(x), limbs(y)) else { return false };
        if !self.is_reduced(&x) || !self.is_reduced(&y) {
            return false;
        }
        // Each product is divided by R = 2^(64 N); multiplying by 1 levels the terms at R^-2.
        let mut one = [0; N];
        if let Some(lowest) = one.first_mut() {
            *lowest = 1;
        }
        let level = |product: [u64; N]| self.multiply(&product, &one);
        let left = level(self.multiply(&y, &y));
        let cube = self.multiply(&self.multiply(&x, &x), &x);
        let triple = self.add(&self.add(&x, &x), &x);
        let right = self.add(&cube, &level(self.multiply(&self.b, &one)));
        self.add(&left, &level(self.multiply(&triple, &one))) == right
    }

    fn is_reduced(&self, a: &[u64; N]) -> bool {
        a.iter().rev().lt(self.p.iter().rev())
    }

    /// a + b modulo p.
    fn add(&self, a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let mut sum = [0; N];
        let mut carry = false;
        for ((sum, &a), &b) in sum.iter_mut().zip(a).zip(b) {
            let (partial, first) = a.overflowing_add(b);
            let (total, second) = partial.overflowing_add(carry.into());
            (*sum, carry) = (total, first || second);
        }
        self.reduce_once(sum, carry)
    }

    /// a · b / 2^(64 N) modulo p, by Montgomery's method.
    fn multiply(&self, a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let mut sum = [0; N];
        let mut top = 0;
        for &factor in a {
            let (product, high) = multiply_add(&sum, b, factor);
            let (high, overflow) = high.overflowing_add(top);
            // adding this multiple of p clears the lowest limb, which is then dropped
            let multiple = product.first().map_or(0, |lowest| lowest.wrapping_mul(self.minus_p_inverse));
            let (cleared, carry) = multiply_add(&product, &self.p, multiple);
            let (high, again) = high.overflowing_add(carry);
            sum = cleared;
            sum.rotate_left(1);
            if let Some(highest) = sum.last_mut() {
                *highest = high;
            }
            top = u64::from(overflow) + u64::from(again);
        }
        self.reduce_once(sum, top != 0)
    }

    /// Subtracts p if the value, with the carry above it, is not below p.
    fn reduce_once(&self, value: [u64; N], carry: bool) -> [u64; N] {
        if !carry && self.is_reduced(&value) {
            return value;
        }
        let mut difference = [0; N];
        let mut borrow = false;
        for ((difference, &a), &p) in difference.iter_mut().zip(&value).zip(&self.p) {
            let (partial, first) = a.overflowing_sub(p);
            let (total, second) = partial.overflowing_sub(borrow.into());
            (*difference, borrow) = (total, first || second);
        }
        difference
    }
}

/// sum + b · factor: the low limbs and the one above them.
fn multiply_add<const N: usize>(sum: &[u64; N], b: &[u64; N], factor: u64) -> ([u64; N], u64) {
    let mut result = [0; N];
    let mut carry = 0_u128;
    for ((result, &sum), &b) in result.iter_mut().zip(sum).zip(b) {
        carry += u128::from(b) * u128::from(factor) + u128::from(sum);
        // the low half; the high half is carried on
        *result = (carry & u128::from(u64::MAX)) as u64;
        carry >>= 64;
    }
    (result, carry as u64)
}

/// Big-endian octets as limbs.
fn limbs<const N: usize>(octets: &[u8]) -> Option<[u64; N]> {
    let (chunks, []) = octets.as_chunks::<8>() else { return None };
    let mut limbs: [u64; N] = <[[u8; 8]; N]>::try_from(chunks).ok()?.map(u64::from_be_bytes);
    limbs.reverse();
    Some(limbs)
}

#[cfg(test)]
mod tests {
    use ring::agreement::{ECDH_P256, ECDH_P384, EphemeralPrivateKey};
    use ring::rand::SystemRandom;

    use super::*;

    /// Points of ring's making are on the curve, and no longer with any one bit changed.
    #[test]
    fn agrees_with_ring() {
        for (curve, agreement, width) in [(EcCurve::P256, &ECDH_P256, 32), (EcCurve::P384, &ECDH_P384, 48)] {
            for _ in 0..20 {
                let key = EphemeralPrivateKey::generate(agreement, &SystemRandom::new()).unwrap();
                let public = key.compute_public_key().unwrap();
                let mut point = public.as_ref()[1..].to_vec();
                assert!(contains(curve, &point[..width], &point[width..]));
                for bit in 0..point.len() * 8 {
                    point[bit / 8] ^= 1 << (bit % 8);
                    assert!(!contains(curve, &point[..width], &point[width..]), "bit {bit}");
                    point[bit / 8] ^= 1 << (bit % 8);
                }
            }
        }
    }

    #[test]
    fn refuses_coordinates_that_are_not_reduced() {
        // x = p is x = 0 unreduced, and x = 0 is on the curve with y = sqrt(b)
        let p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        let root_of_b = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
        let octets = |hex: &str| -> Vec<u8> {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
        };
        assert!(contains(EcCurve::P256, &[0; 32], &octets(root_of_b)));
        assert!(!contains(EcCurve::P256, &octets(p), &octets(root_of_b)));
        assert!(!contains(EcCurve::P256, &[0; 32], &[0; 32]), "infinity has no coordinates");
        assert!(!contains(EcCurve::P256, &[0; 31], &[0; 32]));
    }
}
