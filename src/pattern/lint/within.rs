//! What belongs to classes, as far as packs say it.

use std::collections::HashMap;

use crate::pattern::file::{Entry, LanguageFile, SubjectFile};
use crate::pattern::phrase::{Choice, Element, Phrase, Presence};

/// The classes a phrase of a pattern may name: its own, and those of the language. Of a class that only the program sees,
/// nothing is known.
#[derive(Default)]
pub(super) struct Classes {
    phrases: HashMap<Box<str>, Vec<Phrase>>,
}

impl Classes {
    pub(super) fn new(own: Option<&SubjectFile>, language: &LanguageFile) -> Self {
        let mut phrases = HashMap::new();
        let own = own.into_iter().flat_map(|own| &own.classes);
        for (name, list) in language.classes.iter().chain(own) {
            let parsed = list.iter().filter_map(parse).collect();
            phrases.insert(name.as_str().into(), parsed);
        }
        Self { phrases }
    }

    /// The phrases of a class.
    pub(super) fn phrases(&self, name: &str) -> &[Phrase] {
        self.phrases.get(name).map_or(&[], Vec::as_slice)
    }

    /// What of a class is one word, or one thing of another class.
    pub(super) fn words(&self, name: &str) -> impl Iterator<Item = &Choice> {
        self.phrases(name)
            .iter()
            .filter_map(|phrase| match phrase.elements.as_ref() {
                [Element::OneOf(choices, Presence::Required)] => Some(choices.as_ref()),
                _ => None,
            })
            .flatten()
    }
}

/// A phrase taken apart, if it can be.
pub(super) fn parse(entry: &Entry) -> Option<Phrase> {
    Phrase::parse(entry.get_ref()).ok()
}
