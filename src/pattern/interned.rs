//! Many short strings, kept one behind another.
//!
//! A string of its own takes a pointer, a length and a piece of the heap, which is five times its letters; packs have a hundred
//! thousand.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Strings by their number.
#[derive(Clone, Default, Debug)]
pub(super) struct Strings {
    letters: String,
    /// Of each string, where the next begins.
    ends: Vec<u32>,
}

/// Different strings, each known by its number, and the number by the string.
#[derive(Clone, Default, Debug)]
pub(super) struct Interned {
    strings: Strings,
    numbers: HashTable<u32>,
}

impl Strings {
    /// Adds one behind the others.
    pub(super) fn push(&mut self, string: &str) {
        self.letters.push_str(string);
        // Packs are files of some megabytes.
        let end = u32::try_from(self.letters.len()).unwrap_or(u32::MAX);
        self.ends.push(end);
    }

    /// The one of that number; the empty one where there is none.
    pub(super) fn get(&self, number: u32) -> &str {
        let end = |number: usize| Some(index(*self.ends.get(number)?));
        let number = index(number);
        let begin = number.checked_sub(1).map_or(Some(0), end);
        let range = begin.zip(end(number)).map(|(begin, end)| begin..end);
        range
            .and_then(|range| self.letters.get(range))
            .unwrap_or_default()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Interned {
    /// The number of a string, which it is given where it has none yet: as many as were known before.
    pub(super) fn add(&mut self, string: &str) -> u32 {
        if let Some(known) = self.number(string) {
            return known;
        }
        let number = u32::try_from(self.len()).unwrap_or(u32::MAX);
        self.strings.push(string);
        let strings = &self.strings;
        self.numbers
            .insert_unique(hash(string), number, |it| hash(strings.get(*it)));
        number
    }

    /// The number of a string.
    pub(super) fn number(&self, string: &str) -> Option<u32> {
        let is_it = |number: &u32| self.strings.get(*number) == string;
        self.numbers.find(hash(string), is_it).copied()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.strings.len()
    }
}

fn hash(string: &str) -> u64 {
    FxBuildHasher.hash_one(string)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_told_by_their_number() {
        let mut strings = Strings::default();
        for string in ["syg", "", "læge"] {
            strings.push(string);
        }
        let told = [0, 1, 2, 3].map(|number| strings.get(number));
        assert_eq!(told, ["syg", "", "læge", ""]);
    }

    #[test]
    fn a_string_has_one_number() {
        let mut interned = Interned::default();
        for round in 0..2 {
            for number in 0..1000 {
                assert_eq!(interned.add(&format!("ord{number}")), number, "{round}");
            }
        }
        assert_eq!(interned.len(), 1000);
        assert_eq!(interned.number("ord17"), Some(17));
        assert_eq!(interned.number("ord1000"), None);
    }
}
