//! Phrases of `other` that take no word away from any phrase of the subject.

use std::collections::BTreeSet;

use crate::pattern::Problem;
use crate::pattern::compile::Problems;
use crate::pattern::file::{LanguageFile, SubjectFile};
use crate::pattern::language::COMPUTED;
use crate::pattern::lint::within::{Classes, parse};
use crate::pattern::phrase::{Choice, ENDINGS, Edge, Element, Literal, Phrase};

/// Tells of phrases of `other` that share no word with a phrase of the subject, so that there is nothing they could cancel.
pub(super) fn other(subject: &SubjectFile, language: &LanguageFile, problems: &mut Problems<'_>) {
    let classes = &Classes::new(Some(subject), language);
    let mut topics = BTreeSet::new();
    for list in [
        &subject.says,
        &subject.suggests,
        &subject.hints,
        &subject.greets,
    ] {
        for phrase in list.iter().filter_map(parse) {
            words(&phrase, classes, 2, &mut topics);
        }
    }
    for entry in &subject.other {
        let mut own = BTreeSet::new();
        let Some(phrase) = parse(entry) else { continue };
        words(&phrase, classes, 2, &mut own);
        let is_idle = !own
            .iter()
            .any(|own| topics.iter().any(|topic| may_meet(own, topic)));
        if is_idle {
            problems.warn(
                Problem::IDLE,
                entry.span(),
                format!(
                    "no phrase of the subject has a word in common with `{}`, so it cancels nothing",
                    entry.get_ref()
                ),
                "remove it, or check the spelling of the word it is to cancel",
            );
        }
    }
}

/// A word that may stand in a phrase.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    /// One that fits this.
    Fitting(Literal, String),
    /// Any: the program sees from its shape what it is.
    Any,
}

/// Every word of a phrase, those of its classes included.
fn words(phrase: &Phrase, classes: &Classes, depth: u8, found: &mut BTreeSet<Word>) {
    let choices = phrase.elements.iter().flat_map(|element| match element {
        Element::OneOf(choices, _) => choices.as_ref(),
        Element::Gap => &[],
    });
    for choice in choices {
        match choice {
            Choice::Word(word) => {
                let folded = word.folded();
                found.insert(Word::Fitting(word.clone(), folded));
            }
            Choice::Class(name) if COMPUTED.contains(&&**name) => {
                found.insert(Word::Any);
            }
            Choice::Class(name) if depth > 0 => {
                for phrase in classes.phrases(name) {
                    words(phrase, classes, depth - 1, found);
                }
            }
            Choice::Class(_) => {}
        }
    }
}

/// Whether one word may be meant by both. Where that is not sure, it may.
fn may_meet(one: &Word, another: &Word) -> bool {
    let (Word::Fitting(one, letters), Word::Fitting(another, others)) = (one, another) else {
        return true;
    };
    match (one.start, another.start) {
        (Edge::Closed, Edge::Closed) => {
            is_beginning(letters, another, others) || is_beginning(others, one, letters)
        }
        // What may begin in any way may have the other inside, where it may also go on in any way.
        (Edge::Open | Edge::Ending, Edge::Open | Edge::Ending) => true,
        (Edge::Closed, _) => one.end == Edge::Open || is_inside(others, letters, one.end),
        (_, Edge::Closed) => another.end == Edge::Open || is_inside(letters, others, another.end),
    }
}

/// Whether a word that begins with `letters` may be one of `word`.
fn is_beginning(letters: &str, word: &Literal, its_letters: &str) -> bool {
    match letters.strip_prefix(its_letters) {
        // Its ending may be the beginning of what the other goes on with.
        Some("") => true,
        Some(rest) => match word.end {
            Edge::Closed => false,
            Edge::Ending => is_start_of_ending(rest),
            Edge::Open => true,
        },
        None => false,
    }
}

fn is_start_of_ending(letters: &str) -> bool {
    ENDINGS.iter().any(|ending| ending.starts_with(letters))
}

/// Whether `part` may be inside a word that begins with `letters` and ends so.
fn is_inside(part: &str, letters: &str, end: Edge) -> bool {
    letters.contains(part)
        || end == Edge::Ending
            && ENDINGS
                .iter()
                .any(|ending| format!("{letters}{ending}").contains(part))
}
