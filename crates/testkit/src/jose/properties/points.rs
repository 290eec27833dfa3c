use avouch_jose::crypto::{CryptoProvider, EncryptionPrimitive, KeyOperationError};
use avouch_jose::{AgreementCurve, EcCurve, EcKey, KeyError, KeyMaterial, OkpCurve, OkpKey, SecretOctets};

use crate::FixedRandom;
use crate::jose::data::octets_of_hex;
use crate::jose::keys::agreement_keys;
use crate::jose::run::Tally;

/// Nobody agrees with what is no point of the curve, or with a point of small order: not when it is checked, not with a key
/// that is made for it, not with one that is kept. Counts points.
pub fn unsound_points_are_refused(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    let backend = &crypto.encryption;
    for (curve, point) in off_curve().chain(unreduced()).chain(small_order()) {
        let what = format!("{} {point:?}", curve.name());
        if !backend.supports(EncryptionPrimitive::EphemeralAgreement(curve)) {
            tally.count(false);
            continue;
        }
        let checked = backend.check_agreement_public(curve, &point);
        assert!(matches!(checked, Err(KeyError::Rejected { .. })), "{what} is sound: {checked:?}");
        let agreed = backend.agree_ephemeral(curve, &point, &FixedRandom::new(5)).map(drop);
        assert!(matches!(agreed, Err(KeyError::Rejected { .. })), "{what} is agreed with: {agreed:?}");
        if backend.supports(EncryptionPrimitive::Agreement(curve)) {
            let kept = SecretOctets::new(vec![1; curve.key_len()]);
            let agreed = backend.agreement(curve, &kept).unwrap().agree(&point);
            assert!(matches!(agreed, Err(KeyOperationError::Failed)), "{what} is agreed with");
        }
        tally.count(true);
    }
    tally
}

/// The origin, a point whose coordinates are both no field elements, and a point beside the curve, for each curve.
fn off_curve() -> impl Iterator<Item = (AgreementCurve, KeyMaterial)> {
    agreement_keys().into_iter().flat_map(|jwk| {
        let KeyMaterial::Ec(key) = jwk.material().clone() else { return Vec::new() };
        let curve = AgreementCurve::of(jwk.material()).unwrap();
        let width = curve.key_len();
        let mut beside = key.y().to_vec();
        beside[width - 1] ^= 1;
        [(vec![0; width], vec![0; width]), (vec![0xff; width], vec![0xff; width]), (key.x().to_vec(), beside)]
            .into_iter()
            .map(|(x, y)| (curve, KeyMaterial::Ec(EcKey::new(key.curve(), x, y, None).unwrap())))
            .collect()
    })
}

/// Two points of P-256, each with a coordinate that has the prime added to it: 0 and the root of b, and one whose y is 5.
fn unreduced() -> impl Iterator<Item = (AgreementCurve, KeyMaterial)> {
    [
        (
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4",
        ),
        (
            "d7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7",
            "ffffffff00000001000000000000000000000001000000000000000000000004",
        ),
    ]
    .into_iter()
    .map(|(x, y)| {
        let [x, y] = [x, y].map(octets_of_hex);
        (AgreementCurve::P256, KeyMaterial::Ec(EcKey::new(EcCurve::P256, x, y, None).unwrap()))
    })
}

/// The points of X25519 that agree on zeros with everyone, in every encoding of 256 bits: RFC 7748, section 6.1.
fn small_order() -> impl Iterator<Item = (AgreementCurve, KeyMaterial)> {
    let filled = |first: u8, rest: u8, last: u8| {
        let mut point = [rest; 32];
        (point[0], point[31]) = (first, last);
        point.to_vec()
    };
    let points = [
        filled(0, 0, 0),
        filled(1, 0, 0),
        // of order eight
        octets_of_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        octets_of_hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        filled(0xec, 0xff, 0x7f),
        filled(0xed, 0xff, 0x7f),
        filled(0xee, 0xff, 0x7f),
    ];
    points.into_iter().flat_map(|point| {
        [0, 0x80].map(|high| {
            let mut point = point.clone();
            point[31] |= high;
            let key = OkpKey::new(OkpCurve::X25519, point, None).unwrap();
            (AgreementCurve::X25519, KeyMaterial::Okp(key))
        })
    })
}
