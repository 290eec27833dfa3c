use avouch_jose::{
    CertificateChain, CertificateError, DecryptionKey, EncryptionKey, JweAlgorithm, Jwk, JwkSet,
    JwsAlgorithm, KeyError, Limits, SigningKey, VerifyingKey, VerifyingKeys, base64url,
    certificate_thumbprint,
};
use serde_json::{Value, json};

use crate::der::{Certificate, EC, RSA, base64, bits, curve, info, integer, oid, public_key, sequence, tlv};
use crate::support::{crypto, ed25519, jwk, oct, p256, permissive, rsa, vectors, with, without};

use JwsAlgorithm as A;

/// Certificates that other software made, with the key of each.
fn made_elsewhere() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("data/certificates.json")).unwrap();
    file["certificates"].as_array().unwrap().clone()
}

fn chain(der: &[u8]) -> CertificateChain {
    CertificateChain::from_value(&json!([base64(der)])).unwrap()
}

fn matches(der: &[u8], key: &Jwk) -> Result<bool, CertificateError> {
    chain(der).leaf_matches(key)
}

/// Proves JWK-19, HDR-10. Each is of its own key and of no other; the thumbprint is what others computed.
#[test]
fn certificates_made_elsewhere() {
    let all = made_elsewhere();
    assert_eq!(all.len(), 11);
    for one in &all {
        let key = jwk(with(one["jwk"].clone(), "x5c", json!([one["x5c"]])));
        let chain = key.certificates().unwrap();
        assert_eq!(chain.leaf_thumbprint(&crypto()), one["x5t#S256"], "{}", one["name"]);
        for other in &all {
            let same = one["name"] == other["name"];
            assert_eq!(
                chain.leaf_matches(&jwk(other["jwk"].clone())),
                Ok(same),
                "{} {}",
                one["name"],
                other["name"]
            );
        }
        assert_eq!(chain.leaf_matches(&jwk(oct())), Ok(false));
    }
}

/// Proves JWK-19, HDR-10. RFC 8705, appendix A, and RFC 7517, appendix B.
#[test]
fn published_certificates() {
    let vector = &vectors("rfc8705-certificate-thumbprint.json")[0];
    let key = jwk(vector["jwk"].clone());
    let chain = key.certificates().unwrap();
    assert_eq!(chain.leaf_matches(&key), Ok(true));
    assert_eq!(chain.leaf_thumbprint(&crypto()), vector["x5t#S256"]);
    assert_eq!(certificate_thumbprint(chain.leaf(), &crypto()), vector["cnf"]["x5t#S256"]);
    let thumbprint = key.thumbprint(avouch_jose::HashAlgorithm::Sha256, &crypto());
    assert_eq!(thumbprint, vector["jwk_thumbprint"]);
    let prepared = VerifyingKey::prepare(&key, A::ES256, &crypto()).unwrap();
    assert_eq!(prepared.x5t_s256(), vector["x5t#S256"].as_str());

    let vectors = vectors("rfc7517-appendix.json");
    let vector = vectors.iter().find(|vector| vector["id"] == "B").unwrap();
    let key = jwk(vector["jwk"].clone());
    let prepared = VerifyingKey::prepare(&key, A::RS256, &crypto()).unwrap();
    assert_eq!(prepared.x5t_s256(), vector["x5t#S256"].as_str());
    assert_eq!(key.certificates().unwrap().der().count(), 1);
}

/// Proves JWK-19. A key is not prepared, for verifying, signing or publication, beside the certificate of another one,
/// or one that cannot be read.
#[test]
fn certificate_of_another_key() {
    let own = |key: &Value| base64(&Certificate::of(jwk(key.clone()).material()).der());
    let (rsa, p256, ed25519) = (rsa(), p256(), ed25519());
    for (key, algorithm, other) in
        [(&rsa, A::RS256, &p256), (&p256, A::ES256, &ed25519), (&ed25519, A::ED25519, &p256)]
    {
        let prepare = |x5c: Value| {
            let key = jwk(with(key.clone(), "x5c", x5c));
            let remote = SigningKey::with_signer(algorithm, None, std::sync::Arc::new(Vault));
            let outcomes = [
                VerifyingKey::prepare(&key, algorithm, &crypto()).err(),
                SigningKey::prepare(&key, algorithm, &crypto()).err(),
                remote.with_public_jwk(&key).err(),
            ];
            assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
            outcomes[0].clone()
        };
        assert_eq!(prepare(json!([own(key)])), None);
        assert_eq!(prepare(json!([own(key), own(other)])), None, "the second is its issuer's");
        assert_eq!(prepare(json!([own(other)])), Some(KeyError::CertificateOfAnotherKey));
        assert_eq!(prepare(json!([own(other), own(key)])), Some(KeyError::CertificateOfAnotherKey));
        let unreadable = CertificateError::Malformed { field: "certificate" };
        assert_eq!(prepare(json!(["AA=="])), Some(KeyError::Certificate(unreadable)));
    }
}

struct Vault;

impl avouch_jose::crypto::Signer for Vault {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, avouch_jose::crypto::SignFailed> {
        Err(avouch_jose::crypto::SignFailed::new("sealed"))
    }
}

/// Proves JWK-19. A thumbprint is that of the certificate beside it, unless it is no such hash at all; alone it is told on.
#[test]
fn thumbprint_of_another_certificate() {
    let public = without(p256(), "d");
    let der = Certificate::of(jwk(public.clone()).material()).der();
    let right = certificate_thumbprint(&der, &crypto());
    let prepare = |x5t: &str, x5c: bool| {
        let key = with(public.clone(), "x5t#S256", x5t);
        let key = if x5c { with(key, "x5c", json!([base64(&der)])) } else { key };
        VerifyingKey::prepare(&jwk(key), A::ES256, &crypto()).map(|key| key.x5t_s256().unwrap().to_owned())
    };
    assert_eq!(prepare(&right, true), Ok(right.clone()));
    let other = certificate_thumbprint(b"another", &crypto());
    assert_eq!(prepare(&other, true), Err(KeyError::CertificateThumbprint));
    assert_eq!(prepare(&other, false), Ok(other));
    // in hexadecimal, encoded again, as a large provider has it
    let hexadecimal = base64url::encode([b'5'; 64]);
    assert_eq!(prepare(&hexadecimal, true), Ok(right));
    assert_eq!(VerifyingKey::prepare(&jwk(public), A::ES256, &crypto()).unwrap().x5t_s256(), None);
}

/// Proves JWK-19. The key differs in one octet, or the same octets are a key of another kind.
#[test]
fn near_misses() {
    let named = |oids: &[&str], key: &[u8]| {
        let oids: Vec<_> = oids.iter().map(|dotted| oid(dotted)).collect();
        Certificate::with_key(info(&oids, key)).der()
    };
    let ec = jwk(p256());
    let avouch_jose::KeyMaterial::Ec(key) = ec.material() else { panic!() };
    let point = [&[4], key.x(), key.y()].concat();
    assert_eq!(matches(&named(&[EC, curve("P-256")], &point), &ec), Ok(true));
    for at in [0, 1, 32, 33, 64] {
        let mut altered = point.clone();
        altered[at] ^= 1;
        assert_eq!(matches(&named(&[EC, curve("P-256")], &altered), &ec), Ok(false), "{at}");
    }
    assert_eq!(matches(&named(&[EC, curve("P-256")], &[&point[..], &[0]].concat()), &ec), Ok(false));
    assert_eq!(matches(&named(&[EC, curve("secp256k1")], &point), &ec), Ok(false));
    assert_eq!(matches(&named(&[RSA, curve("P-256")], &point), &ec), Ok(false));
    // compressed: an even and an odd y
    for (form, expected) in [(2, false), (3, true), (5, false), (0, false)] {
        let compressed = [&[form], key.x()].concat();
        assert_eq!(matches(&named(&[EC, curve("P-256")], &compressed), &ec), Ok(expected), "{form}");
        assert_eq!(matches(&named(&[EC, curve("P-256")], &[&[form], key.y()].concat()), &ec), Ok(false));
    }
    assert_eq!(key.y()[31] & 1, 1);

    let okp = jwk(ed25519());
    let avouch_jose::KeyMaterial::Okp(key) = okp.material() else { panic!() };
    assert_eq!(matches(&named(&[curve("Ed25519")], key.x()), &okp), Ok(true));
    assert_eq!(matches(&named(&[curve("X25519")], key.x()), &okp), Ok(false));
    assert_eq!(matches(&named(&[curve("Ed25519")], &key.x()[1..]), &okp), Ok(false));
    let flipped = |key: &[u8]| [&[key[0] ^ 1], &key[1..]].concat();
    assert_eq!(matches(&named(&[curve("Ed25519")], &flipped(key.x())), &okp), Ok(false));

    let rsa = jwk(rsa());
    let avouch_jose::KeyMaterial::Rsa(key) = rsa.material() else { panic!() };
    let of = |n: &[u8], e: &[u8]| {
        Certificate::with_key(info(&[oid(RSA), tlv(5, &[])], &sequence(&[integer(n), integer(e)]))).der()
    };
    assert_eq!(matches(&of(key.n(), key.e()), &rsa), Ok(true));
    assert_eq!(matches(&of(key.n(), &[3]), &rsa), Ok(false));
    assert_eq!(matches(&of(&key.n()[1..], key.e()), &rsa), Ok(false));
    // a hash function that is no key algorithm
    assert_eq!(matches(&named(&["2.16.840.1.101.3.4.2.1"], b"key"), &rsa), Ok(false));

    for vector in vectors("rfc9964-ml-dsa.json") {
        let key = jwk(vector["jwk"].clone());
        let avouch_jose::KeyMaterial::Akp(akp) = key.material() else { panic!() };
        for name in ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"] {
            let expected = Ok(vector["alg"] == name);
            assert_eq!(matches(&named(&[curve(name)], akp.public()), &key), expected);
            assert_eq!(matches(&named(&[curve(name)], &flipped(akp.public())), &key), Ok(false));
        }
    }
}

/// Each field that is passed on the way to the key, and the DER of the key itself: one thing wrong at a time.
#[test]
fn malformed_certificates() {
    let key = jwk(p256());
    let good = Certificate::of(key.material());
    let without_version = Certificate { version: vec![], ..good.clone() };
    for der in [good.der(), without_version.der()] {
        assert_eq!(matches(&der, &key), Ok(true));
    }
    let null = || tlv(5, &[]);
    let base = || good.clone();
    let padded = |der: Vec<u8>| [der, vec![0]].concat();
    let spki = public_key(key.material());
    for (field, der) in [
        ("certificate", vec![]),
        ("certificate", tlv(0x31, &good.der()[4..])),
        ("end", padded(good.der())),
        ("signed part", sequence(&[null(), null(), bits(b"")])),
        ("signature algorithm", Certificate { outer_algorithm: null(), ..base() }.der()),
        ("signature", Certificate { signature: null(), ..base() }.der()),
        ("signature", Certificate { signature: padded(bits(b"a")), ..base() }.der()),
        ("serial number", Certificate { version: null(), ..base() }.der()),
        ("serial number", Certificate { serial: null(), ..base() }.der()),
        ("signature algorithm", Certificate { signature_algorithm: null(), ..base() }.der()),
        ("issuer", Certificate { issuer: null(), ..base() }.der()),
        ("validity", Certificate { validity: null(), ..base() }.der()),
        ("subject", Certificate { subject: null(), ..base() }.der()),
        ("public key", Certificate::with_key(vec![]).der()),
        ("public key", Certificate::with_key(null()).der()),
        ("public key algorithm", Certificate::with_key(sequence(&[null(), bits(b"")])).der()),
        ("public key algorithm", Certificate::with_key(sequence(&[sequence(&[]), bits(b"")])).der()),
        ("public key", Certificate::with_key(sequence(&[sequence(&[oid(EC)]), null()])).der()),
        // bits that are no whole octets
        ("public key", Certificate::with_key(sequence(&[sequence(&[oid(EC)]), tlv(3, &[1, 0])])).der()),
        ("public key", Certificate::with_key(sequence(&[sequence(&[oid(EC)]), tlv(3, &[])])).der()),
        ("public key", Certificate::with_key(sequence(&[spki[2..].to_vec(), null()])).der()),
        // a curve that is not named
        ("curve", Certificate::with_key(info(&[oid(EC), sequence(&[])], b"\x04")).der()),
        ("curve", Certificate::with_key(info(&[oid(EC)], b"\x04")).der()),
    ] {
        assert_eq!(matches(&der, &key), Err(CertificateError::Malformed { field }), "{der:02x?}");
    }
    let rsa = jwk(rsa());
    let of = |key: Vec<u8>| Certificate::with_key(info(&[oid(RSA), null()], &key)).der();
    let avouch_jose::KeyMaterial::Rsa(rsa_key) = rsa.material() else { panic!() };
    let (n, e) = (|| integer(rsa_key.n()), || integer(rsa_key.e()));
    assert_eq!(matches(&of(sequence(&[n(), e()])), &rsa), Ok(true));
    for (field, der) in [
        ("RSA key", of(tlv(0x31, &[n(), e()].concat()))),
        ("RSA key", of(padded(sequence(&[n(), e()])))),
        ("RSA key", of(sequence(&[n(), e(), e()]))),
        // negative, longer than it must be, none, zero
        ("RSA modulus", of(sequence(&[tlv(2, rsa_key.n()), e()]))),
        ("RSA public exponent", of(sequence(&[n(), tlv(2, &[0, 1, 0, 1])]))),
        ("RSA public exponent", of(sequence(&[n(), tlv(2, &[])]))),
        ("RSA public exponent", of(sequence(&[n(), tlv(2, &[0])]))),
        ("RSA public exponent", of(sequence(&[n()]))),
    ] {
        assert_eq!(matches(&der, &rsa), Err(CertificateError::Malformed { field }), "{field}");
    }
}

/// Lengths are definite and as short as can be, and never reach beyond the input; there is a longest certificate.
#[test]
fn lengths() {
    let key = jwk(p256());
    let subject = tlv(0x30, &[0; 60]);
    let content = Certificate { subject, ..Certificate::of(key.material()) }.der()[3..].to_vec();
    let len = u8::try_from(content.len()).unwrap();
    assert!(len >= 0x80);
    assert_eq!(matches(&[&[0x30, 0x81, len], &content[..]].concat(), &key), Ok(true));
    let malformed = Err(CertificateError::Malformed { field: "certificate" });
    for head in [
        &[0x30, 0x80][..],
        &[0x30, 0x82, 0, len],
        &[0x30, 0x83, 0, 0, len],
        &[0x30, 0x84, 0, 0, 0, len],
        &[0x30, 0x84, 1, 0, 0, len],
        &[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, len],
        &[0x30, 0x81, len + 1],
        &[0x30, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ] {
        assert_eq!(matches(&[head, &content[..]].concat(), &key), malformed, "{head:02x?}");
    }
    assert_eq!(matches(&[0x30], &key), malformed);
    // long form where the short one does
    let field = Certificate { subject: vec![0x30, 0x81, 0], ..Certificate::of(key.material()) };
    assert_eq!(matches(&field.der(), &key), Err(CertificateError::Malformed { field: "subject" }));

    let of_length = |octets: usize| {
        let padded = |subject: usize| {
            Certificate { subject: tlv(0x30, &vec![0; subject]), ..Certificate::of(key.material()) }.der()
        };
        let der = padded(octets - (padded(octets - 1000).len() - (octets - 1000)));
        assert_eq!(der.len(), octets);
        der
    };
    assert_eq!(matches(&of_length(64 * 1024), &key), Ok(true));
    let too_long = CertificateError::TooLong { octets: 64 * 1024 + 1, limit: 64 * 1024 };
    assert_eq!(matches(&of_length(64 * 1024 + 1), &key), Err(too_long));
}

/// Proves B64-06. Certificates are carried as they came, in their order, and shown to nobody who only prints a value.
#[test]
fn chains_are_carried() {
    let x5c = json!([base64(&Certificate::of(jwk(p256()).material()).der()), "AQID", "AA=="]);
    let key = jwk(with(without(p256(), "d"), "x5c", x5c.clone()));
    let chain = key.certificates().unwrap();
    assert_eq!(chain.der().skip(1).collect::<Vec<_>>(), [&[1, 2, 3][..], &[0]]);
    assert_eq!(serde_json::to_value(&key).unwrap()["x5c"], x5c);
    assert!(!format!("{chain:?}").contains("[1, 2, 3]"));
    assert_eq!(jwk(p256()).certificates(), None);
    for no_chain in [json!([]), json!("AA=="), json!([1]), json!(["AA"]), json!(["-_=="])] {
        assert_eq!(CertificateChain::from_value(&no_chain), None, "{no_chain}");
    }
}

/// Proves JWK-19. A key of a set beside whose certificate something is wrong is put aside with the reason.
#[test]
fn sets_put_such_keys_aside() {
    let public = without(p256(), "d");
    let wrong = base64(&Certificate::of(jwk(ed25519()).material()).der());
    let keys = json!({"keys": [
        with(with(public.clone(), "kid", "bad"), "x5c", json!([wrong])),
        with(public, "kid", "good"),
    ]});
    let set = JwkSet::from_json(keys.to_string().as_bytes(), &Limits::default()).unwrap();
    let keys = VerifyingKeys::prepare(&set, &[A::ES256], &crypto()).unwrap();
    assert_eq!(keys.keys().iter().map(VerifyingKey::kid).collect::<Vec<_>>(), [Some("good")]);
    assert_eq!(keys.rejected()[0].reasons, [(A::ES256, KeyError::CertificateOfAnotherKey)]);
}

/// A key of each type that a certificate may hold is prepared beside its own certificate.
#[test]
fn every_type_of_key() {
    for (key, algorithm) in [
        (rsa(), A::PS384),
        (p256(), A::ES256),
        (ed25519(), A::EDDSA),
        (vectors("rfc9964-ml-dsa.json")[1]["jwk"].clone(), A::ML_DSA_65),
    ] {
        let der = Certificate::of(jwk(key.clone()).material()).der();
        let key = jwk(with(key, "x5c", json!([base64(&der)])));
        let prepared = VerifyingKey::prepare(&key, algorithm, &permissive()).unwrap();
        assert_eq!(prepared.x5t_s256(), Some(&*certificate_thumbprint(&der, &crypto())));
    }
    let secret = jwk(with(oct(), "x5c", json!([base64(&Certificate::of(jwk(p256()).material()).der())])));
    let refused = VerifyingKey::prepare(&secret, A::HS256, &crypto());
    assert_eq!(refused.unwrap_err(), KeyError::CertificateOfAnotherKey, "no certificate is of a secret");
}

/// Proves JWK-19. So it is for encryption.
#[test]
fn encryption_keys() {
    let prepare = |key: Value| {
        let key = jwk(key);
        let crypto = avouch_jose_ring::provider();
        let to = EncryptionKey::prepare(&key, JweAlgorithm::ECDH_ES_A128KW, &crypto).err();
        let from = DecryptionKey::prepare(&key, JweAlgorithm::ECDH_ES_A128KW, &crypto).err();
        (to, from)
    };
    let own = base64(&Certificate::of(jwk(p256()).material()).der());
    let other = base64(&Certificate::of(jwk(ed25519()).material()).der());
    let refused = KeyError::CertificateOfAnotherKey;
    assert_eq!(prepare(with(p256(), "x5c", json!([other]))), (Some(refused.clone()), Some(refused)));
    // ring lacks AES Key Wrap; the certificate is none of its troubles
    let (to, from) = prepare(with(p256(), "x5c", json!([own])));
    assert!(
        matches!(to, Some(KeyError::Unsupported { .. }))
            && matches!(from, Some(KeyError::Unsupported { .. }))
    );
}
