//! Whether a point is on its curve. The point is public, so nothing here needs constant time.

use super::EcCurve;

/// y² = x³ + a x + b modulo p; integers as limbs of 64 bits, the lowest first.
struct Curve<const N: usize> {
    p: [u64; N],
    a: [u64; N],
    b: [u64; N],
    /// -1/p modulo 2^64.
    minus_p_inverse: u64,
}

/// [SEC 2 §2.4.2](https://www.secg.org/sec2-v2.pdf)
const P256: Curve<4> = Curve {
    p: [0xffff_ffff_ffff_ffff, 0x0000_0000_ffff_ffff, 0x0000_0000_0000_0000, 0xffff_ffff_0000_0001],
    a: [0xffff_ffff_ffff_fffc, 0x0000_0000_ffff_ffff, 0x0000_0000_0000_0000, 0xffff_ffff_0000_0001],
    b: [0x3bce_3c3e_27d2_604b, 0x651d_06b0_cc53_b0f6, 0xb3eb_bd55_7698_86bc, 0x5ac6_35d8_aa3a_93e7],
    minus_p_inverse: 1,
};

/// [SEC 2 §2.5.1](https://www.secg.org/sec2-v2.pdf)
const P384: Curve<6> = Curve {
    p: [
        0x0000_0000_ffff_ffff,
        0xffff_ffff_0000_0000,
        0xffff_ffff_ffff_fffe,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
    ],
    a: [
        0x0000_0000_ffff_fffc,
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

/// [SEC 2 §2.6.1](https://www.secg.org/sec2-v2.pdf)
const P521: Curve<9> = Curve {
    p: [
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0x0000_0000_0000_01ff,
    ],
    a: [
        0xffff_ffff_ffff_fffc,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0x0000_0000_0000_01ff,
    ],
    b: [
        0xef45_1fd4_6b50_3f00,
        0x3573_df88_3d2c_34f1,
        0x1652_c0bd_3bb1_bf07,
        0x5619_3951_ec7e_937b,
        0xb8b4_8991_8ef1_09e1,
        0xa2da_725b_99b3_15f3,
        0x929a_21a0_b685_40ee,
        0x953e_b961_8e1c_9a1f,
        0x0000_0000_0000_0051,
    ],
    minus_p_inverse: 1,
};

/// [SEC 2 §2.4.1](https://www.secg.org/sec2-v2.pdf)
const SECP256K1: Curve<4> = Curve {
    p: [0xffff_fffe_ffff_fc2f, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff],
    a: [0, 0, 0, 0],
    b: [7, 0, 0, 0],
    minus_p_inverse: 0xd838_091d_d225_3531,
};

/// True if both coordinates are below the prime and solve the curve's equation.
pub(super) fn holds(curve: EcCurve, x: &[u8], y: &[u8]) -> bool {
    match curve {
        EcCurve::P256 => P256.contains(x, y),
        EcCurve::P384 => P384.contains(x, y),
        EcCurve::P521 => P521.contains(x, y),
        EcCurve::Secp256k1 => SECP256K1.contains(x, y),
    }
}

// Always inlined, so that the compiler multiplies by what it knows of each prime: many of the limbs have all bits or none.
impl<const N: usize> Curve<N> {
    #[inline(always)]
    fn contains(&self, x: &[u8], y: &[u8]) -> bool {
        let (Some(x), Some(y)) = (limbs(x), limbs(y)) else { return false };
        let is_reduced = |coordinate| subtract(coordinate, &self.p).1;
        if !is_reduced(&x) || !is_reduced(&y) {
            return false;
        }
        // each step divides by R, so that in the end both sides have been divided twice
        let slope = self.multiply_add(&x, &x, &self.a);
        let right = self.multiply_add(&y, &y, &self.minus(&self.b));
        self.multiply_add(&x, &slope, &self.minus(&right)) == [0; N]
    }

    /// -a modulo p, of what is reduced; that of 0 is p.
    #[inline(always)]
    fn minus(&self, a: &[u64; N]) -> [u64; N] {
        subtract(&self.p, a).0
    }

    /// (a · b + c) / R modulo p, by Montgomery's method: R is 2^(64 N).
    #[inline(always)]
    fn multiply_add(&self, a: &[u64; N], b: &[u64; N], c: &[u64; N]) -> [u64; N] {
        let mut sum = *c;
        let mut top = 0;
        for &factor in a {
            let high = top + u128::from(add_multiple(&mut sum, b, factor));
            // adding this multiple of p clears the lowest limb, which is then dropped
            let multiple = sum.first().map_or(0, |lowest| lowest.wrapping_mul(self.minus_p_inverse));
            let high = high + u128::from(add_multiple(&mut sum, &self.p, multiple));
            sum.rotate_left(1);
            if let Some(highest) = sum.last_mut() {
                *highest = low_half(high);
            }
            top = high >> 64;
        }
        // what has come together is below 2 p
        match subtract(&sum, &self.p) {
            (_, true) if top == 0 => sum,
            (reduced, _) => reduced,
        }
    }
}

/// a - b, and whether that is negative and 2^(64 N) has been added.
#[inline(always)]
fn subtract<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], bool) {
    let mut difference = [0; N];
    let mut borrow = false;
    for ((difference, &a), &b) in difference.iter_mut().zip(a).zip(b) {
        let (partial, first) = a.overflowing_sub(b);
        let (total, second) = partial.overflowing_sub(borrow.into());
        (*difference, borrow) = (total, first || second);
    }
    (difference, borrow)
}

/// Adds b · factor to the sum and gives the limb above it.
#[inline(always)]
fn add_multiple<const N: usize>(sum: &mut [u64; N], b: &[u64; N], factor: u64) -> u64 {
    let mut carry = 0_u128;
    for (sum, &b) in sum.iter_mut().zip(b) {
        carry += u128::from(b) * u128::from(factor) + u128::from(*sum);
        *sum = low_half(carry);
        carry >>= 64;
    }
    low_half(carry)
}

#[inline(always)]
fn low_half(number: u128) -> u64 {
    (number & u128::from(u64::MAX)) as u64
}

/// Big-endian octets as limbs.
fn limbs<const N: usize>(octets: &[u8]) -> Option<[u64; N]> {
    let mut limbs = [0; N];
    let mut rest = octets;
    for limb in &mut limbs {
        *limb = match rest.split_last_chunk() {
            Some((before, last)) => {
                rest = before;
                u64::from_be_bytes(*last)
            }
            None => std::mem::take(&mut rest).iter().fold(0, |limb, &octet| limb << 8 | u64::from(octet)),
        };
    }
    rest.is_empty().then_some(limbs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// The base points of [SEC 2](https://www.secg.org/sec2-v2.pdf) are on their curves, and no longer with a bit changed.
    #[test]
    #[rustfmt::skip]
    fn base_points() {
        for (curve, x, y) in [
            (
                EcCurve::P256,
                "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
                "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            ),
            (
                EcCurve::P384,
                "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
                "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            ),
            (
                EcCurve::P521,
                "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
                "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
            ),
            (
                EcCurve::Secp256k1,
                "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
            ),
        ] {
            let (x, y) = (octets(x), octets(y));
            assert!(holds(curve, &x, &y), "{curve:?}");
            for bit in 0..x.len() * 8 {
                let changed = |octets: &[u8]| {
                    let mut octets = octets.to_vec();
                    octets[bit / 8] ^= 1 << (bit % 8);
                    octets
                };
                assert!(!holds(curve, &changed(&x), &y), "{curve:?} {bit}");
                assert!(!holds(curve, &x, &changed(&y)), "{curve:?} {bit}");
            }
        }
    }

    /// A point has one spelling: neither coordinate may have the prime added to it.
    #[test]
    fn coordinates_are_below_the_prime() {
        let (zero, five) = (format!("{:064x}", 0), format!("{:064x}", 5));
        let root_of_b = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
        let x_for_five = "d7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7";
        let p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        let p_and_five = "ffffffff00000001000000000000000000000001000000000000000000000004";
        for ((x, y), (unreduced_x, unreduced_y)) in
            [((&*zero, root_of_b), (p, root_of_b)), ((x_for_five, &*five), (x_for_five, p_and_five))]
        {
            assert!(holds(EcCurve::P256, &octets(x), &octets(y)));
            assert!(!holds(EcCurve::P256, &octets(unreduced_x), &octets(unreduced_y)));
        }
    }
}
