//! Greetings that say something of everybody they greet: `Kære deltagere på lungeholdet`.

use crate::detect::finding::Confidence;
use crate::detect::subject::Told;
use crate::detect::subject::matching::Field;
use crate::detect::subject::sentences::Sentence;
use crate::detect::subject::traits::Traits;
use crate::detect::subject::weigh::other_words;
use crate::detect::subject::words::Words;
use crate::pattern::{Packs, Sense};

/// What a greeting says in whose words `field` looks for phrases.
///
/// One of a pack has to be all of it: `Kære medlemmer af krisecentrets bestyrelse` and `Hej Rygskolens sekretariat` greet others than
/// they name. It needs nobody beside it, and what the rest of the message is about, a room or a day, takes nothing from it; what
/// the pack says means something else does.
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

/// Whether nothing stands before that word but `Kære`, or `Kære alle`. `Til` heads a list as well: `Til diabetikere`.
fn begins(words: Words<'_>, greeting: &Sentence, first: usize) -> bool {
    let start = greeting.words.start;
    let mut between = start + 1..first;
    let is_all = |word| matches!(words.folded_word(word), "ale" | "alesamen" | "samen" | "al");
    first > start && words.folded_word(start) != "til" && between.all(is_all)
}

/// Whether nothing stands from that word on but where they are: `i Vejle`.
fn ends(words: Words<'_>, greeting: &Sentence, end: usize) -> bool {
    let is_place = || {
        end + 2 == greeting.words.end
            && words.gap_after(end - 1) == " "
            && matches!(words.folded_word(end), "i" | "på" | "ved")
            && words.traits(end + 1).has(Traits::CAPITAL)
    };
    end == greeting.words.end || is_place()
}
