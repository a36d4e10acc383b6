//! Names of people: by lists, by capitals, and by what stands beside them.

use crate::detect::subject::sentences::Sentence;
use crate::detect::subject::traits::Traits;
use crate::detect::subject::words::Words;

/// How sure it is that a word is a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sure {
    Yes,
    No,
}

/// A name that begins at `word`, where it ends, and how sure that is.
pub(super) fn name_at(words: Words<'_>, sentence: &Sentence, word: usize) -> Option<(usize, Sure)> {
    let end_of_sentence = sentence.words.end;
    let traits = words.traits(word);
    if traits.has(Traits::TITLE) && word + 1 < end_of_sentence && is_proper(words, word + 1) {
        return Some((rest_of_name(words, word + 2, end_of_sentence), Sure::Yes));
    }
    if !traits.has(Traits::CAPITAL) {
        let frequent = traits.has(Traits::FREQUENT)
            && traits.has(Traits::SMALL)
            && !traits.has(Traits::COMMON);
        return frequent.then_some((word + 1, Sure::No));
    }
    if traits.has(Traits::COMMON.with(Traits::LETTER)) {
        return None;
    }
    let first_of_sentence = word == sentence.words.start
        || words
            .gap_after(word.saturating_sub(1))
            .contains([':', '\n', '"', '(']);
    let end = rest_of_name(words, word + 1, end_of_sentence);
    let acts = end < end_of_sentence && words.traits(end).has(Traits::ACT);
    let is_first =
        traits.has(Traits::FIRST) || (!first_of_sentence || acts) && traits.has(Traits::WORD_TOO);
    let is_last = (word + 1..end).any(|word| words.traits(word).has(Traits::LAST));
    match (is_first, end > word + 1) {
        _ if traits.has(Traits::SHOUTED) && !is_first => None,
        (true, _) => Some((end, Sure::Yes)),
        (false, true) if is_last => Some((end, Sure::Yes)),
        (false, true) if !first_of_sentence => Some((end, Sure::No)),
        // `at Gurpreet har`: not in any list, and yet somebody.
        (false, false) if !first_of_sentence && acts => Some((end, Sure::No)),
        (false, false) if !first_of_sentence && traits.has(Traits::LAST) => Some((end, Sure::No)),
        _ => None,
    }
}

/// Whether a name may begin with a word that has a large letter, by that word and the two behind it: most that have one begin a
/// sentence, or stand in a cell. Where it says no, [`name_at`] finds none.
pub(super) fn may_begin_name(words: Words<'_>, word: usize, traits: Traits) -> bool {
    if traits.has(Traits::COMMON.with(Traits::LETTER)) {
        return false;
    }
    let is_listed = Traits::FIRST.with(Traits::WORD_TOO).with(Traits::LAST);
    traits.has(is_listed)
        || words
            .traits(word + 1)
            .has(Traits::CAPITAL.with(Traits::ACT))
        // A particle stands between.
        || words.traits(word + 2).has(Traits::CAPITAL)
}

/// The same of the first word of a sentence, which has a large letter whatever it is.
pub(super) fn may_begin_sentence(words: Words<'_>, word: usize, traits: Traits) -> bool {
    let is_followed =
        || (word + 1..=word + LONGEST_REST).any(|it| words.traits(it).has(Traits::LAST));
    may_begin_name(words, word, traits)
        && (traits.has(Traits::FIRST.with(Traits::WORD_TOO)) || is_followed())
}

/// Whether a word has a large letter and no other reason for it than being a name.
fn is_proper(words: Words<'_>, word: usize) -> bool {
    let traits = words.traits(word);
    traits.has(Traits::CAPITAL) && !traits.has(Traits::COMMON)
}

/// How many words a name has at most behind those by which it was seen.
const LONGEST_REST: usize = 4;

/// Where a name ends of which a word was seen: with the capitals, particles and initials behind it.
fn rest_of_name(words: Words<'_>, from: usize, limit: usize) -> usize {
    let mut end = from;
    while end < limit && end < from + LONGEST_REST {
        let gap = words.gap_after(end - 1);
        if !matches!(gap, " " | "-" | ". " | "\u{2019}" | "'") {
            break;
        }
        let particle = matches!(
            words.written(end),
            "von" | "van" | "de" | "al" | "el" | "af" | "da" | "ten" | "der"
        ) && end + 1 < limit
            && words.traits(end + 1).has(Traits::CAPITAL);
        if !is_proper(words, end) && !particle {
            break;
        }
        end += 1;
    }
    end
}
