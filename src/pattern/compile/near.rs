//! What somebody may have meant.

/// The name nearest to the one that was written, where one is near enough to be meant.
pub(in crate::pattern) fn near<'a>(
    written: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = written.chars().count();
    let most = (length / 4).max(1);
    known
        .filter(|known| known.chars().count().abs_diff(length) <= most)
        .map(|known| (strsim::damerau_levenshtein(written, known), known))
        .filter(|(distance, _)| (1..=most).contains(distance))
        .min()
        .map(|(_, known)| known)
}
