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
    /// Which words of the sentence its words are, bit 0 being the first of the sentence. What stands in a gap or is of a class is
    /// none of them.
    pub(super) words: u128,
    /// Which words it has in all: what means something else covers them all.
    pub(super) covers: u128,
}

/// The words of one sentence, in which phrases are looked for.
pub(super) struct Field<'a> {
    lexicon: &'a Lexicon,
    sentence: Range<usize>,
    /// The literals in the sentence.
    hits: &'a [Hit],
    /// Where those of each word begin, and behind the last of them where they end.
    begins: Vec<usize>,
    /// What is of a class in the sentence, ascending.
    pub(super) members: Vec<Member>,
}

impl<'a> Field<'a> {
    pub(super) fn new(
        lexicon: &'a Lexicon,
        sentence: Range<usize>,
        hits: &'a [Hit],
        members: Vec<Member>,
    ) -> Self {
        let mut begins = Vec::with_capacity(sentence.len() + 1);
        let mut at = 0;
        for word in sentence.start..=sentence.end {
            while hits.get(at).is_some_and(|hit| index(hit.0) < word) {
                at += 1;
            }
            begins.push(at);
        }
        Self {
            lexicon,
            sentence,
            hits,
            begins,
            members,
        }
    }

    /// Every phrase of a subject and every cue in the sentence.
    pub(super) fn matches(&self) -> Vec<Match> {
        let mut found = Vec::new();
        self.each(Lexicon::anchored_by, Lexicon::anchored_by_class, |it| {
            found.push(it)
        });
        found
    }

    /// Everything of a class that is seen by the words and classes known so far.
    pub(super) fn classes(&self) -> Vec<Member> {
        let mut found = Vec::new();
        self.each(
            Lexicon::class_anchored_by,
            Lexicon::class_anchored_by_class,
            |it| {
                if let Sense::Class(class) = it.sense {
                    found.push(Member {
                        class,
                        start: it.span.start,
                        end: it.span.end,
                    });
                }
            },
        );
        found
    }

    fn each(
        &self,
        by_literal: impl Fn(&Lexicon, u32) -> &[Anchor],
        by_class: impl Fn(&Lexicon, ClassId) -> &[Anchor],
        mut tell: impl FnMut(Match),
    ) {
        for &(word, literal) in self.hits {
            for anchor in by_literal(self.lexicon, literal) {
                self.try_at(*anchor, index(word)..index(word) + 1)
                    .into_iter()
                    .for_each(&mut tell);
            }
        }
        for member in &self.members {
            for anchor in by_class(self.lexicon, member.class) {
                self.try_at(*anchor, member.start..member.end)
                    .into_iter()
                    .for_each(&mut tell);
            }
        }
    }

    fn try_at(&self, anchor: Anchor, at: Range<usize>) -> Option<Match> {
        let sense = self.lexicon.sense(anchor.phrase)?;
        let steps = self.lexicon.steps(anchor.phrase);
        let step = usize::from(anchor.step);
        let (start, left) = self.backward(steps.get(..step)?, at.start)?;
        let (end, right) = self.forward(steps.get(step + 1..)?, at.end)?;
        Some(Match {
            phrase: anchor.phrase,
            sense,
            covers: self.bits(&(start..end)),
            span: start..end,
            words: left | right | self.bits(&at),
        })
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
        let Some(at) = word.checked_sub(self.sentence.start) else {
            return false;
        };
        let from = self.begins.get(at).copied().unwrap_or_default();
        let to = self.begins.get(at + 1).copied().unwrap_or_default();
        let here = self.hits.get(from..to).unwrap_or_default();
        here.iter().any(|hit| literals.contains(&hit.1))
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
