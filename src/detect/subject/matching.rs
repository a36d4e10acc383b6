//! Phrases found among words.

use std::ops::Range;

use crate::pattern::{Anchor, ClassId, Lexicon, Presence, Sense, Step, WIDEST_GAP};

/// A literal at a word, ascending by word.
pub(super) type Hit = (u32, u32);

/// Something of a class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Member {
    pub(super) class: ClassId,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A phrase found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Match {
    pub(super) phrase: u32,
    pub(super) sense: Sense,
    /// From its first word to its last.
    pub(super) span: Range<usize>,
    /// Which words of the sentence its words are, bit 0 being the first of the sentence. Gaps and classes of the language are none.
    pub(super) words: u128,
}

/// The words of one sentence, in which phrases are looked for.
pub(super) struct Field<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) sentence: Range<usize>,
    /// The literals in the sentence.
    pub(super) hits: &'a [Hit],
    /// What is of a class in the sentence, ascending.
    pub(super) members: Vec<Member>,
}

impl Field<'_> {
    /// Every phrase that is anchored at a literal or a class of the sentence and meant by `wanted`.
    pub(super) fn matches(&self, wanted: impl Fn(Sense) -> bool) -> Vec<Match> {
        let mut found = Vec::new();
        for &(word, literal) in self.hits {
            for anchor in self.lexicon.anchored_by(literal) {
                self.try_at(*anchor, index(word)..index(word) + 1, &wanted, &mut found);
            }
        }
        for member in &self.members {
            for anchor in self.lexicon.anchored_by_class(member.class) {
                self.try_at(*anchor, member.start..member.end, &wanted, &mut found);
            }
        }
        found
    }

    fn try_at(
        &self,
        anchor: Anchor,
        at: Range<usize>,
        wanted: &impl Fn(Sense) -> bool,
        found: &mut Vec<Match>,
    ) {
        let Some(sense) = self
            .lexicon
            .sense(anchor.phrase)
            .filter(|sense| wanted(*sense))
        else {
            return;
        };
        let steps = self.lexicon.steps(anchor.phrase);
        let step = usize::from(anchor.step);
        let (Some(before), Some(after)) = (steps.get(..step), steps.get(step + 1..)) else {
            return;
        };
        let Some((start, left)) = self.backward(before, at.start) else {
            return;
        };
        let Some((end, right)) = self.forward(after, at.end) else {
            return;
        };
        found.push(Match {
            phrase: anchor.phrase,
            sense,
            span: start..end,
            words: left | right | self.bits(&at),
        });
    }

    /// Where the steps end that begin at `at`, and which words they are.
    fn forward(&self, steps: &[Step], at: usize) -> Option<(usize, u128)> {
        let Some((step, rest)) = steps.split_first() else {
            return Some((at, 0));
        };
        match step {
            Step::Gap => (at..=at + WIDEST_GAP).find_map(|at| self.forward(rest, at)),
            Step::OneOf(literals, classes, presence) => {
                let mut ends = self
                    .members
                    .iter()
                    .filter(|it| it.start == at && classes.contains(&it.class))
                    .map(|it| (it.end, 0));
                let word = self
                    .is_at(literals, at)
                    .then(|| (at + 1, self.bits(&(at..at + 1))));
                let found = word
                    .into_iter()
                    .chain(ends.by_ref())
                    .find_map(|(end, bits)| {
                        let (end, words) = self.forward(rest, end)?;
                        Some((end, words | bits))
                    });
                found.or_else(|| {
                    (*presence == Presence::Optional).then(|| self.forward(rest, at))?
                })
            }
        }
    }

    /// Where the steps begin that end before `at`, and which words they are.
    fn backward(&self, steps: &[Step], at: usize) -> Option<(usize, u128)> {
        let Some((step, rest)) = steps.split_last() else {
            return Some((at, 0));
        };
        match step {
            Step::Gap => (0..=WIDEST_GAP).find_map(|gap| self.backward(rest, at.checked_sub(gap)?)),
            Step::OneOf(literals, classes, presence) => {
                let mut starts = self
                    .members
                    .iter()
                    .filter(|it| it.end == at && classes.contains(&it.class))
                    .map(|it| (it.start, 0));
                let before = at
                    .checked_sub(1)
                    .filter(|&before| self.is_at(literals, before));
                let word = before.map(|before| (before, self.bits(&(before..at))));
                let found = word
                    .into_iter()
                    .chain(starts.by_ref())
                    .find_map(|(start, bits)| {
                        let (start, words) = self.backward(rest, start)?;
                        Some((start, words | bits))
                    });
                found.or_else(|| {
                    (*presence == Presence::Optional).then(|| self.backward(rest, at))?
                })
            }
        }
    }

    /// Whether one of the literals stands at that word of the sentence.
    fn is_at(&self, literals: &[u32], word: usize) -> bool {
        let Ok(word) = u32::try_from(word) else {
            return false;
        };
        let from = self.hits.partition_point(|hit| hit.0 < word);
        let here = self.hits.get(from..).unwrap_or_default();
        here.iter()
            .take_while(|hit| hit.0 == word)
            .any(|hit| literals.contains(&hit.1))
    }

    fn bits(&self, words: &Range<usize>) -> u128 {
        words
            .clone()
            .filter_map(|word| u32::try_from(word.checked_sub(self.sentence.start)?).ok())
            .filter_map(|bit| 1_u128.checked_shl(bit))
            .fold(0, |bits, bit| bits | bit)
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
