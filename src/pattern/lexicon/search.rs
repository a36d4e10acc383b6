//! One pass over folded words, which tells every literal that stands in them.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError, MatchKind};

use crate::pattern::phrase::{Edge, Literal};

/// Looks for many literals at once.
///
/// It reads a text of folded words, each behind one blank: ` kære borger `.
#[derive(Default, Debug)]
pub struct Search {
    /// `None` where there is nothing to look for.
    automaton: Option<AhoCorasick>,
    /// Which literal each pattern of the automaton is of, and how long its letters are.
    found: Vec<(u32, u16)>,
}

/// Letters of a literal, seen in a text. Whether what stands around them fits is not known yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Which literal it may be.
    pub literal: u32,
    /// Offset of its first letter.
    pub start: usize,
    /// Offset past its last letter.
    pub end: usize,
}

impl Search {
    pub(super) fn new(
        literals: &[Literal],
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Self, BuildError> {
        let mut needles: Vec<String> = Vec::new();
        let mut found = Vec::new();
        for (at, literal) in literals.iter().enumerate().filter(|(at, _)| wanted(*at)) {
            let id = u32::try_from(at).unwrap_or(u32::MAX);
            for letters in std::iter::once(literal.folded()).chain(literal.transliterated()) {
                found.push((id, u16::try_from(letters.len()).unwrap_or(u16::MAX)));
                needles.push(needle(literal, &letters));
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(needles)?;
        Ok(Self {
            automaton: Some(automaton),
            found,
        })
    }

    /// Everything seen in `words`, by ascending end.
    pub fn see<'a>(&'a self, words: &'a str) -> impl Iterator<Item = Seen> + 'a {
        self.automaton
            .iter()
            .flat_map(move |automaton| automaton.find_overlapping_iter(words))
            .filter_map(move |found| {
                let &(literal, length) = self.found.get(found.pattern().as_usize())?;
                let end = if words.as_bytes().get(found.end().checked_sub(1)?) == Some(&b' ') {
                    found.end() - 1
                } else {
                    found.end()
                };
                Some(Seen {
                    literal,
                    start: end.checked_sub(usize::from(length))?,
                    end,
                })
            })
    }
}

/// What is looked for: a blank stands where a word must begin or end, which saves most of the looking.
fn needle(literal: &Literal, letters: &str) -> String {
    let before = if literal.start == Edge::Closed {
        " "
    } else {
        ""
    };
    let after = if literal.end == Edge::Closed { " " } else { "" };
    format!("{before}{letters}{after}")
}
