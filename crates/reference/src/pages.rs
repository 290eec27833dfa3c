//! What a browser is shown: pure functions from view models to HTML. Nothing here knows a protocol type.

pub mod op;
pub mod rp;

/// Where both programs serve [`STYLE`].
pub const STYLE_PATH: &str = "/style.css";

/// The one stylesheet.
pub const STYLE: &str = include_str!("style.css");
