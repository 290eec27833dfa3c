use std::fmt;
use std::sync::Arc;

use super::curve::{EcCurve, KeyType, OkpCurve};
use super::equation;
use super::error::JwkError;
use super::secret::SecretOctets;
use crate::algorithm::MlDsaParameters;
use crate::base64url;

/// The key itself, decoded: what a backend computes with. Public octets are shared between clones.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyMaterial {
    /// `RSA`.
    Rsa(RsaKey),
    /// `EC`.
    Ec(EcKey),
    /// `OKP`.
    Okp(OkpKey),
    /// `oct`.
    Oct(SecretOctets),
    /// `AKP`.
    Akp(AkpKey),
}

impl KeyMaterial {
    /// `kty`.
    pub const fn key_type(&self) -> KeyType {
        match self {
            Self::Rsa(_) => KeyType::Rsa,
            Self::Ec(_) => KeyType::Ec,
            Self::Okp(_) => KeyType::Okp,
            Self::Oct(_) => KeyType::Oct,
            Self::Akp(_) => KeyType::Akp,
        }
    }

    /// `crv`, where the key type has one.
    pub const fn curve_name(&self) -> Option<&'static str> {
        match self {
            Self::Ec(key) => Some(key.curve.name()),
            Self::Okp(key) => Some(key.curve.name()),
            Self::Rsa(_) | Self::Oct(_) | Self::Akp(_) => None,
        }
    }

    /// The algorithm that is part of the key: that of an `AKP` key.
    pub fn algorithm_name(&self) -> Option<&'static str> {
        match self {
            Self::Akp(key) => Some(key.parameters.algorithm().name()),
            Self::Rsa(_) | Self::Ec(_) | Self::Okp(_) | Self::Oct(_) => None,
        }
    }

    /// True if it holds a private key or is itself a secret.
    pub fn is_private(&self) -> bool {
        match self {
            Self::Rsa(key) => key.private.is_some(),
            Self::Ec(key) => key.d.is_some(),
            Self::Okp(key) => key.d.is_some(),
            Self::Oct(_) => true,
            Self::Akp(key) => key.seed.is_some(),
        }
    }

    /// The public half; `None` for `oct`.
    pub fn public(&self) -> Option<Self> {
        match self {
            Self::Rsa(key) => Some(Self::Rsa(key.public())),
            Self::Ec(key) => Some(Self::Ec(key.public())),
            Self::Okp(key) => Some(Self::Okp(OkpKey { curve: key.curve, x: Arc::clone(&key.x), d: None })),
            Self::Oct(_) => None,
            Self::Akp(key) => {
                let (parameters, public) = (key.parameters, Arc::clone(&key.public));
                Some(Self::Akp(AkpKey { parameters, public, seed: None }))
            }
        }
    }
}

/// An RSA key: big-endian integers without leading zeros.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaKey {
    /// The modulus, then the exponent.
    integers: Arc<[u8]>,
    n_len: usize,
    /// Large, and seldom there.
    private: Option<Box<RsaPrivate>>,
}

impl RsaKey {
    /// A key of these integers.
    ///
    /// # Errors
    ///
    /// [`JwkError::NotMinimal`] for an empty integer or one with a leading zero octet.
    pub fn new(n: Vec<u8>, e: Vec<u8>, private: Option<RsaPrivate>) -> Result<Self, JwkError> {
        Self::of_integers(&[n, e.clone()].concat(), e.len(), private)
    }

    /// A key whose modulus and exponent stand one behind the other.
    pub(super) fn of_integers(
        integers: &[u8],
        e_len: usize,
        private: Option<RsaPrivate>,
    ) -> Result<Self, JwkError> {
        let n_len = integers.len().saturating_sub(e_len);
        let (n, e) = integers.split_at_checked(n_len).unwrap_or_default();
        minimal("n", n)?;
        minimal("e", e)?;
        if let Some(private) = &private {
            minimal("d", private.d.expose())?;
            if let Some(RsaCrt { p, q, dp, dq, qi }) = &private.crt {
                for (name, value) in [("p", p), ("q", q), ("dp", dp), ("dq", dq), ("qi", qi)] {
                    minimal(name, value.expose())?;
                }
            }
        }
        Ok(Self { integers: integers.into(), n_len, private: private.map(Box::new) })
    }

    /// The modulus.
    pub fn n(&self) -> &[u8] {
        self.integers.get(..self.n_len).unwrap_or_default()
    }

    /// The public exponent.
    pub fn e(&self) -> &[u8] {
        self.integers.get(self.n_len..).unwrap_or_default()
    }

    /// The public half, at no cost.
    #[must_use]
    pub fn public(&self) -> Self {
        Self { integers: Arc::clone(&self.integers), n_len: self.n_len, private: None }
    }

    /// The private half.
    pub fn private(&self) -> Option<&RsaPrivate> {
        self.private.as_deref()
    }

    /// Bits of the modulus.
    pub fn modulus_bits(&self) -> usize {
        bits(self.n())
    }

    /// Bits of the public exponent.
    pub fn exponent_bits(&self) -> usize {
        bits(self.e())
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaKey")
            .field("n", &base64url::encode(self.n()))
            .field("e", &base64url::encode(self.e()))
            .field("private", &self.private)
            .finish()
    }
}

/// The private half of an RSA key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaPrivate {
    /// The private exponent.
    pub d: SecretOctets,
    /// The primes and what is derived from them: all or none ([RFC 7518 §6.3.2]).
    ///
    /// [RFC 7518 §6.3.2]: https://www.rfc-editor.org/rfc/rfc7518#section-6.3.2
    pub crt: Option<RsaCrt>,
}

/// The two primes of an RSA key and what speeds up computing with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaCrt {
    /// The first prime.
    pub p: SecretOctets,
    /// The second prime.
    pub q: SecretOctets,
    /// `d mod (p - 1)`.
    pub dp: SecretOctets,
    /// `d mod (q - 1)`.
    pub dq: SecretOctets,
    /// The inverse of `q` modulo `p`.
    pub qi: SecretOctets,
}

/// What a point begins with that is written with both coordinates.
pub(super) const UNCOMPRESSED: u8 = 4;

/// A key on a Weierstrass curve, with coordinates of full width.
#[derive(Clone, PartialEq, Eq)]
pub struct EcKey {
    curve: EcCurve,
    point: Arc<[u8]>,
    d: Option<SecretOctets>,
}

impl EcKey {
    /// A key of these coordinates and, if private, this scalar.
    ///
    /// # Errors
    ///
    /// [`JwkError::Width`] unless each is as wide as the curve's field.
    pub fn new(curve: EcCurve, x: Vec<u8>, y: Vec<u8>, d: Option<SecretOctets>) -> Result<Self, JwkError> {
        Self::of_point(curve, &[&[UNCOMPRESSED][..], &x, &y].concat(), x.len(), d)
    }

    /// A key whose point is written uncompressed, with an x coordinate of so many octets.
    pub(super) fn of_point(
        curve: EcCurve,
        point: &[u8],
        x_len: usize,
        d: Option<SecretOctets>,
    ) -> Result<Self, JwkError> {
        let expected = curve.coordinate_len();
        width("x", x_len, expected)?;
        width("y", point.len().saturating_sub(1 + x_len), expected)?;
        if let Some(d) = &d {
            width("d", d.len(), expected)?;
        }
        Ok(Self { curve, point: point.into(), d })
    }

    /// The curve.
    pub fn curve(&self) -> EcCurve {
        self.curve
    }

    /// The x coordinate.
    pub fn x(&self) -> &[u8] {
        self.point.get(1..1 + self.curve.coordinate_len()).unwrap_or_default()
    }

    /// The y coordinate.
    pub fn y(&self) -> &[u8] {
        self.point.get(1 + self.curve.coordinate_len()..).unwrap_or_default()
    }

    /// The point uncompressed: 4, x, y ([SEC 1 §2.3.3](https://www.secg.org/sec1-v2.pdf)).
    pub fn point(&self) -> &[u8] {
        &self.point
    }

    /// Whether both coordinates are below the curve's prime and solve its equation. Reading a key does not ask: a backend
    /// that would find out at the first signature only asks when it prepares a key.
    pub fn is_on_curve(&self) -> bool {
        equation::holds(self.curve, self.x(), self.y())
    }

    /// The public half, at no cost.
    #[must_use]
    pub fn public(&self) -> Self {
        Self { curve: self.curve, point: Arc::clone(&self.point), d: None }
    }

    /// The private scalar.
    pub fn d(&self) -> Option<&SecretOctets> {
        self.d.as_ref()
    }
}

impl fmt::Debug for EcKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EcKey")
            .field("curve", &self.curve)
            .field("x", &base64url::encode(self.x()))
            .field("y", &base64url::encode(self.y()))
            .field("d", &self.d)
            .finish()
    }
}

/// A key of the Edwards and Montgomery curves.
#[derive(Clone, PartialEq, Eq)]
pub struct OkpKey {
    curve: OkpCurve,
    x: Arc<[u8]>,
    d: Option<SecretOctets>,
}

impl OkpKey {
    /// A key of this public value and, if private, this seed.
    ///
    /// # Errors
    ///
    /// [`JwkError::Width`] unless both are as long as the curve says.
    pub fn new(curve: OkpCurve, x: Vec<u8>, d: Option<SecretOctets>) -> Result<Self, JwkError> {
        Self::of_octets(curve, &x, d)
    }

    pub(super) fn of_octets(curve: OkpCurve, x: &[u8], d: Option<SecretOctets>) -> Result<Self, JwkError> {
        let expected = curve.key_len();
        width("x", x.len(), expected)?;
        if let Some(d) = &d {
            width("d", d.len(), expected)?;
        }
        Ok(Self { curve, x: x.into(), d })
    }

    /// The curve.
    pub fn curve(&self) -> OkpCurve {
        self.curve
    }

    /// The public key.
    pub fn x(&self) -> &[u8] {
        &self.x
    }

    /// The private key.
    pub fn d(&self) -> Option<&SecretOctets> {
        self.d.as_ref()
    }
}

impl fmt::Debug for OkpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OkpKey")
            .field("curve", &self.curve)
            .field("x", &base64url::encode(&self.x))
            .field("d", &self.d)
            .finish()
    }
}

/// A key of ML-DSA ([RFC 9964](https://www.rfc-editor.org/rfc/rfc9964)).
#[derive(Clone, PartialEq, Eq)]
pub struct AkpKey {
    parameters: MlDsaParameters,
    public: Arc<[u8]>,
    seed: Option<SecretOctets>,
}

impl AkpKey {
    /// A key of this public value and, if private, this seed.
    ///
    /// # Errors
    ///
    /// [`JwkError::Width`] unless both are as long as the parameters say.
    pub fn new(
        parameters: MlDsaParameters,
        public: Vec<u8>,
        seed: Option<SecretOctets>,
    ) -> Result<Self, JwkError> {
        width("pub", public.len(), parameters.public_len())?;
        if let Some(seed) = &seed {
            width("priv", seed.len(), MlDsaParameters::SEED_LEN)?;
        }
        Ok(Self { parameters, public: public.into(), seed })
    }

    /// The parameter set, which `alg` names.
    pub fn parameters(&self) -> MlDsaParameters {
        self.parameters
    }

    /// The public key: `pub`.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// The seed of the private key: `priv`.
    pub fn seed(&self) -> Option<&SecretOctets> {
        self.seed.as_ref()
    }
}

impl fmt::Debug for AkpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AkpKey")
            .field("parameters", &self.parameters)
            .field("public", &base64url::encode(&self.public))
            .field("seed", &self.seed)
            .finish()
    }
}

/// Bits of a minimal integer.
fn bits(integer: &[u8]) -> usize {
    let unused = integer.first().map_or(0, |first| first.leading_zeros());
    integer.len() * 8 - usize::try_from(unused).unwrap_or(0)
}

fn width(name: &'static str, found: usize, expected: usize) -> Result<(), JwkError> {
    if found == expected { Ok(()) } else { Err(JwkError::Width { name, expected, found }) }
}

fn minimal(name: &'static str, value: &[u8]) -> Result<(), JwkError> {
    match value.first() {
        None | Some(0) => Err(JwkError::NotMinimal { name }),
        Some(_) => Ok(()),
    }
}
