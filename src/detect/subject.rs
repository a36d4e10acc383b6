//! Subjects told of somebody: health, faith, debt and the rest of what a stranger has no business to know.
//!
//! A word of a subject alone is nothing: it stands in every third notice a municipality sends. It becomes personal data where it
//! is told of somebody. So a text is cut into sentences, and each is weighed: what its phrases say of the subject, whether
//! somebody in particular is there, and whether it reads as written about nobody. What stands in the next sentence and in the
//! subject of the message counts a share. Everything that is weighed is in the packs.

mod ceiling;
mod forms;
mod glance;
mod greetings;
mod leaning;
mod matching;
mod names;
mod opening;
mod persons;
mod region;
mod seen;
mod sentences;
mod traits;
mod weigh;
mod words;

use std::ops::Range;

use crate::detect::finding::Confidence;
use crate::detect::stems::Case;
use crate::detect::subject::ceiling::Above;
use crate::detect::subject::leaning::Sums;
use crate::detect::subject::region::{Reader, Region};
use crate::detect::subject::traits::Traits;
use crate::detect::subject::weigh::Weighed;
use crate::detect::subject::words::{Row, Words};
use crate::limits::Cancel;
use crate::pattern::{Packs, stem};

pub(super) use forms::Forms;

/// What a text says of somebody.
pub(super) struct Told {
    /// Index of the pattern.
    pub(super) subject: u16,
    /// From the first of its words to the last.
    pub(super) span: Range<usize>,
    /// How sure it is; `None` where it is less than a finding must be.
    pub(super) confidence: Option<Confidence>,
    /// What was weighed, in fixed words and the names of cues.
    pub(super) reasons: Vec<Box<str>>,
    /// The phrases of the pack that were seen.
    pub(super) phrases: Vec<Box<str>>,
    /// How much it all weighs together.
    pub(super) weight: f32,
    /// The name of whoever it is about, folded, where one stands there.
    pub(super) name: Option<String>,
}

/// What the subject of a message adds to its text.
#[derive(Default)]
pub(super) struct Heading {
    sentences: Vec<Weighed>,
    leaning: Sums,
}

impl Heading {
    /// What it can add to a sentence at most.
    fn above(&self, packs: &Packs) -> Above {
        let most = |weight: &dyn Fn(&Weighed) -> f32| {
            let weights = self.sentences.iter().map(weight);
            weights.fold(0.0, f32::max)
        };
        Above {
            somebody: most(&|it| it.somebody(packs)),
            topic: most(&Weighed::heaviest),
        }
    }
}

/// Whether passages that are no findings are told of too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passages {
    /// Findings only.
    Findings,
    /// All in which a word of the subject stands.
    All,
}

/// Work was ended.
pub(super) struct Ended;

/// How many words are looked at together. Fixed: 2,000, some four pages; what counts for a whole text counts within so many.
const REGION: usize = 2000;

/// What a text, which is in normal form and the subject of the message, adds to the texts below it.
pub(super) fn heading(packs: &Packs, forms: &mut Forms<'_>, text: &str) -> Heading {
    let mut reader = Reader::new(packs);
    let mut row = Row::default();
    row.read(text, 0, REGION, forms);
    let words = Words::new(text, &row, forms);
    Heading {
        leaning: Sums::of(packs, words),
        sentences: Region::new(&reader, words, words.len()).all(&mut reader),
    }
}

/// Tells `tell` of every passage of `text`, which is in normal form, by ascending start; `tell` says whether to go on.
pub(super) fn passages(
    packs: &Packs,
    forms: &mut Forms<'_>,
    text: &str,
    heading: &Heading,
    which: Passages,
    cancel: &Cancel,
    mut tell: impl FnMut(Told) -> bool,
) -> Result<(), Ended> {
    if packs.subjects().is_empty() {
        return Ok(());
    }
    let mut reader = Reader::new(packs);
    let mut row = Row::default();
    let mut at = 0;
    loop {
        if cancel.is_cancelled() {
            return Err(Ended);
        }
        forms.forget_if_full();
        row.read(text, at, REGION, forms);
        let words = Words::new(text, &row, forms);
        if words.len() == 0 {
            return Ok(());
        }
        let end = end_of_region(words);
        at = words.span(end - 1).end;
        if which == Passages::Findings && !reader.may_tell(words) {
            continue;
        }
        let region = Region::new(&reader, words, end);
        for told in region.told(&mut reader, heading, which) {
            if !tell(told) {
                return Ok(());
            }
        }
    }
}

/// Tells the stem of every word of `text`, which is in normal form, that can lean to a subject.
pub(super) fn each_stem(packs: &Packs, text: &str, mut tell: impl FnMut(&str, Case)) {
    let mut forms = Forms::new(packs);
    let mut row = Row::default();
    let mut at = 0;
    loop {
        forms.forget_if_full();
        row.read(text, at, REGION, &mut forms);
        let words = Words::new(text, &row, &forms);
        for word in 0..words.len() {
            let traits = words.traits(word);
            let is_capital = traits.has(Traits::CAPITAL);
            let is_name = is_capital && traits.has(Traits::FIRST.with(Traits::LAST))
                || traits.has(Traits::FREQUENT) && !traits.has(Traits::WORD_TOO);
            if is_name || traits.has(Traits::DIGITS.with(Traits::LETTER)) {
                continue;
            }
            let small_after = words.written(word).chars().skip(1).any(char::is_lowercase);
            let case = if is_capital && small_after {
                Case::Proper
            } else {
                Case::Common
            };
            tell(stem(words.folded_word(word)), case);
        }
        if words.len() == 0 {
            return;
        }
        at = words.span(words.len() - 1).end;
    }
}

/// Where the region of these words ends: if there is more text, at a paragraph or else at a line that ends in the last quarter. A
/// greeting that is cut would be taken for a whole one.
fn end_of_region(words: Words<'_>) -> usize {
    let most = words.len();
    if most < REGION {
        return most;
    }
    let last_before = |sign: &str| {
        (REGION * 3 / 4..most)
            .rev()
            .find(|&word| words.gap_after(word).contains(sign))
    };
    let end = last_before("\n\n").or_else(|| last_before("\n"));
    end.map_or(most, |word| word + 1)
}
