//! The macro that makes of one table of members the two documents, their parser, their printer and the builder's setters.

/// Rows are `Name name: Type = SECTION;`, in four groups:
///
/// - `always` is required of both documents, `provider` of a provider's only, and a fault in it stops no other document;
/// - `essential` members may be absent, but a malformed one refuses the document: reading it as absent could switch a
///   check off;
/// - a fault in an `optional` member (these have no `Name`) is told as a finding and stops nothing.
macro_rules! metadata_documents {
    (
        always { $( $(#[doc = $adoc:literal])+ $avariant:ident $aname:ident: $atype:ty = $asection:expr; )+ }
        provider { $( $(#[doc = $pdoc:literal])+ $pvariant:ident $pname:ident: $ptype:ty = $psection:expr; )+ }
        essential { $( $(#[doc = $edoc:literal])+ $evariant:ident $ename:ident: $etype:ty = $esection:expr; )+ }
        optional { $( $(#[doc = $odoc:literal])+ $oname:ident: $otype:ty = $osection:expr; )+ }
    ) => {
        /// A provider's metadata ([Discovery §3], and what other specifications add to it).
        ///
        /// The fields hold what the document says; a method without `_supported` gives the value that counts, with
        /// the default of an absent member filled in. Read by [`parse`](Self::parse), [`fetch`](Self::fetch) or a
        /// [`MetadataReader`](crate::MetadataReader); made by [`builder`](Self::builder). Two are equal when they print
        /// the same document.
        ///
        /// ```
        /// # use avouch_types::Issuer;
        /// # use avouch_discovery::ProviderMetadata;
        /// let document = br#"{
        ///     "issuer": "https://op.example",
        ///     "authorization_endpoint": "https://op.example/authorize",
        ///     "token_endpoint": "https://op.example/token",
        ///     "jwks_uri": "https://op.example/jwks",
        ///     "response_types_supported": ["code"],
        ///     "subject_types_supported": ["public"],
        ///     "id_token_signing_alg_values_supported": ["RS256"]
        /// }"#;
        /// let metadata = ProviderMetadata::parse(document, &Issuer::parse("https://op.example")?)?;
        /// assert!(metadata.supports_request_uri_parameter()); // a default that is easy to get wrong
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        ///
        /// [Discovery §3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct ProviderMetadata {
            /// The issuer: in a document that was read exactly the expected one.
            pub issuer: Issuer,
            $( $(#[doc = $adoc])+ pub $aname: $atype, )+
            $( $(#[doc = $pdoc])+ pub $pname: $ptype, )+
            $( $(#[doc = $edoc])+ pub $ename: Option<$etype>, )+
            $( $(#[doc = $odoc])+ pub $oname: Option<$otype>, )+
            /// Members this crate does not know, as received, but that integers beyond 64 bits become floating-point numbers.
            pub extra: Map<String, Value>,
            pub(super) notes: Notes,
        }

        /// An authorization server's metadata ([RFC 8414 §2]): all that [`ProviderMetadata`] knows, and nothing required
        /// but `issuer` and `response_types_supported`; what Discovery requires besides may be malformed, which is told, and
        /// then counts as absent. For those who verify tokens of issuers at which nobody signs in,
        /// and for plain OAuth 2.0.
        ///
        /// ```
        /// # use avouch_types::Issuer;
        /// # use avouch_discovery::{AuthorizationServerMetadata, ProviderMetadata};
        /// let document = br#"{
        ///     "issuer": "https://workloads.example",
        ///     "jwks_uri": "https://workloads.example/keys",
        ///     "response_types_supported": ["id_token"],
        ///     "grant_types_supported": []
        /// }"#;
        /// let issuer = Issuer::parse("https://workloads.example")?;
        /// let metadata = AuthorizationServerMetadata::parse(document, &issuer)?;
        /// assert!(metadata.jwks_uri.is_some() && metadata.authorization_endpoint.is_none());
        ///
        /// assert!(ProviderMetadata::try_from(metadata).is_err()); // it is no provider's
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        ///
        /// [RFC 8414 §2]: https://www.rfc-editor.org/rfc/rfc8414#section-2
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct AuthorizationServerMetadata {
            /// The issuer: in a document that was read exactly the expected one.
            pub issuer: Issuer,
            $( $(#[doc = $adoc])+ pub $aname: $atype, )+
            $( $(#[doc = $pdoc])+ pub $pname: Option<$ptype>, )+
            $( $(#[doc = $edoc])+ pub $ename: Option<$etype>, )+
            $( $(#[doc = $odoc])+ pub $oname: Option<$otype>, )+
            /// Members this crate does not know, as received, but that integers beyond 64 bits become floating-point numbers.
            pub extra: Map<String, Value>,
            pub(super) notes: Notes,
        }

        /// A member that a document is refused for when it is malformed; for `authorization_endpoint`, `jwks_uri` and what else
        /// only a provider must have, a provider's document.
        ///
        /// ```
        /// # use avouch_discovery::EssentialMember;
        /// assert_eq!(EssentialMember::TokenEndpoint.name(), "token_endpoint");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum EssentialMember {
            $( #[doc = concat!("`", stringify!($aname), "`")] $avariant, )+
            $( #[doc = concat!("`", stringify!($pname), "`")] $pvariant, )+
            $( #[doc = concat!("`", stringify!($ename), "`")] $evariant, )+
        }

        impl EssentialMember {
            /// Those that only a provider must have.
            pub(super) const OF_PROVIDERS: &[Self] = &[$( Self::$pvariant, )+];

            /// The member's name in a document.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$avariant => stringify!($aname), )+
                    $( Self::$pvariant => stringify!($pname), )+
                    $( Self::$evariant => stringify!($ename), )+
                }
            }
        }

        /// Either document while it is read, built or changed: whatever it needs may still be missing.
        #[derive(Debug, Clone)]
        pub struct Members {
            pub(super) issuer: Issuer,
            $( pub(super) $aname: Option<$atype>, )+
            $( pub(super) $pname: Option<$ptype>, )+
            $( pub(super) $ename: Option<$etype>, )+
            $( pub(super) $oname: Option<$otype>, )+
            pub(super) extra: Map<String, Value>,
            pub(super) notes: Notes,
        }

        impl Members {
            pub(super) fn new(issuer: &Issuer) -> Self {
                Self {
                    issuer: issuer.clone(),
                    $( $aname: None, )+ $( $pname: None, )+ $( $ename: None, )+ $( $oname: None, )+
                    extra: Map::new(),
                    notes: Notes::default(),
                }
            }

            /// Takes one member of a document; `None` if this crate does not know it.
            pub(super) fn read(&mut self, name: &str, value: RawValue<'_>, to: &mut Reading<'_>) -> Option<()> {
                match name {
                    "issuer" => {}
                    $( stringify!($aname) => self.$aname = to.essential(EssentialMember::$avariant, value), )+
                    $( stringify!($pname) => self.$pname = to.of_provider(EssentialMember::$pvariant, value), )+
                    $( stringify!($ename) => self.$ename = to.essential(EssentialMember::$evariant, value), )+
                    $( stringify!($oname) => self.$oname = to.optional(stringify!($oname), value), )+
                    _ => return None,
                }
                Some(())
            }

            /// The required members that are absent.
            pub(super) fn missing(&self, kind: Kind) -> Vec<EssentialMember> {
                let mut missing = Vec::new();
                $( if self.$aname.is_none() { missing.push(EssentialMember::$avariant); } )+
                $( if kind == Kind::Provider && self.$pname.is_none() {
                    missing.push(EssentialMember::$pvariant);
                } )+
                missing
            }

            /// The lists that are there and have no element.
            pub(super) fn empty_lists(&self) -> Vec<&'static str> {
                let mut empty = Vec::new();
                $( if is_empty(&self.$aname) { empty.push(stringify!($aname)); } )+
                $( if is_empty(&self.$pname) { empty.push(stringify!($pname)); } )+
                $( if is_empty(&self.$ename) { empty.push(stringify!($ename)); } )+
                $( if is_empty(&self.$oname) { empty.push(stringify!($oname)); } )+
                empty
            }

            pub(super) fn to_map(&self) -> Map<String, Value> {
                // `extra` cannot speak for a member of this table, be it absent.
                let mut document: Map<String, Value> = self
                    .extra
                    .iter()
                    .filter(|(name, _)| section_of(name).is_none())
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                document.insert("issuer".to_owned(), self.issuer.as_str().into());
                $( print(&mut document, stringify!($aname), &self.$aname); )+
                $( print(&mut document, stringify!($pname), &self.$pname); )+
                $( print(&mut document, stringify!($ename), &self.$ename); )+
                $( print(&mut document, stringify!($oname), &self.$oname); )+
                document
            }
        }

        impl Document for ProviderMetadata {
            const KIND: Kind = Kind::Provider;

            fn from_members(members: Members) -> Option<Self> {
                Some(Self {
                    issuer: members.issuer,
                    $( $aname: members.$aname?, )+
                    $( $pname: members.$pname?, )+
                    $( $ename: members.$ename, )+
                    $( $oname: members.$oname, )+
                    extra: members.extra,
                    notes: members.notes,
                })
            }

            fn into_members(self) -> Members {
                Members {
                    issuer: self.issuer,
                    $( $aname: Some(self.$aname), )+
                    $( $pname: Some(self.$pname), )+
                    $( $ename: self.$ename, )+
                    $( $oname: self.$oname, )+
                    extra: self.extra,
                    notes: self.notes,
                }
            }
        }

        impl Document for AuthorizationServerMetadata {
            const KIND: Kind = Kind::AuthorizationServer;

            fn from_members(members: Members) -> Option<Self> {
                Some(Self {
                    issuer: members.issuer,
                    $( $aname: members.$aname?, )+
                    $( $pname: members.$pname, )+
                    $( $ename: members.$ename, )+
                    $( $oname: members.$oname, )+
                    extra: members.extra,
                    notes: members.notes,
                })
            }

            fn into_members(self) -> Members {
                Members {
                    issuer: self.issuer,
                    $( $aname: Some(self.$aname), )+
                    $( $pname: self.$pname, )+
                    $( $ename: self.$ename, )+
                    $( $oname: self.$oname, )+
                    extra: self.extra,
                    notes: self.notes,
                }
            }
        }

        impl From<ProviderMetadata> for AuthorizationServerMetadata {
            /// A provider is an authorization server. The findings stay those of the provider's document.
            fn from(metadata: ProviderMetadata) -> Self {
                Self {
                    issuer: metadata.issuer,
                    $( $aname: metadata.$aname, )+
                    $( $pname: Some(metadata.$pname), )+
                    $( $ename: metadata.$ename, )+
                    $( $oname: metadata.$oname, )+
                    extra: metadata.extra,
                    notes: metadata.notes,
                }
            }
        }

        impl<T> MetadataBuilder<T> {
            $( setter!($aname: $atype); )+
            $( setter!($pname: $ptype); )+
            $( setter!($ename: $etype); )+
            $( setter!($oname: $otype); )+
        }

        /// The section that defines a member of the table.
        pub(super) fn section_of(member: &str) -> Option<&'static str> {
            Some(match member {
                "issuer" => DISCOVERY,
                $( stringify!($aname) => $asection, )+
                $( stringify!($pname) => $psection, )+
                $( stringify!($ename) => $esection, )+
                $( stringify!($oname) => $osection, )+
                _ => return None,
            })
        }
    };
}

macro_rules! setter {
    ($name:ident: $type:ty) => {
        #[doc = concat!("Sets `", stringify!($name), "`.")]
        pub fn $name(mut self, value: $type) -> Self {
            self.members.$name = Some(value);
            self
        }
    };
}

pub(super) use {metadata_documents, setter};
