//! What the words around a sentence lean to.

use std::cell::OnceCell;
use std::ops::Range;

use crate::detect::subject::words::Words;
use crate::pattern::{Leaned, Packs, Side};

/// How many words before a sentence, and how many after it, are counted. Fixed: 60, as many as a short mail has: what stands farther
/// away is about something else.
const AROUND: usize = 60;

/// What the words of a text lean to, as far as it was asked for.
pub(super) struct Leaning<'a> {
    packs: &'a Packs,
    words: Words<'a>,
    heading: &'a Sums,
    /// Made at the first question: most regions are never asked about.
    before: OnceCell<Before>,
}

/// What words lean to together: to every side, in thousandths.
#[derive(Clone, Default)]
pub(super) struct Sums {
    sums: Vec<i32>,
    known: u32,
}

/// What all words before each word lean to.
struct Before {
    /// One row for each word, and one past the last.
    sums: Vec<i32>,
    known: Vec<u32>,
}

impl<'a> Leaning<'a> {
    /// Of words below a subject of a message whose words lean so.
    pub(super) fn new(packs: &'a Packs, words: Words<'a>, heading: &'a Sums) -> Self {
        Self {
            packs,
            words,
            heading,
            before: OnceCell::new(),
        }
    }

    /// What the words in and around a sentence add to a passage of a subject, or take away from it.
    pub(super) fn of(&self, subject: u16, sentence: &Range<usize>) -> f32 {
        let leanings = self.packs.leanings();
        if leanings.is_empty() {
            return 0.0;
        }
        let before = self.before.get_or_init(|| self.sum_up());
        let start = sentence.start.saturating_sub(AROUND);
        let end = (sentence.end + AROUND).min(self.words.len());
        let sides = leanings.sides();
        let known_at = |word: usize| before.known.get(word).copied();
        let between = |to: Option<u32>, from: Option<u32>| {
            to.unwrap_or_default()
                .saturating_sub(from.unwrap_or_default())
        };
        let known = between(known_at(end), known_at(start)) + self.heading.known;
        let scale = &self.packs.language().scale;
        let leans = |side, share: f32| {
            let column = leanings.column(side);
            let sum_at = |word: usize| before.sums.get(word * sides + column).copied();
            let sum = sum_at(end).unwrap_or_default() - sum_at(start).unwrap_or_default();
            let sum = sum + self.heading.sums.get(column).copied().unwrap_or_default();
            let leans = leanings.of(side, Leaned { sum, known });
            (leans * share).clamp(-scale.most_leaning, scale.most_leaning)
        };
        leans(Side::Subject(subject), scale.leaning) + leans(Side::Any, scale.leaning_any)
    }

    fn sum_up(&self) -> Before {
        let mut sums = vec![0; self.packs.leanings().sides()];
        let mut before = Before {
            sums: Vec::with_capacity((self.words.len() + 1) * sums.len()),
            known: Vec::with_capacity(self.words.len() + 1),
        };
        let mut known = 0;
        before.sums.extend(&sums);
        before.known.push(known);
        for word in 0..self.words.len() {
            if let Some(weights) = self.words.leaning(word) {
                add(&mut sums, weights);
                known += 1;
            }
            before.sums.extend(&sums);
            before.known.push(known);
        }
        before
    }
}

impl Sums {
    /// What all words lean to together.
    pub(super) fn of(packs: &Packs, words: Words<'_>) -> Self {
        let mut all = Self {
            sums: vec![0; packs.leanings().sides()],
            known: 0,
        };
        for weights in (0..words.len()).filter_map(|word| words.leaning(word)) {
            add(&mut all.sums, weights);
            all.known += 1;
        }
        all
    }
}

fn add(sums: &mut [i32], weights: &[i32]) {
    // At most 2,000 words of at most 20,000 thousandths are added.
    for (sum, weight) in sums.iter_mut().zip(weights) {
        *sum += weight;
    }
}
