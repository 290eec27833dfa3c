use avouch_jose::AgreementCurve::{self, P256, P384, P521, X25519};
use avouch_jose::crypto::{KeyOperationError, RandomError, SecureRandom};
use avouch_jose::{EcCurve, EcKey, KeyError, KeyMaterial, OkpCurve, OkpKey, SecretOctets, base64url};
use proptest::prelude::*;

use crate::{backend, hex};

const ALL: [AgreementCurve; 4] = [P256, P384, P521, X25519];

fn ec(curve: AgreementCurve, x: &[u8], y: &[u8]) -> KeyMaterial {
    let curve = match curve {
        P256 => EcCurve::P256,
        P384 => EcCurve::P384,
        P521 => EcCurve::P521,
        other => panic!("{other:?}"),
    };
    KeyMaterial::Ec(EcKey::new(curve, x.to_vec(), y.to_vec(), None).unwrap())
}

fn x25519(x: &[u8]) -> KeyMaterial {
    KeyMaterial::Okp(OkpKey::new(OkpCurve::X25519, x.to_vec(), None).unwrap())
}

/// Both sides of one published agreement.
fn check(curve: AgreementCurve, private: [&[u8]; 2], public: [KeyMaterial; 2], secret: &[u8]) {
    for (own, other) in [(0, 1), (1, 0)] {
        let agreement = backend().agreement(curve, &SecretOctets::new(private[own].to_vec())).unwrap();
        assert_eq!(agreement.public().unwrap(), public[own], "{curve:?}");
        assert_eq!(agreement.agree(&public[other]).unwrap().expose(), secret, "{curve:?}");
        assert_eq!(backend().check_agreement_public(curve, &public[own]), Ok(()));
    }
}

/// RFC 5903, section 8: the examples of all three curves.
///
/// Proves ENC-10. Two of P-521's values begin with a zero octet, which is kept.
#[test]
fn of_rfc5903() {
    for (curve, [i, gix, giy, r, grx, gry, girx]) in [
        (
            P256,
            [
                "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
                "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180",
                "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
                "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53",
                "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63",
                "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
                "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de",
            ],
        ),
        (
            P521,
            [
                "0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a0
                 95aa85a30fe1c2952c6771d937ba9777f5957b2639bab072462f68c27a57382d4a52",
                "0015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbe
                 e1e3bf42e00b8e380aeae57c2d107564941885942af5a7f4601723c4195d176ced3e",
                "017cae20b6641d2eeb695786d8c946146239d099e18e1d5a514c739d7cb4a10a
                 d8a788015ac405d7799dc75e7b7d5b6cf2261a6a7f1507438bf01beb6ca3926f9582",
                "0145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e
                 9c677d600b343757a3bdbf2a3163e4c2f869cca7458aa4a4effc311f5cb151685eb9",
                "00d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a21
                 9b97c356436adc6e95bb0352f6be64a6c2912d4ef2d0433ced2b6171640012d9460f",
                "015c68226383956e3bd066e797b623c27ce0eac2f551a10c2c724d9852077b87
                 220b6536c5c408a1d2aebb8e86d678ae49cb57091f4732296579ab44fcd17f0fc56a",
                "01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04
                 d1427e73ca4baa240a34786859810c06b3c715a3a8cc3151f2bee417996d19f3ddea",
            ],
        ),
    ] {
        check(
            curve,
            [&hex(i), &hex(r)],
            [ec(curve, &hex(gix), &hex(giy)), ec(curve, &hex(grx), &hex(gry))],
            &hex(girx),
        );
    }
}

/// RFC 7518, appendix C: the secret Z of the two printed keys.
#[test]
fn of_rfc7518() {
    let octets = |text: &str| base64url::decode(text).unwrap();
    check(
        P256,
        [
            &octets("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"),
            &octets("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"),
        ],
        [
            ec(
                P256,
                &octets("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0"),
                &octets("SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"),
            ),
            ec(
                P256,
                &octets("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ"),
                &octets("e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck"),
            ),
        ],
        &hex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4"),
    );
}

/// RFC 8037, appendix A.6, which takes its values from RFC 7748, section 6.1; Bob's private key is not printed there.
#[test]
fn of_rfc8037() {
    let alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    let bob = x25519(&hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    let agreement = backend().agreement(X25519, &SecretOctets::new(alice)).unwrap();
    let public = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assert_eq!(agreement.public().unwrap(), x25519(&public));
    let secret = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_eq!(agreement.agree(&bob).unwrap().expose(), secret);
}

/// A key that ring makes for one agreement and a key that is kept here have the same secret.
///
/// Proves ENC-10.
#[test]
fn with_ring() {
    let random = avouch_jose_ring::SystemRandom::new();
    let ring = avouch_jose_ring::provider().encryption;
    for curve in [P256, P384, X25519] {
        let kept = backend().agreement(curve, &SecretOctets::new(vec![0x5a; curve.key_len()])).unwrap();
        let (ephemeral, secret) = ring.agree_ephemeral(curve, &kept.public().unwrap(), &random).unwrap();
        assert_eq!(kept.agree(&ephemeral).unwrap(), secret, "{curve:?}");
    }
}

/// The default of the trait: the ephemeral scalar is what the caller's randomness gives.
#[test]
fn ephemeral_from_known_octets() {
    struct Fixed;
    impl SecureRandom for Fixed {
        fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError> {
            octets.fill(0x5a);
            Ok(())
        }
    }
    for curve in ALL {
        let mut scalar = vec![0x5a; curve.key_len()];
        if curve == P521 {
            scalar[0] = 0;
        }
        let expected = backend().agreement(curve, &SecretOctets::new(scalar)).unwrap();
        let peer = backend().agreement(curve, &SecretOctets::new(vec![1; curve.key_len()])).unwrap();
        let (public, secret) = backend().agree_ephemeral(curve, &peer.public().unwrap(), &Fixed).unwrap();
        assert_eq!(public, expected.public().unwrap());
        assert_eq!(secret, peer.agree(&public).unwrap());
    }
}

/// Proves ENC-10. The scalar 1 agrees on the x coordinate of the peer, whose leading zero octets stay.
#[test]
fn secrets_are_as_wide_as_the_field() {
    for (curve, zeros) in [(P256, 1), (P384, 1), (P521, 2)] {
        let scalar = |value: u16| {
            let mut scalar = vec![0; curve.key_len()];
            let at = scalar.len() - 2;
            scalar[at..].copy_from_slice(&value.to_be_bytes());
            backend().agreement(curve, &SecretOctets::new(scalar)).unwrap()
        };
        let (peer, x) = (2..)
            .map(|value| scalar(value).public().unwrap())
            .find_map(|peer| match &peer {
                KeyMaterial::Ec(key) if key.x()[..zeros].iter().all(|octet| *octet == 0) => {
                    let x = key.x().to_vec();
                    Some((peer, x))
                }
                _ => None,
            })
            .unwrap();
        assert_eq!(scalar(1).agree(&peer).unwrap().expose(), x, "{curve:?}");
    }
}

/// Zero, the order of the group and what is above it are no scalars; the one below the order is.
#[test]
fn scalars_out_of_range() {
    for (curve, order) in [
        (P256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        (
            P384,
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        ),
        (
            P521,
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa
             51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        ),
    ] {
        let prepare = |scalar: Vec<u8>| backend().agreement(curve, &SecretOctets::new(scalar)).err();
        let order = hex(order);
        let last = order.len() - 1;
        let plus = |difference: i16| {
            let mut scalar = order.clone();
            scalar[last] = scalar[last].checked_add_signed(difference as i8).unwrap();
            scalar
        };
        assert_eq!(prepare(plus(-1)), None);
        for scalar in [vec![0; order.len()], plus(0), plus(1), vec![0xff; order.len()]] {
            assert!(matches!(prepare(scalar), Some(KeyError::Rejected { .. })), "{curve:?}");
        }
    }
}

#[test]
fn scalars_of_another_length() {
    for curve in ALL {
        for length in (0..100).filter(|length| *length != curve.key_len()) {
            let refused = backend().agreement(curve, &SecretOctets::new(vec![1; length])).err();
            assert!(matches!(refused, Some(KeyError::Rejected { .. })), "{curve:?} {length}");
        }
    }
}

fn refused(curve: AgreementCurve, peer: &KeyMaterial) {
    let agreement = backend().agreement(curve, &SecretOctets::new(vec![1; curve.key_len()])).unwrap();
    let found = agreement.agree(peer);
    assert!(matches!(found, Err(KeyOperationError::Failed)), "{curve:?} {peer:?}: {found:?}");
    let found = backend().check_agreement_public(curve, peer);
    assert!(matches!(found, Err(KeyError::Rejected { .. })), "{curve:?} {peer:?}: {found:?}");
}

/// Proves ENC-03. Points off the curve, the origin, and coordinates that are not below the prime.
#[test]
fn points_that_are_none() {
    for curve in [P256, P384, P521] {
        let width = curve.key_len();
        let public =
            backend().agreement(curve, &SecretOctets::new(vec![1; width])).unwrap().public().unwrap();
        let KeyMaterial::Ec(key) = &public else { panic!("{public:?}") };
        for at in [0, width / 2, width - 1] {
            let flipped = |octets: &[u8]| {
                let mut octets = octets.to_vec();
                octets[at] ^= 1;
                octets
            };
            refused(curve, &ec(curve, &flipped(key.x()), key.y()));
            refused(curve, &ec(curve, key.x(), &flipped(key.y())));
        }
        refused(curve, &ec(curve, &vec![0; width], &vec![0; width]));
        refused(curve, &ec(curve, &vec![0xff; width], &vec![0xff; width]));
    }
    // x = 0 is on P-256 with the root of b; x = p is the same point unreduced
    let root_of_b = hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
    let p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    assert_eq!(backend().check_agreement_public(P256, &ec(P256, &[0; 32], &root_of_b)), Ok(()));
    refused(P256, &ec(P256, &p, &root_of_b));
}

/// Proves ALG-11, ENC-02. A peer on another curve, be it as wide, or of another kind.
#[test]
fn peers_on_another_curve() {
    let mut peers: Vec<_> = ALL
        .map(|curve| {
            let private = SecretOctets::new(vec![1; curve.key_len()]);
            (Some(curve), backend().agreement(curve, &private).unwrap().public().unwrap())
        })
        .into();
    let KeyMaterial::Ec(p256) = peers[0].1.clone() else { panic!() };
    let KeyMaterial::Okp(x25519) = peers[3].1.clone() else { panic!() };
    let ed25519 = OkpKey::new(OkpCurve::Ed25519, x25519.x().to_vec(), None).unwrap();
    let secp256k1 = EcKey::new(EcCurve::Secp256k1, p256.x().to_vec(), p256.y().to_vec(), None).unwrap();
    peers.push((None, KeyMaterial::Ec(secp256k1)));
    peers.push((None, KeyMaterial::Okp(ed25519)));
    peers.push((None, KeyMaterial::Oct(SecretOctets::new(vec![1; 32]))));
    for curve in ALL {
        for (_, peer) in peers.iter().filter(|(other, _)| *other != Some(curve)) {
            refused(curve, peer);
        }
    }
}

#[test]
fn x448_is_not_here() {
    let found = backend().agreement(AgreementCurve::X448, &SecretOctets::new(vec![1; 56])).err();
    assert!(matches!(found, Some(KeyError::Lacking(_))));
    let found = backend().check_agreement_public(AgreementCurve::X448, &x25519(&[9; 32]));
    assert!(matches!(found, Err(KeyError::Lacking(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn both_sides_agree(one in any::<[u8; 65]>(), two in any::<[u8; 65]>()) {
        for curve in ALL {
            // below the order of each curve, and not zero
            let scalar = |octets: &[u8]| {
                let mut scalar = [&[0], octets].concat();
                scalar.truncate(curve.key_len());
                scalar[1] |= 1;
                backend().agreement(curve, &SecretOctets::new(scalar)).unwrap()
            };
            let (one, two) = (scalar(&one), scalar(&two));
            let secret = one.agree(&two.public().unwrap()).unwrap();
            prop_assert_eq!(&secret, &two.agree(&one.public().unwrap()).unwrap());
            prop_assert_eq!(secret.len(), curve.key_len());
        }
    }
}
