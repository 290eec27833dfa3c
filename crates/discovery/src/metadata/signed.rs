//! Signed metadata ([RFC 8414 §2.1]).
//!
//! [RFC 8414 §2.1]: https://www.rfc-editor.org/rfc/rfc8414#section-2.1

use avouch_jose::jws::{
    ContentRef, HeaderParameters, JwsError, SignError, SigningInput, UnverifiedJws, sign_compact,
};
use avouch_jose::jwt::{ClaimsError, Leeway, view_claims};
use avouch_jose::{Checked, JwsAlgorithm, Limits, NumericDate, SigningKey, Verified, VerifyingKeys};
use avouch_json::{JsonError, ObjectView};
use avouch_types::Issuer;
use serde_json::{Map, Value};

use super::MetadataError;
use super::document::{Document, Notes, judge_again};
use super::finding::Shown;
use super::members::{AuthorizationServerMetadata, ProviderMetadata};
use super::reader::take;
use super::reading::Reading;
use super::sections::SIGNED;

/// Claims of the JWT itself: they say nothing about the server.
const OF_THE_JWT: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// The values that somebody vouches for, of one issuer. What was checked is `Verified<SignedMetadata>`, which only
/// [`SignedMetadataVerifier`] makes.
///
/// ```
/// # use avouch_discovery::SignedMetadataVerifier;
/// # use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, VerifyingKey, VerifyingKeys, jwt};
/// # use avouch_types::Issuer;
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let trusted = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// # let now = NumericDate::from_seconds(1_700_000_000)?;
/// # let issuer = Issuer::parse("https://op.example")?;
/// let claims = serde_json::json!({ "iss": "https://op.example", "token_endpoint": "https://op.example/token" });
/// let statement = jwt::sign_claims(&key, None, &claims)?;
/// let signed = SignedMetadataVerifier::new(&issuer).verify(&statement, &trusted, now)?;
/// assert_eq!((signed.attester(), signed.issuer()), ("https://op.example", &issuer));
/// assert_eq!(signed.values()["token_endpoint"], "https://op.example/token");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SignedMetadata {
    attester: String,
    issuer: Issuer,
    values: Map<String, Value>,
}

impl SignedMetadata {
    /// Who vouches.
    #[must_use]
    pub fn attester(&self) -> &str {
        &self.attester
    }

    /// Whose values they are.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// The values as they were signed; not held against any rule yet.
    #[must_use]
    pub fn values(&self) -> &Map<String, Value> {
        &self.values
    }
}

/// Verifies the `signed_metadata` of one issuer, with keys that are trusted for it.
///
/// ```
/// use avouch_discovery::{ProviderMetadata, SignedMetadataVerifier};
/// # use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, VerifyingKey, VerifyingKeys};
/// # use avouch_types::Issuer;
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let trusted = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// # let now = NumericDate::from_seconds(1_700_000_000)?;
/// # let issuer = Issuer::parse("https://op.example")?;
/// # let mut published =
/// #     ProviderMetadata::builder(&issuer, issuer.endpoint("/authorize")?, issuer.endpoint("/jwks")?)
/// #         .token_endpoint(issuer.endpoint("/token")?)
/// #         .build()?;
/// // the one side
/// let statement = published.sign("https://attester.example", now, &key)?;
/// published.signed_metadata = Some(statement);
/// # let document = published.to_json().replace("op.example/token", "op.example/forged");
///
/// // the other side, to which somebody passed a document with another token endpoint
/// let metadata = ProviderMetadata::parse(document.as_bytes(), &issuer)?;
/// let statement = metadata.signed_metadata.as_deref().ok_or("nothing is signed")?;
/// let signed =
///     SignedMetadataVerifier::new(&issuer).attested_by("https://attester.example").verify(statement, &trusted, now)?;
/// let metadata = metadata.with_signed(&signed)?;
/// assert_eq!(metadata.token_endpoint.unwrap().as_str(), "https://op.example/token");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct SignedMetadataVerifier {
    issuer: Issuer,
    attester: String,
    audience: Option<String>,
    leeway: Leeway,
    limits: Limits,
}

/// Why signed metadata is not used.
///
/// ```
/// # use avouch_discovery::{SignedMetadataError, SignedMetadataVerifier};
/// # use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, VerifyingKey, VerifyingKeys, jwt};
/// # use avouch_types::Issuer;
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, jwk) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let trusted = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto)?);
/// # let now = NumericDate::from_seconds(1_700_000_000)?;
/// # let issuer = Issuer::parse("https://op.example")?;
/// // who else vouches has to say for whom
/// let statement = jwt::sign_claims(&key, None, &serde_json::json!({ "iss": "https://attester.example" }))?;
/// let verifier = SignedMetadataVerifier::new(&issuer).attested_by("https://attester.example");
/// let refused = verifier.verify(&statement, &trusted, now);
/// assert!(matches!(refused, Err(SignedMetadataError::Issuer { found: None, .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignedMetadataError {
    /// It is no JWS, or no trusted key verifies it.
    #[error("the signed metadata is not verified")]
    Signature(#[source] JwsError),
    /// Its payload is no claims set.
    #[error("the signed metadata is not a claims set")]
    Claims(#[source] ClaimsError),
    /// Its values cannot be read.
    #[error("the signed metadata is not a JSON object")]
    Json(#[source] JsonError),
    /// Its header names the type of another kind of token.
    #[error("the signed metadata has the type {}", Shown(typ))]
    Type {
        /// The type.
        typ: String,
    },
    /// There is no `iss`, or it is not the attester.
    #[error("the signed metadata is vouched for by {}, not by {expected:?}", Shown(found.as_deref().unwrap_or_default()))]
    Attester {
        /// Who should vouch.
        expected: String,
        /// Who does.
        found: Option<String>,
    },
    /// It is about another issuer, or does not say about which: then only the issuer itself could vouch.
    #[error("the signed metadata is about {}, not about {:?}", Shown(found.as_deref().unwrap_or_default()), expected.as_str())]
    Issuer {
        /// About whom it should be.
        expected: Issuer,
        /// What it says; `None` if it has no `issuer` that is a string.
        found: Option<String>,
    },
    /// It is made for somebody else.
    #[error("the signed metadata is for another audience")]
    Audience,
    /// It has expired.
    #[error("the signed metadata expired at {exp}, it is {now}")]
    Expired {
        /// The moment of the check.
        now: NumericDate,
        /// The end.
        exp: NumericDate,
    },
    /// It is not valid yet.
    #[error("the signed metadata is valid from {nbf}, it is {now}")]
    NotYetValid {
        /// The moment of the check.
        now: NumericDate,
        /// The beginning.
        nbf: NumericDate,
    },
    /// There is a `signed_metadata` inside.
    #[error("the signed metadata has signed metadata inside")]
    Nested,
}

impl SignedMetadataError {
    /// The rule that is broken.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Signature(_) => "RFC 7515, 5.2",
            Self::Claims(_) => "RFC 7519, 7.2",
            Self::Json(rule) => rule.section().unwrap_or(SIGNED),
            Self::Type { .. } => "RFC 8725, 3.11",
            Self::Audience => "RFC 7519, 4.1.3",
            Self::Expired { .. } => "RFC 7519, 4.1.4",
            Self::NotYetValid { .. } => "RFC 7519, 4.1.5",
            Self::Attester { .. } | Self::Issuer { .. } | Self::Nested => SIGNED,
        }
    }
}

impl SignedMetadataVerifier {
    /// For the metadata of `issuer`, which vouches for it itself.
    pub fn new(issuer: &Issuer) -> Self {
        Self {
            issuer: issuer.clone(),
            attester: issuer.as_str().to_owned(),
            audience: None,
            leeway: Leeway::NONE,
            limits: Limits::default(),
        }
    }

    /// Somebody else vouches: `iss` of the JWT, which then has to name the server in `issuer`.
    pub fn attested_by(mut self, attester: impl Into<String>) -> Self {
        self.attester = attester.into();
        self
    }

    /// By what name this side is known to the attester. Without one, a JWT that has an audience is refused
    /// ([RFC 7519 §4.1.3](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3)): so no ID Token passes for metadata.
    pub fn audience(mut self, name: impl Into<String>) -> Self {
        self.audience = Some(name.into());
        self
    }

    /// By how much clocks may differ; default none.
    pub fn leeway(mut self, leeway: Leeway) -> Self {
        self.leeway = leeway;
        self
    }

    /// Replaces the limits on the JWT.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Verifies a JWT. `exp` and `nbf` count where they are there.
    ///
    /// # Errors
    /// [`SignedMetadataError`], for the first rule that is broken.
    pub fn verify(
        &self,
        statement: &str,
        trusted: &VerifyingKeys,
        now: NumericDate,
    ) -> Result<Verified<SignedMetadata>, SignedMetadataError> {
        let jws = UnverifiedJws::parse(statement, &self.limits).map_err(SignedMetadataError::Signature)?;
        let content = jws.verify(trusted).map_err(SignedMetadataError::Signature)?;
        content.check(SignedMetadataRules { verifier: self, now })
    }
}

/// By what signed metadata is checked. Only [`SignedMetadataVerifier`] makes one.
#[derive(Debug)]
pub struct SignedMetadataRules<'r> {
    verifier: &'r SignedMetadataVerifier,
    now: NumericDate,
}

impl Checked<'_> for SignedMetadata {
    type Rules<'r> = SignedMetadataRules<'r>;
    type Error = SignedMetadataError;

    fn check(content: &ContentRef<'_>, rules: SignedMetadataRules<'_>) -> Result<Self, SignedMetadataError> {
        let SignedMetadataRules { verifier, now } = rules;
        let header = content.header();
        if let Some(typ) = header.typ().filter(|_| !header.has_type("JWT")) {
            return Err(SignedMetadataError::Type { typ: typ.to_owned() });
        }
        let claims = view_claims(content).map_err(SignedMetadataError::Claims)?;
        let SignedMetadataVerifier { issuer, attester, audience, leeway, .. } = verifier;
        if claims.iss() != Some(attester) {
            let found = claims.iss().map(str::to_owned);
            return Err(SignedMetadataError::Attester { expected: attester.clone(), found });
        }
        if let Some(aud) = claims.aud()
            && !audience.as_ref().is_some_and(|name| aud.contains(name))
        {
            return Err(SignedMetadataError::Audience);
        }
        let leeway = leeway.as_duration();
        if let Some(exp) = claims.exp().filter(|exp| now >= exp.saturating_add(leeway)) {
            return Err(SignedMetadataError::Expired { now, exp });
        }
        if let Some(nbf) = claims.nbf().filter(|nbf| *nbf > now.saturating_add(leeway)) {
            return Err(SignedMetadataError::NotYetValid { now, nbf });
        }
        let mut values = avouch_json::object(content.payload(), content.json_limits())
            .map_err(SignedMetadataError::Json)?;
        let about = values.get("issuer").map_or(Some(attester.as_str()), Value::as_str);
        if about != Some(issuer.as_str()) {
            let found = values.get("issuer").and_then(Value::as_str).map(str::to_owned);
            return Err(SignedMetadataError::Issuer { expected: issuer.clone(), found });
        }
        if values.contains_key("signed_metadata") {
            return Err(SignedMetadataError::Nested);
        }
        values.retain(|name, _| !OF_THE_JWT.contains(&name.as_str()));
        Ok(Self { attester: attester.clone(), issuer: issuer.clone(), values })
    }
}

/// The document with the signed values in place of its own, judged again as a whole.
fn with_signed<T: Document>(plain: T, signed: &SignedMetadata) -> Result<T, MetadataError> {
    let mut members = plain.into_members();
    if signed.issuer != members.issuer {
        let found = signed.issuer.as_str().to_owned();
        return Err(MetadataError::IssuerMismatch { expected: members.issuer, found });
    }
    let Notes { reader, mut findings, read } = std::mem::take(&mut members.notes);
    findings.truncate(read);
    findings.retain(|finding| !signed.values.contains_key(finding.member()));
    let values = Value::Object(signed.values.clone()).to_string();
    let values = ObjectView::read(values.as_bytes(), &reader.limits)
        .map_err(|source| MetadataError::json(values.as_bytes(), source))?;
    let mut reading = Reading::new(&reader, members.issuer.is_loopback_http());
    reading.findings = findings;
    take(&values, &mut members, &mut reading)?;
    members.notes = Notes { read: reading.findings.len(), findings: reading.findings, reader };
    judge_again(members)
}

fn claims<T: Document>(metadata: T, attester: &str, iat: NumericDate) -> Vec<u8> {
    let mut claims = metadata.into_members().to_map();
    claims.remove("signed_metadata");
    claims.retain(|name, _| !OF_THE_JWT.contains(&name.as_str()));
    claims.insert("iss".to_owned(), attester.into());
    claims.insert("iat".to_owned(), serde_json::to_value(iat).unwrap_or_default());
    Value::Object(claims).to_string().into_bytes()
}

macro_rules! signed {
    ($($document:ident)+) => { $(
        impl $document {
            /// The document with the signed values in place of its own. The result is judged like a document that was read,
            /// by the same quirks: a signature makes no value acceptable.
            ///
            /// # Errors
            /// [`MetadataError`], [`IssuerMismatch`](MetadataError::IssuerMismatch) if the values are another issuer's.
            pub fn with_signed(self, signed: &Verified<SignedMetadata>) -> Result<Self, MetadataError> {
                with_signed(self, signed)
            }

            /// Signs this document's values as `attester`, which may be the issuer itself: what `signed_metadata` may hold.
            ///
            /// # Errors
            /// [`SignError`] from the key.
            pub fn sign(&self, attester: &str, iat: NumericDate, key: &SigningKey) -> Result<String, SignError> {
                sign_compact(&HeaderParameters::new(), &claims(self.clone(), attester, iat), key)
            }

            /// As [`sign`](Self::sign), for a key that somebody else holds: let [`SigningInput::as_bytes`] be signed, and
            /// give the signature to [`SigningInput::finish`].
            ///
            /// # Errors
            /// As [`SigningInput::new`].
            pub fn unsigned(
                &self,
                attester: &str,
                iat: NumericDate,
                algorithm: JwsAlgorithm,
                kid: Option<&str>,
            ) -> Result<SigningInput, SignError> {
                SigningInput::new(&HeaderParameters::new(), &claims(self.clone(), attester, iat), algorithm, kid)
            }
        }
    )+ };
}

signed!(ProviderMetadata AuthorizationServerMetadata);
