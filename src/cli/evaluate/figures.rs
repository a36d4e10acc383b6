//! The figures of a corpus by one set of packs, as a JSON object has them.

use serde::Serialize;

use crate::evaluate::{Count, Held, Of, Share, Tally};

/// All figures by one set of packs. The names of the fields are an interface that others build on.
#[derive(Debug, Serialize)]
pub(super) struct Figures<'a> {
    pub(super) packs: &'a [String],
    pub(super) rows: Vec<Row<'a>>,
    pub(super) carriers: Vec<Came<'a>>,
    pub(super) techniques: Vec<Came<'a>>,
    pub(super) negatives: Vec<InNegatives>,
}

/// One row of labelled texts.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    #[serde(skip)]
    pub(super) of: &'a Of,
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    pub(super) measure: &'static str,
    pub(super) labelled: u32,
    pub(super) found: u32,
    pub(super) missed: u32,
    pub(super) false_alarms: u32,
    pub(super) recall: Option<Shown>,
    pub(super) precision: Option<Shown>,
}

/// How many carriers came to what is expected of them, or how often a technique was seen through.
#[derive(Debug, Serialize)]
pub(super) struct Came<'a> {
    pub(super) name: &'a str,
    pub(super) held: u32,
    pub(super) of: u32,
    pub(super) share: Option<Shown>,
}

/// The findings of one category in texts that hold nothing.
#[derive(Debug, Serialize)]
pub(super) struct InNegatives {
    pub(super) category: &'static str,
    pub(super) false_alarms: u32,
    pub(super) per_100_000_words: Option<f64>,
}

/// A share with its interval, to four decimals.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Shown {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl<'a> Figures<'a> {
    pub(super) fn new(packs: &'a [String], tally: &'a Tally) -> Self {
        let rows = tally.rows.iter().map(|(of, count)| Row::new(of, *count));
        let carriers = tally.expectations.iter();
        let techniques = tally.techniques.iter();
        let negatives = tally.negatives.false_alarms.iter();
        Self {
            packs,
            rows: rows.collect(),
            carriers: carriers
                .map(|(it, held)| came(it.as_str(), *held))
                .collect(),
            techniques: techniques.map(|(it, held)| came(it, *held)).collect(),
            negatives: negatives
                .map(|(category, count)| InNegatives {
                    category: category.as_str(),
                    false_alarms: *count,
                    per_100_000_words: tally.negatives.per_100_000_words(*count).map(rounded),
                })
                .collect(),
        }
    }
}

impl<'a> Row<'a> {
    fn new(of: &'a Of, count: Count) -> Self {
        Self {
            of,
            kind: of.kind(),
            name: of.name(),
            measure: of.measure().as_str(),
            labelled: count.labelled,
            found: count.found,
            missed: count.missed(),
            false_alarms: count.false_alarms,
            recall: count.recall().map(Shown::new),
            precision: count.precision().map(Shown::new),
        }
    }

    /// Whether there is nothing to tell. A pattern that finds nothing is worth telling.
    pub(super) fn is_empty(&self) -> bool {
        self.counts_nothing() && self.kind != "pattern"
    }

    /// Whether the corpus labels nothing of it, and nothing of it was found.
    pub(super) fn counts_nothing(&self) -> bool {
        self.labelled == 0 && self.false_alarms == 0
    }
}

impl Shown {
    fn new(share: Share) -> Self {
        let (low, high) = share.interval();
        Self {
            value: rounded(share.value()),
            low: rounded(low),
            high: rounded(high),
        }
    }
}

fn came(name: &str, held: Held) -> Came<'_> {
    Came {
        name,
        held: held.held,
        of: held.of,
        share: held.share().map(Shown::new),
    }
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
