use std::fmt;

/// A birthday, a year of birth, or a birthday without its year
/// ([Core 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)).
///
/// A year alone stays a year alone: no day is made up for it.
///
/// ```
/// use avouch_claims::Birthdate;
/// assert_eq!(Birthdate::parse("1970-03-22"), Some(Birthdate { year: Some(1970), month_and_day: Some((3, 22)) }));
/// assert_eq!(Birthdate::parse("0000-03-22"), Some(Birthdate { year: None, month_and_day: Some((3, 22)) }));
/// assert_eq!(Birthdate::parse("1970"), Some(Birthdate { year: Some(1970), month_and_day: None }));
/// assert_eq!(Birthdate::parse("22.3.1970"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Birthdate {
    /// 1 to 9999; none where it is not given (`0000`).
    pub year: Option<u16>,
    /// Month (1 to 12) and day (1 to 31); none where only the year is given.
    pub month_and_day: Option<(u8, u8)>,
}

impl Birthdate {
    /// Reads `YYYY-MM-DD`, where year `0000` stands for "not given", or `YYYY`. The day must exist; without a year
    /// there is a 29 February.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_at_checked(4)?;
        let year = digits(year)?;
        let month_and_day = match rest.strip_prefix('-') {
            None if rest.is_empty() => None,
            None => return None,
            Some(rest) => {
                let (month, day) =
                    rest.split_once('-').filter(|(month, day)| (month.len(), day.len()) == (2, 2))?;
                let (month, day) = (digits(month)?, digits(day)?);
                (1..=days_of(month, year)).contains(&day).then_some(())?;
                Some((u8::try_from(month).ok()?, u8::try_from(day).ok()?))
            }
        };
        Some(Self { year: Some(year).filter(|year| *year != 0), month_and_day })
    }
}

impl fmt::Display for Birthdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year.unwrap_or(0))?;
        match self.month_and_day {
            Some((month, day)) => write!(f, "-{month:02}-{day:02}"),
            None => Ok(()),
        }
    }
}

fn digits(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn days_of(month: u16, year: u16) -> u16 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}
