//! Where the members and the rules about them are defined.

pub(super) const DISCOVERY: &str = "OpenID Connect Discovery 1.0, 3";
pub(super) const DISCOVERY_RESPONSE: &str = "OpenID Connect Discovery 1.0, 4.2";
pub(super) const DISCOVERY_VALIDATION: &str = "OpenID Connect Discovery 1.0, 4.3";
pub(super) const REGISTRATION: &str = "OpenID Connect Dynamic Client Registration 1.0, 2";
pub(super) const RFC8414: &str = "RFC 8414, 2";
pub(super) const SIGNED: &str = "RFC 8414, 2.1";
pub(super) const RFC9207: &str = "RFC 9207, 3";
pub(super) const JAR: &str = "RFC 9101, 10.5";
pub(super) const PAR: &str = "RFC 9126, 5";
pub(super) const DPOP: &str = "RFC 9449, 5.1";
pub(super) const MTLS_BOUND: &str = "RFC 8705, 3.3";
pub(super) const MTLS_ALIASES: &str = "RFC 8705, 5";
pub(super) const RAR: &str = "RFC 9396, 10";
pub(super) const RESOURCES: &str = "RFC 9728, 4";
pub(super) const DEVICE: &str = "RFC 8628, 4";
pub(super) const INTROSPECTION_JWT: &str = "RFC 9701, 7";
pub(super) const JARM: &str = "JWT Secured Authorization Response Mode for OAuth 2.0, 4";
pub(super) const CIBA: &str = "OpenID Connect CIBA Core 1.0, 4";
pub(super) const PROMPT_CREATE: &str = "Initiating User Registration via OpenID Connect 1.0, 4.2";
pub(super) const RP_LOGOUT: &str = "OpenID Connect RP-Initiated Logout 1.0, 2.1";
pub(super) const SESSION: &str = "OpenID Connect Session Management 1.0, 3.3";
pub(super) const FRONT_LOGOUT: &str = "OpenID Connect Front-Channel Logout 1.0, 3";
pub(super) const BACK_LOGOUT: &str = "OpenID Connect Back-Channel Logout 1.0, 2.1";
pub(super) const FEDERATION: &str = "OpenID Federation 1.0, 5.1.3";
pub(super) const FEDERATION_KEYS: &str = "OpenID Federation 1.0, 5.2.1";
pub(super) const FEDERATION_INFORMATION: &str = "OpenID Federation 1.0, 5.2.2";
