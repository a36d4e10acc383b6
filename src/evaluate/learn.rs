//! What words lean to, learned from labelled mail: see [`Leanings`](crate::pattern::Leanings).
//!
//! A text is a bag of stems. For every category, the weights of stems are sought that tell texts labelled with it from the others best
//! (logistic regression with a penalty on weights, each side counting as much as the other). Numbers, names
//! of people that the packs know, and words that stand written as names only, are left out, so that nothing is learned of a person; and so
//! are words of a single mail.

mod pack;
mod regression;

use std::collections::{BTreeMap, BTreeSet};

use crate::detect::{Case, stems};
use crate::evaluate::learn::regression::{Point, regress};
use crate::evaluate::{Mail, Sample, Truth};
use crate::pattern::{Packs, Proves, root};

/// What was learned of all subjects, and of any.
pub struct Learned {
    sides: Vec<Weights>,
    /// How many texts it was learned from, the examples of the packs among them.
    pub texts: usize,
}

/// What was learned of a subject, or of any.
struct Weights {
    /// The pattern of the subject.
    of: Option<Box<str>>,
    bias: f64,
    /// Stems with their weights.
    words: Vec<(String, f64)>,
}

/// In how many texts a word must stand, written as no name is. Fixed: 2; one that stands in a single one is learned by heart.
const FEWEST_TEXTS: usize = 2;

/// Learns from labelled texts, and from the examples by which the packs prove themselves. Carriers teach nothing, and are passed over.
pub fn learn(packs: &Packs, samples: &[Sample]) -> Learned {
    let lessons = lessons(packs, samples);
    let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
    for lesson in &lessons {
        for stem in &lesson.common {
            *texts.entry(stem).or_default() += 1;
        }
    }
    let known = texts
        .into_iter()
        .filter(|(_, texts)| *texts >= FEWEST_TEXTS);
    let columns: BTreeMap<&str, usize> = known
        .enumerate()
        .map(|(column, (stem, _))| (stem, column))
        .collect();
    let rows: Vec<Vec<(usize, f64)>> = lessons.iter().map(|it| it.row(&columns)).collect();
    let of = packs.subjects().iter().map(|it| Some(it.id.clone()));
    let sides = of.chain([None]).enumerate().map(|(side, of)| {
        let points = lessons.iter().zip(&rows).filter_map(|(lesson, row)| {
            let tells = lesson.tells.get(side).copied().flatten()?;
            Some(Point { row, tells })
        });
        let found = regress(&points.collect::<Vec<_>>(), columns.len());
        let words = columns.keys().zip(found.weights);
        Weights {
            of,
            bias: found.bias,
            words: words.map(|(stem, it)| ((*stem).to_owned(), it)).collect(),
        }
    });
    Learned {
        sides: sides.collect(),
        texts: lessons.len(),
    }
}

/// A text to learn from.
struct Lesson {
    /// How often each stem stands in it.
    counts: BTreeMap<String, u32>,
    /// Those that stand in it as no name would.
    common: BTreeSet<String>,
    /// Whether it tells each subject of somebody, and at last any; `None` where that is not known.
    tells: Vec<Option<bool>>,
}

impl Lesson {
    fn new(packs: &Packs, text: &str, tells: Vec<Option<bool>>) -> Self {
        let mut counts = BTreeMap::new();
        let mut common = BTreeSet::new();
        for word in stems(packs, text) {
            if word.case == Case::Common {
                common.insert(word.stem.clone());
            }
            *counts.entry(word.stem).or_default() += 1;
        }
        Self {
            counts,
            common,
            tells,
        }
    }

    /// The stems that have columns, weighed as they are when they are looked up.
    fn row(&self, columns: &BTreeMap<&str, usize>) -> Vec<(usize, f64)> {
        let known = self.counts.iter().filter_map(|(stem, count)| {
            let column = columns.get(stem.as_str())?;
            Some((*column, *count))
        });
        let known: Vec<(usize, u32)> = known.collect();
        let all = known.iter().map(|(_, count)| count).sum();
        let root = f64::from(root(all));
        let weighed = known.into_iter();
        weighed
            .map(|(column, count)| (column, f64::from(count) / root))
            .collect()
    }
}

fn lessons(packs: &Packs, samples: &[Sample]) -> Vec<Lesson> {
    let subjects = packs.subjects();
    let mail = samples.iter().filter_map(|sample| {
        let (Mail::Text { subject, text }, Truth::Labels(labels)) = (&sample.mail, &sample.truth)
        else {
            return None;
        };
        let tells = |category| Some(labels.categories.contains(category));
        let any = Some(!labels.categories.is_empty());
        let tells = subjects.iter().map(|it| tells(&it.category)).chain([any]);
        let text = format!("{subject}\n{text}");
        Some(Lesson::new(packs, &text, tells.collect()))
    });
    let proofs = subjects.iter().enumerate().flat_map(|(index, pattern)| {
        pattern.examples.iter().map(move |example| {
            let mut tells = vec![None; subjects.len() + 1];
            if let Some(tells) = tells.get_mut(index) {
                *tells = Some(matches!(example.proves, Proves::Finds(_)));
            }
            Lesson::new(packs, &example.text, tells)
        })
    });
    mail.chain(proofs).collect()
}
