use std::error::Error;
use std::fmt;
use std::time::{Duration, SystemTime};

use avouch_json::RawValue;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// The last second of the year 9999.
const LATEST: i64 = 253_402_300_799;

/// A moment as JWT writes it: seconds since 1970-01-01T00:00:00Z, leap seconds ignored ([RFC 7519 §2]).
///
/// From the epoch to the end of the year 9999; a fraction that was read is kept. Arithmetic saturates.
///
/// ```
/// use std::time::Duration;
/// use avouch_jose::NumericDate;
///
/// let issued = NumericDate::from_seconds(1_300_819_380)?;
/// let expires = issued.saturating_add(Duration::from_secs(600));
/// assert_eq!(expires.seconds(), 1_300_819_980);
/// assert!(issued < expires);
/// # Ok::<(), avouch_jose::NumericDateError>(())
/// ```
///
/// [RFC 7519 §2]: https://www.rfc-editor.org/rfc/rfc7519#section-2
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumericDate {
    seconds: i64,
    nanoseconds: u32,
}

impl NumericDate {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self { seconds: 0, nanoseconds: 0 };
    /// 9999-12-31T23:59:59Z.
    pub const MAX: Self = Self { seconds: LATEST, nanoseconds: 0 };

    /// The moment so many seconds after the epoch.
    ///
    /// # Errors
    ///
    /// [`NumericDateError`] before the epoch or after the year 9999.
    pub const fn from_seconds(seconds: i64) -> Result<Self, NumericDateError> {
        if seconds < 0 || seconds > LATEST {
            return Err(NumericDateError);
        }
        Ok(Self { seconds, nanoseconds: 0 })
    }

    /// The moment that a claim says, which must be a number in range.
    pub fn read(value: RawValue<'_>) -> Option<Self> {
        match value.as_i64() {
            Some(seconds) => Self::from_seconds(seconds).ok(),
            None => value.read().ok(),
        }
    }

    /// Whole seconds since the epoch; a fraction is dropped.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// The moment `duration` later, at most [`MAX`](Self::MAX).
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        self.since_epoch().checked_add(duration).map_or(Self::MAX, Self::saturating_from)
    }

    /// The moment `duration` earlier, at least [`EPOCH`](Self::EPOCH).
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        Self::saturating_from(self.since_epoch().saturating_sub(duration))
    }

    /// How much later this is than `earlier`; nothing if it is not.
    pub fn saturating_since(self, earlier: Self) -> Duration {
        self.since_epoch().saturating_sub(earlier.since_epoch())
    }

    fn since_epoch(self) -> Duration {
        // `seconds` is never negative
        Duration::new(self.seconds.unsigned_abs(), self.nanoseconds)
    }

    fn saturating_from(since_epoch: Duration) -> Self {
        match i64::try_from(since_epoch.as_secs()) {
            Ok(seconds) if seconds < LATEST => Self { seconds, nanoseconds: since_epoch.subsec_nanos() },
            _ => Self::MAX,
        }
    }
}

/// A moment before the epoch, after the year 9999, or not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumericDateError;

impl fmt::Display for NumericDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a moment between the epoch and the year 9999")
    }
}

impl Error for NumericDateError {}

impl TryFrom<SystemTime> for NumericDate {
    type Error = NumericDateError;

    /// Whole seconds: what a clock says is cut, so that written tokens have no fractions.
    fn try_from(time: SystemTime) -> Result<Self, NumericDateError> {
        let since_epoch = time.duration_since(SystemTime::UNIX_EPOCH).map_err(|_| NumericDateError)?;
        i64::try_from(since_epoch.as_secs()).map_err(|_| NumericDateError).and_then(Self::from_seconds)
    }
}

impl TryFrom<f64> for NumericDate {
    type Error = NumericDateError;

    fn try_from(seconds: f64) -> Result<Self, NumericDateError> {
        let since_epoch = Duration::try_from_secs_f64(seconds).map_err(|_| NumericDateError)?;
        match i64::try_from(since_epoch.as_secs()) {
            Ok(seconds) => {
                let date = Self { seconds, nanoseconds: since_epoch.subsec_nanos() };
                if date > Self::MAX { Err(NumericDateError) } else { Ok(date) }
            }
            Err(_) => Err(NumericDateError),
        }
    }
}

impl fmt::Display for NumericDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.seconds)?;
        if self.nanoseconds != 0 {
            write!(f, "{}", format!(".{:09}", self.nanoseconds).trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl fmt::Debug for NumericDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for NumericDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.nanoseconds == 0 {
            serializer.serialize_i64(self.seconds)
        } else {
            serializer.serialize_f64(self.since_epoch().as_secs_f64())
        }
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = NumericDate;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seconds between the epoch and the year 9999")
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<NumericDate, E> {
                NumericDate::from_seconds(seconds).map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<NumericDate, E> {
                i64::try_from(seconds)
                    .map_err(|_| E::custom(NumericDateError))
                    .and_then(|s| self.visit_i64(s))
            }

            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<NumericDate, E> {
                NumericDate::try_from(seconds).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Number)
    }
}
