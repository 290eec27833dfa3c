use serde::Deserialize;
use serde_json::{Map, Value};

use crate::scan::{Members, scan};
use crate::{JsonError, Limits};

/// Checks `input` as [`check`](crate::check) does and reads it as a `T`, which may borrow from it.
///
/// # Errors
/// What [`check`](crate::check) refuses, and [`JsonError::Data`] if the value is not a `T`.
///
/// ```
/// let sizes: Vec<u32> = avouch_json::from_slice(b"[1, 2]", &avouch_json::Limits::default())?;
/// assert_eq!(sizes, [1, 2]);
/// # Ok::<(), avouch_json::JsonError>(())
/// ```
pub fn from_slice<'de, T: Deserialize<'de>>(input: &'de [u8], limits: &Limits) -> Result<T, JsonError> {
    let text = checked(input, limits)?;
    serde_json::from_str(text).map_err(JsonError::Data)
}

/// Checks `input` as [`check`](crate::check) does and reads it as a `T` that is an object: a derived `T` would also be read from an array.
///
/// # Errors
/// What [`check`](crate::check) refuses, [`JsonError::NotAnObject`] for any other kind of value, and [`JsonError::Data`] if the object
/// is not a `T`.
pub fn from_object<'de, T: Deserialize<'de>>(input: &'de [u8], limits: &Limits) -> Result<T, JsonError> {
    let text = checked(input, limits)?;
    if !is_object(text) {
        return Err(JsonError::NotAnObject);
    }
    serde_json::from_str(text).map_err(JsonError::Data)
}

/// Checks `input` as [`check`](crate::check) does and reads it as an object.
///
/// # Errors
/// What [`check`](crate::check) refuses, and [`JsonError::NotAnObject`] for any other kind of value.
pub fn object(input: &[u8], limits: &Limits) -> Result<Map<String, Value>, JsonError> {
    from_object(input, limits)
}

fn checked<'a>(input: &'a [u8], limits: &Limits) -> Result<&'a str, JsonError> {
    scan(input, limits, None, &mut Members::new())
}

/// Whether a document that has been checked is an object.
pub(crate) fn is_object(text: &str) -> bool {
    text.trim_ascii_start().starts_with('{')
}
