//! Classes that no phrase names.

use std::collections::BTreeSet;

use crate::pattern::compile::{Merged, Problems};
use crate::pattern::file::Entry;
use crate::pattern::phrase::{Choice, Element, Phrase};
use crate::pattern::{Origin, Problem};

/// Tells of classes that nobody uses. A class of a shipped language is there for packs that are still to be written.
pub(super) fn idle(merged: &Merged, problems: &mut Problems<'_>) {
    let mut anywhere: BTreeSet<String> = BTreeSet::new();
    let language = &merged.language;
    for list in language.classes.values() {
        named(list, &mut anywhere);
    }
    for cue in &language.cue {
        named(&cue.phrases, &mut anywhere);
    }
    for pattern in &merged.patterns {
        let Some(subject) = &pattern.subject else {
            continue;
        };
        let mut here = BTreeSet::new();
        for (_, list) in subject.lists() {
            named(list, &mut here);
        }
        for list in subject.classes.values() {
            named(list, &mut here);
        }
        for (name, list) in &subject.classes {
            if !here.contains(name) {
                tell(name, list, problems);
            }
        }
        anywhere.append(&mut here);
    }
    for (name, list) in &language.classes {
        let is_local = |entry: &Entry| {
            let found = problems.files().locate(&entry.span());
            found.is_some_and(|(pack, _)| pack.origin == Origin::Local)
        };
        if !anywhere.contains(name) && list.iter().all(is_local) {
            tell(name, list, problems);
        }
    }
}

fn tell(name: &str, list: &[Entry], problems: &mut Problems<'_>) {
    let Some(first) = list.first() else { return };
    problems.warn(
        Problem::IDLE,
        first.span(),
        format!("no phrase names the class `{name}`"),
        format!("name it as `<{name}>` in a phrase, or remove it"),
    );
}

/// The classes that phrases name.
fn named(list: &[Entry], names: &mut BTreeSet<String>) {
    for entry in list {
        let Ok(phrase) = Phrase::parse(entry.get_ref()) else {
            continue;
        };
        for element in phrase.elements {
            let Element::OneOf(choices, _) = element else {
                continue;
            };
            names.extend(choices.into_iter().filter_map(|choice| match choice {
                Choice::Class(name) => Some(name.into_string()),
                Choice::Word(_) => None,
            }));
        }
    }
}
