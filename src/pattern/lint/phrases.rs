//! Phrases that find only what other phrases of their list, or of a weightier one, find as well.

use std::collections::HashMap;

use crate::pattern::Problem;
use crate::pattern::compile::Problems;
use crate::pattern::file::{Entry, LanguageFile, SubjectFile};
use crate::pattern::lint::is_to_be_told;
use crate::pattern::lint::wide::{Extent, covers};
use crate::pattern::lint::within::Classes;
use crate::pattern::phrase::{Choice, Edge, Element, Literal, Phrase, Presence};

/// Tells of phrases of a subject.
pub(super) fn covered(subject: &SubjectFile, language: &LanguageFile, problems: &mut Problems<'_>) {
    let classes = &Classes::new(Some(subject), language);
    let topics = [
        ("says", &subject.says),
        ("suggests", &subject.suggests),
        ("hints", &subject.hints),
    ];
    told(&topics, Extent::Inside, classes, problems);
    told(
        &[("other", &subject.other)],
        Extent::Whole,
        classes,
        problems,
    );
    told(
        &[("greets", &subject.greets)],
        Extent::Whole,
        classes,
        problems,
    );
    for (name, phrases) in &subject.classes {
        told(&[(name, phrases)], Extent::Whole, classes, problems);
    }
}

/// Tells of phrases of classes and cues of the language.
pub(super) fn covered_in_language(language: &LanguageFile, problems: &mut Problems<'_>) {
    let classes = &Classes::new(None, language);
    for (name, phrases) in &language.classes {
        told(&[(name, phrases)], Extent::Whole, classes, problems);
    }
    for cue in &language.cue {
        let list = (cue.id.get_ref().as_str(), &cue.phrases);
        told(&[list], Extent::Inside, classes, problems);
    }
}

/// A phrase, and where it stands.
struct Placed<'a> {
    entry: &'a Entry,
    phrase: Phrase,
    list: &'a str,
    /// The lists are given by weight, so a lower number weighs as much or more.
    rank: usize,
}

/// `lists` are given by weight.
fn told(
    lists: &[(&str, &Vec<Entry>)],
    extent: Extent,
    classes: &Classes,
    problems: &mut Problems<'_>,
) {
    let mut all = Vec::new();
    for (rank, (list, entries)) in lists.iter().enumerate() {
        for entry in *entries {
            all.extend(Phrase::parse(entry.get_ref()).ok().map(|phrase| Placed {
                entry,
                phrase,
                list,
                rank,
            }));
        }
    }
    let index = Index::of(&all);
    for (at, narrow) in all.iter().enumerate() {
        let wide = index.candidates(&narrow.phrase).find(|&other| {
            let is_same_and_later = |wide: &Placed<'_>| {
                other > at
                    && wide.rank == narrow.rank
                    && covers(&narrow.phrase, &wide.phrase, extent, classes)
            };
            all.get(other).is_some_and(|wide| {
                other != at
                    && wide.rank <= narrow.rank
                    && covers(&wide.phrase, &narrow.phrase, extent, classes)
                    && !is_same_and_later(wide)
                    && is_to_be_told(narrow.entry, wide.entry, problems)
            })
        });
        if let Some(wide) = wide.and_then(|wide| all.get(wide)) {
            problems.warn(
                Problem::UNREACHABLE,
                narrow.entry.span(),
                format!(
                    "`{}` finds nothing that `{}` in `{}` does not find as well",
                    narrow.phrase.written, wide.phrase.written, wide.list
                ),
                "remove it, or the other, if that one finds too much",
            );
        }
    }
}

/// By which phrases may cover another: some word of the other has the letters of one of theirs in it.
#[derive(Default)]
struct Index {
    /// Those that are known by how a word begins.
    beginnings: HashMap<String, Vec<usize>>,
    /// Those that may stand anywhere in a word.
    inside: Vec<(String, usize)>,
    /// Those known by no word.
    always: Vec<usize>,
}

impl Index {
    fn of(phrases: &[Placed<'_>]) -> Self {
        let mut index = Self::default();
        for (at, placed) in phrases.iter().enumerate() {
            let Some(words) = placed.phrase.elements.iter().find_map(only_words) else {
                index.always.push(at);
                continue;
            };
            for word in words {
                let letters = word.folded();
                if word.start == Edge::Open {
                    index.inside.push((letters, at));
                } else {
                    index.beginnings.entry(letters).or_default().push(at);
                }
            }
        }
        index
    }

    fn candidates(&self, narrow: &Phrase) -> impl Iterator<Item = usize> {
        let choices = narrow.elements.iter().flat_map(|element| match element {
            Element::OneOf(choices, _) => choices.as_ref(),
            Element::Gap => &[],
        });
        let mut found = self.always.clone();
        for choice in choices {
            let Choice::Word(word) = choice else { continue };
            let letters = word.folded();
            let ends = letters.char_indices().map(|(at, c)| at + c.len_utf8());
            let beginnings = ends.filter_map(|end| self.beginnings.get(letters.get(..end)?));
            found.extend(beginnings.flatten());
            let inside = self.inside.iter();
            found.extend(
                inside
                    .filter(|(part, _)| letters.contains(part))
                    .map(|it| it.1),
            );
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter()
    }
}

/// The words of an element of which one must be there.
fn only_words(element: &Element) -> Option<Vec<&Literal>> {
    match element {
        Element::OneOf(choices, Presence::Required) => choices
            .iter()
            .map(|choice| match choice {
                Choice::Word(word) => Some(word),
                Choice::Class(_) => None,
            })
            .collect(),
        _ => None,
    }
}
