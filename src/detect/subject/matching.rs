//! Phrases found among words.

use std::ops::Range;

use crate::detect::subject::words::Words;
use crate::pattern::{
    Anchor, Choices, ClassId, Known, Lexicon, Presence, Present, Sense, Step, Token, WIDEST_GAP,
};

/// How deep classes may name classes. Fixed: 4; what is named deeper is not seen.
const CLASSES_DEEP: usize = 4;

/// Something of a class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Member {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: ClassId,
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
    words: Words<'a>,
    sentence: Range<usize>,
    /// What may be in the sentence.
    present: &'a Present,
    /// What is of a class in it, ascending.
    pub(super) members: Vec<Member>,
}

impl<'a> Field<'a> {
    /// `computed` is what is of a class by its looks.
    pub(super) fn new(
        lexicon: &'a Lexicon,
        words: Words<'a>,
        sentence: Range<usize>,
        present: &'a Present,
        computed: &[Member],
    ) -> Self {
        let mut field = Self {
            lexicon,
            words,
            present,
            members: Vec::new(),
            sentence: sentence.clone(),
        };
        for member in computed {
            let class = lexicon.tokens().of_class(member.class);
            field.add(member.start..member.end, lexicon.is_all(class));
        }
        for word in sentence {
            field.add(word..word + 1, words.tokens(word));
        }
        field.tidy();
        field.add_made();
        field
    }

    /// Every phrase of a subject and every cue in the sentence.
    pub(super) fn matches(&self) -> Vec<Match> {
        let mut found = Vec::new();
        self.each(
            |known| known.topics.iter().chain(known.cues),
            |it| found.push(it),
        );
        found
    }

    /// Adds what is of a class by several words, and then by the classes that were found so, however deep.
    fn add_made(&mut self) {
        for _ in 0..CLASSES_DEEP {
            let mut found = Vec::new();
            self.each(|known| known.makers.iter(), |it| found.push(it));
            let before = self.members.len();
            for it in found {
                if let Sense::Class(class) = it.sense {
                    let class = self.lexicon.tokens().of_class(class);
                    self.add(it.span, self.lexicon.is_all(class));
                }
            }
            self.tidy();
            if self.members.len() == before {
                break;
            }
        }
    }

    fn add(&mut self, span: Range<usize>, all: &[Token]) {
        let classes = all.iter();
        let classes = classes.filter_map(|token| self.lexicon.tokens().class(*token));
        self.members.extend(classes.map(|class| Member {
            start: span.start,
            end: span.end,
            class,
        }));
    }

    fn tidy(&mut self) {
        self.members.sort_unstable();
        self.members.dedup();
    }

    fn each<'l, A>(&self, anchors: impl Fn(Known<'l>) -> A, mut tell: impl FnMut(Match))
    where
        A: Iterator<Item = &'l Anchor>,
        'a: 'l,
    {
        let tokens = self.lexicon.tokens();
        let literals = self.sentence.clone().flat_map(|word| {
            let literals = self.words.literals(word).iter();
            literals.map(move |literal| (tokens.of_literal(*literal), word..word + 1))
        });
        let members = self.members.iter();
        let members = members.map(|it| (tokens.of_class(it.class), it.start..it.end));
        for (token, span) in literals.chain(members) {
            for anchor in anchors(self.lexicon.known(token)) {
                self.try_at(anchor, span.clone())
                    .into_iter()
                    .for_each(&mut tell);
            }
        }
    }

    fn try_at(&self, anchor: &Anchor, at: Range<usize>) -> Option<Match> {
        if !self.present.may_have(self.lexicon, anchor) {
            return None;
        }
        let steps = self.lexicon.steps(anchor.phrase);
        let step = usize::from(anchor.step);
        let own = match steps.get(step)? {
            Step::OneOf(choices, _) if at.len() == 1 && self.is_at(*choices, at.start) => {
                self.bits(&at)
            }
            _ => 0,
        };
        let (start, left) = self.backward(steps.get(..step)?, at.start)?;
        let (end, right) = self.forward(steps.get(step + 1..)?, at.end)?;
        Some(Match {
            phrase: anchor.phrase,
            sense: anchor.sense,
            covers: self.bits(&(start..end)),
            span: start..end,
            // What is of a class is none of its words; the first is, where it has no others.
            words: match left | right | own {
                0 => self.bits(&(start..start + 1)),
                words => words,
            },
        })
    }

    /// Where the steps end that begin at `at`, and which words they are.
    fn forward(&self, steps: &[Step], at: usize) -> Option<(usize, u128)> {
        let Some((step, rest)) = steps.split_first() else {
            return Some((at, 0));
        };
        match step {
            Step::Gap => (at..=at + WIDEST_GAP).find_map(|at| self.forward(rest, at)),
            Step::OneOf(choices, presence) => {
                let classes = self.lexicon.classes_at(*choices);
                let mut ends = self.beginning_at(at, classes).map(|it| (it.end, 0));
                let word = self
                    .is_at(*choices, at)
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
            Step::OneOf(choices, presence) => {
                let classes = self.lexicon.classes_at(*choices);
                let members: &[Member] = if classes.is_empty() {
                    &[]
                } else {
                    &self.members
                };
                let mut starts = members
                    .iter()
                    .take_while(|it| it.start < at)
                    .filter(|it| it.end == at && classes.contains(&it.class))
                    .map(|it| (it.start, 0));
                let before = at
                    .checked_sub(1)
                    .filter(|&before| self.is_at(*choices, before));
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

    /// What is of one of the classes and begins at that word.
    fn beginning_at(&self, at: usize, classes: &[ClassId]) -> impl Iterator<Item = &Member> {
        let first = if classes.is_empty() {
            self.members.len()
        } else {
            self.members.partition_point(|it| it.start < at)
        };
        let here = self.members.get(first..).unwrap_or_default();
        here.iter()
            .take_while(move |it| it.start == at)
            .filter(|it| classes.contains(&it.class))
    }

    /// Whether one of the literals stands at that word of the sentence.
    fn is_at(&self, choices: Choices, word: usize) -> bool {
        let literals = self.lexicon.literals_at(choices);
        self.sentence.contains(&word)
            && self
                .words
                .literals(word)
                .iter()
                .any(|literal| literals.binary_search(literal).is_ok())
    }

    fn bits(&self, words: &Range<usize>) -> u128 {
        words
            .clone()
            .filter_map(|word| u32::try_from(word.checked_sub(self.sentence.start)?).ok())
            .filter_map(|bit| 1_u128.checked_shl(bit))
            .fold(0, |bits, bit| bits | bit)
    }
}
