//! All mails of a corpus, counted.

mod count;

use std::collections::BTreeMap;

use crate::detect::PatternId;
use crate::evaluate::{Asked, Expect, FalseAlarm, Label, Mail, Met, Sample, Score, Truth};
use crate::pattern::Category;

pub use count::{Count, Held, Measure, Negatives, Of};

/// What a whole corpus came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Labelled texts, counted in every way: each category and each pattern, whatever was found of it; the sensitive
    /// categories together; each set and each language.
    pub rows: BTreeMap<Of, Count>,
    /// Carriers, by what is expected of them: how many of them came to that.
    pub expectations: BTreeMap<Expect, Held>,
    /// Carriers, by technique: how many of the things planted in that way were found, or came to what was expected.
    pub techniques: BTreeMap<Box<str>, Held>,
    /// Texts in which nothing may be found.
    pub negatives: Negatives,
}

/// Counts the `scores` of `samples`, which stand in the same order. `patterns` are those that were searched for.
pub fn tally(samples: &[Sample], scores: &[Score], patterns: &[(PatternId, Category)]) -> Tally {
    let mut tally = Tally::default();
    for category in Category::ALL {
        tally.rows.entry(Of::Category(category)).or_default();
    }
    tally.rows.entry(Of::Sensitive).or_default();
    for (pattern, category) in patterns {
        let row = Of::Pattern(pattern.clone(), Measure::of(*category));
        tally.rows.entry(row).or_default();
    }
    for (sample, score) in samples.iter().zip(scores) {
        match &sample.truth {
            Truth::Labels(_) => tally.add_text(sample, score, patterns),
            Truth::Carrier(carrier) => tally.add_carrier(carrier.expect, score),
            Truth::Negative => tally.add_negative(&sample.mail, score),
        }
    }
    tally
}

impl Tally {
    fn add_text(&mut self, sample: &Sample, score: &Score, patterns: &[(PatternId, Category)]) {
        for label in &score.labels {
            let Some(category) = category_of(label) else {
                continue;
            };
            let by = match &label.met {
                Met::Found { by, .. } => Some(by),
                Met::Missed { .. } => None,
            };
            for of in rows(sample, category) {
                self.rows.entry(of).or_default().label(by.is_some());
            }
            // A pattern is asked for everything of its category, whichever other pattern finds it too.
            for (pattern, _) in patterns.iter().filter(|(_, its)| *its == category) {
                let found = by.is_some_and(|by| by.contains(pattern));
                let row = Of::Pattern(pattern.clone(), Measure::of(category));
                self.rows.entry(row).or_default().label(found);
            }
        }
        for alarm in &score.false_alarms {
            for of in rows(sample, alarm.category) {
                self.rows.entry(of).or_default().false_alarms += 1;
            }
            for pattern in &alarm.by {
                let row = Of::Pattern(pattern.clone(), Measure::of(alarm.category));
                self.rows.entry(row).or_default().false_alarms += 1;
            }
        }
    }

    fn add_carrier(&mut self, expect: Expect, score: &Score) {
        let is_met = |label: &Label| matches!(label.met, Met::Found { .. });
        let all = score.labels.iter().all(is_met);
        self.expectations.entry(expect).or_default().add(all);
        for label in &score.labels {
            if let Some(technique) = &label.technique {
                let held = self.techniques.entry(technique.clone()).or_default();
                held.add(is_met(label));
            }
        }
    }

    fn add_negative(&mut self, mail: &Mail, score: &Score) {
        self.negatives.texts += 1;
        if let Mail::Text { text, .. } = mail {
            self.negatives.words += words(text);
        }
        for FalseAlarm { category, .. } in &score.false_alarms {
            *self.negatives.false_alarms.entry(*category).or_default() += 1;
        }
    }
}

/// How many words a text has: what stands between spaces and holds a letter or a digit.
pub fn words(text: &str) -> u64 {
    let is_word = |it: &&str| it.chars().any(char::is_alphanumeric);
    let words = text.split_whitespace().filter(is_word).count();
    u64::try_from(words).unwrap_or(u64::MAX)
}

fn category_of(label: &Label) -> Option<Category> {
    match &label.asked {
        Asked::Number(_) => Some(Category::NationalId),
        Asked::Category(category) => Some(*category),
        Asked::Expect(_) => None,
    }
}

/// The rows in which something of a category in a text counts.
fn rows(sample: &Sample, category: Category) -> impl Iterator<Item = Of> {
    let measure = Measure::of(category);
    let set = sample.set.clone().map(|set| Of::Set(set, measure));
    let language = sample.language.clone();
    let language = language.map(|language| Of::Language(language, measure));
    let sensitive = (category != Category::NationalId).then_some(Of::Sensitive);
    let rows = [Some(Of::Category(category)), sensitive, set, language];
    rows.into_iter().flatten()
}
