//! Which literals stand in a word.
//!
//! An automaton over all literals (Aho–Corasick, as everywhere else) was measured first: with 15,000 literals it is 40 MB, and
//! walking it waits for memory. A word has few beginnings and few letters, so hashing every beginning of it, and what follows
//! each three letters that some literal begins with, is several times faster and small (benches/detect.rs).

use crate::pattern::interned::Interned;
use crate::pattern::lexicon::index;
use crate::pattern::lexicon::lists::Lists;
use crate::pattern::lexicon::literals::Literals;
use crate::pattern::phrase::Edge;

/// Looks for many literals in one word at a time.
#[derive(Clone, Default, Debug)]
pub struct Search {
    /// Literals at which a word must begin.
    first: Table,
    /// Literals that may stand anywhere in a word.
    inside: Table,
    /// The first three octets of those.
    begins_inside: Filter,
    /// Whether one of them has fewer once its doubles are folded, so that it may begin anywhere.
    short_inside: Short,
}

/// Whether a literal that may stand anywhere in a word is shorter than what is looked at first.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Short {
    #[default]
    None,
    Some,
}

/// Letters of a literal, seen in a word. Whether what stands around them fits is not known yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Which literal it may be.
    pub literal: u32,
    /// Offset of its first letter in the word.
    pub start: usize,
    /// Offset past its last letter.
    pub end: usize,
}

impl Search {
    pub(super) fn new(literals: &Literals) -> Self {
        let mut search = Self::default();
        let (mut first, mut inside) = (Vec::new(), Vec::new());
        for (id, literal) in literals.iter() {
            for letters in std::iter::once(literal.folded()).chain(literal.transliterated()) {
                if literal.start == Edge::Open {
                    if letters.len() < BEGINNING {
                        search.short_inside = Short::Some;
                    }
                    search
                        .begins_inside
                        .add(hash(letters.bytes().take(BEGINNING)));
                    inside.push((search.inside.add(&letters), id));
                } else {
                    first.push((search.first.add(&letters), id));
                }
            }
        }
        search.first.give(first);
        search.inside.give(inside);
        search
    }

    /// Tells `tell` of everything seen in `word`, which is folded.
    pub fn see(&self, word: &str, mut tell: impl FnMut(Seen)) {
        self.first.see(word, 0, &mut tell);
        if self.inside.is_empty() {
            return;
        }
        if self.short_inside == Short::Some {
            (0..word.len()).for_each(|start| self.inside.see(word, start, &mut tell));
            return;
        }
        for (start, beginning) in word.as_bytes().windows(BEGINNING).enumerate() {
            if self.begins_inside.may_have(hash(beginning.iter().copied())) {
                self.inside.see(word, start, &mut tell);
            }
        }
    }
}

/// How many octets of a literal inside a word are looked at first. No literal with an open start has fewer letters.
const BEGINNING: usize = 3;

/// Literals by the hash of their letters.
#[derive(Clone, Default, Debug)]
struct Table {
    filter: Filter,
    /// Of all their beginnings: where a word has none, nothing that goes on there is one of them.
    beginnings: Filter,
    letters: Interned,
    /// The literals that have these letters, by the number of those.
    literals: Lists<u32>,
    longest: usize,
}

impl Table {
    /// Adds the letters of a literal, and tells their number.
    fn add(&mut self, letters: &str) -> usize {
        let mut hash = START;
        for octet in letters.bytes() {
            hash = step(hash, octet);
            self.beginnings.add(hash);
        }
        self.filter.add(hash);
        self.longest = self.longest.max(letters.len());
        index(self.letters.add(letters))
    }

    /// Gives letters their literals: the number of the letters, and the literal.
    fn give(&mut self, literals: Vec<(usize, u32)>) {
        self.literals = Lists::by_number(literals, self.letters.len());
    }

    fn is_empty(&self) -> bool {
        self.letters.len() == 0
    }

    /// Tells of every literal that begins at `start`.
    fn see(&self, word: &str, start: usize, tell: &mut impl FnMut(Seen)) {
        let mut hash = START;
        let letters = word.as_bytes().get(start..).unwrap_or_default();
        for (at, &octet) in letters.iter().take(self.longest).enumerate() {
            hash = step(hash, octet);
            if !self.beginnings.may_have(hash) {
                return;
            }
            if !self.filter.may_have(hash) {
                continue;
            }
            let end = start + at + 1;
            let letters = word.get(start..end).and_then(|it| self.letters.number(it));
            let literals = letters.map(|letters| self.literals.get(index(letters)));
            for &literal in literals.into_iter().flatten() {
                tell(Seen {
                    literal,
                    start,
                    end,
                });
            }
        }
    }
}

/// A set that sometimes has what was never added, and always what was.
#[derive(Clone, Debug)]
struct Filter(Box<[u64]>);

/// How many bits a filter has, as a power of two. Fixed: 2^19, 64 KiB, which stays in a processor's second cache and has one bit
/// in thirty set by 15,000 literals.
const FILTER_BITS: u32 = 19;

impl Default for Filter {
    fn default() -> Self {
        Self(vec![0; 1 << (FILTER_BITS - 6)].into())
    }
}

impl Filter {
    fn add(&mut self, hash: u64) {
        let (word, bit) = Self::place(hash);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = Self::place(hash);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    fn place(hash: u64) -> (usize, u64) {
        let place = hash >> (64 - FILTER_BITS);
        (usize::try_from(place >> 6).unwrap_or(0), 1 << (place & 63))
    }
}

/// The hash of nothing.
const START: u64 = 0xcbf2_9ce4_8422_2325;

fn hash(octets: impl Iterator<Item = u8>) -> u64 {
    octets.fold(START, step)
}

/// One more octet: multiplied by an odd number near the golden ratio, so that the high bits, which are looked at, depend on all.
fn step(hash: u64, octet: u8) -> u64 {
    (hash.rotate_left(5) ^ u64::from(octet)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
