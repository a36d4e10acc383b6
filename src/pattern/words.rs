//! The words of a pattern, compiled: which of them stand in a stretch of text, and what each says.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

/// What a word of a pack says about a number near it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// The number is a CPR number.
    Number,
    /// The number is a CPR number or a P-number: `p.nr.`
    Shared,
    /// Somebody is spoken of.
    Person,
    /// Somebody is meant: `hun`, `min`.
    Pronoun,
    /// A birth date is spoken of.
    Birth,
    /// The last four digits are spoken of.
    LastFour,
    /// The number is another one: the index of what, in [`crate::pattern::CprPattern::others`].
    Other(u16),
    /// Standing after the number, the word says that it is another one.
    After(u16),
    /// The next label is one of another country.
    Foreign,
    /// A first name.
    Given,
    /// A word for any number: `nummer`, `nr`.
    Numeral,
    /// A word between a label and its number: `er`, `lyder`.
    Link,
    /// A word that turns from a thing to a person: in `faktura til 010203-4455` the number is no invoice.
    Turn,
    /// A matter of persons: the number behind `boligstøtte` is the person's.
    Matter,
    /// A word that is no noun, so that the number after it is not that noun's number.
    Plain,
    /// A word for another one of what was named before: `et nyt`.
    Again,
    /// A word that denies what is behind it: `ikke`, `ingen`.
    Deny,
    /// A word behind which a verb comes: `vi`, `at`.
    Subject,
    /// What a person does: `bor`, `skal`. A number that does it stands for a person.
    Act,
    /// The name of a month, from 1.
    Month(u8),
}

/// A word of a pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// As the pack has it: `faktura*`.
    pub written: Box<str>,
    /// What it says.
    pub role: Role,
    /// Whether another word may go before it without a gap: `*nummer`.
    open_start: bool,
    /// Whether it may go on in any way: `faktura*`.
    open_end: bool,
    /// Whether it takes the endings of a noun.
    inflected: bool,
}

impl Role {
    /// Whether words that say so are nouns, which take endings.
    pub(super) fn is_noun(self) -> bool {
        !matches!(
            self,
            Self::Pronoun
                | Self::Foreign
                | Self::Given
                | Self::Numeral
                | Self::Link
                | Self::Turn
                | Self::Plain
                | Self::Again
                | Self::Deny
                | Self::Act
                | Self::Month(_)
        )
    }
}

impl Word {
    /// A word as a pack writes it, lower case; a `*` at an end leaves that end open, and nouns take endings.
    pub(super) fn new(written: &str, role: Role) -> Self {
        Self {
            written: written.into(),
            role,
            open_start: written.starts_with('*'),
            open_end: written.ends_with('*'),
            // Two letters and an ending are another word, `id` and `idet`, and so are three at the end of one.
            inflected: role.is_noun()
                && written.trim_end_matches('*').chars().count()
                    > 2 + 2 * usize::from(written.starts_with('*')),
        }
    }

    /// What is searched for.
    pub(super) fn stem(&self) -> &str {
        self.written.trim_matches('*')
    }
}

/// All words of a pattern.
#[derive(Debug)]
pub struct Words {
    words: Vec<Word>,
    search: AhoCorasick,
}

impl Clone for Words {
    /// Words with an automaton of their own. A clone of that would be the same one, and stay where it was made.
    fn clone(&self) -> Self {
        let words = self.words.clone();
        Self::compile(words).unwrap_or_else(|_| Self {
            words: self.words.clone(),
            search: self.search.clone(),
        })
    }
}

/// A word found in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spotted {
    /// Offset of its first octet.
    pub start: usize,
    /// Offset past its last octet, endings included.
    pub end: usize,
    /// Which word it is: an index for [`Words::word`].
    pub word: u16,
    /// What it says.
    pub role: Role,
}

/// Danish and English endings a whole word may take: definite, genitive, plural.
pub(super) const ENDINGS: [&str; 11] = [
    "s", "n", "ns", "en", "ens", "et", "ets", "ne", "nes", "ene", "erne",
];

impl Words {
    pub(super) fn compile(words: Vec<Word>) -> Result<Self, aho_corasick::BuildError> {
        // A DFA takes ten times the memory of each inspector and is not faster here (measured): words are only looked for around numbers.
        let search = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(words.iter().map(Word::stem))?;
        Ok(Self { words, search })
    }

    /// The word of that index.
    pub fn word(&self, index: u16) -> Option<&Word> {
        self.words.get(usize::from(index))
    }

    /// Every word in `text`, which is lower case, by ascending end. Words may overlap.
    pub fn spot<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Spotted> + 'a {
        self.search
            .find_overlapping_iter(text)
            .filter_map(move |found| {
                let index = found.pattern().as_usize();
                let word = self.words.get(index)?;
                let start = word.begins(text, found.start())?;
                let end = word.ends(text, found.end())?;
                Some(Spotted {
                    start,
                    end,
                    word: u16::try_from(index).ok()?,
                    role: word.role,
                })
            })
    }
}

impl Word {
    /// Where the word that has its stem at `at` begins, if it may begin there.
    fn begins(&self, text: &str, at: usize) -> Option<usize> {
        let before = text.get(..at)?;
        if !before.ends_with(char::is_alphabetic) {
            // `*nummer` is a word that ends so, not the word itself.
            return (!self.open_start || self.open_end).then_some(at);
        }
        if !self.open_start {
            return None;
        }
        let letters = before.char_indices().rev();
        let first = letters.take_while(|(_, c)| c.is_alphabetic()).last();
        first.map(|(start, _)| start)
    }

    /// Where the word that has its stem before `at` ends, if it may end there.
    fn ends(&self, text: &str, at: usize) -> Option<usize> {
        let after = text.get(at..)?;
        if !after.starts_with(char::is_alphabetic) {
            return Some(at);
        }
        if !self.open_end && !self.inflected {
            return None;
        }
        let letters = after
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(after.len());
        let fits = self.open_end || ENDINGS.contains(&after.get(..letters)?);
        fits.then_some(at + letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spotted(words: &[&str], text: &str) -> Vec<String> {
        let words = words.iter().map(|w| Word::new(w, Role::Person)).collect();
        Words::compile(words)
            .unwrap()
            .spot(text)
            .map(|found| text.get(found.start..found.end).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn a_whole_word_takes_endings_and_no_others() {
        assert_eq!(
            spotted(&["borger"], "borgeren borgers borgerlig medborger borger."),
            ["borgeren", "borgers", "borger"]
        );
    }

    #[test]
    fn a_star_leaves_an_end_open() {
        assert_eq!(
            spotted(&["faktura*"], "fakturanr. forfaktura"),
            ["fakturanr"]
        );
        assert_eq!(
            spotted(&["*nummer"], "måleraflæsningsnummeret nummer"),
            ["måleraflæsningsnummeret"]
        );
    }

    #[test]
    fn a_hyphen_and_a_digit_end_a_word() {
        assert_eq!(
            spotted(&["cpr"], "cpr-nr cpr0101 xcpr _cpr_"),
            ["cpr", "cpr", "cpr"]
        );
    }
}
