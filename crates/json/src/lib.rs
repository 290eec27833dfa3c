//! Strict reading of untrusted JSON: budgets, nesting, duplicate members.
//!
//! A token header, a claims set, a key set or a metadata document comes from a peer. Before it is given to
//! `serde_json`, this crate scans it once: the grammar of [RFC 8259], UTF-8 without a byte order mark, no unpaired
//! surrogate, no member name twice in one object (compared after unescaping), nothing after the value, and nothing
//! beyond the [`Limits`]. The scan keeps no recursion and no hash table, so neither depth nor chosen names can hurt it.
//!
//! What the scan found it also gives: [`ObjectView`] is an object whose members are found and not read yet, for those who
//! verify a token in the bytes it came in. Everything else is read by serde once the scan is through.
//!
//! Not here: what a JSON document means, JOSE, base64url, writing JSON (`serde_json` does that).
//!
//! ```
//! use avouch_json::{JsonError, Limits};
//!
//! let header = avouch_json::object(br#"{"alg":"RS256"}"#, &Limits::default())?;
//! assert_eq!(header["alg"], "RS256");
//!
//! let twice = br#"{"alg":"RS256","\u0061lg":"none"}"#;
//! let refused = avouch_json::object(twice, &Limits::default());
//! assert!(matches!(refused, Err(JsonError::DuplicateMember { name, .. }) if name == "alg"));
//! # Ok::<(), JsonError>(())
//! ```
//!
//! [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259

mod error;
mod exact;
mod limits;
mod name;
mod names;
mod path;
mod read;
mod scan;
mod value;
mod view;

pub use error::JsonError;
pub use limits::Limits;
pub use name::MemberName;
pub use names::Names;
pub use read::{from_object, from_slice, object};
pub use scan::check;
pub use value::{Elements, RawValue};
pub use view::{Element, ObjectView};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
