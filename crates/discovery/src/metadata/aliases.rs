//! Endpoints for clients that do mutual TLS ([RFC 8705 §5]).
//!
//! [RFC 8705 §5]: https://www.rfc-editor.org/rfc/rfc8705#section-5

use avouch_json::RawValue;
use avouch_types::EndpointUrl;
use serde_json::{Map, Value};

use super::finding::MetadataRule;
use super::member::{Member, print};
use super::members::{AuthorizationServerMetadata, ProviderMetadata};
use super::reading::Reading;

macro_rules! aliases {
    ($( $(#[doc = $doc:literal])+ $name:ident, )+) => {
        /// `mtls_endpoint_aliases`: where a client sends direct requests over mutual TLS, where that is another address
        /// ([RFC 8705 §5]).
        ///
        /// ```
        /// # use avouch_discovery::{MtlsEndpointAliases, ProviderMetadata};
        /// # use avouch_types::{EndpointUrl, Issuer};
        /// let issuer = Issuer::parse("https://op.example")?;
        /// let mut aliases = MtlsEndpointAliases::default();
        /// aliases.token_endpoint = Some(EndpointUrl::parse("https://mtls.op.example/token")?);
        /// let metadata = ProviderMetadata::builder(&issuer, issuer.endpoint("/authorize")?, issuer.endpoint("/jwks")?)
        ///     .token_endpoint(issuer.endpoint("/token")?)
        ///     .userinfo_endpoint(issuer.endpoint("/userinfo")?)
        ///     .mtls_endpoint_aliases(aliases)
        ///     .build()?;
        /// let endpoints = metadata.endpoints_for_mtls();
        /// assert_eq!(endpoints.token_endpoint.unwrap().as_str(), "https://mtls.op.example/token");
        /// assert_eq!(endpoints.userinfo_endpoint.unwrap().as_str(), "https://op.example/userinfo"); // it has no alias
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        ///
        /// [RFC 8705 §5]: https://www.rfc-editor.org/rfc/rfc8705#section-5
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct MtlsEndpointAliases {
            $( $(#[doc = $doc])+ pub $name: Option<EndpointUrl>, )+
            /// Names of no endpoint that a client calls directly, as received; they mean nothing.
            pub extra: Map<String, Value>,
        }

        /// The endpoints as a client uses them that does mutual TLS: the alias where there is one, else the plain
        /// address. See [`ProviderMetadata::endpoints_for_mtls`] and the example of [`MtlsEndpointAliases`].
        ///
        /// ```
        /// # use avouch_discovery::AuthorizationServerMetadata;
        /// # use avouch_types::Issuer;
        /// # let document = br#"{"issuer":"https://as.example","response_types_supported":["code"],
        /// #   "token_endpoint":"https://as.example/token",
        /// #   "mtls_endpoint_aliases":{"token_endpoint":"https://mtls.as.example/token"}}"#;
        /// # let metadata = AuthorizationServerMetadata::parse(document, &Issuer::parse("https://as.example")?)?;
        /// let endpoints = metadata.endpoints_for_mtls();
        /// assert_eq!(endpoints.token_endpoint.unwrap().as_str(), "https://mtls.as.example/token");
        /// assert_eq!(endpoints.revocation_endpoint, None);
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct MtlsEndpoints<'m> {
            $( $(#[doc = $doc])+ pub $name: Option<&'m EndpointUrl>, )+
        }

        aliases!(@fallback ProviderMetadata $($name)+);
        aliases!(@fallback AuthorizationServerMetadata $($name)+);

        impl Member for MtlsEndpointAliases {
            fn read(value: RawValue<'_>, reading: &mut Reading<'_>) -> Option<Self> {
                let Some(members) = value.as_object() else { return reading.wrong_type("an object", value) };
                let mut aliases = Self::default();
                for (name, value) in members.members() {
                    match &*name {
                        $( stringify!($name) => {
                            reading.within(stringify!($name));
                            aliases.$name = reading.value(value);
                        } )+
                        _ => {
                            reading.within("");
                            reading.fault(MetadataRule::UnknownAlias { name: name.clone().into_owned() });
                            aliases.extra.insert(name.into_owned(), value.read().unwrap_or_default());
                        }
                    }
                }
                Some(aliases)
            }

            fn write(&self) -> Option<Value> {
                let mut members = self.extra.clone();
                $( print(&mut members, stringify!($name), &self.$name); )+
                (!members.is_empty()).then_some(Value::Object(members))
            }
        }
    };
    (@fallback $document:ident $($name:ident)+) => {
        impl $document {
            /// The endpoints for a client that authenticates by mutual TLS or uses tokens that are bound to its
            /// certificate: the alias of an endpoint where there is one, else the endpoint itself ([RFC 8705 §5]).
            ///
            /// [RFC 8705 §5]: https://www.rfc-editor.org/rfc/rfc8705#section-5
            #[must_use]
            pub fn endpoints_for_mtls(&self) -> MtlsEndpoints<'_> {
                let aliases = self.mtls_endpoint_aliases.as_ref();
                MtlsEndpoints {
                    $( $name: aliases.and_then(|aliases| aliases.$name.as_ref()).or(self.$name.as_ref()), )+
                }
            }
        }
    };
}

aliases! {
    /// The token endpoint.
    token_endpoint,
    /// The revocation endpoint.
    revocation_endpoint,
    /// The introspection endpoint.
    introspection_endpoint,
    /// The UserInfo endpoint.
    userinfo_endpoint,
    /// The client registration endpoint.
    registration_endpoint,
    /// Where authorization requests can be pushed.
    pushed_authorization_request_endpoint,
    /// The device authorization endpoint.
    device_authorization_endpoint,
    /// Where a client asks for an authentication on another device.
    backchannel_authentication_endpoint,
}
