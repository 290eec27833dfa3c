use serde_json::Value;

/// The certificate by which a header names a key: its thumbprint, by either hash.
pub(super) enum CertificateHint<'h> {
    Sha256(&'h str),
    Sha1(&'h str),
}

impl<'h> CertificateHint<'h> {
    /// `x5t#S256` of a header, else `x5t`.
    pub(super) fn read(parameter: impl Fn(&str) -> Option<&'h Value>) -> Option<Self> {
        let text = |name| parameter(name)?.as_str();
        text("x5t#S256").map(Self::Sha256).or_else(|| text("x5t").map(Self::Sha1))
    }

    /// Of a key's two thumbprints, the one by the same hash.
    pub(super) fn comparable<'k>(&self, x5t_s256: Option<&'k str>, x5t: Option<&'k str>) -> Option<&'k str> {
        match self {
            Self::Sha256(_) => x5t_s256,
            Self::Sha1(_) => x5t,
        }
    }

    pub(super) fn thumbprint(&self) -> &'h str {
        match self {
            Self::Sha256(thumbprint) | Self::Sha1(thumbprint) => thumbprint,
        }
    }
}
