//! WebFinger: from what a person types to the issuer of their provider ([RFC 7033], [Discovery §2]), both sides.
//!
//! | Relying party | Server |
//! |---|---|
//! | [`Identifier`]: what was typed, normalised | [`Lookup`]: the query that was received |
//! | [`Query`]: a request out, redirects, an answer in | [`Responder`]: answers with their headers |
//! | [`Jrd`]: the answer read; [`issuer`](Jrd::issuer) | [`Jrd`]: the answer made |
//!
//! ```
//! use avouch_discovery::webfinger::{Identifier, Query};
//!
//! # let send = |_request| http::Response::builder().header("content-type", "application/jrd+json").body(
//! #     br#"{"links":[{"rel":"http://openid.net/specs/connect/1.0/issuer","href":"https://op.example"}]}"#.to_vec());
//! let identifier = Identifier::parse("joe@example.com")?;
//! let mut query = Query::issuer(&identifier);
//! let mut response = send(query.request()?)?;
//! while let Some(next) = query.follow(&response)? {
//!     query = next;
//!     response = send(query.request()?)?;
//! }
//! assert_eq!(query.complete(&response)?.issuer()?.as_str(), "https://op.example");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The issuer that is found need not have anything to do with what was typed ([Discovery §2]): whoever answers for the
//! host of the identifier says where its people sign in, and no more. Whether that provider may vouch for them here is
//! for the relying party to decide.
//!
//! A form that takes an identifier needs protection against forged requests, like every other form ([Discovery §2]).
//!
//! [RFC 7033]: https://www.rfc-editor.org/rfc/rfc7033
//! [Discovery §2]: https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery

pub mod dangerous;
mod identifier;
mod jrd;
mod limits;
mod link;
mod query;
mod read;
mod server;
mod titles;

pub use identifier::{Identifier, IdentifierError};
pub use jrd::{IssuerLinkError, Jrd};
pub use limits::JrdLimits;
pub use link::Link;
pub use query::{Query, QueryError, RedirectError, Tolerated};
pub use read::JrdError;
pub use server::{Lookup, LookupError, Responder};

/// The relation of the link that names the issuer ([Discovery §2]).
///
/// [Discovery §2]: https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery
pub const ISSUER_REL: &str = "http://openid.net/specs/connect/1.0/issuer";

/// The media type of an answer ([RFC 7033 §10.2](https://www.rfc-editor.org/rfc/rfc7033#section-10.2)).
pub const JRD_MEDIA_TYPE: &str = "application/jrd+json";
