//! Greetings that say something of everybody they greet: `Kære deltagere på lungeholdet`.

use crate::detect::finding::Confidence;
use crate::detect::subject::Told;
use crate::detect::subject::matching::Field;
use crate::detect::subject::sentences::{Role, Sentence};
use crate::detect::subject::traits::Traits;
use crate::detect::subject::weigh::other_words;
use crate::detect::subject::words::Words;
use crate::pattern::{Packs, Sense, words_that_greet};

/// Whether a sentence may be a greeting of which packs say something. `Til` heads a list as well: `Til diabetikere`.
///
/// One on a longer line is taken to tell, which only a phrase that is all of it can disprove.
pub(super) fn may_greet(words: Words<'_>, sentence: &Sentence) -> bool {
    let start = sentence.words.start;
    let begins_line = || {
        let before = start.checked_sub(1);
        before.is_none_or(|before| words.gap_after(before).contains('\n'))
    };
    matches!(sentence.role, Role::Greets | Role::Tells)
        && words.traits(start).has(Traits::OPENS)
        && opening(words, sentence) > 0
        && begins_line()
        // Most that open so greet nobody of whom packs know, and are passed over without being looked into.
        && sentence
            .words
            .clone()
            .any(|word| words.traits(word).has(Traits::GREETED))
}

/// Whether a sentence that greets goes on with something that may be told: `Hej Bo, Lone lider af psoriasis`, `Goddag min mand er syg`.
///
/// Who is greeted, and where, is said by words with a capital and by those that join them: `Kære Bo Holm, Børn og Unge`.
pub(super) fn goes_on(words: Words<'_>, sentence: &Sentence) -> bool {
    let opening = opening(words, sentence);
    let start = sentence.words.start + opening;
    let mut behind_sign = (sentence.words.start..start).any(|word| parts(words.gap_after(word)));
    sentence.role == Role::Greets
        && opening > 0
        && (start..sentence.words.end).any(|word| {
            let folded = words.folded_word(word);
            let says =
                behind_sign && words.traits(word).has(Traits::SMALL) && !JOINS.contains(&folded)
                    || words.traits(word).has(Traits::ACT)
                    || SOMEBODY.contains(&folded);
            behind_sign |= parts(words.gap_after(word));
            says
        })
}

/// Whether what stands between two words parts whom a line greets from what it says: a sign, and no hyphen inside a word.
fn parts(gap: &str) -> bool {
    gap.contains([',', ':', '(', '–', '—', '\t']) || gap.contains(" -")
}

/// Who does something, in a line of its own that only greets: folded.
const SOMEBODY: [&str; 11] = [
    "jeg", "hun", "han", "min", "mit", "mine", "vores", "hendes", "hans", "i'm", "my",
];

/// What joins words of a name or a place: folded.
const JOINS: [&str; 14] = [
    "og", "i", "på", "ved", "af", "for", "til", "fra", "samt", "med", "att", "c", "o", "and",
];

/// What a greeting says in whose words `field` looks for phrases.
///
/// One of a pack has to be all of it: `Kære medlemmer af krisecentrets bestyrelse` and `Hej Rygskolens sekretariat` greet others than
/// they name. It needs nobody beside it, and what the rest of the message is about, a room or a day, takes nothing from it; what the
/// pack says means something else does.
pub(super) fn told(
    packs: &Packs,
    words: Words<'_>,
    greeting: &Sentence,
    field: &Field<'_>,
) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    let matches = field.matches();
    for found in &matches {
        let Sense::Greets(subject) = found.sense else {
            continue;
        };
        let is_all =
            begins(words, greeting, found.span.start) && ends(words, greeting, found.span.end);
        let is_meant = || found.covers & other_words(packs, subject, &matches) == 0;
        if is_all && is_meant() && all.iter().all(|told| told.subject != subject) {
            all.push(Told {
                subject,
                span: words.span(found.span.start).start..words.span(found.span.end - 1).end,
                confidence: Some(Confidence::Medium),
                reasons: vec!["a greeting says it of all who get the message".into()],
                phrases: vec![packs.lexicon().written(found.phrase).into()],
                weight: packs.language().scale.medium,
                name: None,
            });
        }
    }
    all
}

/// How many of its words greet: `Kære`, `God morgen`.
fn opening(words: Words<'_>, greeting: &Sentence) -> usize {
    let start = greeting.words.start;
    words_that_greet(words.folded_word(start), words.folded_word(start + 1))
}

/// Whether nothing stands before that word but `Kære`, `Kære alle` or `Hej med jer`.
fn begins(words: Words<'_>, greeting: &Sentence, first: usize) -> bool {
    let behind = greeting.words.start + opening(words, greeting);
    let is_all = |word| match words.folded_word(word) {
        "ale" | "alesamen" | "samen" | "al" | "jer" => true,
        "med" => word + 1 < first && words.folded_word(word + 1) == "jer",
        _ => false,
    };
    first >= behind && (behind..first).all(is_all)
}

/// Whether nothing stands from that word on but which of several they are, and where: `3 i Vejle`.
fn ends(words: Words<'_>, greeting: &Sentence, end: usize) -> bool {
    /// `i Sundhedscenter Vejle Nord`
    const LONGEST_PLACE: usize = 4;
    let sentence_ends = greeting.words.end;
    let is_joined = |word: usize| matches!(words.gap_after(word - 1), " " | "-");
    let end = if end < sentence_ends && is_joined(end) && is_number(words, end) {
        end + 1
    } else {
        end
    };
    let is_place = || {
        (2..=LONGEST_PLACE).contains(&sentence_ends.saturating_sub(end))
            && matches!(words.folded_word(end), "i" | "på" | "ved")
            && (end..sentence_ends).all(is_joined)
            && (end + 1..sentence_ends).all(|word| words.traits(word).has(Traits::CAPITAL))
            && !(end + 1..sentence_ends).any(|word| EVERYBODY.contains(&words.folded_word(word)))
    };
    end == sentence_ends || is_place()
}

/// Places whose patients no list holds: `Kære diabetikere i Region Syddanmark` is said to everybody. Folded.
const EVERYBODY: [&str; 4] = ["region", "komune", "danmark", "norden"];

/// Whether a word tells groups of one kind apart: `3`, `12`, `A`. `2026` is a year, and `Kære diabetikere I …` goes on.
fn is_number(words: Words<'_>, word: usize) -> bool {
    let traits = words.traits(word);
    if traits.has(Traits::DIGITS) {
        words.written(word).len() <= 2
    } else {
        traits.has(Traits::LETTER) && traits.has(Traits::CAPITAL) && words.written(word) != "I"
    }
}
