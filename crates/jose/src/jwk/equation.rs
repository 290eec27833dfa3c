//! Whether a point is on its curve. The point is public, so nothing here needs constant time.

use super::EcCurve;

/// x (x² + a) = y² - b modulo p; integers as limbs of 64 bits, the lowest first. R is 2^(64 N), as in Montgomery's method.
struct Curve<const N: usize> {
    p: [u64; N],
    a_over_r: [u64; N],
    minus_b_over_r: [u64; N],
    /// -1/p modulo 2^64.
    minus_p_inverse: u64,
}

/// [FIPS 186-4, D.1.2.3](https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.186-4.pdf)
const P256: Curve<4> = Curve {
    p: [0xffff_ffff_ffff_ffff, 0x0000_0000_ffff_ffff, 0, 0xffff_ffff_0000_0001],
    a_over_r: [0xffff_fff6_ffff_fffd, 0xffff_fffd_0000_0005, 0x0000_0008_ffff_fff9, 0x0000_0002_ffff_fff7],
    minus_b_over_r: [
        0xa499_b28d_c768_bcb0,
        0xa537_edb3_ed0c_1e44,
        0xbd94_181c_6edc_5022,
        0xded7_2b38_c22c_7998,
    ],
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
    a_over_r: [
        0x0000_005d_ffff_ffed,
        0x0000_003b_0000_0075,
        0x0000_000c_0000_0005,
        0x0000_0009_0000_000f,
        0xffff_ffdb_ffff_fff7,
        0xffff_ffc3_ffff_ffc3,
    ],
    minus_b_over_r: [
        0xdd76_d533_42ce_b640,
        0x372f_d823_c6ed_4605,
        0x8b3e_7420_073f_c358,
        0xec16_40f1_9068_cca0,
        0xc16a_9633_759f_dc5f,
        0x4dc5_53c3_62ac_a0bc,
    ],
    minus_p_inverse: 0x0000_0001_0000_0001,
};

/// [FIPS 186-4, D.1.2.5](https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.186-4.pdf)
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
    a_over_r: [
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_fff3_ffff,
        0x0000_0000_0000_01ff,
    ],
    minus_b_over_r: [
        0x1840_ef85_a796_1c21,
        0x5a7e_8588_9c81_f195,
        0xcd8d_5c27_02d9_09d3,
        0x96ec_dce2_1dec_3d53,
        0x4b1b_48cc_99d4_188e,
        0xcbbc_be92_f57e_22ba,
        0x828d_3ce3_c6cb_c0da,
        0x80ae_52bf_03ff_5cd5,
        0x0000_0000_0000_00eb,
    ],
    minus_p_inverse: 1,
};

/// [SEC 2 §2.4.1](https://www.secg.org/sec2-v2.pdf)
const SECP256K1: Curve<4> = Curve {
    p: [0xffff_fffe_ffff_fc2f, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff],
    a_over_r: [0, 0, 0, 0],
    minus_b_over_r: [
        0x1677_c02e_c527_38f4,
        0xd721_0407_faff_9d8b,
        0xba10_acad_e65c_fc53,
        0x7bd4_50dc_6ab7_66cc,
    ],
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

impl<const N: usize> Curve<N> {
    fn contains(&self, x: &[u8], y: &[u8]) -> bool {
        let (Some(x), Some(y)) = (limbs(x), limbs(y)) else { return false };
        if !self.is_reduced(&x) || !self.is_reduced(&y) {
            return false;
        }
        // each product is divided by R, so that both sides are over R² in the end
        let left = self.multiply(&x, &self.add(&self.multiply(&x, &x), &self.a_over_r));
        let right = self.over_r(&self.add(&self.multiply(&y, &y), &self.minus_b_over_r));
        left == right
    }

    /// a / R modulo p.
    fn over_r(&self, a: &[u64; N]) -> [u64; N] {
        let mut one = [0; N];
        if let Some(lowest) = one.first_mut() {
            *lowest = 1;
        }
        self.multiply(a, &one)
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
    let mut limbs = [0; N];
    let chunks = octets.rchunks(8);
    if chunks.len() > N {
        return None;
    }
    for (limb, chunk) in limbs.iter_mut().zip(chunks) {
        *limb = chunk.iter().fold(0, |limb, &octet| limb << 8 | u64::from(octet));
    }
    Some(limbs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree<const N: usize>(curve: &Curve<N>, minus_a: u64, b: [u64; N]) {
        let mut a = [0; N];
        a[0] = minus_a;
        assert_eq!(curve.add(&curve.over_r(&a), &curve.a_over_r), [0; N]);
        assert_eq!(curve.add(&curve.over_r(&b), &curve.minus_b_over_r), [0; N]);
        assert_eq!(curve.p[0].wrapping_mul(curve.minus_p_inverse), u64::MAX);
    }

    /// The coefficients are those that are published.
    #[test]
    #[rustfmt::skip]
    fn coefficients() {
        agree(&P256, 3, [0x3bce_3c3e_27d2_604b, 0x651d_06b0_cc53_b0f6, 0xb3eb_bd55_7698_86bc, 0x5ac6_35d8_aa3a_93e7]);
        agree(&P384, 3, [0x2a85_c8ed_d3ec_2aef, 0xc656_398d_8a2e_d19d, 0x0314_088f_5013_875a, 0x181d_9c6e_fe81_4112, 0x988e_056b_e3f8_2d19, 0xb331_2fa7_e23e_e7e4]);
        agree(&P521, 3, [0xef45_1fd4_6b50_3f00, 0x3573_df88_3d2c_34f1, 0x1652_c0bd_3bb1_bf07, 0x5619_3951_ec7e_937b, 0xb8b4_8991_8ef1_09e1, 0xa2da_725b_99b3_15f3, 0x929a_21a0_b685_40ee, 0x953e_b961_8e1c_9a1f, 0x0000_0000_0000_0051]);
        agree(&SECP256K1, 0, [7, 0, 0, 0]);
    }

    /// A point has one spelling: neither coordinate may have the prime added to it.
    #[test]
    fn coordinates_are_below_the_prime() {
        let octets = |hex: &str| -> Vec<u8> {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
        };
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
