use crate::uri::check_web_url;
use crate::word::{any_text, string_newtype};

string_newtype!(
/// An Authentication Context Class Reference: an absolute URI or a name registered under RFC 6711, compared exactly
/// ([OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)). Any text is
/// read, so that a token is not refused for a claim that nobody asked for; [`form`](Self::form) says whether it is one of
/// those. The empty text says nothing: it [meets](crate::AcrOrder::meets) nothing and cannot be asked for.
///
/// Which class is stronger than which is nothing that a name could say: the order is the host's.
///
/// ```
/// use avouch_types::{Acr, AcrForm};
/// assert_eq!(Acr::parse("urn:mace:incommon:iap:silver")?.form(), AcrForm::Uri);
/// assert_eq!(Acr::parse("sambi.se-loa3")?.form(), AcrForm::Name);
/// assert_eq!(Acr::parse("LoA2")?.form(), AcrForm::Other); // too general a name to be registered
/// assert_eq!(Acr::ZERO.form(), AcrForm::NoConfidence);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
Acr, "acr", any_text, {
    /// No confidence that the same person is there: nothing of monetary value may hang on it (Core §2).
    ZERO = "0";
    /// Phishing-resistant authentication (OpenID Connect Extended Authentication Profile).
    PHR = "phr";
    /// Phishing-resistant authentication with a key that hardware protects (OpenID Connect Extended Authentication
    /// Profile).
    PHRH = "phrh";
});

/// What an [`Acr`] is written as.
///
/// ```
/// use avouch_types::{Acr, AcrForm};
/// assert_eq!(Acr::PHR.form(), AcrForm::Name);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AcrForm {
    /// The value `0`.
    NoConfidence,
    /// An absolute URI.
    Uri,
    /// A name that can be registered ([RFC 6711 §3](https://www.rfc-editor.org/rfc/rfc6711#section-3)); whether it is,
    /// is not looked up.
    Name,
    /// Neither: understood only by those who agreed on it.
    Other,
}

impl Acr {
    /// What this value is written as: an absolute URI or a registered name, if it follows Core §2.
    #[must_use]
    pub fn form(&self) -> AcrForm {
        match self.as_str() {
            "0" => AcrForm::NoConfidence,
            text if is_registrable(text) => AcrForm::Name,
            text if check_web_url(text).is_ok() => AcrForm::Uri,
            _ => AcrForm::Other,
        }
    }
}

/// `name` of RFC 6711 §3 without what it reserves: `loa`, `al` in any casing or nothing, with digits.
fn is_registrable(text: &str) -> bool {
    let name = text.len() > 1
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let prefix = text.trim_end_matches(|last: char| last.is_ascii_digit());
    name && !["", "al", "loa"].iter().any(|reserved| reserved.eq_ignore_ascii_case(prefix))
}

string_newtype!(
/// An Authentication Method Reference ([RFC 8176 §2](https://www.rfc-editor.org/rfc/rfc8176#section-2)), compared exactly.
///
/// ```
/// use avouch_types::Amr;
/// assert!(Amr::parse("otp")?.is_registered());
/// assert!(!Amr::parse("OTP")?.is_registered());
/// # Ok::<(), avouch_types::WordError>(())
/// ```
Amr, "amr", any_text, {
    /// Facial recognition.
    FACE = "face";
    /// A fingerprint.
    FPT = "fpt";
    /// The place where the person is.
    GEO = "geo";
    /// Proof of a hardware-secured key.
    HWK = "hwk";
    /// A scan of the iris.
    IRIS = "iris";
    /// Something the person knows about their life.
    KBA = "kba";
    /// More than one channel.
    MCA = "mca";
    /// More than one factor.
    MFA = "mfa";
    /// A one-time password.
    OTP = "otp";
    /// A personal identification number or a pattern.
    PIN = "pin";
    /// Proof of a key, hardware or not (OpenID Connect Extended Authentication Profile).
    POP = "pop";
    /// A password.
    PWD = "pwd";
    /// An assessment of risk.
    RBA = "rba";
    /// A scan of the retina.
    RETINA = "retina";
    /// A smart card.
    SC = "sc";
    /// A text message to a known number.
    SMS = "sms";
    /// Proof of a software-secured key.
    SWK = "swk";
    /// A call to a known number.
    TEL = "tel";
    /// A test that somebody is there.
    USER = "user";
    /// The voice.
    VBM = "vbm";
    /// Windows integrated authentication.
    WIA = "wia";
});

impl Amr {
    /// The values of the registry.
    pub const REGISTERED: [Self; 21] = [
        Self::FACE,
        Self::FPT,
        Self::GEO,
        Self::HWK,
        Self::IRIS,
        Self::KBA,
        Self::MCA,
        Self::MFA,
        Self::OTP,
        Self::PIN,
        Self::POP,
        Self::PWD,
        Self::RBA,
        Self::RETINA,
        Self::SC,
        Self::SMS,
        Self::SWK,
        Self::TEL,
        Self::USER,
        Self::VBM,
        Self::WIA,
    ];

    /// Whether the value is in the registry, in this very spelling.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        Self::REGISTERED.contains(self)
    }
}
