//! Certificates written by hand: as much of one as it takes to carry a key.

use avouch_jose::{KeyMaterial, base64url};

pub(crate) const RSA: &str = "1.2.840.113549.1.1.1";
pub(crate) const EC: &str = "1.2.840.10045.2.1";

/// A value: tag, shortest length, content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = u32::try_from(content.len()).unwrap().to_be_bytes();
    let len = &len[len.iter().take_while(|octet| **octet == 0).count()..];
    let mut der = vec![tag];
    match *len {
        [] => der.push(0),
        [short @ ..=0x7f] => der.push(short),
        _ => {
            der.push(0x80 | u8::try_from(len.len()).unwrap());
            der.extend(len);
        }
    }
    [&der, content].concat()
}

pub(crate) fn sequence(values: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &values.concat())
}

pub(crate) fn bits(octets: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], octets].concat())
}

/// An unsigned integer in big-endian octets.
pub(crate) fn integer(octets: &[u8]) -> Vec<u8> {
    let sign = if octets[0] >= 0x80 { &[0][..] } else { &[] };
    tlv(0x02, &[sign, octets].concat())
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u32> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = vec![u8::try_from(arcs[0] * 40 + arcs[1]).unwrap()];
    for arc in &arcs[2..] {
        let mut septets = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            septets.insert(0, 0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        content.extend(septets);
    }
    tlv(0x06, &content)
}

/// The fields of a certificate, to be put together with one of them another.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) signature_algorithm: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    pub(crate) outer_algorithm: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Certificate {
    pub(crate) fn with_key(public_key: Vec<u8>) -> Self {
        let empty = sequence(&[]);
        Self {
            version: tlv(0xa0, &integer(&[2])),
            serial: integer(&[7]),
            signature_algorithm: empty.clone(),
            issuer: empty.clone(),
            validity: empty.clone(),
            subject: empty.clone(),
            public_key,
            outer_algorithm: empty,
            signature: bits(b"nobody's"),
        }
    }

    pub(crate) fn of(key: &KeyMaterial) -> Self {
        Self::with_key(public_key(key))
    }

    pub(crate) fn signed_part(&self) -> Vec<u8> {
        sequence(&[
            self.version.clone(),
            self.serial.clone(),
            self.signature_algorithm.clone(),
            self.issuer.clone(),
            self.validity.clone(),
            self.subject.clone(),
            self.public_key.clone(),
        ])
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        sequence(&[self.signed_part(), self.outer_algorithm.clone(), self.signature.clone()])
    }
}

/// `SubjectPublicKeyInfo`.
pub(crate) fn info(algorithm: &[Vec<u8>], key: &[u8]) -> Vec<u8> {
    sequence(&[sequence(algorithm), bits(key)])
}

/// `SubjectPublicKeyInfo` of a public key.
pub(crate) fn public_key(key: &KeyMaterial) -> Vec<u8> {
    match key {
        KeyMaterial::Rsa(key) => {
            info(&[oid(RSA), tlv(5, &[])], &sequence(&[integer(key.n()), integer(key.e())]))
        }
        KeyMaterial::Ec(key) => {
            info(&[oid(EC), oid(curve(key.curve().name()))], &[&[4], key.x(), key.y()].concat())
        }
        KeyMaterial::Okp(key) => info(&[oid(curve(key.curve().name()))], key.x()),
        KeyMaterial::Akp(key) => info(&[oid(curve(key.parameters().algorithm().name()))], key.public()),
        _ => panic!("a certificate has a public key"),
    }
}

pub(crate) fn curve(name: &str) -> &'static str {
    match name {
        "P-256" => "1.2.840.10045.3.1.7",
        "P-384" => "1.3.132.0.34",
        "P-521" => "1.3.132.0.35",
        "secp256k1" => "1.3.132.0.10",
        "X25519" => "1.3.101.110",
        "X448" => "1.3.101.111",
        "Ed25519" => "1.3.101.112",
        "Ed448" => "1.3.101.113",
        "ML-DSA-44" => "2.16.840.1.101.3.4.3.17",
        "ML-DSA-65" => "2.16.840.1.101.3.4.3.18",
        "ML-DSA-87" => "2.16.840.1.101.3.4.3.19",
        _ => panic!("{name}"),
    }
}

/// Standard base64, as in `x5c`.
pub(crate) fn base64(der: &[u8]) -> String {
    let mut text = base64url::encode(der).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}
