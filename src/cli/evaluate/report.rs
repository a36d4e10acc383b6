//! What `sluse evaluate` tells, as a JSON object has it.

use serde::Serialize;

use crate::cli::evaluate::figures::Figures;
use crate::cli::evaluate::files::Corpus;
use crate::cli::evaluate::found::{self, Entry, Listing};
use crate::detect::Confidence;
use crate::evaluate::{Change, Fallen, Sample, Score, Tally, Truth};

/// One set of packs, and what came of it.
pub(super) struct Side<'a> {
    pub(super) files: &'a [String],
    pub(super) tally: Tally,
    pub(super) scores: &'a [Score],
}

/// Everything that is told. The names of the fields are an interface that others build on; they are told in
/// `manual::evaluation`.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    pub(super) least: &'static str,
    pub(super) corpus: Read,
    #[serde(flatten)]
    pub(super) figures: Figures<'a>,
    pub(super) misses: Vec<Entry<'a>>,
    pub(super) misses_left_out: usize,
    pub(super) false_alarms: Vec<Entry<'a>>,
    pub(super) false_alarms_left_out: usize,
    pub(super) against: Option<Against<'a>>,
    pub(super) fallen_short: Vec<Short<'a>>,
}

/// What was read.
#[derive(Debug, Serialize)]
pub(super) struct Read {
    pub(super) texts: usize,
    pub(super) carriers: usize,
    pub(super) negatives: usize,
    pub(super) negative_words: u64,
    pub(super) passed_over: Vec<String>,
}

/// What may go live, and what that would gain and lose.
#[derive(Debug, Serialize)]
pub(super) struct Against<'a> {
    #[serde(flatten)]
    pub(super) figures: Figures<'a>,
    pub(super) gained: Vec<Entry<'a>>,
    pub(super) gained_left_out: usize,
    pub(super) lost: Vec<Entry<'a>>,
    pub(super) lost_left_out: usize,
}

/// A figure that was required and is not reached.
#[derive(Debug, Serialize)]
pub(super) struct Short<'a> {
    pub(super) what: &'a str,
    pub(super) least: f64,
    pub(super) value: Option<f64>,
    #[serde(skip)]
    pub(super) told: String,
}

impl<'a> Report<'a> {
    /// The report of a corpus by the packs in use, and `against` those that may go live.
    pub(super) fn new(
        corpus: &'a Corpus,
        least: Confidence,
        before: &'a Side<'_>,
        against: Option<(&'a Side<'_>, &'a [Change])>,
        fallen: &'a [Fallen],
        listing: &Listing,
    ) -> Self {
        let samples = &corpus.samples;
        let misses = found::misses(samples, before.scores, listing);
        let false_alarms = found::false_alarms(samples, before.scores, listing);
        Self {
            least: least.as_str(),
            corpus: Read::new(corpus, &before.tally),
            figures: Figures::new(before.files, &before.tally),
            misses: misses.entries,
            misses_left_out: misses.left_out,
            false_alarms: false_alarms.entries,
            false_alarms_left_out: false_alarms.left_out,
            against: against.map(|(after, changes)| Against::new(samples, after, changes, listing)),
            fallen_short: fallen.iter().map(Short::new).collect(),
        }
    }
}

impl<'a> Against<'a> {
    fn new(
        samples: &'a [Sample],
        after: &'a Side<'_>,
        changes: &'a [Change],
        listing: &Listing,
    ) -> Self {
        let gained = found::changes(samples, changes, true, listing);
        let lost = found::changes(samples, changes, false, listing);
        Self {
            figures: Figures::new(after.files, &after.tally),
            gained: gained.entries,
            gained_left_out: gained.left_out,
            lost: lost.entries,
            lost_left_out: lost.left_out,
        }
    }
}

impl Read {
    fn new(corpus: &Corpus, tally: &Tally) -> Self {
        let count = |wanted: fn(&Truth) -> bool| {
            let samples = corpus.samples.iter();
            samples.filter(|it| wanted(&it.truth)).count()
        };
        let passed_over = corpus.passed_over.iter();
        Self {
            texts: count(|it| matches!(it, Truth::Labels(_))),
            carriers: count(|it| matches!(it, Truth::Carrier(_))),
            negatives: count(|it| matches!(it, Truth::Negative)),
            negative_words: tally.negatives.words,
            passed_over: passed_over.map(|it| it.display().to_string()).collect(),
        }
    }
}

impl<'a> Short<'a> {
    fn new(fallen: &'a Fallen) -> Self {
        Self {
            what: &fallen.what,
            least: fallen.least,
            value: fallen.value,
            told: fallen.to_string(),
        }
    }
}
