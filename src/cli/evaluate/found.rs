//! What was missed, found without being there, gained or lost: one entry for each, mail by mail.

use serde::Serialize;

use crate::detect::PatternId;
use crate::evaluate::{Asked, Change, FalseAlarm, Label, Mail, Met, Sample, Score, Turn};
use crate::pattern::Category;

/// A list of entries, cut where it was asked to be.
#[derive(Debug)]
pub(super) struct Listed<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// How many more there are.
    pub(super) left_out: usize,
}

/// One thing of one mail. The names of the fields are an interface that others build on.
#[derive(Debug, Serialize)]
pub(super) struct Entry<'a> {
    pub(super) id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) change: Option<&'static str>,
    pub(super) category: Option<&'static str>,
    pub(super) expect: Option<&'static str>,
    pub(super) technique: Option<&'a str>,
    pub(super) evidence: Option<&'a str>,
    pub(super) confidence: Option<&'static str>,
    pub(super) origin: Option<&'a str>,
    pub(super) patterns: Vec<&'a str>,
    /// Why it was found; empty where it was not.
    pub(super) reasons: &'a [Box<str>],
    /// What was found in its place; empty where it was found.
    pub(super) instead: &'a [Box<str>],
    /// The mail, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}

/// How entries are listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listing {
    /// The most entries of one list.
    pub(super) most: usize,
    /// Whether the mails are shown.
    pub(super) show_text: bool,
}

/// Every label that was missed.
pub(super) fn misses<'a>(
    samples: &'a [Sample],
    scores: &'a [Score],
    listing: &Listing,
) -> Listed<'a> {
    let all = samples.iter().zip(scores).flat_map(|(sample, score)| {
        let labels = score.labels.iter();
        let missed = labels.filter(|it| matches!(it.met, Met::Missed { .. }));
        missed.map(move |label| of_label(sample, label))
    });
    cut(all, listing)
}

/// Every false alarm.
pub(super) fn false_alarms<'a>(
    samples: &'a [Sample],
    scores: &'a [Score],
    listing: &Listing,
) -> Listed<'a> {
    let all = samples.iter().zip(scores).flat_map(|(sample, score)| {
        let alarms = score.false_alarms.iter();
        alarms.map(move |alarm| of_alarm(sample, alarm))
    });
    cut(all, listing)
}

/// Every change that is, or is not, for the better.
pub(super) fn changes<'a>(
    samples: &'a [Sample],
    changes: &'a [Change],
    gains: bool,
    listing: &Listing,
) -> Listed<'a> {
    let wanted = changes.iter().filter(|it| it.turn.is_gain() == gains);
    let all = wanted.filter_map(|change| {
        let sample = samples.get(change.sample)?;
        let (_, entry) = match &change.turn {
            Turn::FoundNow(label) | Turn::MissedNow(label) => of_label(sample, label),
            Turn::AlarmGone(alarm) | Turn::NewAlarm(alarm) => of_alarm(sample, alarm),
        };
        let change = Some(change.turn.as_str());
        Some((sample, Entry { change, ..entry }))
    });
    cut(all, listing)
}

fn of_label<'a>(sample: &'a Sample, label: &'a Label) -> (&'a Sample, Entry<'a>) {
    let entry = Entry {
        technique: label.technique.as_deref(),
        ..Entry::of(sample)
    };
    let entry = match &label.asked {
        Asked::Number(evidence) => Entry {
            category: Some(Category::NationalId.as_str()),
            evidence: Some(evidence.as_str()),
            ..entry
        },
        Asked::Category(category) => Entry {
            category: Some(category.as_str()),
            ..entry
        },
        Asked::Expect(expect) => Entry {
            expect: Some(expect.as_str()),
            ..entry
        },
    };
    let entry = match &label.met {
        Met::Found { by, reasons } => Entry {
            patterns: by.iter().map(PatternId::as_str).collect(),
            reasons,
            ..entry
        },
        Met::Missed { instead } => Entry { instead, ..entry },
    };
    (sample, entry)
}

fn of_alarm<'a>(sample: &'a Sample, alarm: &'a FalseAlarm) -> (&'a Sample, Entry<'a>) {
    let entry = Entry {
        category: Some(alarm.category.as_str()),
        evidence: Some(alarm.evidence.as_str()),
        confidence: Some(alarm.confidence.as_str()),
        origin: Some(alarm.origin.as_str()),
        patterns: alarm.by.iter().map(PatternId::as_str).collect(),
        reasons: &alarm.reasons,
        ..Entry::of(sample)
    };
    (sample, entry)
}

impl<'a> Entry<'a> {
    fn of(sample: &'a Sample) -> Self {
        Self {
            id: &sample.id,
            change: None,
            category: None,
            expect: None,
            technique: None,
            evidence: None,
            confidence: None,
            origin: None,
            patterns: Vec::new(),
            reasons: &[],
            instead: &[],
            text: None,
        }
    }
}

fn cut<'a>(all: impl Iterator<Item = (&'a Sample, Entry<'a>)>, listing: &Listing) -> Listed<'a> {
    let mut listed = Listed {
        entries: Vec::new(),
        left_out: 0,
    };
    for (sample, entry) in all {
        if listed.entries.len() == listing.most {
            listed.left_out += 1;
            continue;
        }
        listed.entries.push(Entry {
            text: listing.show_text.then(|| text_of(sample)),
            ..entry
        });
    }
    listed
}

/// The subject and the text of a mail, or where it lies.
fn text_of(sample: &Sample) -> String {
    let (subject, text) = match &sample.mail {
        Mail::Text { subject, text } => (subject, text),
        Mail::File(file) => return file.display().to_string(),
    };
    let whole = format!("{subject}\n{text}");
    let shown: String = whole.trim().chars().take(MOST_SHOWN).collect();
    let more = whole.trim().chars().count().saturating_sub(MOST_SHOWN);
    if more > 0 {
        format!("{shown}\n({more} more characters)")
    } else {
        shown
    }
}

/// The most characters that are shown of a mail. It is for reading; how many more there are is said.
const MOST_SHOWN: usize = 2000;
