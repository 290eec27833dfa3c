use super::der::{BIT_STRING, CONTEXT_0, INTEGER, OBJECT_IDENTIFIER, Reader, SEQUENCE};
use super::{CertificateError, MAXIMUM_OCTETS};
use crate::algorithm::MlDsaParameters;
use crate::jwk::{EcCurve, EcKey, KeyMaterial, OkpCurve};

/// `rsaEncryption`, and `id-RSASSA-PSS` for keys that do nothing else ([RFC 4055]).
///
/// [RFC 4055]: https://www.rfc-editor.org/rfc/rfc4055
const RSA: [&[u8]; 2] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a],
];

/// `id-ecPublicKey` ([RFC 5480 §2.1.1](https://www.rfc-editor.org/rfc/rfc5480#section-2.1.1)).
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// The name of a curve as a parameter of [`EC`].
fn named_curve(curve: EcCurve) -> &'static [u8] {
    match curve {
        EcCurve::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        EcCurve::P384 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
        EcCurve::P521 => &[0x2b, 0x81, 0x04, 0x00, 0x23],
        EcCurve::Secp256k1 => &[0x2b, 0x81, 0x04, 0x00, 0x0a],
    }
}

/// [RFC 8410 §3](https://www.rfc-editor.org/rfc/rfc8410#section-3).
fn okp(curve: OkpCurve) -> &'static [u8] {
    match curve {
        OkpCurve::X25519 => &[0x2b, 0x65, 0x6e],
        OkpCurve::X448 => &[0x2b, 0x65, 0x6f],
        OkpCurve::Ed25519 => &[0x2b, 0x65, 0x70],
        OkpCurve::Ed448 => &[0x2b, 0x65, 0x71],
    }
}

/// [RFC 9881 §2](https://www.rfc-editor.org/rfc/rfc9881#section-2).
fn ml_dsa(parameters: MlDsaParameters) -> &'static [u8] {
    match parameters {
        MlDsaParameters::MlDsa44 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11],
        MlDsaParameters::MlDsa65 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12],
        MlDsaParameters::MlDsa87 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13],
    }
}

/// Whether a certificate is of this public key.
pub(super) fn is_of(der: &[u8], key: &KeyMaterial) -> Result<bool, CertificateError> {
    let mut info = PublicKeyInfo::of_certificate(der)?;
    Ok(match key {
        KeyMaterial::Rsa(key) if RSA.contains(&info.algorithm) => info.rsa()? == (key.n(), key.e()),
        KeyMaterial::Ec(key) if info.algorithm == EC => {
            info.curve()? == named_curve(key.curve()) && is_point(info.key, key)
        }
        KeyMaterial::Okp(key) => info.algorithm == okp(key.curve()) && info.key == key.x(),
        KeyMaterial::Akp(key) => info.algorithm == ml_dsa(key.parameters()) && info.key == key.public(),
        KeyMaterial::Rsa(_) | KeyMaterial::Ec(_) | KeyMaterial::Oct(_) => false,
    })
}

/// `SubjectPublicKeyInfo`.
struct PublicKeyInfo<'a> {
    algorithm: &'a [u8],
    parameters: Reader<'a>,
    key: &'a [u8],
}

impl<'a> PublicKeyInfo<'a> {
    /// Goes through a certificate ([RFC 5280 §4.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.1)) as far as the key,
    /// and over the signature, so that what is read has the form of a certificate.
    fn of_certificate(der: &'a [u8]) -> Result<Self, CertificateError> {
        if der.len() > MAXIMUM_OCTETS {
            return Err(CertificateError::TooLong { octets: der.len(), limit: MAXIMUM_OCTETS });
        }
        let mut file = Reader::new(der);
        let mut certificate = file.enter(SEQUENCE, "certificate")?;
        file.end("end")?;
        let mut signed = certificate.enter(SEQUENCE, "signed part")?;
        certificate.read(SEQUENCE, "signature algorithm")?;
        certificate.read(BIT_STRING, "signature")?;
        certificate.end("signature")?;

        if signed.next_is(CONTEXT_0) {
            signed.read(CONTEXT_0, "version")?;
        }
        signed.read(INTEGER, "serial number")?;
        for field in ["signature algorithm", "issuer", "validity", "subject"] {
            signed.read(SEQUENCE, field)?;
        }
        let mut info = signed.enter(SEQUENCE, "public key")?;
        let mut parameters = info.enter(SEQUENCE, "public key algorithm")?;
        let algorithm = parameters.read(OBJECT_IDENTIFIER, "public key algorithm")?;
        let key = info.bits("public key")?;
        info.end("public key")?;
        Ok(Self { algorithm, parameters, key })
    }

    /// Modulus and exponent.
    fn rsa(&self) -> Result<(&'a [u8], &'a [u8]), CertificateError> {
        let mut key = Reader::new(self.key);
        let mut integers = key.enter(SEQUENCE, "RSA key")?;
        key.end("RSA key")?;
        let key = (integers.positive("RSA modulus")?, integers.positive("RSA public exponent")?);
        integers.end("RSA key")?;
        Ok(key)
    }

    /// The object identifier of the curve. A curve that is spelt out instead is not one that a JWK names.
    fn curve(&mut self) -> Result<&'a [u8], CertificateError> {
        self.parameters.read(OBJECT_IDENTIFIER, "curve")
    }
}

/// Whether an encoded point ([SEC 1 §2.3.3](https://www.secg.org/sec1-v2.pdf)), compressed or not, is that of the key.
fn is_point(encoded: &[u8], key: &EcKey) -> bool {
    match encoded {
        [4, coordinates @ ..] => coordinates.split_at_checked(key.x().len()) == Some((key.x(), key.y())),
        [form @ (2 | 3), x @ ..] => x == key.x() && key.y().last().is_some_and(|last| last & 1 == form & 1),
        _ => false,
    }
}
