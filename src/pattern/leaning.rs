//! What the words around a phrase lean to: each word of a language stands rather in passages that tell a subject of somebody, or rather
//! in others.
//!
//! Phrases say what a passage tells; whether it tells it of somebody is said by everything that stands around them, and by no word
//! alone. `indlagt` is told of a patient beside `hun`, `morgen` and `ringede`, and of nobody beside `tilbud`, `tilmelding` and
//! `afdelingen`. What each word leans to is learned from labelled mail (`sluse patterns learn`) and written down word by word.

use crate::pattern::interned::Interned;

/// What words lean to: to every subject, and to any subject at all.
#[derive(Clone, Debug, Default)]
pub struct Leanings {
    /// Stems. The number of one is its row.
    rows: Interned,
    /// What each word leans to: of each row one weight for every subject, and one for any.
    weights: Vec<i32>,
    /// What a passage leans to whatever its words are; `None` where nothing was learned of that.
    biases: Vec<Option<i32>>,
}

/// What words may lean to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// To passages that tell this subject of somebody.
    Subject(u16),
    /// To passages that tell any subject of somebody: who writes about a person writes otherwise than who writes to everybody.
    Any,
}

/// Words that were counted: what they lean to, of one side.
#[derive(Clone, Copy, Debug)]
pub struct Leaned {
    /// What they lean to together, in thousandths.
    pub sum: i32,
    /// How many of them are known.
    pub known: u32,
}

/// Weights are kept in thousandths, so that sums of them are exact.
const UNIT: f32 = 1000.0;

/// A passage of fewer words counts as one of so many. Fixed: 20, for three words tell little of what a text is.
const FEWEST: u32 = 20;

impl Leanings {
    pub(super) fn new(subjects: usize) -> Self {
        Self {
            rows: Interned::default(),
            weights: Vec::new(),
            biases: vec![None; subjects + 1],
        }
    }

    pub(super) fn set_bias(&mut self, side: Side, bias: f32) {
        let column = self.column(side);
        if let Some(known) = self.biases.get_mut(column) {
            *known = Some(in_units(bias));
        }
    }

    pub(super) fn set(&mut self, side: Side, stem: &str, weight: f32) {
        let column = self.column(side);
        let row = self.rows.add(stem);
        let start = index(row) * self.biases.len();
        let needed = start + self.biases.len();
        if self.weights.len() < needed {
            self.weights.resize(needed, 0);
        }
        if let Some(known) = self.weights.get_mut(start + column) {
            *known = in_units(weight);
        }
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// How many words are known.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Where a word, folded as [`crate::pattern::fold_word`] does, stands among those that are known.
    pub fn row(&self, folded: &str) -> Option<u32> {
        self.rows.number(stem(folded))
    }

    /// How many sides there are: each subject, in the order of [`crate::pattern::Packs::subjects`], and any.
    pub fn sides(&self) -> usize {
        self.biases.len()
    }

    /// Where a side stands in what the words of rows lean to.
    pub fn column(&self, side: Side) -> usize {
        match side {
            Side::Subject(subject) => usize::from(subject),
            Side::Any => self.biases.len().saturating_sub(1),
        }
    }

    /// What the word of a row leans to: to every side, in thousandths.
    pub fn weights(&self, row: u32) -> &[i32] {
        let start = index(row) * self.biases.len();
        self.weights
            .get(start..start + self.biases.len())
            .unwrap_or_default()
    }

    /// How much a passage leans to a side of which these are the words: above zero to it, below zero away from it.
    ///
    /// It is the bias, and what its words lean to, divided by the root of their number: the logarithm of the odds as they were
    /// learned. 0 where nothing was learned of that side.
    pub fn of(&self, side: Side, words: Leaned) -> f32 {
        let Some(bias) = self.biases.get(self.column(side)).copied().flatten() else {
            return 0.0;
        };
        (exact(bias) + exact(words.sum) / root(words.known)) / UNIT
    }
}

/// The root of the number of words by which what they lean to is divided.
pub fn root(known: u32) -> f32 {
    // A region has 2,000 words, so no number is lost.
    let known = u16::try_from(known.max(FEWEST)).unwrap_or(u16::MAX);
    f32::from(known).sqrt()
}

/// The part of a folded word that is the same in most of its forms: endings of Danish and English are taken off as long as four letters
/// are left.
///
/// It need not be a word, and need not be right: it is the name by which words are counted together. The stem of a stem is itself.
pub fn stem(folded: &str) -> &str {
    /// Longer ones before those they end with.
    const ENDINGS: [&str; 14] = [
        "ernes", "erne", "ens", "ets", "ene", "ede", "es", "en", "et", "er", "te", "e", "s", "t",
    ];
    let mut rest = folded;
    loop {
        let shorter = ENDINGS.iter().filter_map(|it| rest.strip_suffix(it));
        let mut shorter = shorter.filter(|it| it.chars().nth(3).is_some());
        match shorter.next() {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "weights are numbers from -20 to 20"
)]
fn in_units(weight: f32) -> i32 {
    (weight * UNIT).round() as i32
}

#[expect(
    clippy::cast_precision_loss,
    reason = "2,000 words of 20,000 thousandths each: a millionth is lost"
)]
fn exact(sum: i32) -> f32 {
    sum as f32
}

fn index(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (word, expected) in [
            ("patienternes", "pati"),
            ("patienten", "pati"),
            ("sygemeldt", "sygemeld"),
            ("kemo", "kemo"),
            ("hjem", "hjem"),
            ("hende", "hend"),
            ("ens", "ens"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
            assert_eq!(stem(expected), expected);
        }
    }

    #[test]
    fn words_are_weighed_by_the_root_of_their_number() {
        let mut leanings = Leanings::new(2);
        leanings.set_bias(Side::Subject(1), -1.0);
        leanings.set(Side::Subject(1), "kemo", 4.0);
        leanings.set(Side::Any, "kursu", -2.0);
        let weights = |word| leanings.weights(leanings.row(word).unwrap());
        assert_eq!(weights("kemo"), [0, 4000, 0]);
        assert_eq!(weights("kursus"), [0, 0, -2000]);
        let leaned = |sum, known| Leaned { sum, known };
        assert_eq!(leanings.of(Side::Subject(1), leaned(10_000, 25)), 1.0);
        assert_eq!(leanings.of(Side::Subject(1), leaned(0, 0)), -1.0);
        assert_eq!(leanings.of(Side::Any, leaned(10_000, 25)), 0.0);
        assert_eq!(leanings.row("insulin"), None);
    }
}
