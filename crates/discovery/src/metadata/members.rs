//! The table of members: from it come the struct, the parser, the printer and the builder's setters.

use super::builder::ProviderMetadataBuilder;
use super::member::{Faults, lenient, optional, print, required};
use super::{MetadataError, MetadataFinding};
use avouch_jose::AlgorithmName;
use avouch_types::{
    Acr, ClientAuthMethod, CodeChallengeMethod, Display, EndpointUrl, GrantType, Issuer, Prompt,
    ResponseMode, ResponseType, Scope, SubjectType,
};
use serde_json::{Map, Value};

macro_rules! members {
    (
        required { $( $(#[doc = $rdoc:literal])+ $rname:ident: $rtype:ty, )+ }
        optional { $( $(#[doc = $odoc:literal])+ $oname:ident: $otype:ty, )+ }
        lenient { $( $(#[doc = $ldoc:literal])+ $lname:ident: $ltype:ty, )+ }
    ) => {
        /// A provider's metadata ([Discovery §3], [RFC 8414 §2], [RFC 9207 §3] and others).
        ///
        /// The fields hold what the document says; a method without `_supported` gives the value that counts, with
        /// the default of an absent member filled in. Built by [`parse`](Self::parse) or [`builder`](Self::builder).
        ///
        /// [Discovery §3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
        /// [RFC 8414 §2]: https://www.rfc-editor.org/rfc/rfc8414#section-2
        /// [RFC 9207 §3]: https://www.rfc-editor.org/rfc/rfc9207#section-3
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub struct ProviderMetadata {
            /// The issuer: in a parsed document exactly the expected one.
            pub issuer: Issuer,
            $( $(#[doc = $rdoc])+ pub $rname: $rtype, )+
            $( $(#[doc = $odoc])+ pub $oname: Option<$otype>, )+
            $( $(#[doc = $ldoc])+ pub $lname: Option<$ltype>, )+
            /// Members this crate does not know, as received.
            pub extra: Map<String, Value>,
            /// Optional members that were `null` or malformed.
            pub(super) faults: Faults,
        }

        impl ProviderMetadata {
            pub(super) fn from_required(issuer: Issuer, $( $rname: $rtype, )+) -> Self {
                let (extra, faults) = (Map::new(), Faults::default());
                Self { issuer, $( $rname, )+ $( $oname: None, )+ $( $lname: None, )+ extra, faults }
            }

            pub(super) fn from_members(
                mut document: Map<String, Value>,
                expected: &Issuer,
            ) -> Result<Self, MetadataError> {
                let found: String = required(&mut document, "issuer", expected)?;
                if found != expected.as_str() {
                    return Err(MetadataError::IssuerMismatch { expected: expected.clone(), found });
                }
                let mut faults = Faults::default();
                $( let $rname = required(&mut document, stringify!($rname), expected)?; )+
                $( let $oname = optional(&mut document, stringify!($oname), expected, &mut faults)?; )+
                $( let $lname = lenient(&mut document, stringify!($lname), expected, &mut faults); )+
                Ok(Self {
                    issuer: expected.clone(),
                    $( $rname, )+
                    $( $oname, )+
                    $( $lname, )+
                    extra: document,
                    faults,
                })
            }

            pub(super) fn to_members(&self) -> Map<String, Value> {
                // Known members go in last, so that `extra` cannot speak for them.
                let mut document = self.extra.clone();
                document.insert("issuer".to_owned(), self.issuer.as_str().into());
                $( print(&mut document, stringify!($rname), &self.$rname); )+
                $( if let Some(value) = &self.$oname { print(&mut document, stringify!($oname), value); } )+
                $( if let Some(value) = &self.$lname { print(&mut document, stringify!($lname), value); } )+
                document
            }

            pub(super) fn empty_arrays(&self) -> Vec<MetadataFinding> {
                use super::member::Member;
                let mut findings = Vec::new();
                $( if self.$rname.write().is_none() {
                    findings.push(MetadataFinding::EmptyArray { member: stringify!($rname) });
                } )+
                $( if self.$oname.as_ref().is_some_and(|value| value.write().is_none()) {
                    findings.push(MetadataFinding::EmptyArray { member: stringify!($oname) });
                } )+
                $( if self.$lname.as_ref().is_some_and(|value| value.write().is_none()) {
                    findings.push(MetadataFinding::EmptyArray { member: stringify!($lname) });
                } )+
                findings
            }
        }

        impl ProviderMetadataBuilder {
            $( #[doc = concat!("Sets `", stringify!($rname), "`.")]
               pub fn $rname(mut self, value: $rtype) -> Self {
                   self.metadata.$rname = value;
                   self
               } )+
            $( #[doc = concat!("Sets `", stringify!($oname), "`.")]
               pub fn $oname(mut self, value: $otype) -> Self {
                   self.metadata.$oname = Some(value);
                   self
               } )+
            $( #[doc = concat!("Sets `", stringify!($lname), "`.")]
               pub fn $lname(mut self, value: $ltype) -> Self {
                   self.metadata.$lname = Some(value);
                   self
               } )+
        }
    };
}

// `optional` is what a sign-in by the code flow hangs on: a member of the wrong type there makes the document unusable,
// since reading it as absent could switch a check off. A fault in `lenient` is told as a finding and stops nothing.
// Locales stay text, so that one odd tag does not cost the list.
members! {
    required {
        /// Where sign-in requests go.
        authorization_endpoint: EndpointUrl,
        /// Where the provider's public keys are.
        jwks_uri: EndpointUrl,
        /// Response types; compared as sets of words.
        response_types_supported: Vec<ResponseType>,
        /// Subject identifier types.
        subject_types_supported: Vec<SubjectType>,
        /// JWS algorithms for ID Tokens; contains `RS256`.
        id_token_signing_alg_values_supported: Vec<AlgorithmName>,
    }
    optional {
        /// The token endpoint; required unless only the implicit flow is supported.
        token_endpoint: EndpointUrl,
        /// The UserInfo endpoint.
        userinfo_endpoint: EndpointUrl,
        /// Grant types; see [`grant_types`](Self::grant_types).
        grant_types_supported: Vec<GrantType>,
        /// Client authentication methods; see [`token_endpoint_auth_methods`](Self::token_endpoint_auth_methods).
        token_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
        /// JWS algorithms for client assertions; never `none`.
        token_endpoint_auth_signing_alg_values_supported: Vec<AlgorithmName>,
        /// PKCE methods; absent means that PKCE is not announced.
        code_challenge_methods_supported: Vec<CodeChallengeMethod>,
        /// See [`supports_authorization_response_iss`](Self::supports_authorization_response_iss) (RFC 9207).
        authorization_response_iss_parameter_supported: bool,
        /// See [`requires_signed_request_object`](Self::requires_signed_request_object) (RFC 9101).
        require_signed_request_object: bool,
        /// See [`requires_pushed_authorization_requests`](Self::requires_pushed_authorization_requests) (RFC 9126).
        require_pushed_authorization_requests: bool,
        /// See [`requires_request_uri_registration`](Self::requires_request_uri_registration).
        require_request_uri_registration: bool,
    }
    lenient {
        /// The client registration endpoint.
        registration_endpoint: EndpointUrl,
        /// Scope values; may be incomplete.
        scopes_supported: Vec<Scope>,
        /// Response modes; see [`response_modes`](Self::response_modes).
        response_modes_supported: Vec<ResponseMode>,
        /// Authentication context class references.
        acr_values_supported: Vec<Acr>,
        /// JWE key management algorithms for ID Tokens.
        id_token_encryption_alg_values_supported: Vec<AlgorithmName>,
        /// JWE content encryption algorithms for ID Tokens.
        id_token_encryption_enc_values_supported: Vec<AlgorithmName>,
        /// JWS algorithms for UserInfo responses.
        userinfo_signing_alg_values_supported: Vec<AlgorithmName>,
        /// JWE key management algorithms for UserInfo responses.
        userinfo_encryption_alg_values_supported: Vec<AlgorithmName>,
        /// JWE content encryption algorithms for UserInfo responses.
        userinfo_encryption_enc_values_supported: Vec<AlgorithmName>,
        /// JWS algorithms for Request Objects.
        request_object_signing_alg_values_supported: Vec<AlgorithmName>,
        /// JWE key management algorithms for Request Objects.
        request_object_encryption_alg_values_supported: Vec<AlgorithmName>,
        /// JWE content encryption algorithms for Request Objects.
        request_object_encryption_enc_values_supported: Vec<AlgorithmName>,
        /// Display values.
        display_values_supported: Vec<Display>,
        /// Claim types; see [`claim_types`](Self::claim_types).
        claim_types_supported: Vec<String>,
        /// Claim names; may be incomplete.
        claims_supported: Vec<String>,
        /// Documentation for developers; http is allowed.
        service_documentation: String,
        /// Languages of claim values.
        claims_locales_supported: Vec<String>,
        /// Languages of the provider's pages.
        ui_locales_supported: Vec<String>,
        /// See [`supports_claims_parameter`](Self::supports_claims_parameter).
        claims_parameter_supported: bool,
        /// See [`supports_request_parameter`](Self::supports_request_parameter).
        request_parameter_supported: bool,
        /// See [`supports_request_uri_parameter`](Self::supports_request_uri_parameter).
        request_uri_parameter_supported: bool,
        /// The provider's rules for clients.
        op_policy_uri: String,
        /// The provider's terms of service.
        op_tos_uri: String,
        /// The revocation endpoint (RFC 7009).
        revocation_endpoint: EndpointUrl,
        /// Client authentication methods there; see
        /// [`revocation_endpoint_auth_methods`](Self::revocation_endpoint_auth_methods).
        revocation_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
        /// JWS algorithms for client assertions there; never `none`.
        revocation_endpoint_auth_signing_alg_values_supported: Vec<AlgorithmName>,
        /// The introspection endpoint (RFC 7662).
        introspection_endpoint: EndpointUrl,
        /// Client authentication methods there, and access token types; no default.
        introspection_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
        /// JWS algorithms for client assertions there; never `none`.
        introspection_endpoint_auth_signing_alg_values_supported: Vec<AlgorithmName>,
        /// The metadata once more as a signed JWT (RFC 8414 §2.1); kept, not used.
        signed_metadata: String,
        /// Prompt values (Prompt Create).
        prompt_values_supported: Vec<Prompt>,
        /// Where authorization requests can be pushed (RFC 9126).
        pushed_authorization_request_endpoint: EndpointUrl,
        /// The device authorization endpoint (RFC 8628).
        device_authorization_endpoint: EndpointUrl,
        /// JWS algorithms for DPoP proofs (RFC 9449).
        dpop_signing_alg_values_supported: Vec<AlgorithmName>,
        /// JWS algorithms for JWT authorization responses (JARM).
        authorization_signing_alg_values_supported: Vec<AlgorithmName>,
        /// Whether access tokens can be bound to client certificates (RFC 8705); absent means `false`.
        tls_client_certificate_bound_access_tokens: bool,
        /// Where a client sends the user to log out (RP-Initiated Logout).
        end_session_endpoint: EndpointUrl,
        /// The iframe that tells whether the session changed (Session Management).
        check_session_iframe: EndpointUrl,
        /// See [`supports_frontchannel_logout`](Self::supports_frontchannel_logout).
        frontchannel_logout_supported: bool,
        /// Whether front-channel logout requests name issuer and session; absent means `false`.
        frontchannel_logout_session_supported: bool,
        /// See [`supports_backchannel_logout`](Self::supports_backchannel_logout).
        backchannel_logout_supported: bool,
        /// Whether Logout Tokens can hold `sid`; absent means `false`.
        backchannel_logout_session_supported: bool,
    }
}
