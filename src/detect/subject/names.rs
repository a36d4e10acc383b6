//! Names of people: by lists, by capitals, and by what stands beside them.

use crate::detect::subject::sentences::Sentence;
use crate::detect::subject::words::Words;
use crate::pattern::{Language, plain_word};

/// How sure it is that a word is a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sure {
    Yes,
    No,
}

/// A name that begins at `word`, where it ends, and how sure that is.
pub(super) fn name_at(
    words: &Words<'_>,
    language: &Language,
    sentence: &Sentence,
    word: usize,
) -> Option<(usize, Sure)> {
    let end_of_sentence = sentence.words.end;
    let written = words.written(word);
    let folded = words.folded_word(word);
    if is_title(folded)
        && word + 1 < end_of_sentence
        && is_capitalized(words.written(word + 1))
        && !is_common(words.folded_word(word + 1))
    {
        return Some((rest_of_name(words, word + 2, end_of_sentence), Sure::Yes));
    }
    if !is_capitalized(written) {
        let frequent = language.names.is_frequent(&plain_word(written))
            && !is_common(folded)
            && written.chars().all(char::is_lowercase);
        return frequent.then_some((word + 1, Sure::No));
    }
    if is_common(folded) || written.chars().count() < 2 {
        return None;
    }
    let first_of_sentence = word == sentence.words.start
        || words
            .gap_after(word.saturating_sub(1))
            .contains([':', '\n', '"', '(']);
    let end = rest_of_name(words, word + 1, end_of_sentence);
    let acts = end < end_of_sentence && is_act(words.folded_word(end));
    let is_first = is_first(language, words, word)
        || (!first_of_sentence || acts) && language.names.is_word_too(&plain_word(written));
    let is_last =
        (word + 1..end).any(|word| language.names.is_last(&without_genitive(words, word)));
    let shouted = written.chars().count() > 3 && written.chars().all(char::is_uppercase);
    match (is_first, end > word + 1) {
        _ if shouted && !is_first => None,
        (true, _) => Some((end, Sure::Yes)),
        (false, true) if is_last => Some((end, Sure::Yes)),
        (false, true) if !first_of_sentence => Some((end, Sure::No)),
        // `at Gurpreet har`: not in any list, and yet somebody.
        (false, false) if !first_of_sentence && acts => Some((end, Sure::No)),
        (false, false)
            if !first_of_sentence && language.names.is_last(&without_genitive(words, word)) =>
        {
            Some((end, Sure::No))
        }
        _ => None,
    }
}

/// Where a name ends of which a word was seen: with the capitals, particles and initials behind it.
fn rest_of_name(words: &Words<'_>, from: usize, limit: usize) -> usize {
    let mut end = from;
    while end < limit && end < from + 4 {
        let gap = words.gap_after(end - 1);
        if !matches!(gap, " " | "-" | ". " | "\u{2019}" | "'") {
            break;
        }
        let written = words.written(end);
        let particle = matches!(
            written,
            "von" | "van" | "de" | "al" | "el" | "af" | "da" | "ten" | "der"
        ) && end + 1 < limit
            && is_capitalized(words.written(end + 1));
        if !(is_capitalized(written) && !is_common(words.folded_word(end)) || particle) {
            break;
        }
        end += 1;
    }
    end
}

pub(super) fn is_capitalized(written: &str) -> bool {
    written.starts_with(char::is_uppercase)
}

pub(super) fn is_first(language: &Language, words: &Words<'_>, word: usize) -> bool {
    let plain = plain_word(words.written(word));
    language.names.is_first(&plain) || language.names.is_first(&without_genitive(words, word))
}

/// The word in lower case without the `s` of a genitive: `Mettes`.
fn without_genitive(words: &Words<'_>, word: usize) -> String {
    let mut plain = plain_word(words.written(word));
    if plain.ends_with('s') && plain.len() > 3 {
        plain.pop();
    }
    plain
}

/// A word behind which a name comes.
pub(super) fn is_title(folded: &str) -> bool {
    matches!(
        folded,
        "hr" | "fru"
            | "frk"
            | "frøken"
            | "mr"
            | "mrs"
            | "ms"
            | "mis"
            | "borger"
            | "patient"
            | "elev"
            | "eleven"
            | "borgeren"
    )
}

/// What people do: a word with a capital before one of these is mostly somebody.
fn is_act(folded: &str) -> bool {
    const ACTS: [&str; 42] = [
        "er",
        "var",
        "har",
        "havde",
        "får",
        "fik",
        "bliver",
        "blev",
        "skal",
        "vil",
        "ville",
        "kan",
        "kune",
        "må",
        "kom",
        "komer",
        "går",
        "gik",
        "siger",
        "sagde",
        "ringede",
        "ringer",
        "skriver",
        "skrev",
        "bor",
        "fortæler",
        "fortalte",
        "mener",
        "ønsker",
        "spørger",
        "spurgte",
        "søger",
        "startede",
        "starter",
        "oplyser",
        "is",
        "was",
        "has",
        "had",
        "wil",
        "told",
        "says",
    ];
    ACTS.contains(&folded)
}

/// Words that are written with a capital and are no names of people.
pub(super) fn is_common(folded: &str) -> bool {
    const COMMON: [&str; 95] = [
        "ale",
        "al",
        "alt",
        "her",
        "der",
        "den",
        "det",
        "de",
        "vi",
        "i",
        "jeg",
        "du",
        "hun",
        "han",
        "er",
        "kan",
        "vil",
        "skal",
        "har",
        "og",
        "men",
        "hvis",
        "nu",
        "ja",
        "nej",
        "tak",
        "mandag",
        "tirsdag",
        "onsdag",
        "torsdag",
        "fredag",
        "lørdag",
        "søndag",
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
        "team",
        "kolega",
        "koleger",
        "leder",
        "ledere",
        "medarbejder",
        "medarbejdere",
        "forældre",
        "borger",
        "borgere",
        "kommune",
        "region",
        "skole",
        "afdeling",
        "center",
        "jobcenter",
        "borgerservice",
        "hr",
        "it",
        "løn",
        "lønkontor",
        "kontor",
        "sekretariat",
        "vedr",
        "til",
        "fra",
        "på",
        "ved",
        "med",
        "om",
        "for",
        "af",
        "en",
        "et",
        "som",
        "så",
        "når",
        "ifølge",
        "efter",
        "under",
        "uden",
        "mvh",
        "vh",
        "hej",
        "kære",
        "dansk",
        "danmark",
        "monday",
        "danske",
        "digital",
    ];
    COMMON.contains(&folded)
}
