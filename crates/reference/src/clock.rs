//! The one place where the time is read.

use std::time::{SystemTime, UNIX_EPOCH};

use avouch_jose::NumericDate;

/// The time now, in whole seconds: that is how tokens tell it. A clock that is set before 1970 counts as 1970, and
/// everything is refused as too new then.
pub fn now() -> NumericDate {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .and_then(|seconds| NumericDate::from_seconds(seconds).ok())
        .unwrap_or(NumericDate::EPOCH)
}
