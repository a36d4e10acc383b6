//! What packs hold, without what recognizes by it.
//!
//! Compiled packs take some 40 MB, and only whoever reads messages needs them. Whoever merely hears what was found needs the names of
//! the patterns and the words of their phrases, to believe no other.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::pattern::version::Digests;
use crate::pattern::{Category, Changes, PackSet, PackVersion, Packs};

/// The names, categories, phrases and versions of everything in packs.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Catalogue {
    digests: Digests,
    patterns: Vec<Entry>,
    /// The names of the patterns that are switched off.
    off: Vec<Box<str>>,
    /// The phrases of all patterns one behind the other, those of each in their order.
    written: String,
    /// Where in it each phrase ends.
    ends: Vec<usize>,
}

/// A pattern in a catalogue.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its name: `dk.cpr`.
    pub id: Box<str>,
    /// The category of what it finds.
    pub category: Category,
    /// Which of all phrases are its own.
    phrases: Range<usize>,
}

/// Packs as they were written, with what they hold: all that is needed to have messages searched by them elsewhere.
#[derive(Clone, Debug)]
pub struct Stock {
    /// The packs.
    pub set: PackSet,
    /// The year they are told that it is, see [`Packs::in_year`].
    pub year: u16,
    /// What they hold.
    pub catalogue: Catalogue,
}

impl Stock {
    /// The packs that these were compiled from.
    pub fn of(packs: &Packs) -> Self {
        Self {
            set: packs.set().clone(),
            year: packs.year(),
            catalogue: Catalogue::of(packs),
        }
    }
}

impl Catalogue {
    /// What compiled packs hold.
    pub fn of(packs: &Packs) -> Self {
        let mut catalogue = Self {
            digests: packs.digests().clone(),
            off: packs.switched_off().to_vec(),
            ..Self::default()
        };
        for (subject, pattern) in (0..).zip(packs.subjects()) {
            let first = catalogue.ends.len();
            for phrase in packs.lexicon().written_of(subject) {
                catalogue.written.push_str(phrase);
                catalogue.ends.push(catalogue.written.len());
            }
            let phrases = first..catalogue.ends.len();
            catalogue.add(&pattern.id, pattern.category, phrases);
        }
        for number in packs.cpr() {
            catalogue.add(&number.id, number.category, 0..0);
        }
        catalogue
    }

    fn add(&mut self, id: &str, category: Category, phrases: Range<usize>) {
        self.patterns.push(Entry {
            id: id.into(),
            category,
            phrases,
        });
    }

    /// By what these packs are told from others.
    pub fn version(&self) -> PackVersion {
        self.digests.set
    }

    /// What is different in `after`.
    pub fn changes(&self, after: &Self) -> Changes {
        self.digests.changes(&after.digests)
    }

    /// The patterns, without those that are switched off.
    pub fn patterns(&self) -> &[Entry] {
        &self.patterns
    }

    /// The pattern of that name.
    pub fn pattern(&self, id: &str) -> Option<&Entry> {
        self.patterns.iter().find(|pattern| *pattern.id == *id)
    }

    /// The names of all patterns, those that are switched off among them.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let on = self.patterns.iter().map(|pattern| &*pattern.id);
        on.chain(self.off.iter().map(|id| &**id))
    }

    /// Whether a pattern has a phrase that is written so.
    pub fn has(&self, pattern: &Entry, phrase: &str) -> bool {
        let Range { mut start, mut end } = pattern.phrases.clone();
        while start < end {
            let middle = start.midpoint(end);
            match self.phrase(middle).cmp(phrase) {
                std::cmp::Ordering::Less => start = middle + 1,
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Greater => end = middle,
            }
        }
        false
    }

    fn phrase(&self, at: usize) -> &str {
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let (start, end) = (before.copied().unwrap_or(0), self.ends.get(at).copied());
        let written = end.and_then(|end| self.written.get(start..end));
        written.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::FingerprintKey;

    #[test]
    fn it_has_each_phrase_of_each_pattern_and_no_other() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let catalogue = Catalogue::of(&packs);
        let subjects: Vec<_> = (0..).zip(packs.subjects()).collect();
        let mut seen = 0;
        for (subject, pattern) in &subjects {
            let entry = catalogue.pattern(&pattern.id).unwrap();
            for phrase in packs.lexicon().written_of(*subject) {
                assert!(catalogue.has(entry, phrase), "{phrase}");
                assert!(!catalogue.has(entry, &format!("{phrase}x")), "{phrase}");
                seen += 1;
            }
            assert!(!catalogue.has(entry, "") && !catalogue.has(entry, "\u{10FFFF}"));
        }
        assert!(seen > 5000, "{seen}");
        let of_another = subjects.iter().any(|(_, pattern)| {
            let entry = catalogue.pattern(&pattern.id).unwrap();
            let first = packs.lexicon().written_of(0).next().unwrap();
            *pattern.id != *subjects[0].1.id && !catalogue.has(entry, first)
        });
        assert!(of_another);
        let number = catalogue.pattern("dk.cpr").unwrap();
        assert_eq!(number.category, Category::NationalId);
        assert!(!catalogue.has(number, packs.lexicon().written_of(0).next().unwrap()));
        assert!(catalogue.pattern("dk.none").is_none());
    }
}
