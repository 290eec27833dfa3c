/// How many texts are compared each with each, which is the fastest way for those that a message usually has.
const FEW: usize = 24;

/// The places at which a text stands for the second time.
pub(crate) fn second_places<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let texts: Vec<&str> = texts.collect();
    if texts.len() <= FEW && each_once(&texts) {
        return Vec::new();
    }
    // a peer chooses how many there are
    let mut places: Vec<usize> = (0..texts.len()).collect();
    places.sort_by_key(|place| texts.get(*place));
    let same = places.chunk_by(|one, other| texts.get(*one) == texts.get(*other));
    let mut second: Vec<usize> = same.filter_map(|same| same.get(1).copied()).collect();
    second.sort_unstable();
    second
}

fn each_once(mut texts: &[&str]) -> bool {
    while let Some((text, before)) = texts.split_last() {
        if before.contains(text) {
            return false;
        }
        texts = before;
    }
    true
}
