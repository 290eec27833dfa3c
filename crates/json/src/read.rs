use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{JsonError, Limits, check};

/// Checks `input` as [`check`] does and reads it as a `T`, which may borrow from it.
///
/// # Errors
/// What [`check`] refuses, and [`JsonError::Data`] if the value is not a `T`.
///
/// ```
/// let sizes: Vec<u32> = avouch_json::from_slice(b"[1, 2]", &avouch_json::Limits::default())?;
/// assert_eq!(sizes, [1, 2]);
/// # Ok::<(), avouch_json::JsonError>(())
/// ```
pub fn from_slice<'de, T: Deserialize<'de>>(input: &'de [u8], limits: &Limits) -> Result<T, JsonError> {
    check(input, limits)?;
    serde_json::from_slice(input).map_err(JsonError::Data)
}

/// Checks `input` as [`check`] does and reads it as a `T` that is an object: a derived `T` would also be read from an array.
///
/// # Errors
/// What [`check`] refuses, [`JsonError::NotAnObject`] for any other kind of value, and [`JsonError::Data`] if the object
/// is not a `T`.
pub fn from_object<'de, T: Deserialize<'de>>(input: &'de [u8], limits: &Limits) -> Result<T, JsonError> {
    check(input, limits)?;
    match input.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(input).map_err(JsonError::Data),
        _ => Err(JsonError::NotAnObject),
    }
}

/// Checks `input` as [`check`] does and reads it as an object.
///
/// # Errors
/// What [`check`] refuses, [`JsonError::NotAnObject`] for any other kind of value, and [`JsonError::Data`] for a number
/// that `serde_json` cannot hold (such as `1e999`).
pub fn object(input: &[u8], limits: &Limits) -> Result<Map<String, Value>, JsonError> {
    from_object(input, limits)
}
