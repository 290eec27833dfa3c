/// How many texts are compared each with each at most.
const FEW: usize = 24;

/// The places at which a text stands that stood before.
///
/// ```
/// let algorithms = ["RS256", "ES256", "RS256", "RS256"];
/// assert_eq!(avouch_types::repeats(algorithms.iter().copied()), [2, 3]);
/// ```
pub fn repeats<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Vec<usize> {
    places(texts, |same| same.get(1..))
}

/// The places at which a text stands for the second time.
pub(crate) fn second_places<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Vec<usize> {
    places(texts, |same| same.get(1..2))
}

/// `of`: which places of equal texts are asked for.
fn places<'a>(
    texts: impl Iterator<Item = &'a str> + Clone,
    of: impl Fn(&[usize]) -> Option<&[usize]>,
) -> Vec<usize> {
    if are_few_and_different(texts.clone()) {
        return Vec::new();
    }
    // a peer chooses how many there are
    let texts: Vec<&str> = texts.collect();
    let mut places: Vec<usize> = (0..texts.len()).collect();
    places.sort_by_key(|place| texts.get(*place));
    let same = places.chunk_by(|one, other| texts.get(*one) == texts.get(*other));
    let mut found: Vec<usize> = same.filter_map(of).flatten().copied().collect();
    found.sort_unstable();
    found
}

fn are_few_and_different<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> bool {
    // what comes before a text is looked at only if something there has its mark
    let mut marks = 0;
    texts.clone().enumerate().all(|(place, text)| {
        let mark = mark(text);
        let may_repeat = marks & mark != 0;
        marks |= mark;
        place < FEW && !(may_repeat && texts.clone().take(place).any(|before| before == text))
    })
}

/// One of 64 bits; most texts of a message have different ones.
fn mark(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let end = |byte: Option<&u8>| u64::from(byte.copied().unwrap_or_default());
    let ends = end(bytes.first()) | end(bytes.last()) << 8 | (bytes.len() as u64) << 16;
    1 << (ends.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)
}
