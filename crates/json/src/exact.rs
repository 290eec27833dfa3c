//! Whether a number is held as it is written: by a comparison of decimal digits, since JSON numbers are decimal.

/// Whether `serde_json` holds every number in a text that has been checked in the very value in which it is written.
pub(crate) fn holds_numbers(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let rest = text.get(at..).unwrap_or_default();
                let ends = |byte: u8| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let number = rest.bytes().position(ends).and_then(|end| rest.get(..end)).unwrap_or(rest);
                if !holds(number) {
                    return false;
                }
                at += number.len();
            }
            _ => at += 1,
        }
    }
    true
}

/// Behind the quote that ends the string that begins at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None | Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

fn holds(number: &str) -> bool {
    // so many digits always fit into 64 bits
    if number.len() <= 18 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let held = serde_json::from_str::<serde_json::Number>(number).map(|held| held.to_string());
    held.is_ok_and(|held| held == number || (decimal(number).is_some() && decimal(number) == decimal(&held)))
}

/// A number as sign, digits without zeros at either end, and the power of ten of the last of them. Zero has no sign.
/// None where the power is beyond counting, and nothing holds such a number.
fn decimal(number: &str) -> Option<(bool, String, i64)> {
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
    let (number, power) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    let kept = digits.trim_end_matches('0');
    let significant = kept.trim_start_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    let zeros = i64::try_from(digits.len() - kept.len()).ok()?;
    let power =
        power.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(zeros)?;
    Some((negative, significant.to_owned(), power))
}
