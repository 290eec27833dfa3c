//! What counts when a member is absent.

use avouch_types::{ClaimType, ClientAuthMethod, CodeChallengeMethod, GrantType, ResponseMode};

use super::members::{AuthorizationServerMetadata, Members, ProviderMetadata};

/// Rows are `method: member = default;`. An absent member counts as its default; a builder leaves a member out that says
/// no more than its default.
macro_rules! defaults {
    (
        lists { $( $(#[doc = $ldoc:literal])+ $list:ident: $lmember:ident [$item:ty] = $ldefault:expr; )+ }
        flags { $( $(#[doc = $fdoc:literal])+ $flag:ident: $fmember:ident = $fdefault:literal; )+ }
    ) => {
        defaults!(@methods ProviderMetadata
            [$( $(#[doc = $ldoc])+ $list $lmember $item, $ldefault; )+] [$( $(#[doc = $fdoc])+ $flag $fmember $fdefault; )+]);
        defaults!(@methods AuthorizationServerMetadata
            [$( $(#[doc = $ldoc])+ $list $lmember $item, $ldefault; )+] [$( $(#[doc = $fdoc])+ $flag $fmember $fdefault; )+]);
        defaults!(@methods Members
            [$( $(#[doc = $ldoc])+ $list $lmember $item, $ldefault; )+] [$( $(#[doc = $fdoc])+ $flag $fmember $fdefault; )+]);

        impl Members {
            /// Takes out what says no more than its default.
            pub(super) fn omit_defaults(&mut self) {
                $( if self.$lmember.as_ref().is_some_and(|list| list[..] == $ldefault) { self.$lmember = None; } )+
                $( if self.$fmember == Some($fdefault) { self.$fmember = None; } )+
            }
        }
    };
    (@methods $document:ident
        [$( $(#[doc = $ldoc:literal])+ $list:ident $lmember:ident $item:ty, $ldefault:expr; )+]
        [$( $(#[doc = $fdoc:literal])+ $flag:ident $fmember:ident $fdefault:literal; )+]
    ) => {
        impl $document {
            $(
                $(#[doc = $ldoc])+
                #[must_use]
                pub fn $list(&self) -> &[$item] {
                    self.$lmember.as_deref().unwrap_or(const { &$ldefault })
                }
            )+
            $(
                $(#[doc = $fdoc])+
                #[must_use]
                pub fn $flag(&self) -> bool {
                    self.$fmember.unwrap_or($fdefault)
                }
            )+
        }
    };
}

defaults! {
    lists {
        /// Response modes; default `query` and `fragment` (Discovery §3, RFC 8414 §2).
        response_modes: response_modes_supported [ResponseMode] = [ResponseMode::QUERY, ResponseMode::FRAGMENT];
        /// Grant types; default `authorization_code` and `implicit` (Discovery §3, RFC 8414 §2).
        grant_types: grant_types_supported [GrantType] = [GrantType::AUTHORIZATION_CODE, GrantType::IMPLICIT];
        /// Client authentication methods at the token endpoint; default `client_secret_basic` (Discovery §3, RFC 8414 §2).
        token_endpoint_auth_methods: token_endpoint_auth_methods_supported [ClientAuthMethod] =
            [ClientAuthMethod::CLIENT_SECRET_BASIC];
        /// Client authentication methods at the revocation endpoint; default `client_secret_basic` (RFC 8414 §2).
        revocation_endpoint_auth_methods: revocation_endpoint_auth_methods_supported [ClientAuthMethod] =
            [ClientAuthMethod::CLIENT_SECRET_BASIC];
        /// Claim types; default `normal` (Discovery §3).
        claim_types: claim_types_supported [ClaimType] = [ClaimType::NORMAL];
    }
    flags {
        /// Whether the `claims` parameter is understood; default `false` (Discovery §3).
        supports_claims_parameter: claims_parameter_supported = false;
        /// Whether the `request` parameter is understood; default `false` (Discovery §3).
        supports_request_parameter: request_parameter_supported = false;
        /// Whether the `request_uri` parameter is understood; default **`true`** (Discovery §3).
        supports_request_uri_parameter: request_uri_parameter_supported = true;
        /// Whether a `request_uri` must be registered beforehand; default `false` (Discovery §3).
        requires_request_uri_registration: require_request_uri_registration = false;
        /// Whether authorization requests must be signed Request Objects; default `false` (RFC 9101 §10.5).
        requires_signed_request_object: require_signed_request_object = false;
        /// Whether authorization requests must be pushed; default `false` (RFC 9126 §5).
        requires_pushed_authorization_requests: require_pushed_authorization_requests = false;
        /// Whether authorization responses carry `iss`; default `false` (RFC 9207 §3).
        supports_authorization_response_iss: authorization_response_iss_parameter_supported = false;
        /// Whether access tokens can be bound to client certificates; default `false` (RFC 8705 §3.3).
        supports_certificate_bound_access_tokens: tls_client_certificate_bound_access_tokens = false;
        /// Whether backchannel authentication requests can have a user code; default `false` (CIBA §4).
        supports_backchannel_user_code: backchannel_user_code_parameter_supported = false;
        /// Whether front-channel logout is supported; default `false`.
        supports_frontchannel_logout: frontchannel_logout_supported = false;
        /// Whether front-channel logout requests name issuer and session; default `false`.
        supports_frontchannel_logout_session: frontchannel_logout_session_supported = false;
        /// Whether back-channel logout is supported; default `false`.
        supports_backchannel_logout: backchannel_logout_supported = false;
        /// Whether Logout Tokens can hold `sid`; default `false`.
        supports_backchannel_logout_session: backchannel_logout_session_supported = false;
    }
}

/// What an absent list of PKCE or prompt values means is not a value, so that these two stand outside the table.
macro_rules! announcements {
    ($($document:ident)+) => { $(
        impl $document {
            /// Whether PKCE with S256 is announced; an absent list announces nothing (RFC 8414 §2).
            #[must_use]
            pub fn announces_pkce_s256(&self) -> bool {
                self.code_challenge_methods_supported
                    .as_ref()
                    .is_some_and(|methods| methods.contains(&CodeChallengeMethod::S256))
            }

            /// Whether `prompt=create` is announced; an absent list announces nothing (Initiating User Registration §4.2).
            #[must_use]
            pub fn announces_prompt_create(&self) -> bool {
                self.prompt_values_supported
                    .as_ref()
                    .is_some_and(|prompts| prompts.contains(&avouch_types::Prompt::CREATE))
            }
        }
    )+ };
}

announcements!(ProviderMetadata AuthorizationServerMetadata);
