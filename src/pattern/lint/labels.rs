//! Labels and words of numbers that find only what others of their list find as well.

use crate::pattern::Problem;
use crate::pattern::compile::{Problems, groups};
use crate::pattern::file::CprFile;
use crate::pattern::lint::is_to_be_told;
use crate::pattern::words::ENDINGS;

/// Tells of labels that another of the same list covers.
pub(super) fn covered(cpr: &CprFile, problems: &mut Problems<'_>) {
    for (role, list) in groups(cpr) {
        for (at, narrow) in list.iter().enumerate() {
            let wide = list.iter().enumerate().find(|(other, wide)| {
                let (narrow, wide) = (narrow.get_ref(), wide.get_ref());
                *other != at
                    && is_word_in(narrow, wide, role.is_noun())
                    && (*other < at || !is_word_in(wide, narrow, role.is_noun()))
            });
            if let Some((_, wide)) = wide
                && is_to_be_told(narrow, wide, problems)
            {
                problems.warn(
                    Problem::UNREACHABLE,
                    narrow.span(),
                    format!(
                        "`{}` finds nothing that `{}` in the same list does not find as well",
                        narrow.get_ref(),
                        wide.get_ref()
                    ),
                    "remove it, or the other, if that one finds too much",
                );
            }
        }
    }
}

/// Whether all that `narrow` finds is found by `wide` with the same beginning and end. A word ends where its letters do, so
/// of `cpr-nr` the label `cpr*` finds a part only.
fn is_word_in(narrow: &str, wide: &str, inflected: bool) -> bool {
    let (stem, part) = (narrow.trim_matches('*'), wide.trim_matches('*'));
    stem.match_indices(part).any(|(at, _)| {
        let before = stem.get(..at).unwrap_or_default();
        let after = stem.get(at + part.len()..).unwrap_or_default();
        before.chars().chain(after.chars()).all(char::is_alphabetic)
            && begins(narrow, wide, before)
            && ends(narrow, wide, after, inflected)
    })
}

fn begins(narrow: &str, wide: &str, before: &str) -> bool {
    let is_open = |word: &str| word.starts_with('*');
    if !is_open(wide) {
        return before.is_empty() && !is_open(narrow);
    }
    // `*nummer` is a word that ends so, not the word itself, unless it may go on.
    let longer = !before.is_empty() || is_open(narrow) && !narrow.ends_with('*');
    longer || wide.ends_with('*')
}

fn ends(narrow: &str, wide: &str, after: &str, inflected: bool) -> bool {
    let fits = |letters: &str| letters.is_empty() || inflected && ENDINGS.contains(&letters);
    if wide.ends_with('*') {
        return true;
    }
    if narrow.ends_with('*') || !fits(after) {
        return false;
    }
    after.is_empty()
        || ENDINGS
            .iter()
            .all(|ending| fits(&format!("{after}{ending}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_covered_where_the_other_finds_the_same_words() {
        for (narrow, wide) in [
            ("cprnr", "cpr*"),
            ("cprnr", "*cpr*"),
            ("indkøbsordre*", "*ordre*"),
            ("*sagen", "*sag*"),
            ("varenumre*", "varenum*"),
        ] {
            assert!(is_word_in(narrow, wide, true), "{narrow} by {wide}");
        }
        for (narrow, wide) in [
            ("cpr-nr", "cpr*"),
            ("cpr nr", "*cpr*"),
            ("nummer", "*nummer"),
            ("*sagen", "*sag"),
            ("barnet", "barn"),
            ("cpr*", "cpr"),
            ("sagsnr", "nr*"),
        ] {
            assert!(!is_word_in(narrow, wide, true), "{narrow} by {wide}");
        }
    }
}
